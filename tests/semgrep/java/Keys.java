package org.example.samples;

import com.auth0.jwt.JWT;
import com.auth0.jwt.algorithms.Algorithm;
import com.auth0.jwt.interfaces.DecodedJWT;
import io.jsonwebtoken.Jwts;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import javax.crypto.Cipher;
import javax.crypto.KeyGenerator;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.PBEKeySpec;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import org.slf4j.Logger;

class Keys {
    private Logger log;

    void versions(SSLSocket socket) throws Exception {
        // ruleid: java-weak-tls-version
        SSLContext.getInstance("TLSv1");
        // ruleid: java-weak-tls-version
        socket.setEnabledProtocols(new String[] {"TLSv1.2", "SSLv3"});
        // ok: java-weak-tls-version
        SSLContext.getInstance("TLSv1.3");
        // ok: java-weak-tls-version
        socket.setEnabledProtocols(new String[] {"TLSv1.2", "TLSv1.3"});
    }

    void sizes() throws Exception {
        KeyPairGenerator rsa = KeyPairGenerator.getInstance("RSA");
        // ruleid: java-weak-key
        rsa.initialize(1024);
        KeyGenerator blowfish = KeyGenerator.getInstance("HmacSHA256");
        // ruleid: java-weak-key
        blowfish.init(64);
        KeyPairGenerator good = KeyPairGenerator.getInstance("RSA");
        // ok: java-weak-key
        good.initialize(3072);
        KeyPairGenerator curve = KeyPairGenerator.getInstance("EC");
        // ok: java-weak-key
        curve.initialize(256);
    }

    void vectors(Cipher cipher, Key key, byte[] received) throws Exception {
        // ruleid: java-static-vector
        IvParameterSpec spec = new IvParameterSpec("0123456789abcdef".getBytes());
        byte[] zeros = new byte[12];
        // ruleid: java-static-vector
        cipher.init(Cipher.ENCRYPT_MODE, key, new GCMParameterSpec(128, zeros));
        byte[] fresh = new byte[12];
        new SecureRandom().nextBytes(fresh);
        // ok: java-static-vector
        cipher.init(Cipher.ENCRYPT_MODE, key, new GCMParameterSpec(128, fresh));
        // ok: java-static-vector
        cipher.init(Cipher.DECRYPT_MODE, key, new IvParameterSpec(received));
    }

    void seeds(byte[] noise) {
        SecureRandom random = new SecureRandom();
        // ruleid: java-predictable-seed
        random.setSeed(System.currentTimeMillis());
        // ruleid: java-predictable-seed
        new SecureRandom("start".getBytes());
        // ok: java-predictable-seed
        new SecureRandom();
        // ok: java-predictable-seed
        random.setSeed(noise);
    }

    void passwords(MessageDigest digest, char[] password, byte[] salt, User user) {
        // ruleid: java-weak-password-hash
        digest.digest(user.getPassword().getBytes());
        // ruleid: java-weak-password-hash
        new PBEKeySpec(password, salt, 1000, 256);
        // ok: java-weak-password-hash
        new PBEKeySpec(password, salt, 600_000, 256);
        // ok: java-weak-password-hash
        digest.digest(user.getName().getBytes());
    }

    String tokens(String text, SecretKey key) {
        // ruleid: java-jwt-unverified
        String open = JWT.create().withSubject("me").sign(Algorithm.none());
        // ruleid: java-jwt-unverified
        String unsigned = Jwts.builder().setSubject("me").compact();
        // ok: java-jwt-unverified
        String signed = Jwts.builder().setSubject("me").signWith(key).compact();
        // ok: java-jwt-unverified
        return JWT.create().withSubject("me").sign(Algorithm.HMAC256(System.getenv("KEY")));
    }

    void logs(String user, String password) {
        // ruleid: java-secret-in-log
        log.info("login of {} with {}", user, password);
        // ruleid: java-secret-in-log
        System.out.println("password: " + password);
        // ok: java-secret-in-log
        log.info("login of {}", user);
        // ok: java-secret-in-log
        log.warn("wrong password for {}", user);
    }

    static class AcceptsAll implements X509TrustManager {
        // ruleid: java-tls-verification-off
        public void checkServerTrusted(final X509Certificate[] chain, String kind) throws CertificateException {}

        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }

    static class Checks implements X509TrustManager {
        // ok: java-tls-verification-off
        public void checkServerTrusted(X509Certificate[] chain, String kind) throws CertificateException {
            inner.checkServerTrusted(chain, kind);
        }
    }

    static class Anyone implements HostnameVerifier {
        // ruleid: java-tls-verification-off
        public boolean verify(String host, SSLSession session) {
            return true;
        }
    }
}

class Claims {
    String subject(String token) {
        // ruleid: java-jwt-decoded-only
        return JWT.decode(token).getSubject();
    }

    String issuer(String token) {
        // ruleid: java-jwt-decoded-only
        DecodedJWT decoded = JWT.decode(token);
        return decoded.getIssuer();
    }
}

class Verified {
    String subject(String token, JWTVerifier verifier) {
        // ok: java-jwt-decoded-only
        String kid = JWT.decode(token).getKeyId();
        // ok: java-jwt-decoded-only
        String alg = JWT.decode(token).getAlgorithm();
        DecodedJWT verified = verifier.verify(token);
        return verified.getSubject() + kid + alg;
    }
}
