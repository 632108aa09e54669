"""Gather what the ledger knows of the files of a change, for the judge of claims."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sayso import verdict
from sayso.adapters.git import Repository, is_file
from sayso.adapters.ledger import Ledger
from sayso.adapters.resources import read_table
from sayso.app.code_engine import CodeScan
from sayso.app.engines import Engine
from sayso.app.scan import Answers, Scanner
from sayso.app.scope import Scope
from sayso.app.secret_engine import SecretScan
from sayso.checks import sensitive_paths
from sayso.model import Change, Severity
from sayso.verdict import Proof


def manifests(changes: Iterable[Change]) -> tuple[str, ...]:
    """Return the dependency manifests among the names that ``changes`` touch."""
    rules = sensitive_paths.read_rules(read_table("sensitive_areas.toml"))
    touched = (name for change in changes for name in change.names)
    return tuple(name for name in touched if sensitive_paths.declares_dependencies(name, rules))


def proofs(repo: Repository, changes: tuple[Change, ...], *, derive: bool = False) -> tuple[list[Proof], list[str]]:
    """Return a proof for each check and file, and messages about damaged records.

    Nothing is scanned but with ``derive``, and then only by scanners that this environment has.
    """
    files = tuple(filter(is_file, changes))
    scanner = Scanner(repo, Ledger(repo.common_dir, repo.derived))
    code = CodeScan()
    kinds = scanner.languages(files)
    covers = {path: code.covers(kind.rules) if kind.rules else frozenset() for path, kind in kinds.items()}
    engines: list[Engine] = [code, SecretScan()]
    gathered: list[Proof] = []
    for engine in engines:
        answers = scanner.examine([engine], Scope(files), scan=derive and engine.installed)[0]
        gathered += _of(answers, covers)
    return gathered, scanner.ledger.damaged


def _of(answers: Answers, covers: Mapping[str, frozenset[int]]) -> Iterable[Proof]:
    check = answers.engine.check
    pending = {target.change.path for target in answers.pending}
    for path in answers.foreign:
        yield Proof(check, path, foreign=True)
    for skipped in answers.skipped:
        yield Proof(check, skipped.path, gap=skipped.reason, curable=skipped.path in pending)
    for path, evidence in answers.evidence.items():
        found = []
        for spot in evidence.spots:  # a finding that a comment allows is still a finding: the comment is say-so
            rule = answers.engine.rule(spot.rule)
            if rule.severity is not Severity.NOTE:
                found.append((rule.id, spot.line, rule.cwe))
        yield Proof(
            check, path, evidence.id, tuple(found), covers=covers[path] if check == verdict.CODE_SCAN else frozenset()
        )
        if evidence.gap:
            yield Proof(check, path, gap=f"examined in part: {evidence.gap}")
