"""Find commands that run what they have just fetched: nobody has read it, and it can differ for each who asks.

Documents only tell people to do so: a note. A comment runs nothing. What is
fetched and handed to a program as data (``| python -c …``, ``| sh -c …``) is
not run.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from typing import NamedTuple

from sayso.supply import declared, words
from sayso.supply.signs import Look

_DOCUMENTS = (".md", ".mdx", ".rst", ".txt", ".adoc", ".asciidoc", ".org", ".html", ".htm", ".ipynb", ".markdown")
_MOST = 100
_MOST_LINES = 30
_REACH = 600
_NAMES = r"(?:curl|wget|aria2c|iwr|irm|Invoke-WebRequest|Invoke-RestMethod)(?:\.exe)?"
_FETCH = re.compile(rf"\b(?:{_NAMES}\b|DownloadString\()", re.IGNORECASE)
_WRAPPED = (
    r"(?:(?:sudo|doas)\s{1,9}(?:-\S{1,20}\s{1,9}(?:\w{1,20}\s{1,9})?){0,2}"
    r"|env\s{1,9}|\w{1,40}=\S{0,80}\s{1,9}|(?:exec|nohup|time|command)\s{1,9}){0,3}"
)
_PROGRAM = (
    r"(?:/(?:usr/)?(?:local/)?bin/|\$)?"
    r"(?:(?:ba|z|da|k|a|fi)?sh(?!\s{1,9}-\w{0,9}c\b)|SHELL|pwsh|powershell|python[\d.]{0,5}(?!\s{1,9}-(?:[cm]|\w{0,9}c)\b)"
    r"|perl(?!\s{1,9}-)|ruby(?!\s{1,9}-)|node(?!\s{1,9}-)|php(?!\s{1,9}-)|iex|Invoke-Expression|source\s{1,9}/dev/stdin)"
    r"(?=[\s;&|)\"'`}>,\\]|$)"
)
_RECEIVER = re.compile(rf"\|\s{{0,20}}&?\s{{0,20}}{_WRAPPED}{_PROGRAM}", re.IGNORECASE)
_SUBSTITUTED = re.compile(
    r"(?:\b(?:(?:ba|z|da|k)?sh|source|eval|python[\d.]{0,5}|perl|ruby|node)|(?<![\w.])\.)\s{1,9}(?:-\w{1,10}\s{1,9}){0,3}"
    rf"(?:<\(|<\s{{0,9}}<\(|[\"']?\$\(|[\"']?`)\s{{0,9}}(?:sudo\s{{1,9}})?(?={_NAMES}\s)",
    re.IGNORECASE,
)
_EXPRESSION = re.compile(r"\b(?:iex|Invoke-Expression)\b[\s(&\"'$]{1,10}", re.IGNORECASE)
_ENDS = re.compile(r";|&&|\|\|")
_ADDRESS = re.compile(r"https?://[^\s\"'|)]{1,300}", re.IGNORECASE)
_COMMENT = re.compile(r"\s*(?:#(?!!)|//|--\s|;;|REM\s|\*\s|<!--|dnl\s)", re.IGNORECASE)
_SAID = re.compile(
    r"\s*[-&(@]?\s*(?:echo|printf|print|console\.log|log|info|warn|fail|die)\b[\s(]*[\"'`]", re.IGNORECASE
)


class Piped(NamedTuple):
    """A command that runs what it fetches from ``place``; ``told``: it only stands in a document, comment or message.

    The command itself is not kept: it may send a token along.
    """

    line: int
    place: str
    told: bool


def check(look: Look) -> Iterator[Piped]:
    """Yield the commands of added lines, or that an added line has completed."""
    document = look.path.lower().endswith(_DOCUMENTS)
    added = {line.number for line in look.added}
    had: set[str] | None = None
    count = 0
    for numbers, line in _logical(look.text):
        if added.isdisjoint(numbers) or not words.fetches(line.lower()):
            continue
        found = _runs(line)
        if found is None:
            continue
        had = had if had is not None else {text.strip() for _, text in _logical(look.before)}
        if line.strip() not in had:
            address = _ADDRESS.search(line, found[0])
            told = document or bool(_COMMENT.match(line)) or _said(line, found[1])
            number = next(number for number in numbers if number in added)
            yield Piped(number, declared.host(address[0]) if address else "", told)
            count += 1
        if count >= _MOST:
            return


def _said(line: str, end: int) -> bool:
    """Tell whether all up to ``end`` stands within the quotes of a message, and is not worked out in them."""
    said = _SAID.match(line)
    if not said:
        return False
    quote = line[said.end() - 1]
    closed = line.find(quote, said.end())
    worked_out = quote == "`" or (quote == '"' and ("$(" in line[said.end() : closed] or "`" in line))
    return closed >= end and not worked_out


def _runs(line: str) -> tuple[int, int] | None:
    """Return from where to where in ``line`` a command runs what it fetches.

    Fetching and running are looked for apart and then paired, so that no line takes more than its length in time.
    """
    fetches = [place.start() for place in _FETCH.finditer(line)]
    if not fetches:
        return None
    for receiver in _RECEIVER.finditer(line):
        start = fetches[bisect_left(fetches, receiver.start()) - 1]
        if start < receiver.start() <= start + _REACH and not _ENDS.search(line, start, receiver.start()):
            return start, receiver.end()
    substituted = _SUBSTITUTED.search(line)
    if substituted:
        return substituted.start(), substituted.end()
    for expression in _EXPRESSION.finditer(line):
        index = bisect_left(fetches, expression.end())
        end = fetches[index] if index < len(fetches) else len(line) + _REACH
        if end - expression.end() < _REACH and ";" not in line[expression.end() : end]:
            return expression.start(), end
    return None


def _logical(text: str) -> Iterator[tuple[list[int], str]]:
    """Yield lines joined where one ends in a backslash, or in a pipe, with their numbers."""
    parts: list[str] = []
    numbers: list[int] = []
    for number, line in enumerate(text.split("\n"), 1):
        bare = line.rstrip()
        parts.append(bare.removesuffix("\\"))
        numbers.append(number)
        if not bare.endswith(("\\", "|")) or len(parts) > _MOST_LINES:
            yield numbers, " ".join(parts)
            parts, numbers = [], []
    if parts:
        yield numbers, " ".join(parts)
