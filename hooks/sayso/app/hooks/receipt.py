"""``receipt``: notice a commit whose content no hook has examined, as ``--no-verify`` and ``SKIP`` leave it.

Git runs ``prepare-commit-msg`` for every commit, also with ``--no-verify``, and a
hook that fails there stops the commit: so that is where one is refused, if the
policy says so. ``post-commit`` can stop nothing; it says so, and notes the commit
in ``sayso/unverified.log`` of the git directory, where ``sayso doctor`` looks.

What git makes of other commits is never warned of, and no trouble of ours stops
it. A commit that adds nothing to the one before is no news. One that amends a
commit of the log stays in the log: the hooks have seen only what the amendment adds.
"""

from __future__ import annotations

import os
from collections.abc import Sequence

from sayso import receipts as records
from sayso.adapters import process
from sayso.adapters.receiptstore import UnverifiedLog, git_is_busy, last_action, tree_of
from sayso.app import receipts
from sayso.app.context import Context, Options
from sayso.model import CheckResult, Finding, Outcome, SaysoError
from sayso.receipts import Unverified
from sayso.reports import text

HOOK = "receipt"
_NONE = CheckResult(HOOK, Outcome.NOT_APPLICABLE)


def run(context: Context, options: Options) -> list[CheckResult]:
    """Return one result: about the commit in the making before it is made, about HEAD after that and by hand."""
    if context.repo.bare:
        return [_NONE]
    ancestors = list(process.ancestors())
    found = records.commands(ancestors)
    stage = records.stage(ancestors, os.environ)
    if options.message or stage == "prepare-commit-msg":
        return [_before(context, found, options.message)]
    return [_after(context, found)]


def render(results: Sequence[CheckResult]) -> str:
    """Return what there is to say: nothing, for a commit with a receipt; the hook runs twice at each."""
    return text.render([result for result in results if result.findings or result.notes])


def _before(context: Context, found: tuple[tuple[str, ...], ...], path: str) -> CheckResult:
    if _replayed(context, found, os.environ.get("GIT_REFLOG_ACTION", ""), path):
        return _NONE
    mode = context.policy.gate.unverified
    if mode == "off":
        return _NONE
    try:
        tree = context.repo.tree()
        if not tree:
            raise SaysoError("git cannot tell which tree this commit has")  # noqa: TRY301 - one end for all troubles
        against = _against(context, tree)
        if not against or tree == (tree_of(context.repo, "HEAD") or context.repo.empty_tree):
            return CheckResult(HOOK, Outcome.CLEAR, examined=1)
    except SaysoError as exc:
        if mode == "refuse":
            raise
        return CheckResult(HOOK, Outcome.NOT_APPLICABLE, notes=(f"could not look: {exc}",))
    said = against + _because(found)
    return _flagged(receipts.finding("commit-unverified", said, path="this commit", raised=mode == "refuse"))


def _after(context: Context, found: tuple[tuple[str, ...], ...]) -> CheckResult:
    old, action = last_action(context.repo)
    if _replayed(context, found, action) or context.policy.gate.unverified == "off":
        return _NONE
    commit = context.repo.head()
    entry = Unverified(commit, tree_of(context.repo, commit))
    log = UnverifiedLog(context.repo.common_dir)
    inherits = action.startswith("commit (amend)") and any(noted.commit == old for noted in log.entries())
    against = _against(context, entry.tree)
    if not inherits and (not against or _adds_nothing(context, entry, old, action)):
        return CheckResult(HOOK, Outcome.CLEAR, examined=1)
    log.note(entry)
    said = f"it amends {old[:12]}, which no hook had examined either" if inherits else against + _because(found)
    place = f"commit {commit[:12]}"
    detail = (("commit", commit), ("next", _again(context, commit)))
    return _flagged(receipts.finding("commit-unverified", said, path=place, detail=detail))


def _replayed(context: Context, found: tuple[tuple[str, ...], ...], action: str, path: str = "") -> bool:
    """Tell whether git makes this commit of others: by its command lines, or where they are hidden by its traces."""
    if found:
        return records.replays(found)
    merging = os.path.basename(path) == "MERGE_MSG"  # ``git commit`` ends a merge with COMMIT_EDITMSG
    return merging or records.replaying_action(action) or git_is_busy(context.repo)


def _against(context: Context, tree: str) -> str:
    """Return what speaks against ``tree``, or ""."""
    passed, refused = receipts.looked(context, tree)
    hooks = records.unmet(passed, refused, context.policy.gate.required_hooks, receipts.LEAVING)
    if not hooks:
        return ""
    if refused.intersection(hooks):
        return f"{', '.join(hooks)} refused exactly this content (tree {tree[:12]})"
    return f"{', '.join(hooks)} {'has' if len(hooks) == 1 else 'have'} not examined this content (tree {tree[:12]})"


def _adds_nothing(context: Context, entry: Unverified, old: str, action: str) -> bool:
    """Tell whether HEAD has the tree of what it was made from: its parent, or the commit that it amends."""
    if action.startswith("commit (amend)") and records.is_tree(old):
        return entry.tree == tree_of(context.repo, old)
    return entry.tree == (tree_of(context.repo, f"{entry.commit}~1") or context.repo.empty_tree)


def _because(found: tuple[tuple[str, ...], ...]) -> str:
    way = records.way_round(found, os.environ)
    return f": the hooks were passed by with {way}" if way else ""


def _again(context: Context, commit: str) -> str:
    """Return the command that makes the commit again, with the hooks; a merge is looked at in its range."""
    if tree_of(context.repo, f"{commit}^2"):
        return f"sayso verify {commit[:12]}~1..{commit[:12]}"
    if not tree_of(context.repo, f"{commit}~1"):
        return f"git update-ref -d HEAD && git commit -C {commit[:12]}"
    return f"git reset --soft HEAD~1 && git commit -C {commit[:12]}"


def _flagged(found: Finding) -> CheckResult:
    return CheckResult(HOOK, Outcome.FOUND, (found,), 1)
