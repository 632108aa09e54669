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
    r"(?:[0-9a-fA-F]{32}|[0-9a-fA-F]{40}|[0-9a-fA-F]{56}|[0-9a-fA-F]{64}|[0-9a-fA-F]{96}|[0-9a-fA-F]{128})"
)
_LABELLED_DIGEST = re.compile(r"(?:md5|sha\d{1,3}|h1|blake2[bs])[-:=]$", re.IGNORECASE)
_NAMES_DIGEST = re.compile(
    r"md5|sha-?\d|(?<![a-z])sha\b|digest|checksum|integrity|fingerprint|commit|revision|etag|blake|crc|nonce|uuid|guid|public|pubkey|cert|hash"
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
    """Tell a random value that nothing around it explains."""
    if judge.is_dummy(value) or not looks_random(value) or _DIGEST.fullmatch(value):
        return False
    if len(value) < 20 or value.count("/") > len(value) // 12 + 1:  # noqa: PLR2004 - shorter ones are identifiers
        return False
    if re.match(r"(?:md5|sha\d{1,3})[-:=]", value, re.IGNORECASE):
        return False
    before = line[: max(line.find(value), 0)]
    return not _LABELLED_DIGEST.search(before) and not _NAMES_DIGEST.search(before[-60:])


def may_be_random(value: str) -> bool:
    """Tell whether an entropy detector of the engine could report ``value``."""
    entropy = _entropy(value)
    return entropy > ENTROPY["Base64HighEntropyString"] or (
        entropy > ENTROPY["HexHighEntropyString"] and all(c in "0123456789abcdefABCDEF" for c in value)
    )


def _entropy(value: str) -> float:
    size = len(value)
    return -sum(count / size * math.log2(count / size) for count in Counter(value).values())
