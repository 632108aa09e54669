package org.example.samples;

import java.security.MessageDigest;
import java.security.SecureRandom;
import java.sql.DriverManager;
import java.util.Random;
import javax.crypto.Cipher;
import javax.crypto.KeyGenerator;

class Crypto {
    // ruleid: java-hardcoded-credential
    private static final String DB_PASSWORD = "kR7!vQ2p";
    // ok: java-hardcoded-credential
    private static final String PASSWORD_FIELD = "kR7vQ2p1";
    // ok: java-hardcoded-credential
    private final String password = System.getenv("DB_PASSWORD");

    void connect() throws Exception {
        // ruleid: java-hardcoded-credential
        DriverManager.getConnection("jdbc:postgresql://db/app", "app", "Zx81-spectrum");
        // ok: java-hardcoded-credential
        DriverManager.getConnection("jdbc:postgresql://db/app", "app", password);
    }

    void hashes() throws Exception {
        // ruleid: java-weak-hash
        MessageDigest.getInstance("MD5");
        // ruleid: java-weak-hash
        MessageDigest.getInstance("SHA-1");
        // ok: java-weak-hash
        MessageDigest.getInstance("SHA-256");
        // ok: java-weak-hash
        MessageDigest.getInstance("SHA3-512");
    }

    void ciphers() throws Exception {
        // ruleid: java-weak-cipher
        Cipher.getInstance("DES/CBC/PKCS5Padding");
        // ruleid: java-weak-cipher
        Cipher.getInstance("AES/ECB/PKCS5Padding");
        // ok: java-weak-cipher
        Cipher.getInstance("AES/GCM/NoPadding");
        // ok: java-weak-cipher
        KeyGenerator.getInstance("AES");
    }

    String token() {
        Random random = new Random();
        // ruleid: java-weak-random-secret
        String sessionToken = Long.toHexString(random.nextLong());
        // ruleid: java-weak-random-secret
        String resetToken = Double.toString(Math.random()).substring(2);
        SecureRandom secure = new SecureRandom();
        // ok: java-weak-random-secret
        String apiKey = Long.toHexString(secure.nextLong());
        // ok: java-weak-random-secret
        int dice = random.nextInt(6);
        return sessionToken + resetToken + apiKey + dice;
    }

    void tls(HttpsURLConnection connection) {
        // ruleid: java-tls-verification-off
        connection.setHostnameVerifier((host, session) -> true);
        // ruleid: java-tls-verification-off
        builder.setSSLHostnameVerifier(NoopHostnameVerifier.INSTANCE);
        // ok: java-tls-verification-off
        connection.setHostnameVerifier((host, session) -> host.equals(session.getPeerHost()));
        // ok: java-tls-verification-off
        builder.setSSLHostnameVerifier(new DefaultHostnameVerifier());
    }
}
