"""Judge the claims of a message, or of comments and documents, by the evidence for the change."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from sayso import verdict
from sayso.adapters.git import is_file
from sayso.adapters.resources import read_table
from sayso.app.context import Context
from sayso.app.message import shown
from sayso.checks import secure_claims
from sayso.checks.secure_claims import Claim, ClaimRules
from sayso.model import Change, CheckResult, Finding, Outcome, Severity
from sayso.verdict import GENERIC_TOOLS, Proof, Ruling, Status

if TYPE_CHECKING:
    from sayso.app.case import Case

HOOK = "secure-claims"
_FOUND_NOTHING = "claim-no-vulnerabilities"
_MOST_NAMES = 12
_MOST_REASONS = 5


def load() -> ClaimRules:
    """Read the rules."""
    return secure_claims.read_rules(read_table("claims.toml"))


def judge(
    context: Context,
    claims: Sequence[tuple[str, Claim]],
    changes: Sequence[Change],
    *,
    ai_marked: bool,
    runs: str = "",
    derive: bool = False,
    revision: str = "",
    case: Callable[[], Case] | None = None,
) -> CheckResult:
    """Judge ``claims`` (path, or "" for the message) by the evidence for ``changes``.

    ``runs`` is the id of the hook that produces all evidence, where single hooks are not what the user has. With
    ``derive``, evidence that the ledger lacks is derived here, as far as this environment has the scanners.
    ``revision`` is the commit that the claims are of, where they are not about what is staged. ``case`` returns the
    change as a whole, for claims that rest on records of runs and reviews.
    """
    if not claims:
        return CheckResult(HOOK, Outcome.CLEAR)
    claims = _without_doubles(claims)
    files = tuple(filter(is_file, changes))
    proofs, damaged, manifests = _gathered(context, changes, claims, revision, derive=derive)
    reports = _reports(context, changes, claims, revision)
    proofs, damaged = (*proofs, *reports[0]), (*damaged, *reports[1])
    records = _records({claim.kind for _, claim in claims}, case)
    raises = ai_marked and context.policy.raise_for_ai
    findings = []
    evidence: list[str] = []
    for path, claim in claims:
        ruling = verdict.judge(verdict.Claimed(claim.kind, claim.cwes, claim.tools), proofs, manifests, records)
        evidence += ruling.evidence
        step = _next_step(context, claim, ruling, runs) if not derive else _next_in_range(context, ruling)
        findings.append(_finding(path, claim, ruling, step, raises=raises))
    notes = (*damaged, *(context.policy.loosened if ai_marked else ()))
    return CheckResult(HOOK, _outcome(findings), tuple(findings), len(files), (), tuple(dict.fromkeys(evidence)), notes)


def _records(kinds: set[str], case: Callable[[], Case] | None) -> Mapping[str, Ruling]:
    if case is None or kinds.isdisjoint(verdict.RECORDED):
        return {}
    from sayso.app import claimrecords  # noqa: PLC0415 - few messages claim that

    whole = case()
    return {kind: claimrecords.ruling(whole, kind) for kind in verdict.RECORDED if kind in kinds}


def _listed(items: Sequence[str], separator: str) -> str:
    more = f"{separator}and {len(items) - _MOST_REASONS} more" if len(items) > _MOST_REASONS else ""
    return separator.join(items[:_MOST_REASONS]) + more


def _without_doubles(claims: Sequence[tuple[str, Claim]]) -> list[tuple[str, Claim]]:
    """Leave out what else a statement claims that nothing can support: its other half could only confuse.

    "npm audit: 0 vulnerabilities" says what that tool found, and no more: its report is what must support it.
    """
    quoted = {(path, claim.line, claim.text) for path, claim in claims if not GENERIC_TOOLS.issuperset(claim.tools)}
    kinds: dict[tuple[str, int, str], set[str]] = {}
    for path, claim in claims:
        kinds.setdefault((path, claim.line, claim.text), set()).add(claim.kind)
    kept = []
    for path, claim in claims:
        beside = kinds[path, claim.line, claim.text]
        hopeless = "absolute" in beside and claim.kind not in {"absolute", "confidence"}
        recorded = claim.kind == "general" and not beside.isdisjoint(("tests", "review", "dependencies"))
        found = claim.rule == _FOUND_NOTHING and (path, claim.line, claim.text) in quoted
        if not (hopeless or recorded or found):
            kept.append((path, claim))
    return kept


def _gathered(
    context: Context, changes: Sequence[Change], claims: Sequence[tuple[str, Claim]], revision: str, *, derive: bool
) -> tuple[Sequence[Proof], Sequence[str], Sequence[str]]:
    """Return the proofs, notes on them, and the changed manifests, as far as ``claims`` ask for them."""
    kinds = {claim.kind for _, claim in claims}
    named = any(verdict.PIP_AUDIT in claim.tools for _, claim in claims)
    if kinds.isdisjoint(("general", "class", "scanner", "secrets", "dependencies")):
        return (), (), ()
    from sayso.app import proofs  # noqa: PLC0415 - few messages claim anything

    gathered, notes = (
        proofs.proofs(context.repo, tuple(changes), derive=derive) if kinds != {"dependencies"} else ([], [])
    )
    if kinds.isdisjoint(("general", "dependencies")) and not named:
        return gathered, notes, ()
    manifests = proofs.manifests(changes)
    from sayso.app import dependencyproofs  # noqa: PLC0415 - few messages claim anything

    everything = named or "dependencies" in kinds
    if everything or manifests or dependencyproofs.touches(changes):
        more = dependencyproofs.gather(context, changes, revision, everything=everything, derive=derive)
        gathered, notes = [*gathered, *more[0]], [*notes, *more[1]]
    return gathered, notes, manifests


def _reports(
    context: Context, changes: Sequence[Change], claims: Sequence[tuple[str, Claim]], revision: str
) -> tuple[Sequence[Proof], Sequence[str]]:
    """Return what imported reports of the tools that ``claims`` name show, and notes on what that rests on."""
    tools = {tool for _, claim in claims if claim.kind == "scanner" for tool in claim.tools}
    if not tools:
        return (), ()
    from sayso.app import imported  # noqa: PLC0415 - few messages name a tool

    limit = context.policy.dependencies.max_age_days
    return imported.gather(context.repo, changes, tools, max_age_days=limit, revision=revision)


def _outcome(findings: Iterable[Finding]) -> Outcome:
    shown = any(finding.severity is not Severity.NOTE for finding in findings)
    return Outcome.FOUND if shown else Outcome.CLEAR


def _finding(path: str, claim: Claim, ruling: Ruling, step: str, *, raises: bool) -> Finding:
    severity = Severity.ERROR if claim.tier == "refuse" or raises else Severity.WARNING
    if ruling.status in {Status.SUPPORTED, Status.NOTED}:
        severity = Severity.NOTE
    because = _listed(ruling.reasons, "; ")
    if ruling.evidence:
        because = "evidence " + _listed([item[:12] for item in ruling.evidence], ", ")
    detail = {
        "kind": claim.kind,
        "tier": claim.tier,
        "status": ruling.status.value,
        "claim": claim.text,
        "raised": "AI-marked" if raises and claim.tier != "refuse" and severity is Severity.ERROR else "",
        "next": step,
    }
    message = f"{ruling.status}: “{claim.text}”: {because}"
    return Finding(claim.rule, path, claim.line, message, severity, tuple((k, v) for k, v in detail.items() if v))


def _next_in_range(context: Context, ruling: Ruling) -> str:
    if ruling.status in {Status.SUPPORTED, Status.NOTED}:
        return ""
    if ruling.reports:
        return f"import the report of CI's own run before: {_imports(context, ruling)}"
    if ruling.cures:
        return "judge the range with the hook id sayso, whose environment has the scanners"
    return "reword the commit so that it says what a scan of it shows"


def _next_step(context: Context, claim: Claim, ruling: Ruling, runs: str) -> str:
    """Return what satisfies the judge: a command that works when pasted, or other words."""
    if ruling.status in {Status.SUPPORTED, Status.NOTED}:
        return ""
    if ruling.reports:
        return _imports(context, ruling)
    if ruling.cures:
        checks = dict.fromkeys(runs or check for check, _ in ruling.cures)
        paths = shown(context.repo, dict.fromkeys(path for _, path in ruling.cures))
        late = any(check == verdict.DEPENDENCY_SCAN for check, _ in ruling.cures)
        stages = {check: (late and bool(runs)) or check == verdict.DEPENDENCY_SCAN for check in checks}
        return " && ".join(command(check, paths, late=stages[check]) for check in checks)
    if ruling.status is Status.CONTRADICTED:
        return "repair what was found, or drop the words"
    if claim.kind == "tests":
        return "sayso run tests:unit -- pytest --junitxml={junit}"
    if claim.kind == "review":
        return "have somebody else read it: sayso approve"
    if claim.kind == "absolute":
        return (
            "say what was examined instead, for example: “code-scan and secret-scan found nothing in the changed files”"
        )
    return "say only what a recorded scan shows, or drop the words"


def _imports(context: Context, ruling: Ruling) -> str:
    from sayso.app import imported  # noqa: PLC0415 - few messages name a tool

    paths = shown(context.repo, (path for _, path in ruling.reports))
    return imported.next_step(zip((tool for tool, _ in ruling.reports), paths, strict=True))


def command(check: str, paths: Sequence[str], *, late: bool = False) -> str:
    """Return a command that runs a hook on files; a ``late`` one does not belong to the stage of a commit."""
    from shlex import join  # noqa: PLC0415 - only a refusal pays for it

    runner = "prek" if "PREK_HOOK_STAGE" in os.environ else "pre-commit"
    names = join(paths) if len(paths) <= _MOST_NAMES else ""
    if os.environ.get("PRE_COMMIT"):
        stage = " --hook-stage manual" if late else ""
        return f"{runner} run {check}{stage} {f'--files {names}' if names else '--all-files'}"
    return f"sayso {check} -- {names}" if names else f"sayso {check} --all-files"
