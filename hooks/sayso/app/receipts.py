"""Keep a receipt where a hook of ours has let pass exactly what is being committed, and ask for it later.

A run counts that has looked at the whole change in the making: by the runner on the way of a commit, or by hand over
all that is staged or tracked. One that had nothing to look at leaves none, or an empty run would vouch for HEAD.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Sequence

from sayso import __version__
from sayso.adapters.receiptstore import Receipts
from sayso.app.context import Context
from sayso.model import CheckResult, Finding, Outcome, Rule, SaysoError, Severity
from sayso.outcome import exit_code
from sayso.receipts import Receipt
from sayso.registry import HOOKS

REFUSED = "refused"
LEAVING = tuple(name for name, hook in HOOKS.items() if "pre-commit" in hook.stages)
"""The hooks that leave receipts."""


def start(context: Context) -> str:
    """Return the id of the tree that a commit of the index would have; "" for a range, and with conflicts."""
    return "" if context.request.to_ref or context.repo.bare else context.repo.tree()


def finish(context: Context, hook: str, results: Sequence[CheckResult], tree: str) -> tuple[Finding, ...]:
    """Keep a receipt for ``tree``, as it was at the start, if the index is still the same.

    A refusal is remembered too: it takes the place of an earlier receipt. What cannot be kept is a note and no
    reason to refuse; an index that has changed is one, because what was examined is not what would be committed.
    """
    if not tree:
        return ()
    if context.repo.tree() != tree:
        return (finding("index-changed", "the index changed while the hook ran"),)
    try:
        if _counts(context):
            Receipts(context.repo.common_dir).put(
                Receipt(tree, hook, __version__, _policy(context), _outcome(results)),
            )
    except SaysoError as exc:
        return (finding("receipt-not-kept", str(exc)),)
    return ()


def seen(context: Context, tree: str) -> frozenset[str]:
    """Return the hooks that have let ``tree`` pass."""
    return looked(context, tree)[0]


def looked(context: Context, tree: str) -> tuple[frozenset[str], frozenset[str]]:
    """Return the hooks that have let ``tree`` pass, and those that have refused it, each when it saw it last."""
    outcomes = Receipts(context.repo.common_dir).outcomes(tree, LEAVING)
    passed = frozenset(hook for hook, outcome in outcomes.items() if outcome != REFUSED)
    return passed, frozenset(outcomes) - passed


def rules(*sections: str) -> dict[str, Rule]:
    """Return the rules of ``gate.toml`` by id, of the sections that are named."""
    from sayso import ruletables  # noqa: PLC0415 - only a finding pays for it
    from sayso.adapters.resources import read_table  # noqa: PLC0415

    table = read_table("gate.toml")
    return {rule.id: rule for section in sections for rule in map(ruletables.rule, table.tables(section))}


def finding(
    rule: str, message: str, *, path: str = "", raised: bool = False, detail: Iterable[tuple[str, str]] = ()
) -> Finding:
    """Return a finding about a commit, with what to do; ``raised`` makes a warning an error."""
    found = rules("receipt")[rule]
    severity = Severity.ERROR if raised else found.severity
    return Finding(rule, path, 0, message, severity, (*detail, ("fix", found.fix)))


def _counts(context: Context) -> bool:
    """Tell whether the run has looked at all that a commit of the index would change."""
    request = context.request
    if request.all_files:
        return True
    if not context.changes and not context.repo.merge_heads():
        return False
    if "GIT_INDEX_FILE" in os.environ or not (request.names or request.named_only):
        return True  # git is calling, and a runner chose the names by its configuration
    named = set(map(context.repo.path_of, request.names))
    return all(change.path in named for change in context.changes if change.blob)


def _policy(context: Context) -> str:
    """Return the digest of the policy in force, however its file is laid out."""
    return hashlib.sha256(repr(context.policy).encode("utf-8", "surrogateescape")).hexdigest()


def _outcome(results: Sequence[CheckResult]) -> str:
    if exit_code(results):
        return REFUSED
    return "flagged" if any(result.outcome is Outcome.FOUND for result in results) else "clear"
