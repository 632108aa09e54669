"""Real repositories for tests, cut off from the machine's own configuration.

The user's git configuration is hostile on purpose: whatever a user may have set
must not change what a hook says.
"""

from __future__ import annotations

import fcntl
import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tools.repo import Repo
from tools.runner import Runner, prepared

# A job in the background of a script ignores Ctrl-C, and so would every command that a test interrupts.
signal.signal(signal.SIGINT, signal.default_int_handler)

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
    orderFile = /dev/null
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
_DROPPED = (
    *("GIT_", "PRE_COMMIT", "PREK", "SKIP", "CI"),
    *("CLAUDE", "CURSOR", "CODEX", "GEMINI", "OPENCODE", "AIDER", "AGENT", "AI_AGENT", "COPILOT"),
)


HERE = Path(__file__).parent
PLAYED = (
    *(HERE / "app", HERE / "e2e", HERE / "contracts" / "test_ci_templates.py", HERE / "scanners" / "test_semgrep.py"),
    *(HERE / "adapters" / f"test_{name}.py" for name in ("git", "ledger", "runledger", "worktree")),
    *(HERE / "contracts" / "test_parses.py", HERE / "scanners" / "test_detect_secrets.py"),
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What plays commands in real repositories, or starts tools of others, is not what `make unit` is for."""
    for item in items:
        if any(item.path.is_relative_to(place) for place in PLAYED):
            item.add_marker(pytest.mark.e2e)


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


@pytest.fixture
def repo(tmp_path: Path, clean_environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Repo:
    """A new repository with nothing in it, which is also the current directory."""
    path = tmp_path / "repo"
    path.mkdir()
    made = Repo(path, clean_environment)
    made.git("init", "--quiet")
    monkeypatch.chdir(path)
    return made


@pytest.fixture(
    params=[
        pytest.param("pre-commit", marks=pytest.mark.xdist_group("pre-commit")),
        pytest.param("prek", marks=pytest.mark.xdist_group("prek")),
    ]
)
def runner(request: pytest.FixtureRequest) -> Iterator[Runner]:
    """One of the two hook runners, with its hook environments kept until the source changes."""
    home = Path(sys.prefix) / "e2e" / request.param
    home.mkdir(parents=True, exist_ok=True)
    with (home / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield prepared(request.param, home)
