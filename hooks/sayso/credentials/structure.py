"""Verify the structure of tokens whose format can be verified: checksums, encodings, what a header says.

A check answers True where the structure proves the token, False where it rules it
out, and None where it says nothing: fakes of a checksummed format exist in
documentation, and formats grow new kinds.
"""

from __future__ import annotations

import re
from binascii import Error, a2b_base64, crc32, crc_hqx
from collections.abc import Callable, Mapping
from typing import Final

_BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_CHECK_LENGTH = 6
_PRIVATE = re.compile(rb"PRIVATE KEY")
_JSON_HEADER = re.compile(rb'^\s*\{\s*"')
_ALGORITHM = re.compile(rb'"(?:alg|enc)"\s*:\s*"(?!none")')
_PAIR = re.compile(r"[\x21-\x39\x3b-\x7e]{1,64}:[\x21-\x7e]{3,128}\s?")


def decode64(text: str) -> bytes | None:
    """Decode Base64 in either alphabet, with padding or without; None where it is not."""
    plain = text.translate({45: 43, 95: 47}).rstrip("=")
    try:
        return a2b_base64(plain + "=" * (-len(plain) % 4), strict_mode=True)
    except (Error, ValueError):
        return None


def base62(number: int) -> str:
    """Write ``number`` in six digits to the base 62, as GitHub and npm append their checksum."""
    digits = ""
    for _ in range(_CHECK_LENGTH):
        number, digit = divmod(number, 62)
        digits = _BASE62[digit] + digits
    return digits


def _crc32_base62(value: str) -> bool | None:
    body = value.rpartition("_")[2]
    return True if base62(crc32(body[:-_CHECK_LENGTH].encode())) == body[-_CHECK_LENGTH:] else None


def _discord(value: str) -> bool:
    decoded = decode64(value.partition(".")[0])
    return decoded is not None and decoded.isdigit()


def _jwt(value: str) -> bool:
    parts = value.split(".")
    header = decode64(parts[0])
    return header is not None and bool(_JSON_HEADER.match(header) and _ALGORITHM.search(header))


def _base32(value: str) -> bytes:
    import base64  # noqa: PLC0415 - only a token of this form pays for it

    try:
        return base64.b32decode(value + "=" * (-len(value) % 8))
    except (Error, ValueError):
        return b""


def _crc16_base32(value: str) -> bool:
    """Check the CRC-16 (XMODEM, little-endian) that ends NATS seeds and Stellar secret keys."""
    raw = _base32(value)
    return len(raw) > 2 and crc_hqx(raw[:-2], 0) == int.from_bytes(raw[-2:], "little")  # noqa: PLR2004 - CRC-16


def _base58_check(value: str) -> bool:
    import hashlib  # noqa: PLC0415 - only a token of this form pays for it

    number = 0
    for char in value:
        number = number * 58 + _BASE58.index(char)
    raw = number.to_bytes((number.bit_length() + 7) // 8, "big")
    return hashlib.sha256(hashlib.sha256(raw[:-4]).digest()).digest()[:4] == raw[-4:]


def _pem_base64(value: str) -> bool:
    decoded = decode64(value[: len(value) // 4 * 4])
    return decoded is not None and _PRIVATE.search(decoded) is not None


def pair(value: str) -> tuple[str, str]:
    """Return user and password of ``user:password`` in Base64, or nothing twice."""
    decoded = decode64(value)
    text = decoded.decode("latin-1") if decoded else ""
    user, _, password = text.partition(":") if _PAIR.fullmatch(text) else ("", "", "")
    return user, password.strip()


CHECKS: Final[Mapping[str, Callable[[str], bool | None]]] = {
    "crc32-base62": _crc32_base62,
    "crc16-base32": _crc16_base32,
    "base58-check": _base58_check,
    "discord-id": _discord,
    "jwt-header": _jwt,
    "pem-in-base64": _pem_base64,
}
