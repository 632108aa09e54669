"""Decide which findings of detect-secrets stand.

Its detectors know forms, not meanings. What they find is judged as our own
findings are: a placeholder, a label, an identifier or a digest is no secret.
Four detectors are superseded, because ours read the same thing and verify it:
a private key must have a body, a JSON Web Token a signature, an npm line a token,
and an address is noted without starting anything.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from typing import Final

from sayso.credentials import names
from sayso.credentials.structure import CHECKS
from sayso.credentials.values import Judge, Strength, looks_random

SUPERSEDED: Final = frozenset({"PrivateKeyDetector", "JwtTokenDetector", "NpmDetector", "IPPublicDetector"})
ENTROPY: Final = {"Base64HighEntropyString": 4.5, "HexHighEntropyString": 3.0}
LOCKED: Final = ".locked"

_MUST_LOOK_RANDOM: Final = frozenset(
    {"ArtifactoryDetector", "IbmCloudIamDetector", "TwilioKeyDetector", "CloudantDetector"}
)
_TELL_A_PREFIX: Final = frozenset({"GitHubTokenDetector", "GitLabTokenDetector"})
_DIGEST = re.compile(
    r"[0-9a-fA-F]{32}|[0-9a-fA-F]{40}|[0-9a-fA-F]{56}|[0-9a-fA-F]{64}|[0-9a-fA-F]{96}|[0-9a-fA-F]{128}"
    r"|[0-9a-f]{1,6}-[A-Za-z0-9+/]{27}"  # an entity tag: size and digest
)
_SAYS_DIGEST = re.compile(r"(?:md5|sha\d{1,3}|(?<![a-z0-9])h1|blake2[bs])[-:=]+", re.IGNORECASE)
_NAMES_SECRET = re.compile(r"key|token|secret|pass|pwd|auth|cred|salt|sign|seed|bearer|session", re.IGNORECASE)
_PUBLIC_KEYS = (
    "AAAAB3NzaC1",
    "AAAAC3NzaC1",
    "AAAAE2VjZHNh",
    "MIGfMA0G",
    "MIIBIjAN",
    "MFkwEwYH",
    "MIID",
    "MIIC",
    "MIIE",
)
_HEX = re.compile("[0-9a-fA-F]+")
_HAS_WORD = re.compile(r"[A-Za-z]{2}")
_LEAST_OPAQUE = 20
_NAMES_DIGEST = re.compile(
    r"md5|sha-?\d|(?<![a-z])sha\b|digest|checksum|integrity|fingerprint|commit|revision|etag|blake|crc|c?nonce|uuid|guid|public|pubkey|cert|hash"
    r"|signature|(?<![a-z])sig\b|cursor|boundary|image|icon|font|data:|[a-z]_?id\b|\bid\b|version|node_?id|cid\b|vector|expected",
    re.IGNORECASE,
)


def stands(judge: Judge, detector: str, value: str, line: str) -> bool:
    """Tell whether what ``detector`` found in ``line`` could be a secret."""
    if detector in SUPERSEDED:
        return False
    if detector in _TELL_A_PREFIX:
        value = re.match(r"[\w-]*", line[line.find(value) :])[0] or value  # type: ignore[index]
    if detector == "KeywordDetector":
        return judge.strength(value) is Strength.STRONG and not names.is_other("", names.of_value(line, value))
    if detector == "BasicAuthDetector":
        return judge.strength(value) is not Strength.NONE
    if detector in ENTROPY:
        return _is_opaque(judge, value, line)
    if detector == "DiscordBotTokenDetector" and not CHECKS["discord-id"](value):
        return False
    if detector in _MUST_LOOK_RANDOM and not looks_random(value):
        return False
    return not judge.is_dummy(value)


def _is_opaque(judge: Judge, value: str, line: str) -> bool:
    """Tell a random value that nothing around it explains. Where the line is not known, nothing explains it."""
    if judge.is_dummy(value) or not looks_random(value) or _DIGEST.fullmatch(value) or _SAYS_DIGEST.search(value):
        return False
    if len(value) < _LEAST_OPAQUE or value.count("/") > len(value) // 12 + 1 or value.startswith(_PUBLIC_KEYS):
        return False
    if not line:
        return True
    before = line[: max(line.find(value), 0)]
    if _SAYS_DIGEST.search(f"{before[-8:]}-") or _NAMES_DIGEST.search(before[-60:]):
        return False
    if _HEX.fullmatch(value):  # data, unless something says otherwise: keys in hexadecimal are as long as digests
        return _NAMES_SECRET.search(before) is not None
    return _HAS_WORD.search(line.replace(value, "", 1)) is not None  # otherwise a piece of a longer literal


def may_be_random(value: str) -> bool:
    """Tell whether an entropy detector of the engine could report ``value``."""
    entropy = _entropy(value)
    return entropy > ENTROPY["Base64HighEntropyString"] or (
        entropy > ENTROPY["HexHighEntropyString"] and all(c in "0123456789abcdefABCDEF" for c in value)
    )


def _entropy(value: str) -> float:
    size = len(value)
    return -sum(count / size * math.log2(count / size) for count in Counter(value).values())
