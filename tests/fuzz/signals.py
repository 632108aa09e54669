"""Targets that judge a changed file: whatever stands in it, a finding is about it and fits on a line."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from fuzz import renderers
from fuzz.inputs import snapshot
from sayso import quiet, signs
from sayso.adapters.resources import read_table
from sayso.app import signals
from sayso.lines import split_lines
from sayso.model import CheckResult, Finding, Outcome
from sayso.policy import DEFAULT
from sayso.registry import SIGNALS


@cache
def _rules(hook: str) -> Any:
    module = signals.module(hook)
    return module.read_rules(read_table(module.FILE))


def _check(hook: str) -> Callable[[bytes], None]:
    def target(data: bytes) -> None:
        change = snapshot(data)
        module = signals.module(hook)
        found = tuple(module.check(change, _rules(hook), DEFAULT))
        assert found == tuple(module.check(change, _rules(hook), DEFAULT))
        most = max(len(split_lines(text)) for text in (*change.texts.values(), change.message)) + 1
        known = {rule.id for rule in _rules(hook).rules}
        for finding in found:
            assert finding.rule in known
            assert finding.path in {"", *(change.path for change in change.changes)}
            assert 0 <= finding.line <= most
        renderers.hold((CheckResult(hook, _outcome(found), found, 1),))

    return target


def _outcome(found: tuple[Finding, ...]) -> Outcome:
    return Outcome.FOUND if found else Outcome.CLEAR


def checklist(data: bytes) -> None:
    """The signs that the checklist looks for, and what of a change is comments only."""
    change = snapshot(data)
    found = signs.seen(change, signs.read_rules(read_table("checklist.toml")))
    most = len(split_lines(next(iter(change.texts.values())))) + 1
    for place in (*found.prose, *(place for places in found.places.values() for place in places)):
        assert 0 <= place.line <= most
    assert set(quiet.paths(change)) <= set(change.texts)


TARGETS: dict[str, Callable[[bytes], None]] = {**{hook: _check(hook) for hook in SIGNALS}, "checklist": checklist}
