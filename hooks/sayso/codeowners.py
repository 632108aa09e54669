"""Read ``CODEOWNERS`` as GitHub does: the last pattern that fits a path says who owns it.

Patterns are those of ``.gitignore`` without ``!`` and ``[ ]``; one that ends in
``/*`` takes files and no folders. A line without owners takes ownership away. A line
that GitHub skips for a mistake is skipped here as well, and named, since its paths
belong to nobody then. The sections of GitLab are understood: a path then has the
owners of every section. Matching goes through a pattern once, whatever it holds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from sayso.model import DataError

LOCATIONS = (".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS")
"""Where the file may be. The first that is there holds, as on GitHub; GitLab looks at the top and in docs/ before."""
MOST_BYTES = 3 << 20
MOST_RULES = 20_000

_MOST_PATTERN = 1_000
_MOST_STARS = 20
_MOST_OWNERS = 200
_WORD = re.compile(r"(?:[^\s\\]|\\.)++")
_OWNER = re.compile(r"@{1,2}[A-Za-z0-9](?:[\w.-]{0,254})(?:/[\w.-]{1,255}){0,20}|[^\s@]{1,64}@[\w.-]{1,255}", re.ASCII)
_SECTION = re.compile(r"\^?\[([^\[\]]{1,255})\](?:\[\d{1,3}\])?(?=\s|$)")


class Entry(NamedTuple):
    """A line: its number, its pattern as written, the owners, and the section."""

    line: int
    pattern: str
    owners: tuple[str, ...]
    section: str = ""


class Problem(NamedTuple):
    """A line that is skipped, and why."""

    line: int
    message: str


class Owners(NamedTuple):
    """The file: its entries in their order, and the lines that are skipped."""

    source: str
    entries: tuple[Entry, ...]
    problems: tuple[Problem, ...] = ()

    def entries_of(self, path: str) -> tuple[Entry, ...]:
        """Return the entries that decide about ``path``: the last that fits of each section."""
        found: dict[str, Entry] = {}
        segments = path.split("/")
        for entry in reversed(self.entries):
            if entry.section not in found and _pattern(entry.pattern).fits(segments):
                found[entry.section] = entry
        return tuple(reversed(found.values()))

    def owners(self, path: str) -> tuple[str, ...]:
        """Return who owns ``path``; nobody, if no entry fits or the last one names none."""
        return tuple(dict.fromkeys(owner for entry in self.entries_of(path) for owner in entry.owners))


def parse(text: str, source: str) -> Owners:
    """Read the file.

    Raises:
        DataError: it is larger than GitHub reads, or has more lines than anybody needs.
    """
    if len(text) > MOST_BYTES:
        raise DataError(f"{source}: more than {MOST_BYTES >> 20} MiB: GitHub does not read such a file")
    entries: list[Entry] = []
    problems: list[Problem] = []
    section = ""
    default: tuple[str, ...] = ()
    for number, line in enumerate(text.split("\n"), 1):
        words = list(_words(line.strip()))
        head = _SECTION.match(line.strip())
        if head:
            section, default = head[1].strip().lower(), tuple(_words(line.strip()[head.end() :]))
        fault = _fault(words, default if head else words[1:], is_section=bool(head))
        if fault:
            problems.append(Problem(number, fault))
        elif words and not head:
            entries.append(Entry(number, words[0], tuple(words[1:]) or default, section))
        if len(entries) + len(problems) > MOST_RULES:
            raise DataError(f"{source}:{number}: more than {MOST_RULES} rules are too many")
    return Owners(source, tuple(entries), tuple(problems))


def _words(line: str) -> Iterator[str]:
    """Split at spaces that no backslash stands before, up to a comment."""
    for match in _WORD.finditer(line):
        if match[0].startswith("#"):
            return
        yield match[0]


def _fault(words: Sequence[str], owners: Sequence[str], *, is_section: bool) -> str:
    if not words:
        return ""
    pattern = words[0]
    bad = next((owner for owner in owners if not _OWNER.fullmatch(owner)), "")
    if bad:
        return f"{bad[:80]!r} is neither @user, @organisation/team nor an address"
    if len(owners) > _MOST_OWNERS:
        return f"more than {_MOST_OWNERS} owners"
    if is_section:
        return ""
    if len(pattern) > _MOST_PATTERN or pattern.count("*") > _MOST_STARS:
        return "a pattern longer than anybody needs"
    if pattern.startswith(("!", "\\#")) or "[" in pattern or "***" in pattern:
        return f"{pattern[:80]!r}: CODEOWNERS has no !, no [ ], no \\# and no ***"
    return ""


class _Pattern:
    """A pattern taken apart: runs of segments between double stars, each segment a regular expression or a text."""

    def __init__(self, text: str) -> None:
        parts = text.split("/")
        rooted = parts[0] == "" or "/" in text.rstrip("/")
        if parts[0] == "":
            del parts[0]
        self._below = parts[-1:] == [""]  # a trailing slash: only what is inside
        if self._below:
            del parts[-1]
        self._direct = rooted and parts[-1:] == ["*"] and not self._below
        self._inside = parts[-1:] == ["**"] or self._below
        if not rooted:
            parts = ["**", *parts]
        self._runs: list[list[re.Pattern[str]]] = [[]]
        for part in parts:
            if part == "**":
                self._runs.append([])
            else:
                self._runs[-1].append(_segment(part))
        self._nothing = not parts
        if parts[-1:] == ["**"]:
            del self._runs[-1]

    def fits(self, segments: Sequence[str]) -> bool:
        """Tell whether a path of these segments is one of the pattern's files, or lies in one of its folders."""
        if self._nothing:
            return False
        at = 0
        for number, run in enumerate(self._runs):
            last = number == len(self._runs) - 1
            found = self._place(run, segments, at, fixed=number == 0, end=last and self._direct)
            if found < 0:
                return False
            at = found + len(run)
        return at < len(segments) if self._inside else at <= len(segments)

    @staticmethod
    def _place(run: Sequence[re.Pattern[str]], segments: Sequence[str], at: int, *, fixed: bool, end: bool) -> int:
        """Return where a run of segments stands, the first such place; -1 for nowhere."""
        last = len(segments) - len(run)
        starts = range(last if end else at, (at if fixed else last) + 1)
        for start in starts:
            if at <= start <= last and all(
                part.fullmatch(segments[start + index]) is not None for index, part in enumerate(run)
            ):
                return start
        return -1


@lru_cache(MOST_RULES)
def _pattern(text: str) -> _Pattern:
    return _Pattern(text)


@lru_cache(MOST_RULES)
def _segment(text: str) -> re.Pattern[str]:
    """Turn a segment into an expression in which each star takes the first place that will do, and never another."""
    pieces = [""]
    for word in re.findall(r"\\.|\*+|[^*\\]|\\", text, re.DOTALL):
        if word.startswith("*"):
            pieces.append("")
        else:
            pieces[-1] += "." if word == "?" else re.escape(word[1:] if len(word) > 1 else word)
    if len(pieces) == 1:
        return re.compile(pieces[0], re.DOTALL)
    middle = "".join(f"(?>.*?{piece})" for piece in pieces[1:-1])
    return re.compile(f"{pieces[0]}{middle}.*{pieces[-1]}", re.DOTALL)
