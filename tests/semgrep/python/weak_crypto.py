import hashlib
import os

import bcrypt
from Crypto.Cipher import AES, DES
from Crypto.PublicKey import RSA
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM


def digests(data):
    # ruleid: python-weak-hash
    hashlib.md5(data).hexdigest()
    # ruleid: python-weak-hash
    hashlib.new("sha1", data)
    # ruleid: python-weak-hash
    hashlib.sha1()
    # ok: python-weak-hash
    hashlib.md5(data, usedforsecurity=False)
    # ok: python-weak-hash
    hashlib.sha256(data)
    # ok: python-weak-hash
    hashlib.new("sha512", data)


def store(password, user, salt, certificate):
    # ruleid: python-weak-password-hash
    user.hash = hashlib.sha256(password.encode()).hexdigest()
    # ruleid: python-weak-password-hash
    user.hash = hashlib.sha512(salt + user.password.encode()).hexdigest()
    digest = hashlib.sha256()
    # ruleid: python-weak-password-hash
    digest.update(password.encode())
    # ok: python-weak-password-hash
    user.hash = bcrypt.hashpw(password.encode(), bcrypt.gensalt())
    # ok: python-weak-password-hash
    user.hash = hashlib.scrypt(password.encode(), salt=salt, n=2**14, r=8, p=1)
    # ok: python-weak-password-hash
    return hashlib.sha256(certificate)


def ciphers(key, data):
    # ruleid: python-weak-cipher
    DES.new(key, DES.MODE_CBC)
    # ruleid: python-weak-cipher
    AES.new(key, AES.MODE_ECB)
    # ruleid: python-weak-cipher
    Cipher(algorithms.AES(key), modes.ECB())
    # ok: python-weak-cipher
    AES.new(key, AES.MODE_GCM)
    # ok: python-weak-cipher
    AESGCM(key).encrypt(os.urandom(12), data, None)


def keys():
    # ruleid: python-weak-key
    RSA.generate(1024)
    # ruleid: python-weak-key
    rsa.generate_private_key(public_exponent=65537, key_size=512)
    # ok: python-weak-key
    RSA.generate(3072)
    # ok: python-weak-key
    rsa.generate_private_key(public_exponent=65537, key_size=2048)


def vectors(key, message):
    fixed = b"0" * 16
    # ruleid: python-fixed-iv
    Cipher(algorithms.AES(key), modes.CBC(fixed))
    # ruleid: python-fixed-iv
    AES.new(key, AES.MODE_CBC, b"abcdefghijklmnop")
    # ok: python-fixed-iv
    Cipher(algorithms.AES(key), modes.CBC(os.urandom(16)))
    # ok: python-fixed-iv
    Cipher(algorithms.AES(key), modes.CBC(message[:16]))
