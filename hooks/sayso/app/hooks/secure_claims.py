"""``secure-claims``: judge what a message, or the added comments and documents, claim about security.

One argument that is a message file means the message; anything else means the
files of the change; a range means every message of the range.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sayso import gitcommit, misread, prose
from sayso.adapters.git import Repository
from sayso.app import claims, message
from sayso.app.context import Context, Options
from sayso.checks import secure_claims
from sayso.checks.secure_claims import ClaimRules
from sayso.model import Change, CheckResult, Finding, Outcome, Severity

if TYPE_CHECKING:
    from sayso.app.case import Case

HOOK = claims.HOOK
HIDDEN = "hidden-characters"


def run(context: Context, options: Options) -> list[CheckResult]:
    """Return one result for a message or the files, and one for each commit of a range."""
    rules = claims.load()
    names = context.request.names
    if options.message or (len(names) == 1 and message.is_message(context.repo, names[0])):
        return message.judged(context, options.message or names[0], lambda draft: [on_message(context, draft, rules)])
    if context.request.to_ref:
        from sayso.app import ranges  # noqa: PLC0415 - seldom asked for, and light hooks pay for each import

        return [ranges.judge(context, rules)]
    return [on_files(context, rules)]


def on_message(context: Context, draft: message.Draft, rules: ClaimRules, *, runs: str = "") -> CheckResult:
    """Judge the message of the commit in the making by the evidence for what it commits."""
    found = [("", claim) for claim in secure_claims.find_claims(draft.text, rules, "message")]
    changes = _spoken_of(context.repo) if found else ()
    marked = bool(found) and _is_marked(draft)

    def case() -> Case:
        from sayso.app.case import Case  # noqa: PLC0415 - few messages claim what needs it
        from sayso.checks.ai_authorship import identity  # noqa: PLC0415

        author, committer = identity(draft.author), identity(draft.committer)
        return Case(context, changes, "", draft.text, author, committer, marked)

    result = claims.judge(context, found, changes, ai_marked=marked, runs=runs, case=case)
    return with_hidden(result._replace(examined=1), draft.text)


def _spoken_of(repo: Repository) -> tuple[Change, ...]:
    """Return the change that a message speaks of.

    Where git's own command line cannot be read and nothing is staged or merged, an
    amend is more likely than an empty commit: then it is the change of the current commit.
    """
    args = message.calling()
    if args is not None:
        return repo.staged(amended=gitcommit.amends(args))
    amended = repo.is_amend()
    changes = repo.staged(amended=amended)
    return changes if changes or amended or repo.merge_heads() else repo.staged(amended=True)


def on_files(context: Context, rules: ClaimRules, *, runs: str = "") -> CheckResult:
    """Judge the comments, docstrings and documents that the change adds."""
    addition = context.addition
    found = list(secure_claims.check(addition.snapshot, rules, addition.snapshot.texts))
    names = {context.repo.path_of(name) for name in context.request.names}
    if names or context.request.named_only:
        found = [(path, claim) for path, claim in found if path in names]
    marked = bool(found) and context.announced
    result = claims.judge(context, found, context.changes, ai_marked=marked, runs=runs)
    unread = tuple(skipped._replace(blocks=False) for skipped in addition.unread)
    outcome = result.outcome if context.changes else Outcome.NOT_APPLICABLE
    return result._replace(outcome=outcome, examined=len(addition.snapshot.texts), skipped=unread)


def with_hidden(result: CheckResult, text: str) -> CheckResult:
    """Add to ``result`` what ``text`` does not say to its readers, or says to them alone."""
    hidden = [
        Finding(HIDDEN, "", line, f"a character that cannot be seen: {what}", Severity.WARNING)
        for line, what in prose.hidden(text)
    ]
    hidden += [Finding(rule, "", line, what, Severity.WARNING) for rule, line, what in misread.misread(text)]
    if not hidden:
        return result
    return result._replace(outcome=Outcome.FOUND, findings=(*result.findings, *hidden))


def _is_marked(draft: message.Draft) -> bool:
    from sayso.app.hooks import ai_authorship  # noqa: PLC0415 - few messages claim anything

    return bool(ai_authorship.markers(draft, ai_authorship.load()))
