"""Publish this checkout as a repository that hook runners can install from, and write configurations that use it."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent

SINGLE = ("sensitive-paths", "code-scan", "secret-scan", "ai-authorship", "secure-claims")
COMBINED = ("sayso", "sayso-message")

_FIXED = {
    "GIT_AUTHOR_NAME": "Sayso",
    "GIT_AUTHOR_EMAIL": "sayso@example.org",
    "GIT_AUTHOR_DATE": "2026-01-01T00:00:00Z",
    "GIT_COMMITTER_NAME": "Sayso",
    "GIT_COMMITTER_EMAIL": "sayso@example.org",
    "GIT_COMMITTER_DATE": "2026-01-01T00:00:00Z",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
}


def publish(target: Path) -> str:
    """Commit what is in this checkout, staged or not, to a new repository at ``target``; return the commit id.

    The id depends on the content alone, so that a hook runner's cache can serve again.
    """
    shutil.rmtree(target, ignore_errors=True)
    environment = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")} | _FIXED
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        env=environment,
        check=True,
        capture_output=True,
    )
    for name in filter(None, listed.stdout.decode().split("\0")):
        if (ROOT / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, target / name)
    for command in (["init", "--quiet"], ["add", "--all"], ["commit", "--quiet", "--message", "Sayso"]):
        subprocess.run(["git", *command], cwd=target, env=environment, check=True)
    found = subprocess.run(["git", "rev-parse", "HEAD"], cwd=target, env=environment, check=True, capture_output=True)
    return found.stdout.decode().strip()


def configuration(source: Path, revision: str, hooks: tuple[str, ...]) -> str:
    """Return the text of a ``.pre-commit-config.yaml`` with ``hooks``."""
    listed = "".join(f"      - id: {hook}\n" for hook in hooks)
    return (
        "default_install_hook_types: [pre-commit, commit-msg]\n"
        f"repos:\n  - repo: {source}\n    rev: {revision}\n    hooks:\n{listed}"
    )
