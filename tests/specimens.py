"""Insecure code and synthetic secrets for tests, put together at run time so that no token stands in the repository."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
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
