"""Judge claims by evidence. The only judge there is, and it sees values only.

A claim is supported, unsupported (evidence is missing or incomplete) or
contradicted (evidence says otherwise). Nothing can support an absolute claim, and
stated confidence supports nothing: it is noted for triage.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple

CODE_SCAN = "code-scan"
SECRET_SCAN = "secret-scan"  # noqa: S105 # sayso: allow secret-keyword -- the name of a hook
DEPENDENCY_SCAN = "dependency-scan"
PIP_AUDIT = "pip-audit"  # what of a dependency-scan was this tool's own answer, for claims that name it

CHECKS_OF_TOOL: Mapping[str, tuple[str, ...]] = {
    "semgrep": (CODE_SCAN,),
    "sast": (CODE_SCAN,),
    "detect-secrets": (SECRET_SCAN,),
    "pip-audit": (PIP_AUDIT,),
    "scanner": (CODE_SCAN, SECRET_SCAN),
    "sayso": (CODE_SCAN, SECRET_SCAN),
}
GENERIC_TOOLS = frozenset(("sast", "scanner", "sayso"))
RECORDED = {
    "tests": "there is no recorded test run on this tree",
    "review": "there is no human review record for this content",
}


class Status(StrEnum):
    """What became of a claim."""

    SUPPORTED = "supported"
    UNSUPPORTED = "unsupported"
    CONTRADICTED = "contradicted"
    UNSUPPORTABLE = "unsupportable"
    NOTED = "noted"


class Proof(NamedTuple):
    """What one check knows of one changed file.

    Exactly one holds: there is evidence (``evidence`` is its id, ``findings`` say rule, line and CWE
    numbers), the file is ``foreign`` to the check, or there is a ``gap``. ``curable`` says that running the
    check may close the gap. ``covers`` are the CWE numbers that the rules for this file look for. ``imported`` says
    that ``check`` is the tool that a claim must name, and its report the only thing that can close the gap.
    """

    check: str
    path: str
    evidence: str = ""
    findings: tuple[tuple[str, int, tuple[int, ...]], ...] = ()
    foreign: bool = False
    gap: str = ""
    curable: bool = False
    covers: frozenset[int] = frozenset()
    imported: bool = False


class Claimed(NamedTuple):
    """The parts of a claim that a judge needs: its kind, the CWE numbers and the tools that it names."""

    kind: str
    cwes: tuple[int, ...] = ()
    tools: tuple[str, ...] = ()


class Ruling(NamedTuple):
    """The verdict on one claim: why, which evidence it rests on, and which files each check should examine.

    ``reports`` are the tools whose reports should be imported, each with a file that it should speak of.
    """

    status: Status
    reasons: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    cures: tuple[tuple[str, str], ...] = ()
    reports: tuple[tuple[str, str], ...] = ()


NO_RECORDS: Mapping[str, Ruling] = MappingProxyType({})


def judge(
    claim: Claimed, proofs: Sequence[Proof], manifests: Sequence[str] = (), records: Mapping[str, Ruling] = NO_RECORDS
) -> Ruling:
    """Judge ``claim`` by what is known of every changed file.

    ``manifests`` are the changed dependency manifests, ``records`` what records of runs and reviews say of the claims
    that rest on them, by kind.
    """
    if claim.kind == "absolute":
        return Ruling(Status.UNSUPPORTABLE, ("no scan, test or review can show this",))
    if claim.kind == "confidence":
        return Ruling(Status.NOTED, ("kept for triage; it satisfies no requirement",))
    if claim.kind in RECORDED:
        return records.get(claim.kind, Ruling(Status.UNSUPPORTED, (RECORDED[claim.kind],)))
    if claim.kind == "scanner":
        return _scanner(claim, proofs)
    proofs = [proof for proof in proofs if not proof.imported and proof.check != PIP_AUDIT]
    if claim.kind == "class":
        return _weigh([proof for proof in proofs if proof.check == CODE_SCAN], frozenset(claim.cwes))
    if claim.kind == "secrets":
        return _weigh([proof for proof in proofs if proof.check == SECRET_SCAN])
    examined = {proof.path for proof in proofs if proof.check == DEPENDENCY_SCAN}
    manifests = [name for name in manifests if name not in examined]
    if claim.kind == "dependencies":
        ruling = _weigh([proof for proof in proofs if proof.check == DEPENDENCY_SCAN], needs=DEPENDENCY_SCAN)
    else:
        ruling = _weigh(proofs, needs=CODE_SCAN)
    if manifests and ruling.status is not Status.CONTRADICTED:
        reason = f"{_some(manifests)} changed, and there is no dependency scan"
        return ruling._replace(status=Status.UNSUPPORTED, reasons=(*_missing(ruling), reason), evidence=())
    return ruling


def _scanner(claim: Claimed, proofs: Sequence[Proof]) -> Ruling:
    """Ask every tool that the claim names; an imported report of that tool closes a gap of our own run of it."""
    tools = claim.tools or ("scanner",)
    checks = {check for tool in tools for check in CHECKS_OF_TOOL.get(tool, ())}
    reported = [proof for proof in proofs if proof.imported and proof.check in tools]
    known = {(check, p.path) for p in reported if p.evidence for check in CHECKS_OF_TOOL.get(p.check, ())}
    own = [proof for proof in proofs if proof.check in checks and not proof.imported]
    own = [proof for proof in own if not (proof.gap and (proof.check, proof.path) in known)]
    absent = [tool for tool in tools if tool not in CHECKS_OF_TOOL and not any(p.check == tool for p in reported)]
    ruling = _weigh([*own, *reported])
    if ruling.status is Status.CONTRADICTED:
        return ruling
    missing = tuple((p.check, p.path) for p in (*own, *reported) if p.gap and (p.imported or p.check == PIP_AUDIT))
    gaps = tuple(f"the change holds nothing that {tool} examines" for tool in absent)
    if gaps and ruling.status is Status.SUPPORTED:
        return Ruling(Status.UNSUPPORTED, gaps)
    kept = ruling.reasons if own or reported or not gaps else ()
    return ruling._replace(reasons=(*kept, *gaps), reports=missing)


def _weigh(proofs: Iterable[Proof], cwes: frozenset[int] = frozenset(), needs: str = "") -> Ruling:
    """Ask for complete and clean proofs, and for at least one; with ``cwes``, of rules that look for all of them."""
    proofs = [proof for proof in proofs if not proof.foreign]
    found = [
        f"{proof.check} found {rule} at {proof.path}:{line} (evidence {proof.evidence[:12]})"
        for proof in proofs
        for rule, line, about in proof.findings
        if not cwes or cwes & set(about)
    ]
    if found:
        return Ruling(Status.CONTRADICTED, tuple(found))
    gaps = [f"{proof.path}: {proof.gap}" for proof in proofs if proof.gap]
    cures = tuple((proof.check, proof.path) for proof in proofs if proof.gap and proof.curable)
    blind = [proof for proof in proofs if not proof.gap and cwes - proof.covers]
    gaps += [f"{proof.path}: {proof.check} has no rule for {_cwe_names(cwes - proof.covers)} there" for proof in blind]
    if gaps:
        return Ruling(Status.UNSUPPORTED, tuple(gaps), cures=cures)
    if not any(not needs or proof.check == needs for proof in proofs):
        return Ruling(Status.UNSUPPORTED, (f"the change holds nothing that {needs or 'the scan'} examines",))
    return Ruling(Status.SUPPORTED, evidence=tuple(dict.fromkeys(proof.evidence for proof in proofs)))


def _missing(ruling: Ruling) -> tuple[str, ...]:
    return ruling.reasons if ruling.status is Status.UNSUPPORTED else ()


def _cwe_names(cwes: frozenset[int]) -> str:
    return ", ".join(f"CWE-{number}" for number in sorted(cwes))


def _some(paths: Sequence[str]) -> str:
    return ", ".join(paths[:3]) + (f" and {len(paths) - 3} more" if len(paths) > 3 else "")  # noqa: PLR2004
