"""What is written down twice is the same in both places: registry, manifest, modules, versions."""

from __future__ import annotations

import importlib
import inspect
import re
import tomllib
from typing import Any

import pytest
import yaml

import sayso
from sayso import verdict
from sayso.registry import HOOKS, TOOLS
from sayso.scanners import detect_secrets, pip_audit, semgrep
from specimens import ROOT

MANIFEST: list[dict[str, Any]] = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
BY_ID = {entry["id"]: entry for entry in MANIFEST}
PINS = {
    "semgrep": f"semgrep=={semgrep.VERSION}",
    "detect-secrets": f"detect-secrets=={detect_secrets.VERSION}",
    "pip-audit": f"pip-audit=={pip_audit.VERSION}",
}


def test_the_manifest_has_the_hooks_of_the_registry() -> None:
    assert [entry["id"] for entry in MANIFEST] == list(HOOKS)


@pytest.mark.parametrize("name", HOOKS)
def test_manifest_entry(name: str) -> None:
    entry, hook = BY_ID[name], HOOKS[name]
    assert sorted(entry["stages"]) == sorted(hook.stages)
    assert entry["entry"].split()[:2] == ["sayso", name]
    assert entry["language"] == "python"
    assert entry["minimum_pre_commit_version"] == "3.2.0"
    assert entry["name"]
    assert entry["description"].rstrip(".").lower() == hook.summary.lower()


@pytest.mark.parametrize("name", HOOKS)
def test_a_manifest_entry_installs_only_scanners_that_it_runs_at_their_versions(name: str) -> None:
    needs = {"code-scan": ["semgrep"], "secret-scan": ["detect-secrets"], "dependency-scan": ["pip-audit"]}
    needs |= {key: list(PINS) for key in ("sayso", "sayso-message", "commit-gate", "verify-range")}
    pinned = BY_ID[name].get("additional_dependencies", [])
    assert pinned == [PINS[tool] for tool in needs.get(name, [])]


def test_the_hooks_that_do_everything_share_one_environment() -> None:
    for name in ("sayso-message", "commit-gate", "verify-range"):
        assert BY_ID["sayso"]["additional_dependencies"] == BY_ID[name]["additional_dependencies"]


@pytest.mark.parametrize("name", HOOKS)
def test_a_hook_that_must_see_deletions_or_the_message_always_runs(name: str) -> None:
    if name not in {"code-scan", "secret-scan", "secure-claims"}:
        assert BY_ID[name]["always_run"] is True
    if "pre-push" in HOOKS[name].stages and BY_ID[name].get("pass_filenames", True):
        assert BY_ID[name]["require_serial"] is True


@pytest.mark.parametrize("name", HOOKS)
def test_module_of_a_hook(name: str) -> None:
    module = importlib.import_module(f"sayso.app.hooks.{HOOKS[name].module}")
    assert list(inspect.signature(module.run).parameters) == ["context", "options"]
    assert module.__doc__


@pytest.mark.parametrize("name", TOOLS)
def test_module_of_a_tool(name: str) -> None:
    module = importlib.import_module(f"sayso.app.tools.{TOOLS[name].module}")
    assert callable(module.run)
    assert callable(module.arguments)


def test_every_module_of_a_hook_is_in_the_registry() -> None:
    folder = ROOT / "hooks" / "sayso" / "app"
    shared = {"__init__", "scans"}
    assert {path.stem for path in (folder / "hooks").glob("*.py")} - shared == {hook.module for hook in HOOKS.values()}
    assert {path.stem for path in (folder / "tools").glob("*.py")} - shared == {tool.module for tool in TOOLS.values()}


def test_versions() -> None:
    assert sayso.__version__ == PROJECT["version"]
    assert PROJECT["optional-dependencies"]["scanners"] == list(PINS.values())


def test_the_package_imports_nothing() -> None:
    for path in (ROOT / "hooks" / "sayso").rglob("__init__.py"):
        assert not re.search(r"^\s*(import|from)\b", path.read_text(), re.MULTILINE), path


def test_the_judge_knows_the_scans_by_their_hook_ids() -> None:
    known = {verdict.CODE_SCAN, verdict.SECRET_SCAN, verdict.DEPENDENCY_SCAN}
    assert known == {semgrep.CHECK, detect_secrets.CHECK, pip_audit.CHECK} <= HOOKS.keys()
    assert verdict.PIP_AUDIT == pip_audit.TOOL
