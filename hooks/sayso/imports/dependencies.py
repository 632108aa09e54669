"""The JSON of pip-audit, osv-scanner and npm audit: what was asked about, and what is known of it today.

None of them says with which version of the tool, or on which day it was asked;
pip-audit and npm do not even say which file it was about. So the file is stated by
whoever imports, the packages that the report answers for are compared with it, and
the record is dated.
"""

from __future__ import annotations

from collections.abc import Iterator

from sayso.imports.report import File, ProofError, Report, Result
from sayso.imports.uris import Addresses, Roots
from sayso.jsondoc import Node

PIP_AUDIT, OSV_SCANNER, NPM_AUDIT = "pip-audit", "osv-scanner", "npm-audit"
_NPM_LEVELS = {"info": "note", "low": "note", "moderate": "warning", "high": "error", "critical": "error"}
_NO_FILE = frozenset(("files",))


def pip_audit(document: Node) -> Report:
    """Read ``pip-audit -f json``; a dependency that was skipped makes the answer partial, and so no answer."""
    asked: list[tuple[str, str]] = []
    found: list[Result] = []
    for dependency in document.list("dependencies"):
        name = dependency.text("name")
        if dependency.has("skip_reason"):
            reason = dependency.text("skip_reason")
            raise ProofError(f"{dependency.place}: {name} was not audited: {reason}: the report is incomplete")
        asked.append((name, dependency.text("version")))
        found += [Result(vuln.text("id"), "error", "", 0, 0) for vuln in dependency.list("vulns")]
    _refuse_nothing(document, len(asked))
    return _report(PIP_AUDIT, found, asked=tuple(asked))


def npm_audit(document: Node) -> Report:
    """Read ``npm audit --json``, report version 2; its counts must agree with its list."""
    if document.has("error"):
        said = document.text("message", "") or document.object("error").text("summary", "")
        raise ProofError(f"{document.place}: npm got no answer: {' '.join(said.split())[:200]}: run it again")
    if document.number("auditReportVersion") != 2:  # noqa: PLR2004 - the only one that is read
        raise document.error("only version 2 is read: use npm 7 or newer", "auditReportVersion")
    entries = document.object("vulnerabilities")
    metadata = document.object("metadata")
    counts = metadata.object("vulnerabilities")
    found: list[Result] = []
    levels: dict[str, int] = dict.fromkeys(_NPM_LEVELS, 0)
    for name in entries.fields():
        entry = entries.object(name)
        severity = entry.text("severity")
        if severity not in _NPM_LEVELS or entry.text("name", name) != name:
            raise entry.error(f"unknown severity {severity[:40]!r}, or the name of something else")
        levels[severity] += 1
        found += [Result(rule, _NPM_LEVELS[severity], "", 0, 0) for rule in _advisories(entry, name)]
    expected = levels | {"total": len(entries.fields())}
    wrong = [key for key, number in expected.items() if counts.number(key) != number]
    if wrong:
        raise counts.error(f"{counts.number(wrong[0])} {wrong[0]} are counted, and {expected[wrong[0]]} are listed")
    total = metadata.object("dependencies").number("total")
    _refuse_nothing(document, total)
    return _report(NPM_AUDIT, found, total=total)


def _advisories(entry: Node, name: str) -> Iterator[str]:
    """Yield the advisories of a package; one that is only hit through another package has its name for a rule."""
    via = entry.value.get("via", [])
    urls = [item.get("url") for item in via if isinstance(item, dict)] if isinstance(via, list) else []
    ids = sorted({url.rpartition("/")[2] for url in urls if isinstance(url, str) and url.rpartition("/")[2]})
    yield from ids or [f"npm/{name}"]


def osv_scanner(document: Node, roots: Roots) -> Report:
    """Read ``osv-scanner --format json --all-packages``: without that option a clean report lists nothing at all."""
    addresses = Addresses(Node({}, document.place), roots)
    files: dict[str, File] = {}
    found: list[Result] = []
    count = 0
    for result in document.list("results"):
        source = result.object("source")
        path = addresses.named(source.text("path"), source)
        packages = result.list("packages")
        count += len(packages)
        if packages:
            files[path] = File()
        found += [Result(rule, "error", path, 0, 0) for package in packages for rule in _osv_ids(package)]
    if not count:
        raise ProofError(f"{document.place}: it lists no package: run osv-scanner with --all-packages")
    return _report(OSV_SCANNER, found)._replace(files=files, silent=frozenset())


def _osv_ids(package: Node) -> Iterator[str]:
    package.object("package").text("name")
    ids = {item.text("id") for item in package.list("vulnerabilities", optional=True)}
    grouped = {item for group in package.list("groups", optional=True) for item in group.texts("ids", optional=True)}
    yield from sorted(ids | grouped)


def _refuse_nothing(document: Node, count: int) -> None:
    if not count:
        raise ProofError(f"{document.place}: no dependency was asked about: a report on nothing shows nothing")


def _report(tool: str, found: list[Result], asked: tuple[tuple[str, str], ...] = (), total: int = 0) -> Report:
    return Report(
        tool, "", f"{tool}-json", (), {}, tuple(found), silent=_NO_FILE, dependencies=True, asked=asked, total=total
    )
