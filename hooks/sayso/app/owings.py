"""Work out what a change owes, from what the checks have found in it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from sayso import duties, quiet
from sayso.adapters.resources import read_table
from sayso.app.context import Context
from sayso.duties import BuiltIn
from sayso.model import Change, Finding
from sayso.owing import Owed


def of(
    context: Context, found: Sequence[Finding], *, ai: bool, changes: tuple[Change, ...] | None = None
) -> tuple[Owed, ...]:
    """Return what ``changes``, or the whole change, owe for what is found in them."""
    signals = [(finding.rule, finding.path, finding.line) for finding in found]
    named = {finding.path for finding in found}
    snapshot = context.addition.snapshot
    concerned = tuple(change for change in snapshot.changes if not named.isdisjoint(change.names))
    silent = quiet.paths(snapshot._replace(changes=concerned))
    # a relaxation that comes with the change that it would spare is not in force yet
    standing = tuple(item for item in context.policy.relaxed if item in context.trusted.relaxed)
    policy = context.policy._replace(relaxed=standing)
    return duties.owed(signals, context.changes if changes is None else changes, ai, _built_in(), policy, silent)


@cache
def _built_in() -> BuiltIn:
    return duties.read_rules(read_table(duties.FILE))
