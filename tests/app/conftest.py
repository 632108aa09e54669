"""What the tests of the use cases share: results as values, and an environment without scanners."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from importlib.metadata import files
from pathlib import Path
from typing import Any

import pytest

import specimens
from specimens import Ask
from tools.repo import Repo


@pytest.fixture
def ask(repo: Repo) -> Ask:
    """Run a hook with ``--format json``; return its exit code and its report."""

    def asked(*args: str, **environment: Any) -> tuple[int, dict[str, Any]]:
        done = repo.sayso(args[0], "--format", "json", *args[1:], **environment)
        assert done.stdout, done.stderr.decode()
        report = json.loads(done.stdout)
        assert isinstance(report, dict)
        return done.returncode, report

    return asked


@pytest.fixture(scope="session")
def bare_environment(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A virtual environment that has sayso and its one dependency, and no scanner."""
    folder = tmp_path_factory.mktemp("bare") / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    site = next((folder / "lib").iterdir()) / "site-packages"
    for file in files("tomli") or ():
        (site / file).parent.mkdir(exist_ok=True)
        shutil.copy(file.locate(), site / file)
    (site / "sayso.pth").write_text(f"{specimens.ROOT / 'hooks'}\n")
    script = folder / "bin" / "sayso"
    script.write_text(f"#!{folder / 'bin' / 'python'} -I\nfrom sayso.cli import run\nrun()\n")
    script.chmod(0o755)
    return folder


@pytest.fixture
def without_scanners(bare_environment: Path) -> dict[str, Any]:
    """The variables under which ``sayso`` is the one whose environment has no scanner."""
    return {"PATH": os.pathsep.join([str(bare_environment / "bin"), os.environ["PATH"]])}


@pytest.fixture
def scratch(tmp_path: Path) -> Path:
    """A folder for temporary files, to see what is left in it."""
    folder = tmp_path / "scratch"
    folder.mkdir()
    return folder


@pytest.fixture
def gated(repo: Repo) -> Repo:
    """A repository in which git itself runs our hooks, without a runner between: it costs a test nothing."""
    for hook, command in {"pre-commit": "sayso", "commit-msg": 'commit-gate "$1"'}.items():
        path = repo.write(f".git/hooks/{hook}", f"#!/bin/sh\nexec sayso {command}\n")
        path.chmod(0o755)
    return repo


@pytest.fixture(scope="session")
def signing_key(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A key of the reviewer's."""
    path = tmp_path_factory.mktemp("keys") / "rita"
    command = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "rita", "-f", str(path)]
    subprocess.run(command, check=True, capture_output=True)
    return path


@pytest.fixture
def reviewed(gated: Repo, signing_key: Path) -> Repo:
    """A gated repository whose first commit names the reviewer, with login code and its tests."""
    public = signing_key.with_suffix(".pub").read_text().strip()
    gated.stage(".sayso/allowed_signers", f'rita@example.org namespaces="sayso-approval@1" {public}\n')
    gated.stage(".gitignore", "__pycache__/\n")
    gated.stage("src/auth/login.py", specimens.LOGIN)
    gated.stage("tests/test_login.py", specimens.LOGIN_TESTS)
    gated.stage("tests/e2e/test_login_flow.py", specimens.LOGIN_FLOW)
    gated.commit("Begin")
    return gated
