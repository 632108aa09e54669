"""Match paths with globs, in time that no pattern can run away with.

``*`` and ``?`` stay within a segment, ``**`` as a segment stands for any number of
them, ``{a,b}`` for either, and a trailing slash for all that lies below. A pattern is
anchored at the top: ``*.py`` is a file there, ``**/*.py`` one anywhere. Case, look-alike
letters and accents do not count, as in all of our judgements by path. Brackets are
themselves: routers have files such as ``[id].tsx``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from sayso import pathwords

LONGEST = 300
_MOST_ALTERNATIVES = 64
_MOST_SEGMENTS = 32
_BRACES = re.compile(r"\{([^{}]*)\}")


def problem(pattern: str) -> str:
    """Say why ``pattern`` cannot be used, or return ""."""
    if not pattern:
        return "is empty"
    if len(pattern) > LONGEST:
        return f"has more than {LONGEST} characters"
    if not pattern.isprintable():
        return "has characters that cannot be seen"
    if "\\" in pattern or pattern.startswith(("/", "!", "~")):
        return "must be a path from the top, with '/' between folders"
    options = [braces.count(",") + 1 for braces in _BRACES.findall(pattern)]
    if "{" in _BRACES.sub("", pattern) or "}" in _BRACES.sub("", pattern):
        return "has braces within braces, or ones that are not closed"
    total = 1
    for count in options:
        total *= count
    if total > _MOST_ALTERNATIVES:
        return f"has more than {_MOST_ALTERNATIVES} alternatives"
    for option in _alternatives(pattern):
        segments = option.removesuffix("/").split("/")
        if len(segments) > _MOST_SEGMENTS:
            return f"has more than {_MOST_SEGMENTS} segments"
        if any(segment in {"", ".", ".."} for segment in segments):
            return "has an empty segment, or '.' or '..'"
        if any("**" in segment and segment != "**" for segment in segments):
            return "has '**' as a part of a segment: it can only be a whole one"
    return ""


def matches(pattern: str, path: str) -> bool:
    """Tell whether ``path``, from the top, is one that ``pattern`` means."""
    whole, segments = _segments(path)
    return any(literal in whole and _fits(option, segments) for literal, option in _compiled(pattern))


def any_matches(patterns: Iterable[str], path: str) -> bool:
    """Tell whether one of ``patterns`` means ``path``."""
    return any(matches(pattern, path) for pattern in patterns)


def _folded(text: str) -> str:
    return pathwords.fold(text).lower()


@lru_cache(maxsize=1024)
def _segments(path: str) -> tuple[str, list[str]]:
    whole = _folded(path)
    return whole, whole.split("/")


@lru_cache(maxsize=4096)
def _compiled(pattern: str) -> tuple[tuple[str, list[str]], ...]:
    """Return each alternative as segments, with the longest piece that a path must hold, wherever it is."""
    options = []
    for option in map(_folded, _alternatives(pattern)):  # folding may make braces of what are none
        segments: list[str] = []
        for segment in (f"{option}**" if option.endswith("/") else option).split("/"):
            if segments[-1:] != ["**"] or segment != "**":
                segments.append(segment)
        if segments[-1] == "**" and len(segments) > 1:
            segments.append("*")  # what lies below a folder, and not the folder itself
        pieces = [piece for segment in segments for piece in re.split(r"[*?]", segment)]
        options.append((max(pieces, key=len), segments))
    return tuple(options)


def _alternatives(pattern: str) -> list[str]:
    braces = _BRACES.search(pattern)
    if not braces:
        return [pattern]
    head, tail = pattern[: braces.start()], pattern[braces.end() :]
    return [text for option in braces[1].split(",") for text in _alternatives(f"{head}{option}{tail}")]


def _segment(pattern: str, text: str) -> bool:
    """Match one segment: the first place where a part between two stars fits is as good as any later one."""
    if "?" in pattern:
        return _char_by_char(pattern, text)
    first, *rest = pattern.split("*")
    if not rest:
        return pattern == text
    last = rest.pop()
    if not (text.startswith(first) and text.endswith(last)):
        return False
    place = len(first)
    for part in rest:
        found = text.find(part, place)
        if found < 0:
            return False
        place = found + len(part)
    return place + len(last) <= len(text)


def _char_by_char(pattern: str, text: str) -> bool:
    """Do the same with question marks: at a mismatch, the last star takes one more, and no star before it ever does."""
    star, resume, at, place = -1, 0, 0, 0
    while place < len(text):
        if at < len(pattern) and pattern[at] == "*":
            star, resume = at, place
            at += 1
        elif at < len(pattern) and pattern[at] in ("?", text[place]):
            at, place = at + 1, place + 1
        elif star >= 0:
            resume += 1
            at, place = star + 1, resume
        else:
            return False
    return not pattern[at:].strip("*")


def _fits(pattern: list[str], segments: list[str]) -> bool:
    """Match a path in the same way, segment by segment, with ``**`` in place of the star."""
    star, resume, at, place = -1, 0, 0, 0
    while place < len(segments):
        if at < len(pattern) and pattern[at] == "**":
            star, resume = at, place
            at += 1
        elif at < len(pattern) and _segment(pattern[at], segments[place]):
            at, place = at + 1, place + 1
        elif star >= 0:
            resume += 1
            at, place = star + 1, resume
        else:
            return False
    return all(segment == "**" for segment in pattern[at:])
