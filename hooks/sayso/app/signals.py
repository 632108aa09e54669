"""Run the checks that find signals in a change."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from importlib import import_module
from typing import Any, Protocol

from sayso.adapters.git import Repository
from sayso.adapters.resources import read_table
from sayso.app.context import Context
from sayso.model import CheckResult, Finding, Outcome, Rule, Snapshot
from sayso.policy import Policy
from sayso.registry import SIGNALS
from sayso.tables import Table


class Check(Protocol):
    """A module with these names is a check; its rules stand in ``FILE``, and ``read_rules`` returns them ``.rules``.

    It may have ``concerns(snapshot)``, which tells cheaply whether there can be anything to find, before rules are
    read.
    It may have ``asks(changes)``, which returns paths: those that the commit has are then in ``snapshot.there``.
    It may set ``NEEDS_AI``, if it judges the work of coding tools more strictly.
    """

    @property
    def FILE(self) -> str:  # noqa: N802 - a constant of a module
        """The name of the rules file."""

    def read_rules(self, table: Table) -> Any:
        """Read the rules; raises ``DataError``."""

    def check(self, snapshot: Snapshot, rules: Any, policy: Policy) -> Iterator[Finding]:
        """Yield what is found."""


def module(hook: str) -> Check:
    """Return the check behind a hook id; imported here, because a light hook must not pay for another."""
    found: Check = import_module(f"sayso.checks.{SIGNALS[hook]}")
    return found


@cache
def _read(hook: str) -> Any:
    check = module(hook)
    return check.read_rules(read_table(check.FILE))


def rules(hook: str) -> Iterable[Rule]:
    """Return the rules of a check."""
    found: Iterable[Rule] = _read(hook).rules
    return found


def findings(
    hook: str, snapshot: Snapshot, policy: Policy, repo: Repository, revision: str = ""
) -> tuple[Finding, ...]:
    """Return what one check finds in a snapshot; ``revision`` is the commit that it is of, "" for what is staged."""
    check = module(hook)
    if hasattr(check, "concerns") and not check.concerns(snapshot):
        return ()
    wanted = sorted(set(check.asks(snapshot.changes))) if hasattr(check, "asks") else []
    if wanted:
        snapshot = snapshot._replace(there=frozenset(item.path for item in repo.listed(revision, wanted)))
    return tuple(check.check(snapshot, _read(hook), policy))


def judges_tools(hook: str) -> bool:
    """Tell whether a check judges the work of coding tools more strictly."""
    return bool(getattr(module(hook), "NEEDS_AI", False))


def examine(context: Context, hook: str, *, ai: bool | None = None) -> CheckResult:
    """Return the result of one check over the change.

    Whether a tool wrote it is found out where ``ai`` is None, and then only where that makes a difference.
    """
    if not context.changes:
        return CheckResult(hook, Outcome.NOT_APPLICABLE)
    plain = _examined(context, hook, ai=bool(ai))
    if ai is not None or not judges_tools(hook):
        return plain
    stricter = _examined(context, hook, ai=True)
    return stricter if stricter != plain and context.announced else plain


def _examined(context: Context, hook: str, *, ai: bool) -> CheckResult:
    snapshot = context.addition.snapshot._replace(ai=ai)
    if hook == "change-size":
        snapshot = snapshot._replace(areas=tuple(sorted({flag.area for flag in context.flags})))
    found = findings(hook, snapshot, context.policy, context.repo, context.request.to_ref)
    unread = tuple(skipped._replace(blocks=False) for skipped in context.addition.unread)
    outcome = Outcome.FOUND if found else Outcome.CLEAR
    return CheckResult(hook, outcome, found, len(context.changes), unread)
