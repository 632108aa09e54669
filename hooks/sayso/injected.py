"""Find text that addresses a model and tells it what to do, in files that nobody meant to instruct it.

Words alone are not enough: programs are full of prompts. What counts is an order
to drop earlier instructions; an address to an agent, followed closely by an order
to hide, send away, run or approve something; and, where a reader does not see the
text at all, any order to an agent.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from sayso.model import AddedLine
from sayso.tables import Table
from sayso.unseen import fold

KINDS = ("override", "address", "order", "harm", "frame")
_REACH = 260
_LEADER = r"\s*(?:(?:#+|//+!?|/?\*+|--+|;+|>+|<!--+|%+|\|)\s*){0,3}"
_GAP = " \u241e "
_MOST_TEXT = 4 << 20
_SHORTEST_BLOB = 32
_MOST_BLOBS = 40
_LONGEST_LINE = 200_000
_SHOWN = 90
_STYLED = (
    r"(?i)<(\w{1,20})\b[^<>]{0,300}?(?:display\s?:\s?none|visibility\s?:\s?hidden|font-size\s?:\s?0(?![.\d]*[1-9])|opacity\s?:\s?0(?![.\d]*[1-9])"
    r"|[\s;\"'](?:color\s?[:=]\s?[\"']?(?:white|transparent|#fff(?:fff)?)\b)|\shidden(?=[\s>]))[^<>]{0,300}>"
)
_REFERENCE = r"(?m)^[ \t]{0,3}\[[^\]\n]{1,40}\]:[ \t]{0,9}(?:#|<>)[ \t]{0,9}[(\"']([^\n]{1,4000})"
_ALT = r"!\[([^\]\n]{20,2000})\]\(|\b(?:alt|title|aria-label)=\"([^\"\n]{20,2000})\""
_BLOB = r"(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/]{32,4096}={0,2}(?![A-Za-z0-9+/])"


class Directive(NamedTuple):
    """Words to look for: of the texts in ``gate``, and of those in ``also``, there must be one before they are."""

    kind: str
    gate: tuple[str, ...]
    also: tuple[str, ...]
    pattern: str


class Segment(NamedTuple):
    """Text that a reader does not see: how it is hidden, and where it starts and ends."""

    how: str
    start: int
    end: int


class Order(NamedTuple):
    """Something that speaks to an agent: the line, the words, how they are hidden ("" if not), and up to which line."""

    line: int
    words: str
    how: str = ""
    end: int = 0


@cache
def _rx(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


class Directives:
    """The words by which text speaks to a model."""

    def __init__(self, table: Table) -> None:
        self._by_kind: dict[str, list[Directive]] = {kind: [] for kind in KINDS}
        for entry in table.tables("directive"):
            directive = Directive(
                entry.choice("kind", KINDS), entry.texts("gate"), entry.texts("also", ()), entry.text("pattern")
            )
            self._by_kind[directive.kind].append(directive)
            entry.done()

    def may(self, low: str, *, concealed: bool = False) -> bool:
        """Tell whether text in lower case may hold anything, before any work is done on it."""
        kinds = ("address", "override", "frame", "harm") if concealed else ("address", "override", "frame")
        return any(_open(directive, low) for kind in kinds for directive in self._by_kind[kind])

    def spoken(self, text: str, *, concealed: bool, prose: bool) -> tuple[int, str] | None:
        """Return the place and the words of the first order to a model in ``text``, which is in lower case.

        ``concealed`` text needs no more than an order; ``prose`` tells documents, where the marks of a chat have no
        business, from programs, which send them.
        """
        found = [(match.start(), match[0]) for match in self._all("override", text)]
        if prose or concealed:
            found += [(match.start(), match[0]) for match in self._all("frame", text)]
        kinds = ("harm", "order") if concealed else ("harm",)
        for address in self._all("address", text):
            near = text[address.start() : address.end() + _REACH].partition(_GAP)[0]
            acts = (act for kind in kinds for act in self._all(kind, near))
            if act := next(acts, None):
                found.append((address.start(), near[: act.end()]))
                break
        if concealed and not found:
            found += [(match.start(), match[0]) for match in self._all("harm", text)]
        return min(found, default=None)

    def _all(self, kind: str, text: str) -> Iterator[re.Match[str]]:
        for directive in self._by_kind[kind]:
            if _open(directive, text):
                yield from _rx(directive.pattern).finditer(text)


def _open(directive: Directive, text: str) -> bool:
    return any(word in text for word in directive.gate) and (
        not directive.also or any(word in text for word in directive.also)
    )


class _Running:
    """Added lines as running text in lower case, without the marks of comments, and the line of each place in it."""

    def __init__(self, added: Sequence[AddedLine]) -> None:
        parts: list[str] = []
        self._starts: list[int] = []
        self._numbers: list[int] = []
        at, last = 0, 0
        for item in added:
            bare = _rx(_LEADER).sub("", item.text, count=1)
            part = (" " if item.number == last + 1 and bare.strip() else _GAP) + fold(bare).lower()
            self._starts.append(at)
            self._numbers.append(item.number)
            parts.append(part)
            at, last = at + len(part), item.number
            if at > _MOST_TEXT:
                break
        self.text = "".join(parts)

    def line(self, at: int) -> int:
        """Return the number of the line at a place."""
        return self._numbers[max(0, bisect_right(self._starts, at + 1) - 1)]


def orders(
    added: Sequence[AddedLine], text: str, directives: Directives, *, markup: bool, prose: bool
) -> Iterator[Order]:
    """Yield what speaks to an agent in added lines; ``text`` is the whole new text.

    ``markup`` says that the file can hide text from its reader: a comment, a style, a description of an image.
    """
    low = "\n".join(item.text for item in added)[:_MOST_TEXT].lower()
    coded = ("base64" in low or "decode" in low or "atob" in low) and list(_blobs(added, directives))
    hidden: set[int] = set()
    if markup and directives.may(_plain(text[:_MOST_TEXT]), concealed=True):
        numbers = {item.number for item in added}
        for order in _hidden(text[:_MOST_TEXT], directives, numbers):
            hidden.update(range(order.line, order.end + 1))
            yield order
    if directives.may(_plain(low)):
        running = _Running(added)
        found = directives.spoken(running.text, concealed=False, prose=prose)
        if found and running.line(found[0]) not in hidden:
            yield Order(running.line(found[0]), _cut(found[1]))
    yield from coded or ()


def _plain(text: str) -> str:
    """Return text in lower case, with what hides in it undone."""
    return text.lower() if text.isascii() else fold(text).lower()


def _hidden(text: str, directives: Directives, numbers: set[int]) -> Iterator[Order]:
    line, counted = 1, 0
    for segment in sorted(_segments(text), key=lambda item: item.start):
        line += text.count("\n", counted, segment.start)
        counted = segment.start
        inner = text[segment.start : segment.end]
        low = _rx(r"\s+").sub(" ", fold(inner).lower())
        if not directives.may(low, concealed=True):
            continue
        found = directives.spoken(low, concealed=True, prose=True)
        last = line + inner.count("\n")
        if found and not numbers.isdisjoint(range(line, last + 1)):
            yield Order(next(n for n in range(line, last + 1) if n in numbers), _cut(found[1]), segment.how, last)


def _segments(text: str) -> Iterator[Segment]:
    at = text.find("<!--")
    while at >= 0:
        end = text.find("-->", at + 4)
        stop = len(text) if end < 0 else end
        yield Segment("a comment that is not shown", at + 4, stop)
        at = text.find("<!--", stop)
    for match in _rx(_STYLED).finditer(text):
        end = text.find("</", match.end(), match.end() + 2_000)
        yield Segment("text that is styled so as not to be seen", match.end(), end if end > 0 else match.end() + 600)
    for match in _rx(_REFERENCE).finditer(text):
        yield Segment("a link that is only a comment", match.start(1), match.end(1))
    for match in _rx(_ALT).finditer(text):
        which = 1 if match[1] else 2
        yield Segment("the description of an image or a link", match.start(which), match.end(which))


def _blobs(added: Sequence[AddedLine], directives: Directives) -> Iterator[Order]:
    """Decode what stands in base64, where something close by speaks of decoding."""
    from base64 import b64decode  # noqa: PLC0415 - few texts speak of it

    seen = 0
    for index, item in enumerate(added):
        blobs = _rx(_BLOB).findall(item.text[:_LONGEST_LINE]) if len(item.text) >= _SHORTEST_BLOB else []
        if not blobs:
            continue
        around = " ".join(other.text[:2_000].lower() for other in added[max(0, index - 3) : index + 4])
        if not any(word in around for word in ("base64", "decode", "atob", "b64")):
            continue
        for found in blobs:
            seen += 1
            if seen > _MOST_BLOBS:
                return
            blob = found.rstrip("=")
            try:
                plain = b64decode(blob + "=" * (-len(blob) % 4)).decode("ascii")
            except ValueError:
                continue
            low = plain.lower()
            if plain.isprintable() and (order := directives.spoken(low, concealed=True, prose=True)):
                yield Order(item.number, _cut(order[1]), "text in base64 that something close by says to decode")


def _cut(words: str) -> str:
    """Show words on one line, cut short, as plain ASCII."""
    line = " ".join(words.replace(_GAP.strip(), " ").split()).encode("ascii", "replace").decode("ascii")
    line = "".join(char if char.isprintable() else "?" for char in line)
    return line if len(line) <= _SHOWN else line[: _SHOWN - 3] + "..."
