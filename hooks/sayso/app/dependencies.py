"""Look dependencies up, and keep the answers as evidence: one record for each file that pins anything.

A record is about the bytes of one manifest and the advisories of one day. What a
file leaves open is no part of it: that is read from the file again each time,
and named each time.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from sayso import manifests
from sayso.adapters.git import Repository, is_file
from sayso.adapters.ledger import Ledger
from sayso.advisories import Advisory, id_of
from sayso.app import advice
from sayso.app.advice import Identity, Service, Source
from sayso.app.families import Document, Family, Snapshot, before
from sayso.app.scope import is_symlink
from sayso.evidence import Evidence, Spot, Subject
from sayso.model import Change, ChangeKind, SaysoError, Skipped
from sayso.policy import Dependencies
from sayso.requirements import Gap
from sayso.scanners import pip_audit

CHECK = pip_audit.CHECK
DATED = "dated: what a service said on a day cannot be derived again"


class Look(NamedTuple):
    """A manifest of the scope with its family, and what of it was there before the change."""

    family: Family
    old_pins: frozenset[tuple[str, str]] = frozenset()
    old_gaps: frozenset[tuple[str, str]] = frozenset()

    def is_new(self, gap: Gap) -> bool:
        """Tell whether the change brought ``gap``."""
        return (gap.what, gap.reason) not in self.old_gaps


class Answer(NamedTuple):
    """The evidence for one document, and what is known of each of its pins."""

    evidence: Evidence
    found: Mapping[tuple[str, str], tuple[Advisory, ...]]
    fresh: bool


class Looked(NamedTuple):
    """All that there is to say of the manifests of a scope. ``trouble`` says why there are no more answers."""

    looks: tuple[Look, ...]
    answers: Mapping[tuple[str, str], Answer]
    skipped: tuple[Skipped, ...]
    source: Source | None
    trouble: str
    damaged: tuple[str, ...] = ()

    @property
    def documents(self) -> tuple[Document, ...]:
        """Every file that pins anything, once."""
        return tuple({key(document): document for document in _pinning(self.looks)}.values())


def key(document: Document) -> tuple[str, str]:
    """Return what the answer for a document depends on."""
    return document.blob, document.format


class Lookup:
    """One run: where to look, and what policy says about it."""

    def __init__(self, repo: Repository, settings: Dependencies, *, online: bool, live: bool = False) -> None:
        self._repo, self._settings = repo, settings
        self._online, self._live = online, live
        self._ledger = Ledger(repo.common_dir, repo.derived)

    def examine(
        self,
        changes: Sequence[Change],
        revision: str,
        loose: Mapping[str, bytes],
        *,
        ask: bool = True,
        since: Sequence[Change] = (),
    ) -> Looked:
        """Look up what the manifests among ``changes`` pin; without ``ask``, say only what evidence says already.

        ``since`` is the change as a whole, which tells what was there before; ``changes`` may be a part of it.
        """
        old = before(self._repo, since or changes, revision)
        looks, skipped = self._read(changes, Snapshot(self._repo, revision, loose), old, loose)
        trouble, source = "", None
        documents = {key(document): document for document in _pinning(looks)}
        if documents:
            try:
                source = advice.source(self._settings, self._repo, online=self._online, live=self._live)
            except SaysoError as exc:
                trouble = str(exc)
        answers = {} if trouble and ask else self._known(documents.values(), source, ask=ask)
        missing = [document for name, document in documents.items() if name not in answers]
        if missing and source and ask:
            try:
                answers |= self._ask(missing, source)
            except SaysoError as exc:
                trouble = str(exc)
        return Looked(tuple(looks), answers, tuple(skipped), source, trouble, tuple(self._ledger.damaged))

    def _read(
        self, changes: Sequence[Change], now: Snapshot, old: Snapshot, loose: Collection[str]
    ) -> tuple[list[Look], list[Skipped]]:
        now.know(change for change in changes if change.blob not in loose)
        maybe = frozenset(change.path for change in changes if manifests.may_be_included(change.path))
        included = now.including(maybe) if maybe else frozenset()
        looks, skipped = [], []
        for change in changes:
            form = manifests.REQUIREMENTS if change.path in included else manifests.format_of(change.path)
            way_out = manifests.way_out(change.path)
            if not is_file(change) or not (form or way_out):
                continue
            if is_symlink(change):
                skipped.append(Skipped(change.path, "a symbolic link, which is not followed", blocks=False))
            elif not form:
                skipped.append(
                    Skipped(change.path, f"not examined: cannot be read here; instead: {way_out}", blocks=False)
                )
            else:
                looks.append(_look(now.family(change, form), change, old, form))
        return looks, skipped

    def _known(
        self, documents: Iterable[Document], source: Source | None, *, ask: bool
    ) -> dict[tuple[str, str], Answer]:
        """Return the answers that the ledger has: of today where one can ask, else as old as policy lets them be."""
        asks = ask and source is not None
        identities = [source.identity] if source else []
        if not asks:
            service = Service(self._settings.osv_url)
            identities += [service.on(advice.today(back)) for back in range(self._settings.max_age_days + 1)]
        known = {}
        for document in documents:
            for identity in identities:
                evidence = self._ledger.get(subject(document, identity))
                # A finding wants its details, which no record has: where one can ask, it is asked about again.
                if evidence and not (asks and evidence.spots):
                    known[key(document)] = Answer(evidence, _recalled(document, evidence), fresh=False)
                    break
        return known

    def _ask(self, documents: Sequence[Document], source: Source) -> dict[tuple[str, str], Answer]:
        found = source.ask({(pin.name, pin.version) for document in documents for pin in document.listing.pins})
        answers = {}
        for document in documents:
            evidence = _evidence(document, source.identity, found)
            self._ledger.put(evidence)
            answers[key(document)] = Answer(evidence, found, fresh=True)
        return answers

    def derive(self, subjects: Iterable[Subject]) -> dict[Subject, Evidence | str]:
        """Match again what the export at hand was asked about; what a service said on a day cannot be repeated.

        Raises:
            SaysoError: the export cannot be used.
        """
        wanted = list(subjects)
        source = advice.source(self._settings, self._repo, online=False, live=False) if wanted else None
        snapshot = Snapshot(self._repo)
        derived: dict[Subject, Evidence | str] = dict.fromkeys(wanted, DATED)
        for item in wanted if source else ():
            document = snapshot.document(Change(ChangeKind.NAMED, item.blob, blob=item.blob), item.language)
            if source and subject(document, source.identity) == item:
                found = source.ask({(pin.name, pin.version) for pin in document.listing.pins})
                derived[item] = _evidence(document, source.identity, found)
        return derived


def _evidence(document: Document, identity: Identity, found: advice.Advice) -> Evidence:
    spots = {
        Spot(advisory.rule, pin.line, pin.line)
        for pin in document.listing.pins
        for advisory in found[pin.name, pin.version]
    }
    return Evidence(subject(document, identity), tuple(sorted(spots)))


def subject(document: Document, identity: Identity) -> Subject:
    """Return what the evidence for a document is about: its bytes, and the pins that were read from them."""
    pins = "".join(f"{pin.line} {pin.name}=={pin.version}\n" for pin in document.listing.pins)
    digest = hashlib.sha256(pins.encode()).hexdigest()[:16]
    return Subject(
        CHECK, identity.tool, identity.version, identity.rules, f"pins={digest}", document.blob, document.format
    )


def day_of(evidence: Evidence) -> str:
    """Return the day of the advisories that ``evidence`` rests on."""
    return evidence.subject.rules.rpartition("@")[2]


def _recalled(document: Document, evidence: Evidence) -> dict[tuple[str, str], tuple[Advisory, ...]]:
    found: dict[tuple[str, str], tuple[Advisory, ...]] = {}
    for pin in document.listing.pins:
        spots = [spot for spot in evidence.spots if spot.line == pin.line]
        found[pin.name, pin.version] = tuple(Advisory((id_of(spot.rule),)) for spot in spots)
    return found


def _look(family: Family, change: Change, old: Snapshot, form: str) -> Look:
    """Compare a manifest with what it was; a whole file that somebody asks about has no past."""
    name = change.old_path or change.path
    if change.kind is ChangeKind.NAMED or not change.old_blob:
        return Look(family)
    past = old.family(Change(change.kind, name, mode=change.old_mode, blob=change.old_blob), form)
    return Look(family, past.pins, frozenset((gap.what, gap.reason) for _, gap in past.gaps))


def _pinning(looks: Iterable[Look]) -> Iterator[Document]:
    return (document for look in looks for document in look.family.documents if document.listing.pins)
