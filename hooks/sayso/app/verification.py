"""Judge a range: every commit in it, and what it merges to, by the policy of its base.

What was added in one commit and removed in a later one stays in the history: secrets
and claims of every commit count. Code that was insecure on the way and is not at the
end is shown only. What needs a whole tree (runs of tests, reviews) is owed by the end.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from sayso.adapters.git import is_file
from sayso.adapters.ledger import Ledger
from sayso.adapters.raw import Blob, Commit
from sayso.adapters.resources import read_table
from sayso.app import claims, findings, ranges, signals
from sayso.app.code_engine import CodeScan
from sayso.app.context import MOST_BYTES, Context, from_blobs
from sayso.app.debt import Debt
from sayso.app.engines import Engine
from sayso.app.hooks import ai_authorship as authorship
from sayso.app.hooks import sensitive_paths as sensitive
from sayso.app.scan import Scanner
from sayso.app.scope import Scope
from sayso.app.secret_engine import SecretScan
from sayso.checks import ai_authorship, sensitive_paths
from sayso.checks.ai_authorship import AuthorRules
from sayso.checks.secure_claims import ClaimRules
from sayso.checks.sensitive_paths import AreaRules
from sayso.message import parse_trailers, stored
from sayso.model import Change, CheckResult, Finding, Outcome, Severity
from sayso.registry import SIGNALS
from sayso.verdict import CODE_SCAN

_BLOBS_AT_ONCE = 400


class Judged(NamedTuple):
    """One commit, and what was found in it."""

    commit: Commit
    ai: bool
    results: tuple[CheckResult, ...]


class Judges(NamedTuple):
    """The rules that every commit is judged by, read once."""

    claims: ClaimRules
    authors: AuthorRules
    areas: AreaRules
    engines: tuple[Engine, ...]


def judges() -> Judges:
    """Read the rules."""
    areas = sensitive_paths.read_rules(read_table("sensitive_areas.toml"))
    return Judges(claims.load(), authorship.load(), areas, (CodeScan(), SecretScan()))


def commits(context: Context, start: str, end: str) -> list[Commit]:
    """Return the commits of a range, oldest first; all of them where ``start`` is all zeros."""
    span = [context.repo.commit(end)]
    if start.strip("0"):
        span.append(f"^{context.repo.commit(start)}")
    return list(context.repo.log([*span, "--topo-order", "--"]))


class Walk:
    """Judges commits one by one; scanners are started for many of them together."""

    def __init__(self, context: Context, rules: Judges) -> None:
        self._context = context
        self._rules = rules
        self._scanner = Scanner(context.repo, Ledger(context.repo.common_dir, context.repo.derived))
        self._debt = Debt(context.repo, context.request, whole=False)

    def over(self, found: Sequence[Commit]) -> Iterator[Judged]:
        """Judge commits in their order."""
        self._prime(found)
        for some in _batches(found):
            wanted = (oid for commit in some for item in commit.changes for oid in (item.blob, item.old_blob))
            blobs = self._context.repo.blobs(wanted, MOST_BYTES).blobs
            self._scanner.know(blobs)
            for commit in some:
                yield self._one(commit, blobs)
            self._scanner.forget()

    def _prime(self, found: Sequence[Commit]) -> None:
        """Examine the versions of all files round by round, so that an engine starts once for many commits."""
        versions: dict[str, dict[str, Change]] = {}
        for commit in found:
            for change in filter(is_file, commit.changes):
                versions.setdefault(change.path, {}).setdefault(change.blob, change)
        rounds = [list(items.values()) for items in versions.values()]
        for number in range(max(map(len, rounds), default=0)):
            some = tuple(items[number] for items in rounds if number < len(items))
            self._scanner.examine(self._rules.engines, Scope(some))

    def _one(self, commit: Commit, blobs: Mapping[str, Blob]) -> Judged:
        policy, rules = self._context.policy, self._rules
        text = stored(commit.message)
        marks = ai_authorship.find_markers(text, commit.author, commit.committer, rules.authors)
        addition = from_blobs(commit.changes, blobs)
        snapshot = addition.snapshot._replace(message=text, ai=bool(marks))
        flags = tuple(sensitive_paths.check(snapshot, rules.areas))
        snapshot = snapshot._replace(areas=tuple(sorted({flag.area for flag in flags})))
        results = [sensitive.judged(flags, Severity.WARNING, len(commit.changes), addition.unread)]
        for hook in SIGNALS:
            found = signals.findings(hook, snapshot, policy, self._context.repo, commit.id)
            results.append(CheckResult(hook, Outcome.FOUND if found else Outcome.CLEAR, found))
        results += self._scanned(commit)
        trailers = parse_trailers(text)
        said = ai_authorship.judge(marks, trailers, policy.authorship, policy.accepted, rules.authors)
        results.append(CheckResult(authorship.HOOK, Outcome.FOUND if said else Outcome.CLEAR, tuple(said), 1))
        results.append(ranges.judge_commit(self._context, commit, addition, rules.claims, ai=bool(marks)))
        return Judged(commit, bool(marks), tuple(results))

    def _scanned(self, commit: Commit) -> Iterator[CheckResult]:
        files = tuple(filter(is_file, commit.changes))
        for answers in self._scanner.examine(self._rules.engines, Scope(files)):
            yield findings.report(self._scanner, answers, self._debt)


def _batches(found: Sequence[Commit]) -> Iterator[list[Commit]]:
    some: list[Commit] = []
    count = 0
    for commit in found:
        some.append(commit)
        count += 2 * len(commit.changes)
        if count >= _BLOBS_AT_ONCE:
            yield some
            some, count = [], 0
    if some:
        yield some


def of_commit(judged: Judged, final: Mapping[str, str]) -> Iterator[CheckResult]:
    """Yield the results of a commit as those of the range: each finding names the commit.

    ``final`` maps the paths that the range ends with to their blobs. What a code scan found on the way, or could not
    examine, and is not there any more, stops nothing.
    """
    blobs = {change.path: change.blob for change in judged.commit.changes}
    gone = {path for path, blob in blobs.items() if final.get(path) != blob}
    for result in judged.results:
        passing = result.hook == CODE_SCAN
        findings = tuple(
            _named(finding, judged.commit, eased=passing and finding.path in gone) for finding in result.findings
        )
        yield _eased(result, gone)._replace(findings=findings) if passing else result._replace(findings=findings)


def _eased(result: CheckResult, gone: Collection[str]) -> CheckResult:
    skipped = tuple(
        item._replace(blocks=False, reason=f"{item.reason}; the range does not end with it")
        if item.blocks and item.path in gone
        else item
        for item in result.skipped
    )
    stuck = any(item.blocks for item in skipped)
    outcome = Outcome.CLEAR if result.outcome is Outcome.INCONCLUSIVE and not stuck else result.outcome
    return result._replace(skipped=skipped, outcome=outcome)


def _named(finding: Finding, commit: Commit, *, eased: bool) -> Finding:
    severity = Severity.WARNING if eased and finding.severity is Severity.ERROR else finding.severity
    message = f"commit {commit.id[:12]}: {finding.message}"
    return finding._replace(message=message, severity=severity, detail=(*finding.detail, ("commit", commit.id)))


def without_repeats(results: Iterable[CheckResult], end: Sequence[CheckResult]) -> Iterator[CheckResult]:
    """Leave out the signals of single commits that are signals of the whole range as well: once is enough."""
    whole = {(result.hook, item.rule, item.path) for result in end for item in result.findings}
    for result in results:
        found = tuple(
            item
            for item in result.findings
            if item.severity is Severity.ERROR
            or result.hook not in (sensitive.HOOK, *SIGNALS)
            or (result.hook, item.rule, item.path) not in whole
        )
        yield result._replace(findings=found)


def merged(results: Iterable[CheckResult]) -> list[CheckResult]:
    """Put the results of all commits together, hook by hook, in the order of the first."""
    groups: dict[str, list[CheckResult]] = {}
    for result in results:
        groups.setdefault(result.hook, []).append(result)
    return [_together(hook, items) for hook, items in groups.items()]


def _together(hook: str, items: Sequence[CheckResult]) -> CheckResult:
    outcomes = {item.outcome for item in items}
    order = (Outcome.INCONCLUSIVE, Outcome.FOUND, Outcome.CLEAR, Outcome.NOT_APPLICABLE)
    return CheckResult(
        hook,
        next(outcome for outcome in order if outcome in outcomes),
        tuple(finding for item in items for finding in item.findings),
        sum(item.examined for item in items),
        tuple(dict.fromkeys(skipped for item in items for skipped in item.skipped)),
        tuple(dict.fromkeys(evidence for item in items for evidence in item.evidence)),
        tuple(dict.fromkeys(note for item in items for note in item.notes)),
    )
