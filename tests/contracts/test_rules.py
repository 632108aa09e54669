"""Every rule of every file says what a person needs; its examples are run by the tests of its check."""

from __future__ import annotations

import json
import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

import sayso
from sayso.app import rulebook
from sayso.model import Severity
from specimens import ROOT

RULES = ROOT / "rules"
TOML_FILES = sorted(path.name for path in RULES.glob("*.toml"))
ENTRIES = rulebook.rules()


def _ids_in_the_files() -> Iterator[str]:
    for name in TOML_FILES:
        document: dict[str, Any] = tomllib.loads((RULES / name).read_text())
        for values in document.values():
            if isinstance(values, list):
                yield from (item["id"] for item in values if isinstance(item, dict) and "summary" in item)
    for path in sorted((RULES / "semgrep" / "compiled").glob("*.json")):
        yield from (rule["id"] for rule in json.loads(path.read_text())["rules"])


def test_ids_are_unique_over_everything() -> None:
    assert [rule for rule, count in Counter(_ids_in_the_files()).items() if count > 1] == []


def test_the_rulebook_has_every_rule_of_every_file() -> None:
    missing = set(_ids_in_the_files()) - set(ENTRIES)
    assert {name for name in missing if f"sensitive-{name}" not in ENTRIES} == set()


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))


@pytest.mark.parametrize("hook", sorted({entry.hook for entry in ENTRIES.values()}))
def test_rules_say_what_why_and_how(hook: str) -> None:
    version = _numbers(sayso.__version__)
    faults = []
    for entry in ENTRIES.values():
        rule = entry.rule
        checks = {
            "id": re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)+", rule.id) is not None and len(rule.id) <= 80,
            "summary": len(rule.summary) >= 10,
            "severity": rule.severity in set(Severity),
            "why": len(rule.why.strip()) >= 20,
            "fix": len(rule.fix.strip()) >= 10,
            "since": re.fullmatch(r"\d+\.\d+\.\d+", rule.since) is not None and _numbers(rule.since) <= version,
        }
        faults += [f"{rule.id}: {name}" for name, good in checks.items() if not good and entry.hook == hook]
    assert faults == []


@pytest.mark.parametrize("hook", ["secure-claims", "ai-authorship", "sensitive-paths"])
def test_rules_of_our_own_checks_have_examples_of_both_kinds(hook: str) -> None:
    mine = [entry.rule for entry in ENTRIES.values() if entry.hook == hook]
    assert mine
    assert [rule.id for rule in mine if not rule.flag] == []


def test_no_file_of_rules_is_left_out() -> None:
    read = {"ai_authors.toml", "claims.toml", "languages.toml", "secrets.toml", "sensitive_areas.toml"}
    read |= {"secret_tokens.toml", "secret_values.toml"}
    read |= {"baseline.toml", "dependencies.toml", "imports.toml"}
    read |= {"supply_chain.toml", "agent_permissions.toml", "hidden_text.toml", "suppressions.toml", "change_size.toml"}
    read |= {"gate.toml", "commit_gate.toml", "policy.toml", "reviews.toml", "duties.toml", "tests.toml", "trail.toml"}
    read |= {"checklist.toml"}
    assert set(TOML_FILES) == read
