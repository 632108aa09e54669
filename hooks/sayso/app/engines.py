"""Bind each scanner to its rules, its executable and the subjects that it can answer for."""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Mapping
from functools import cache
from typing import Any, Protocol

from sayso.adapters import process, resources
from sayso.app.scanruns import SITE, explained, seconds
from sayso.app.secret_engine import SecretScan
from sayso.evidence import ScanReport, Subject
from sayso.languages import Language, Languages
from sayso.model import Rule, Severity
from sayso.scanners import semgrep

__all__ = ("CodeScan", "Engine", "SecretScan", "known_languages")

_CORE = (*SITE, "semgrep", "bin", "semgrep-core")
_PARSES = ("semgrep", "parses.json")
_DIALECTS = (".tsx", ".jsx")


class Engine(Protocol):
    """A scanner that can say which subject a file is for it, and scan."""

    @property
    def check(self) -> str:
        """The hook id."""

    @property
    def installed(self) -> bool:
        """Tell whether this environment has the scanner."""

    def subject(self, path: str, blob: str, language: Language) -> Subject | None:
        """Return the key under which the answer for a file is kept; None where the scanner has no business with it."""

    def current(self, subject: Subject) -> bool:
        """Tell whether the rules and the engine that are installed are those of ``subject``."""

    def suffix(self, subject: Subject) -> str:
        """Return the suffix that the file must have for the scanner to read it as the subject says."""

    def scan(self, folder: str, files: Mapping[str, Subject], size: int) -> ScanReport:
        """Scan ``files`` (absolute path to subject), ``size`` bytes in all; ``folder`` serves as a home."""

    def rule(self, rule_id: str) -> Rule:
        """Return what a rule means."""


@cache
def known_languages() -> Languages:
    """Read the table of languages."""
    return Languages(resources.read_table("languages.toml"))


class CodeScan:
    """semgrep with the rule set of each language."""

    check = semgrep.CHECK

    @property
    def installed(self) -> bool:
        """Tell whether the engine is where its package puts it."""
        return os.access(os.path.join(sys.prefix, *_CORE), os.X_OK)

    def __init__(self) -> None:
        self._digests: dict[str, str] = {}
        self._rules: dict[str, dict[str, Rule]] = {}

    def subject(self, path: str, blob: str, language: Language) -> Subject | None:
        """One subject a blob and language; the path plays no part, because no rule looks at it."""
        if not language.rules:
            return None
        suffix = "." + path.rpartition(".")[2].lower()
        dialect = suffix if suffix in _DIALECTS else ""
        return self._subject(language.rules, blob, language.id + dialect)

    def current(self, subject: Subject) -> bool:
        """Tell whether the rules and the engine that are installed are those of ``subject``."""
        return any(
            self._subject(name, subject.blob, subject.language) == subject for name in known_languages().rule_sets
        )

    def _subject(self, rules: str, blob: str, language: str) -> Subject:
        return Subject(
            semgrep.CHECK, semgrep.TOOL, semgrep.VERSION, self._digest(rules), semgrep.OPTIONS, blob, language
        )

    def _digest(self, name: str) -> str:
        if name not in self._digests:
            self._digests[name] = hashlib.sha256(_rule_set(name) + resources.read_bytes(*_PARSES)).hexdigest()
        return self._digests[name]

    def suffix(self, subject: Subject) -> str:
        """Return the language's first suffix, or the dialect's."""
        language, dot, dialect = subject.language.partition(".")
        return dot + dialect or known_languages().suffix(language)

    def scan(self, folder: str, files: Mapping[str, Subject], size: int) -> ScanReport:
        """Run the engine once over all files, with every rule set that one of them needs."""
        digests = {subject.rules for subject in files.values()}
        needed = [name for name, digest in self._digests.items() if digest in digests]
        ids = {rule_id for name in needed for rule_id in self.rules(name)}
        configs = [resources.path_of("semgrep", "compiled", f"{name}.json") for name in needed]
        configs.append(resources.path_of(*_PARSES))
        done = process.run(
            semgrep.argv(configs, sorted(files)),
            executable=process.own_executable(*_CORE),
            env=process.scrubbed(folder) | {"SEMGREP_SEND_METRICS": "off", "NO_COLOR": "1"},
            timeout=seconds(size),
        )
        return explained(semgrep.parse, done, files.keys(), ids)

    def rules(self, name: str) -> Mapping[str, Rule]:
        """Return the rules of one set by id."""
        if name not in self._rules:
            document = json.loads(_rule_set(name))
            self._rules[name] = {entry["id"]: _semgrep_rule(entry) for entry in document["rules"]}
        return self._rules[name]

    def rule(self, rule_id: str) -> Rule:
        """Look a rule up in the set that its id begins with."""
        return self.rules(rule_id.partition("-")[0])[rule_id]

    def covers(self, name: str) -> frozenset[int]:
        """Return the CWE numbers that the rules of one set look for."""
        return frozenset(cwe for rule in self.rules(name).values() for cwe in rule.cwe)


@cache
def _rule_set(name: str) -> bytes:
    return resources.read_bytes("semgrep", "compiled", f"{name}.json")


def _semgrep_rule(entry: Mapping[str, Any]) -> Rule:
    severity = {"ERROR": Severity.ERROR, "WARNING": Severity.WARNING}.get(entry["severity"], Severity.NOTE)
    about = entry["metadata"]
    return Rule(
        entry["id"],
        " ".join(entry["message"].split()),
        severity,
        " ".join(about["why"].split()),
        about["fix"].strip(),
        about.get("since", "0.1.0"),
        cwe=tuple(about["cwe"]),
    )
