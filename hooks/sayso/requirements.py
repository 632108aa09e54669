"""Read what pip would install from a requirements file, without pip.

Every line that could bring in a package ends up in one of three places: a pin (an
exact version, which can be looked up), an include (another file of the
repository), or a gap, which is named and never counts as clear. A pin behind a
marker is a pin: somewhere the marker is true. What this reader does not know for
certain, it does not guess.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

_NAME = re.compile(r"([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)\s*(?:\[[^\]]*\]\s*)?(.*)", re.DOTALL)
_CLAUSE = re.compile(r"(===|==|~=|!=|<=|>=|<|>)\s*([^\s,;]+)\s*")
_COMMENT = re.compile(r"(^|\s)#.*$")
_VARIABLE = re.compile(r"\$\{[A-Z0-9_]+\}")
_CODING = re.compile(r"^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)")
_HASH = re.compile(r"sha256:[0-9a-fA-F]{64}|sha384:[0-9a-fA-F]{96}|sha512:[0-9a-fA-F]{128}")
_VERSION = re.compile(
    r"v?(?:\d+!)?\d+(?:\.\d+)*"
    r"(?:[-_.]?(?:alpha|beta|preview|pre|a|b|c|rc)[-_.]?\d*)?"
    r"(?:-\d+|[-_.]?(?:post|rev|r)[-_.]?\d*)?"
    r"(?:[-_.]?dev[-_.]?\d*)?"
    r"(\+[a-z0-9]+(?:[-_.][a-z0-9]+)*)?",
    re.IGNORECASE,
)

LOCK = "lock it: pip-compile --generate-hashes, or uv export --format pylock.toml -o pylock.toml"
_FLAGS = frozenset(("--no-index", "--prefer-binary", "--require-hashes", "--pre"))
_VALUED = frozenset(
    ("-i", "--index-url", "--pypi-url", "--extra-index-url", "-f", "--find-links", "--no-binary", "--only-binary")
) | {"--trusted-host", "--use-feature"}
_EDITABLE = frozenset(("-e", "--editable"))
_INCLUDES = frozenset(("-r", "--requirement", "-c", "--constraint"))
_OF_REQUIREMENT = frozenset(("--global-option", "--config-settings", "--config-setting", "-C", "--install-option"))
_PLAIN_CODINGS = frozenset(("utf-8", "utf8", "ascii", "us-ascii", "utf-8-sig"))


class Pin(NamedTuple):
    """A package at an exact version, and the line that says so; ``always`` is false behind a marker."""

    name: str
    version: str
    line: int
    always: bool = True


class Gap(NamedTuple):
    """What cannot be looked up, and why. ``name`` is the package, where a pin elsewhere could settle it."""

    line: int
    what: str
    reason: str
    name: str = ""


class Include(NamedTuple):
    """Another file that belongs to this one, as it is written: a path relative to the file that names it."""

    line: int
    target: str


class Listing(NamedTuple):
    """All that one file says of dependencies. ``whole`` tells that it must list what its packages need, too."""

    pins: tuple[Pin, ...] = ()
    gaps: tuple[Gap, ...] = ()
    includes: tuple[Include, ...] = ()
    whole: bool = False


def normal(name: str) -> str:
    """Return the name under which a package index knows a package."""
    return re.sub(r"[-_.]+", "-", name).lower()


def read(text: str) -> Listing:
    """Read a requirements or constraints file."""
    coding = next(filter(None, map(_CODING.match, text.splitlines()[:2])), None)
    if coding and coding[1].lower() not in _PLAIN_CODINGS:
        return Listing(gaps=(Gap(1, "the file", f"declares the encoding {coding[1]}: save it as UTF-8"),))
    pins: list[Pin] = []
    gaps: list[Gap] = []
    includes: list[Include] = []
    bare: list[Gap] = []
    hashes = False
    for number, line in _logical(text):
        words = line.split()
        at = next((index for index, word in enumerate(words) if word.startswith("-")), len(words))
        problem, hashed = _options(words[at:], number, includes, alone=not at)
        hashes |= hashed
        if problem or not at:
            gaps += [Gap(number, line, problem)] if problem else []
            continue
        found = requirement(" ".join(words[:at]), number)
        if isinstance(found, Gap):
            gaps.append(found)
        else:
            pins.append(found)
            if not hashed:
                bare.append(Gap(number, line, "has no hash where others have one, so pip refuses the whole file"))
    return Listing(tuple(pins), (*gaps, *(bare if hashes else ())), tuple(includes), hashes)


def requirement(text: str, line: int) -> Pin | Gap:
    """Read one requirement, as PEP 508 writes it."""
    if _VARIABLE.search(text):
        return Gap(line, text, "depends on an environment variable")
    named = _NAME.fullmatch(text.strip())
    if not named or "://" in text.partition("@")[0]:
        return Gap(line, text, "is a path or an address, whose version nobody can look up")
    name, rest = normal(named[1]), named[2]
    if rest.startswith("@"):
        return Gap(line, text, "comes from an address, whose version nobody can look up")
    rest, marker, _ = rest.partition(";")
    clauses = _clauses(rest.strip())
    if clauses is None:
        return Gap(line, text, "cannot be read as a requirement")
    exact = {version for operator, version in clauses if operator in {"==", "==="}}
    version = exact.pop() if len(exact) == 1 else ""
    known = _VERSION.fullmatch(version)
    if not known:
        return Gap(line, text, "is not pinned to one version", name)
    return Pin(name, version.removesuffix(known[1] or ""), line, not marker)


def is_version(text: str) -> bool:
    """Tell whether ``text`` is a version that can be compared."""
    return bool(_VERSION.fullmatch(text))


def _clauses(text: str) -> list[tuple[str, str]] | None:
    if text.startswith("(") and text.endswith(")"):
        text = text[1:-1].strip()
    found = []
    for part in text.split(",") if text else ():
        clause = _CLAUSE.fullmatch(part.strip())
        if not clause:
            return None
        found.append((clause[1], clause[2]))
    return found


def _options(words: Sequence[str], line: int, includes: list[Include], *, alone: bool) -> tuple[str, bool]:
    """Read the options of a line; return what is wrong with them, or "", and whether they hold a hash."""
    hashed = False
    rest = iter(words)
    for word in rest:
        name, value = _split(word)
        if name in _EDITABLE:
            return "is editable, so what it brings in is not written here", hashed
        if alone and name in _FLAGS and value is None:
            continue
        value = value or next(rest, "")
        if not value or any(mark in value for mark in "\"'\\") or _VARIABLE.search(value):
            return f"has an option whose value cannot be read: {name}", hashed
        if alone and name in _INCLUDES:
            includes.append(Include(line, value))
        elif not alone and name == "--hash":
            if not _HASH.fullmatch(value):
                return "has a hash that pip does not accept: sha256, sha384 or sha512, in full", hashed
            hashed = True
        elif name not in (_VALUED if alone else _OF_REQUIREMENT):
            return f"has an option that is not known here: {name}", hashed
    return "", hashed


def _split(word: str) -> tuple[str, str | None]:
    """Split an option from a value that is written onto it: ``-rother.txt``, ``--hash=…``."""
    if word.startswith("--"):
        name, equals, value = word.partition("=")
        return name, value if equals else None
    return word[:2], word[2:].removeprefix("=") or None


def _logical(text: str) -> Iterator[tuple[int, str]]:
    """Yield lines as pip joins them at a backslash, without comments and empty ones, with their first number."""
    parts: list[str] = []
    first = 0
    for number, line in enumerate(text.splitlines(), 1):
        first = first or number
        comment = line.lstrip().startswith("#")
        if line.endswith("\\") and not comment:
            parts.append(line.removesuffix("\\"))
            continue
        parts.append(f" {line}" if comment else line)
        whole = _COMMENT.sub("", "".join(parts)).strip()
        if whole:
            yield first, whole
        parts, first = [], 0
    whole = _COMMENT.sub("", "".join(parts)).strip()
    if whole:
        yield first, whole
