"""Flag text that says one thing to a reader and another to a program or a model.

Characters that nobody sees, letters that pass for others, and instructions to
coding agents where nobody expects any: in comments, documents, fixtures and
templates of issues. What the repository holds is data: it can inform, it cannot instruct.

Surprising cases: joiners in Persian and Indic words, emoji and their selectors,
flags, and a byte order mark at the very start are left alone. Bidi controls refuse
in code and warn in documents. Files that are there to instruct agents may do so;
they may not hide it. Only added lines are judged, and the message.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from sayso import homoglyphs, injected, invisible, pathwords, ruletables
from sayso.model import SUBMODULE_MODE, SYMLINK_MODE, AddedLine, Change, ChangeKind, Finding, Rule, Snapshot
from sayso.pathareas import AreaPaths, PathIndex
from sayso.policy import Policy
from sayso.tables import Table

FILE = "hidden_text.toml"
_RULES = {
    invisible.TAG: "hidden-tag-characters",
    invisible.PAYLOAD: "hidden-payload",
    invisible.RUN: "hidden-run",
    invisible.MARK: "hidden-character",
    invisible.OTHER: "hidden-character",
    invisible.PRIVATE: "hidden-character",
    invisible.ESCAPE: "hidden-terminal-escape",
}
_BIDI_CODE, _BIDI_TEXT = "hidden-bidi-code", "hidden-bidi-text"
_MIXED, _TWIN = "mixed-script-name", "look-alike-name"
_PLAIN, _HIDDEN, _PATH = "injected-instruction", "hidden-instruction", "hidden-path-character"
_MOST_WORDS = 20
_MOST_KINDS = 3


class TextRules:
    """The rules, ready to match."""

    def __init__(self, table: Table) -> None:
        self.rules = tuple(_rule(entry) for entry in table.tables("rule"))
        self.by_id = {rule.id: rule for rule in self.rules}
        wanted = {*_RULES.values(), _BIDI_CODE, _BIDI_TEXT, _MIXED, _TWIN, _PLAIN, _HIDDEN, _PATH}
        for name in sorted(wanted - self.by_id.keys()):
            raise table.error(f"no rule {name!r}", "rule")
        self._kinds = ("code", "names", "prose", "markup", "instructions", "coloured")
        kinds = table.table("files")
        self._paths = PathIndex([AreaPaths(paths=kinds.texts(kind)) for kind in self._kinds])
        kinds.done()
        self.directives = injected.Directives(table)
        table.done()

    def kinds(self, path: str) -> frozenset[str]:
        """Return what a file is: code, prose, markup, instructions to agents."""
        mask = self._paths.mask(pathwords.fold(path))
        return frozenset(kind for index, kind in enumerate(self._kinds) if mask >> index & 1)


class _Seen(NamedTuple):
    """What was found under one rule: the first line, what is said of it, and on how many lines."""

    line: int
    whats: dict[str, None]
    lines: set[int]


def read_rules(table: Table) -> TextRules:
    """Read the rules; raises ``DataError``."""
    return TextRules(table)


def check(snapshot: Snapshot, rules: TextRules, policy: Policy) -> Iterator[Finding]:
    """Yield what hides in added lines, in names of files and in the message."""
    del policy
    for change in snapshot.changes:
        if change.kind is not ChangeKind.DELETED:
            yield from _path(change, rules)
            added = snapshot.added.get(change.path, ())
            if added and change.mode not in {SYMLINK_MODE, SUBMODULE_MODE}:
                yield from _judge(change.path, added, snapshot.texts.get(change.path, ""), rules)
    if snapshot.message:
        lines = tuple(AddedLine(number, text) for number, text in enumerate(snapshot.message.split("\n"), 1))
        yield from _judge("", lines, snapshot.message, rules)


def _judge(path: str, added: tuple[AddedLine, ...], text: str, rules: TextRules) -> Iterator[Finding]:
    kinds = rules.kinds(path) if path else frozenset({"prose"})
    joined = "\n".join(item.text for item in added)
    if invisible.suspicious(joined):
        yield from _invisible(path, added, kinds, rules)
    if "names" in kinds and not joined.isascii():
        yield from _names(path, added, text, kinds, rules)
    if "instructions" not in kinds:
        found = injected.orders(
            added, text, rules.directives, markup="markup" in kinds or not path, prose="prose" in kinds
        )
        for order in found:
            rule, words = (_HIDDEN, f"{order.how}: ") if order.how else (_PLAIN, "speaks to a model: ")
            yield _finding(rules, rule, path, order.line, f"{words}{order.words!r}")


def _invisible(path: str, added: tuple[AddedLine, ...], kinds: frozenset[str], rules: TextRules) -> Iterator[Finding]:
    found: dict[str, _Seen] = {}
    halves = {0xAD: None} if invisible.legacy("\n".join(item.text for item in added)) else {}
    for item in added:
        for unseen in invisible.unseen(item.text.translate(halves) if halves else item.text, first=item.number == 1):
            if rule := _rule_of(unseen, kinds):
                seen = found.setdefault(rule, _Seen(item.number, {}, set()))
                seen.whats.setdefault(unseen.what)
                seen.lines.add(item.number)
    for rule, seen in found.items():
        other = f" and {len(seen.whats) - _MOST_KINDS} other kinds" if len(seen.whats) > _MOST_KINDS else ""
        more = f", on {len(seen.lines)} lines" if len(seen.lines) > 1 else ""
        yield _finding(rules, rule, path, seen.line, f"{'; '.join(list(seen.whats)[:_MOST_KINDS])}{other}{more}")


def _rule_of(unseen: invisible.Unseen, kinds: frozenset[str]) -> str:
    if unseen.kind == invisible.BIDI:
        if "code" in kinds and not unseen.natural:
            return _BIDI_CODE
        return "" if unseen.natural and "code" not in kinds else _BIDI_TEXT
    if unseen.kind == invisible.PRIVATE and "code" not in kinds:
        return ""
    if unseen.kind == invisible.ESCAPE and unseen.natural and "coloured" in kinds:
        return ""
    return _RULES[unseen.kind]


def _names(
    path: str, added: tuple[AddedLine, ...], text: str, kinds: frozenset[str], rules: TextRules
) -> Iterator[Finding]:
    names: frozenset[str] | None = None
    comments: dict[int, str] | None = None
    told: set[str] = set()
    for item in added:
        if item.text.isascii() or len(told) > _MOST_WORDS:
            continue
        for alike in homoglyphs.mixed(item.text):
            if alike.word not in told:
                told.add(alike.word)
                yield _finding(rules, _MIXED, path, item.number, _alike(alike))
        names = homoglyphs.names_of(text) if names is None else names
        if "code" not in kinds or not any(homoglyphs.twins(item.text, names)):
            continue
        comments = _comments(path, text) if comments is None else comments
        line = item.text.replace(comments.get(item.number) or "\0", " ")
        for alike in homoglyphs.twins(line, names):
            if alike.word not in told:
                told.add(alike.word)
                yield _finding(rules, _TWIN, path, item.number, f"{_alike(alike)}, which the file has too")


def _comments(path: str, text: str) -> dict[int, str]:
    from sayso.comments import comments_by_line  # noqa: PLC0415 - only names outside ASCII pay for it

    return comments_by_line(path, text) or {}


def _alike(alike: homoglyphs.Alike) -> str:
    points = ", ".join(f"U+{ord(char):04X}" for char in alike.letters[:6])
    return f"a name that looks like {alike.looks!r} and is not: {points}"


def _path(change: Change, rules: TextRules) -> Iterator[Finding]:
    for reason in pathwords.disguises(change.path):
        if reason.startswith(("control", "invisible")):
            yield _finding(rules, _PATH, change.path, 0, f"in the name of the file: {reason}")
            return


def _rule(entry: Table) -> Rule:
    found = ruletables.rule(entry)
    entry.done()
    return found


def _finding(rules: TextRules, rule: str, path: str, line: int, message: str) -> Finding:
    known = rules.by_id[rule]
    return Finding(rule, path, line, f"{message}.", known.severity, (("fix", known.fix),), known.cwe)
