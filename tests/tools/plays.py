"""A branch as CI judges it: what a test plays on it, and the verdict on all that it would bring."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import specimens
from tools.repo import Repo

POLICY = '[gate]\nrequired-hooks = ["sayso"]\nminimum-rev = "v0.2.0"\n'
WORKFLOW = """\
name: gate
on:
  pull_request:
jobs:
  verify:
    runs-on: ubuntu-24.04
    steps:
      - run: sayso verify "$BASE..$HEAD"
"""
HOOKS = ("sayso", "sayso-message")


def configuration(*hooks: str, rev: str = "v0.2.0", top: str = "", extra: str = "") -> str:
    """Return a configuration of the hooks; ``extra`` are lines of the first of them."""
    listed = "".join(f"      - id: {hook}\n{extra if hook == hooks[0] else ''}" for hook in hooks)
    return f"{top}repos:\n  - repo: https://example.org/sayso\n    rev: {rev}\n    hooks:\n{listed}"


class Verdict(NamedTuple):
    """What ``sayso verify`` says: exit code, findings, what it did not examine, and the error that it prints."""

    code: int
    findings: tuple[dict[str, Any], ...]
    skipped: tuple[dict[str, Any], ...]
    said: str

    def rules(self, path: str | None = None, commit: str = "") -> set[str]:
        """Return the rules of all findings, or of those of a path or a commit."""
        return {item["rule"] for item in self._of(path, commit)}

    def refusing(self, path: str | None = None, commit: str = "") -> set[str]:
        """Return the rules that refuse."""
        return {item["rule"] for item in self._of(path, commit) if item["severity"] == "error"}

    def status(self, rule: str) -> str:
        """Return how it stands with what is owed under a rule; "" where it is not owed."""
        return next((str(item["status"]) for item in self.findings if item["rule"] == rule), "")

    def _of(self, path: str | None, commit: str) -> list[dict[str, Any]]:
        found = [item for item in self.findings if path is None or item["path"] == path]
        return [item for item in found if not commit or item.get("commit") == commit]


class Branch(Repo):
    """A repository whose current branch is to land on ``base``."""

    base = ""

    def land(self) -> None:
        """Let all that is there be the base from here on."""
        self.base = self.head()

    def verdict(self, *args: str, base: str = "", head: str = "HEAD", **environment: Any) -> Verdict:
        """Judge the branch as CI does."""
        done = self.sayso("verify", "--format", "json", f"{base or self.base}..{head}", *args, **environment)
        report = json.loads(done.stdout or b"{}")
        findings, skipped = (tuple(report.get(key, ())) for key in ("findings", "skipped"))
        return Verdict(done.returncode, findings, skipped, done.stderr.decode())


def template(folder: Path, environment: Mapping[str, str]) -> Branch:
    """Make a repository in which the gate stands: policy, configuration, a job in CI, hooks that git itself runs."""
    folder.mkdir()
    branch = Branch(folder, environment)
    branch.git("init", "--quiet")
    branch.stage("sayso.toml", POLICY)
    branch.stage(".pre-commit-config.yaml", configuration(*HOOKS))
    branch.stage(".github/workflows/gate.yml", WORKFLOW)
    branch.stage("README.md", "Words.\n")
    branch.stage("src/auth/login.py", specimens.LOGIN)
    branch.stage("tests/test_login.py", specimens.LOGIN_TESTS)
    branch.stage("src/add.py", specimens.SAFE)
    for hook, command in {"pre-commit": "sayso", "commit-msg": 'commit-gate "$1"'}.items():
        branch.write(f".git/hooks/{hook}", f"#!/bin/sh\nexec sayso {command}\n").chmod(0o755)
    branch.commit("Begin")
    return branch


def copied(branch: Branch, folder: Path) -> Branch:
    """Return a copy of a repository that a test may change."""
    subprocess.run(["cp", "-a", str(branch.path), str(folder)], check=True)
    made = Branch(folder, branch.environment)
    made.land()
    return made
