"""Judge every message of a range by the content of its own commit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sayso.adapters import merging
from sayso.adapters.git import is_file
from sayso.adapters.raw import Commit
from sayso.app import claims
from sayso.app.context import Addition, Context, added
from sayso.app.hooks import ai_authorship as authorship
from sayso.app.hooks.secure_claims import with_hidden
from sayso.checks import ai_authorship, secure_claims
from sayso.checks.secure_claims import ClaimRules
from sayso.message import stored
from sayso.model import CheckResult, Finding, Outcome

if TYPE_CHECKING:
    from sayso.app.case import Case

HOOK = claims.HOOK


def judge(context: Context, rules: ClaimRules) -> CheckResult:
    """Return one result for all commits of the range that was asked for."""
    start, end = context.request.from_ref, context.request.to_ref
    span = [context.repo.commit(end)]
    if start.strip("0"):
        span.append(f"^{context.repo.commit(start)}")
    authors = authorship.load()
    results: list[CheckResult] = []
    found = list(context.repo.log([*span, "--"]))
    merging.refuse_cut(context.repo, (commit.id for commit in found))
    for commit in found:
        text = stored(commit.message)
        addition = added(context.repo, tuple(filter(is_file, commit.changes)))
        ai = bool(ai_authorship.find_markers(text, commit.author, commit.committer, authors))
        result = judge_commit(context, commit, addition, rules, ai=ai)
        findings = tuple(_of_commit(finding, commit.id) for finding in result.findings)
        results.append(result._replace(findings=findings))
    return _merged(results)


def judge_commit(context: Context, commit: Commit, addition: Addition, rules: ClaimRules, *, ai: bool) -> CheckResult:
    """Judge what one commit claims in its message, comments and documents by the evidence for its own content."""
    text = stored(commit.message)
    found = [("", claim) for claim in secure_claims.find_claims(text, rules, "message")]
    found += secure_claims.check(addition.snapshot, rules, addition.snapshot.texts)

    def case() -> Case:
        from sayso.app.case import Case  # noqa: PLC0415 - few messages claim what needs it

        return Case(context, commit.changes, commit.id, text, commit.author, commit.committer, ai, due=True)

    judged = claims.judge(context, found, commit.changes, ai_marked=ai, derive=True, revision=commit.id, case=case)
    return with_hidden(judged, text)._replace(examined=1)


def _of_commit(finding: Finding, commit: str) -> Finding:
    return finding._replace(
        message=f"commit {commit[:12]}: {finding.message}", detail=(*finding.detail, ("commit", commit))
    )


def _merged(results: Sequence[CheckResult]) -> CheckResult:
    if not results:
        return CheckResult(HOOK, Outcome.NOT_APPLICABLE)
    found = any(result.outcome is Outcome.FOUND for result in results)
    return CheckResult(
        HOOK,
        Outcome.FOUND if found else Outcome.CLEAR,
        tuple(finding for result in results for finding in result.findings),
        len(results),
        (),
        tuple(dict.fromkeys(item for result in results for item in result.evidence)),
        (
            f"{len(results)} commit message{'' if len(results) == 1 else 's'} examined",
            *dict.fromkeys(note for result in results for note in result.notes),
        ),
    )
