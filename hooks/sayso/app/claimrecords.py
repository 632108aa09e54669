"""Judge claims that tests passed, or that somebody reviewed, by the records that there are of that."""

from __future__ import annotations

from sayso import approvals, reviewers, runs
from sayso.adapters.runledger import RunLedger
from sayso.app import reviewfacts, runrecords
from sayso.app.case import Case
from sayso.app.hooks import ai_authorship
from sayso.verdict import Ruling, Status

_TESTS = ("tests:unit", "tests:e2e")


def ruling(case: Case, kind: str) -> Ruling:
    """Return the verdict on a claim of ``kind`` (tests or review) about the change."""
    return _on_tests(case) if kind == "tests" else _on_review(case)


def _on_tests(case: Case) -> Ruling:
    content = runrecords.bare(case.context.repo, case.tree, case.context.trusted.review.approvals)
    known = RunLedger(case.context.repo.common_dir).of_tree(content)
    standings = [runs.weigh(known, kind, content) for kind in _TESTS]
    failed = [reason for item in standings if item.status == runs.FAILED for reason in item.reasons]
    if failed:
        return Ruling(Status.CONTRADICTED, tuple(failed))
    evidence = tuple(found for item in standings if item.status == runs.MET for found in item.evidence)
    if evidence:
        return Ruling(Status.SUPPORTED, evidence=evidence)
    reasons = [reason for item in standings for reason in item.reasons if item.evidence]
    return Ruling(Status.UNSUPPORTED, tuple(reasons) or ("there is no recorded test run on this tree",))


def _on_review(case: Case) -> Ruling:
    needed = approvals.items_of(case.changes, case.context.trusted.review.approvals)
    if not needed:
        return Ruling(Status.UNSUPPORTED, ("the change holds nothing that a review could speak of",))
    found = reviewfacts.gathered(case, needed, ai_authorship.load())
    judged = found.judgement(needed, reviewers.HUMAN_REVIEW)
    if judged.met:
        return Ruling(Status.SUPPORTED, evidence=judged.evidence)
    refused = tuple(item.message for item in found.refused)
    return Ruling(Status.UNSUPPORTED, (*judged.reasons, *refused))
