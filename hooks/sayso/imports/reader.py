"""Tell the formats apart, and complete what a report leaves open with what its importer states."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from sayso.imports import dependencies, sarif
from sayso.imports.report import File, ProofError, Report, ReportError
from sayso.imports.sarif import Habits
from sayso.imports.uris import Roots
from sayso.jsondoc import Node

_OTHERS = "SARIF 2.1.0 and the JSON of pip-audit, osv-scanner and npm audit are read: have the tool write SARIF"
_VERSION = re.compile(r"[\x20-\x7e]{0,100}")


class Stated(NamedTuple):
    """What the importer vouches for where the report is silent: paths, rule ids, and that the run succeeded."""

    files: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    success: bool = False


_HOW = {
    "success": "it does not say whether the run succeeded (no invocations): if you saw the tool end well, "
    "import it with --succeeded",
    "rules": "it lists no rules, so it does not show what was looked for: name those that the tool ran, one a line, "
    "with --rules-from FILE",
    "files": "it lists no files, so it does not show what was looked at: name what the tool examined "
    "with --examined PATH, or --examined-from FILE",
}


def read(document: Node, roots: Roots, habits: Mapping[str, Habits]) -> list[Report]:
    """Return the runs that a report holds, whatever its format.

    Raises:
        DataError: not a known format, or not a whole report of it.
        ProofError: the tool failed, or got no answer.
    """
    keys = set(document.fields())
    if "runs" in keys or "sarif" in str(document.value.get("$schema", "")).lower():
        reports = sarif.parse(document, roots, habits)
    elif "auditReportVersion" in keys or keys >= {"error", "message"}:
        reports = [dependencies.npm_audit(document)]
    elif "dependencies" in keys:
        reports = [dependencies.pip_audit(document)]
    elif "results" in keys and ("experimental_config" in keys or _of_osv_scanner(document.value["results"])):
        reports = [dependencies.osv_scanner(document, roots)]
    else:
        raise ReportError(f"{document.place}: the format is not known: {_OTHERS}")
    for report in reports:
        if not _VERSION.fullmatch(report.version):
            raise ReportError(f"{document.place}: {report.version[:60]!r} is no version")
    return reports


def _of_osv_scanner(results: Any) -> bool:
    first = results[0] if isinstance(results, list) and results else {}
    return isinstance(first, dict) and first.keys() >= {"source", "packages"}


def complete(report: Report, stated: Stated) -> tuple[Report, tuple[str, ...]]:
    """Return the report with what is stated put in, and which facts rest on that alone.

    Raises:
        ProofError: a fact is open and nobody states it.
        ReportError: the statement and the report contradict each other.
    """
    given = {"success": stated.success, "rules": bool(stated.rules), "files": bool(stated.files)}
    missing = [_HOW[fact] for fact in _HOW if fact in report.silent and not given[fact]]
    if missing:
        raise ProofError(f"the report of {report.tool}: {'; '.join(missing)}")
    files = {**{path: File() for path in stated.files if path not in report.unread}, **report.files}
    used = {fact for fact in report.silent if fact != "files"}
    used |= {"files"} if files.keys() != report.files.keys() else set()
    for result in report.results:
        if result.path and result.path not in files and result.path not in report.unread:
            raise ReportError(
                f"the report of {report.tool} has a result in {result.path}, which is not among the files"
            )
    rules = report.rules if "rules" not in used else tuple(sorted({*stated.rules, *report.rules}))
    return report._replace(files=files, rules=rules, silent=frozenset()), tuple(sorted(used))
