"""Insecure code and synthetic secrets for tests, put together at run time so that no token stands in the repository."""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

Ask = Callable[..., tuple[int, dict[str, Any]]]

ROOT = Path(__file__).resolve().parent.parent

CODE_RULE = "python-tls-verification-off"
INSECURE = "import requests\n\n\ndef fetch(url):\n    return requests.get(url, verify=False)\n"
INSECURE_LINE = 5
# The engine parses only what some rule could match, so this holds the words of one.
BROKEN = "import requests\n\ndef broken(:\n    x = = 1\n    requests.get(url, verify=False\n"
SAFE = "def add(left, right):\n    return left + right\n"

INSECURE_JS = "const https = require('https');\nconst agent = new https.Agent({ rejectUnauthorized: false });\n"
SAFE_JS = "export const add = (left, right) => left + right;\n"
JS_RULE = "javascript-tls-verification-off"

AWS_RULE = "secret-aws-access-key"


def aws_key(seed: str = "one") -> str:
    """Return something of the form of an AWS access key id."""
    return "AK" + "IA" + hashlib.sha256(seed.encode()).hexdigest()[:16].upper().translate(str.maketrans("01", "XY"))


def random_text(seed: str, length: int = 40) -> str:
    """Return text too random to be anything but a key, of letters and digits of both cases."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
    stream = b"".join(hashlib.sha256(f"{seed}{block}".encode()).digest() for block in range(1 + length // 32))
    return "".join(alphabet[byte % len(alphabet)] for byte in stream[:length])


def github_token(seed: str = "one") -> str:
    """Return something of the form of a GitHub token."""
    return "gh" + "p_" + random_text(seed, 36)


def private_key() -> str:
    """Return the head of a private key file."""
    return "-----BEGIN " + "RSA PRIVATE KEY-----\n" + random_text("key", 64) + "\n"


def secrets() -> dict[str, tuple[str, str]]:
    """Return lines that hold a secret, by name: the line, and the value in it."""
    aws, github, random = aws_key(), github_token(), random_text("entropy")
    slack = "xo" + "xb-" + "123456789012-" + "123456789012-" + random_text("slack", 24)
    stripe = "sk_" + "live_" + random_text("stripe", 24)
    jwt = "ey" + "J0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9" + ".ey" + "JzdWIiOiIxIn0" + "." + random_text("jwt", 43)
    basic = random_text("basic", 12)
    password = "hunter" + "-" + random_text("pw", 10)
    return {
        "aws": (f'key = "{aws}"', aws),
        "github": (f'token = "{github}"', github),
        "slack": (f'slack = "{slack}"', slack),
        "stripe": (f"stripe: {stripe}", stripe),
        "jwt": (f'jwt = "{jwt}"', jwt),
        "basic-auth": (f'url = "https://user:{basic}@example.org/"', basic),
        "keyword": (f'password = "{password}"', password),
        "entropy": (f'opaque = "{random}"', random),
    }


_BASE62 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
_ALPHABETS = {
    "base62": _BASE62,
    "alpha": _BASE62[:52],
    "upper": _BASE62[:26] + "23456789",
    "lower": _BASE62[26:52] + "0123456789",
    "hex": "0123456789abcdef",
    "digit": "1234567890",
    "base32": _BASE62[:26] + "234567",
    "bech32": "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L",
}


def drawn(alphabet: str, length: int, seed: str) -> str:
    """Return ``length`` characters of a named alphabet, the same for the same seed."""
    letters = _ALPHABETS[alphabet]
    stream = b"".join(hashlib.sha256(f"{seed}{block}".encode()).digest() for block in range(1 + length // 32))
    return "".join(letters[byte % len(letters)] for byte in stream[:length])


def token(parts: Iterable[str], seed: str = "one") -> str:
    """Build a token from the parts that a detector's example names: text as it is, ``=hex:32`` drawn, others made."""
    made = ""
    for number, part in enumerate(parts):
        kind, _, length = part[1:].partition(":")
        if not part.startswith("=") or kind not in _ALPHABETS.keys() | _MAKERS.keys():
            made += part
        elif length:
            made += drawn(kind, int(length), f"{seed}{number}")
        else:
            made += _MAKERS[kind](f"{seed}{number}")
    return made


def _uuid(seed: str) -> str:
    return "-".join(drawn("hex", length, f"{seed}{length}{i}") for i, length in enumerate((8, 4, 4, 4, 12)))


def _discord(seed: str) -> str:
    user = base64.b64encode(b"1" + drawn("digit", 17, seed).encode()).decode()
    return f"{user}.{drawn('base62', 6, seed)}.{drawn('base62', 27, seed)}"


def _seed_of(prefix: bytes) -> Callable[[str], str]:
    def make(seed: str) -> str:
        raw = prefix + hashlib.sha256(seed.encode()).digest()
        return base64.b32encode(raw + binascii.crc_hqx(raw, 0).to_bytes(2, "little")).decode().rstrip("=")

    return make


def _wif(seed: str) -> str:
    raw = b"\x80" + hashlib.sha256(seed.encode()).digest()
    number = int.from_bytes(raw + hashlib.sha256(hashlib.sha256(raw).digest()).digest()[:4], "big")
    text = ""
    while number:
        number, digit = divmod(number, 58)
        text = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"[digit] + text
    return text


def _urlsafe(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def jwt(seed: str = "one", header: str = '{"alg":"HS256","typ":"JWT"}') -> str:
    """Return a JSON Web Token with a signature of the right size."""
    claims = f'{{"sub":"{drawn("digit", 9, seed)}","admin":true}}'
    return ".".join(map(_urlsafe, (header.encode(), claims.encode(), hashlib.sha256(seed.encode()).digest())))


def _pem64(seed: str) -> str:
    return base64.b64encode(f"-----BEGIN {'PRIVATE'} KEY-----\n{drawn('base62', 64, seed)}\n".encode()).decode()


_MAKERS: dict[str, Callable[[str], str]] = {
    "uuid": _uuid,
    "discord": _discord,
    "nkey": _seed_of(b"\x95\x00"),
    "stellar": _seed_of(b"\x90"),
    "wif": _wif,
    "jwt": jwt,
    "pem64": _pem64,
}

LOGIN = "def login(user, word):\n    return user.session() if user.check_password(word) else None\n"
LOGIN_TESTS = "def test_wrong_word_is_denied():\n    assert True\n"
LOGIN_FLOW = "".join(f"def test_{case}():\n    assert True\n\n\n" for case in ("login", "logout", "expired_session"))
BY_TOOL = "\n\nCo-authored-by: Claude <noreply@anthropic.com>\n"


def relaxed(*rules: str) -> str:
    """Return the entries of a policy that let it loosen ``rules``."""
    end = 'reason = "a trial"\nowner = "Dev Eloper"\nexpires = 2099-01-01\n'
    return "".join(f'[[relax]]\nrule = "{rule}"\n{end}' for rule in rules)
