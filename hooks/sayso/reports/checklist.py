"""The reviewer's checklist, as Markdown for a pull request and as a comment for a commit message.

No box is ever ticked here: an answer is a tool's, a tick is a person's. Text of the
repository is shown and never obeyed: in Markdown names stand in code spans, where no
markup, link or mention works, and in a message every line begins with the comment string.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from sayso.facts import Answer
from sayso.reports.safe import visible
from sayso.signs import Place

_PUNCTUATION = re.compile(r"([\\`*_\[\]<>~$])")
_ACTIVE = re.compile(r"@|://|www\.|#\d|\bGH-\d|[0-9a-f]{7}")
_MOST_TEXT = 300
_TICKS = re.compile(r"`+")


def markdown(answers: Sequence[Answer], title: str) -> str:
    """Return the checklist in Markdown, each line ended."""
    lines = [f"### {_text(title)}", "", *_tally(answers), ""]
    for number, answer in enumerate(answers, 1):
        lines.append(f"- [ ] **{number}. {_text(answer.question)}** {_text(answer.answer)}: {_text(answer.because)}")
        lines += (f"  - {_code(_where(place))} {_code(place.what)}" for place in answer.places)
    return "".join(f"{line}\n" for line in lines)


def comment_block(answers: Sequence[Answer], comment: str = "#") -> str:
    """Return the checklist as lines that git drops from a message, each beginning with ``comment``."""
    lines = ["Reviewer's checklist, answered from the change (nothing here is a review):", ""]
    for number, answer in enumerate(answers, 1):
        lines.append(f"{number:2}. {_cut(answer.question)} {answer.answer.upper()}: {_cut(answer.because)}")
        lines += (f"      {_cut(_where(place))} {_cut(place.what)}" for place in answer.places)
    return "".join(f"{comment} {line}".rstrip() + "\n" for line in lines)


def _tally(answers: Sequence[Answer]) -> Iterator[str]:
    unclear = sum(answer.answer == "unclear" for answer in answers)
    known = len(answers) - unclear
    yield f"{known} of {len(answers)} questions answered from the change; {unclear} left to the reviewer."


def _where(place: Place) -> str:
    path = place.path or "commit message"
    return f"{path}:{place.line}" if place.line else path


def _cut(text: str) -> str:
    shown = visible(text)
    return shown if len(shown) <= _MOST_TEXT else f"{shown[:_MOST_TEXT]}…"


def _text(text: str) -> str:
    """Escape what Markdown would obey; text that would link or mention somebody becomes code."""
    shown = _cut(text)
    if _ACTIVE.search(shown):
        return _code(text)
    return _PUNCTUATION.sub(r"\\\1", shown.replace("&", "&amp;")).replace("\\<", "&lt;").replace("\\>", "&gt;")


def _code(text: str) -> str:
    """Return a code span that ``text`` cannot leave."""
    shown = _cut(text)
    longest = max((len(run) for run in _TICKS.findall(shown)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if shown.startswith(("`", " ")) or shown.endswith(("`", " ")) or not shown else ""
    return f"{fence}{pad}{shown}{pad}{fence}"
