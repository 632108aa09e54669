"""Read a commit message: what git will store of it, and its trailers.

Two readings of trailers exist on purpose. ``parse_trailers`` finds exactly what
``git interpret-trailers --parse --no-divider`` finds with git's default
configuration (``git commit`` itself never treats ``---`` as a divider, so
neither do we). ``loose_trailers`` finds what a person would read as a trailer
wherever it stands: many real ones are glued to prose, indented, or in an earlier
paragraph, and git sees none of those.

Line numbers are those of the text as the user wrote it. A dropped line becomes
empty, except a comment in the middle of a paragraph: it becomes a lone ``#``,
because an empty line would split a trailer block that git stores in one piece.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

DEFAULT_COMMENT = "#"
_AUTO_COMMENTS = "#;@!$%^&|:"
_CUT = " ------------------------ >8 ------------------------"
_SPACE = " \t\n\r"  # git's isspace(): no form feed, no vertical tab
_GENERATED = ("Signed-off-by: ", "(cherry picked from commit ")
_BULLET = r"[ \t]{0,12}(?:(?:[-*+\u2022\u00b7\u25cf\u2023|\u2502\u2503]|\d{1,3}[.)]|#{1,6})[ \t]{1,4}){0,3}"


class Trailer(NamedTuple):
    """A key, its unfolded value, and the line on which the key stands."""

    key: str
    value: str
    line: int


def comment_string(configured: str | None, raw: str) -> str:
    """Resolve ``core.commentString``/``core.commentChar``: absent means ``#``, "auto" is read off the message.

    With "auto" git picks a character that starts no line of the message and does
    not record its choice; its own notices stand last, or at the scissors line.
    """
    if not configured:
        return DEFAULT_COMMENT
    if configured.lower() != "auto":
        return configured
    for line in _lines(raw):
        if line.endswith(_CUT) and line[: -len(_CUT)] in _AUTO_COMMENTS:
            return line[: -len(_CUT)] or DEFAULT_COMMENT
    last = next((line for line in reversed(_lines(raw)) if line), "")
    return last[0] if last and last[0] in _AUTO_COMMENTS and last[1:2] in ("", " ", "\t") else DEFAULT_COMMENT


def clean_message(
    raw: str,
    comment: str = DEFAULT_COMMENT,
    keep_comments: bool = False,  # noqa: FBT002
    *,
    cuts: bool = True,
) -> str:
    """Return what git will store of ``raw``, line for line.

    Everything from the scissors line on goes, unless git is known to cut nothing: then ``cuts`` is false.
    ``keep_comments`` is for a message that no editor saw: git then stores comments, and has a note below scissors.
    """
    lines = [line.rstrip(_SPACE) for line in _lines(raw)]
    for number, line in enumerate(lines if cuts else ()):
        noticed = "".join(lines[number + 1 : number + 2]).startswith(comment)
        if line == comment + _CUT and (noticed or not keep_comments):
            del lines[number:]
            break
    if not keep_comments:
        _blank_comments(lines, comment)
    return "\n".join(lines)


def stored(raw: str) -> str:
    """Return the message of a commit that is there: all of it, since git cuts nothing off any more."""
    return "\n".join(line.rstrip(_SPACE) for line in _lines(raw))


def parse_trailers(text: str) -> tuple[Trailer, ...]:
    """Return the trailers that git finds in ``text``: its last paragraph, if that is a trailer block."""
    lines = text.split("\n")
    if lines[-1] == "":
        lines.pop()
    end = _trailer_end(lines)
    found: list[Trailer] = []
    folding = False
    for number in range(_trailer_start(lines, end), end):
        line = lines[number]
        if folding and line[:1] in _SPACE:
            found[-1] = found[-1]._replace(value=f"{found[-1].value}\n{line}")
            continue
        at = _separator(line)
        folding = at >= 1
        if folding:
            found.append(Trailer(line[:at].strip(_SPACE), line[at + 1 :], number + 1))
    return tuple(trailer._replace(value=_unfold(trailer.value)) for trailer in found)


def loose_trailers(text: str) -> tuple[Trailer, ...]:
    """Return every "Key: value" line of ``text``, in whatever paragraph and however oddly spaced.

    Quoted lines, fenced and indented code are left out, and so is a key in the
    middle of a sentence: a message that *speaks* of a trailer does not carry it.
    """
    found: list[Trailer] = []
    for number, line in loose_lines(text):
        match = _key_value().match(line)
        if match:
            found.append(Trailer(_tidy_key(match[1]), match[2].strip(" \t*_"), number))
        elif found and line.startswith("<") and "<" not in found[-1].value and found[-1].line in (number, number - 1):
            found[-1] = found[-1]._replace(value=f"{found[-1].value} {line}")
    return tuple(found)


def loose_lines(text: str) -> Iterator[tuple[int, str]]:
    r"""Yield number and text of the lines that are the author's own words, without bullets and invisible characters.

    A literal ``\n`` (a shell that did not expand it) ends a line too, unless it
    stands inside quotes. The lines of a squash log are indented and count, and so
    do lines that begin with ``#``: what git drops, ``clean_message`` has dropped.
    """
    lines = text.split("\n")
    code = _code_lines(lines)
    for number, line in enumerate(lines, 1):
        if number in code:
            continue
        visible = line if line.isascii() else readable(line)
        for part in _split_literal(visible) if "\\n" in visible else (visible,):
            match = _bullet().match(part)
            words = (part[match.end() :] if match else part).rstrip(_SPACE)
            if words and words[0] not in ">`":
                yield number, words


def _lines(raw: str) -> list[str]:
    return raw.replace("\r\n", "\n").split("\n")


def _blank_comments(lines: list[str], comment: str) -> None:
    """Drop comment lines in place; a run of them inside a paragraph leaves marks that git's parser skips."""
    number = 0
    while number < len(lines):
        if not lines[number].startswith(comment):
            number += 1
            continue
        end = number
        while end < len(lines) and lines[end].startswith(comment):
            end += 1
        inside = number > 0 and lines[number - 1] and end < len(lines) and lines[end]
        lines[number:end] = [DEFAULT_COMMENT if inside else ""] * (end - number)
        number = end


def _trailer_end(lines: list[str]) -> int:
    """Return where trailing comments, blank lines and an old "Conflicts:" block begin, as git's own helper does."""
    cut = next((n for n, line in enumerate(lines) if line == DEFAULT_COMMENT + _CUT), len(lines))
    tail = 0  # 0 is "none", as in git: a blank first line never begins the tail
    conflicts = False
    for number in range(cut):
        line = lines[number]
        if line[:1] in (DEFAULT_COMMENT, ""):
            tail = tail or number
        elif line == "Conflicts:":
            conflicts = True
            tail = tail or number
        elif tail and not (conflicts and line[0] == "\t"):
            tail, conflicts = 0, False
    return tail or cut


def _trailer_start(lines: list[str], end: int) -> int:
    """Return the first line of the trailer block, or ``end``.

    The block is the last paragraph, not the title, and either all of it is
    trailers, or git itself wrote one of its lines and a quarter are trailers.
    """
    title = next((n for n in range(end) if lines[n][:1] != DEFAULT_COMMENT and not lines[n].strip(_SPACE)), end)
    trailers = others = continuations = 0
    generated = False
    blank = True
    for number in range(end - 1, title - 1, -1):
        line = lines[number]
        if line[:1] == DEFAULT_COMMENT:
            others, continuations = others + continuations, 0
        elif not line.strip(_SPACE):
            if blank:
                continue
            others += continuations
            ours = trailers * 3 >= others if generated else trailers and not others
            return number + 1 if ours else end
        elif line.startswith(_GENERATED):
            generated, blank = True, False
            trailers, continuations = trailers + 1, 0
        elif line[0] in _SPACE:
            continuations, blank = continuations + 1, False
        elif _separator(line) >= 1:
            trailers, continuations, blank = trailers + 1, 0, False
        else:
            others, continuations, blank = others + continuations + 1, 0, False
    return end


def _separator(line: str) -> int:
    """Return where git sees the colon that ends a key, or -1."""
    match = _git_key().match(line)
    return match.end() - 1 if match else -1


def _unfold(value: str) -> str:
    parts = value.strip(_SPACE).split("\n")
    return " ".join([parts[0], *(part.lstrip(_SPACE) for part in parts[1:])]).strip(_SPACE)


def _tidy_key(key: str) -> str:
    return key.strip(" \t*_").replace(" ", "-").replace("_", "-")


def readable(line: str) -> str:
    """Fold full-width and no-break forms, and drop characters that nobody sees."""
    from unicodedata import normalize  # noqa: PLC0415 - most messages are ASCII

    return normalize("NFKC", _invisible().sub("", line))


def _split_literal(line: str) -> Iterator[str]:
    r"""Split at literal ``\n``, but not within quotes: there it is somebody's code."""
    start = seen = 0
    quotes = ticks = 0
    for match in re.finditer(r"(?:\\r)?\\n", line):
        quotes += line.count('"', seen, match.start())
        ticks += line.count("`", seen, match.start())
        seen = match.end()
        if quotes % 2 == 0 and ticks % 2 == 0:
            yield line[start : match.start()]
            start = match.end()
    yield line[start:]


def _code_lines(lines: list[str]) -> set[int]:
    """Return the numbers of quoted lines, of closed fences, and of paragraphs indented as code."""
    code: set[int] = set()
    fence = ""
    opened = 0
    shown = _indented_is_text(lines)
    indented = False
    blank = True
    for number, line in enumerate(lines, 1):
        words = line.lstrip()
        if not words:
            blank = True
            continue
        if words[:3] in ("```", "~~~"):
            if not fence:
                fence, opened = words[:3], number
            elif words[:3] == fence:
                code.update(range(opened, number + 1))
                fence = ""
        indented = line.startswith(("    ", "\t")) and (indented or blank)
        if words[0] == ">" or (indented and not shown):
            code.add(number)
        blank = False
    return code


def _indented_is_text(lines: list[str]) -> bool:
    """Tell a squash log, or a message indented as a whole, from a message that shows code."""
    body = [line for line in lines[1:] if line.strip()]
    if all(line[:1] in " \t" for line in body):
        return True
    return any(_log_head().match(line) for line in lines)


@lru_cache(1)
def _git_key() -> re.Pattern[str]:
    return re.compile(r"[A-Za-z0-9-]*+(?:(?<=.)[ \t]++)?:", re.ASCII)


@lru_cache(1)
def _key_value() -> re.Pattern[str]:
    return re.compile(r"[*_]{0,3}([A-Za-z][A-Za-z0-9 _-]{1,39})[*_]{0,3}[ \t]{0,8}:[ \t]{0,80}(\S.*)", re.DOTALL)


@lru_cache(1)
def _bullet() -> re.Pattern[str]:
    return re.compile(_BULLET)


@lru_cache(1)
def _log_head() -> re.Pattern[str]:
    return re.compile(r"Squashed commit of the following:|commit [0-9a-f]{7,64}\b")


@lru_cache(1)
def _invisible() -> re.Pattern[str]:
    return re.compile("[\u00ad\u034f\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufe0e\ufe0f\ufeff]")
