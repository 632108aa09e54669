"""Find what makes an added line tell of a sensitive area, outside comments, documents and samples.

Three sieves keep this cheap: the words of all lines together, then the lines that
hold a gate word, and only then the pattern, which is compiled when it is first
needed. What is shown of a line is the signal, never the line: it may hold a secret.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from sayso import pathwords, tables
from sayso.model import AddedLine

_SHOWN = 120
_WORD = re.compile(r"[^\W\d]\w+")
_LEADERS = {
    "#": r"(?:^|(?<=\s))\#",
    "//": r"(?<!:)//",
    "--": r"(?:^|(?<=\s))--",
    "*": r"^\s*\*",
    '"""': r"^\s*(?:\"\"\"|''')",
}


class _Signal(NamedTuple):
    """Content that makes a line sensitive; its pattern is not tried on text that has none of the ``gate`` words."""

    area: int
    pattern: str
    gate: frozenset[str]
    groups: tuple[str, ...]
    comments: bool
    entry: tables.Table


class LineSignals:
    """The signals in added lines, and which files have lines worth judging. Areas are known by number."""

    def __init__(self, table: tables.Table) -> None:
        self._unread = frozenset(table.texts("unread"))
        self._samples = frozenset(table.texts("samples"))
        self._groups: dict[str, str] = {}
        self._markers: dict[str, re.Pattern[str]] = {}
        self._signals: list[_Signal] = []
        self._known: dict[str, re.Pattern[str]] = {}
        for group in table.tables("group"):
            name = group.text("id")
            self._groups.update(dict.fromkeys(group.texts("files"), name))
            self._markers[name] = _comment_pattern(group.texts("comments"))
            group.done()
        table.done()

    def read(self, entry: tables.Table, area: int) -> tuple[str, ...]:
        """Take in a signal of an area; return the sample lines that it must find."""
        groups = entry.texts("files", ())
        for group in groups:
            if group not in self._markers:
                raise entry.error(f"unknown group of files {group!r}", "files")
        pattern, gate = entry.text("pattern"), frozenset(entry.texts("gate"))
        self._signals.append(_Signal(area, pattern, gate, groups, entry.flag("comments", default=False), entry))
        lines = entry.texts("flag")
        entry.texts("pass", ())
        entry.done()
        return lines

    def hits(self, path: str, added: tuple[AddedLine, ...]) -> Iterator[tuple[int, int, str]]:
        """Yield area, line number and matched text: the first of each area."""
        group = self._group(path)
        if not added or group is None:
            return
        words = _gate_words(added)
        lines = _Lines(added, self._markers.get(group))
        found: dict[int, tuple[int, str]] = {}
        for signal in self._signals:
            if not signal.gate.isdisjoint(words) and (not signal.groups or group in signal.groups):
                hit = self._first(signal, lines, signal.gate & words)
                if hit and hit < found.get(signal.area, (*hit, "")):
                    found[signal.area] = hit
        for area, (number, matched) in sorted(found.items()):
            yield area, number, matched

    def _first(self, signal: _Signal, lines: _Lines, gate: frozenset[str]) -> tuple[int, str] | None:
        pattern = self._compiled(signal)
        for row in lines.with_any(gate):
            for match in pattern.finditer(lines.added[row].text):
                if signal.comments or not lines.in_comment(row, match.start()):
                    return lines.added[row].number, match[match.lastindex or 0].strip()[:_SHOWN]
        return None

    def _compiled(self, signal: _Signal) -> re.Pattern[str]:
        """Compile on first use: all patterns together would cost a run more than everything else."""
        pattern = self._known.get(signal.pattern)
        if pattern is None:
            try:
                pattern = self._known[signal.pattern] = re.compile(signal.pattern)
            except re.error as exc:
                raise signal.entry.error(f"not a regular expression: {exc}", "pattern") from exc
        return pattern

    def _group(self, path: str) -> str | None:
        """Return the group of files that ``path`` belongs to, "" if it has none, None if its lines are not judged."""
        head, _, name = path.lower().rpartition("/")
        suffix = name.rpartition(".")[2]
        if suffix in self._unread or any(word in self._samples for word in pathwords.pieces(f"{head}/{name}")):
            return None
        return self._groups.get(name) or self._groups.get(suffix, "")


def _gate_words(added: tuple[AddedLine, ...]) -> set[str]:
    """Return the words of the lines in lower case, whole and as parts: ``dbpassword`` and ``password``."""
    words = set()
    for word in set(_WORD.findall("\n".join(line.text for line in added))):
        words.add(word.lower())
        if "_" in word or not (word.islower() or word.isupper()):
            words.update(pathwords.pieces(word))
    return words


class _Lines:
    """Added lines, with what is comment in them worked out where somebody asks."""

    def __init__(self, added: tuple[AddedLine, ...], comment: re.Pattern[str] | None) -> None:
        self.added = added
        self._lower = [line.text.lower() for line in added]
        self._comment = comment
        self._code_ends: dict[int, int] = {}

    def with_any(self, words: frozenset[str]) -> Iterator[int]:
        """Yield the index of each line that holds one of ``words``."""
        for row, line in enumerate(self._lower):
            if any(word in line for word in words):
                yield row

    def in_comment(self, row: int, offset: int) -> bool:
        """Tell whether a comment starts before ``offset`` on the line."""
        if row not in self._code_ends:
            self._code_ends[row] = self._code_end(self.added[row].text)
        return offset >= self._code_ends[row]

    def _code_end(self, line: str) -> int:
        for match in self._comment.finditer(line) if self._comment else ():
            if match.lastgroup == "comment":
                return match.start()
        return len(line)


def _comment_pattern(markers: tuple[str, ...]) -> re.Pattern[str]:
    """Match comment leaders and, so as to step over what they hold, strings; an open string ends with the line."""
    leaders = "|".join(_LEADERS.get(marker, re.escape(marker)) for marker in markers) or r"(?!)"
    strings = "|".join(rf"{quote}(?:[^{quote}\\]|\\.)*(?:{quote}|$)" for quote in "\"'`")
    return re.compile(rf"(?P<comment>{leaders})|{strings}", re.DOTALL)
