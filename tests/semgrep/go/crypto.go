package samples

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/des"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/hmac"
	"crypto/md5"
	"crypto/rand"
	"crypto/rc4"
	"crypto/rsa"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"io"
	"log"
	"log/slog"
	"net"

	"github.com/golang-jwt/jwt/v5"
	"golang.org/x/crypto/bcrypt"
	"golang.org/x/crypto/pbkdf2"
	"golang.org/x/crypto/scrypt"
	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/knownhosts"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"
)

func hashes(data []byte, key []byte) {
	// ruleid: go-weak-hash
	md5.Sum(data)
	// ruleid: go-weak-hash
	sha1.New().Write(data)
	// ok: go-weak-hash
	hmac.New(sha1.New, key)
	// ok: go-weak-hash
	sha256.Sum256(data)
}

func ciphers(key []byte) {
	// ruleid: go-weak-cipher
	des.NewCipher(key)
	// ruleid: go-weak-cipher
	rc4.NewCipher(key)
	// ok: go-weak-cipher
	aes.NewCipher(key)
	block, err := aes.NewCipher(key)
	if err != nil {
		return
	}
	// ok: go-weak-cipher
	cipher.NewGCM(block)
}

func blocks(key, data, out []byte) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return
	}
	for i := 0; i < len(data); i += 16 {
		// ruleid: go-cipher-block-by-block
		block.Encrypt(out[i:i+16], data[i:i+16])
		// ruleid: go-cipher-block-by-block
		block.Decrypt(out[i:i+16], data[i:i+16])
	}
	// ok: go-cipher-block-by-block
	block.Encrypt(out, data)
	other := newBlock(key)
	for i := range data {
		// ok: go-cipher-block-by-block
		other.Encrypt(out, data[i:])
	}
}

func nonces(block cipher.Block, gcm cipher.AEAD, data []byte) {
	// ruleid: go-fixed-nonce
	cipher.NewCTR(block, []byte("0123456789abcdef"))
	zero := make([]byte, gcm.NonceSize())
	// ruleid: go-fixed-nonce
	gcm.Seal(nil, zero, data, nil)
	nonce := make([]byte, gcm.NonceSize())
	if _, err := rand.Read(nonce); err != nil {
		return
	}
	// ok: go-fixed-nonce
	gcm.Seal(nonce, nonce, data, nil)
	message := make([]byte, aes.BlockSize+len(data))
	vector := message[:aes.BlockSize]
	if _, err := io.ReadFull(rand.Reader, vector); err != nil {
		return
	}
	// ok: go-fixed-nonce
	cipher.NewCBCEncrypter(block, vector)
}

func passwords(password string, data []byte) {
	// ruleid: go-fixed-salt
	pbkdf2.Key([]byte(password), []byte("pepper"), 600000, 32, sha256.New)
	// ruleid: go-fixed-salt
	scrypt.Key([]byte(password), []byte{1, 2, 3, 4}, 1<<15, 8, 1, 32)
	salt := make([]byte, 16)
	rand.Read(salt)
	// ok: go-fixed-salt, go-password-hash-too-cheap
	pbkdf2.Key([]byte(password), salt, 600000, 32, sha256.New)
	// ok: go-fixed-salt
	scrypt.Key([]byte(password), salt, 1<<15, 8, 1, 32)
	// ruleid: go-password-hash-too-cheap
	pbkdf2.Key([]byte(password), salt, 1000, 32, sha256.New)
	// ruleid: go-password-hash-too-cheap
	bcrypt.GenerateFromPassword([]byte(password), 4)
	// ok: go-password-hash-too-cheap, go-password-fast-hash
	bcrypt.GenerateFromPassword([]byte(password), bcrypt.DefaultCost)
	// ruleid: go-password-fast-hash
	sha256.Sum256([]byte(password))
	sum := sha256.New()
	// ruleid: go-password-fast-hash
	sum.Write([]byte("salt" + password))
	// ok: go-password-fast-hash
	sha256.Sum256(data)
}

func keys() {
	// ruleid: go-rsa-key-too-short
	rsa.GenerateKey(rand.Reader, 1024)
	bits := 512
	// ruleid: go-rsa-key-too-short
	rsa.GenerateKey(rand.Reader, bits)
	// ok: go-rsa-key-too-short
	rsa.GenerateKey(rand.Reader, 3072)
	// ok: go-rsa-key-too-short
	rsa.GenerateKey(rand.Reader, 2048)
	// ok: go-weak-random-secret
	ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
}

func connections(pool *x509.CertPool, skipVerify bool, check func([][]byte, [][]*x509.Certificate) error) {
	// ruleid: go-tls-verification-off
	_ = &tls.Config{InsecureSkipVerify: true}
	// ok: go-tls-verification-off
	config := &tls.Config{RootCAs: pool}
	// ruleid: go-tls-verification-off
	config.InsecureSkipVerify = true
	// ok: go-tls-verification-off
	_ = &tls.Config{InsecureSkipVerify: true, VerifyPeerCertificate: check}
	if skipVerify {
		// ok: go-tls-verification-off
		config.InsecureSkipVerify = true
	}
	// ruleid: go-tls-version-old
	_ = &tls.Config{MinVersion: tls.VersionTLS10}
	// ruleid: go-tls-version-old
	config.MinVersion = tls.VersionTLS11
	// ok: go-tls-version-old
	_ = &tls.Config{MinVersion: tls.VersionTLS12}
	// ok: go-tls-version-old
	config.MinVersion = tls.VersionTLS13
	config.CipherSuites = []uint16{
		// ruleid: go-tls-cipher-suite-weak
		tls.TLS_RSA_WITH_RC4_128_SHA,
		// ruleid: go-tls-cipher-suite-weak
		tls.TLS_RSA_WITH_3DES_EDE_CBC_SHA,
		// ok: go-tls-cipher-suite-weak
		tls.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
		// ok: go-tls-cipher-suite-weak
		tls.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,
	}
}

func remote(key ssh.PublicKey) {
	// ruleid: go-ssh-host-key-unchecked
	_ = &ssh.ClientConfig{HostKeyCallback: ssh.InsecureIgnoreHostKey()}
	// ok: go-ssh-host-key-unchecked
	_ = &ssh.ClientConfig{HostKeyCallback: ssh.FixedHostKey(key)}
	config := &ssh.ClientConfig{}
	// ruleid: go-ssh-host-key-unchecked
	config.HostKeyCallback = func(host string, remote net.Addr, key ssh.PublicKey) error { return nil }
	// ok: go-ssh-host-key-unchecked
	config.HostKeyCallback, _ = knownhosts.New("known_hosts")
}

func tokens(text string, claims jwt.MapClaims, key []byte) {
	// ruleid: go-jwt-unsigned
	jwt.NewWithClaims(jwt.SigningMethodNone, claims)
	// ok: go-jwt-unsigned
	jwt.NewWithClaims(jwt.SigningMethodHS256, claims).SignedString(key)
	// ruleid: go-jwt-unsigned
	jwt.NewWithClaims(jwt.SigningMethodNone, claims).SignedString(jwt.UnsafeAllowNoneSignatureType)
	// ruleid: go-jwt-unverified
	jwt.NewParser().ParseUnverified(text, claims)
	// ruleid: go-jwt-unverified
	new(jwt.Parser).ParseUnverified(text, &claims)
	// ok: go-jwt-unverified, go-jwt-unsigned
	jwt.ParseWithClaims(text, claims, func(*jwt.Token) (any, error) { return key, nil }, jwt.WithValidMethods([]string{"HS256"}))
	// ok: go-jwt-unverified
	jwt.Parse(text, keyFor)
}

func calls(address string) {
	// ruleid: go-grpc-without-tls
	grpc.Dial(address, grpc.WithInsecure())
	// ruleid: go-grpc-without-tls
	grpc.NewClient(address, grpc.WithTransportCredentials(insecure.NewCredentials()))
	// ok: go-grpc-without-tls
	grpc.NewClient("localhost:50051", grpc.WithTransportCredentials(insecure.NewCredentials()))
	// ok: go-grpc-without-tls
	grpc.NewClient(address, grpc.WithTransportCredentials(credentials.NewTLS(&tls.Config{})))
}

func logins(user, password, apiKey string) {
	// ruleid: go-secret-in-log
	log.Printf("login of %s with %s", user, password)
	// ruleid: go-secret-in-log
	slog.Info("call", "key", apiKey)
	// ok: go-secret-in-log
	log.Printf("login of %s failed, no password", user)
	// ok: go-secret-in-log
	slog.Info("call", "key length", len(apiKey))
}
