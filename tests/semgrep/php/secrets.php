<?php

use Firebase\JWT\JWT;
use Firebase\JWT\Key;

function store(string $password, $user, string $name)
{
    // ruleid: php-weak-password-hash
    $hash = md5($password);
    // ruleid: php-weak-password-hash
    $user->secret = hash('sha256', $_POST['password']);
    // ruleid: php-weak-password-hash
    $better = password_hash($password, PASSWORD_BCRYPT, ['cost' => 4]);
    // ok: php-weak-password-hash
    $best = password_hash($password, PASSWORD_DEFAULT);
    // ok: php-weak-password-hash
    $etag = md5($name);
    return [$hash, $better, $best, $etag];
}

function sign(string $message, string $secretKey, string $path, $key)
{
    // ruleid: php-weak-hash
    $signature = md5($message);
    // ruleid: php-weak-hash
    $mac = sha1($secretKey . $message);
    // ruleid: php-weak-hash
    $code = hash_hmac('md5', $message, $key);
    // ok: php-weak-hash
    $etag = md5($path);
    // ok: php-weak-hash
    $signature = hash_hmac('sha256', $message, $key);
    return [$signature, $mac, $code, $etag];
}

function encrypt(string $text, string $key)
{
    $fresh = random_bytes(16);
    // ruleid: php-weak-cipher
    $a = openssl_encrypt($text, 'des-ede3-cbc', $key, 0, $fresh);
    // ruleid: php-weak-cipher
    $b = openssl_encrypt($text, 'AES-128-ECB', $key);
    // ruleid: php-weak-cipher
    $c = mcrypt_encrypt(MCRYPT_RIJNDAEL_128, $key, $text, MCRYPT_MODE_CBC);
    // ok: php-weak-cipher, php-fixed-iv
    $d = openssl_encrypt($text, 'aes-256-gcm', $key, OPENSSL_RAW_DATA, $fresh, $tag);
    // ok: php-weak-cipher
    $e = openssl_decrypt($d, 'aes-256-gcm', $key, OPENSSL_RAW_DATA, $fresh, $tag);
    $iv = '1234567890123456';
    // ruleid: php-fixed-iv
    $f = openssl_encrypt($text, 'aes-256-cbc', $key, 0, $iv);
    // ruleid: php-fixed-iv
    $g = openssl_encrypt($text, 'aes-256-cbc', $key, 0, str_repeat("\0", 16));
    $other = openssl_random_pseudo_bytes(openssl_cipher_iv_length('aes-256-cbc'));
    // ok: php-fixed-iv
    $h = openssl_encrypt($text, 'aes-256-cbc', $key, 0, $other);
    return [$a, $b, $c, $e, $f, $g, $h];
}

function new_token($page)
{
    // ruleid: php-weak-random-secret, php-weak-hash
    $token = md5(uniqid(mt_rand(), true));
    // ruleid: php-weak-random-secret, php-weak-hash
    $_SESSION['csrf_token'] = sha1(microtime());
    // ruleid: php-weak-random-secret
    $password = substr(str_shuffle('abcdefghijkmnpqrstuvwxyz23456789'), 0, 8);
    // ok: php-weak-random-secret
    $reset_token = bin2hex(random_bytes(32));
    // ok: php-weak-random-secret
    $color = mt_rand(0, 255);
    return [$token, $password, $reset_token, $color];
}

function seeds()
{
    // ruleid: php-fixed-seed
    mt_srand(42);
    // ruleid: php-fixed-seed
    srand(time());
    // ok: php-fixed-seed
    mt_srand();
    // ok: php-fixed-seed
    mt_srand(random_int(0, PHP_INT_MAX));
}

function fetch($curl, $client)
{
    // ruleid: php-tls-unverified
    curl_setopt($curl, CURLOPT_SSL_VERIFYPEER, false);
    // ruleid: php-tls-unverified
    curl_setopt($curl, CURLOPT_SSL_VERIFYHOST, 0);
    // ruleid: php-tls-unverified
    $context = stream_context_create(['ssl' => ['verify_peer' => false]]);
    // ruleid: php-tls-unverified
    $client->get('https://example.org', ['timeout' => 3, 'verify' => false]);
    // ok: php-tls-unverified
    curl_setopt($curl, CURLOPT_SSL_VERIFYPEER, true);
    // ok: php-tls-unverified
    curl_setopt($curl, CURLOPT_SSL_VERIFYHOST, 2);
    // ok: php-tls-unverified
    $client->get('https://example.org', ['verify' => '/etc/ssl/private-ca.pem']);
    return $context;
}

function connect(string $host)
{
    // ruleid: php-hardcoded-credential
    $dbPassword = 'Kr4ut-und-Rueben';
    // ruleid: php-hardcoded-credential
    $link = mysqli_connect($host, 'shop', 'Kraut7');
    // ruleid: php-hardcoded-credential
    define('SECRET_KEY', 'f7-winter-Garden-99');
    // ok: php-hardcoded-credential
    $password = getenv('DB_PASSWORD');
    // ok: php-hardcoded-credential
    $rules = ['password' => 'required|min:12', 'secret' => ''];
    // ok: php-hardcoded-credential
    $other = mysqli_connect($host, 'shop', $password);
    return [$dbPassword, $link, $rules, $other];
}

function keys()
{
    // ruleid: php-short-key
    $short = openssl_pkey_new(['private_key_bits' => 1024, 'private_key_type' => OPENSSL_KEYTYPE_RSA]);
    $options = [];
    // ruleid: php-short-key
    $options['private_key_bits'] = 512;
    // ok: php-short-key
    $good = openssl_pkey_new(['private_key_bits' => 3072]);
    // ok: php-short-key
    $options['private_key_bits'] = 4096;
    return [$short, $good, openssl_pkey_new($options)];
}

function check(string $given, string $message, string $key, string $stored)
{
    // ruleid: php-loose-secret-comparison
    if (md5($given) == $stored) {
        return true;
    }
    // ruleid: php-loose-secret-comparison
    if ($given === hash_hmac('sha256', $message, $key)) {
        return true;
    }
    // ok: php-loose-secret-comparison
    if (md5($message) === md5($stored)) {
        return false;
    }
    // ok: php-loose-secret-comparison
    return hash_equals($given, hash_hmac('sha256', $message, $key));
}

function tokens(array $claims, string $token, string $key)
{
    // ruleid: php-token-unsigned
    $header = ['typ' => 'JWT', 'alg' => 'none'];
    // ruleid: php-token-unsigned
    $bare = JWT::encode($claims, $key, 'none');
    // ok: php-token-unsigned
    $good = JWT::encode($claims, $key, 'HS256');
    // ok: php-token-unsigned
    return [$header, $bare, $good, JWT::decode($token, new Key($key, 'HS256'))];
}
