"""Write the audit trail, and compare it with what git says now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from sayso import __version__, trail
from sayso.adapters import trailgit
from sayso.adapters.git import Repository, is_file
from sayso.adapters.ledger import Ledger
from sayso.adapters.raw import Commit
from sayso.adapters.resources import read_table
from sayso.adapters.runledger import RunLedger
from sayso.adapters.traillog import TrailFile
from sayso.app import runrecords
from sayso.app.context import Context
from sayso.app.scope import Request
from sayso.app.tools import history
from sayso.checks import ai_authorship, secure_claims, sensitive_paths
from sayso.model import UsageError
from sayso.runs import Run
from sayso.trail import Chain, Field, Recorded, TrailError

_SHOWN = 20


class Fault(NamedTuple):
    """What is wrong with the trail: ``line`` counts from 1; 0 is the trail as a whole."""

    line: int
    reason: str


class Check(NamedTuple):
    """What verification led to.

    ``kept`` is the line that has the digest that was kept elsewhere, 0 where it begins, or None. ``broken`` is the
    first break of the chain, ``differing`` are the entries that say otherwise than git, ``gone`` the commits that git
    no longer has.
    """

    entries: int
    head: str
    kept: int | None
    broken: Fault | None
    differing: tuple[Fault, ...]
    gone: tuple[str, ...]


def fields() -> tuple[Field, ...]:
    """Return the trailer keys that the trail reads."""
    return trail.read_fields(read_table("trail.toml"))


def judges() -> history.Judges:
    """Return the rules that a commit is judged by."""
    return history.Judges(
        secure_claims.read_rules(read_table("claims.toml")),
        ai_authorship.read_rules(read_table("ai_authors.toml")),
        sensitive_paths.read_rules(read_table("sensitive_areas.toml")),
    )


class Recorder:
    """Turn commits into entries."""

    def __init__(self, repo: Repository) -> None:
        self._repo = repo
        self._fields = fields()
        self._judges = judges()
        self._evidence = _evidence(repo)
        self._runs = RunLedger(repo.common_dir)
        self._folder = Context(Request((), "HEAD", "HEAD")).policy.review.approvals
        self._approvals = trailgit.Approvals(repo, self._folder)

    def entries(self, batch: Sequence[Commit], chain: Chain) -> Iterator[bytes]:
        """Yield a line for each commit, in order, that continues ``chain``; the caller has ``chain`` follow each."""
        approvals = self._approvals.of([commit.id for commit in batch])
        for commit, known, approved in zip(batch, trailgit.recorded(self._repo, batch), approvals, strict=True):
            facts = trail.facts(known, self._fields, __version__)
            if approved.unread:
                facts["left_off"]["approvals"] = approved.unread
            lists = judged(commit, self._judges) | self._known(known, approved.named)
            yield trail.entry(facts, lists, chain.seq, chain.head)

    def _known(self, commit: Recorded, approved: Mapping[str, frozenset[str]]) -> dict[str, list[Any]]:
        blobs = dict.fromkeys(change.blob for change in commit.changes if is_file(change))
        return {
            "evidence": [
                {"blob": blob, "check": check, "id": number}
                for blob in blobs
                for check, number in self._evidence.get(blob, ())
            ],
            "runs": [_run(run) for run in self._ran(commit.tree)],
            "approvals": sorted(name for name, named in approved.items() if not named.isdisjoint(blobs)),
        }

    def _ran(self, tree: str) -> Sequence[Run]:
        """Return the runs on a tree; they are recorded for what it holds beside the approvals."""
        if not self._runs:
            return ()
        return self._runs.of_tree(runrecords.bare(self._repo, tree, self._folder))


def _run(run: Run) -> dict[str, Any]:
    return {
        "id": run.id,
        "kind": run.kind,
        "command": run.command,
        "code": run.code,
        "tests": run.tests.counts if run.tests else "",
    }


def judged(commit: Commit, rules: history.Judges) -> dict[str, Any]:
    """Return what the rules say of a commit, under the names of ``trail.JUDGED``."""
    line = history.line_of(commit, rules)
    return {name: line[name] for name in trail.JUDGED}


def record(repo: Repository, asked: str, file: TrailFile) -> tuple[int, int]:
    """Append the commits of ``asked`` that the trail lacks, parents before children.

    Returns:
        How many were appended, and how many there are now.

    Raises:
        TrailError: the trail is broken: nothing is appended to what cannot be believed.
    """
    revision = _revision(repo, asked)
    chain = Chain()
    with file.writing() as writer:
        known = {bytes.fromhex(entry["commit"]) for entry in followed(chain, file, writer.lines())}
        before = chain.seq
        new = (commit for commit in repo.log(["--topo-order", revision, "--"]) if bytes.fromhex(commit.id) not in known)
        recorder: Recorder | None = None
        for batch in trailgit.batches(new):
            recorder = recorder or Recorder(repo)
            for line in recorder.entries(batch, chain):
                chain.follow(line)
                writer.append(line)
    return chain.seq - before, chain.seq


def followed(chain: Chain, file: TrailFile, lines: Iterator[bytes]) -> Iterator[dict[str, Any]]:
    """Yield the entries of ``lines``; raises ``TrailError`` with the place of the first that breaks the chain."""
    for line in lines:
        try:
            yield chain.follow(line)
        except TrailError as exc:
            raise TrailError(
                f"{file.path}:{chain.seq + 1}: the trail is broken here: {exc}: see sayso log verify"
            ) from exc


def verify(repo: Repository, file: TrailFile, head: str = "") -> Check:
    """Follow the whole chain, look for the digest ``head`` in it, and compare every entry with its commit."""
    chain = Chain()
    kept = 0 if head == chain.head else None
    comparison = _Comparison(repo)
    batch: list[dict[str, Any]] = []
    broken = None
    for line in file.lines():
        try:
            batch.append(chain.follow(line))
        except TrailError as exc:
            broken = Fault(chain.seq + 1, str(exc))
            break
        kept = chain.seq if head == chain.head else kept
        if len(batch) == trailgit.BATCH:
            comparison.take(batch)
            batch = []
    comparison.take(batch)
    if broken is None and file.torn:
        broken = Fault(
            chain.seq + 1, f"torn: {len(file.torn)} bytes without a line end; sayso log record sets them aside"
        )
    return Check(chain.seq, chain.head, kept, broken, tuple(comparison.differing), tuple(comparison.gone))


class _Comparison:
    def __init__(self, repo: Repository) -> None:
        self._repo = repo
        self._fields = fields()
        self._judges = judges()
        self.differing: list[Fault] = []
        self.gone: list[str] = []

    def take(self, entries: Sequence[dict[str, Any]]) -> None:
        lost = trailgit.missing(self._repo, [entry["commit"] for entry in entries])
        self.gone += sorted(lost)
        there = [entry for entry in entries if entry["commit"] not in lost]
        commits = list(self._repo.commits([entry["commit"].encode() for entry in there]))
        now = trailgit.recorded(self._repo, commits)
        for entry, commit, facts in zip(there, commits, now, strict=True):
            current = trail.facts(facts, self._fields, entry["sayso"])
            same_rules = judged(commit, self._judges) if entry["sayso"] == __version__ else None
            names = trail.differences(entry, current, same_rules)
            if names:
                said = f"commit {commit.id[:12]}: git now says otherwise of {', '.join(names)}"
                self.differing.append(Fault(entry["seq"] + 1, said))


def selected(repo: Repository, asked: str, file: TrailFile) -> Iterator[dict[str, Any]]:
    """Yield the entries of a range, of one commit, or, for "", all, in the order of the trail.

    Raises:
        UsageError: the trail has none of them.
        TrailError: the trail is broken.
    """
    entries = followed(Chain(), file, file.lines())
    if not asked:
        yield from entries
        return
    revision = _revision(repo, asked)
    one = [] if ".." in asked else ["--max-count=1"]
    wanted = {bytes.fromhex(commit.id) for commit in repo.log([*one, revision, "--"])}
    found = 0
    for entry in entries:
        if bytes.fromhex(entry["commit"]) in wanted:
            found += 1
            yield entry
    if not found and wanted:
        raise UsageError(f"the trail has nothing of {asked}: sayso log record {asked}")


def _revision(repo: Repository, asked: str) -> str:
    """Return a range, or a revision, with full ids in place of names; raises ``UsageError`` where there is no such."""
    first, dots, last = asked.partition("...") if "..." in asked else asked.partition("..")
    if not dots:
        return repo.commit(asked)
    return f"{repo.commit(first or 'HEAD')}{dots}{repo.commit(last or 'HEAD')}"


def _evidence(repo: Repository) -> dict[str, list[tuple[str, str]]]:
    """Return what the ledger holds by blob: check and id of each record."""
    found: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    for record_ in Ledger(repo.common_dir):
        found[record_.subject.blob].append((record_.subject.check, record_.id))
    return {blob: sorted(records) for blob, records in found.items()}
