"""Tell a value that could be a credential from one that only stands in its place.

A placeholder, a reference to a variable, a label, a file name, a digest or an
identifier is no secret, whatever name it is given to. The same judgement is
applied to what our own detectors find and to what the engine finds.
"""

from __future__ import annotations

import re
from enum import IntEnum
from itertools import pairwise
from typing import NamedTuple

from sayso import tables


class Strength(IntEnum):
    """What a value could be: nothing, a password that is a plain word, or something that nobody would guess."""

    NONE = 0
    PLAIN = 1
    STRONG = 2


class Words(NamedTuple):
    """Words that make a value a stand-in: ``fillers`` if it has no others, ``nouns`` if it is a compound with one."""

    fillers: frozenset[str]
    nouns: frozenset[str]
    marks: tuple[str, ...]
    endings: tuple[str, ...]


_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")
_REFERENCE = re.compile(
    r"\$[{(\[]|\{\{|\}\}|<%|%>|#\{|%\(|\(\(|\)\)|\{\d*\}|%[sdv]\b|^\$[A-Za-z_]\w*$|^\$\w+\.|^%\w+%$|^@\w+@$|^__\w+__$"
    r"|^[<{\[(].*[>}\])]$|^&\w+;|^!\w|^@?env\b|\b(?:env|process|environ|secrets|vars|self|this|config|settings)[.\[]"
)
_CODE = re.compile(r"^[A-Za-z_$][\w$]*(?:(?:\.|->|::)[A-Za-z_$][\w$]*)+$|[A-Za-z_]\w*\(|^[\w.]+\[")
_PATH = re.compile(r"^(?:[./~]|[A-Za-z]:[\\/])[\w./\\~ -]*$|^[\w.-]+(?:/[\w.-]*[a-z]{3}[\w.-]*)+$|^\w+://")
_UUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE)
_PLAIN_THING = re.compile(
    r"\d{1,5}|[\d.,:/_x-]*[.,:/_x-][\d.,:/_x-]*|v?\d+(?:\.\w+)+|#?[0-9a-fA-F]{3,6}|[\w.+-]+@[\w-]+\.[\w.]+|0x[0-9a-fA-F]{1,8}|\d+(?:ms|s|m|h|d|px|em|%)"
)
_RUN = re.compile(r"(.)\1{4,}")
_SEQUENCES = (
    "01234567890123456789",
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiopasdfghjklzxcvbnm",
    "98765432109876543210",
)
_SEQUENCE = 6
_SEQUENTIAL = frozenset(s[i : i + _SEQUENCE] for s in _SEQUENCES for i in range(len(s) - _SEQUENCE + 1))
_REPEATED = re.compile(r"(.{4,16}?)\1{2}")
_MOST_REPEATED = 200
_LEAST, _MOST = 4, 4096
_LEAST_DIGITS = 6
_LEAST_PART = 3
_SHORT_PARTS = frozenset({"my", "pw", "db"})
_LEAST_STRONG, _LEAST_KINDS, _LEAST_RANDOM = 6, 3, 8
_LONGEST_WORD = 16
_FEW_TURNS, _SOME_TURNS, _MANY_TURNS = 0.22, 0.35, 0.4
_HEX = re.compile("[0-9a-fA-F]{16,}")
_CAMEL = re.compile(r"[a-z]*(?:(?:[._/-][A-Z]?|[A-Z])[a-z]+)*[A-Z]*")
_SEPARATOR = 3
_ESCAPED = re.compile(r"%[0-9A-Fa-f]{2}")
_MARKS = "!@#$%^&*+?~=|;"
_TEMPLATED = re.compile(r"[$#]\{|\{\{|%\(|\w\.\w+\(|\\x")
_NOISE = "!@#$%^&*+?~=|;(){}[]<>:,-"
_SOME_MARKS = 2
_LEAST_NOISE, _LEAST_MARKS = 24, 6
_BRACKETS = "(){}[]<>.,:;"
_LETTERS = re.compile(r"[^A-Za-z]+")
_HASHED = re.compile(
    r"\$(?:2[abxy]?|1|5|6|7|y|gy|apr1|argon2\w{0,2}|scrypt|pbkdf2[\w-]*)\$|\{S?SHA\d*\}|pbkdf2_sha\d+\$"
)


def is_uuid(value: str) -> bool:
    """Tell a UUID, which names a thing far more often than it opens one."""
    return _UUID.fullmatch(value) is not None


def is_hash(value: str) -> bool:
    """Tell a password hash that says how it was made."""
    return _HASHED.match(value) is not None


def is_repetitive(value: str) -> bool:
    """Tell what a person types to fill a space: one character over and over, the alphabet, the digits."""
    lower = value.lower()
    if len(set(lower)) < min(5, len(lower) * 2 // 3) or (_RUN.search(lower) and len(set(lower)) < len(lower) // 3):
        return True
    if _REPEATED.search(lower[:_MOST_REPEATED]):
        return True
    covered: set[int] = set()
    for part in _SEQUENTIAL:
        at = lower.find(part)
        while at >= 0:
            covered.update(range(at, at + _SEQUENCE))
            at = lower.find(part, at + 1)
    return len(covered) * 2 > len(lower)


def turns(value: str) -> float:
    """Return how often neighbours differ in kind: upper, lower, digit. Random text does far more often than words."""
    kinds = [0 if c.isdigit() else 1 if c.islower() else 2 if c.isupper() else 3 for c in value]
    pairs = [(left, right) for left, right in pairwise(kinds) if left != _SEPARATOR != right]
    return sum(left != right for left, right in pairs) / max(len(pairs), 1)


def looks_random(value: str) -> bool:
    """Tell a key from an identifier, a path or a text: by its turns, or by digits spread through its letters."""
    core = value.rstrip("=")
    letters = [part for part in _LETTERS.split(core) if part]
    digits = sum(c.isdigit() for c in core)
    if len(set(core)) < min(_LEAST_RANDOM, len(core) * 2 // 3) or not letters:
        return False
    if _HEX.fullmatch(core):
        return digits > 1 and len(core) - digits > 1
    longest = max(map(len, letters))
    if not digits:
        mixed = not core.islower() and not core.isupper() and not _CAMEL.fullmatch(core)
        return mixed and len(core) >= _LONGEST_WORD and turns(core) > _SOME_TURNS
    spread = longest < _LONGEST_WORD or longest * 2 < len(core) or turns(core) > _MANY_TURNS
    return turns(core) > _FEW_TURNS and spread


def is_noise(value: str) -> bool:
    """Tell a long random string of all kinds of characters, which no expression of code is."""
    kinds = (str.isdigit, str.islower, str.isupper)
    marks = {c for c in value if c in _NOISE}
    if _TEMPLATED.search(value):
        return False
    return len(value) >= _LEAST_NOISE and len(marks) >= _LEAST_MARKS and all(any(map(kind, value)) for kind in kinds)


class Judge:
    """Judges values by the words of ``rules/secret_values.toml``."""

    def __init__(self, table: tables.Table) -> None:
        self.words = Words(
            frozenset(table.text("fillers").split()),
            frozenset(table.text("nouns").split()),
            table.texts("marks"),
            table.texts("endings"),
        )

    def is_dummy(self, value: str) -> bool:
        """Tell a token that documentation or a test made up: it says so, or repeats itself."""
        lower = value.lower()
        return is_repetitive(value) or any(mark in lower for mark in self.words.marks)

    def strength(self, value: str) -> Strength:
        """Judge the value of a name that promises a credential."""
        value = value.strip()
        if is_noise(value) and value.count(" ") * _LEAST_MARKS < len(value) // 2 and not self.is_dummy(value):
            return Strength.STRONG
        if not _LEAST <= len(value) <= _MOST or not value.isascii() or any(c in value for c in " \t\n<>"):
            return Strength.NONE
        if (
            is_hash(value)
            or _REFERENCE.search(value)
            or _CODE.search(value)
            or _PLAIN_THING.fullmatch(value)
            or is_uuid(value)
        ):
            return Strength.NONE
        if value.endswith(self.words.endings) or (_PATH.match(value) and not looks_random(value.rpartition("/")[2])):
            return Strength.NONE
        plain = _ESCAPED.sub("", value)
        if len(plain) < _LEAST or self.is_dummy(value) or self._is_filler(plain):
            return Strength.NONE
        return Strength.STRONG if self._is_strong(plain) else Strength.PLAIN

    def _is_filler(self, value: str) -> bool:
        """Tell values made of stand-in words alone, and compound identifiers that name a credential."""
        words = [word.lower() for word in _WORD.findall(value)]
        known = [word for word in words if not word.isdigit()]
        if not known:
            return value.isdigit() and len(value) < _LEAST_DIGITS
        if all(self._is_stand_in(word) for word in known) and sum(c in _MARKS for c in value) < _SOME_MARKS:
            return sum(len(word) for word in words if word.isdigit()) < _LEAST_DIGITS - 1
        compound = len(known) > 1 and all(c.isalnum() or c in "_-./:" for c in value)
        setting = value.isupper() and "_" in value
        return compound and (setting or len(known) == len(words)) and any(word in self.words.nouns for word in known)

    def _is_stand_in(self, word: str) -> bool:
        """Tell a stand-in word, also one that is run together from others: mysecretpassword."""
        known = self.words.fillers | self.words.nouns
        ends = {0}
        for end in range(1, len(word) + 1):
            for start in tuple(ends):
                part = word[start:end]
                if part in known and (len(part) >= _LEAST_PART or part == word or part in _SHORT_PARTS):
                    ends.add(end)
        return len(word) in ends

    @staticmethod
    def _is_strong(value: str) -> bool:
        if looks_random(value) and len(value) >= _LEAST_RANDOM:
            return True
        kinds = (str.isdigit, str.islower, str.isupper, _MARKS.__contains__)
        return (
            len(value) >= _LEAST_STRONG
            and sum(any(map(kind, value.strip(_BRACKETS))) for kind in kinds) >= _LEAST_KINDS
        )
