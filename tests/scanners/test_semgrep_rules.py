"""Every semgrep rule finds its true samples and leaves its false ones alone, judged by the real engine.

The samples in ``tests/semgrep/<language>/`` say, in a comment on the line above, ``ruleid: A, B`` for what must be
found and ``ok: A`` for what must not. Whatever the engine finds beyond that, by any rule, on any line, is a failure.

The engine derives from each rule a filter, which says from a file's text alone that the rule cannot match there. A rule
without one, or with a filter that ordinary files pass, slows every user on every file; ``plain/`` holds such files.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sysconfig
from collections import Counter
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
COMPILED = ROOT / "rules" / "semgrep" / "compiled"
SAMPLES = ROOT / "tests" / "semgrep"
CORE = Path(sysconfig.get_path("purelib")) / "semgrep" / "bin" / "semgrep-core"
OPTIONS = (
    *("--experimental", "--json", "--metrics", "off", "--disable-version-check", "--disable-nosem", "--no-git-ignore"),
    *("--max-target-bytes", "0", "--timeout", "10", "--timeout-threshold", "0", "-j", "1", "--strict"),
)
PLAIN = SAMPLES / "plain"
LANGUAGES = tuple(sorted(path.stem for path in COMPILED.glob("*.json")))
PREFIXES = {"python": "python-", "javascript": "javascript-"}
ANNOTATION = re.compile(r"(?:#|//|/\*|<!--)\s*(ruleid|ok): ?([\w, -]+)")
FIELDS = {"cwe", "owasp", "confidence", "why", "fix", "known-misses"}

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.skipif(not CORE.exists(), reason="the semgrep engine is not installed"),
]


def _rules(language: str) -> list[dict[str, Any]]:
    rules = json.loads((COMPILED / f"{language}.json").read_text(encoding="utf-8"))["rules"]
    assert isinstance(rules, list)
    return rules


def _samples(language: str) -> list[Path]:
    return sorted(path for path in (SAMPLES / language).iterdir() if path.is_file())


@cache
def _report(language: str) -> Mapping[str, Any]:
    argv = ["osemgrep", "scan", *OPTIONS, "--config", str(COMPILED / f"{language}.json"), *map(str, _samples(language))]
    home = os.environ.get("PYTEST_DEBUG_TEMPROOT", "/tmp")
    env = {"PATH": "/usr/bin:/bin", "HOME": home, "SEMGREP_SEND_METRICS": "off"}
    run = subprocess.run(argv, executable=str(CORE), env=env, capture_output=True, check=False, timeout=300)
    report = json.loads(run.stdout)
    assert isinstance(report, dict)
    return report


@cache
def _annotated(language: str, kind: str) -> Counter[tuple[str, str, int]]:
    places: Counter[tuple[str, str, int]] = Counter()
    for path in _samples(language):
        lines = path.read_text(encoding="utf-8").splitlines()
        for index, line in enumerate(lines):
            for word, ids in ANNOTATION.findall(line):
                if word == kind:
                    places.update((rule.strip(" -"), path.name, _target(lines, index)) for rule in ids.split(","))
    return places


def _target(lines: list[str], index: int) -> int:
    """The number of the line that an annotation at ``index`` is about: the first after it that is not one as well."""
    while ANNOTATION.search(lines[index]):
        index += 1
    return index + 1


def _found(language: str) -> set[tuple[str, str, int]]:
    return {
        (item["check_id"].rpartition(".")[2], Path(item["path"]).name, item["start"]["line"])
        for item in _report(language)["results"]
    }


@cache
def _filters(language: str) -> Mapping[str, Any]:
    argv = [str(CORE), "-prefilter_of_rules", str(COMPILED / f"{language}.json")]
    run = subprocess.run(argv, env={"PATH": "/usr/bin:/bin"}, capture_output=True, check=True, timeout=60)
    return {item["rule_id"]: item["filter"] for item in json.loads(run.stdout)}


def _passes(formula: Any, text: str) -> bool:
    """Whether a file's text passes a filter, as the engine judges it."""
    kind, value = formula
    if kind == "And":
        return all(_passes(part, text) for part in value)
    if kind == "Or":
        return any(_passes(part, text) for part in value)
    name, words = value
    if name == "Idents":
        return all(word in text for word in words)
    assert name == "Regexp"
    return re.search(words, text, re.MULTILINE) is not None


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_rule_has_a_literal_filter(language: str) -> None:
    filters = _filters(language)
    assert set(filters) == {rule["id"] for rule in _rules(language)}
    assert [rule for rule, value in filters.items() if value == "None"] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_filters_pass_over_plain_files(language: str) -> None:
    files = sorted(path for path in (PLAIN / language).iterdir() if path.is_file())
    selected = [
        f"{rule}: {path.name}"
        for path in files
        for rule, (_, formula) in _filters(language).items()
        if _passes(formula, path.read_text(encoding="utf-8"))
    ]
    assert len(files) >= 2
    assert len(selected) <= 0.02 * len(files) * len(_filters(language)), selected


@pytest.mark.parametrize("language", LANGUAGES)
def test_engine_read_every_rule_and_sample(language: str) -> None:
    report = _report(language)
    assert report["errors"] == []
    assert report["skipped_rules"] == []
    assert sorted(report["paths"]["scanned"]) == [str(path) for path in _samples(language)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_findings_are_exactly_the_annotated_ones(language: str) -> None:
    expected = set(_annotated(language, "ruleid"))
    found = _found(language)
    assert sorted(expected - found) == [], "not found"
    assert sorted(found - expected) == [], "found, not annotated"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_rule_has_samples_of_both_kinds(language: str) -> None:
    ids = {rule["id"] for rule in _rules(language)}
    for kind in ("ruleid", "ok"):
        count = Counter(rule for rule, _, _ in _annotated(language, kind))
        assert sorted(rule for rule in ids if count[rule] < 2) == [], f"fewer than two {kind} samples"
        assert sorted(set(count) - ids) == [], f"{kind} samples of rules that do not exist"


@pytest.mark.parametrize("language", LANGUAGES)
def test_sample_annotations_do_not_contradict_themselves(language: str) -> None:
    assert set(_annotated(language, "ruleid")) & set(_annotated(language, "ok")) == set()


def _faults(rule: Mapping[str, Any], language: str) -> list[str]:
    meta = rule.get("metadata", {})
    checks = {
        "id": re.fullmatch(rf"{PREFIXES.get(language, language + '-')}[a-z0-9]+(-[a-z0-9]+)*", rule["id"]) is not None,
        "no paths, but where the engine needs them": ("paths" in rule) == (rule["languages"] == ["regex"]),
        "severity": rule.get("severity") in {"ERROR", "WARNING"},
        "message": isinstance(rule.get("message"), str) and 20 <= len(rule["message"]) <= 300,
        "message shows no matched text": "$" not in str(rule.get("message")),
        "metadata fields": FIELDS - {"known-misses"} <= set(meta) <= FIELDS,
        "cwe": bool(meta.get("cwe")) and all(type(number) is int and number > 0 for number in meta["cwe"]),
        "owasp": isinstance(meta.get("owasp"), str) and re.match(r"A\d\d:2021 ", meta["owasp"]) is not None,
        "confidence": meta.get("confidence") in {"high", "medium", "low"},
        "why": isinstance(meta.get("why"), str) and len(meta["why"]) >= 40,
        "fix": isinstance(meta.get("fix"), str) and len(meta["fix"]) >= 20,
        "known-misses": isinstance(meta.get("known-misses", ""), str),
    }
    return [f"{rule['id']}: {name}" for name, good in checks.items() if not good]


@pytest.mark.parametrize("language", LANGUAGES)
def test_rules_are_well_formed(language: str) -> None:
    assert [fault for rule in _rules(language) for fault in _faults(rule, language)] == []


def test_ids_are_unique_over_everything() -> None:
    ids = Counter(rule["id"] for language in LANGUAGES for rule in _rules(language))
    assert [rule for rule, count in ids.items() if count > 1] == []


@pytest.mark.parametrize(
    ("language", "rules", "classes"),
    [
        ("python", 12, {502, 89, 78, 95, 79, 22, 327, 328, 330, 295, 798, 117}),
        ("javascript", 8, {502, 89, 78, 95, 79, 22, 327, 328, 330, 295, 798, 117}),
    ],
)
def test_promised_classes_are_covered(language: str, rules: int, classes: set[int]) -> None:
    have = _rules(language)
    assert len(have) >= rules
    assert sorted(classes - {number for rule in have for number in rule["metadata"]["cwe"]}) == []
