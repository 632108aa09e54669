"""Gather what reviews there are of a change, and say of each that does not count why not.

Nothing is verified unless it names a path that needs a review.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import NamedTuple

from sayso import approvals, reviewers, ruletables
from sayso.adapters import approvalfiles
from sayso.adapters.git import Repository
from sayso.adapters.resources import read_table
from sayso.app.approvalrun import PLAIN_MODE, Asked, Run, Trust, base_name, is_named
from sayso.approvals import NAMESPACE, Item
from sayso.authorrules import AuthorRules
from sayso.model import NO_MODE, Change, ChangeKind, DataError, Finding, Rule, Skipped
from sayso.reviewers import Circle, Judgement, Refused, Review
from sayso.settings import Policy
from sayso.settings import Review as Terms

FILE = "reviews.toml"

_MOST_REASONS = 50


class Reviews(NamedTuple):
    """What reviews there are.

    Attributes:
        counted: those that count.
        refused: those that do not, and why.
        undecided: files that could not be read as what they claim to be.
        circle: who is who.
        trusted: the base has a list of signers.
        damaged: answers from before that had to be discarded.
    """

    counted: tuple[Review, ...]
    refused: tuple[Refused, ...]
    undecided: tuple[Skipped, ...]
    circle: Circle
    trusted: bool
    damaged: tuple[str, ...] = ()

    def judgement(self, needed: Mapping[str, Item], kind: str, role: str = approvals.REVIEW) -> Judgement:
        """Judge whether ``needed``, or a part of it, has the reviews of ``kind``."""
        return reviewers.standing(needed, self.counted, kind, self.circle, role)


def gather(repo: Repository, policy: Policy, asked: Asked, authors: AuthorRules, *, believe: bool = True) -> Reviews:
    """Return the reviews of ``asked.needed``; with ``believe`` off, every signature is checked anew.

    ``policy`` must be that of the base, since it says where signers and approvals are.

    Raises:
        DataError: the list of signers cannot be relied on.
        SaysoError: something cannot be read, or ``ssh-keygen`` gives no answer.
    """
    terms = checked(policy.review)
    trust = Trust.read(repo, terms, asked.base) if asked.needed else Trust((), None, None)
    lines = [signer.patterns for signer in trust.signers if not signer.authority and signer.holds_for(NAMESPACE)]
    by, credited = asked.makers
    circle = reviewers.circle(policy.people, terms, authors, by, trailers=credited, lines=lines)
    said, unsaid = reviewers.trailer_reviews(asked.trailers, circle, ai=asked.ai)
    if not asked.needed:
        return Reviews(said, unsaid, (), circle, trusted=False)
    run = Run(repo, terms, asked, circle, believe=believe)
    run.examine(trust)
    return Reviews(
        (*said, *run.counted),
        (*unsaid, *run.refused[:_MOST_REASONS]),
        tuple(run.undecided[:_MOST_REASONS]),
        circle,
        trust.data is not None,
        tuple(run.damaged),
    )


def checked(terms: Terms) -> Terms:
    """Return the terms of the policy, or raise ``DataError`` where their files are not below the top."""
    for key, path in (("allowed-signers", terms.allowed_signers), ("approvals", terms.approvals)):
        if not approvals.is_path(path):
            raise DataError(f"review.{key}: {path!r} is not a path below the top of the repository")
    if approvals.exempt(terms.allowed_signers, terms.approvals):
        raise DataError("review.allowed-signers: lies in the folder of approvals, which needs no review")
    return terms


def foreign(repo: Repository, terms: Terms, changes: Sequence[Change]) -> tuple[Finding, ...]:
    """Return a finding for each file that a change puts into the folder of approvals and that is none.

    Ask this of every change, whether or not it owes a review: what lies there needs none.
    """
    folder = checked(terms).approvals
    mine = [item for item in changes if item.path == folder or approvals.exempt(item.path, folder)]
    mine = [item for item in mine if item.kind is not ChangeKind.DELETED and item.mode != NO_MODE]
    good = [item for item in mine if item.mode == PLAIN_MODE and is_named(item.path, terms)]
    found = [_foreign(item.path, "a name or a mode that no approval has") for item in mine if item not in good]
    for item, data in approvalfiles.contents(repo, good, approvals.MOST_BYTES):
        fault = "git does not have its content here" if data is None else _fault(item.path, data)
        found += [_foreign(item.path, fault)] if fault else []
    return tuple(sorted(found))


def _fault(path: str, data: bytes) -> str:
    try:
        if path.endswith(approvals.SIGNATURE_SUFFIX):
            approvals.header(data, path)
            return ""
        approvals.decode(data, path)
    except DataError as exc:
        return str(exc).removeprefix(f"{path}: ")
    named = base_name(path) == f"{approvals.identifier(data)}{approvals.SUFFIX}"
    return "" if named else "its name is not that of its content"


def _foreign(path: str, why: str) -> Finding:
    return finding(Refused("review-file-foreign", path, why))


def findings(reviews: Reviews) -> tuple[Finding, ...]:
    """Return a finding for each review that does not count."""
    return tuple(map(finding, reviews.refused))


def finding(refused: Refused) -> Finding:
    """Return the finding about something that does not count."""
    rule = rules()[refused.rule]
    message = f"{refused.message}: {rule.summary}" if refused.path else refused.message
    return Finding(rule.id, refused.path, 0, message, rule.severity, (("fix", rule.fix),))


@cache
def rules() -> Mapping[str, Rule]:
    """Return the rules about reviews by id."""
    table = read_table(FILE)
    found = {rule.id: rule for rule in ruletables.rules(table)}
    table.done()
    return found
