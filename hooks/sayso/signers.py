"""Read ``allowed_signers`` strictly, before ``ssh-keygen`` does: whose key counts, for what, and from when to when.

The file is the root of all trust in reviews, so nothing in it is skipped: a line
that we or ``ssh-keygen`` could misread is an error with its number. A pattern that
fits anybody is refused on a line that holds for approvals, as it would let whoever
has that key speak for everybody. Patterns have at most two stars, because
``ssh-keygen`` tries all ways to divide a name among them.
"""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from sayso.model import DataError

MOST_BYTES = 256 << 10
MOST_LINES = 2_000

_MOST_LINE = 16 << 10
_MOST_PATTERNS = 64
_MOST_STARS = 2
_MOST_NAME = 255
_TYPES = frozenset(
    (
        *("ssh-ed25519", "ssh-rsa", "sk-ssh-ed25519@openssh.com", "sk-ecdsa-sha2-nistp256@openssh.com"),
        *("ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521"),
    )
)
_CERTIFICATE = "-cert-v01@openssh.com"
_NO_CERTIFICATE = "a certificate cannot be a signer: name the key of its authority, with cert-authority"
_FORM = "expected NAMES [OPTIONS] KEY-TYPE KEY, such as an address and behind it a line of ssh-add -L"
_Error = Callable[[str], DataError]
_LINE = re.compile(
    r'("[^"]*+"|[^\s"]++)[ \t]++'
    r'(?:((?:[^\s"]|"[^"\\]*+")++)[ \t]++)??'
    rf"({'|'.join(map(re.escape, sorted(_TYPES)))})[ \t]++"
    r"(\S++)(?:[ \t].*)?"
)
_OPTION = re.compile(r'([A-Za-z-]{1,20})(?:="([^"\\]*+)")?(?:,|$)')
_OPTIONS = ("cert-authority", "namespaces", "valid-after", "valid-before")
_TIME = re.compile(r"\d{8}(?:\d{4}(?:\d{2})?)?Z?", re.ASCII)


class Signer(NamedTuple):
    """A line: the names that it holds for, as patterns, and the key that it names, or the authority over others."""

    line: int
    patterns: tuple[str, ...]
    key: bytes
    authority: bool = False
    namespaces: tuple[str, ...] = ()

    def holds_for(self, namespace: str) -> bool:
        """Tell whether the line lets its key sign for ``namespace``."""
        return not self.namespaces or fits(namespace, self.namespaces)

    def names(self, principal: str) -> bool:
        """Tell whether the line is about ``principal``."""
        return fits(principal, self.patterns)


def parse(data: bytes, source: str, namespace: str) -> tuple[Signer, ...]:
    """Read the file; ``namespace`` is the one for which no pattern may fit everybody.

    Raises:
        DataError: a line that cannot be relied on, or a file beyond the limits.
    """
    if len(data) > MOST_BYTES:
        raise DataError(f"{source}: more than {MOST_BYTES >> 10} KiB are too many for a list of signers")
    try:
        lines = data.decode("utf-8").split("\n")
    except UnicodeDecodeError as exc:
        line = data.count(b"\n", 0, exc.start) + 1
        raise DataError(f"{source}:{line}: not UTF-8") from exc
    if len(lines) > MOST_LINES:
        raise DataError(f"{source}: more than {MOST_LINES} lines are too many for a list of signers")
    return tuple(
        _signer(line.removesuffix("\r"), number, source, namespace)
        for number, line in enumerate(lines, 1)
        if line.strip(" \t\r") and not line.lstrip(" \t").startswith("#")
    )


def _signer(line: str, number: int, source: str, namespace: str) -> Signer:
    def error(message: str) -> DataError:
        return DataError(f"{source}:{number}: {message}")

    if len(line) > _MOST_LINE:
        raise error(f"more than {_MOST_LINE >> 10} KiB in a line")
    if not line.isprintable() and any(char != "\t" and not char.isprintable() for char in line):
        raise error("a character that cannot be seen")
    found = _LINE.fullmatch(line.strip(" \t"))
    if not found:
        raise error(_NO_CERTIFICATE if _CERTIFICATE in line else _FORM)
    patterns = _patterns(found[1].strip('"'), error)
    options = _options(found[2] or "", error)
    signer = Signer(
        number,
        patterns,
        _key(found[3], found[4], error),
        "cert-authority" in options,
        _patterns(options["namespaces"], error) if "namespaces" in options else (),
    )
    if signer.holds_for(namespace) and any(not pattern.strip("*?!@.") for pattern in patterns):
        raise error(f"{found[1]!r} fits anybody: name people, or end it with a domain, such as *@example.org")
    return signer


def _patterns(text: str, error: _Error) -> tuple[str, ...]:
    patterns = tuple(text.split(","))
    if len(patterns) > _MOST_PATTERNS:
        raise error(f"more than {_MOST_PATTERNS} names in a line")
    for pattern in patterns:
        if not pattern.strip("!") or len(pattern) > _MOST_NAME or any(char.isspace() for char in pattern):
            raise error(f"{pattern[:60]!r} is not a name")
        if pattern.count("*") > _MOST_STARS:
            raise error(f"more than {_MOST_STARS} stars in {pattern[:60]!r}")
    return patterns


def _options(text: str, error: _Error) -> dict[str, str]:
    found: dict[str, str] = {}
    at = 0
    while at < len(text):
        match = _OPTION.match(text, at)
        if not match or (match.end() == len(text) and text.endswith(",")):
            raise error(f"cannot read the options from {text[at : at + 40]!r}")
        name, value = match[1].lower(), match[2]
        if name not in _OPTIONS:
            raise error(f"unknown option {name!r}")
        if name in found:
            raise error(f"{name} stands twice")
        if (value is None) is not (name == "cert-authority"):
            raise error(f"{name} {'takes no value' if name == 'cert-authority' else 'needs a value'}")
        found[name] = value or ""
        at = match.end()
    for name, value in found.items():
        if name.startswith("valid-") and not _is_time(value):
            raise error(f"{name}: {value[:40]!r} is not a time such as 20301231 or 20301231235959Z")
    return found


def _is_time(value: str) -> bool:
    from datetime import datetime  # noqa: PLC0415 - most lines have no time

    digits = value.removesuffix("Z")
    try:
        return bool(_TIME.fullmatch(value)) and bool(datetime.strptime(digits, "%Y%m%d%H%M%S"[: len(digits) - 2]))  # noqa: DTZ007
    except ValueError:
        return False


def _key(kind: str, text: str, error: _Error) -> bytes:
    try:
        key = b64decode(text, validate=True)
    except ValueError as exc:
        raise error("the key is not in base64") from exc
    if not key.startswith(len(kind).to_bytes(4, "big") + kind.encode()):
        raise error(f"the key is not of the type {kind}")
    return key


def fits(name: str, patterns: Iterable[str]) -> bool:
    """Tell whether ``name`` fits a list as OpenSSH means it: one of the patterns, and none that begins with ``!``."""
    good = False
    for pattern in patterns:
        if _fits(name, pattern.removeprefix("!")):
            if pattern.startswith("!"):
                return False
            good = True
    return good


def _fits(name: str, pattern: str) -> bool:
    """Match ``*`` and ``?`` without trying all ways: the last star takes one character more at each dead end."""
    at = index = 0
    star, kept = -1, 0
    while at < len(name):
        if index < len(pattern) and pattern[index] == "*":
            star, kept = index, at
            index += 1
        elif index < len(pattern) and pattern[index] in ("?", name[at]):
            at, index = at + 1, index + 1
        elif star >= 0:
            kept += 1
            at, index = kept, star + 1
        else:
            return False
    return not pattern[index:].strip("*")


def holders(signers: Sequence[Signer], key: bytes, namespace: str) -> tuple[str, ...]:
    """Return the names and patterns that a key stands for, in the order of the lines."""
    names = (
        pattern
        for signer in signers
        if signer.key == key and not signer.authority and signer.holds_for(namespace)
        for pattern in signer.patterns
        if not pattern.startswith("!")
    )
    return tuple(dict.fromkeys(names))
