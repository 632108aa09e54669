"""Bind the secret detectors to their rules, their process and the subjects that they can answer for."""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Mapping

from sayso.adapters import process, resources
from sayso.app.scanruns import SITE, explained, seconds
from sayso.evidence import ScanReport, Subject
from sayso.languages import Language
from sayso.model import Rule, Severity
from sayso.scanners import detect_secrets

_WORKER = "secrets_worker.py"


class SecretScan:
    """detect-secrets with every detector."""

    check = detect_secrets.CHECK

    @property
    def installed(self) -> bool:
        """Tell whether the library is where its package puts it."""
        return os.path.isdir(os.path.join(sys.prefix, *SITE, "detect_secrets"))

    def __init__(self) -> None:
        self._rules: dict[str, Rule] = {}
        self._digest = ""

    def subject(self, path: str, blob: str, language: Language) -> Subject | None:
        """One subject a blob and way of reading it; every kind of file may hold a secret."""
        del language
        return self._subject(blob, detect_secrets.reading(path))

    def current(self, subject: Subject) -> bool:
        """Tell whether the rules and the engine that are installed are those of ``subject``."""
        return self._subject(subject.blob, subject.language) == subject

    def _subject(self, blob: str, how: str) -> Subject:
        if not self._digest:
            rules = _read(_worker()) + resources.read_bytes("secrets.toml")
            self._digest = hashlib.sha256(rules).hexdigest()
        known = (detect_secrets.CHECK, detect_secrets.TOOL, detect_secrets.VERSION)
        return Subject(*known, self._digest, detect_secrets.OPTIONS, blob, how)

    def suffix(self, subject: Subject) -> str:
        """Return how the subject says it is read."""
        return subject.language

    def clears(self, subject: Subject, data: bytes) -> bool:
        """Leave everything to the worker."""
        del subject, data
        return False

    def scan(self, folder: str, files: Mapping[str, Subject], size: int) -> ScanReport:
        """Run the worker once over all files."""
        done = process.run(
            detect_secrets.argv(sys.executable, _worker(), sorted(files)),
            env=process.scrubbed(folder),
            timeout=seconds(size),
        )
        return explained(detect_secrets.parse, done, files.keys(), set(self.rules()))

    def rules(self) -> Mapping[str, Rule]:
        """Return the rules by id."""
        if not self._rules:
            table = resources.read_table("secrets.toml")
            why, fix = table.text("why"), table.text("fix")
            for entry in table.tables("rule"):
                severity = Severity(entry.choice("severity", tuple(Severity)))
                rule = Rule(
                    entry.text("id"), entry.text("summary"), severity, why, fix, entry.text("since"), cwe=(798,)
                )
                entry.done()
                self._rules[rule.id] = rule
            table.done()
        return self._rules

    def rule(self, rule_id: str) -> Rule:
        """Look a rule up."""
        return self.rules()[rule_id]


def _worker() -> str:
    return os.path.join(os.path.dirname(process.__file__), _WORKER)


def _read(path: str) -> bytes:
    with open(path, "rb") as file:
        return file.read()
