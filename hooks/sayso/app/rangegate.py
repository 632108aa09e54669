"""The verdict on a range: its commits one by one, what it merges to, and what that owes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from tempfile import TemporaryDirectory
from typing import NamedTuple

from sayso import gate, hookconfig
from sayso.adapters import merging
from sayso.adapters.git import is_file
from sayso.adapters.ledger import Ledger
from sayso.adapters.resources import read_table
from sayso.app import claims, findings, policies, signals, verification
from sayso.app import gate as gates
from sayso.app.case import Case, Part
from sayso.app.context import Context
from sayso.app.debt import Debt
from sayso.app.hooks import dependency_scan, secure_claims, sensitive_paths
from sayso.app.scan import Scanner
from sayso.app.scope import Request, Scope
from sayso.app.verification import Judged, Judges
from sayso.checks import ai_authorship
from sayso.checks import secure_claims as checks
from sayso.lines import decode
from sayso.message import stored
from sayso.model import CheckResult, Finding, Identity, Outcome, Severity, Snapshot, UsageError
from sayso.registry import SIGNALS

HOOK = "verify-range"
_MOST_COMMITS = 5000
_MOST_MESSAGE = 1 << 20
_NOBODY = Identity("", "")


class Asked(NamedTuple):
    """What is to be verified.

    Attributes:
        start: the revision whose policy, signers and rules hold; all zeros for a history from its beginning.
        end: the revision that is to land.
        messages: files with further messages, such as the title and body of a pull request.
        fresh: believe no evidence of scans but what this run derives.
    """

    start: str
    end: str
    messages: tuple[str, ...] = ()
    fresh: bool = False


def verify(context: Context, asked: Asked) -> list[CheckResult]:
    """Return the results for the commits, hook by hook, then those for the end, and last the verdict.

    Raises:
        UsageError: a revision is not here, or the range is too long.
        SaysoError: something could not be decided.
    """
    repo = context.repo
    if asked.fresh:
        repo.derived = set()
    if asked.start.strip("0"):
        asked = asked._replace(start=repo.commit(asked.start))
    asked = asked._replace(end=repo.commit(asked.end))
    found = verification.commits(context, asked.start, asked.end)
    if len(found) > _MOST_COMMITS:
        raise UsageError(f"{len(found)} commits are too many to verify at once: verify a shorter range")
    merging.refuse_cut(repo, (commit.id for commit in found))
    rules = verification.judges()
    judged = list(verification.Walk(context, rules).over(found))
    with TemporaryDirectory(prefix="sayso-") as scratch:
        merge = _merge(context, asked, scratch)
        if merge.conflicts:
            return [*_of_commits(judged, {}), _conflicted(merge.conflicts)]
        final = {change.path: change.blob for change in merge.changes}
        end = list(_at_the_end(_whole(context, merge, asked.start), asked, judged, rules))
        return [*verification.without_repeats(_of_commits(judged, final), end), *end]


def _merge(context: Context, asked: Asked, scratch: str) -> merging.Merge:
    if not asked.start.strip("0"):
        return merging.Merge(context.repo.tree_of(asked.end), context.repo.between(asked.start, asked.end))
    return merging.merged(context.repo, asked.start, asked.end, scratch)


def _of_commits(judged: Sequence[Judged], final: dict[str, str]) -> list[CheckResult]:
    return verification.merged(result for item in judged for result in verification.of_commit(item, final))


def _conflicted(paths: Sequence[str]) -> CheckResult:
    rule = gate.read_rules(read_table(gate.FILE))["gate-merge-conflict"]
    found = tuple(
        Finding(rule.id, path, 0, "in conflict with the base", rule.severity, (("fix", rule.fix),)) for path in paths
    )
    return CheckResult(gates.HOOK, Outcome.FOUND, found)


def _at_the_end(whole: Context, asked: Asked, judged: Sequence[Judged], rules: Judges) -> Iterator[CheckResult]:
    """Yield what is found in what the range merges to, and the verdict on what it owes."""
    said = _said(asked, rules)
    aided = any(item.ai for item in judged) or any(marked for _, marked in said)
    results = [*_examined(whole, rules, aided=aided), *_messages(whole, said, rules)]
    if dependency_scan.concerned(whole):
        results.append(dependency_scan.examined(whole))
    if asked.start.strip("0"):
        changes = policies.changes(whole)
        results += [changes] if changes else []
    case = _with(_case(whole, asked.end, judged, results), said)
    yield from results
    missing = tuple(_missing_hooks(whole))
    enforce = gate.enforced(whole.policy.gate, ai=case.ai)
    count = len(judged)
    notes = (f"{count} commit{'' if count == 1 else 's'} judged one by one, and what they merge to",)
    yield gates.judge(case, enforce=enforce, extra=missing, notes=notes)


def _whole(context: Context, merge: merging.Merge, start: str) -> Context:
    """Return the context of what the range merges to, with the policy of the base."""
    whole = Context(Request(from_ref=start, to_ref=merge.tree))
    whole.repo = context.repo
    whole.changes = merge.changes
    whole.policy = context.policy
    return whole


def _examined(whole: Context, rules: Judges, *, aided: bool) -> Iterator[CheckResult]:
    """Yield what is found in the whole; it is small enough for a tool's work or not, however many commits share it."""
    yield sensitive_paths.judged(whole.flags, Severity.WARNING, len(whole.changes), whole.addition.unread)
    for hook in SIGNALS:
        yield signals.examine(whole, hook, ai=aided and hook == "change-size")
    scanner = Scanner(whole.repo, Ledger(whole.repo.common_dir, whole.repo.derived))
    debt = Debt(whole.repo, whole.request)
    for answers in scanner.examine(rules.engines, Scope(tuple(filter(is_file, whole.changes)))):
        yield findings.report(scanner, answers, debt)


def _said(asked: Asked, rules: Judges) -> list[tuple[str, bool]]:
    """Read what else will stand in the history, such as the title and body of a squash, and whether a tool marks it."""
    said = []
    for path in asked.messages:
        try:
            with open(path, "rb") as file:
                data = file.read(_MOST_MESSAGE + 1)
        except OSError as exc:
            raise UsageError(f"cannot read the message {path}: {exc.strerror}") from exc
        text = decode(data).text
        if text is None or len(data) > _MOST_MESSAGE:
            raise UsageError(f"the message {path} is not text, or has more than {_MOST_MESSAGE} bytes")
        text = stored(text)
        said.append((text, bool(ai_authorship.find_markers(text, _NOBODY, _NOBODY, rules.authors))))
    return said


def _messages(whole: Context, said: Sequence[tuple[str, bool]], rules: Judges) -> Iterator[CheckResult]:
    """Judge that by what is merged."""
    for text, marked in said:
        found = [("", claim) for claim in checks.find_claims(text, rules.claims, "message")]
        result = claims.judge(whole, found, whole.changes, ai_marked=marked, derive=True, revision=whole.tree)
        yield secure_claims.with_hidden(result._replace(examined=1), text)
        hidden = signals.findings("hidden-text", Snapshot((), message=text), whole.policy, whole.repo)
        yield CheckResult("hidden-text", Outcome.FOUND if hidden else Outcome.CLEAR, hidden, 1)


def _case(whole: Context, end: str, judged: Sequence[Judged], results: Sequence[CheckResult]) -> Case:
    parts = tuple(
        Part(
            item.commit.id,
            stored(item.commit.message),
            item.commit.author,
            item.commit.committer,
            item.ai,
            item.commit.changes,
        )
        for item in judged
    )
    last = judged[-1].commit if judged else None
    return Case(
        context=whole,
        changes=whole.changes,
        revision=end,
        message="",
        author=last.author if last else _NOBODY,
        committer=last.committer if last else _NOBODY,
        ai=any(part.ai for part in parts),
        results=tuple(results),
        due=True,
        merged=whole.tree,
        parts=parts,
    )


def _with(case: Case, said: Sequence[tuple[str, bool]]) -> Case:
    """Return the case with the messages of its squash as parts of it: a tool's mark there is on all that is merged."""
    more = tuple(Part("", text, _NOBODY, _NOBODY, ai, case.changes if ai else ()) for text, ai in said)
    return case._replace(parts=(*case.parts, *more), ai=case.ai or any(part.ai for part in more))


def _missing_hooks(whole: Context) -> Iterator[Finding]:
    """Yield a finding for each hook that the policy requires and the configuration at the end does not run."""
    terms = whole.policy.gate
    if not (terms.required_hooks or terms.minimum_rev):
        return
    rule = gate.read_rules(read_table(gate.FILE))["gate-hook-missing"]
    found = [item.path for item in whole.repo.listed(whole.tree, hookconfig.NAMES)]
    if not found:
        reason = f"there is no {hookconfig.NAMES[0]} that runs {', '.join(terms.required_hooks)}"
        yield Finding(rule.id, hookconfig.NAMES[0], 0, reason, rule.severity, (("fix", rule.fix),))
    for path in found:
        text = decode(whole.repo.file(f"{whole.tree}:{path}") or b"").text or ""
        for reason in hookconfig.missing(hookconfig.read(path, text), terms.required_hooks, terms.minimum_rev):
            yield Finding(rule.id, path, 0, reason, rule.severity, (("fix", rule.fix),))
