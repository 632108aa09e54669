"""Play the story in a scratch repository, with the hooks installed through pre-commit as a user would.

With ``--repo`` it reports on a repository of the user's instead: on a clone, so that nothing there changes.
"""

from __future__ import annotations

import argparse
import os
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

from tools.scratch import SINGLE, configuration, publish

BIN = Path(sys.executable).parent
SOURCE = BIN.parent / "demo-source"

INSECURE = 'import pickle\n\n\ndef load_config(path):\n    return pickle.load(open(path, "rb"))\n'
SECURE = INSECURE.replace("pickle", "json")
CLAIM = "Add config loader\n\nThis is secure. Confidence: 0.92\n\nCo-Authored-By: Claude <noreply@anthropic.com>\n"
ABSOLUTE = "Add config loader\n\n100 % secure and vulnerability-free.\n"


class Stage:
    """The scratch repository and what has gone otherwise than the story says."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.surprises: list[str] = []
        self.environment = {key: value for key, value in os.environ.items() if not key.startswith(("GIT_", "SKIP"))}
        self.environment |= {
            "PATH": os.pathsep.join([str(BIN), os.environ["PATH"]]),
            "GIT_AUTHOR_NAME": "Dev Eloper",
            "GIT_AUTHOR_EMAIL": "dev@example.org",
            "GIT_COMMITTER_NAME": "Dev Eloper",
            "GIT_COMMITTER_EMAIL": "dev@example.org",
        }

    def quietly(self, *argv: str) -> str:
        """Run a command that is no part of the story."""
        done = subprocess.run(argv, cwd=self.path, env=self.environment, capture_output=True, text=True, check=False)
        if done.returncode:
            sys.exit(f"{' '.join(argv)} failed:\n{done.stdout}{done.stderr}")
        return done.stdout.strip()

    def scene(self, title: str) -> None:
        """Print a heading."""
        print(f"\n\033[1m{'─' * 4} {title} {'─' * max(2, 100 - len(title))}\033[0m", flush=True)

    def play(self, *argv: str, lands: bool, **environment: str) -> None:
        """Run a command of the story, show it and its output, and compare the outcome with the story's."""
        prefix = "".join(f"{key}={value} " for key, value in environment.items())
        print(f"$ {prefix}{shlex.join(argv)}", flush=True)
        done = subprocess.run(argv, cwd=self.path, env=self.environment | environment, check=False)
        landed = done.returncode == 0
        colour = "32" if landed else "31"
        print(
            f"\033[{colour}m=> {'it lands' if landed else f'refused (exit code {done.returncode})'}\033[0m", flush=True
        )
        if landed != lands:
            self.surprises.append(" ".join(argv))

    def write(self, content: str) -> None:
        """Write and stage the file that the story is about."""
        (self.path / "config.py").write_text(content)
        self.quietly("git", "add", "config.py")


def story(folder: Path) -> int:
    """Play the story and return 0 if every step went as told."""
    project = folder / "project"
    project.mkdir()
    (folder / "claim.txt").write_text(CLAIM)
    (folder / "absolute.txt").write_text(ABSOLUTE)
    stage = Stage(project)
    stage.scene("A project with the five hooks")
    revision = publish(SOURCE)
    (project / ".pre-commit-config.yaml").write_text(configuration(SOURCE, revision, SINGLE))
    stage.quietly("git", "init", "--quiet", "--initial-branch=main")
    stage.quietly("git", "add", ".pre-commit-config.yaml")
    stage.quietly("git", "commit", "--quiet", "--message", "Start")
    print((project / ".pre-commit-config.yaml").read_text())
    stage.play("pre-commit", "install", "--install-hooks", lands=True)

    stage.scene("1. Insecure code, and a message that vouches for it")
    stage.write(INSECURE)
    print(INSECURE + "\n" + CLAIM)
    stage.play("git", "commit", "-F", "../claim.txt", lands=False)

    stage.scene("2. The same, with the scan skipped, where nobody has scanned it before")
    stage.write(INSECURE + "\n")
    stage.play("git", "commit", "-F", "../claim.txt", lands=False, SKIP="code-scan")

    stage.scene("3. Repaired: the scans run, the claim rests on their evidence")
    stage.write(SECURE)
    stage.play("git", "commit", "-F", "../claim.txt", lands=True)

    stage.scene("4. The same content, and words that nothing can support")
    stage.play("git", "commit", "--amend", "-F", "../absolute.txt", lands=False)

    stage.scene("5. Renamed, amended, rebased: evidence belongs to the content")
    stage.quietly("git", "mv", "config.py", "settings.py")
    stage.play(
        "git", "commit", "-m", "Rename the loader; it stays free of known vulnerabilities. This is secure.", lands=True
    )
    stage.play("git", "commit", "--amend", "-m", "Rename the loader. This is secure.", lands=True)
    stage.play("git", "rebase", "--force-rebase", "--root", lands=True)
    stage.play("git", "commit", "--amend", "-m", "Rename the loader. This is secure.", lands=True)
    stage.scene("   … and one byte changed loses it")
    (project / "settings.py").write_text(SECURE + "\n")
    stage.quietly("git", "add", "settings.py")
    stage.play("git", "commit", "-m", "Add a line. This is secure.", lands=False, SKIP="code-scan,secret-scan")
    if stage.surprises:
        print(f"\nNot as the story says: {'; '.join(stage.surprises)}")
    return 1 if stage.surprises else 0


def report(folder: Path, repo: Path) -> int:
    """Report on a clone of ``repo``: its history, and its files as they are in HEAD."""
    clone = folder / "clone"
    subprocess.run(["git", "clone", "--quiet", "--shared", "--no-checkout", "--", str(repo), str(clone)], check=True)
    stage = Stage(clone)
    stage.quietly("git", "read-tree", "HEAD")
    for title, argv in (
        ("The last 1,000 commits", ("sayso", "history", "--format", "text", "-n", "1000")),
        ("Insecure code in the files of HEAD", ("sayso", "code-scan", "--all-files")),
        ("Secrets in the files of HEAD", ("sayso", "secret-scan", "--all-files")),
    ):
        stage.scene(title)
        print(f"$ {' '.join(argv)}", flush=True)
        subprocess.run(argv, cwd=clone, env=stage.environment, check=False)
    print(f"\nNothing in {repo} was changed: this was a clone.")
    return 0


def main() -> int:
    """Play the story, or report on a repository."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repo", type=Path, help="report on this repository instead, without changing it")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="sayso-demo-") as folder:
        if args.repo:
            return report(Path(folder), args.repo.resolve())
        return story(Path(folder))


if __name__ == "__main__":
    sys.exit(main())
