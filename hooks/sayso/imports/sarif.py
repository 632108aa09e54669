"""SARIF 2.1.0: read the runs of a report, and believe none that leaves anything open.

What a clean report must show is that the tool ran to its end, what it looked for
and what it looked at. A run that says it failed, or that reports an error of its
own, is refused; one that is silent on a point is marked so, and whoever imports it
must state that point. Every result counts, whatever its level, and a suppressed
one too: a suppression is somebody's word.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from sayso.imports import sarif_schema
from sayso.imports.report import File, ProofError, Report, ReportError, Result
from sayso.imports.sarif_results import Rules, results
from sayso.imports.uris import Addresses, Roots
from sayso.jsondoc import Node

VERSION = "2.1.0"
FORMAT = "sarif"

_NOTIFICATIONS = ("toolExecutionNotifications", "toolConfigurationNotifications")
_DAMAGE = ("exitSignalName", "exitSignalNumber", "processStartFailureMessage")
_EXTRACTED = "/diagnostics/successfully-extracted-files"
_EXAMINED_ROLES = frozenset(("analysisTarget", "resultFile"))
_METRICS = "bandit-metrics"
_SEVERITIES = ("UNDEFINED", "LOW", "MEDIUM", "HIGH")
_MOST_RUNS = 100
_HIDDEN = "a filter hid some, or the report was edited"


class Habits:
    """What is known of how a tool writes its reports: data of ``rules/imports.toml``."""

    def __init__(self, files: str = "", *, index_is_right: bool = True) -> None:
        self.metrics = files == _METRICS
        self.index_is_right = index_is_right


def parse(document: Node, roots: Roots, habits: Mapping[str, Habits]) -> list[Report]:
    """Return the runs of a report; ``habits`` are keyed by driver name in lower case.

    Raises:
        DataError: it is not SARIF 2.1.0, or contradicts itself.
        ProofError: a run failed.
    """
    if document.text("version") != VERSION:
        raise document.error(f"version {VERSION} is needed, this is {document.text('version')!r}", "version")
    sarif_schema.check(document)
    if document.has("inlineExternalProperties"):
        raise document.error("external properties are not read: write one whole report", "inlineExternalProperties")
    runs = document.list("runs")
    if not 0 < len(runs) <= _MOST_RUNS:
        raise document.error(f"{len(runs)} runs: at least one is needed, and at most {_MOST_RUNS}", "runs")
    return [_run(run, roots, habits) for run in runs]


def _run(run: Node, roots: Roots, habits: Mapping[str, Habits]) -> Report:
    if run.has("externalPropertyFileReferences"):
        raise run.error("part of the run is in other files: write one whole report", "externalPropertyFileReferences")
    driver = run.object("tool").object("driver")
    name = driver.text("name")
    if not name.strip():
        raise driver.error("is empty", "name")
    known = habits.get(name.strip().lower(), Habits())
    succeeded = _succeeded(run)
    addresses = Addresses(run, roots)
    files, index = _artifacts(run, addresses)
    metrics = _metrics(run, addresses) if known.metrics else {}
    files |= {path: File() for path in (*_extracted(run, addresses), *metrics) if path not in files}
    unread = dict(_warned(run, addresses)) | {path: reason for path, (_, reason) in metrics.items() if reason}
    rules = Rules(run.object("tool"), index_is_right=known.index_is_right)
    for invocation in run.list("invocations", optional=True):
        for override in invocation.list("ruleConfigurationOverrides", optional=True):
            rules.apply(override)
    found = tuple(results(run, rules, addresses, index))
    _agree(run, found, files, metrics)
    unlisted = bool(metrics) and not rules.enabled
    silent = {"success": not succeeded, "rules": not (rules.enabled or unlisted), "files": not files}
    return Report(
        name.strip(),
        (driver.text("version", "") or driver.text("semanticVersion", "")).strip(),
        FORMAT,
        rules.enabled,
        {path: file for path, file in files.items() if path not in unread},
        found,
        unread,
        frozenset(fact for fact, missing in silent.items() if missing),
        unlisted,
        _revision(run),
        max((item.text("endTimeUtc", "") for item in run.list("invocations", optional=True)), default=""),
    )


def _succeeded(run: Node) -> bool:
    """Tell whether the run says that it succeeded; raise where it says that it did not."""
    invocations = run.list("invocations", optional=True)
    for invocation in invocations:
        for key in _DAMAGE:
            if invocation.has(key):
                raise ProofError(f"{invocation.place}: the tool did not end by itself ({key}): run it again")
        for key in _NOTIFICATIONS:
            for note in invocation.list(key, optional=True):
                if note.text("level", "warning") == "error":
                    said = " ".join(_message(note).split())[:200]
                    raise ProofError(
                        f"{note.place}: the tool reports an error of its own: {said}: repair it, run again"
                    )
        if not invocation.flag("executionSuccessful"):
            raise ProofError(f"{invocation.place}: executionSuccessful is false: the tool failed: run it again")
    return bool(invocations)


def _message(note: Node) -> str:
    message = note.object("message", optional=True)
    return message.text("text", "") or message.text("markdown", "") or message.text("id", "no message")


def _artifacts(run: Node, addresses: Addresses) -> tuple[dict[str, File], list[str]]:
    """Return the files that were examined, and the path of every artifact by its index ("" for what is no file)."""
    files: dict[str, File] = {}
    index: list[str] = []
    for artifact in run.list("artifacts", optional=True):
        location = artifact.object("location", optional=True)
        if artifact.number("parentIndex", -1, least=-1) >= 0 or not location.has("uri"):
            index.append("")
            continue
        path = addresses.path(location)
        index.append(path)
        roles = artifact.texts("roles", optional=True)
        if roles and _EXAMINED_ROLES.isdisjoint(roles):
            continue
        file = _file(artifact)
        if files.setdefault(path, file) != file:
            raise artifact.error(f"{path!r} is listed twice, with different contents")
    return files, index


def _file(artifact: Node) -> File:
    hashes = artifact.object("hashes", optional=True)
    pairs = tuple((name, hashes.text(name).lower()) for name in sorted(hashes.fields()))
    contents = artifact.object("contents", optional=True)
    text = contents.text("text") if contents.has("text") else None
    return File(pairs, artifact.number("length", -1, least=-1), text)


def _extracted(run: Node, addresses: Addresses) -> Iterator[str]:
    """Yield the files that CodeQL says it extracted: it lists as artifacts only files with results."""
    for note in _notes(run):
        if note.object("descriptor", optional=True).text("id", "").endswith(_EXTRACTED):
            yield from (path for path, _ in _named(note, addresses))


def _warned(run: Node, addresses: Addresses) -> Iterator[tuple[str, str]]:
    """Yield the files that a warning of the tool names: it may have skipped a part of them."""
    for note in _notes(run):
        extracted = note.object("descriptor", optional=True).text("id", "").endswith(_EXTRACTED)
        if note.text("level", "warning") == "warning" and not extracted:
            yield from _named(note, addresses)


def _named(note: Node, addresses: Addresses) -> Iterator[tuple[str, str]]:
    for location in note.list("locations", optional=True):
        address = location.object("physicalLocation", optional=True).object("artifactLocation", optional=True)
        if address.has("uri"):
            yield addresses.path(address), f"the tool warned of it: {' '.join(_message(note).split())[:120]}"


def _notes(run: Node) -> Iterator[Node]:
    for invocation in run.list("invocations", optional=True):
        for key in _NOTIFICATIONS:
            yield from invocation.list(key, optional=True)


def _metrics(run: Node, addresses: Addresses) -> dict[str, tuple[int, str]]:
    """Return what Bandit counted in each file that it read, and why a file does not count.

    Bandit leaves out of its report what a ``nosec`` comment silences, and says only how often.
    """
    counted: dict[str, tuple[int, str]] = {}
    metrics = run.object("properties", optional=True).object("metrics", optional=True)
    for name in metrics.fields():
        about = metrics.object(name)
        count = sum(about.number(f"SEVERITY.{severity}", 0) for severity in _SEVERITIES)
        silenced = about.number("nosec", 0) + about.number("skipped_tests", 0)
        reason = f"{silenced} nosec comments silenced the tool there: run it with --ignore-nosec" if silenced else ""
        if name != "_totals":
            counted[addresses.named(name, metrics)] = count, reason
        elif count != len(run.list("results")):
            actual = len(run.list("results"))
            raise metrics.error(f"counts {count} results, and the report has {actual}: {_HIDDEN}", name)
    return counted


def _agree(run: Node, found: Sequence[Result], files: dict[str, File], metrics: dict[str, tuple[int, str]]) -> None:
    """Refuse a report whose parts contradict each other."""
    for result in found:
        if files and result.path not in files:
            raise ReportError(f"{run.place}: a result is in {result.path}, which the report does not list as examined")
    actual = Counter(result.path for result in found)
    for path, (count, _) in metrics.items():
        if actual[path] != count:
            raise ReportError(f"{run.place}: metrics count {count} results in {path}, not {actual[path]}: {_HIDDEN}")


def _revision(run: Node) -> str:
    ids = {
        item.text("revisionId")
        for item in run.list("versionControlProvenance", optional=True)
        if item.has("revisionId")
    }
    if len(ids) > 1:
        raise run.error("names several revisions, and not which file is of which", "versionControlProvenance")
    return next(iter(ids), "")
