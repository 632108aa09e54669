"""Flag what widens the rights of coding agents, of workflows and of cloud roles.

Settings are compared, the old file with the new, so that only what the change
adds is flagged: an entry of an allow-list, a prompt or a sandbox switched off, a
server, a command that runs by itself, a lost entry of a deny-list. Which files,
which keys and what of them widens is data (``rules/agent_permissions.toml``).

Surprising cases: a file that is renamed or copied to where an agent reads its
settings is judged as wholly new; a settings file that is deleted loses its
deny-list; settings that cannot be read are a finding, since an agent may read them.
Of templates, programs and instructions only added lines are judged; tests,
samples and documents may show what they like.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from sayso import pathwords, ruletables
from sayso.agentconf import documents, workflows
from sayso.agentconf.lines import Lines
from sayso.agentconf.settings import Settings
from sayso.model import SUBMODULE_MODE, SYMLINK_MODE, Change, ChangeKind, DataError, Finding, Rule, Severity, Snapshot
from sayso.pathareas import AreaPaths, PathIndex
from sayso.policy import Policy
from sayso.tables import Table

FILE = "agent_permissions.toml"
UNREADABLE = "agent-settings-unreadable"
WORKFLOW = "workflow"
_MOST_FINDINGS = 50
_HEAD = 4_000
_RIGHTS = ("allowed", "permission", "mcp", "hooks:")
_GONE = (ChangeKind.RENAMED, ChangeKind.COPIED)


class Group(NamedTuple):
    """A kind of file: ``form`` says how it is read ("" if only its lines count), ``tool`` whose it is.

    ``quiet`` leaves samples alone; of the texts in ``gate`` one must be there, before or after, for it to be read.
    """

    id: str
    tool: str
    form: str
    quiet: bool
    gate: tuple[str, ...]


class AgentRules:
    """The rules, ready to match."""

    def __init__(self, table: Table) -> None:
        self._samples = frozenset(table.texts("samples"))
        self.rules = tuple(_rule(entry) for entry in table.tables("rule"))
        self.by_id = {rule.id: rule for rule in self.rules}
        self.groups: list[Group] = []
        areas: list[AreaPaths] = []
        for entry in table.tables("files"):
            group = Group(
                entry.text("id"),
                entry.text("tool", ""),
                entry.text("form", ""),
                entry.flag("quiet", default=False),
                entry.texts("gate", ()),
            )
            self.groups.append(group)
            areas.append(AreaPaths(paths=entry.texts("paths"), except_paths=entry.texts("except_paths", ())))
            entry.done()
        self._paths = PathIndex(areas)
        self.settings, self.lines = Settings(table), Lines(table)
        known = {group.id for group in self.groups}
        for name in sorted((self.settings.groups | self.lines.groups) - known):
            raise table.error(f"unknown group of files {name!r}", "files")
        for name in sorted((self.settings.rules | self.lines.rules) - self.by_id.keys()):
            raise table.error(f"unknown rule {name!r}", "rule")
        table.done()

    def of(self, path: str) -> list[Group]:
        """Return the groups that a path belongs to; a group that is quiet about samples does not hold them."""
        mask = self._paths.mask(pathwords.fold(path))
        found = [group for index, group in enumerate(self.groups) if mask >> index & 1]
        if any(group.quiet for group in found) and any(word in self._samples for word in pathwords.pieces(path)):
            return [group for group in found if not group.quiet]
        return found


def read_rules(table: Table) -> AgentRules:
    """Read the rules; raises ``DataError``."""
    return AgentRules(table)


def check(snapshot: Snapshot, rules: AgentRules, policy: Policy) -> Iterator[Finding]:
    """Yield what a change newly allows."""
    del policy
    for change in snapshot.changes:
        groups = rules.of(change.path)
        if groups and change.mode != SUBMODULE_MODE:
            yield from _cut(list(_judge(change, groups, snapshot, rules)))
        if change.kind is ChangeKind.RENAMED:
            yield from _left(change, snapshot, rules)


def _cut(found: list[Finding]) -> list[Finding]:
    """Return what refuses, then the rest, as many as a person reads; the last says how many more there are."""
    found.sort(key=lambda finding: finding.severity is not Severity.ERROR)
    shown, more = found[:_MOST_FINDINGS], len(found) - _MOST_FINDINGS
    if more > 0:
        shown[-1] = shown[-1]._replace(message=f"{shown[-1].message} This file has {more} findings more.")
    return shown


def _judge(change: Change, groups: list[Group], snapshot: Snapshot, rules: AgentRules) -> Iterator[Finding]:
    text = snapshot.texts.get(change.path, "")
    for group in (group for group in groups if group.form):
        yield from _compared(change, group, snapshot, rules)
    if change.mode != SYMLINK_MODE:
        added = snapshot.added.get(change.path, ())
        for hit in rules.lines.hits(frozenset(group.id for group in groups), added, text):
            yield _finding(rules, hit.rule, change.path, hit.number, hit.message)


def _compared(change: Change, group: Group, snapshot: Snapshot, rules: AgentRules) -> Iterator[Finding]:
    text = snapshot.texts.get(change.path)
    gone = change.kind is ChangeKind.DELETED
    if change.mode == SYMLINK_MODE or (text is None and not gone):
        if group.form != "front":
            what = "a symbolic link" if change.mode == SYMLINK_MODE else "not text, or too large to be read"
            yield _finding(rules, UNREADABLE, change.path, 0, f"{group.tool}: {what}, so what it allows is not known")
        return
    texts = (text or "", snapshot.before.get(change.path, ""))
    if group.gate and not any(word in found.lower() for word in group.gate for found in texts):
        return
    try:
        new = documents.read("" if gone else text or "", group.form, change.path)
        found = list(_widened(group, _old(change, group, snapshot, rules), new, change.path, rules))
    except DataError as exc:
        if group.form != "front" or any(word in (text or "")[:_HEAD].lower() for word in _RIGHTS):
            yield _finding(rules, UNREADABLE, change.path, 0, f"{group.tool}: {exc}; so what it allows is not known")
        return
    for rule, message, hints in found:
        line = 0 if gone else _line(change.path, snapshot, hints)
        yield _finding(rules, rule, change.path, line, f"{group.tool}: {message}")


def _widened(
    group: Group, old: Any, new: Any, path: str, rules: AgentRules
) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    for item in rules.settings.widened(group.id, old, new, path):
        keys = [part for part in reversed(item.place) if part != "[]"]
        yield item.rule, item.message, (item.value, *keys[:2])
    if group.id == WORKFLOW:
        for grant in workflows.widened(old, new):
            yield grant.rule, grant.message, (grant.hint,)


def _old(change: Change, group: Group, snapshot: Snapshot, rules: AgentRules) -> Any:
    """Read the former settings: none if the file was no settings file, or could not be read either."""
    if change.kind in _GONE and group not in rules.of(change.old_path):
        return {}
    try:
        return documents.read(snapshot.before.get(change.path, ""), group.form, change.path)
    except DataError:
        return {}


def _left(change: Change, snapshot: Snapshot, rules: AgentRules) -> Iterator[Finding]:
    """Judge a settings file that is renamed to where no agent reads it as one that is deleted."""
    groups = [group for group in rules.of(change.old_path) if group.form and group not in rules.of(change.path)]
    before = snapshot.before.get(change.path)
    if groups and before is not None:
        gone = Change(ChangeKind.DELETED, change.old_path)
        former = snapshot._replace(before={change.old_path: before})
        for group in groups:
            yield from _compared(gone, group, former, rules)


def _line(path: str, snapshot: Snapshot, hints: tuple[str, ...]) -> int:
    """Find the line of a setting: an added line with its value or its key, else any line with them, else none."""
    needles = [hint.replace("\\", "\\\\").replace('"', '\\"')[:200].split("\n")[0] for hint in hints]
    patterns = [re.compile(rf"(?<![\w-]){re.escape(needle)}(?![\w-])") for needle in needles if needle]
    added = [(item.number, item.text) for item in snapshot.added.get(path, ())]
    for lines in (added, list(enumerate(snapshot.texts.get(path, "").split("\n"), 1))):
        for pattern in patterns:
            for number, text in lines:
                if pattern.search(text):
                    return number
    return 0


def _rule(entry: Table) -> Rule:
    found = ruletables.rule(entry)
    entry.done()
    return found


def _finding(rules: AgentRules, rule: str, path: str, line: int, message: str) -> Finding:
    """Make a finding; what the rule says is repeated for whoever does not look it up."""
    known = rules.by_id[rule]
    return Finding(rule, path, line, f"{message}.", known.severity, (("fix", known.fix),), known.cwe)
