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
from sayso.model import CheckResult, Finding
from sayso.owing import Owed
from sayso.registry import SIGNALS
from sayso.resultcodec import Kept

_MOST = 200
_AS_TOOL = " (ai)"


def hooks() -> tuple[str, ...]:
    """Return the hooks whose results are kept, in the order in which a person reads them."""
    return ("sensitive-paths", *SIGNALS, "code-scan", "secret-scan")


def keep(context: Context, results: Sequence[CheckResult]) -> None:
    """Keep the results of one run over the change; what it says of a tool's work is worked out for later.

    Raises:
        LedgerError: they cannot be written.
    """
    from sayso.app import owings  # noqa: PLC0415 - the gate only recalls

    mine = [result for result in results if result.hook in hooks()]
    by_tool = [signals.examine(context, hook, ai=True) for hook in SIGNALS if signals.judges_tools(hook)]
    stricter = {result.hook: result for result in by_tool}
    owed = [
        owings.of(context, flagged(context, found), ai=ai)
        for ai, found in ((False, mine), (True, [stricter.get(result.hook, result) for result in mine]))
    ]
    mine += [result._replace(hook=result.hook + _AS_TOOL) for result in by_tool]
    records = _records(context)
    records.put(_key(context), resultcodec.encode(Kept(tuple(mine), *owed)))
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
    """What is known: the results of the hooks, and what the change owes."""

    results: list[CheckResult]
    owed: tuple[Owed, ...] | None


def recall(context: Context, *, ai: bool) -> Recalled | None:
    """Return what is known of the change, or None where that is not all."""
    found = _records(context).get(_key(context), resultcodec.decode)
    if found is None:
        return None
    stricter = {result.hook.removesuffix(_AS_TOOL): result for result in found.results if _AS_TOOL in result.hook}
    plain = [result for result in found.results if _AS_TOOL not in result.hook]
    if not {*hooks()} <= {result.hook for result in plain}:
        return None
    results = [stricter[item.hook]._replace(hook=item.hook) if ai and item.hook in stricter else item for item in plain]
    return Recalled(results, found.owed_by_tool if ai else found.owed)


def flagged(context: Context, results: Sequence[CheckResult]) -> list[Finding]:
    """Return the signals among the findings of all results; approvals owe nothing for lying where they must."""
    named = ("sensitive-paths", *SIGNALS)
    found = [finding for result in results if result.hook in named for finding in result.findings]
    folder = f"{context.trusted.review.approvals}/" if found else ""
    return [finding for finding in found if not finding.path.startswith(folder)]


def _records(context: Context) -> Records:
    return Records(os.path.join(context.repo.common_dir, "sayso", "examined"), "results")


def _key(context: Context) -> str:
    parts = (__version__, resources.stamp(), repr(context.policy), repr(context.changes), context.repo.head())
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogateescape")).hexdigest()
