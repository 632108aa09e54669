"""The scanners as the use cases see them: ``CodeScan`` and ``SecretScan``, each in a module of its own."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Protocol

from sayso.evidence import ScanReport, Subject
from sayso.languages import Language
from sayso.model import Rule


class Engine(Protocol):
    """A scanner that can say which subject a file is for it, and scan."""

    @property
    def check(self) -> str:
        """The hook id."""

    @property
    def looks_back(self) -> bool:
        """Tell whether a start costs more than a second file, so that former versions are examined in the same run."""

    @property
    def installed(self) -> bool:
        """Tell whether this environment has the scanner."""

    def subject(self, path: str, blob: str, language: Language) -> Subject | None:
        """Return the key under which the answer for a file is kept; None where the scanner has no business with it."""

    def current(self, subject: Subject) -> bool:
        """Tell whether the rules and the engine that are installed are those of ``subject``."""

    def suffix(self, subject: Subject) -> str:
        """Return the suffix that the file must have for the scanner to read it as the subject says."""

    def clears(self, subject: Subject, data: bytes) -> bool:
        """Tell whether ``data`` provably holds nothing to find, so that the scanner need not see it."""

    def suspects(self, subject: Subject) -> Collection[str]:
        """Return the rules that may match in a file that ``clears`` did not clear."""

    def may_hold(self, subject: Subject, data: bytes, rules: Collection[str]) -> bool:
        """Tell whether one of ``rules`` may match in ``data``."""

    def scan(self, folder: str, files: Mapping[str, Subject], size: int) -> ScanReport:
        """Scan ``files`` (absolute path to subject), ``size`` bytes in all; ``folder`` serves as a home."""

    def rule(self, rule_id: str) -> Rule:
        """Return what a rule means."""
