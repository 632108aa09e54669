"""Judge the claims of a message, or of comments and documents, by the evidence for the change."""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterable, Mapping, Sequence

from sayso import verdict
from sayso.adapters.git import is_file
from sayso.adapters.ledger import Ledger
from sayso.app.context import Context, rules_text
from sayso.app.engines import CodeScan, Engine, SecretScan
from sayso.app.scan import Answers, Scanner
from sayso.app.scope import Scope
from sayso.checks import secure_claims, sensitive_paths
from sayso.checks.secure_claims import Claim, ClaimRules
from sayso.evidence import short
from sayso.model import Change, CheckResult, Finding, Outcome, Severity
from sayso.suppress import split
from sayso.verdict import Proof, Ruling, Status

HOOK = "secure-claims"
_MOST_NAMES = 12
_MOST_REASONS = 5


def load() -> ClaimRules:
    """Read the rules."""
    return secure_claims.parse_rules(*rules_text("claims.toml"))


def judge(
    context: Context, claims: Sequence[tuple[str, Claim]], changes: Sequence[Change], *, ai_marked: bool, runs: str = ""
) -> CheckResult:
    """Judge ``claims`` (path, or "" for the message) by the evidence that the ledger has for ``changes``.

    ``runs`` is the id of the hook that produces all evidence, where single hooks are not what the user has.
    """
    if not claims:
        return CheckResult(HOOK, Outcome.CLEAR)
    claims = _without_doubles(claims)
    files = tuple(filter(is_file, changes))
    proofs, damaged = _proofs(context, files) if any(_needs_proof(claim) for _, claim in claims) else ([], [])
    manifests = _manifests(changes) if any(claim.kind == "general" for _, claim in claims) else ()
    raises = ai_marked and context.policy.raise_for_ai
    findings = []
    evidence: list[str] = []
    for path, claim in claims:
        ruling = verdict.judge(verdict.Claimed(claim.kind, claim.cwes, claim.tools), proofs, manifests)
        evidence += ruling.evidence
        findings.append(_finding(path, claim, ruling, raises=raises, runs=runs))
    notes = (*damaged, *(context.policy.loosened if ai_marked else ()))
    return CheckResult(HOOK, _outcome(findings), tuple(findings), len(files), (), tuple(dict.fromkeys(evidence)), notes)


def _listed(items: Sequence[str], separator: str) -> str:
    more = f"{separator}and {len(items) - _MOST_REASONS} more" if len(items) > _MOST_REASONS else ""
    return separator.join(items[:_MOST_REASONS]) + more


def _without_doubles(claims: Sequence[tuple[str, Claim]]) -> list[tuple[str, Claim]]:
    """Leave out what else a statement claims that nothing can support: its other half could only confuse."""
    hopeless = {(path, claim.line, claim.text) for path, claim in claims if claim.kind == "absolute"}
    kept = ("absolute", "confidence")
    return [
        (path, claim) for path, claim in claims if claim.kind in kept or (path, claim.line, claim.text) not in hopeless
    ]


def _needs_proof(claim: Claim) -> bool:
    return claim.kind in {"general", "class", "scanner", "secrets"}


def _outcome(findings: Iterable[Finding]) -> Outcome:
    shown = any(finding.severity is not Severity.NOTE for finding in findings)
    return Outcome.FOUND if shown else Outcome.CLEAR


def _finding(path: str, claim: Claim, ruling: Ruling, *, raises: bool, runs: str) -> Finding:
    severity = Severity.ERROR if claim.tier == "refuse" or raises else Severity.WARNING
    if ruling.status in {Status.SUPPORTED, Status.NOTED}:
        severity = Severity.NOTE
    because = _listed(ruling.reasons, "; ")
    if ruling.evidence:
        because = "evidence " + _listed([short(item) for item in ruling.evidence], ", ")
    detail = {
        "kind": claim.kind,
        "tier": claim.tier,
        "status": ruling.status.value,
        "claim": claim.text,
        "raised": "AI-marked" if raises and claim.tier != "refuse" and severity is Severity.ERROR else "",
        "next": _next_step(claim, ruling, runs),
    }
    message = f"{ruling.status}: “{claim.text}”: {because}"
    return Finding(claim.rule, path, claim.line, message, severity, tuple((k, v) for k, v in detail.items() if v))


def _next_step(claim: Claim, ruling: Ruling, runs: str) -> str:
    """Return what satisfies the judge: a command that works when pasted, or other words."""
    if ruling.status in {Status.SUPPORTED, Status.NOTED}:
        return ""
    if ruling.cures:
        checks = dict.fromkeys(runs or check for check, _ in ruling.cures)
        paths = list(dict.fromkeys(path for _, path in ruling.cures))
        return " && ".join(_command(check, paths) for check in checks)
    if ruling.status is Status.CONTRADICTED:
        return "repair what was found, or drop the words"
    if claim.kind == "absolute":
        return (
            "say what was examined instead, for example: “code-scan and secret-scan found nothing in the changed files”"
        )
    return "say only what a recorded scan shows, or drop the words"


def _command(check: str, paths: Sequence[str]) -> str:
    runner = "prek" if "PREK_HOOK_STAGE" in os.environ else "pre-commit"
    names = shlex.join(paths) if len(paths) <= _MOST_NAMES else ""
    if os.environ.get("PRE_COMMIT"):
        return f"{runner} run {check} --files {names}" if names else f"{runner} run {check} --all-files"
    return f"sayso {check} -- {names}" if names else f"sayso {check} --all-files"


def _manifests(changes: Iterable[Change]) -> tuple[str, ...]:
    rules = sensitive_paths.parse_rules(*rules_text("sensitive_areas.toml"))
    touched = (name for change in changes for name in change.names)
    return tuple(name for name in touched if sensitive_paths.declares_dependencies(name, rules))


def _proofs(context: Context, files: tuple[Change, ...]) -> tuple[list[Proof], list[str]]:
    scanner = Scanner(context.repo, Ledger(context.repo.common_dir))
    code = CodeScan()
    kinds = scanner.languages(files)
    covers = {path: code.covers(kind.rules) if kind.rules else frozenset() for path, kind in kinds.items()}
    engines: list[Engine] = [code, SecretScan()]
    proofs: list[Proof] = []
    for answers in scanner.examine(engines, Scope(files), scan=False):
        proofs += _of(scanner, answers, covers)
    return proofs, scanner.ledger.damaged


def _of(scanner: Scanner, answers: Answers, covers: Mapping[str, frozenset[int]]) -> Iterable[Proof]:
    check = answers.engine.check
    pending = {target.change.path for target in answers.pending}
    for path in answers.foreign:
        yield Proof(check, path, foreign=True)
    for skipped in answers.skipped:
        yield Proof(check, skipped.path, gap=skipped.reason, curable=skipped.path in pending)
    for path, evidence in answers.evidence.items():
        spots = evidence.spots
        if spots:
            blob = answers.changes[path].blob
            spots, _ = split(spots, scanner.texts((blob,)).get(blob, ""))
        found = []
        for spot in spots:
            rule = answers.engine.rule(spot.rule)
            if rule.severity is not Severity.NOTE:
                found.append((rule.id, spot.line, rule.cwe))
        yield Proof(
            check, path, evidence.id, tuple(found), covers=covers[path] if check == verdict.CODE_SCAN else frozenset()
        )
