"""Semgrep: command lines for its native engine and its default front end, and reports believed only if whole.

The exit code is never looked at: it is 0 with findings, with rules that do not
parse and with files that were not read. A target counts as examined only if the
report lists it under ``scanned`` and no error, however mild, mentions it. A
syntax error therefore is "not examined", because a rule may have missed what
the parser skipped.

The native engine is asked directly, for it takes files wherever they are, each
with the language to read it as. Its flags are internal; the version is pinned,
and a report that is not whole is asked for again of the default front end.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from sayso.evidence import ScannerError, ScanReport, Spot

CHECK = "code-scan"
TOOL = "semgrep"
VERSION = "1.182.0"
SECONDS_A_RULE = 10  # by the clock, so that a busy machine runs into it before an idle one
OPTIONS = f"native,timeout={SECONDS_A_RULE}"
PARSES = "parses-"  # rules of this prefix find nothing: they make the engine parse a file that may not be well-formed
TEXT = "regex"  # the engine's name for rules that read any file as plain text

_ANALYZERS: Mapping[str, str] = {"shell": "bash"}


def analyzer(language: str) -> str:
    """Return the engine's name for a language of ours."""
    return _ANALYZERS.get(language, language)


def native_argv(rules: str, targets: str, jobs: int = 1) -> tuple[str, ...]:
    """Return the arguments of ``semgrep-core`` for a file of rules and a file of targets, absolute paths both."""
    return (
        *("semgrep-core", "-json_nodots", "-j", str(jobs), "-fast", "-disable_rule_paths"),
        *("-timeout", str(SECONDS_A_RULE), "-timeout_threshold", "1"),
        *("-rules", rules, "-targets", targets),
    )


def targets_text(targets: Iterable[tuple[str, str]]) -> str:
    """Return the document that lists ``targets``: an absolute path and the analyzer that reads it."""
    listed = [
        ["CodeTarget", {"path": {"fpath": path, "ppath": path}, "analyzer": how, "products": ["sast"]}]
        for path, how in targets
    ]
    return json.dumps(["Targets", listed])


def default_argv(python: str, script: str, rules: str, targets: Sequence[str]) -> tuple[str, ...]:
    """Return the command of the default front end; it tells languages by the suffixes of the targets."""
    return (
        *(python, "-I", script, "scan", "--json", "--quiet", "--strict", "--metrics=off", "--disable-version-check"),
        *("--no-rewrite-rule-ids", "--disable-nosem", "--no-git-ignore", "--x-ignore-semgrepignore-files"),
        *("--max-target-bytes=0", f"--timeout={SECONDS_A_RULE}", "--timeout-threshold=1", "--jobs=1"),
        *(f"--config={rules}", "--", *targets),
    )


def parse(out: bytes, targets: Collection[str], rule_ids: Collection[str], partly: Collection[str] = ()) -> ScanReport:
    """Read the JSON report on ``targets``, of either front end.

    A syntax error in one of ``partly`` leaves a gap; in any other target it makes the whole count as not examined.

    Raises:
        ScannerError: not a report, another version, a rule that was not run or is not
            ours, an error that belongs to no target, or a target not asked for.
    """
    return _judged(_load(out), targets, rule_ids, partly)


def parse_native(
    out: bytes, targets: Collection[str], rule_ids: Collection[str], partly: Collection[str] = ()
) -> ScanReport:
    """Read the native engine's report, which also has to list every rule as one that it ran.

    Raises:
        ScannerError: as ``parse``.
    """
    report = _load(out)
    read = _judged(report, targets, rule_ids, partly)
    try:
        ran = sorted(rule for rule, _ in report["rules_by_engine"])
    except (KeyError, TypeError, ValueError) as exc:
        raise ScannerError("semgrep did not say which rules it ran") from exc
    if ran != sorted(rule_ids):
        raise ScannerError(f"semgrep ran {len(ran)} rules of {len(rule_ids)}")
    return read


def _judged(
    report: dict[str, Any], targets: Collection[str], rule_ids: Collection[str], partly: Collection[str]
) -> ScanReport:
    if report.get("version") != VERSION:
        raise ScannerError(f"semgrep {VERSION} was expected and {report.get('version')!r} answered")
    if report.get("skipped_rules"):
        raise ScannerError("semgrep skipped rules")
    try:
        return _accounted(report, targets, rule_ids, partly)
    except (TypeError, KeyError, AttributeError, IndexError) as exc:
        raise ScannerError("semgrep did not print a whole report") from exc


_SYNTAX = frozenset(
    (
        *("PartialParsing", "ParseError", "LexicalError", "SyntaxError", "Syntax error", "Lexical error"),
        *("Other syntax error", "AST builder error"),
    )
)


def _accounted(
    report: dict[str, Any], targets: Collection[str], rule_ids: Collection[str], partly: Collection[str]
) -> ScanReport:
    """Put every target under its findings or under the reason why it counts as not examined."""
    failed: dict[str, str] = {}
    gaps: dict[str, str] = {}
    for error in report["errors"]:
        path = error.get("path") or error.get("location", {}).get("path")
        if path not in targets:
            raise ScannerError(f"semgrep: {_one_line(error.get('message', 'an error without a message'))}")
        kept = gaps if path in partly and _is_syntax(error) else failed
        kept.setdefault(path, _reason(error))
    scanned = set(report["paths"]["scanned"])
    failed.update({target: "semgrep did not scan it" for target in targets if target not in scanned | failed.keys()})
    found: dict[str, set[Spot]] = {target: set() for target in targets if target not in failed}
    for result in report["results"]:
        path, rule = result["path"], result["check_id"]
        if path not in targets or rule not in rule_ids:
            raise ScannerError(f"semgrep reported {rule!r} in a file that it was not asked about")
        if path in found and not rule.startswith(PARSES):
            found[path].add(Spot(rule, _number(result["start"]["line"]), _number(result["end"]["line"])))
    gaps = {path: reason for path, reason in gaps.items() if path in found}
    return ScanReport({path: tuple(sorted(spots)) for path, spots in found.items()}, failed, gaps)


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


def _kind(error: dict[str, Any]) -> str:
    kind = error.get("type") or error.get("error_type")
    return str(kind[0] if isinstance(kind, list) and kind else kind)


def _is_syntax(error: dict[str, Any]) -> bool:
    return _kind(error) in _SYNTAX or bool(error.get("spans"))


def _reason(error: dict[str, Any]) -> str:
    name = _kind(error)
    spans = error.get("spans") or ([error["location"]] if "location" in error else [])
    if _is_syntax(error):
        line = _number(spans[0]["start"]["line"]) if spans else 0
        return f"semgrep cannot parse it{f' from line {line}' if line else ''}"
    if name == "Timeout":
        return f"semgrep took more than {SECONDS_A_RULE} s for one rule"
    return f"semgrep: {name}"


def _one_line(message: Any) -> str:
    return " ".join(str(message).split())[:200]
