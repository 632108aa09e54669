"""Turn prose as people and models write it into statements that a rule can be matched against.

A statement is a sentence, a heading, a list item or a table row. It keeps the
line on which it starts and its words as written, and has a ``norm``: lower
case, without mark-up, look-alike letters and hidden characters, with every
quotation and every code span replaced by a mark. What stands in a closed code
fence or in a block quotation is nobody's own statement and is left out; an
unclosed fence hides nothing, and neither does a call-out (``> **Note** ...``).
"""

# ruff: noqa: RUF001 - characters that look alike are the subject

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import NamedTuple

from sayso.unseen import fold

__all__ = ["Statement", "fold", "hidden", "normalise", "statements"]

QUOTED, CODE = "\ue000", "\ue001"
_LONGEST = 1200
_PICTOGRAMS = "[\u2600-\u269f\u26a1-\u2704\u2706-\u274b\u274d-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff]"
_BLOCK_TAGS = "br|p|div|li|ul|ol|td|th|tr|table|h[1-6]|hr|section|blockquote|pre|dt|dd"


class Statement(NamedTuple):
    """One statement: its first and last line, its words as written, what it says, and whether it is yet to be done."""

    line: int
    end: int
    text: str
    norm: str
    pending: bool = False


class _Block(NamedTuple):
    lines: list[tuple[int, str]]
    pending: bool = False
    done: bool = False


@cache
def _rx(pattern: str, flags: int = 0) -> re.Pattern[str]:
    return re.compile(pattern, flags)


def hidden(text: str) -> list[tuple[int, str]]:
    """Return line and description of every character that a reader cannot see but a program reads."""
    from sayso.unseen import find_hidden  # noqa: PLC0415 - few texts have any

    return find_hidden(text)


def normalise(text: str) -> str:
    """Reduce ``text``, in which quotations and code are masked already, to what a rule is matched against."""
    text = fold(text)
    if "<" in text:
        text = _rx(rf"</?(?:{_BLOCK_TAGS})(?:\s[^<>]{{0,200}})?/?>", re.IGNORECASE).sub(" ", text)
        text = _rx(r"<[/!]?[a-zA-Z][^<>]{0,200}>|<!--|-->").sub("", text)
    if "](" in text or "][" in text:
        text = _rx(r"!\[[^\[\]]{0,200}\]\([^()\s]{0,400}\)").sub(" ", text)
        text = _rx(r"\[([^\[\]]{1,200})\](?:\([^()\s]{0,400}\)|\[[^\[\]]{0,80}\])").sub(r"\1", text)
    text = _rx(r"\*+|~~|__|(?<!\w)_(?=\w)|(?<=\w)_(?!\w)|(?<=\\)\\|\\(?=[*_#`])").sub("", text.lower())
    if not text.isascii():
        text = _rx(_PICTOGRAMS).sub(" ", text)
    text = _unspace(text)
    text = _rx(f"{QUOTED}+").sub(' "q" ', _rx(f"{CODE}+").sub(" `c` ", text))
    return _rx(r"\s+").sub(" ", text.replace("[", " ").replace("]", " ")).strip()


def _unspace(text: str) -> str:
    """Join letters that are set apart, as in "s e c u r e"; two spaces end a word."""
    spaced = _rx(r"(?<![\w'])[a-z](?:[ .\-_·][a-z]){3,40}(?![\w'])")
    return spaced.sub(lambda found: _rx(r"[ .\-_·]").sub("", found[0]), text)


def statements(
    text: str,
    *,
    message: bool = False,
    keep: re.Pattern[str] | None = None,
    gate: Callable[[str], bool] | None = None,
) -> Iterator[Statement]:
    """Yield the statements of ``text``.

    ``message`` says that it is a commit message: the first line stands alone and indented lines are text. ``keep``
    names the code spans that are words of the sentence, such as the name of a scanner. ``gate`` may rule out a
    paragraph before any work is done on it.
    """
    if "&" in text:
        text = _unescape(text)
    for block in _blocks(text, message=message):
        if gate is None or gate(" ".join([line for _, line in block.lines])):
            yield from _sentences(block, keep)


def _unescape(text: str) -> str:
    from html import unescape  # noqa: PLC0415 - only text with entities pays for it

    return _rx(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z]{2,31});").sub(
        lambda found: unescape(found[0]).replace("\n", " "), text
    )


_MARK = (
    r"\s*(?:(?:[-*+•▪◦‣·●○–—]|\d{1,3}[.)]|[a-z]\))\s+)?"
    r"(?:(?:\[(?P<box>[ xX✓✔✅]?)\]|(?P<empty>[□☐⬜◻▢]))\s+)?(?P<rest>.*)"
)


def _blocks(text: str, *, message: bool) -> Iterator[_Block]:
    """Group lines into paragraphs; headings, list items, table rows and labelled lines are blocks of their own."""
    lines = text.split("\n")
    skipped = _fenced(lines)
    begins = _rx(r"\s*(?:[-*+•▪◦‣·●○]\s|\d{1,3}[.)]\s|#{1,6}\s|\||\[[ xX]?\]\s|[^\w\s'\"(`<\[*_#@$/\\-])")
    label = _rx(r"\s*(?:\*\*|__)?[A-Z][\w/&-]{0,24}(?:[ -][\w/&()-]{1,20}){0,4}(?:\*\*|__)?:(?:\*\*|__)?(?:\s|$)")
    current: list[tuple[int, str]] = []
    for number, line in enumerate(lines, 1):
        bare = line.strip()
        stop = not bare or number in skipped or bare.startswith(("```", "~~~")) or _is_rule(bare) or _is_quoted(bare)
        indented = not message and not stop and not current and number > 1 and _is_indented_code(lines, number)
        alone = message and number == 2  # noqa: PLR2004 - the line below the subject
        if current and (stop or indented or alone or begins.match(line) or label.match(line)):
            yield _marked(current)
            current = []
        if stop or indented:
            continue
        current.append((number, bare[1:].lstrip() if bare[0] == ">" else line))
        if bare[0] in "#|":
            yield _marked(current)
            current = []
    if current:
        yield _marked(current)


def _marked(lines: list[tuple[int, str]]) -> _Block:
    """Take heading marks, bullets and check boxes off the first line."""
    number, first = lines[0]
    found = _rx(_MARK, re.DOTALL).match(first.lstrip().lstrip("#"))
    box = found["box"] if found else None
    rest = found["rest"] if found else first
    return _Block(
        [(number, rest), *lines[1:]],
        pending=box in ("", " ") or bool(found and found["empty"]) or "| [ ]" in first,
        done=bool(box and box.strip()),
    )


def _fenced(lines: list[str]) -> set[int]:
    """Return the numbers of the lines in closed code fences."""
    inside: set[int] = set()
    opened, fence = 0, ""
    for number, line in enumerate(lines, 1):
        bare = line.lstrip()
        if bare[:3] not in ("```", "~~~"):
            continue
        if not opened:
            opened, fence = number, bare[:3]
        elif bare.rstrip(fence[0]) in ("", "\r") and bare.startswith(fence):
            inside.update(range(opened, number + 1))
            opened = 0
    return inside


def _is_rule(bare: str) -> bool:
    return len(bare) > 1 and not bare.strip("-=*_+|: ─═~")


def _is_quoted(bare: str) -> bool:
    """Tell a block quotation from a call-out, which begins with mark-up or a pictogram."""
    return bare[0] == ">" and not _rx(r">\s*(?:>\s*)?(?:[-*#\[]|__|[^\w\s\"'(“‘<`])").match(bare)


def _is_indented_code(lines: list[str], number: int) -> bool:
    line = lines[number - 1]
    if not line.startswith(("    ", "\t")):
        return False
    above = next((lines[i] for i in range(number - 2, max(-1, number - 12), -1) if lines[i].strip()), "")
    return not above.startswith((" ", "\t", "-", "*", "+")) and not above[:1].isdigit()


def _sentences(block: _Block, keep: re.Pattern[str] | None) -> Iterator[Statement]:
    raw, starts = "", []
    for number, line in block.lines:
        starts.append((len(raw), number))
        raw += line.strip("\r") + " "
    masked = _mask(raw, keep)
    begin = 0
    for end in _ends(masked):
        for start in range(begin, end, _LONGEST):
            part = slice(start, min(end, start + _LONGEST))
            norm = normalise(masked[part])
            if norm:
                text = _rx(r"\s+").sub(" ", raw[part]).strip()
                norm = f"✅ {norm}" if block.done and start == 0 else norm
                yield Statement(
                    _line_at(starts, start, raw), _line_at(starts, part.stop - 2, raw), text, norm, block.pending
                )
        begin = end


def _line_at(starts: list[tuple[int, int]], offset: int, raw: str) -> int:
    while offset < len(raw) - 1 and raw[offset] == " ":
        offset += 1
    return next((number for start, number in reversed(starts) if start <= offset), starts[0][1])


def _ends(masked: str) -> Iterator[int]:
    """Yield where sentences end: at a full stop and the like before a new beginning, and at semicolons."""
    ending = _rx(
        r"\.\s+(?=(?:This|It|The|No|All|We|Our|Everything|Code)\s)|"
        r"(?<![ .(]\w)(?<!e\.g)(?<!i\.e)(?<!vs)[.!?…]+[)\]\"'”’*_]*\s+"
        r"(?=\W*[A-Z0-9\ue000\ue001]|[^\x00-\x7f])|(?<=[a-z0-9)]{3})\.\s+(?=[a-z])(?<!etc\.\s)(?<!incl\.\s)(?<!approx\.\s)|;\s|[。！？；]"
    )
    for found in ending.finditer(masked):
        yield found.end()
    yield len(masked)


def _mask(raw: str, keep: re.Pattern[str] | None) -> str:
    """Replace code spans and quotations by marks of the same length, unless they are what a tool is said to report."""
    if "`" in raw:
        raw = _rx(r"(`{1,3})(?!`)([^`]{1,300})\1").sub(lambda m: _code(m, keep), raw)
    if '"' in raw or "'" in raw or not raw.isascii():
        raw = _rx(
            r"(?<![\w\"])\"[^\"]{1,400}\"|(?<![\w'])'[^'\"]{2,300}'(?![\w'])|“[^”“]{1,400}”|‘[^’‘]{2,300}’(?!\w)"
            r"|«[^»«]{1,400}»|„[^“”„]{1,400}[“”]|「[^」「]{1,300}」|『[^』『]{1,300}』"
        ).sub(_quote, raw)
    return raw


def _code(found: re.Match[str], keep: re.Pattern[str] | None) -> str:
    inner, before = found[2], found.string[max(0, found.start() - 3) : found.start()].rstrip(" *_")
    if (keep is not None and keep.search(inner.lower())) or before.endswith((":", "=", "→")):
        return f"{' ' * len(found[1])}{inner}{' ' * len(found[1])}"
    return CODE * len(found[0])


def _quote(found: re.Match[str]) -> str:
    before = found.string[max(0, found.start() - 24) : found.start()].lower()
    if _rx(
        r"(?:reports?|reported|returns?|returned|shows?|showed|outputs?|prints?|printed|verdict:?|result:?|→|[-=]>)\s*$"
    ).search(before):
        return f" {found[0][1:-1]} "
    return QUOTED * len(found[0])
