"""The README against what it describes: hooks, exit codes, commands, policy keys and the JSON example."""

from __future__ import annotations

import json
import re
from pathlib import Path

import yaml

from sayso import policy, settings
from sayso.registry import HOOKS, TOOLS
from tools.repo import INSECURE, Repo
from tools.scratch import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
MANIFEST = {hook["id"]: hook for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())}


def _rows(heading: str) -> list[list[str]]:
    section = README.split(f"{heading}\n", 1)[1].split("\n#", 1)[0]
    rows = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in re.split(r"(?<!\\)\|", row.strip("|"))] for row in rows[2:]]


def test_the_table_of_hooks_is_the_manifest() -> None:
    listed = {row[0].strip("`"): row[1] for row in _rows("## Hooks")}
    assert listed == {name: ", ".join(hook["stages"]) for name, hook in MANIFEST.items()}


def test_every_refusal_has_a_row() -> None:
    refusals = " ".join(row[0] for row in _rows("### How to satisfy a refusal"))
    assert [name for name in HOOKS if name not in refusals and not name.startswith("sayso")] == []


def test_exit_codes_are_those_of_the_command_line(repo: Repo) -> None:
    assert [row[0] for row in _rows("### Exit codes")] == ["0", "1", "2", "3", "130"]
    assert repo.sayso("code-scan").returncode == 0
    repo.stage("a.py", INSECURE)
    assert repo.sayso("code-scan").returncode == 1
    assert repo.sayso("code-scan", "--nonsense").returncode == 2
    repo.stage("a.py", b"import pickle\0\n")
    assert repo.sayso("code-scan").returncode == 3


def test_every_tool_is_described() -> None:
    described = " ".join(row[0] for row in _rows("## Commands"))
    assert [name for name in TOOLS if f"sayso {name}" not in described] == []


def test_the_policy_example_is_the_default() -> None:
    example = README.split("```toml\n", 1)[1].split("```", 1)[0]
    assert policy.parse(example) == policy.DEFAULT


def test_the_lists_of_the_policy_document_are_read() -> None:
    text = (ROOT / "docs" / "policy.md").read_text(encoding="utf-8")
    example = text.split("```toml\n", 1)[1].split("```", 1)[0].replace('"…"', f'"{"0" * 64}"')
    found = policy.parse(example, today="2026-01-01")
    assert all((found.people, found.duties, found.tests, found.relaxed, found.acceptances))


def test_every_duty_of_the_gate_document_is_one() -> None:
    text = (ROOT / "docs" / "gate.md").read_text(encoding="utf-8")
    assert [kind for kind in settings.KINDS if f"`{kind}`" not in text] == []
    assert [
        name for name in HOOKS if name in {"commit-gate", "receipt", "verify-range"} and f"id: {name}" not in text
    ] == []
    assert [
        name for name in ("run", "approve", "verify", "checklist", "doctor", "log") if f"sayso {name}" not in text
    ] == []


def test_links_lead_somewhere() -> None:
    for name in ("README.md", "docs/gate.md", "docs/policy.md", "CONTRIBUTING.md", "SECURITY.md", "ci/README.md"):
        text = (ROOT / name).read_text(encoding="utf-8")
        links = re.findall(r"\]\((?!https?:)([^)#\s]+)", text)
        assert [link for link in links if not (ROOT / name).parent.joinpath(link).exists()] == [], name


def test_the_two_commands_exist() -> None:
    makefile = (ROOT / "Makefile").read_text()
    commands = re.findall(r"^make (\w+)", README, re.MULTILINE)
    assert commands == ["demo", "test"]
    assert all(f"\n{command}:" in makefile for command in commands)
    assert Path(ROOT / ".ci" / "run").read_text().splitlines()[-1] == "make test"


def test_the_json_example_has_the_keys_of_a_real_document(repo: Repo) -> None:
    example = json.loads(README.split("```json\n", 1)[1].split("```", 1)[0])
    repo.stage("config.py", INSECURE)
    repo.stage("logo.bin", b"\x00\x01\x02\xff" * 9)
    document = json.loads(repo.sayso("code-scan", "--format", "json").stdout)
    assert document.keys() == example.keys()
    assert document["findings"][0].keys() == example["findings"][0].keys()
    assert document["skipped"][0].keys() == example["skipped"][0].keys()
    assert document["findings"][0]["line"] == example["findings"][0]["line"]
