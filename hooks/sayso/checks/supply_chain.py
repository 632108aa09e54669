"""Flag what a change brings in from elsewhere, or lets in more easily, so that a person decides on it.

Manifests, locks, workflows and settings are read before and after the change
and compared: moving or reformatting them flags nothing, and neither does a plain
bump. What cannot be read is flagged too, since nobody knows what it brings.

Surprising cases: a file that was renamed into a manifest is new as a whole. A
dependency that another manifest of the same change had before has only moved.
In folders of test data everything is a note. Every finding is a warning or a
note: what a change owes for it is decided elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple

from sayso import ruletables
from sayso.model import (
    SUBMODULE_MODE,
    SYMLINK_MODE,
    AddedLine,
    Change,
    ChangeKind,
    DataError,
    Finding,
    Rule,
    Severity,
    Snapshot,
)
from sayso.policy import Policy
from sayso.supply import files, words
from sayso.supply.signs import Look, Sign
from sayso.tables import Table

if TYPE_CHECKING:
    from sayso.supply.declared import Reading

FILE = "supply_chain.toml"

_MOST_FINDINGS = 25
_LONGEST = 200
_NEW = frozenset((ChangeKind.ADDED, ChangeKind.RENAMED, ChangeKind.COPIED))
_CONTAINERS = ("dockerfile", "containerfile")


class SupplyRules(NamedTuple):
    """The rules, the hosts of the public registries, well-known build backends, and what runs by being there."""

    rules: tuple[Rule, ...]
    hosts: frozenset[str]
    backends: frozenset[str]
    at_start: tuple[tuple[str, str, str], ...]


def read_rules(table: Table) -> SupplyRules:
    """Read the rules; raises ``DataError``."""
    rules = ruletables.rules(table)
    known = table.table("known")
    hosts, backends = frozenset(known.texts("hosts")), frozenset(known.texts("backends"))
    known.done()
    at_start = []
    for entry in table.tables("runs"):
        at_start.append((entry.text("name"), entry.text("rule"), entry.text("when")))
        entry.done()
    table.done()
    ids = {rule.id for rule in rules}
    for name, rule, _ in at_start:
        if rule not in ids:
            raise table.error(f"{name}: no rule {rule!r}", "runs")
    return SupplyRules(rules, hosts, backends, tuple(at_start))


def asks(changes: Iterable[Change]) -> Iterator[str]:
    """Yield the paths of locks and manifests that may belong to what is changed."""
    yield from files.asks((change.path, change.kind is ChangeKind.DELETED) for change in changes)


def check(snapshot: Snapshot, rules: SupplyRules, policy: Policy) -> Iterator[Finding]:
    """Yield what is found, file by file."""
    del policy
    by_id = {rule.id: rule for rule in rules.rules}
    found: dict[str, list[Sign]] = {}
    looks = {change.path: look for change in snapshot.changes if (look := _look(change, snapshot))}
    for change in snapshot.changes:
        found[change.path] = list(_of_path(change, change.path in looks, rules))
    manifests = {path: look for path, look in looks.items() if files.format_of(path)}
    if manifests:
        for path, sign in _manifests(manifests, snapshot, rules):
            found[path].append(sign)
    for change in snapshot.changes:
        if files.lock_of(change.path) and change.mode != SYMLINK_MODE:
            from sayso.supply import locking  # noqa: PLC0415 - only a change to a lock pays

            found[change.path] += locking.check(change, snapshot, rules.hosts)
        elif change.path in looks:
            found[change.path] += _others(looks[change.path], rules)
    for path, signs in found.items():
        yield from _findings(path, signs, looks.get(path), by_id)


def _look(change: Change, snapshot: Snapshot) -> Look | None:
    """Return a changed file with what it was before, if that was a file of the same kind."""
    text = snapshot.texts.get(change.path)
    if text is None or change.kind is ChangeKind.DELETED or change.mode in {SYMLINK_MODE, SUBMODULE_MODE}:
        return None
    before = snapshot.before.get(change.path, "") if change.old_mode != SYMLINK_MODE else ""
    added = snapshot.added.get(change.path, ())
    if change.kind in _NEW and change.old_path and _kind(change.old_path) != _kind(change.path):
        before, added = "", tuple(AddedLine(number, line) for number, line in enumerate(text.split("\n"), 1))
    return Look(change.path, text, before, added)


def _kind(path: str) -> tuple[object, ...]:
    """Return what decides who reads a file; a lock in another folder and a workflow out of its own are other kinds."""
    folder, _, name = path.lower().rpartition("/")
    suffix = name.rpartition(".")[2] if "." in name else name
    return files.format_of(path), files.lock_of(path), suffix, ".github/workflows" in folder, files.is_sample(path)


def _of_path(change: Change, readable: bool, rules: SupplyRules) -> Iterator[Sign]:
    """Judge what a path alone tells: a file that runs by being there, and a manifest that is none."""
    if change.kind is ChangeKind.DELETED:
        return
    name = change.path.lower().rpartition("/")[2]
    if change.kind in _NEW and not (change.kind is ChangeKind.RENAMED and change.old_path.lower().endswith(name)):
        for what, rule, when in rules.at_start:
            if name == what or (what.startswith("*") and name.endswith(what[1:])):
                yield Sign(rule, 0, name, f"{name} is new, and runs {when}")
    if not readable and change.mode != SUBMODULE_MODE and (files.format_of(change.path) or files.lock_of(change.path)):
        reason = "a symbolic link" if change.mode == SYMLINK_MODE else "no text, or too long"
        yield Sign("supply-unreadable", 0, name, f"{name} cannot be read, so what it brings in is not known: {reason}")


def _manifests(looks: Mapping[str, Look], snapshot: Snapshot, rules: SupplyRules) -> Iterator[tuple[str, Sign]]:
    from sayso.supply import changes, locking  # noqa: PLC0415 - only a change to a manifest pays

    pairs: dict[str, locking.Pair] = {}
    for path, look in looks.items():
        try:
            pairs[path] = locking.Pair(_read(path, look.before, strict=False), _read(path, look.text, strict=True))
        except DataError as exc:
            yield path, _unreadable(path, exc)
    pool = locking.pooled(pairs)
    said = frozenset(entry[:3] for pair in pairs.values() for entry in pair.old.entries)
    found: list[tuple[str, Sign]] = []
    for path, pair in pairs.items():
        known = changes.Known(pool[locking.family(path)], said, rules.hosts, rules.backends)
        found += [(path, sign) for sign in changes.compare(*pair, known, first=not looks[path].before)]
        found += [(path, sign) for sign in locking.followed(path, pair, snapshot)]
    yield from locking.once(found)


def _read(path: str, text: str, *, strict: bool) -> Reading:
    """Read a manifest; what stood there before and could not be read is taken for nothing."""
    from sayso.supply.declared import Reading  # noqa: PLC0415 - only a change to a manifest pays

    form = files.format_of(path)
    if form is None or not text.strip():
        return Reading()
    reader = getattr(import_module(f"sayso.supply.{form.module}"), form.reader)
    try:
        found: Reading = reader(text, path)
    except (DataError, RecursionError) as exc:
        if not strict:
            return Reading()
        raise exc if isinstance(exc, DataError) else DataError(f"{path}: nested too deep") from exc
    return found


def _unreadable(path: str, exc: DataError) -> Sign:
    name = path.rpartition("/")[2]
    reason = str(exc).removeprefix(path).lstrip(":0123456789 ")
    return Sign(
        "supply-unreadable", 0, name, f"{name} cannot be read, so what it brings in is not known: {reason[:200]}"
    )


def _others(look: Look, rules: SupplyRules) -> Iterator[Sign]:
    """Yield what the readers of all other files find."""
    lower, text = look.path.lower(), look.text.lower()
    name = lower.rpartition("/")[2]
    if name.endswith((".yml", ".yaml", "prek.toml")) or any(word in name for word in _CONTAINERS):
        try:
            yield from _pins(look)
        except DataError as exc:
            yield _unreadable(look.path, exc)
    if words.fetches(text):
        from sayso.supply import shells  # noqa: PLC0415 - most changes have no such word

        for piped in shells.check(look):
            rule = "supply-piped-shell-told" if piped.told else "supply-piped-shell"
            place = piped.place or "another machine"
            yield Sign(rule, piped.line, place, f"what is fetched from {place} is run at once")
    if words.remote(lower, text):
        from sayso.supply import remote  # noqa: PLC0415 - as above

        yield from remote.check(look, rules.hosts)


def _pins(look: Look) -> Iterator[Sign]:
    from sayso.supply import images, pins  # noqa: PLC0415 - only a change to such a file pays

    if pins.concerns(look.path):
        yield from pins.check(look)
    elif images.concerns(look.path, look.text):
        yield from images.check(look)


def _findings(path: str, signs: Iterable[Sign], look: Look | None, rules: Mapping[str, Rule]) -> Iterator[Finding]:
    """Turn signs into findings, each once; of one rule no more in one file than a person reads."""
    counts: dict[str, int] = {}
    sample = files.is_sample(path)
    for sign in dict.fromkeys(signs):
        rule = rules[sign.rule]
        counts[rule.id] = counts.get(rule.id, 0) + 1
        if counts[rule.id] > _MOST_FINDINGS:
            continue
        severity = Severity.NOTE if sample or sign.mild else rule.severity
        line = sign.line if isinstance(sign.line, int) else look.line_of(sign.line) if look else 0
        detail = (("what", sign.what[:_LONGEST]), ("fix", rule.fix.strip()))
        yield Finding(rule.id, path, line, sign.message[: 2 * _LONGEST], severity, detail, rule.cwe)
    for name, count in counts.items():
        if count > _MOST_FINDINGS:
            severity = Severity.NOTE if sample else rules[name].severity
            message = f"and {count - _MOST_FINDINGS} more of this rule in this file"
            yield Finding(name, path, 0, message, severity, (("fix", rules[name].fix.strip()),), rules[name].cwe)
