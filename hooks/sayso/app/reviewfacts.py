"""Say whether a change has the reviews that it owes, and how to get those that are missing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sayso import approvals, reviewers
from sayso.app import advice, message, reviews
from sayso.app.approvalrun import Asked
from sayso.app.case import Case, Part, by_tools
from sayso.app.hooks import ai_authorship
from sayso.app.reviews import Reviews
from sayso.approvals import Item
from sayso.authorrules import AuthorRules
from sayso.gate import Fact, Standing
from sayso.message import parse_trailers
from sayso.owing import Owed
from sayso.reviewers import Review

_MOST_REASONS = 6
_OTHER_CONTENT = "review-of-other-content"


def fact(case: Case, owed: Owed) -> Fact:
    """Return how it stands with a kind of review of the paths that owe it."""
    terms = case.context.trusted.review
    items = approvals.items_of(case.changes, terms.approvals)
    owing = {name for change in case.changes if not set(owed.paths).isdisjoint(change.names) for name in change.names}
    needed = {path: item for path, item in items.items() if path in owing}
    if not needed:
        return Fact(Standing.MET, ("what needs a review is not in the change any more",))
    authors = ai_authorship.load()
    found = gathered(case, needed, authors)
    judged = reviewers.standing(needed, (*found.counted, *_said(case, needed, authors)), owed.kind, found.circle)
    if judged.met:
        return Fact(Standing.MET, evidence=judged.evidence)
    if found.undecided:
        said = tuple(f"{item.path}: {item.reason}" for item in found.undecided[:_MOST_REASONS])
        return Fact(Standing.UNDECIDED, said)
    reasons = (*judged.reasons, *_refused(found), *found.damaged)
    span = (case.context.base or "0" * len(case.revision), case.revision) if case.revision else ("", "")
    steps = reviewers.steps(
        message.shown(case.context.repo, judged.uncovered),
        span=span,
        terms=terms,
        trusted=found.trusted,
        alone=owed.kind == reviewers.HUMAN_REVIEW and not terms.separation,
        amended=case.context.request.amended,
    )
    return Fact(Standing.MISSING, reasons[:_MOST_REASONS], judged.evidence, steps)


def _refused(found: Reviews) -> Iterator[str]:
    """Say why approvals do not count. Of other bytes there are more with every change, so several are counted only."""
    others = [item for item in found.refused if item.rule == _OTHER_CONTENT]
    yield from (item.message for item in found.refused if item.rule != _OTHER_CONTENT or len(others) == 1)
    if len(others) > 1:
        yield f"{len(others)} approvals are of other bytes than these"


def gathered(case: Case, needed: Mapping[str, Item], authors: AuthorRules) -> Reviews:
    """Return the reviews of ``needed`` that there are. A history from its beginning says itself whose word counts."""
    asked = Asked(
        base=case.context.base or case.revision,
        at=case.revision,
        needed=needed,
        message=case.message,
        author=case.author,
        committer=case.committer,
        ai=case.ai,
        day=advice.today(),
        parts=case.parts,
    )
    return reviews.gather(case.context.repo, case.context.trusted, asked, authors, believe=not case.due)


def _said(case: Case, needed: Mapping[str, Item], authors: AuthorRules) -> Iterator[Review]:
    """Yield what the trailers of a range's commits say, each of what is at the end as that commit left it.

    A tool took part in what any commit of the range has from one, whoever touched it last.
    """
    aided = by_tools(case)
    for part in case.parts:
        trailers = parse_trailers(part.message)
        if not any(trailer.key.lower() in reviewers.KEYS for trailer in trailers):
            continue
        covers = _unchanged_since(part, needed, case)
        by = (part.author, part.committer)
        circle = reviewers.circle(
            case.context.trusted.people, case.context.trusted.review, authors, by, trailers=trailers
        )
        for review in reviewers.trailer_reviews(trailers, circle, ai=part.ai or not covers.isdisjoint(aided))[0]:
            yield review._replace(covers=covers)


def _unchanged_since(part: Part, needed: Mapping[str, Item], case: Case) -> frozenset[str]:
    then = approvals.items_of(part.changes, case.context.trusted.review.approvals)
    return frozenset(path for path, item in needed.items() if then.get(path) == item)
