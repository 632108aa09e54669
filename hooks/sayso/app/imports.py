"""Bind the reports of other tools to the content of the repository, and keep them as evidence: all of it, or none.

A report speaks of files by name, and evidence is of bytes. So the bytes must be
shown to be those that the tool read: by the hashes, the contents or the revision
that the report gives, by the revision that the importer gives, or, for a run on
this work tree, by files that have no unstaged change and were not written since.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import NamedTuple
from urllib.parse import quote

from sayso.adapters.git import Repository
from sayso.adapters.ledger import Ledger
from sayso.adapters.resources import read_table
from sayso.evidence import IMPORT, Evidence, Spot, Subject, encode
from sayso.imports import comparison
from sayso.imports.report import File, ProofError, Report, Result
from sayso.imports.sarif import Habits
from sayso.importtools import Tool, Tools
from sayso.languages import Languages
from sayso.model import SUBMODULE_MODE, SYMLINK_MODE, Change

_MOST_BYTES = 32 << 20
_BLOBS_A_READ = 200
_MOST_RECORD = 3 << 20
_NAMED = 3
_WHOLE_SECOND = 1.0  # reports cut fractions off
_SAFE = "/@:+#._~!$,=-"


class Imported(NamedTuple):
    """What one run became: the names it counts for, its evidence by path, and what it does not speak of."""

    report: Report
    tools: tuple[str, ...]
    stated: tuple[str, ...]
    records: Mapping[str, Evidence]
    untracked: tuple[str, ...]
    revision: str


class _Bound(NamedTuple):
    report: Report
    tools: tuple[str, ...]
    stated: tuple[str, ...]
    blobs: Mapping[str, str]
    untracked: tuple[str, ...]
    revision: str
    dated: bool
    paths: Mapping[str, Sequence[str]]
    found: Mapping[str, Sequence[Result]]


def known_tools() -> Tools:
    """Read the table of tools."""
    return Tools(read_table("imports.toml"))


def languages() -> Languages:
    """Read the table of languages."""
    return Languages(read_table("languages.toml"))


def habits(tools: Tools) -> dict[str, Habits]:
    """Return what is known of how each driver writes its reports."""
    return {
        driver: Habits(items[0].lists, index_is_right=not any(item.wrong_index for item in items))
        for driver, items in tools.by_driver.items()
    }


class Binder:
    """The files that reports may be about: those of a commit, or what is staged."""

    def __init__(self, repo: Repository, commit: str = "") -> None:
        self._repo = repo
        self._asked = commit
        self._trees: dict[str, dict[str, Change]] = {}

    def bind(self, report: Report, written: float) -> tuple[str, dict[str, str], tuple[str, ...]]:
        """Return the revision, the blob of each file of ``report`` that is tracked, and the files that are not.

        Raises:
            ProofError: the content is not what the tool read, or may not be.
            ReportError: the report has a line that the file does not have.
        """
        revision = self._revision(report)
        tree = self.tree(revision)
        paths = [*report.files, *(path for path in report.unread if path not in report.files)]
        here = {path: tree[path].blob for path in paths if path in tree}
        if not here:
            raise ProofError(
                f"the report of {report.tool}: none of the {len(paths)} files that it names is "
                f"{f'in {revision[:12]}' if revision else 'tracked here'}: run sayso import where the tool ran"
            )
        if not revision:
            loose = {path: blob for path, blob in here.items() if not report.files.get(path, File()).pinned}
            self._refuse_edited(loose, report, written)
        self._compare(report, here)
        return revision, here, tuple(path for path in paths if path not in here)

    def trusts(self, report: Report) -> bool:
        """Tell whether it is the importer's word alone that the tool examined the revision that was asked for."""
        return bool(self._asked) and not report.revision and not all(file.pinned for file in report.files.values())

    def tree(self, revision: str) -> dict[str, Change]:
        """Return the regular files of a revision, or of the index, by path."""
        if revision not in self._trees:
            listed = self._repo.listed(revision)
            self._trees[revision] = {
                item.path: item for item in listed if item.mode not in {SYMLINK_MODE, SUBMODULE_MODE}
            }
        return self._trees[revision]

    def uncovered(self, item: Imported, tools: Tools) -> list[str]:
        """Return the files that the tool could examine and has no evidence for, sorted."""
        tool = tools.named(item.tools[0])
        known = languages()
        paths = self.tree(item.revision)
        return sorted(path for path in paths if path not in item.records and tool.examines(path, known.of(path)))

    def _revision(self, report: Report) -> str:
        if not report.revision:
            return self._asked
        wanted = self._asked or self._repo.head()
        said = report.revision.lower()
        if not wanted or said.strip("0123456789abcdef") or len(said) < 7 or not wanted.startswith(said):  # noqa: PLR2004
            raise ProofError(
                f"the report of {report.tool} is of revision {report.revision[:64]}, and not of "
                f"{wanted[:12] or 'what is staged'}: scan that, or give the report's revision: --rev {said[:40]}"
            )
        return wanted

    def _differs(self, path: str, blob: str) -> bool:
        """Tell whether a file that git takes for edited is: it may have been touched only."""
        try:
            with open(os.path.join(self._repo.top, path), "rb") as file:
                return self._repo.hash_object(file.read(_MOST_BYTES)) != blob
        except OSError:
            return True

    def _refuse_edited(self, blobs: Mapping[str, str], report: Report, written: float) -> None:
        """Refuse files of the work tree that are not what is staged, or that are newer than the report."""
        paths = list(blobs)
        again = "stage what the tool shall read, and run it again"
        dirty = set(self._repo.unstaged(paths)) & set(paths) if paths else set()
        edited = {path for path in dirty if self._differs(path, blobs[path])}
        ended = _moment(report.ended)
        for path in paths:
            try:
                changed = os.lstat(os.path.join(self._repo.top, path)).st_mtime
            except OSError:
                changed = None
            if changed is None or path in edited:
                raise ProofError(f"{path}: what the tool read may not be what is staged: {again}")
            if (written and changed > written) or (ended and changed > ended + _WHOLE_SECOND):
                raise ProofError(
                    f"{path}: written after the report of {report.tool}: {again}; or name the revision: --rev"
                )

    def _compare(self, report: Report, here: Mapping[str, str]) -> None:
        """Compare what the report says of contents with the blobs."""
        last = {result.path: 0 for result in report.results}
        for result in report.results:
            last[result.path] = max(last[result.path], result.end_line)
        listed = {path: file for path, file in report.files.items() if path in here}
        asked = [
            path
            for path, file in listed.items()
            if file.pinned or file.length >= 0 or last.get(path) or report.dependencies
        ]
        asked += [path for path in report.unread if path in here and last.get(path)]
        for start in range(0, len(asked), _BLOBS_A_READ):
            some = asked[start : start + _BLOBS_A_READ]
            blobs = self._repo.blobs((here[path] for path in some), _MOST_BYTES).blobs
            for path in some:
                blob = blobs.get(here[path])
                if blob is None or not blob.whole:
                    raise ProofError(f"{path}: its content cannot be compared with the report: too large, or not here")
                comparison.compare(report, path, blob.data, last.get(path, 0))


def keep(repo: Repository, bound: Iterable[tuple[Report, tuple[str, ...], float]], binder: Binder) -> list[Imported]:
    """Validate every report, then write all evidence; a report that fails leaves nothing of any.

    Raises:
        SaysoError: a report shows nothing for these bytes, or the ledger cannot be written.
    """
    tools = known_tools()
    runs = [_bind(binder, tools, *item) for item in bound]
    ledger = Ledger(repo.common_dir)
    merged: dict[tuple[str, str], list[_Bound]] = {}
    for run in runs:
        for name in run.tools:
            for blob in dict.fromkeys(run.blobs.values()):
                merged.setdefault((name, blob), []).append(run)
    evidence = {key: record for key, some in merged.items() if (record := _evidence(tools.named(key[0]), key[1], some))}
    done = [_imported(run, evidence) for run in runs]
    for record in evidence.values():
        if len(encode(record)) > _MOST_RECORD:
            raise ProofError(f"{record.subject.tool} found more in one file than a record can hold: repair some of it")
    for record in evidence.values():
        ledger.put(record)
    return done


def _imported(run: _Bound, evidence: Mapping[tuple[str, str], Evidence]) -> Imported:
    tool = run.tools[0]
    records = {path: evidence[tool, blob] for path, blob in run.blobs.items() if (tool, blob) in evidence}
    if not records:
        reasons = "; ".join(f"{path}: {reason}" for path, reason in [*run.report.unread.items()][:_NAMED])
        raise ProofError(f"the report of {run.report.tool} is evidence of nothing: {reasons}")
    return Imported(run.report, run.tools, run.stated, records, run.untracked, run.revision)


def _bind(binder: Binder, tools: Tools, report: Report, stated: tuple[str, ...], written: float) -> _Bound:
    names = tools.of(report.tool, report.rules)
    if report.dependencies:
        known = languages()
        for path in report.files:
            if not tools.named(names[0]).examines(path, known.of(path)):
                raise ProofError(f"{path}: no file that {names[0]} reads: name the lock file or the requirements")
    revision, blobs, untracked = binder.bind(report, written)
    stated = (*stated, "revision") if binder.trusts(report) else stated
    dated = report.dependencies or any(tools.named(name).dated for name in names)
    paths: dict[str, list[str]] = {}
    for path, blob in blobs.items():
        paths.setdefault(blob, []).append(path)
    found: dict[str, list[Result]] = {}
    for result in report.results:
        found.setdefault(result.path, []).append(result)
    return _Bound(report, names, stated, blobs, untracked, revision, dated, paths, found)


def _evidence(tool: Tool, blob: str, runs: Sequence[_Bound]) -> Evidence | None:
    """Return the record of one content, put together from every run that examined it.

    A file that was not wholly examined has a record only where something was found in it all the same. A tool that is
    a set of rules inside another has those rules only.
    """
    spots: set[Spot] = set()
    rules: set[str] = set()
    options: set[str] = set()
    complete = True
    for run in runs:
        paths = run.paths[blob]
        complete &= run.report.unread.keys().isdisjoint(paths)
        found = (item for path in (*paths, "") for item in run.found.get(path, ()))
        spots |= {_spot(item) for item in found if item.rule.startswith(tool.prefix)}
        rules.update(rule for rule in run.report.rules if rule.startswith(tool.prefix))
        options |= {run.report.format, *(f"stated:{fact}" for fact in run.stated)}
        options |= {"rules:unlisted"} if run.report.unlisted else set()
        options |= {f"on:{today()}"} if run.dated else set()
    if not complete and not spots:
        return None
    version = "+".join(sorted({run.report.version for run in runs}))
    digest = hashlib.sha256("\n".join(sorted(rules)).encode("utf-8")).hexdigest()
    subject = Subject(IMPORT, tool.name, version, digest, ",".join(sorted(options)), blob, "")
    return Evidence(subject, tuple(sorted(spots)))


def _spot(result: Result) -> Spot:
    """Return a place under the rule's id, in letters that are safe anywhere, after its level."""
    return Spot(f"{result.level}:{quote(result.rule, safe=_SAFE)}", result.line, result.end_line)


def today() -> str:
    """Return the day, in UTC, that a report on dependencies is good for."""
    return datetime.now(UTC).date().isoformat()


def _moment(text: str) -> float:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return 0.0
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
