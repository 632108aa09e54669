"""Find commands that run what they have just fetched: nobody has read it, and it can differ for each who asks.

Documents only tell people to do so: a note. A comment runs nothing. What is
fetched and handed to a program as data (``| python -c …``, ``| sh -c …``) is
not run.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from sayso.supply import declared, words
from sayso.supply.signs import Look

_DOCUMENTS = (".md", ".mdx", ".rst", ".txt", ".adoc", ".asciidoc", ".org", ".html", ".htm", ".ipynb", ".markdown")
_MOST = 500
_FETCH = r"\b(?:curl|wget|aria2c|iwr|irm|Invoke-WebRequest|Invoke-RestMethod)(?:\.exe)?"
_RUN = (
    r"(?:sudo\s+(?:-\S{1,20}\s+(?:\w{1,20}\s+)?){0,3}|env\s+(?:\w{1,40}=\S{0,80}\s+){0,5}|\w{1,40}=\S{0,80}\s+|exec\s+|nohup\s+|time\s+){0,4}"
    r"(?:/(?:usr/)?(?:local/)?bin/|\$)?"
    r"(?:(?:ba|z|da|k|a|fi)?sh(?!\s+-\w*c\b)|SHELL|pwsh|powershell|python[\d.]{0,5}(?!\s+-(?:[cm]|\w*c)\b)|perl(?!\s+-)|"
    r"ruby(?!\s+-)|node(?!\s+-)|php(?!\s+-)|iex|Invoke-Expression|source\s+/dev/stdin)(?=[\s;&|)\"'`}>,\\]|$)"
)
_PIPED = re.compile(rf"{_FETCH}\s[^;\n]{{1,500}}?\|\s*&?\s*{_RUN}", re.IGNORECASE)
_SUBSTITUTED = re.compile(
    r"(?:\b(?:(?:ba|z|da|k)?sh|source|eval|python[\d.]{0,5}|perl|ruby|node)|(?<![\w.])\.)\s+(?:-\w{1,10}\s+){0,3}"
    rf"(?:<\(|<\s*<\(|[\"']?\$\(|[\"']?`)\s*(?:sudo\s+)?{_FETCH}\s",
    re.IGNORECASE,
)
_EXPRESSION = re.compile(
    r"\b(?:iex|Invoke-Expression)\b[\s(&\"'$]{1,10}[^;\n]{0,200}?(?:DownloadString|\biwr\b|\birm\b|Invoke-WebRequest|"
    r"Invoke-RestMethod|\bcurl\b|\bwget\b)|DownloadString\([^\n]{0,300}?\)[\s)]{0,5}\|\s*(?:iex|Invoke-Expression)\b",
    re.IGNORECASE,
)
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
        for window in _windows(line):
            found = _PIPED.search(window) or _SUBSTITUTED.search(window) or _EXPRESSION.search(window)
            if not found:
                continue
            had = had if had is not None else {text.strip() for _, text in _logical(look.before)}
            if line.strip() in had:
                break
            told = document or bool(_COMMENT.match(line)) or _said(line, found[0])
            address = _ADDRESS.search(window)
            place = declared.host(address[0]) if address else ""
            yield Piped(next(number for number in numbers if number in added), place, told)
            count += 1
            break
        if count >= _MOST:
            return


def _said(line: str, command: str) -> bool:
    """Tell whether the command is what a message says: quoted after ``echo``, and nothing receives it."""
    return bool(_SAID.match(line)) and "|" not in line[line.find(command) + len(command) :]


def _windows(line: str) -> Iterator[str]:
    """Cut a very long line into pieces that overlap, so that none can hide a command by its length."""
    for start in range(0, min(len(line), 400_000), 3000):
        yield line[start : start + 4000]
        if start + 4000 >= len(line):
            return


def _logical(text: str) -> Iterator[tuple[list[int], str]]:
    """Yield lines joined where one ends in a backslash, or in a pipe, with their numbers."""
    parts: list[str] = []
    numbers: list[int] = []
    for number, line in enumerate(text.split("\n"), 1):
        bare = line.rstrip()
        parts.append(bare.removesuffix("\\"))
        numbers.append(number)
        if not bare.endswith(("\\", "|")) or len(parts) > 30:  # noqa: PLR2004 - no command has more
            yield numbers, " ".join(parts)
            parts, numbers = [], []
    if parts:
        yield numbers, " ".join(parts)
