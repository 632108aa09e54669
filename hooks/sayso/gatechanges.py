"""Find what a change does to the configuration of the gate: see ``sayso.checks.gate_config`` for what is judged."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from sayso import ciconfig, hookconfig, hookdiff
from sayso.hookconfig import HookConfig
from sayso.hookdiff import Difference
from sayso.model import Change, ChangeKind, DataError, Snapshot
from sayso.receipts import covers
from sayso.settings import Policy

_NEAR = 40


class Found(NamedTuple):
    """A difference and its place; ``refuses`` where the policy demands what is gone."""

    difference: Difference
    path: str
    line: int = 0
    refuses: bool = False


def of_change(snapshot: Snapshot, change: Change, policy: Policy) -> Iterator[Found]:
    """Yield what one change does to the gate."""
    gone = change.path if change.kind is ChangeKind.DELETED else ""
    if change.kind is ChangeKind.RENAMED:
        gone = change.old_path
    if gone:
        yield from _gone(snapshot, change, gone, policy)
    for path in change.names:
        if ciconfig.is_other_runner(path):
            yield Found(Difference("gate-other-runner", "", "what another hook runner does has changed"), path)
    if change.path not in snapshot.texts or change.path == gone:
        return
    text = snapshot.texts[change.path]
    if hookconfig.is_config(change.path):
        yield from _config(snapshot, change, text, policy)
    elif ciconfig.is_workflow(change.path):
        moved = change.kind is ChangeKind.RENAMED and not ciconfig.is_workflow(change.old_path)
        yield from _workflow(change.path, None if moved else snapshot.before.get(change.path), text)
    for difference, line in ciconfig.skips(change.path, snapshot.added.get(change.path, ()), text):
        yield Found(difference, change.path, line)


def _gone(snapshot: Snapshot, change: Change, path: str, policy: Policy) -> Iterator[Found]:
    """Judge a file that is deleted or renamed away: what stands in its place may do the same."""
    if hookconfig.is_config(path) and not (change.path != path and _takes_place(path, change.path)):
        beside = [other for other in _beside(path) if other in snapshot.there or other in snapshot.texts]
        said = f"the configuration of the hooks is gone; {beside[0]} stands beside it" if beside else ""
        said = said or "the configuration of the hooks is gone"
        yield Found(Difference("gate-config-removed", "", said), path, refuses=_demands(policy, path) and not beside)
    elif ciconfig.is_workflow(path) and not ciconfig.is_workflow(change.path if change.path != path else ""):
        text = snapshot.before.get(change.path)
        if ciconfig.runs_gate(text) if text is not None else ciconfig.named_gate(path):
            yield Found(Difference("gate-workflow-dropped", "", "the workflow that runs the hooks is gone"), path)


def _takes_place(path: str, other: str) -> bool:
    return hookconfig.is_config(other) and posixpath.dirname(other) == posixpath.dirname(path)


def _beside(path: str) -> list[str]:
    folder = posixpath.dirname(path)
    names = (posixpath.join(folder, name) for name in hookconfig.NAMES)
    return [name for name in names if name != path]


def _config(snapshot: Snapshot, change: Change, text: str, policy: Policy) -> Iterator[Found]:
    path, required = change.path, policy.gate.required_hooks
    try:
        new = hookconfig.read(path, text)
    except DataError as exc:
        yield Found(Difference("gate-config-unreadable", "", str(exc)), path, refuses=_demands(policy, path))
        return
    old = _former(change, snapshot.before.get(path))
    refused = set()
    for difference in (
        *(hookdiff.compare(old, new, required) if old else hookdiff.alone(new)),
        *(() if old else _shadows(snapshot, path, new, required)),
    ):
        refuses = difference.rule == "gate-hook-dropped" and _is_required(difference.hook, new, required)
        refused |= set(covers(difference.hook)) if refuses else set()
        yield Found(difference, path, _line(text, difference), refuses)
    for short in hookconfig.shortfalls(new, required, policy.gate.minimum_rev) if _decides(path) else ():
        if short.hook not in refused:
            rule, key = ("gate-rev-lowered", "rev") if short.rev else ("gate-required-hook", "id")
            found = Difference(rule, short.hook, f"{short.hook} {short.reason}", key)
            yield Found(found, path, _line(text, found), refuses=True)


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


def _workflow(path: str, before: str | None, text: str) -> Iterator[Found]:
    if not (ciconfig.runs_gate(text) or (before and ciconfig.runs_gate(before))):
        return
    try:
        new = ciconfig.read(path, text)
    except DataError as exc:
        yield Found(Difference("gate-config-unreadable", "", str(exc)), path)
        return
    try:
        old = None if before is None else ciconfig.read(path, before)
    except DataError:
        old = None
    for difference in ciconfig.compare(old, new):
        yield Found(difference, path, _line(text, difference))


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
