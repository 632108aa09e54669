"""Measure speed as ratios against named peers in one run, because machines differ and are noisy.

Everything is timed as whole processes, round-robin, so that a slow moment of
the machine hits all contestants alike; medians are compared.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from tools.scratch import COMBINED, ROOT, configuration, publish

BIN = Path(sys.executable).parent
NUMBER_OF_FILES = 5

_ADDED = [f"# Line {number} of a change that says nothing in particular about anything.\n" for number in range(10)]


class Contestant(NamedTuple):
    """A command to time; ``before`` puts things back before each run."""

    name: str
    argv: Sequence[str]
    before: Callable[[], None] = lambda: None
    stdin: str = ""


class Bench:
    """A scratch repository with files to judge, and a table of medians."""

    def __init__(self, folder: Path, runs: int) -> None:
        self.folder = folder
        self.project = folder / "project"
        self.runs = runs
        self.environment = {
            key: value
            for key, value in os.environ.items()
            if not key.startswith(("GIT_", "PRE_COMMIT", "SKIP", "PYTHON"))
        }
        self.environment |= {
            "PATH": os.pathsep.join([str(BIN), os.environ["PATH"]]),
            "GIT_AUTHOR_NAME": "Dev Eloper",
            "GIT_AUTHOR_EMAIL": "dev@example.org",
            "GIT_COMMITTER_NAME": "Dev Eloper",
            "GIT_COMMITTER_EMAIL": "dev@example.org",
            "HOME": str(folder),
            "SEMGREP_ENABLE_VERSION_CHECK": "0",
        }
        self.project.mkdir()
        self.run("git", "init", "--quiet", "--initial-branch=main")
        self.run("git", "commit", "--quiet", "--allow-empty", "--message", "Start")

    def run(self, *argv: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run a command in the project."""
        return subprocess.run(argv, cwd=self.project, env=self.environment, check=check, capture_output=True, text=True)

    def medians(self, contestants: Sequence[Contestant]) -> dict[str, float]:
        """Return the median time of each contestant in milliseconds, after one round that does not count."""
        taken: dict[str, list[float]] = {contestant.name: [] for contestant in contestants}
        for number in range(self.runs + 1):
            for contestant in contestants:
                contestant.before()
                start = time.perf_counter()
                subprocess.run(
                    contestant.argv,
                    cwd=self.project,
                    env=self.environment,
                    check=False,
                    capture_output=True,
                    input=contestant.stdin.encode(),
                )
                if number:
                    taken[contestant.name].append((time.perf_counter() - start) * 1000)
        return {name: statistics.median(times) for name, times in taken.items()}

    def stage_files(self, count: int) -> list[str]:
        """Stage a change of ten lines to real Python files of the standard library, about 14 kB each."""
        library = Path(os.__file__).parent
        fitting = sorted(path for path in library.glob("*.py") if 9_000 < path.stat().st_size < 19_000)[:count]
        for path in fitting:
            shutil.copyfile(path, self.project / path.name)
        self.run("git", "add", "--all")
        self.run("git", "commit", "--quiet", "--message", "Files")
        for path in fitting:
            lines = path.read_text().splitlines(keepends=True)
            middle = len(lines) // 2
            (self.project / path.name).write_text("".join([*lines[:middle], *_ADDED, *lines[middle:]]))
        self.run("git", "add", "--all")
        return [path.name for path in fitting]

    def forget(self) -> None:
        """Throw the ledger away."""
        shutil.rmtree(self.project / ".git" / "sayso", ignore_errors=True)


def table(title: str, medians: dict[str, float], against: str) -> None:
    """Print medians with their ratio to ``against``."""
    print(f"\n{title}")
    for name, median in medians.items():
        print(f"  {name:<58}{median:9.1f} ms  {median / medians[against]:6.2f} x {against}")


def light(bench: Bench) -> None:
    """Light hooks beside a bare interpreter of the same environment."""
    message = bench.folder / "message.txt"
    message.write_text("Add a loader\n\nRead the file lazily, so that start-up does not wait for it.\n")
    medians = bench.medians(
        [
            Contestant("python -I -c pass", [sys.executable, "-I", "-c", "pass"]),
            Contestant("sayso sensitive-paths, 5 files", [str(BIN / "sayso"), "sensitive-paths"]),
            Contestant("sayso ai-authorship", [str(BIN / "sayso"), "ai-authorship", str(message)]),
            Contestant("sayso secure-claims, message", [str(BIN / "sayso"), "secure-claims", str(message)]),
            Contestant("sayso secure-claims, 5 files", [str(BIN / "sayso"), "secure-claims"]),
            Contestant("sayso code-scan, 5 files, all in the ledger", [str(BIN / "sayso"), "code-scan"]),
            Contestant("sayso secret-scan, 5 files, all in the ledger", [str(BIN / "sayso"), "secret-scan"]),
        ]
    )
    table("Light hooks, and scans of what is known", medians, "python -I -c pass")


def cold(bench: Bench, names: list[str]) -> None:
    """Scans with an empty ledger beside the tools as they are."""
    rules = str(ROOT / "rules" / "semgrep" / "compiled" / "python.json")
    semgrep = [
        str(BIN / "semgrep"),
        "scan",
        "--config",
        rules,
        "--metrics",
        "off",
        "--disable-version-check",
        "--json",
        "--quiet",
    ]
    medians = bench.medians(
        [
            Contestant("sayso code-scan, 5 files, cold", [str(BIN / "sayso"), "code-scan"], bench.forget),
            Contestant("semgrep scan, default front end, same rules and files", [*semgrep, *names]),
            Contestant("semgrep scan --experimental, same", [*semgrep, "--experimental", *names]),
        ]
    )
    table("code-scan", medians, "sayso code-scan, 5 files, cold")
    medians = bench.medians(
        [
            Contestant("sayso secret-scan, 5 files, cold", [str(BIN / "sayso"), "secret-scan"], bench.forget),
            Contestant("detect-secrets-hook, same files", [str(BIN / "detect-secrets-hook"), "--no-verify", *names]),
        ]
    )
    table("secret-scan", medians, "sayso secret-scan, 5 files, cold")


def commits(bench: Bench) -> None:
    """Whole commits through runners, beside semgrep and detect-secrets as people install them."""
    source = bench.folder / "source"
    ours = configuration(source, publish(source), COMBINED)
    theirs = (
        "repos:\n  - repo: local\n    hooks:\n"
        "      - id: semgrep\n        name: semgrep\n        language: system\n        types: [python]\n"
        f"        entry: {BIN}/semgrep scan --config {ROOT}/rules/semgrep/compiled/python.json --error --metrics off"
        " --disable-version-check --quiet\n"
        "      - id: detect-secrets\n        name: detect-secrets\n        language: system\n"
        f"        entry: {BIN}/detect-secrets-hook --no-verify\n"
    )
    bench.environment |= {"PRE_COMMIT_HOME": str(bench.folder / "pc"), "PREK_HOME": str(bench.folder / "prek")}
    config = bench.project / ".pre-commit-config.yaml"

    def use(text: str, runner: str, *, forget: bool) -> Callable[[], None]:
        def before() -> None:
            config.write_text(text)
            bench.run("git", "add", str(config))
            bench.run(runner, "install", "-f", *(["-t", "pre-commit", "-t", "commit-msg"]))
            bench.run("git", "reset", "--quiet", "--soft", start)
            if forget:
                bench.forget()

        return before

    start = bench.run("git", "rev-parse", "HEAD").stdout.strip()
    argv = ["git", "commit", "--quiet", "--message", "Add files"]
    for runner in ("prek", "pre-commit"):
        contestants = [
            Contestant(f"sayso through {runner}, cold", argv, use(ours, runner, forget=True)),
            Contestant(f"sayso through {runner}, known blobs", argv, use(ours, runner, forget=False)),
        ]
        if runner == "pre-commit":
            contestants.append(
                Contestant("semgrep + detect-secrets through pre-commit", argv, use(theirs, runner, forget=False))
            )
        else:
            contestants.append(
                Contestant("semgrep + detect-secrets through prek", argv, use(theirs, runner, forget=False))
            )
        table(f"A commit of 5 files through {runner}", bench.medians(contestants), contestants[0].name)


def history(bench: Bench) -> None:
    """Print how many commits a second ``sayso history`` reads of this project's own clone."""
    count = int(
        subprocess.run(
            ["git", "rev-list", "--count", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=True
        ).stdout
    )
    start = time.perf_counter()
    subprocess.run([str(BIN / "sayso"), "history"], cwd=ROOT, env=bench.environment, check=True, capture_output=True)
    print(f"\nsayso history: {count} commits, {count / (time.perf_counter() - start):.0f} a second, start-up included")


def main() -> int:
    """Print all tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=10)
    parser.add_argument("--only", choices=("light", "cold", "commits", "history"))
    args = parser.parse_args()
    machine = f"{platform.platform()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    print(f"{machine}, medians of {args.runs} runs")
    with tempfile.TemporaryDirectory(prefix="sayso-bench-") as folder:
        bench = Bench(Path(folder), args.runs)
        names = bench.stage_files(NUMBER_OF_FILES)
        parts: dict[str, Callable[[], None]] = {
            "light": lambda: light(bench),
            "cold": lambda: cold(bench, names),
            "commits": lambda: commits(bench),
            "history": lambda: history(bench),
        }
        for name, part in parts.items():
            if args.only in {None, name}:
                part()
    return 0


if __name__ == "__main__":
    sys.exit(main())
