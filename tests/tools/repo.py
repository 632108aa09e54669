"""A real repository for a test."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

INSECURE = 'import pickle\n\n\ndef load_config(path):\n    return pickle.load(open(path, "rb"))\n'
SECURE = INSECURE.replace("pickle", "json")


class Repo:
    """A real repository in a temporary folder, and the commands that a test plays in it."""

    def __init__(self, path: Path, environment: Mapping[str, str]) -> None:
        self.path = path
        self.environment = dict(environment)

    def run(
        self, *argv: str, check: bool = True, stdin: bytes = b"", **environment: Any
    ) -> subprocess.CompletedProcess[bytes]:
        """Run a command in the repository; with ``check``, fail the test if it fails."""
        done = subprocess.run(
            argv, cwd=self.path, env={**self.environment, **environment}, input=stdin, capture_output=True, check=False
        )
        assert not check or done.returncode == 0, f"{argv}: {done.returncode}\n{done.stdout!r}\n{done.stderr!r}"
        return done

    def git(self, *args: str, **environment: Any) -> str:
        """Run git and return what it prints, stripped."""
        return self.run("git", *args, **environment).stdout.decode("utf-8", "surrogateescape").strip()

    def sayso(self, *args: str, stdin: bytes = b"", **environment: Any) -> subprocess.CompletedProcess[bytes]:
        """Run the console script, whatever it ends with."""
        return self.run("sayso", *args, check=False, stdin=stdin, **environment)

    def write(self, name: str, content: str | bytes) -> Path:
        """Write a file, with its folders."""
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def read(self, name: str) -> str:
        """The text of a file of the work tree."""
        return (self.path / name).read_text(encoding="utf-8")

    def head(self) -> str:
        """The id of the current commit."""
        return self.git("rev-parse", "HEAD").strip()

    def stage(self, name: str, content: str | bytes) -> None:
        """Write a file and stage it."""
        self.write(name, content)
        self.git("add", "--", name)

    def commit(self, message: str = "A change") -> str:
        """Commit what is staged, without hooks, and return the id."""
        self.git("commit", "--quiet", "--no-verify", "--allow-empty", "-m", message)
        return self.git("rev-parse", "HEAD")

    def try_commit(self, message: str, *args: str, **environment: Any) -> tuple[bool, str]:
        """Commit as a user does; return whether it landed, and all that was printed."""
        before = self.git("rev-parse", "HEAD")
        done = self.run("git", "commit", *args, "-F", "-", check=False, stdin=message.encode(), **environment)
        landed = self.git("rev-parse", "HEAD") != before
        assert landed == (done.returncode == 0)
        return landed, (done.stdout + done.stderr).decode()

    def output(self, *argv: str, **environment: Any) -> tuple[int, str]:
        """Run a command; return its exit code and all that it printed."""
        done = self.run(*argv, check=False, **environment)
        return done.returncode, (done.stdout + done.stderr).decode()
