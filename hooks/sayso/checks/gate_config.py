"""Flag changes to what decides whether the gate runs: configurations of hook runners, workflows, skips in scripts.

Both versions of a file are read and compared, so that reordering, a newer ``rev`` or
a comment is no news. What a policy requires (``gate.required-hooks``,
``gate.minimum-rev``) is asked of every version of the configuration at the top, also
of a new one, and refuses where it fails.

Surprising cases: a deleted file is judged by its name, and by its text where the
snapshot has that. A ``prek.toml`` beside a ``.pre-commit-config.yaml`` takes its place for whoever uses
prek. lefthook, husky and their like are flagged by name alone: they are programs.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from sayso import ciconfig, hookconfig, hookdiff, ruletables, tables
from sayso.hookconfig import HookConfig
from sayso.hookdiff import Difference
from sayso.model import Change, ChangeKind, DataError, Finding, Rule, Severity, Snapshot
from sayso.receipts import covers
from sayso.settings import Policy

FILE = "gate.toml"

_NEAR = 40


class GateRules(NamedTuple):
    """The rules about configurations, and those that only receipts and ``sayso doctor`` apply."""

    config: dict[str, Rule]
    others: tuple[Rule, ...]

    @property
    def rules(self) -> tuple[Rule, ...]:
        """All of them."""
        return (*self.config.values(), *self.others)


def read_rules(table: tables.Table) -> GateRules:
    """Read the rules; raises ``DataError``."""
    found = {section: _section(table, section) for section in ("rule", "receipt", "doctor")}
    table.done()
    return GateRules({rule.id: rule for rule in found["rule"]}, (*found["receipt"], *found["doctor"]))


def _section(table: tables.Table, name: str) -> tuple[Rule, ...]:
    rules = []
    for entry in table.tables(name):
        rules.append(ruletables.rule(entry))
        entry.done()
    return tuple(rules)


def asks(changes: Sequence[Change]) -> Iterator[str]:
    """Ask for the configurations that stand beside a changed one."""
    for change in changes:
        for path in change.names:
            if hookconfig.is_config(path):
                folder = posixpath.dirname(path)
                yield from (posixpath.join(folder, name) for name in hookconfig.NAMES)


def check(snapshot: Snapshot, rules: GateRules, policy: Policy) -> Iterator[Finding]:
    """Yield what lets more go by than before, and what falls short of the policy."""
    for change in snapshot.changes:
        for found in _of_change(snapshot, change, policy):
            yield _finding(found, rules)


class _Found(NamedTuple):
    difference: Difference
    path: str
    line: int = 0
    refuses: bool = False


def _of_change(snapshot: Snapshot, change: Change, policy: Policy) -> Iterator[_Found]:
    gone = change.path if change.kind is ChangeKind.DELETED else ""
    if change.kind is ChangeKind.RENAMED:
        gone = change.old_path
    if gone:
        yield from _gone(snapshot, change, gone, policy)
    for path in change.names:
        if ciconfig.is_other_runner(path):
            yield _Found(Difference("gate-other-runner", "", "what another hook runner does has changed"), path)
    if change.path not in snapshot.texts or change.path == gone:
        return
    text = snapshot.texts[change.path]
    if hookconfig.is_config(change.path):
        yield from _config(snapshot, change, text, policy)
    elif ciconfig.is_workflow(change.path):
        moved = change.kind is ChangeKind.RENAMED and not ciconfig.is_workflow(change.old_path)
        yield from _workflow(change.path, None if moved else snapshot.before.get(change.path), text)
    for difference, line in ciconfig.skips(change.path, snapshot.added.get(change.path, ()), text):
        yield _Found(difference, change.path, line)


def _gone(snapshot: Snapshot, change: Change, path: str, policy: Policy) -> Iterator[_Found]:
    """Judge a file that is deleted or renamed away: what stands in its place may do the same."""
    if hookconfig.is_config(path) and not (change.path != path and _takes_place(path, change.path)):
        beside = [other for other in _beside(path) if other in snapshot.there or other in snapshot.texts]
        said = f"the configuration of the hooks is gone; {beside[0]} stands beside it" if beside else ""
        said = said or "the configuration of the hooks is gone"
        yield _Found(Difference("gate-config-removed", "", said), path, refuses=_demands(policy, path) and not beside)
    elif ciconfig.is_workflow(path) and not ciconfig.is_workflow(change.path if change.path != path else ""):
        text = snapshot.before.get(change.path)
        if ciconfig.runs_gate(text) if text is not None else ciconfig.named_gate(path):
            yield _Found(Difference("gate-workflow-dropped", "", "the workflow that runs the hooks is gone"), path)


def _takes_place(path: str, other: str) -> bool:
    return hookconfig.is_config(other) and posixpath.dirname(other) == posixpath.dirname(path)


def _beside(path: str) -> list[str]:
    folder = posixpath.dirname(path)
    names = (posixpath.join(folder, name) for name in hookconfig.NAMES)
    return [name for name in names if name != path]


def _config(snapshot: Snapshot, change: Change, text: str, policy: Policy) -> Iterator[_Found]:
    path, required = change.path, policy.gate.required_hooks
    try:
        new = hookconfig.read(path, text)
    except DataError as exc:
        yield _Found(Difference("gate-config-unreadable", "", str(exc)), path, refuses=_demands(policy, path))
        return
    old = _former(change, snapshot.before.get(path))
    refused = set()
    for difference in (
        *(hookdiff.compare(old, new, required) if old else hookdiff.alone(new)),
        *(() if old else _shadows(snapshot, path, new, required)),
    ):
        refuses = difference.rule == "gate-hook-dropped" and _is_required(difference.hook, new, required)
        refused |= set(covers(difference.hook)) if refuses else set()
        yield _Found(difference, path, _line(text, difference), refuses)
    for short in hookconfig.shortfalls(new, required, policy.gate.minimum_rev) if _decides(path) else ():
        if short.hook not in refused:
            rule, key = ("gate-rev-lowered", "rev") if short.rev else ("gate-required-hook", "id")
            found = Difference(rule, short.hook, f"{short.hook} {short.reason}", key)
            yield _Found(found, path, _line(text, found), refuses=True)


def _former(change: Change, text: str | None) -> HookConfig | None:
    """Return the former version, under its former name; one that nobody could read ran no hooks."""
    path = change.old_path if change.kind is ChangeKind.RENAMED else change.path
    try:
        return hookconfig.read(path, text) if text is not None and hookconfig.is_config(path) else None
    except DataError:
        return None


def _shadows(snapshot: Snapshot, path: str, new: HookConfig, required: Sequence[str]) -> Iterator[Difference]:
    """Judge a new file that a runner reads in place of one that stands beside it."""
    if path.rpartition("/")[2] != hookconfig.TOML_NAME or hookconfig.ours(new, required):
        return
    for other in _beside(path):
        if other in snapshot.there or other in snapshot.texts:
            yield Difference(
                "gate-config-shadowed", "", f"prek reads it in place of {other}, and it has no hook of ours"
            )
            return


def _workflow(path: str, before: str | None, text: str) -> Iterator[_Found]:
    if not (ciconfig.runs_gate(text) or (before and ciconfig.runs_gate(before))):
        return
    try:
        new = ciconfig.read(path, text)
    except DataError as exc:
        yield _Found(Difference("gate-config-unreadable", "", str(exc)), path)
        return
    try:
        old = None if before is None else ciconfig.read(path, before)
    except DataError:
        old = None
    for difference in ciconfig.compare(old, new):
        yield _Found(difference, path, _line(text, difference))


def _decides(path: str) -> bool:
    """Tell whether a configuration speaks for the whole repository; prek reads others in folders below."""
    return "/" not in path


def _demands(policy: Policy, path: str) -> bool:
    return _decides(path) and bool(policy.gate.required_hooks or policy.gate.minimum_rev)


def _is_required(hook: str, new: HookConfig, required: Sequence[str]) -> bool:
    done = hookconfig.work(new)
    return any(name in required and name not in done for name in covers(hook))


def _line(text: str, difference: Difference) -> int:
    """Find the line of a key, below the hook that it belongs to; a good guess is enough for a message."""
    if not difference.key:
        return 0
    lines = text.split("\n")
    start, end = 0, len(lines)
    if difference.hook:
        named = re.compile(rf"""["']?id["']?\s{{0,9}}[:=]\s{{0,9}}["']?{re.escape(difference.hook)}(?![\w-])""")
        start = next((number for number, line in enumerate(lines) if named.search(line)), -1)
        if start < 0 or difference.key == "id":
            return start + 1
        end = start + _NEAR
    key = re.compile(rf"""(?:^|[\s{{,-])["']?{re.escape(difference.key)}["']?\s{{0,9}}[:=]""")
    before = range(start, max(-1, start - _NEAR), -1) if difference.key in {"rev", "repo"} else range(start, end)
    return next((number + 1 for number in before if number < len(lines) and key.search(lines[number])), start + 1)


def _finding(found: _Found, rules: GateRules) -> Finding:
    rule = rules.config[found.difference.rule]
    severity = Severity.ERROR if found.refuses else rule.severity
    hook = (("hook", found.difference.hook),) if found.difference.hook else ()
    return Finding(rule.id, found.path, found.line, found.difference.message, severity, (*hook, ("fix", rule.fix)))
