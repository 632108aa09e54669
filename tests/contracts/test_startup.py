"""What a light hook must never import, because its user waits for it at every commit."""

from __future__ import annotations

import json
import sys

import pytest

import specimens
from tools.repo import Repo

HEAVY = frozenset(
    (
        *("subprocess", "dataclasses", "pathlib", "importlib.metadata", "importlib.resources", "tempfile", "logging"),
        *(
            "asyncio",
            "inspect",
            "typing_extensions",
            "threading",
            "semgrep",
            "detect_secrets",
            "requests",
            "yaml",
            "shutil",
        ),
    )
)
SHARED = frozenset(
    (
        *("sayso", "sayso.adapters.git", "sayso.adapters.process", "sayso.adapters.raw", "sayso.adapters.resources"),
        *("sayso.app.context", "sayso.app.scope", "sayso.cli", "sayso.lines", "sayso.model", "sayso.policy"),
        *("sayso.registry", "sayso.reports.text", "sayso.tables"),
    )
)
PROGRAM = """
import json, sys
before = set(sys.modules)
from sayso.cli import main
code = main(sys.argv[1:])
print(json.dumps([code, sorted(set(sys.modules) - before)]), file=sys.stderr)
"""


def loaded(repo: Repo, *args: str) -> tuple[int, set[str]]:
    """Run a command in an interpreter of its own; return its exit code and the modules that it imported."""
    done = repo.run(sys.executable, "-I", "-c", PROGRAM, *args, check=False)
    code, modules = json.loads(done.stderr.splitlines()[-1])
    return code, set(modules)


@pytest.fixture
def staged(repo: Repo) -> Repo:
    """A repository with code, a document and a sensitive file staged, and an ordinary message."""
    repo.stage("a.py", f"# a comment\n{specimens.SAFE}")
    repo.stage("README.md", "Words.\n")
    repo.stage(".github/workflows/ci.yml", "on: push\n")
    repo.write(".git/COMMIT_EDITMSG", "Add a\n\nWords.\n")
    return repo


@pytest.mark.parametrize(
    "args",
    [
        pytest.param(("sensitive-paths",), id="sensitive-paths"),
        pytest.param(("dependency-scan",), id="dependencies-untouched"),
        pytest.param(("ai-authorship", ".git/COMMIT_EDITMSG"), id="ai-authorship"),
        pytest.param(("secure-claims", ".git/COMMIT_EDITMSG"), id="claims-of-a-message"),
        pytest.param(("secure-claims",), id="claims-of-files"),
        pytest.param(("sayso-message", ".git/COMMIT_EDITMSG"), id="sayso-message"),
        pytest.param(("--version",), id="version"),
    ],
)
def test_a_light_hook_imports_nothing_heavy(staged: Repo, args: tuple[str, ...]) -> None:
    code, modules = loaded(staged, *args)
    assert code == 0
    assert sorted(modules & HEAVY) == []


@pytest.mark.parametrize("hook", ["code-scan", "secret-scan", "sayso"])
def test_a_scan_of_what_is_known_imports_nothing_heavy(staged: Repo, hook: str) -> None:
    assert staged.sayso(hook).returncode == 0
    code, modules = loaded(staged, hook)
    assert code == 0
    assert sorted(modules & HEAVY) == []
    assert "sayso.app.batches" not in modules


def test_a_light_hook_imports_no_module_of_another_hook(staged: Repo) -> None:
    _, modules = loaded(staged, "sensitive-paths")
    ours = {name for name in modules if name.partition(".")[0] == "sayso"}
    foreign = ("claim", "author", "secret", "scanners", "engines", "evidence", "ledger", "prose", "comments", "message")
    assert [name for name in sorted(ours) if any(word in name for word in foreign)] == []
    assert ours >= SHARED


def test_a_message_hook_imports_no_scanner(staged: Repo) -> None:
    _, modules = loaded(staged, "ai-authorship", ".git/COMMIT_EDITMSG")
    assert [name for name in sorted(modules) if name.startswith(("sayso.scanners", "sayso.app.engines"))] == []


def test_a_message_without_a_claim_reads_no_ledger_and_no_blob(staged: Repo) -> None:
    _, modules = loaded(staged, "secure-claims", ".git/COMMIT_EDITMSG")
    assert "json" not in modules or "sayso.evidence" in modules


def test_version_imports_next_to_nothing(staged: Repo) -> None:
    _, modules = loaded(staged, "--version")
    ours = {name for name in modules if name.startswith("sayso")}
    assert ours <= {"sayso", "sayso.cli", "sayso.model", "sayso.options", "sayso.registry"}
