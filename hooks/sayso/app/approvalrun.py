"""Look through the approvals of a change, and check those that name what needs a review.

What can be said against an approval without starting anything is said first. The
list of signers, and that of revoked keys beside it, are read from the base, the
approvals from the change, since that is what they travel with. What ``ssh-keygen``
has said of one is remembered for the day. However many approvals there are, they are
read some at a time, and no more than two hundred are verified: those that cover most.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from sayso import approvals, reviewers, signers
from sayso.adapters import approvalfiles
from sayso.adapters.approvalfiles import Known
from sayso.adapters.git import Repository
from sayso.adapters.signing import Verifier
from sayso.approvals import NAMESPACE, Header, Item, Statement
from sayso.message import Trailer, parse_trailers
from sayso.model import Change, DataError, Identity, Skipped
from sayso.reviewers import Circle, Refused, Review
from sayso.settings import Review as Terms
from sayso.signers import Signer

if TYPE_CHECKING:
    from sayso.app.case import Part

REVOKED = ".revoked"
PLAIN_MODE = "100644"

_MOST_VERIFIED = 200
_WILD = frozenset("*?")
_MOST_REVOKED = 1 << 20
_NAMED = re.compile(rb'"path":"((?:[^"\\]|\\.){1,25000})"')
_START, _END = b'{"format":1,"made":"2', b'"}\n'


class Asked(NamedTuple):
    """What reviews are asked for.

    Attributes:
        base: the revision whose word on signers holds, or "" before the first commit.
        at: where the approvals are: a commit or a tree, or "" for the index.
        needed: the paths that need a review, as they are: see ``approvals.items_of``.
        message: the message, as git will store it; "" for a range.
        author: who the commit says wrote it.
        committer: who commits it.
        ai: it has the mark of a coding tool.
        day: today in UTC, as 2026-01-31.
        parts: the commits of a range: those that touch what needs a review say who wrote it, in place of ``author``.
    """

    base: str
    at: str
    needed: Mapping[str, Item]
    message: str
    author: Identity
    committer: Identity
    ai: bool
    day: str
    parts: tuple[Part, ...] = ()

    @property
    def trailers(self) -> tuple[Trailer, ...]:
        """What git finds in the message."""
        return parse_trailers(self.message)

    @property
    def makers(self) -> tuple[tuple[Identity, ...], tuple[Trailer, ...]]:
        """Authors and committers in turn, and the trailers that may name more authors."""
        if not self.parts:
            return (self.author, self.committer), self.trailers
        mine = [part for part in self.parts if any(name in self.needed for c in part.changes for name in c.names)]
        touched = {name for part in mine for change in part.changes for name in change.names}
        if not self.needed.keys() <= touched:
            mine = list(self.parts)  # merging brought some of it about: whose work that is, nobody can tell
        by = tuple(who for part in mine for who in (part.author, part.committer))
        return by, tuple(item for part in mine for item in parse_trailers(part.message))


class Trust(NamedTuple):
    """The list of signers of the base, and its list of revoked keys; ``data`` is None where there is none."""

    signers: tuple[Signer, ...]
    data: bytes | None
    revoked: bytes | None

    @classmethod
    def read(cls, repo: Repository, terms: Terms, base: str) -> Trust:
        """Read both."""
        data = repo.file(f"{base}:{terms.allowed_signers}") if base.strip("0") else None
        if data is None:
            return cls((), None, None)
        found = signers.parse(data, f"{terms.allowed_signers} of {base[:12]}", NAMESPACE)
        revoked = repo.file(f"{base}:{terms.allowed_signers}{REVOKED}")
        if revoked is not None and len(revoked) > _MOST_REVOKED:
            raise DataError(f"{terms.allowed_signers}{REVOKED}: more than {_MOST_REVOKED >> 20} MiB of revoked keys")
        return cls(found, data, revoked)


class _Candidate(NamedTuple):
    """An approval that names a path that needs one, and its bytes."""

    path: str
    data: bytes
    statement: Statement
    covers: tuple[str, ...]
    signature: Change | None


class Run:
    """One look through the folder of approvals."""

    def __init__(self, repo: Repository, terms: Terms, asked: Asked, circle: Circle, *, believe: bool) -> None:
        self._repo, self._terms, self._asked, self._circle = repo, terms, asked, circle
        self._known = Known(repo, believe=believe)
        self.counted: list[Review] = []
        self.refused: list[Refused] = []
        self.undecided: list[Skipped] = []
        self._trust = Trust((), None, None)
        self._spent: frozenset[str] = frozenset()

    @property
    def damaged(self) -> list[str]:
        """A message for every remembered answer that had to be discarded."""
        return self._known.damaged

    def examine(self, trust: Trust) -> None:
        """Look at every approval that names a needed path, those that cover most first."""
        self._trust = trust
        self._spent = self._landed()
        candidates = sorted(self._candidates(), key=lambda item: (-len(item.covers), item.path))
        signatures = self._signatures(candidates)
        verified = 0
        with Verifier(self._trust.data or b"", self._trust.revoked) as verifier:
            for item in candidates:
                rule, why = self._cheaply(item, signatures.get(item.path))
                if not rule and verified >= _MOST_VERIFIED:
                    self.undecided.append(Skipped(item.path, "too many approvals to verify them all", blocks=False))
                    continue
                if not rule:
                    verified += 1
                    rule, why = self._verified(item, signatures[item.path], verifier)
                if rule:
                    self.refused.append(Refused(rule, item.path, f"{_shown(item.statement)}: {why}"))
                else:
                    key = self._circle.key(item.statement.principal)
                    evidence = f"{item.statement.id} of {item.statement.principal}"
                    self.counted.append(Review(key, item.statement.role, evidence, frozenset(item.covers)))
        self._known.tidy()

    def _landed(self) -> frozenset[str]:
        """Return the approvals that came with an earlier change: a change that goes back to what one was for is new."""
        if not self._asked.base or self._asked.base == self._asked.at:
            return frozenset()
        listing = approvalfiles.listed(self._repo, self._asked.base, self._terms.approvals)
        return frozenset(file.path for file in listing)

    def _candidates(self) -> Iterator[_Candidate]:
        listing = approvalfiles.listed(self._repo, self._asked.at, self._terms.approvals)
        files = {file.path: file for file in listing if file.mode == PLAIN_MODE and is_named(file.path, self._terms)}
        wanted = {_escaped(path) for path in self._asked.needed}
        stated = [file for path, file in files.items() if path.endswith(approvals.SUFFIX)]
        for file, data in approvalfiles.contents(self._repo, stated, approvals.MOST_BYTES):
            if data is None:
                self.undecided.append(Skipped(file.path, "git does not have its content here", blocks=True))
            elif not (data.startswith(_START) and data.endswith(_END)) or not wanted.isdisjoint(_NAMED.findall(data)):
                statement = self._statement(file.path, data)
                if statement:
                    covers = approvals.matching(statement, self._asked.needed)
                    pair = files.get(f"{file.path.removesuffix(approvals.SUFFIX)}{approvals.SIGNATURE_SUFFIX}")
                    yield _Candidate(file.path, data, statement, covers, pair)

    def _statement(self, path: str, data: bytes) -> Statement | None:
        try:
            statement = approvals.decode(data, path)
        except DataError as exc:
            self.undecided.append(Skipped(path, str(exc).removeprefix(f"{path}: "), blocks=True))
            return None
        if base_name(path) != f"{approvals.identifier(data)}{approvals.SUFFIX}":
            self.undecided.append(Skipped(path, "its name is not that of its content", blocks=True))
            return None
        return statement if any(item.path in self._asked.needed for item in statement.items) else None

    def _signatures(self, candidates: Sequence[_Candidate]) -> dict[str, bytes]:
        """Read the signatures of those that cover anything."""
        wanted = {item.signature.path: item.path for item in candidates if item.covers and item.signature}
        files = [item.signature for item in candidates if item.signature and item.signature.path in wanted]
        read = approvalfiles.contents(self._repo, files, approvals.MOST_SIGNATURE)
        return {wanted[file.path]: data for file, data in read if data is not None}

    def _cheaply(self, item: _Candidate, signature: bytes | None) -> tuple[str, str]:
        """Return what can be said against an approval without ``ssh-keygen``: a rule, and why."""
        statement = item.statement
        if not item.covers:
            stale = sorted(other.path for other in statement.items if other.path in self._asked.needed)
            return "review-of-other-content", f"is of {reviewers.some(stale)} with other bytes than these"
        if item.path in self._spent:
            return "review-spent", "came with an earlier change"
        if self._trust.data is None:
            return (
                "review-unknown-signer",
                f"{self._asked.base[:12] or 'the base'} has no {self._terms.allowed_signers}",
            )
        rule, why = reviewers.refusal(Identity("", statement.principal), statement.role, self._circle, signed=True)
        if rule:
            return rule, why
        if why := _wrong_day(statement, self._asked.day, self._terms.max_age_days):
            return "review-out-of-date", why
        if signature is None:
            return "review-bad-signature", "it has no signature beside it"
        try:
            header = approvals.header(signature, item.path)
        except DataError:
            return "review-bad-signature", "the file beside it is no SSH signature"
        return self._of_key(header, statement)

    def _of_key(self, header: Header, statement: Statement) -> tuple[str, str]:
        if header.namespace != NAMESPACE:
            return "review-bad-signature", f"it was signed for {header.namespace[:60]!r}, not for {NAMESPACE}"
        lines = [signer for signer in self._trust.signers if signer.holds_for(NAMESPACE)]
        named = [signer for signer in lines if signer.names(statement.principal)]
        certified = "-cert-" in header.type
        if not any(signer.authority if certified else signer.key == header.key for signer in named):
            key = "an authority for" if certified else f"the key {header.fingerprint} of"
            return "review-unknown-signer", f"{self._terms.allowed_signers} on the base does not have {key} this name"
        holders = signers.holders(lines, header.key, NAMESPACE)
        pattern = next((name for name in holders if set(name) & _WILD), "")
        if pattern:
            return "review-shared-key", f"one key stands for everybody whose name fits {pattern}: name one person"
        shared = reviewers.shared(holders, self._circle)
        return ("review-shared-key", shared) if shared else ("", "")

    def _verified(self, item: _Candidate, signature: bytes, verifier: Verifier) -> tuple[str, str]:
        """Ask git for the repository and ``ssh-keygen`` for the signature."""
        statement, day = item.statement, self._asked.day
        if not statement.repository or not self._known.is_behind(statement.repository, self._asked.base):
            shallow = approvalfiles.is_shallow(self._repo)
            fetch = "; this clone is shallow: git fetch --unshallow" if shallow else ""
            return "review-of-other-repository", f"it does not name a first commit of this history{fetch}"
        trust = (self._trust.data or b"", b"-" if self._trust.revoked is None else b"+" + self._trust.revoked)
        parts = (b"verified", item.data, signature, *trust, day.encode())
        answer = self._known.answer(parts)
        if answer is None:
            found = verifier.verify(item.data, signature, statement.principal, NAMESPACE, day)
            answer = "good" if found.good else f"bad {found.reason}"
            self._known.keep(parts, answer)
        if answer == "good":
            return "", ""
        reason = (
            answer.removeprefix("bad").strip() or "the key has expired, was revoked, or may not speak for this name"
        )
        return "review-bad-signature", f"its signature does not hold: {reason}"


def _escaped(path: str) -> bytes:
    return json.dumps(path)[1:-1].encode()


def _shown(statement: Statement) -> str:
    return f"approval {statement.id} by {statement.principal}"


def base_name(path: str) -> str:
    """Return the last part of a path."""
    return path.rpartition("/")[2]


def is_named(path: str, terms: Terms) -> bool:
    """Tell whether a path is in the folder of approvals, and named as one."""
    folder, _, name = path.rpartition("/")
    return folder == terms.approvals and approvals.is_file_name(name)


def _wrong_day(statement: Statement, day: str, most: int) -> str:
    from datetime import date  # noqa: PLC0415 - only an approval pays for it

    try:
        age = (date.fromisoformat(day) - date.fromisoformat(statement.made[:10])).days
    except ValueError:
        return f"{statement.made[:10]} is no day"
    if age < 0:
        return f"it is of {statement.made}, which is still to come"
    return f"it is {age} days old, and the policy lets it be {most}" if age > most else ""
