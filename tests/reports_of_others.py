"""Reports of other tools, whole and valid, for tests to break."""

from __future__ import annotations

import json
from typing import Any

RULE = "py/example"


def encoded(document: Any) -> bytes:
    return json.dumps(document).encode()


def sarif(*paths: str, results: list[dict[str, Any]] | None = None, tool: str = "CodeQL", **run: Any) -> dict[str, Any]:
    """Return a SARIF report on ``paths``; ``run`` replaces keys of its only run, and None removes one."""
    whole: dict[str, Any] = {
        "tool": {"driver": {"name": tool, "version": "2.20.1", "rules": [{"id": RULE}, {"id": "py/other"}]}},
        "invocations": [{"executionSuccessful": True}],
        "artifacts": [{"location": {"uri": path}} for path in paths],
        "results": results or [],
        **run,
    }
    return {"version": "2.1.0", "runs": [{key: value for key, value in whole.items() if value is not None}]}


def result(path: str, line: int = 1, rule: str = RULE, **more: Any) -> dict[str, Any]:
    """Return a result of SARIF."""
    place = {"physicalLocation": {"artifactLocation": {"uri": path}, "region": {"startLine": line}}}
    return {"ruleId": rule, "level": "error", "message": {"text": "why"}, "locations": [place], **more}


def npm_audit(*names: str, total: int = 1, severity: str = "high") -> dict[str, Any]:
    """Return what ``npm audit --json`` prints, with a vulnerability in each of ``names``."""
    url = "https://github.com/advisories/GHSA-aaaa-bbbb-cccc"
    counts = dict.fromkeys(("info", "low", "moderate", "high", "critical"), 0) | {severity: len(names)}
    return {
        "auditReportVersion": 2,
        "vulnerabilities": {
            name: {"name": name, "severity": severity, "isDirect": True, "via": [{"url": url}], "nodes": []}
            for name in names
        },
        "metadata": {"vulnerabilities": counts | {"total": len(names)}, "dependencies": {"prod": 1, "total": total}},
    }


def pip_audit(*vulns: str, name: str = "flask", version: str = "3.1.0") -> dict[str, Any]:
    """Return what ``pip-audit -f json`` prints of one dependency."""
    found = [{"id": item, "fix_versions": [], "aliases": [], "description": ""} for item in vulns]
    return {"dependencies": [{"name": name, "version": version, "vulns": found}], "fixes": []}


def osv_scanner(path: str, *ids: str) -> dict[str, Any]:
    """Return what ``osv-scanner --format json --all-packages`` prints of one lock file."""
    package = {"name": "flask", "version": "3.1.0", "ecosystem": "PyPI"}
    entry: dict[str, Any] = {"package": package}
    if ids:
        entry |= {"vulnerabilities": [{"id": item} for item in ids], "groups": [{"ids": list(ids)}]}
    return {"results": [{"source": {"path": path, "type": "lockfile"}, "packages": [entry]}], "experimental_config": {}}
