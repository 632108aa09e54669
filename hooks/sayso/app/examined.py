"""Keep what the hook before a commit found in a change, so that the gate at the message need not look again.

A cache like the ledger, and no more: its key is made of everything that the
results depend on, so that another change, policy, version or rule finds nothing here.
Results are kept only of a run that looked at every file of the change: what a
configuration excludes has to be judged by the gate itself.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from typing import NamedTuple

from sayso import __version__, resultcodec
from sayso.adapters import resources
from sayso.adapters.git import is_file
from sayso.adapters.records import Records
from sayso.app import signals
from sayso.app.context import Context
from sayso.model import CheckResult, Finding, Outcome
from sayso.registry import SIGNALS

_MOST = 200
_AS_TOOL = " (ai)"
_QUIET = "quiet"


def hooks() -> tuple[str, ...]:
    """Return the hooks whose results are kept, in the order in which a person reads them."""
    return ("sensitive-paths", *SIGNALS, "code-scan", "secret-scan")


def keep(context: Context, results: Sequence[CheckResult]) -> None:
    """Keep the results of one run over the change; what it says of a tool's work is worked out for later.

    Raises:
        LedgerError: they cannot be written.
    """
    mine = [result for result in results if result.hook in hooks()]
    mine += [
        result._replace(hook=result.hook + _AS_TOOL)
        for hook in SIGNALS
        if signals.judges_tools(hook)
        for result in [signals.examine(context, hook, ai=True)]
    ]
    quiet = quiet_paths(context) if flagged(mine) else ()  # a change without signals owes nothing that it could spare
    mine.append(CheckResult(_QUIET, Outcome.CLEAR, notes=quiet))
    records = _records(context)
    records.put(_key(context), resultcodec.encode(mine))
    records.prune(_MOST)


def whole(context: Context) -> bool:
    """Tell whether the run looks at every file of what is staged."""
    request = context.request
    if request.to_ref or request.all_files:
        return False
    names = {context.repo.path_of(name) for name in request.names}
    files = {change.path for change in context.changes if is_file(change)}
    return names == files if names or request.named_only else True


class Recalled(NamedTuple):
    """What is known: the results of the hooks, and the paths in which nothing but comments changed."""

    results: list[CheckResult]
    quiet: tuple[str, ...]


def quiet_paths(context: Context) -> tuple[str, ...]:
    """Return the paths in which nothing but comments and blank lines changed."""
    from sayso import quiet  # noqa: PLC0415 - not where that is known

    return tuple(sorted(quiet.paths(context.addition.snapshot)))


def recall(context: Context, *, ai: bool) -> Recalled | None:
    """Return what is known of the change, or None where that is not all."""
    found = _records(context).get(_key(context), resultcodec.decode) or ()
    known = {result.hook: result for result in found}
    if ai:
        known |= {hook: known[hook + _AS_TOOL]._replace(hook=hook) for hook in SIGNALS if hook + _AS_TOOL in known}
    if not all(hook in known for hook in (*hooks(), _QUIET)):
        return None
    return Recalled([known[hook] for hook in hooks()], known[_QUIET].notes)


def flagged(results: Sequence[CheckResult]) -> list[Finding]:
    """Return the signals among the findings of all results."""
    named = ("sensitive-paths", *SIGNALS)
    return [finding for result in results if result.hook in named for finding in result.findings]


def _records(context: Context) -> Records:
    return Records(os.path.join(context.repo.common_dir, "sayso", "examined"), "results")


def _key(context: Context) -> str:
    parts = (__version__, resources.stamp(), repr(context.policy), repr(context.changes))
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogateescape")).hexdigest()
