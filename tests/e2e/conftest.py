"""A branch of a repository in which the gate stands, for whoever tries to get round it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.plays import Branch, copied, template


@pytest.fixture(scope="session")
def gate_stands(tmp_path_factory: pytest.TempPathFactory, clean_environment: dict[str, str]) -> Branch:
    """The repository that every play begins with; it is copied, never changed."""
    return template(tmp_path_factory.mktemp("plays") / "repo", clean_environment)


@pytest.fixture
def branch(gate_stands: Branch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Branch:
    """A copy of it, which is also the current directory."""
    made = copied(gate_stands, tmp_path / "branch")
    monkeypatch.chdir(made.path)
    return made
