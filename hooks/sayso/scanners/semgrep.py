"""Semgrep, through its native front end: a command line, and a report that is believed only if it is whole.

The exit code is never looked at: it is 0 with findings, with rules that do not
parse and with files that were not read. A target counts as examined only if the
report lists it under ``scanned`` and no error, however mild, mentions it. A
syntax error therefore is "not examined", because a rule may have missed what
the parser skipped.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from typing import Any

from sayso.evidence import ScannerError, ScanReport, Spot

CHECK = "code-scan"
TOOL = "semgrep"
VERSION = "1.182.0"
SECONDS_A_RULE = 5
OPTIONS = f"native,timeout={SECONDS_A_RULE}"
PARSES = "parses-"  # rules of this prefix find nothing: they make the engine parse files that no other rule could match
PROGRAM_NAME = "osemgrep"  # the engine acts as the native front end when it is called by this name


def argv(rule_files: Sequence[str], targets: Sequence[str]) -> tuple[str, ...]:
    """Return the command that scans ``targets`` with ``rule_files``, all absolute paths."""
    configs = [f"--config={path}" for path in rule_files]
    return (
        *(PROGRAM_NAME, "scan", "--experimental", "--json", "--quiet", "--strict"),
        *("--metrics=off", "--disable-version-check", "--no-rewrite-rule-ids"),
        *("--disable-nosem", "--no-git-ignore", "--x-ignore-semgrepignore-files", "--max-target-bytes=0"),
        *(f"--timeout={SECONDS_A_RULE}", "--timeout-threshold=1", "--jobs=1"),
        *configs,
        "--",
        *targets,
    )


def parse(out: bytes, targets: Collection[str], rule_ids: Collection[str]) -> ScanReport:
    """Read the JSON report on ``targets``.

    Raises:
        ScannerError: not a report, another version, a rule that was not run or is not
            ours, an error that belongs to no target, or a target not asked for.
    """
    report = _load(out)
    if report.get("version") != VERSION:
        raise ScannerError(f"semgrep {VERSION} was expected and {report.get('version')!r} answered")
    if report.get("skipped_rules"):
        raise ScannerError("semgrep skipped rules")
    try:
        return _accounted(report, targets, rule_ids)
    except (TypeError, KeyError, AttributeError, IndexError) as exc:
        raise ScannerError("semgrep did not print a whole report") from exc


def _accounted(report: dict[str, Any], targets: Collection[str], rule_ids: Collection[str]) -> ScanReport:
    """Put every target under its findings or under the reason why it counts as not examined."""
    failed: dict[str, str] = {}
    for error in report["errors"]:
        path = error.get("path")
        if path not in targets:
            raise ScannerError(f"semgrep: {_one_line(error.get('message', 'an error without a message'))}")
        failed.setdefault(path, _reason(error))
    scanned = set(report["paths"]["scanned"])
    failed.update({target: "semgrep did not scan it" for target in targets if target not in scanned | failed.keys()})
    found: dict[str, set[Spot]] = {target: set() for target in targets if target not in failed}
    for result in report["results"]:
        path, rule = result["path"], result["check_id"]
        if rule.startswith(PARSES):
            continue
        if path not in targets or rule not in rule_ids:
            raise ScannerError(f"semgrep reported {rule!r} in a file that it was not asked about")
        if path in found:
            found[path].add(Spot(rule, _number(result["start"]["line"]), _number(result["end"]["line"])))
    return ScanReport({path: tuple(sorted(spots)) for path, spots in found.items()}, failed)


def _number(line: Any) -> int:
    if type(line) is not int:
        raise TypeError(line)
    return line


def _load(out: bytes) -> dict[str, Any]:
    try:
        report = json.loads(out)
        well_formed = (
            isinstance(report["errors"], list)
            and isinstance(report["results"], list)
            and isinstance(report["paths"]["scanned"], list)
        )
    except (ValueError, TypeError, KeyError, RecursionError) as exc:
        raise ScannerError("semgrep did not print a report") from exc
    if not well_formed:
        raise ScannerError("semgrep did not print a whole report")
    found: dict[str, Any] = report
    return found


def _reason(error: dict[str, Any]) -> str:
    kind = error.get("type")
    name = kind[0] if isinstance(kind, list) and kind else kind
    spans = error.get("spans")
    if name in {"PartialParsing", "ParseError", "LexicalError", "SyntaxError", "Syntax error"} or spans:
        line = spans[0]["start"]["line"] if spans else 0
        return f"semgrep cannot parse it{f' from line {line}' if line else ''}"
    if name == "Timeout":
        return f"semgrep took more than {SECONDS_A_RULE} s for one rule"
    return f"semgrep: {name}"


def _one_line(message: Any) -> str:
    return " ".join(str(message).split())[:200]
