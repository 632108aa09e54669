"""``secure-claims``: judge what a message, or the added comments and documents, claim about security.

One argument that is a message file means the message; anything else means the
files of the change; a range means every message of the range.
"""

from __future__ import annotations

import os
from collections.abc import Sequence

from sayso import prose
from sayso.adapters.git import is_file
from sayso.app import claims, message
from sayso.app.context import Context, Options, added
from sayso.app.hooks import ai_authorship as authorship
from sayso.checks import ai_authorship, secure_claims
from sayso.checks.secure_claims import ClaimRules
from sayso.message import clean_message
from sayso.model import Change, CheckResult, Finding, Identity, Outcome, Severity

HOOK = claims.HOOK
HIDDEN = "hidden-characters"


def run(context: Context, options: Options) -> list[CheckResult]:
    """Return one result for a message or the files, and one for each commit of a range."""
    rules = claims.load()
    names = context.request.names
    if options.message or (len(names) == 1 and message.is_message(context.repo, names[0])):
        draft = message.read(context.repo, options.message or names[0])
        found = authorship.markers(draft, authorship.load()) if _may_claim(draft.text, rules) else []
        return [on_message(context, draft, rules, ai_marked=bool(found))]
    if context.request.to_ref:
        return _on_range(context, rules)
    return [on_files(context, rules)]


def on_message(
    context: Context, draft: message.Draft, rules: ClaimRules, *, ai_marked: bool, runs: str = ""
) -> CheckResult:
    """Judge the message of the commit in the making; a refused one is kept, and the command to reuse it is printed."""
    found = [("", claim) for claim in secure_claims.find_claims(draft.text, rules, "message")]
    amended = bool(found) and context.repo.is_amend()
    changes: tuple[Change, ...] = ()
    if found:
        changes = context.repo.staged(amended=amended) or context.repo.staged(amended=True)
    result = claims.judge(context, found, changes, ai_marked=ai_marked, runs=runs)
    result = _with_hidden(result._replace(examined=1), draft.text)
    if any(finding.severity is Severity.ERROR for finding in result.findings):
        command = message.keep(context.repo, draft, amended=amended)
        result = result._replace(notes=(*result.notes, f"your message is kept; to edit and use it again: {command}"))
    return result


def on_files(context: Context, rules: ClaimRules) -> CheckResult:
    """Judge the comments, docstrings and documents that the change adds."""
    addition = context.addition
    found = list(secure_claims.check(addition.snapshot, rules, addition.texts))
    names = {context.repo.path_of(name) for name in context.request.names}
    if names or context.request.named_only:
        found = [(path, claim) for path, claim in found if path in names]
    marked = bool(found) and _announced(context)
    result = claims.judge(context, found, context.changes, ai_marked=marked)
    unread = tuple(skipped._replace(blocks=False) for skipped in addition.unread)
    outcome = result.outcome if context.changes else Outcome.NOT_APPLICABLE
    return result._replace(outcome=outcome, examined=len(addition.texts), skipped=unread)


def _on_range(context: Context, rules: ClaimRules) -> list[CheckResult]:
    """Judge every message of the range by the content of its own commit."""
    start, end = context.request.from_ref, context.request.to_ref
    span = [context.repo.commit(end)]
    if start.strip("0"):
        span.append(f"^{context.repo.commit(start)}")
    authors = authorship.load()
    results: list[CheckResult] = []
    for commit in context.repo.log([*span, "--"]):
        text = clean_message(commit.message, keep_comments=True)
        found = [("", claim) for claim in secure_claims.find_claims(text, rules, "message")]
        addition = added(context.repo, tuple(filter(is_file, commit.changes)))
        found += secure_claims.check(addition.snapshot, rules, addition.texts)
        marked = bool(found) and bool(ai_authorship.find_markers(text, commit.author, commit.committer, authors))
        result = _with_hidden(claims.judge(context, found, commit.changes, ai_marked=marked), text)
        findings = tuple(_of_commit(finding, commit.id) for finding in result.findings)
        results.append(result._replace(findings=findings, examined=1))
    return [_merged(results)]


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
            f"{len(results)} commit messages examined",
            *dict.fromkeys(note for result in results for note in result.notes),
        ),
    )


def _with_hidden(result: CheckResult, text: str) -> CheckResult:
    hidden = [
        Finding(HIDDEN, "", line, f"a character that cannot be seen: {what}", Severity.WARNING)
        for line, what in prose.hidden(text)
    ]
    if not hidden:
        return result
    return result._replace(outcome=Outcome.FOUND, findings=(*result.findings, *hidden))


def _may_claim(text: str, rules: ClaimRules) -> bool:
    return bool(secure_claims.find_claims(text, rules, "message"))


def _announced(context: Context) -> bool:
    """Tell whether a coding tool is at work, where there is no message yet: by environment and author."""
    nobody = Identity("", "")
    author = ai_authorship.identity(context.repo.variables().get("GIT_AUTHOR_IDENT", ""))
    return bool(ai_authorship.find_markers("", author, nobody, authorship.load(), os.environ))
