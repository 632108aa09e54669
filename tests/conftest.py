"""Real repositories for tests, cut off from the machine's own configuration.

The user's git configuration is hostile on purpose: whatever a user may have set
must not change what a hook says.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

_HOSTILE_CONFIG = """\
[user]
    name = Dev Eloper
    email = dev@example.org
[init]
    defaultBranch = trunk
[core]
    quotePath = true
    pager = false
    autocrlf = false
[diff]
    noprefix = true
    mnemonicPrefix = true
    external = /bin/false
    relative = true
    renames = false
    algorithm = patience
    ignoreSubmodules = all
    orderFile = /nonexistent
    colorMoved = zebra
[color]
    ui = always
    diff = always
[log]
    showSignature = true
    follow = true
    date = relative
    decorate = full
[status]
    short = true
[commit]
    gpgSign = false
[tag]
    gpgSign = false
[protocol "file"]
    allow = always
[advice]
    detachedHead = false
[i18n]
    logOutputEncoding = UTF-8
[trailer "co-authored-by"]
    key = Signed-off-by
"""

# What a coding agent, a CI job or a hook runner sets, and a test must not inherit.
_DROPPED = ("GIT_", "PRE_COMMIT", "PREK", "CLAUDE", "CURSOR", "CODEX", "GEMINI", "OPENCODE", "AIDER", "AGENT", "AI_AGENT", "COPILOT", "SKIP")


@pytest.fixture(scope="session")
def clean_environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment for every process that a test starts: a home of its own, and a hostile git configuration."""
    home = tmp_path_factory.mktemp("home")
    (home / ".gitconfig").write_text(_HOSTILE_CONFIG)
    kept = {key: value for key, value in os.environ.items() if not key.startswith(_DROPPED)}
    certificates = {key: value for key, value in os.environ.items() if key == "GIT_SSL_CAINFO"}
    return {
        **kept,
        **certificates,
        "HOME": str(home),
        "XDG_CONFIG_HOME": str(home / ".config"),
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_EDITOR": "true",
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
        "PYTHONDONTWRITEBYTECODE": "1",
    }


@pytest.fixture(autouse=True)
def _isolated(clean_environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Give the test process itself the clean environment."""
    for key in list(os.environ):
        if key not in clean_environment:
            monkeypatch.delenv(key)
    for key, value in clean_environment.items():
        monkeypatch.setenv(key, value)


class Repo:
    """A real repository in a temporary folder, and the commands that a test plays in it."""

    def __init__(self, path: Path, environment: Mapping[str, str]) -> None:
        self.path = path
        self.environment = dict(environment)

    def run(self, *argv: str, check: bool = True, stdin: bytes = b"", **environment: str) -> subprocess.CompletedProcess[bytes]:
        """Run a command in the repository; with ``check``, fail the test if it fails."""
        done = subprocess.run(
            argv, cwd=self.path, env={**self.environment, **environment}, input=stdin, capture_output=True, check=False
        )
        assert not check or done.returncode == 0, f"{argv}: {done.returncode}\n{done.stdout!r}\n{done.stderr!r}"
        return done

    def git(self, *args: str, **environment: str) -> str:
        """Run git and return what it prints, stripped."""
        return self.run("git", *args, **environment).stdout.decode("utf-8", "surrogateescape").strip()

    def sayso(self, *args: str, stdin: bytes = b"", **environment: str) -> subprocess.CompletedProcess[bytes]:
        """Run the console script, whatever it ends with."""
        return self.run("sayso", *args, check=False, stdin=stdin, **environment)

    def write(self, name: str, content: str | bytes) -> Path:
        """Write a file, with its folders."""
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def stage(self, name: str, content: str | bytes) -> None:
        """Write a file and stage it."""
        self.write(name, content)
        self.git("add", "--", name)

    def commit(self, message: str = "A change") -> str:
        """Commit what is staged, without hooks, and return the id."""
        self.git("commit", "--quiet", "--no-verify", "--allow-empty", "-m", message)
        return self.git("rev-parse", "HEAD")


@pytest.fixture
def repo(tmp_path: Path, clean_environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Repo:
    """A new repository with nothing in it, which is also the current directory."""
    path = tmp_path / "repo"
    path.mkdir()
    made = Repo(path, clean_environment)
    made.git("init", "--quiet")
    monkeypatch.chdir(path)
    return made
