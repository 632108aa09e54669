"""Tell which areas a path belongs to: words, file names and directories compiled into bit masks.

Bulk use sets the shape: a history has millions of paths in few directories, so
what is known of a directory and of a file name is remembered.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from sayso import pathwords

_REMEMBERED = 100_000
_LONG_PATH = 4_096
_LONG_SUFFIX = 64
_BRACES = re.compile(r"\{([^{}]*)\}")


class AreaPaths(NamedTuple):
    """What makes a path belong to an area.

    ``words`` count in any segment, ``names`` only in the file name, and those that
    begin with "^" only as its first word; each may be a sequence ("api key"). ``paths`` are a file name (``*.pem``),
    a directory (``db/migrate/``), or a file name anywhere below a directory
    (``k8s/*.yaml``); a leading slash ties them to the root. A segment with one of
    ``except_words``, and a path that matches ``except_paths``, do not count.
    """

    words: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    except_words: tuple[str, ...] = ()
    except_paths: tuple[str, ...] = ()


class _Words:
    """Words and word sequences, and their plurals, with a bit for every area that they stand for."""

    def __init__(self) -> None:
        self._single: dict[str, int] = {}
        self._sequences: dict[str, list[tuple[list[str], int]]] = {}

    def add(self, entry: str, bit: int) -> None:
        *head, last = entry.split()
        for form in (last, _plural(last)):
            if head:
                self._sequences.setdefault(head[0], []).append(([*head[1:], form], bit))
            else:
                self._single[form] = self._single.get(form, 0) | bit

    def hits(self, words: list[str], known: set[str]) -> Iterator[tuple[str, int]]:
        """Yield what stands for an area among the words of a segment; ``known`` also has those not split by case."""
        for word in known & self._single.keys():
            yield word, self._single[word]
        for word in known & self._sequences.keys():
            for rest, bits in self._sequences[word]:
                for start in (index for index, other in enumerate(words, 1) if other == word):
                    if words[start : start + len(rest)] == rest:
                        yield " ".join([word, *rest]), bits


class _Pattern(NamedTuple):
    """A file name, perhaps with stars, below ``folders``; everything below them if ``name`` is empty."""

    text: str
    anchored: bool
    folders: tuple[str, ...]
    name: str
    bit: int

    def below(self, segments: tuple[str, ...]) -> bool:
        """Tell whether a directory of these segments is the one that the pattern speaks of."""
        return segments == self.folders if self.anchored else segments[-len(self.folders) :] == self.folders

    def fits(self, name: str) -> bool:
        prefix, *middle = self.name.split("*")
        if not middle:
            return name == prefix
        suffix, at = middle.pop(), len(prefix)
        if not name.startswith(prefix) or not name.endswith(suffix):
            return False
        for part in middle:
            found = name.find(part, at)
            if found < 0:
                return False
            at = found + len(part)
        return at + len(suffix) <= len(name)


class _Folder(NamedTuple):
    """What holds below a directory; ``segments`` are as many of its last ones as a pattern can ask for."""

    segments: tuple[str, ...]
    bits: int
    inside: tuple[_Pattern, ...]


class PathIndex:
    """The areas' words and patterns, ready to match. The n-th area of the list is bit n of a mask."""

    def __init__(self, areas: Sequence[AreaPaths]) -> None:
        self._width = len(areas)
        self._words, self._names, self._vetoes = _Words(), _Words(), _Words()
        self._exact: dict[str, int] = {}
        self._suffixes: dict[str, int] = {}
        self._globs: dict[str, list[_Pattern]] = {}
        self._placed: dict[str, list[_Pattern]] = {}
        rooted: list[_Pattern] = []
        for index, area in enumerate(areas):
            for table, entries in (
                (self._words, area.words),
                (self._names, area.names),
                (self._vetoes, area.except_words),
            ):
                for entry in entries:
                    table.add(entry, 1 << index)
            self._file(area.paths, 1 << index, rooted)
            self._file(area.except_paths, 1 << (index + self._width), rooted)
        self._depth = 1 + max((len(item.folders) for items in self._placed.values() for item in items), default=0)
        self._root = _Folder((), 0, tuple(rooted))
        self._folders = {"": self._root}
        self._files: dict[str, int] = {}

    def mask(self, path: str) -> int:
        """Return the bits of the areas that ``path`` belongs to; it must be folded already."""
        head, _, name = path.rpartition("/")
        folder = self._folders.get(head) or self._folder(head)
        bits = self._files.get(name)
        if bits is None:
            bits = self._file_bits(name)
        bits |= folder.bits
        if folder.inside or name.lower() in self._placed:
            for pattern in self._local(folder, name):
                bits |= pattern.bit
        return bits & ~(bits >> self._width) & ((1 << self._width) - 1)

    def reasons(self, path: str, index: int) -> tuple[str, ...]:
        """Name the words and patterns that put the folded ``path`` into the area with bit ``index``."""
        head, _, name = path.rpartition("/")
        found: list[tuple[str, int]] = []
        segments: tuple[str, ...] = ()
        for segment in head.split("/") if head else ():
            segments = (*segments, segment.lower())[-self._depth :]
            found += self._hits(segment)
            found += [(item.text, item.bit) for item in self._at(segments) if not item.name]
        found += self._hits(name, is_file=True)
        found.append((name, self._exact.get(name.lower(), 0)))
        found += [(f"*{suffix}", self._suffixes.get(suffix, 0)) for suffix in _suffixes(name.lower())]
        patterns = (*self._local(self._folder(head), name), *self._starred(name.lower()))
        found += [(item.text, item.bit) for item in patterns]
        return tuple(dict.fromkeys(text for text, bits in found if bits >> index & 1))

    def _file(self, texts: Sequence[str], bit: int, rooted: list[_Pattern]) -> None:
        """Sort patterns by how they will be looked up."""
        for text in (expanded for entry in texts for expanded in _expand(entry)):
            *folders, name = text.removeprefix("/").lower().split("/")
            pattern = _Pattern(text, text.startswith("/"), tuple(folders), name, bit)
            if folders:
                self._placed.setdefault(folders[-1], []).append(pattern)
            elif pattern.anchored:
                rooted.append(pattern)
            elif name.startswith("*.") and "*" not in name[1:]:
                self._suffixes[name[1:]] = self._suffixes.get(name[1:], 0) | bit
            elif "*" in name:
                self._globs.setdefault(name[0], []).append(pattern)
            else:
                self._exact[name] = self._exact.get(name, 0) | bit

    def _folder(self, head: str) -> _Folder:
        """Learn a directory: its own words, what is placed there, and all that holds above it."""
        folder, above = self._root, ""
        if len(head) > _LONG_PATH:
            for segment in head.split("/"):
                folder = self._below(folder, segment)
            return folder
        if len(self._folders) > _REMEMBERED:
            self._folders = {"": self._root}
        for segment in head.split("/") if head else ():
            above = f"{above}/{segment}" if above else segment
            known = self._folders.get(above)
            if known is None:
                known = self._folders[above] = self._below(folder, segment)
            folder = known
        return folder

    def _below(self, parent: _Folder, segment: str) -> _Folder:
        segments = (*parent.segments, segment.lower())[-self._depth :]
        bits = parent.bits
        for _, found in self._hits(segment):
            bits |= found
        inside = parent.inside if parent.segments else ()
        for pattern in self._at(segments):
            if pattern.name and pattern not in inside:
                inside = (*inside, pattern)
            elif not pattern.name:
                bits |= pattern.bit
        return _Folder(segments, bits, inside)

    def _file_bits(self, name: str) -> int:
        """Learn a file name, wherever it is."""
        if len(self._files) > _REMEMBERED:
            self._files = {}
        lower = name.lower()
        bits = self._exact.get(lower, 0)
        for suffix in _suffixes(lower):
            bits |= self._suffixes.get(suffix, 0)
        for _, found in self._hits(name, is_file=True):
            bits |= found
        for pattern in self._starred(lower):
            bits |= pattern.bit
        self._files[name] = bits
        return bits

    def _local(self, folder: _Folder, name: str) -> Iterator[_Pattern]:
        """Yield the patterns that hold for this name in this directory, or for a link or submodule in place of one."""
        lower = name.lower()
        for pattern in folder.inside:
            if pattern.fits(lower):
                yield pattern
        for pattern in self._at((*folder.segments, lower)):
            if not pattern.name:
                yield pattern

    def _starred(self, name: str) -> Iterator[_Pattern]:
        """Yield the patterns with stars that a name fits, wherever it is; most begin with a letter of their own."""
        for start in (name[:1], "*"):
            for pattern in self._globs.get(start, ()):
                if pattern.fits(name):
                    yield pattern

    def _at(self, segments: tuple[str, ...]) -> list[_Pattern]:
        return [pattern for pattern in self._placed.get(segments[-1], ()) if pattern.below(segments)]

    def _hits(self, segment: str, *, is_file: bool = False) -> list[tuple[str, int]]:
        """Return a segment's words and their bits, without the areas that another word of the segment rules out."""
        words = pathwords.pieces(segment)
        if is_file:
            words = ["^", *words]
        known = {*words, *pathwords.chunks(segment)}
        found = list(self._words.hits(words, known))
        if is_file:
            found += self._names.hits(words, known)
        if not found:
            return found
        ruled_out = 0
        for _, bits in self._vetoes.hits(words, known):
            ruled_out |= bits
        return [(word, bits & ~ruled_out) for word, bits in found if bits & ~ruled_out]


def _suffixes(name: str) -> list[str]:
    """Return ``.tar.gz`` and ``.gz`` for ``x.tar.gz``."""
    tail = name[-_LONG_SUFFIX:]
    return [tail[at:] for at, char in enumerate(tail) if char == "."]


def _plural(word: str) -> str:
    if word.endswith("y") and word[-2:-1] not in "aeiou":
        return f"{word[:-1]}ies"
    return f"{word}es" if word.endswith(("s", "x", "ch", "sh")) else f"{word}s"


def _expand(entry: str) -> list[str]:
    """Write out ``{a,b}``."""
    braces = _BRACES.search(entry)
    if not braces:
        return [entry]
    return [text for option in braces[1].split(",") for text in _expand(entry.replace(braces[0], option, 1))]
