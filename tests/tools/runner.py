"""Hook runners as users install them: pre-commit and prek."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import NamedTuple

from tools.repo import Repo
from tools.scratch import configuration, publish


class Runner(NamedTuple):
    """A hook runner, its environment, and the published source that it installs from."""

    name: str
    environment: dict[str, str]
    source: Path
    revision: str

    def install(self, repo: Repo, hooks: tuple[str, ...], extra: str = "") -> None:
        """Write a configuration with ``hooks``, install it, and commit it without running it."""
        repo.environment.update(self.environment)
        repo.stage(".pre-commit-config.yaml", extra + configuration(self.source, self.revision, hooks))
        repo.run(self.name, "install")
        repo.commit("Start")


def prepared(name: str, home: Path) -> Runner:
    """Publish this checkout below ``home``; hook environments of an older state are thrown away."""
    revision = publish(home / "source")
    known = home / "revision"
    if not known.exists() or known.read_text() != revision:
        shutil.rmtree(home / "cache", ignore_errors=True)
        known.write_text(revision)
    variable = "PREK_HOME" if name == "prek" else "PRE_COMMIT_HOME"
    return Runner(name, {variable: str(home / "cache")}, home / "source", revision)
