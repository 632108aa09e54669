"""Find what widens in added lines, where the file is a program, a template or prose and no document to compare.

A list that runs over several lines is read as if each item stood beside its key,
so that ``- "*"`` is known for an action. A statement that denies is left alone,
and so is an instruction that forbids what the pattern looks for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import takewhile
from typing import NamedTuple

from sayso.agentconf.shown import shown
from sayso.model import AddedLine
from sayso.tables import Table

_LONGEST = 200_000
_LOOK_BACK = 12
_ITEM = r"\s*(?:-\s+)?[\"']?[\w:.*/-]{1,120}[\"']?,?\s*$"
_HEAD = r"\s*(?:-\s+)?[\"']?(\w{3,40})[\"']?\s*[:=]\s*\[?\s*$"
_COMMENT = r"\s*(?:#|//|\*|--\s|;|<!--)"
_EFFECT = r"(?i)[\"']?effect[\"']?\s*[:=]\s*(?:\w{1,20}\.)*[\"']?(allow|deny)\b"
_STATEMENT = r"\s*(?:\w[\w. ]{0,40}\{|\{|\}|-\s+[\"']?\w+[\"']?\s*:(?:\s|$)|new \w)"
_NEGATION = (
    r"(?:\b(?:never|not|no|cannot|(?:do|ca|must|should)n['\u2019]?t|avoid|without|forbid(?:den|s)?|instead|"
    r"prohibit(?:ed|s)?|disallow(?:ed|s)?|reject\w*|refus\w+|block\w*|prevent\w*|ban(?:ned|s)?|stop\w*|detect\w*|warn\w*|"
    r"flag\w*|wrong|bad|anti-?patterns?|unsafe|red flags?|attempts?|tr(?:y|ies) to)\b"
    r"|[\u274c\U0001f6ab\u26d4\u2717\u2718])"
)


class Line(NamedTuple):
    """What to find in a line.

    ``gate`` are lower-case texts of which the lines must hold one; ``needs`` a pattern that the file must hold;
    ``effect`` leaves statements that deny alone; ``negated`` leaves sentences alone that forbid; ``comments`` says
    that it also counts in a comment.
    """

    rule: str
    gate: tuple[str, ...]
    pattern: str
    says: str
    needs: str
    effect: bool
    negated: bool
    comments: bool


class Hit(NamedTuple):
    """Something found: the rule, the words for it and the number of the line."""

    rule: str
    message: str
    number: int


class Lines:
    """What to find in the added lines of each group of files."""

    def __init__(self, table: Table) -> None:
        self._by_group: dict[str, list[Line]] = {}
        self.rules: set[str] = set()
        for entry in table.tables("line"):
            groups = entry.texts("files")
            line = _line(entry)
            self.rules.add(line.rule)
            for group in groups:
                self._by_group.setdefault(group, []).append(line)
            entry.done()
        self.groups = frozenset(self._by_group)

    def hits(self, groups: frozenset[str], added: tuple[AddedLine, ...], text: str) -> Iterator[Hit]:
        """Yield what is found in the added lines of a file; each rule speaks once a line."""
        wanted = list(dict.fromkeys(line for group in sorted(groups & self.groups) for line in self._by_group[group]))
        low = "\n".join(item.text for item in added).lower() if wanted else ""
        wanted = [line for line in wanted if any(word in low for word in line.gate)]
        if not wanted:
            return
        context = _Context(text)
        seen: set[tuple[str, int]] = set()
        for line in wanted:
            if line.needs and not _rx(line.needs).search(text[: 1 << 20]):
                continue
            for item in added:
                if (line.rule, item.number) not in seen and (found := _found(line, item, context)):
                    seen.add((line.rule, item.number))
                    yield found


class _Context:
    """The lines around, worked out where somebody asks."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._lines: list[str] | None = None

    def above(self, number: int) -> list[str]:
        """Return the lines above, the nearest first."""
        return self._all()[max(0, number - 1 - _LOOK_BACK) : number - 1][::-1]

    def below(self, number: int) -> list[str]:
        """Return the lines below, the nearest first."""
        return self._all()[number : number + _LOOK_BACK]

    def _all(self) -> list[str]:
        if self._lines is None:
            self._lines = self._text.split("\n")
        return self._lines

    def with_key(self, item: AddedLine) -> str:
        """Return a line; where it is but an item of a list, with the key of the list before it."""
        if "*" not in item.text or not _rx(_ITEM).match(item.text):
            return item.text
        for line in self.above(item.number):
            if found := _rx(_HEAD).match(line[:_LONGEST]):
                return f"{found[1]}: [{item.text.strip().removeprefix('- ').rstrip(',')}]"
            if not _rx(_ITEM).match(line[:_LONGEST]):
                break
        return item.text

    def denies(self, number: int) -> bool:
        """Tell whether the effect that is spoken of in the same statement, comments left out, is to deny."""
        own = self._all()[number - 1 : number]
        begins = _rx(_STATEMENT).match
        above: list[str] = []
        for line in self.above(number) if not begins("".join(own)) else ():
            above.append(line)
            if begins(line):
                break
        for line in (*own, *above, *takewhile(lambda line: not begins(line), self.below(number))):
            code = "" if _rx(_COMMENT).match(line) else _rx(r"\s(?:#|//)").split(line[:_LONGEST], maxsplit=1)[0]
            if found := _rx(_EFFECT).search(code):
                return found[1].lower() == "deny"
        return False

    def lead(self, number: int) -> str:
        """Return the heading, or the sentence with a colon, that a list item stands under."""
        for line in self.above(number):
            bare = line.strip().rstrip("*_ ")
            if bare.startswith("#") or (bare.endswith(":") and not line.lstrip().startswith(("- ", "* "))):
                return bare[:_LONGEST]
            if (
                bare
                and not bare.startswith(("- ", "* ", "+ ", "|", "•"))
                and not bare[0].isdigit()
                and line[:1] not in " \t"
            ):
                return ""
        return ""


def _found(line: Line, item: AddedLine, context: _Context) -> Hit | None:
    low = item.text[:_LONGEST].lower()
    starred = "*" in low
    if not starred and not any(word in low for word in line.gate):
        return None
    if not line.comments and _rx(_COMMENT).match(item.text) and not item.text.lstrip().startswith("- "):
        return None
    text = context.with_key(item)[:_LONGEST] if starred and line.effect else item.text[:_LONGEST]
    match = _rx(line.pattern).search(text)
    if match is None or (line.effect and context.denies(item.number)):
        return None
    if line.negated and _forbids(text, match, item, context):
        return None
    return Hit(line.rule, line.says.format(value=shown(match[match.lastindex or 0] or "")), item.number)


def _forbids(text: str, match: re.Match[str], item: AddedLine, context: _Context) -> bool:
    """Tell whether the sentence, or what the list item stands under, forbids, quotes or only describes."""
    before = re.split(r"[.;!?]\s", text[: match.start()])[-1]
    negation = _rx(f"(?i){_NEGATION}")
    if negation.search(before) or _rx(
        r"(?i)^\W*(?:is|are|must|should|was)?\W*(?:not|never|forbidden|prohibited|"
        r"banned|blocked|disallowed)\b"
    ).match(text[match.end() :]):
        return True
    return bool(negation.search(context.lead(item.number)))


def _line(entry: Table) -> Line:
    return Line(
        rule=entry.text("rule"),
        gate=entry.texts("gate"),
        pattern=entry.text("pattern"),
        says=entry.text("says"),
        needs=entry.text("needs", ""),
        effect=entry.flag("effect", default=False),
        negated=entry.flag("negated", default=False),
        comments=entry.flag("comments", default=False),
    )


@cache
def _rx(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)
