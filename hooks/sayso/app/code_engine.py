"""Bind semgrep to its rules, its filters and the subjects that it can answer for."""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Collection, Iterable, Mapping
from functools import cache, partial
from typing import Any, NamedTuple

from sayso import wellformed
from sayso.adapters import process, resources
from sayso.app.scanruns import SITE, explained, known_languages, seconds
from sayso.evidence import ScannerError, ScanReport, Subject
from sayso.languages import Language
from sayso.model import Rule, Severity
from sayso.prefilter import Prefilter
from sayso.scanners import semgrep

_CORE = (*SITE, "semgrep", "bin", "semgrep-core")
_DEFAULT_FRONT_END = ("bin", "pysemgrep")
_PARSES = ("semgrep", "parses.json")
_DIALECTS = (".tsx", ".jsx")


class _Job(NamedTuple):
    """One run: where, over which files, with which rules, given as a file and as ids."""

    folder: str
    files: Mapping[str, Subject]
    ids: set[str]
    rules: str
    env: Mapping[str, str]
    timeout: float

    def partly(self, paths: Mapping[str, str] | None = None) -> set[str]:
        """Return the files that may be examined in part; ``paths`` maps copies to them."""
        known = known_languages()
        mine = {path for path, subject in self.files.items() if known.partly(subject.language.partition(".")[0])}
        return mine if paths is None else {copy for copy, path in paths.items() if path in mine}


class CodeScan:
    """semgrep with the rule set of each language."""

    check = semgrep.CHECK
    looks_back = True

    def __init__(self) -> None:
        self._digests: dict[str, str] = {}
        self._rules: dict[str, dict[str, Rule]] = {}
        self._filters: dict[str, Prefilter] = {}
        self._wanted: dict[Subject, Mapping[str, tuple[str, ...]]] = {}

    @property
    def installed(self) -> bool:
        """Tell whether the engine is where its package puts it, in the version that our rules were tried with."""
        package = os.path.join(sys.prefix, *SITE, f"semgrep-{semgrep.VERSION}.dist-info")
        return os.access(os.path.join(sys.prefix, *_CORE), os.X_OK) and os.path.isdir(package)

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
            shaping = (_rule_set(name), _filter_set(name), resources.read_bytes(*_PARSES))
            self._digests[name] = hashlib.sha256(b"".join(shaping)).hexdigest()
        return self._digests[name]

    def suffix(self, subject: Subject) -> str:
        """Return the language's first suffix, or the dialect's."""
        language, dot, dialect = subject.language.partition(".")
        return dot + dialect or known_languages().suffix(language)

    def clears(self, subject: Subject, data: bytes) -> bool:
        """Tell whether no rule can match in ``data``, so that the engine has nothing to do; remember what it has.

        A file that may not be well-formed is left to the engine, which alone decides whether it can be parsed. Without
        an engine nothing is clear: the filters are its word, and it is not there to be held to it.
        """
        if not self.installed:
            return False
        language = subject.language.partition(".")[0]
        how, text = semgrep.analyzer(language), data.decode("utf-8", "replace")
        wanted = self._filter(known_languages().rules(language)).may_match(text, how)
        if not wanted[how] and wellformed.doubtful(text, language):
            wanted[how] = _parse_rules(how)
        self._wanted[subject] = {how: ids for how, ids in wanted.items() if ids}
        return not self._wanted[subject]

    def suspects(self, subject: Subject) -> Collection[str]:
        """Return the rules that may match in a file that ``clears`` did not clear."""
        return [rule for rules in self._wanted.get(subject, {}).values() for rule in rules]

    def may_hold(self, subject: Subject, data: bytes, rules: Collection[str]) -> bool:
        """Tell whether one of ``rules`` may match in ``data``."""
        language = subject.language.partition(".")[0]
        filters = self._filter(known_languages().rules(language))
        found = filters.may_match(data.decode("utf-8", "replace"), semgrep.analyzer(language), rules)
        return any(found.values())

    def _filter(self, name: str) -> Prefilter:
        if name not in self._filters:
            self._filters[name] = Prefilter(json.loads(_filter_set(name)))
        return self._filters[name]

    def scan(self, folder: str, files: Mapping[str, Subject], size: int) -> ScanReport:
        """Run the engine once over all files, with the rules that may match in one of them.

        Where the native engine's report is not whole, the default front end is asked, which takes two seconds more.
        """
        wanted = {path: self._wanted.get(subject) or self._everything(subject) for path, subject in files.items()}
        targets = sorted((path, how) for path, rules_by_analyzer in wanted.items() for how in rules_by_analyzer)
        ids = {rule for rules_by_analyzer in wanted.values() for some in rules_by_analyzer.values() for rule in some}
        rules = _write(folder, "rules.json", json.dumps({"rules": _entries(files.values(), ids)}))
        env = process.scrubbed(folder) | {"SEMGREP_SEND_METRICS": "off", "NO_COLOR": "1"}
        job = _Job(folder, files, ids, rules, env, seconds(size))
        mine = {path: {rule for some in by_analyzer.values() for rule in some} for path, by_analyzer in wanted.items()}
        try:
            return _own(_native(job, targets), mine)
        except ScannerError as exc:
            try:
                return _own(self._default(job), mine)
            except ScannerError as again:
                raise ScannerError(f"{exc}; and its default front end: {again}") from again

    def _everything(self, subject: Subject) -> Mapping[str, tuple[str, ...]]:
        """Return every rule that could apply, by analyzer, for a file whose text was not looked at before."""
        language = subject.language.partition(".")[0]
        kept = (semgrep.analyzer(language), semgrep.TEXT)
        entries = _document(known_languages().rules(language))
        by_analyzer = {how: tuple(entry["id"] for entry in entries if how in entry["languages"]) for how in kept}
        by_analyzer[kept[0]] += _parse_rules(kept[0])
        return {how: ids for how, ids in by_analyzer.items() if ids}

    def _default(self, job: _Job) -> ScanReport:
        """Ask the default front end, which follows no symbolic link and so gets real files."""
        plain = os.path.join(job.folder, "plain")
        os.mkdir(plain, 0o700)
        copies = {
            _copy(path, plain, number, self.suffix(job.files[path])): path for number, path in enumerate(job.files)
        }
        script = process.own_executable(*_DEFAULT_FRONT_END)
        argv = semgrep.default_argv(sys.executable, script, job.rules, sorted(copies))
        done = process.run(argv, env=job.env, timeout=job.timeout)
        report = explained(partial(semgrep.parse, partly=job.partly(copies)), done, copies.keys(), job.ids)
        return ScanReport(
            {copies[path]: spots for path, spots in report.spots.items()},
            {copies[path]: why for path, why in report.failed.items()},
            {copies[path]: why for path, why in report.gaps.items()},
        )

    def rules(self, name: str) -> Mapping[str, Rule]:
        """Return the rules of one set by id."""
        if name not in self._rules:
            self._rules[name] = {entry["id"]: _rule(entry) for entry in _document(name)}
        return self._rules[name]

    def rule(self, rule_id: str) -> Rule:
        """Look a rule up in the set that its id begins with."""
        return self.rules(rule_id.partition("-")[0])[rule_id]

    def covers(self, name: str) -> frozenset[int]:
        """Return the CWE numbers that the rules of one set look for."""
        return frozenset(cwe for rule in self.rules(name).values() for cwe in rule.cwe)


def _own(report: ScanReport, rules: Mapping[str, set[str]]) -> ScanReport:
    """Leave out what rules for other kinds of files found, which read any text: the answer is about one file alone."""
    spots = {path: tuple(spot for spot in found if spot.rule in rules[path]) for path, found in report.spots.items()}
    return report._replace(spots=spots)


def _native(job: _Job, targets: Iterable[tuple[str, str]]) -> ScanReport:
    done = process.run(
        semgrep.native_argv(job.rules, _write(job.folder, "targets.json", semgrep.targets_text(targets))),
        executable=process.own_executable(*_CORE),
        env=job.env,
        timeout=job.timeout,
    )
    return explained(partial(semgrep.parse_native, partly=job.partly()), done, job.files.keys(), job.ids)


def _entries(subjects: Iterable[Subject], ids: set[str]) -> list[dict[str, Any]]:
    """Return the rules of ``ids`` as the engine takes them, without what only people read."""
    names = dict.fromkeys(known_languages().rules(subject.language.partition(".")[0]) for subject in subjects)
    entries = [entry for name in names for entry in _document(name) if entry["id"] in ids]
    entries += [entry for entry in _parse_document() if entry["id"] in ids]
    return [{key: value for key, value in entry.items() if key != "metadata"} for entry in entries]


def _parse_rules(analyzer: str) -> tuple[str, ...]:
    return tuple(entry["id"] for entry in _parse_document() if analyzer in entry["languages"])


@cache
def _parse_document() -> list[dict[str, Any]]:
    rules: list[dict[str, Any]] = json.loads(resources.read_bytes(*_PARSES))["rules"]
    return rules


@cache
def _document(name: str) -> list[dict[str, Any]]:
    rules: list[dict[str, Any]] = json.loads(_rule_set(name))["rules"]
    return rules


@cache
def _rule_set(name: str) -> bytes:
    return resources.read_bytes("semgrep", "compiled", f"{name}.json")


@cache
def _filter_set(name: str) -> bytes:
    return resources.read_bytes("semgrep", "filters", f"{name}.json")


def _rule(entry: Mapping[str, Any]) -> Rule:
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
        misses=" ".join(about.get("known-misses", "").split()),
    )


def _write(folder: str, name: str, text: str) -> str:
    path = os.path.join(folder, name)
    with open(path, "x", encoding="utf-8") as file:
        file.write(text)
    return path


def _copy(source: str, folder: str, number: int, suffix: str) -> str:
    path = os.path.join(folder, f"{number}{suffix}")
    with open(source, "rb") as file, open(path, "xb") as copy:
        copy.write(file.read())
    return path
