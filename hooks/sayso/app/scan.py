"""Examine files and keep the evidence: a blob that has been examined once is never examined again.

Everything is looked up in the ledger first. Only if something is unknown are
blobs read and scanners started, and then both scanners at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from sayso import languages, readable
from sayso.adapters.git import Repository
from sayso.adapters.ledger import Ledger
from sayso.adapters.raw import Blob
from sayso.app.engines import Engine
from sayso.app.scanruns import known_languages
from sayso.app.scope import Scope, is_symlink
from sayso.evidence import Evidence, Subject
from sayso.languages import Language
from sayso.lines import decode
from sayso.model import SYMLINK_MODE, Change, ChangeKind, Skipped

STALE = "stale: the rules or the engine have changed since"

_FILES_A_RUN = 500
_READ_LIMIT = readable.MOST_BYTES + 1


class Target(NamedTuple):
    """A file as one engine sees it."""

    change: Change
    language: Language
    subject: Subject


class Answers:
    """What one engine has to say of the files of a scope: evidence by path, and what was not examined and why.

    ``foreign`` lists the files that the engine has no business with, such as pictures for a code scanner.
    """

    def __init__(self, engine: Engine, skipped: Iterable[Skipped] = ()) -> None:
        self.engine = engine
        self.evidence: dict[str, Evidence] = {}
        self.changes: dict[str, Change] = {}
        self.skipped = list(skipped)
        self.foreign: list[str] = []
        self.pending: list[Target] = []

    def skip(self, path: str, reason: str, *, blocks: bool) -> None:
        """Note that ``path`` was not examined."""
        self.skipped.append(Skipped(path, reason, blocks))

    def settle(self) -> None:
        """Put all in the order of the scope, so that it does not show what was known before and what was found out."""
        order = {path: number for number, path in enumerate(self.changes)}
        self.evidence = {path: self.evidence[path] for path in order if path in self.evidence}
        self.skipped.sort(key=lambda item: order.get(item.path, -1))
        self.foreign.sort(key=lambda path: order.get(path, -1))


class Scanner:
    """The repository, its ledger and the blobs read so far, for one run."""

    def __init__(self, repo: Repository, ledger: Ledger) -> None:
        self.repo = repo
        self.ledger = ledger
        self._loose: Mapping[str, bytes] = {}
        self._blobs: dict[str, Blob] = {}
        self._missing: set[str] = set()
        self._failures: dict[Subject, str] = {}

    def examine(self, engines: Sequence[Engine], scope: Scope, *, scan: bool = True) -> list[Answers]:
        """Return what is known of the files of ``scope``; with ``scan``, find out what is not.

        Raises:
            SaysoError: a scanner is missing, timed out or gave no usable report; the ledger cannot be written.
        """
        self._loose = {**self._loose, **scope.loose}
        kinds = self.languages(scope.changes)
        answers = [self._look_up(engine, scope, kinds) for engine in engines]
        if scan and any(answer.pending for answer in answers):
            self._scan(answers)
        for answer in answers:
            self._read(target.change.blob for target in answer.pending)
            answer.pending = [target for target, _ in self._readable(answer, answer.pending)]
            for target in answer.pending:
                answer.skip(target.change.path, f"no evidence of {answer.engine.check} for its content", blocks=True)
            answer.settle()
        return answers

    def know(self, blobs: Mapping[str, Blob]) -> None:
        """Take blobs that somebody has read already, so that they are not read twice."""
        self._blobs.update((oid, blob) for oid, blob in blobs.items() if blob.whole)

    def forget(self) -> None:
        """Let go of the blobs read so far."""
        self._blobs.clear()

    def languages(self, changes: Iterable[Change]) -> dict[str, Language]:
        """Classify files by path; content is read only where a name says nothing."""
        known = known_languages()
        kinds = {change.path: known.of(change.path) for change in changes}
        unclear = {change.path: change.blob for change in changes if kinds[change.path].id == languages.UNKNOWN}
        self._read(unclear.values())
        for path, blob in unclear.items():
            if blob in self._blobs:
                kinds[path] = known.of(path, self._blobs[blob].data[:200])
        return kinds

    def texts(self, oids: Iterable[str]) -> dict[str, str]:
        """Return the decoded text of blobs; what is too large, not text or not here is left out."""
        wanted = dict.fromkeys(filter(None, oids))
        self._read(wanted)
        decoded = {oid: decode(self._blobs[oid].data).text for oid in wanted if oid in self._blobs}
        return {oid: text for oid, text in decoded.items() if text is not None}

    def derive(self, engine: Engine, subjects: Iterable[Subject]) -> dict[Subject, Evidence | str]:
        """Scan again, whatever the ledger holds, and keep nothing; where that fails, give the reason.

        Raises:
            SaysoError: the scanner is missing, timed out or gave no usable report.
        """
        from sayso.app.batches import Batch  # noqa: PLC0415 - only a scan pays for threads and files

        derived: dict[Subject, Evidence | str] = {}
        targets = []
        for subject in subjects:
            if engine.current(subject):
                change = Change(ChangeKind.NAMED, subject.key, blob=subject.blob)
                targets.append(Target(change, Language("", "code"), subject))
            else:
                derived[subject] = STALE
        while targets:
            some, targets = targets[:_FILES_A_RUN], targets[_FILES_A_RUN:]
            self._read(target.change.blob for target in some)
            answers = Answers(engine)
            batch = Batch(engine, self._readable(answers, some))
            batch.run()
            derived.update(batch.outcome())
            reasons = {skipped.path: skipped.reason for skipped in answers.skipped}
            derived.update(
                {target.subject: reasons[target.change.path] for target in some if target.change.path in reasons}
            )
            self._blobs.clear()
        return derived

    def _look_up(self, engine: Engine, scope: Scope, kinds: Mapping[str, Language]) -> Answers:
        answers = Answers(engine, scope.missing)
        for change in scope.changes:
            language = kinds[change.path]
            answers.changes[change.path] = change
            if is_symlink(change):
                answers.skip(change.path, "a symbolic link, which is not followed", blocks=False)
                continue
            subject = engine.subject(change.path, change.blob, language)
            if subject is None:
                if language.kind in {"text", "media"}:
                    answers.foreign.append(change.path)
                else:
                    answers.skip(change.path, f"{engine.check} has no rules for it ({language.id})", blocks=False)
                continue
            evidence = self.ledger.get(subject)
            if evidence:
                answers.evidence[change.path] = evidence
            elif subject in self._failures:
                answers.skip(change.path, self._failures[subject], blocks=True)
            else:
                answers.pending.append(Target(change, language, subject))
        return answers

    def _scan(self, answers: Sequence[Answers]) -> None:
        from sayso.app.batches import Batch, run_together  # noqa: PLC0415 - only a scan pays for threads and files

        while any(answer.pending for answer in answers):
            batches = []
            for answer in answers:
                targets, answer.pending = answer.pending[:_FILES_A_RUN], answer.pending[_FILES_A_RUN:]
                self._read(target.change.blob for target in targets)
                earlier = self._earlier(answer.engine, targets) if answer.engine.looks_back else {}
                batches.append(Batch(answer.engine, self._readable(answer, targets), earlier))
            run_together(batches)
            for answer, batch in zip(answers, batches, strict=True):
                outcome = batch.outcome()
                self._keep(answer, batch.targets, outcome)
                self._keep(Answers(answer.engine), batch.earlier, outcome)
            self._blobs.clear()

    def _earlier(self, engine: Engine, targets: Sequence[Target]) -> dict[Subject, tuple[Target, bytes]]:
        """Return the former versions of files that nobody has examined, so that one run of the engine does for both."""
        wanted: dict[Subject, Target] = {}
        for target in targets:
            change = target.change
            old = engine.subject(change.path, change.old_blob, target.language) if change.old_blob else None
            if old and change.old_mode != SYMLINK_MODE and not self.ledger.get(old):
                before = Change(change.kind, change.path, mode=change.old_mode, blob=change.old_blob)
                wanted[target.subject] = Target(before, target.language, old)
        self._read(target.change.blob for target in wanted.values())
        ready = dict(self._readable(Answers(engine), wanted.values()))
        return {subject: (target, ready[target]) for subject, target in wanted.items() if target in ready}

    def _readable(self, answers: Answers, targets: Iterable[Target]) -> list[tuple[Target, bytes]]:
        ready = []
        for target in targets:
            blob = self._blobs.get(target.change.blob)
            if blob is None:
                answers.skip(target.change.path, "git does not have its content here (a partial clone?)", blocks=True)
                continue
            content = readable.prepare(blob.data, blob.size, target.language.kind)
            if content.data is None and target.language.kind == "media" and not content.blocks:
                answers.foreign.append(target.change.path)
            elif content.data is None:
                answers.skip(target.change.path, content.reason, blocks=content.blocks)
            else:
                ready.append((target, content.data))
        return ready

    def _keep(self, answers: Answers, targets: Iterable[Target], outcome: Mapping[Subject, Evidence | str]) -> None:
        for target in targets:
            answer = outcome[target.subject]
            if isinstance(answer, str):
                self._failures[target.subject] = answer
                answers.skip(target.change.path, answer, blocks=True)
            else:
                self.ledger.put(answer)
                answers.evidence[target.change.path] = answer

    def _read(self, oids: Iterable[str]) -> None:
        wanted = [oid for oid in oids if oid and oid not in self._blobs and oid not in self._missing]
        for oid in wanted:
            if oid in self._loose:
                self._blobs[oid] = Blob(self._loose[oid], len(self._loose[oid]))
        reader = self.repo.blobs([oid for oid in wanted if oid not in self._loose], _READ_LIMIT)
        self._blobs.update(reader.blobs)
        self._missing.update(reader.missing)
