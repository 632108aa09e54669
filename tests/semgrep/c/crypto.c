#include <crypt.h>
#include <curl/curl.h>
#include <jwt.h>
#include <mysql.h>
#include <openssl/des.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <openssl/ssl.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

void ciphers(EVP_CIPHER_CTX *ctx, const unsigned char *key, const unsigned char *iv)
{
    // ruleid: c-weak-cipher
    EVP_EncryptInit_ex(ctx, EVP_des_cbc(), NULL, key, iv);
    // ruleid: c-weak-cipher
    EVP_EncryptInit_ex(ctx, EVP_aes_128_ecb(), NULL, key, NULL);
    // ok: c-weak-cipher, c-old-cipher, c-fixed-iv
    EVP_EncryptInit_ex(ctx, EVP_aes_256_gcm(), NULL, key, iv);
    // ok: c-weak-cipher, c-old-cipher
    EVP_EncryptInit_ex(ctx, EVP_chacha20_poly1305(), NULL, key, iv);
    // ruleid: c-old-cipher
    EVP_EncryptInit_ex(ctx, EVP_des_ede3_cbc(), NULL, key, iv);
    // ruleid: c-old-cipher
    EVP_EncryptInit_ex(ctx, EVP_bf_cbc(), NULL, key, iv);
}

void hashes(EVP_MD_CTX *ctx, const unsigned char *data, size_t length, unsigned char *out)
{
    // ruleid: c-weak-hash
    EVP_DigestInit_ex(ctx, EVP_md5(), NULL);
    // ruleid: c-weak-hash
    SHA1(data, length, out);
    // ok: c-weak-hash
    EVP_DigestInit_ex(ctx, EVP_sha256(), NULL);
    // ok: c-weak-hash
    SHA256(data, length, out);
}

char *password_hash(const char *word, const char *stored, unsigned char *out, const unsigned char *fresh)
{
    // ruleid: c-weak-password-hash
    char *a = crypt(word, "ab");
    // ruleid: c-weak-password-hash
    PKCS5_PBKDF2_HMAC(word, -1, fresh, 16, 1000, EVP_sha256(), 32, out);
    // ok: c-weak-password-hash
    PKCS5_PBKDF2_HMAC(word, -1, fresh, 16, 600000, EVP_sha256(), 32, out);
    // ok: c-weak-password-hash
    char *b = crypt(word, stored);
    return a ? a : b;
}

int vectors(EVP_CIPHER_CTX *ctx, const unsigned char *key)
{
    unsigned char zero[16];
    unsigned char fresh[16];
    unsigned char *text = (unsigned char *) "0123456789abcdef";
    memset(zero, 0, sizeof(zero));
    // ruleid: c-fixed-iv
    EVP_EncryptInit_ex(ctx, EVP_aes_256_cbc(), NULL, key, zero);
    // ruleid: c-fixed-iv
    EVP_EncryptInit_ex(ctx, EVP_aes_256_cbc(), NULL, key, text);
    if (RAND_bytes(fresh, sizeof(fresh)) != 1) {
        return -1;
    }
    // ok: c-fixed-iv
    return EVP_EncryptInit_ex(ctx, EVP_aes_256_cbc(), NULL, key, fresh);
}

void keys(RSA *rsa, BIGNUM *e, EVP_PKEY_CTX *ctx)
{
    // ruleid: c-short-key
    RSA_generate_key_ex(rsa, 1024, e, NULL);
    // ruleid: c-short-key
    EVP_PKEY_CTX_set_rsa_keygen_bits(ctx, 512);
    // ruleid: c-short-key
    run("openssl genrsa -out key.pem 1024");
    // ok: c-short-key
    run("openssl genrsa -out key.pem 3072");
    // ok: c-short-key
    RSA_generate_key_ex(rsa, 3072, e, NULL);
    // ok: c-short-key
    EVP_PKEY_CTX_set_rsa_keygen_bits(ctx, 4096);
}

void random_values(unsigned char *session_key, char *token, int *dice)
{
    // ruleid: c-clock-as-seed
    srand(time(NULL));
    for (int i = 0; i < 16; i++) {
        // ruleid: c-weak-random-secret
        session_key[i] = rand() % 256;
        // ruleid: c-weak-random-secret
        token[i] = 'a' + random() % 26;
        // ok: c-weak-random-secret
        dice[i] = rand() % 6 + 1;
    }
    // ok: c-weak-random-secret
    RAND_bytes(session_key, 16);
    // ruleid: c-clock-as-seed
    srand((unsigned) time(0));
    unsigned seed;
    RAND_bytes((unsigned char *) &seed, sizeof seed);
    // ok: c-clock-as-seed
    srand(seed);
    // ok: c-clock-as-seed
    srandomdev();
}

void connections(SSL_CTX *ctx, CURL *curl, SSL_CTX **other)
{
    // ruleid: c-tls-unverified
    SSL_CTX_set_verify(ctx, SSL_VERIFY_NONE, NULL);
    // ruleid: c-tls-unverified
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 0L);
    // ok: c-tls-unverified
    SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER, NULL);
    // ok: c-tls-unverified
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 2L);
    // ruleid: c-old-tls
    *other = SSL_CTX_new(SSLv3_client_method());
    // ruleid: c-old-tls
    SSL_CTX_set_min_proto_version(ctx, TLS1_VERSION);
    // ok: c-old-tls
    *other = SSL_CTX_new(TLS_client_method());
    // ok: c-old-tls
    SSL_CTX_set_min_proto_version(ctx, TLS1_2_VERSION);
}

int credentials(MYSQL *db, const char *given)
{
    // ruleid: c-hardcoded-credential
    const char *password = "Kraut-und-Rueben7";
    // ruleid: c-hardcoded-credential
    mysql_real_connect(db, "db.internal", "shop", "Kraut7", "shop", 0, NULL, 0);
    // ok: c-hardcoded-credential
    const char *api_key = getenv("API_KEY");
    // ok: c-hardcoded-credential
    const char *password_file = "shadow.txt";
    // ruleid: c-hardcoded-credential
    return strcmp(password, "letmein99") && api_key && password_file && given;
}

int tokens(jwt_t *jwt, const char *token, const unsigned char *key, int length)
{
    // ruleid: c-token-unsigned
    jwt_decode(&jwt, token, NULL, 0);
    // ruleid: c-token-unsigned
    jwt_set_alg(jwt, JWT_ALG_NONE, NULL, 0);
    // ok: c-token-unsigned
    jwt_set_alg(jwt, JWT_ALG_HS256, key, length);
    // ok: c-token-unsigned
    return jwt_decode(&jwt, token, key, length);
}
