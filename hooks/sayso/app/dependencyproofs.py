"""Gather what is known of the dependencies of a change, for the judge of claims.

A claim about dependencies speaks of all of them. So where the change touches no
manifest, it rests on those that the project has.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from sayso import manifests
from sayso.adapters.git import is_file
from sayso.app import advice, imported
from sayso.app.context import Context
from sayso.app.dependencies import CHECK, Looked, Lookup, day_of, key
from sayso.app.vulnerable import words
from sayso.model import Change, Finding, Severity
from sayso.scanners import pip_audit
from sayso.verdict import PIP_AUDIT, Proof

VULNERABLE = "vulnerable-dependency"
_REPORTS = ("npm-audit", "osv-scanner", "govulncheck")


def gather(
    context: Context, changes: Iterable[Change], revision: str, *, everything: bool, derive: bool
) -> tuple[list[Proof], list[str]]:
    """Return a proof for each manifest among ``changes`` and each file that it includes, and what to know of them.

    With ``everything``, all manifests are asked about where none changed. Only with ``derive`` is anything looked up,
    and only where this environment has pip-audit.
    """
    files = _manifests(changes)
    if everything and not any(manifests.concerns(change.path) for change in files):
        files = _manifests(context.repo.listed(revision))
    ask = derive and advice.installed()
    lookup = Lookup(context.repo, context.policy.dependencies, online=ask)
    looked = lookup.examine(files, revision, {}, ask=ask)
    foreign = [change for change in files if manifests.way_out(change.path)]
    reports, notes = _imported(context, foreign, revision)
    return [*_proofs(looked, asked=ask), *reports], [*_dated(looked), *notes, *looked.damaged]


def touches(changes: Iterable[Change]) -> bool:
    """Tell whether a change may touch dependencies."""
    return bool(_manifests(changes))


def _manifests(changes: Iterable[Change]) -> list[Change]:
    """Return what may be a manifest: by its name, or because one may include it."""
    return [
        change
        for change in changes
        if is_file(change) and (manifests.concerns(change.path) or manifests.may_be_included(change.path))
    ]


def _proofs(looked: Looked, *, asked: bool) -> Iterator[Proof]:
    missing = looked.trouble or f"no evidence of {CHECK} for its content"
    for look in looked.looks:
        manifest = look.family.documents[0].path
        if not look.family.gaps and not any(document.listing.pins for document in look.family.documents):
            yield Proof(CHECK, manifest, foreign=True)
        for path, gap in look.family.gaps:
            yield Proof(CHECK, path, gap=words(gap))
            yield Proof(PIP_AUDIT, path, gap=words(gap))
        for document in look.family.documents if not look.family.gaps else ():
            if not document.listing.pins:
                yield Proof(CHECK, document.path, foreign=True)
    for document in looked.documents:
        answer = looked.answers.get(key(document))
        if answer is None:
            yield Proof(CHECK, document.path, gap=missing, curable=not asked and not looked.trouble)
            yield Proof(PIP_AUDIT, document.path, gap=missing)
            continue
        found = tuple((spot.rule, spot.line, ()) for spot in answer.evidence.spots)
        proof = Proof(CHECK, document.path, answer.evidence.id, found)
        yield proof
        own = answer.evidence.subject.tool == pip_audit.TOOL
        yield (
            proof._replace(check=PIP_AUDIT)
            if own
            else Proof(PIP_AUDIT, document.path, gap=f"its advisories were matched by sayso, not by {pip_audit.TOOL}")
        )


def with_reports(
    context: Context, looked: Looked, changes: Iterable[Change]
) -> tuple[Looked, list[Finding], list[str]]:
    """Let imported reports speak for the files that the hook cannot read; what they found is flagged."""
    unread = {item.path for item in looked.skipped if manifests.way_out(item.path)}
    proofs, notes = _imported(context, [change for change in changes if change.path in unread], context.request.to_ref)
    spoken = {proof.path: proof for proof in proofs if proof.evidence}
    left = tuple(item for item in looked.skipped if not _answered(item.path, spoken))
    findings = [
        Finding(VULNERABLE, path, line, f"an imported report found {rule}", Severity.WARNING)
        for path, proof in spoken.items()
        for rule, line, _ in proof.findings
    ]
    clean = [f"{path}: an imported report found nothing" for path, proof in spoken.items() if not proof.findings]
    return looked._replace(skipped=left), findings, [*clean, *notes]


def _answered(path: str, spoken: Iterable[str]) -> bool:
    return any(manifests.speaks_for(lock, path) for lock in spoken)


def _imported(context: Context, files: Sequence[Change], revision: str) -> tuple[list[Proof], list[str]]:
    """Let reports of other tools speak for what cannot be read here, or for the lock file beside it."""
    if not files:
        return [], []
    limit = context.policy.dependencies.max_age_days
    wanted = {change.path: change for change in files}
    wanted |= {
        item.path: item
        for item in context.repo.listed(revision)
        if is_file(item) and item.path not in wanted and any(manifests.speaks_for(item.path, path) for path in wanted)
    }
    found = imported.gather(context.repo, wanted.values(), _REPORTS, max_age_days=limit)
    spoken = [proof for proof in found.proofs if proof.evidence]
    known = {proof.path for proof in spoken}
    late = {proof.path: proof.gap for proof in found.proofs if " days old" in proof.gap}
    gaps = [
        Proof(CHECK, path, foreign=True)
        if _answered(path, known)
        else Proof(CHECK, path, gap=late.get(path) or f"cannot be read here; instead: {manifests.way_out(path)}")
        for path in (change.path for change in files)
        if path not in known
    ]
    return [*(proof._replace(check=CHECK, imported=False) for proof in spoken), *gaps], list(found.notes)


def _dated(looked: Looked) -> Iterator[str]:
    days = sorted({day_of(answer.evidence) for answer in looked.answers.values()})
    for day in days[:1]:
        yield f"what is said of dependencies rests on advisories of {day} ({advice.aged(day)})"
