"""Merge what several policy files say: what is built in, then the team's, then the repository's.

Each key has a direction in which it is stricter. A file may make it stricter than the
files below have left it, and nothing else: whatever loosens a key stops the run,
unless the same file says in ``[[relax]]`` why, who answers for it, and until when. After
that day the stricter value is in force again, and whose relaxation has run out is said.

People, duties, tests and accepted advisories of all files are united. Two files that
say different things of one person or duty are an error: a file cannot redefine
what another has settled.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from sayso.policyfile import PYPROJECT, Layer
from sayso.policykeys import KEYS, LISTS, Direction, Key, shown
from sayso.settings import DEFAULT, Duty, Person, Policy, Relaxation, TestMap

BUILT_IN = "built-in"
_RELAXED_DAYS = 30


class Merged(NamedTuple):
    """A policy, and where each of its keys and entries comes from: ``gate.enforce``, ``duty.ID``, ``person.NAME``."""

    policy: Policy
    origins: Mapping[str, str]


class _Step(NamedTuple):
    """One layer in the course of a merge: its relaxations that hold, and those that have run out, by rule."""

    layer: Layer
    today: str
    valid: Mapping[str, Relaxation]
    over: Mapping[str, Relaxation]


def merge(layers: Sequence[Layer], today: str = "") -> Merged:
    """Merge ``layers``, the lowest first, as of ``today`` (YYYY-MM-DD; "" where nothing runs out).

    Raises:
        DataError: a file loosens what a file below it has settled, or contradicts it.
    """
    policy = DEFAULT
    origins = dict.fromkeys((key.name for key in KEYS), BUILT_IN)
    for layer in layers:
        step = _Step(
            layer,
            today,
            {item.rule: item for item in layer.relaxed if item.expires >= today},
            {item.rule: item for item in layer.relaxed if item.expires < today},
        )
        for key in KEYS:
            if key.name in layer.values:
                policy = _settled(policy, key, step, origins)
        policy = _united(policy, step, origins)
        policy = policy._replace(
            loosened=(*policy.loosened, *_loosened(policy, step)), lapsed=(*policy.lapsed, *_lapsed(step))
        )
    teams = tuple(f"{layer.source} {layer.digest}" for layer in layers if layer.digest)
    return Merged(policy._replace(teams=teams), origins)


def _loosened(policy: Policy, step: _Step) -> Iterator[str]:
    name = step.layer.source
    if step.layer.values.get("secure-claims.refuse-warnings-of-ai-commits") is False and not policy.raise_for_ai:
        yield f"{name}: claims of tier warn do not refuse AI-marked commits"
    for item in step.valid.values():
        yield f"{name}: {item.rule} is relaxed until {item.expires} by {item.owner}: {item.reason}"


def _lapsed(step: _Step) -> Iterator[str]:
    for rule, item in step.over.items():
        if rule not in step.valid:
            who = f"{step.layer.source}: the relaxation of {rule} by {item.owner}"
            yield f"{who} ran out on {item.expires}: {item.reason}"


def _settled(policy: Policy, key: Key, step: _Step, origins: dict[str, str]) -> Policy:
    """Return ``policy`` with what a layer says of ``key``."""
    value, below = step.layer.values[key.name], key.value(policy)
    free = key.direction is Direction.PLACE and origins[key.name] == BUILT_IN
    if key.direction is Direction.MORE and key.name not in step.valid:
        value = tuple(dict.fromkeys((*below, *value)))
    elif key.is_looser(value, below) and not free and key.name not in step.valid:
        if key.name in step.over:
            return policy
        said = f"{shown(value)} is looser than {shown(below)} ({origins[key.name]})"
        raise step.layer.error(key.name, f"{said}; {_way_out(key.name, step)}")
    if value != below:
        origins[key.name] = step.layer.place(key.name)
    return key.put(policy, value)


def _way_out(rule: str, step: _Step) -> str:
    """Say which entry would allow it: on one line, as an error comes."""
    table = "[[tool.sayso.relax]]" if step.layer.source.endswith(PYPROJECT) else "[[relax]]"
    entry = f'{table} with rule = "{rule}", reason = "…", owner = "…", expires = {_soon(step.today)}'
    return f"keep the stricter value, or add to {step.layer.source}: {entry}"


def _soon(today: str) -> str:
    if not today:
        return "YYYY-MM-DD"
    from datetime import date, timedelta  # noqa: PLC0415 - only an error pays for it

    return (date.fromisoformat(today) + timedelta(days=_RELAXED_DAYS)).isoformat()


def _united(policy: Policy, step: _Step, origins: dict[str, str]) -> Policy:
    """Return ``policy`` with the entries of a layer."""
    layer, valid = step.layer, tuple(step.valid.values())
    for section, field in LISTS.items():
        known = list(getattr(policy, field))
        for index, item in enumerate(getattr(layer, field)):
            if section == "relax" and item not in valid:
                continue
            if item in known:
                continue
            _no_contradiction(layer, section, index, item, known)
            known.append(item)
            origins.setdefault(f"{section}.{name_of(item)}", layer.entry_place(section, index))
        united: dict[str, Any] = {field: tuple(known)}
        policy = policy._replace(**united)
    return policy


def _no_contradiction(layer: Layer, section: str, index: int, item: Any, known: Sequence[Any]) -> None:
    table = layer.tables[section, index]
    if isinstance(item, Person):
        taken = {email.lower(): other.name for other in known for email in other.emails}
        for email in item.emails:
            if email.lower() in taken:
                raise table.error(f"{email} is {taken[email.lower()]}'s already, in another entry", "emails")
    elif isinstance(item, Duty) and any(item.id == other.id for other in known):
        raise table.error(f"there is another duty {item.id!r}: take another id, or relax the other", "id")


def name_of(item: Any) -> str:
    """Return the name by which an entry of a list goes."""
    if isinstance(item, TestMap):
        return item.source
    return str(item[0])
