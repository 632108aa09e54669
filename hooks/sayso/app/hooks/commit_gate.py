"""``commit-gate``: what a commit touches and claims, what it owes for that, and what is there, as one verdict.

It judges what is being committed, an amended commit as a whole. Scanners are not
started here: what the hooks before the commit have found is taken from the ledger. A
commit that git makes again of another one (rebase, cherry-pick, revert) is not
refused for what is missing: it was judged when it was made, and is judged again in CI.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from sayso import gate, gitcommit, receipts
from sayso.adapters import process
from sayso.adapters.git import is_file
from sayso.adapters.receiptstore import git_is_busy, tree_of
from sayso.app import claims, examined, message, scope, signals
from sayso.app import gate as gates
from sayso.app.case import Case
from sayso.app.context import Context, Options
from sayso.app.hooks import ai_authorship, dependency_scan, secure_claims
from sayso.checks import ai_authorship as authorship
from sayso.model import CheckResult, Outcome, Severity, Snapshot
from sayso.registry import SIGNALS
from sayso.reports import gate as report

_SCANNING_HOOK = "sayso"
_REPLAYED = "git makes this commit of another one: what it owes is shown, and is asked for in CI"


def run(context: Context, options: Options) -> list[CheckResult]:
    """Return the results that the verdict rests on, and last the verdict."""
    path = options.message or message.default_path(context.repo)
    return message.judged(context, path, lambda draft: _judged(context, options, draft))


def render(results: Sequence[CheckResult]) -> str:
    """Return the verdict on one screen."""
    return report.render(results)


def _judged(context: Context, options: Options, draft: message.Draft) -> list[CheckResult]:
    authors = ai_authorship.load()
    marks = ai_authorship.markers(draft, authors)
    ai = bool(marks)
    whole = _whole(context)
    known = _known(whole, ai=ai)
    results = [*known.results, *_in_message(whole, draft)]
    results.append(ai_authorship.judged(whole, options, draft.text, marks, authors))
    results.append(secure_claims.on_message(whole, draft, claims.load(), runs=_SCANNING_HOOK))
    author, committer = authorship.identity(draft.author), authorship.identity(draft.committer)
    case = Case(whole, whole.changes, "", draft.text, author, committer, ai, owed=known.owed)
    case = case._replace(results=tuple(results))
    replayed = _is_replayed(whole)
    enforce = gate.enforced(whole.policy.gate, whole.trusted.gate, ai=ai) and not replayed
    missing = () if replayed else tuple(gates.unreported(case))
    if missing and case.tree == tree_of(context.repo, "HEAD"):
        missing = ()  # it adds nothing to the commit before it, so no hook had anything to look at
    notes = (_REPLAYED,) if replayed else ()
    return [*results, gates.judge(case, enforce=enforce, extra=missing, notes=notes)]


def _whole(context: Context) -> Context:
    """Return the context of the whole commit: where one is amended, with what it had already."""
    args = message.calling()
    amended = gitcommit.amends(args) if args is not None else context.repo.is_amend()
    if amended:
        return Context(context.request._replace(amended=True))
    if args is None and not context.changes and not context.repo.merge_heads():
        return Context(context.request._replace(amended=True))
    return context


def _is_replayed(context: Context) -> bool:
    found = receipts.commands(process.ancestors())
    return receipts.replays(found) if found else git_is_busy(context.repo)


def _known(context: Context, *, ai: bool) -> examined.Recalled:
    """Return what the hooks before the commit found, or find it now: without a scanner, by the ledger."""
    known = examined.recall(context, ai=ai)
    if known is None:
        from sayso.app.hooks import sensitive_paths  # noqa: PLC0415 - not where the results are known

        found = sensitive_paths.run(context, Options())
        found += [signals.examine(context, hook, ai=ai) for hook in SIGNALS]
        found += [*gates.policy_changes(context), *_known_scans(context)]
        known = examined.Recalled(found, None)
    if dependency_scan.concerned(context):
        known.results.append(dependency_scan.examined(context, waits=True))
    return known


def _known_scans(context: Context) -> list[CheckResult]:
    from sayso.adapters.ledger import Ledger  # noqa: PLC0415 - not where the results are known
    from sayso.app import findings  # noqa: PLC0415
    from sayso.app.code_engine import CodeScan  # noqa: PLC0415
    from sayso.app.debt import Debt  # noqa: PLC0415
    from sayso.app.scan import Scanner  # noqa: PLC0415
    from sayso.app.secret_engine import SecretScan  # noqa: PLC0415

    scanner = Scanner(context.repo, Ledger(context.repo.common_dir, context.repo.derived))
    files = scope.Scope(tuple(filter(is_file, context.changes)))
    debt = Debt(context.repo, context.request)
    answers = scanner.examine([CodeScan(), SecretScan()], files, scan=False)
    return [_left_to_the_gate(findings.report(scanner, answer, debt)) for answer in answers]


def _left_to_the_gate(result: CheckResult) -> CheckResult:
    """Return a result that decides nothing by what it lacks: what is missing is owed, and the policy says how much."""
    return result._replace(outcome=Outcome.CLEAR) if result.outcome is Outcome.INCONCLUSIVE else result


def _addressed() -> re.Pattern[str]:
    """Match the words without which nothing speaks to a model: the check itself costs a tenth of the gate's time."""
    return re.compile(
        r"(?i)instruct|prompt|assistant|agent|model|system|ignore|<!--|\[inst|disregard|reviewer|\bai\b|llm"
    )


def _in_message(context: Context, draft: message.Draft) -> list[CheckResult]:
    """Return what is hidden in the message itself."""
    if draft.text.isascii() and "\x1b" not in draft.text and not _addressed().search(draft.text):
        return []
    snapshot = Snapshot((), message=draft.text)
    found = signals.findings("hidden-text", snapshot, context.policy, context.repo)
    found = tuple(finding for finding in found if finding.severity is not Severity.NOTE)
    return [CheckResult("hidden-text", Outcome.FOUND, found, 1)] if found else []
