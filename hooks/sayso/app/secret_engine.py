"""Bind the secret detectors to their rules, their process and the subjects that they can answer for."""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING

from sayso.adapters import process, resources
from sayso.app.scanruns import SITE, explained, seconds
from sayso.evidence import ScannerError, ScanReport, Spot, Subject
from sayso.languages import Language
from sayso.model import Rule, Severity
from sayso.scanners import detect_secrets

if TYPE_CHECKING:
    from sayso.credentials.reader import Reader, Reading

_WORKER = "secrets_worker.py"
# The first lists the engine's own detectors.
_RULES = ("secrets.toml", "secret_tokens.toml", "secret_values.toml")
_MOST_PROCESSES = 2
_BYTES_A_PROCESS = 150_000


class SecretScan:
    """Our detectors over every file, and detect-secrets over those in which it could find more."""

    check = detect_secrets.CHECK
    looks_back = False

    @property
    def installed(self) -> bool:
        """Tell whether the library is where its package puts it."""
        return os.path.isdir(os.path.join(sys.prefix, *SITE, "detect_secrets"))

    def __init__(self) -> None:
        self._rules: dict[str, Rule] = {}
        self._engine_rules: set[str] = set()
        self._digest = ""

    def subject(self, path: str, blob: str, language: Language) -> Subject | None:
        """One subject a blob and way of reading it; every kind of file may hold a secret."""
        return self._subject(blob, detect_secrets.reading(path, language.id))

    def current(self, subject: Subject) -> bool:
        """Tell whether the rules and the engine that are installed are those of ``subject``."""
        return self._subject(subject.blob, subject.language) == subject

    def _subject(self, blob: str, how: str) -> Subject:
        if not self._digest:
            self._digest = _rules_digest()
        known = (detect_secrets.CHECK, detect_secrets.TOOL, detect_secrets.VERSION)
        return Subject(*known, self._digest, detect_secrets.OPTIONS, blob, how)

    def suffix(self, subject: Subject) -> str:
        """Return how the subject says it is read."""
        return subject.language

    def clears(self, subject: Subject, data: bytes) -> bool:
        """Leave everything to the scan, whose own light pass comes first."""
        del subject, data
        return False

    def suspects(self, subject: Subject) -> Collection[str]:
        """Return no rule: nothing is known before the scan."""
        del subject
        return ()

    def may_hold(self, subject: Subject, data: bytes, rules: Collection[str]) -> bool:
        """Rule nothing out."""
        del subject, data, rules
        return True

    def scan(self, folder: str, files: Mapping[str, Subject], size: int) -> ScanReport:
        """Read every file, and give the engine those in which it could find more; without it there is no answer."""
        if not self.installed:
            raise ScannerError("detect-secrets is not installed in the environment of this hook")
        reader = _reader()
        readings = {path: reader.read(_read(path).decode("utf-8"), subject.language) for path, subject in files.items()}
        asked = {path: len(reading.text) for path, reading in readings.items() if reading.open}
        for path in asked:
            _mend_line_ends(path, readings[path].text)
        hits = self._ask(folder, asked, size) if asked else {}
        return ScanReport({path: _spots(reading, hits.get(path, ())) for path, reading in readings.items()}, {})

    def _ask(self, folder: str, sizes: Mapping[str, int], size: int) -> dict[str, tuple[detect_secrets.Hit, ...]]:
        """Run the engine: one process, or one a core where there is enough for each to be worth its start."""
        hits: dict[str, tuple[detect_secrets.Hit, ...]] = {}
        shares = shares_of(sizes)
        ids = {rule for rule in self.rules() if rule in self._engine_rules}
        commands = [detect_secrets.argv(sys.executable, _worker(), sorted(share)) for share in shares]
        ran = _run_all(commands, process.scrubbed(folder), seconds(size))
        for share, done in zip(shares, ran, strict=True):
            hits.update(explained(detect_secrets.parse, done, share, ids))
        return hits

    def rules(self) -> Mapping[str, Rule]:
        """Return the rules by id."""
        if not self._rules:
            for name in _RULES:
                table = resources.read_table(name)
                why, fix = table.text("why"), table.text("fix")
                for entry in table.tables("rule"):
                    severity = Severity(entry.choice("severity", tuple(Severity)))
                    rule = Rule(
                        entry.text("id"), entry.text("summary"), severity, why, fix, entry.text("since"), cwe=(798,)
                    )
                    self._rules[rule.id] = rule
                    if name == _RULES[0]:
                        self._engine_rules.add(rule.id)
        return self._rules

    def rule(self, rule_id: str) -> Rule:
        """Look a rule up."""
        return self.rules()[rule_id]


def _reader() -> Reader:
    from sayso.credentials import tokens  # noqa: PLC0415 - what is known already needs no detectors
    from sayso.credentials.reader import Reader  # noqa: PLC0415

    return Reader(resources.read_table("secret_values.toml"), tokens.load(resources.read_table("secret_tokens.toml")))


def _spots(reading: Reading, hits: Iterable[detect_secrets.Hit]) -> tuple[Spot, ...]:
    """Join the two: what overlaps with a finding of ours is the same secret, said with less."""
    found = {Spot(*place) for place in reading.lines()}
    found |= {Spot(hit.rule, hit.line, hit.line) for hit in hits if not reading.covers(hit.line, hit.column, hit.size)}
    return tuple(sorted(found))


def shares_of(sizes: Mapping[str, int]) -> list[list[str]]:
    """Divide files among the processes, largest first, each to the one that has least."""
    cores = min(os.cpu_count() or 1, _MOST_PROCESSES)
    count = max(1, min(cores, len(sizes), sum(sizes.values()) // _BYTES_A_PROCESS))
    shares: list[list[str]] = [[] for _ in range(count)]
    load = [0] * count
    for path in sorted(sizes, key=lambda path: (-sizes[path], path)):
        least = load.index(min(load))
        shares[least].append(path)
        load[least] += sizes[path]
    return shares


def _run_all(commands: list[tuple[str, ...]], env: Mapping[str, str], timeout: float) -> list[process.Completed]:
    """Run ``commands`` at once; what one of them meets is raised here."""
    if len(commands) == 1:
        return [process.run(commands[0], env=env, timeout=timeout)]
    from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415 - only a large batch pays for it

    with ThreadPoolExecutor(len(commands)) as pool:
        return list(pool.map(lambda command: process.run(command, env=env, timeout=timeout), commands))


def _mend_line_ends(path: str, text: str) -> None:
    """Make the engine count lines as git does: it takes a carriage return alone for the end of one."""
    if "\r" in text.replace("\r\n", "\n"):
        with open(path, "wb") as file:
            file.write(text.replace("\r\n", "\n").replace("\r", " ").encode())


def _rules_digest() -> str:
    """Return the digest of all that shapes the answer: the rules, our detectors and the worker."""
    digest = hashlib.sha256()
    for name in _RULES:
        digest.update(resources.read_bytes(name))
    digest.update(_read(_worker()))
    folder = os.path.join(os.path.dirname(os.path.dirname(__file__)), "credentials")
    for name in sorted(os.listdir(folder)):
        if name.endswith(".py"):
            digest.update(_read(os.path.join(folder, name)))
    return digest.hexdigest()


def _worker() -> str:
    return os.path.join(os.path.dirname(process.__file__), _WORKER)


def _read(path: str) -> bytes:
    with open(path, "rb") as file:
        return file.read()
