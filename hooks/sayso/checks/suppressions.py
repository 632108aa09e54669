"""Flag what a change adds to silence a check: comments, settings of scanners, tests that are switched off.

Whoever wants a green run has two ways, and this one leaves a mark. A mark counts
where its tool would read it: in a comment, never in a string or a document. It
counts as added if the change has the line more often than the text before it, so
that a line that moved, also to another changed file, is none.

Surprising cases: a silenced line that is edited counts again, for what is silenced
is new. An entry in a scanner's own configuration is judged by where it stands,
and one that matches everything refuses. An AI mark does not change what is found;
it adds a finding for each file, because a tool that is told to make the checks
pass may silence them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import NamedTuple

from sayso import widened
from sayso.comments import comments_by_line, is_document
from sayso.generated import LOCK, SNAPSHOT, kind_by_name
from sayso.lines import split_lines
from sayso.model import SYMLINK_MODE, AddedLine, Finding, Rule, Severity, Snapshot
from sayso.policy import Policy
from sayso.suppressionrules import Mark, SuppressionRules, compiled, is_file, read
from sayso.tables import Table

FILE = "suppressions.toml"
NEEDS_AI = True

_SHOWN = 100
_MOST_LINE = 4000
_MOST_SINGLE = 5
_REASON_LETTERS = 8
_WORD = re.compile(r"[^\W\d_]{2,}")
_WITHOUT_COMMENTS = (".json", ".jsonl", ".ndjson", ".ipynb", ".csv", ".tsv", ".pem", ".crt", ".pub")
_WIDENED = "scanner-config-widened"
_HARMLESS = frozenset(("lint-silenced", "coverage-threshold-lowered"))


class _Hit(NamedTuple):
    """What stands on a line: the id of the rule that it falls under, and what to say of it."""

    rule: str
    path: str
    line: int
    message: str


def read_rules(table: Table) -> SuppressionRules:
    """Read the rules; raises ``DataError``."""
    return read(table)


def check(snapshot: Snapshot, rules: SuppressionRules, policy: Policy) -> Iterator[Finding]:  # noqa: ARG001
    """Yield what silences a check: at most one finding a line, many of a kind in one file together."""
    links = {change.path for change in snapshot.changes if change.mode == SYMLINK_MODE}
    moved = _Moved(snapshot)
    for path, added in snapshot.added.items():
        if not added or path in links:
            continue
        hits: dict[int, _Hit] = {}
        entries = widened.entries(path, added, snapshot.texts.get(path, ""), snapshot.before.get(path, ""), rules)
        configured = (_Hit(rule, path, line, message) for rule, line, message in entries)
        for hit in (*configured, *_marked(path, added, snapshot, rules)):
            if hit.line not in hits and moved.is_new(path, hit.line):
                hits[hit.line] = hit
        found = [hits[line] for line in sorted(hits)]
        yield from _findings(found, rules)
        if snapshot.ai:
            yield from _by_ai(path, [hit for hit in found if hit.rule not in _HARMLESS], rules)


class _Moved:
    """Tells lines that only moved within the change from new ones; counts only if somebody asks."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot

    def is_new(self, path: str, line: int) -> bool:
        """Tell whether the change has a line more often than what was there before it."""
        text = self._lines(path)[line - 1].strip()
        return self._after[text] > self._before[text]

    def _lines(self, path: str) -> list[str]:
        if path not in self._split:
            self._split[path] = split_lines(self._snapshot.texts.get(path, ""))
        return self._split[path]

    @cached_property
    def _split(self) -> dict[str, list[str]]:
        return {}

    @cached_property
    def _after(self) -> Counter[str]:
        return Counter(line.strip() for path in self._snapshot.texts for line in self._lines(path))

    @cached_property
    def _before(self) -> Counter[str]:
        return Counter(line.strip() for text in self._snapshot.before.values() for line in split_lines(text))


def _marked(path: str, added: Sequence[AddedLine], snapshot: Snapshot, rules: SuppressionRules) -> Iterator[_Hit]:
    """Find marks within a file."""
    if is_document(path) or kind_by_name(path) in {LOCK, SNAPSHOT} or path.lower().endswith((".map", ".svg")):
        return
    low = "\n".join(line.text[:_MOST_LINE] for line in added).lower()
    marks = [mark for mark in rules.marks if any(word in low for word in mark.gate) and _is_for(mark, path)]
    if marks:
        yield from _in_lines(marks, path, added, snapshot.texts.get(path, ""))
    if any(word in low for word in rules.coverage.gate) and is_file(path, rules.coverage.files):
        yield from _lowered(path, added, snapshot, rules)


def _in_lines(marks: Sequence[Mark], path: str, added: Sequence[AddedLine], text: str) -> Iterator[_Hit]:
    """Try the patterns on whole lines first: to tell the comments of a long file costs more than all of them."""
    comments: dict[int, str] | None = None
    lines: list[str] = []
    for line in added:
        lower = line.text[:_MOST_LINE].lower()
        for mark in marks:
            if any(word in lower for word in mark.gate) and compiled(mark.pattern).search(line.text[:_MOST_LINE]):
                if not lines:
                    comments, lines = comments_by_line(path, text), split_lines(text)
                yield from _judged(mark, path, line, comments, lines)


def _is_for(mark: Mark, path: str) -> bool:
    low = path.lower()
    name = low.rpartition("/")[2]
    if mark.tests and not ("test" in low or "spec" in low):
        return False
    return not mark.files or name in mark.files or name.rpartition(".")[2] in mark.files


def _judged(
    mark: Mark, path: str, line: AddedLine, comments: dict[int, str] | None, lines: Sequence[str]
) -> Iterator[_Hit]:
    """Judge the place of a mark on a line, and whether what it names is a matter of security."""
    whole = line.text[:_MOST_LINE]
    comment = whole if comments is None else comments.get(line.number, "")
    where = comment
    if mark.where == "code":
        where = whole.replace(comment, "", 1) if comment and comments is not None else whole
    elif mark.where == "raw" and path.lower().endswith(_WITHOUT_COMMENTS):
        where = whole
    found = compiled(mark.pattern).search(where)
    if not found:
        return
    if mark.kind != "scanner":
        if not (mark.unless and _is_conditional(lines, line)):
            rule = {"lint": "lint-silenced", "tests": "tests-switched-off"}.get(mark.kind, "check-result-ignored")
            yield _Hit(rule, path, line.number, f"{mark.id}: {' '.join(found[0].split())[:_SHOWN]}")
        return
    named = "" if mark.where == "code" and not found.groupdict() else _named(found)
    subject = f"{found.groupdict().get('form') or ''} {named}" if "form" in found.groupdict() else named
    if (named or not mark.bare) and mark.security and not compiled(mark.security).search(subject or found[0]):
        if mark.note:
            yield _Hit("lint-silenced", path, line.number, f"{mark.id}: {named[:_SHOWN]}")
        return
    rest = where[: found.start()] + " " + where[found.end() :] if where is comment else comment
    yield _scanner_hit(mark, path, line.number, named, explained=_explains(rest))


def _named(found: re.Match[str]) -> str:
    groups = found.groupdict()
    return " ".join(next((text for key, text in groups.items() if text and key != "form"), "").split())


def _scanner_hit(mark: Mark, path: str, line: int, named: str, *, explained: bool) -> _Hit:
    broad = mark.names and (not named or named.strip("\"'").lower() in {"all", "*", "lint"})
    if broad:
        return _Hit("suppression-blanket", path, line, f"{mark.id} names no rule, so it silences all of them")
    about = f"{mark.id}: {named[:_SHOWN]}" if named else mark.id
    if explained:
        return _Hit("suppression-explained", path, line, f"{about}, with a reason")
    return _Hit("suppression-unexplained", path, line, f"{about}, without a reason")


def _explains(rest: str) -> bool:
    """Tell whether what stands beside a mark are words: two of them, of eight letters together."""
    words = [word for word in _WORD.findall(rest) if word.lower() not in {"noqa", "nosec", "type", "ignore", "nolint"}]
    return len(words) > 1 and sum(map(len, words)) >= _REASON_LETTERS


def _is_conditional(lines: Sequence[str], line: AddedLine) -> bool:
    """Tell whether a line runs only under a condition: its own, or that of the block that it stands in."""
    if re.search(r"\s(?:if|unless)\s", line.text):
        return True
    indent = len(line.text) - len(line.text.lstrip())
    for above in reversed(lines[max(line.number - 40, 0) : line.number - 1]):
        bare = above.strip()
        if bare and len(above) - len(above.lstrip()) < indent:
            return bool(re.match(r"\W{0,4}(?:if|elif|else|unless|except|catch|rescue|case|when|switch)\b", bare))
    return False


def _lowered(path: str, added: Sequence[AddedLine], snapshot: Snapshot, rules: SuppressionRules) -> Iterator[_Hit]:
    """Compare limits of coverage with those of the same name in the text before."""
    pattern = compiled(rules.coverage.pattern)
    before: dict[str, float] = {}
    for text in split_lines(snapshot.before.get(path, "")):
        for found in pattern.finditer(text[:_MOST_LINE]):
            before[found["key"]] = min(float(found["value"]), before.get(found["key"], 1000))
    for line in added if before else ():
        for found in pattern.finditer(line.text[:_MOST_LINE]):
            if float(found["value"]) < before.get(found["key"], 0):
                message = f"{found['key']} falls from {before[found['key']]:g} to {found['value']}"
                yield _Hit("coverage-threshold-lowered", path, line.number, message)


def _findings(hits: Sequence[_Hit], rules: SuppressionRules) -> Iterator[Finding]:
    """Yield a finding for each hit; those of a kind that are too many, or merely notes or entries, in one."""
    kinds: dict[tuple[str, str], list[_Hit]] = {}
    for hit in hits:
        kind = hit.message if hit.rule == _WIDENED else ""
        kinds.setdefault((hit.rule, kind), []).append(hit)
    for (name, _), found in kinds.items():
        rule = rules.rule(name)
        most = 1 if name == _WIDENED or rule.severity is Severity.NOTE else _MOST_SINGLE
        single = found if len(found) <= most else found[:1]
        rest = found[len(single) :]
        for hit in single:
            more = f"; and {len(rest)} more in this file (line {_some(rest)})" if rest else ""
            yield _finding(rule, hit.path, hit.line, hit.message + more)


def _by_ai(path: str, hits: Sequence[_Hit], rules: SuppressionRules) -> Iterator[Finding]:
    if hits:
        count = "one check" if len(hits) == 1 else f"{len(hits)} checks"
        message = f"a coding tool's change silences {count} here (line {_some(hits)}): a person should look"
        yield _finding(rules.rule("suppression-by-ai"), path, 0, message)


def _some(hits: Sequence[_Hit]) -> str:
    shown = ", ".join(str(hit.line) for hit in hits[:_MOST_SINGLE])
    return shown + (f" and {len(hits) - _MOST_SINGLE} others" if len(hits) > _MOST_SINGLE else "")


def _finding(rule: Rule, path: str, line: int, message: str) -> Finding:
    return Finding(rule.id, path, line, message, rule.severity, (("fix", rule.fix),))
