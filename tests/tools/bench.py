"""Measure speed as ratios against named peers in one run, because machines differ and are noisy.

make bench                       # all, printed
make bench BENCH="--write"       # and kept in docs/ with the picture of the README
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from importlib.metadata import version
from itertools import islice
from pathlib import Path

from sayso.prefilter import Prefilter
from tools.chart import DATA, draw
from tools.scratch import COMBINED, ROOT, configuration, publish
from tools.timing import Contestant, Table, compare, text

BIN = Path(sys.executable).parent
RULES = ROOT / "rules" / "semgrep" / "compiled" / "python.json"
LIBRARY = Path(os.__file__).parent
SAYSO = str(BIN / "sayso")
DRAWN = ("5 changed files", "200 files: secrets", "A commit of 5 files through prek", "A whole repository:")

_ADDED = [f"# Line {number} of a change that says nothing in particular about anything.\n" for number in range(10)]
_SUSPICIOUS = "\n\ndef _fetch(session, address):\n    return session.get(address, verify=False)\n"


class Bench:
    """A scratch repository with files to judge."""

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
        self.empty()

    def empty(self) -> None:
        """Begin anew, with one empty commit."""
        shutil.rmtree(self.project, ignore_errors=True)
        self.project.mkdir()
        self.run("git", "init", "--quiet", "--initial-branch=main")
        self.run("git", "commit", "--quiet", "--allow-empty", "--message", "Start")

    def run(self, *argv: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run a command in the project."""
        return subprocess.run(argv, cwd=self.project, env=self.environment, check=check, capture_output=True, text=True)

    def compare(self, title: str, contestants: Sequence[Contestant], runs: int = 0) -> Table:
        """Time the contestants; the first is the one that the others are put in relation to."""
        return compare(
            title,
            contestants,
            contestants[0].name,
            runs=runs or self.runs,
            cwd=self.project,
            environment=self.environment,
        )

    def stage_change(self, count: int, added: str = "", fitting: Callable[[Path], bool] | None = None) -> list[str]:
        """Stage a change of ten lines to real Python files, about 14 kB each; ``added`` goes to the end of each."""
        self.empty()
        files = (path for path in sorted(LIBRARY.rglob("*.py")) if 9_000 < path.stat().st_size < 19_000)
        names = self.add(list(islice(filter(fitting or Path.is_file, files), 10 * count)), count)
        self.run("git", "commit", "--quiet", "--message", "Files")
        for name in names:
            path = self.project / name
            lines = path.read_text().splitlines(keepends=True)
            middle = next((i for i, line in enumerate(lines) if i > len(lines) // 2 and line.startswith("def ")), 0)
            path.write_text("".join([*lines[:middle], *_ADDED, *lines[middle:], added]))
        self.run("git", "add", "--all")
        return names

    def add(self, paths: Sequence[Path], count: int) -> list[str]:
        """Copy and stage the first ``count`` of ``paths`` that are UTF-8 and no tests."""
        names: list[str] = []
        for path in paths:
            data = path.read_bytes()
            if len(names) < count and _is_utf8(data) and "test" not in path.parts:
                names.append(f"{len(names):04}_{path.name}")
                (self.project / names[-1]).write_bytes(data)
        self.run("git", "add", "--all")
        return names

    def copies(self, paths: Sequence[Path], count: int, number: int) -> list[str]:
        """Copy files below a folder of their own, told apart from other copies by a comment."""
        folder = self.project / f"copy{number}"
        folder.mkdir()
        names: list[str] = []
        for path in paths[:count]:
            data = path.read_bytes()
            if _is_utf8(data) and "test" not in path.parts:
                names.append(f"{folder.name}/{len(names):04}_{path.name}")
                (self.project / names[-1]).write_bytes(data + f"\n# Copy {number}\n".encode())
        self.run("git", "add", "--all")
        return names

    def forget(self) -> None:
        """Throw the ledger away."""
        shutil.rmtree(self.project / ".git" / "sayso", ignore_errors=True)


def _is_cleared(path: Path) -> bool:
    """Tell whether the filters let no rule through."""
    filters = Prefilter(json.loads((ROOT / "rules" / "semgrep" / "filters" / "python.json").read_text()))
    return _is_utf8(path.read_bytes()) and not any(filters.may_match(path.read_text(), "python").values())


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def light(bench: Bench) -> Iterator[Table]:
    """Light hooks beside a bare interpreter of the same environment."""
    bench.stage_change(5)
    message = bench.folder / "message.txt"
    message.write_text("Add a loader\n\nRead the file lazily, so that start-up does not wait for it.\n")
    bench.run(SAYSO, "sayso", check=False)
    yield bench.compare(
        "Light hooks, and scans of what is known, 5 files",
        [
            Contestant("python -I -c pass", [sys.executable, "-I", "-c", "pass"]),
            Contestant("sayso sensitive-paths", [SAYSO, "sensitive-paths"]),
            Contestant("sayso ai-authorship", [SAYSO, "ai-authorship", str(message)]),
            Contestant("sayso secure-claims, message", [SAYSO, "secure-claims", str(message)]),
            Contestant("sayso secure-claims, files", [SAYSO, "secure-claims"]),
            Contestant("sayso code-scan, known", [SAYSO, "code-scan"]),
            Contestant("sayso secret-scan, known", [SAYSO, "secret-scan"]),
            Contestant("sayso, known", [SAYSO, "sayso"]),
            Contestant("sayso commit-gate, known", [SAYSO, "commit-gate", str(message)]),
        ],
    )


def ranges(bench: Bench) -> Iterator[Table]:
    """A range of commits, three small changes each, all evidence known and all derived anew, beside git's own log."""
    bench.empty()
    names = bench.add(sorted(LIBRARY.rglob("*.py")), 30)
    bench.run("git", "commit", "--quiet", "--message", "Files")
    for number in range(100):
        for name in (names[(number * 3 + at) % len(names)] for at in range(3)):
            with (bench.project / name).open("a") as file:
                file.write(
                    f"\n# Line {number} of a change that says nothing in particular.\nVALUE_{number} = {number}\n"
                )
        bench.run("git", "commit", "--quiet", "--all", "--message", f"Change {number}\n\nSay what the files hold.")
    span = "HEAD~100..HEAD"
    log = ["git", "log", "--patch", span]
    bench.run(SAYSO, "verify", "--ledger", span, check=False)
    yield bench.compare(
        "A range of 100 commits",
        [
            Contestant("git log --patch", log),
            Contestant("sayso verify, known", [SAYSO, "verify", "--ledger", span]),
            Contestant("sayso verify, anew", [SAYSO, "verify", span]),
        ],
        runs=min(bench.runs, 3),
    )


def code(bench: Bench) -> Iterator[Table]:
    """code-scan beside the engine's own front ends with the same rules, and Bandit."""
    semgrep = [str(BIN / "semgrep"), "scan", "--config", str(RULES), "--metrics", "off", "--disable-version-check"]
    semgrep += ["--json", "--quiet"]
    for title, added, fitting in (
        ("5 changed files, a finding in each: code", _SUSPICIOUS, None),
        ("5 changed files, engine needed for some: code", "", None),
        ("5 changed files in which no rule can match: code", "", _is_cleared),
    ):
        names = bench.stage_change(5, added, fitting)
        yield bench.compare(
            title,
            [
                Contestant("sayso code-scan, cold", [SAYSO, "code-scan"], bench.forget),
                Contestant("sayso code-scan, again", [SAYSO, "code-scan"]),
                Contestant("semgrep scan, same rules", [*semgrep, *names]),
                Contestant("semgrep scan --experimental, same rules", [*semgrep, "--experimental", *names]),
                Contestant("bandit", [str(BIN / "bandit"), "-q", *names]),
            ],
        )


def secrets(bench: Bench) -> Iterator[Table]:
    """secret-scan beside detect-secrets' own hook."""
    for count in (5, 200):
        bench.empty()
        names = bench.add(sorted(LIBRARY.rglob("*.py")), count)
        hook = [str(BIN / "detect-secrets-hook"), "--no-verify", *names]
        yield bench.compare(
            f"{count} files: secrets",
            [
                Contestant("sayso secret-scan, cold", [SAYSO, "secret-scan"], bench.forget),
                Contestant("sayso secret-scan, again", [SAYSO, "secret-scan"]),
                Contestant("detect-secrets-hook", hook),
            ],
            runs=min(bench.runs, 5),
        )


def commits(bench: Bench) -> Iterator[Table]:
    """Whole commits through runners, beside semgrep and detect-secrets as people install them."""
    source = bench.folder / "source"
    ours = configuration(source, publish(source), COMBINED)
    theirs = (
        "repos:\n  - repo: local\n    hooks:\n"
        "      - id: semgrep\n        name: semgrep\n        language: system\n        types: [python]\n"
        f"        entry: {BIN}/semgrep scan --config {RULES} --error --metrics off"
        " --disable-version-check --quiet\n"
        "      - id: detect-secrets\n        name: detect-secrets\n        language: system\n"
        f"        entry: {BIN}/detect-secrets-hook --no-verify\n"
    )
    bench.environment |= {"PRE_COMMIT_HOME": str(bench.folder / "pc"), "PREK_HOME": str(bench.folder / "prek")}
    for count in (1, 5, 50):
        bench.stage_change(count)
        start = bench.run("git", "rev-parse", "HEAD").stdout.strip()
        for runner in ("prek", "pre-commit"):
            yield bench.compare(
                f"A commit of {count} file{'s' if count > 1 else ''} through {runner}",
                [
                    _commit(bench, "sayso, cold", ours, runner, start, forget=True),
                    _commit(bench, "sayso, known blobs", ours, runner, start),
                    _commit(bench, "semgrep and detect-secrets", theirs, runner, start),
                ],
                runs=min(bench.runs, 5),
            )


def _commit(bench: Bench, name: str, text: str, runner: str, start: str, *, forget: bool = False) -> Contestant:
    config = bench.project / ".pre-commit-config.yaml"

    def before() -> None:
        config.write_text(text)
        bench.run("git", "add", str(config))
        bench.run(runner, "install", "-f", *(["-t", "pre-commit", "-t", "commit-msg"]))
        bench.run("git", "reset", "--quiet", "--soft", start)
        if forget:
            bench.forget()

    return Contestant(name, ["git", "commit", "--quiet", "--message", "Add files"], before)


def whole(bench: Bench) -> Iterator[Table]:
    """A large repository, the Python library of this machine, at once and again; and a half and a quarter of it.

    The smaller ones hold the same files, so that a growth that is not linear shows: the larger ones hold copies of
    them, one comment apart, because known content is not examined twice.
    """
    files = sorted(path for path in LIBRARY.rglob("*.py") if "site-packages" not in path.parts)
    for share in (4, 2, 1):
        bench.empty()
        count = sum(len(bench.copies(files[::4], len(files), number)) for number in range(4 // share))
        bench.run("git", "commit", "--quiet", "--message", "Files")
        scan = [SAYSO, "sayso", "--all-files"]
        table = bench.compare(
            f"A whole repository of {count} files",
            [
                Contestant("sayso, first run", scan, bench.forget),
                Contestant("sayso, second run", scan),
            ],
            runs=1,
        )
        yield table if share > 1 else table._replace(title=f"A whole repository: {count} files")


def history(bench: Bench) -> None:
    """Print how many commits a second ``sayso history`` reads of this project's own clone."""
    count = int(
        subprocess.run(
            ["git", "rev-list", "--count", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=True
        ).stdout
    )
    start = time.perf_counter()
    subprocess.run([SAYSO, "history"], cwd=ROOT, env=bench.environment, check=True, capture_output=True)
    print(f"\nsayso history: {count} commits, {count / (time.perf_counter() - start):.0f} a second, start-up included")


def machine() -> str:
    """Where and with what the figures were taken."""
    tools = ", ".join(
        f"{name} {version(name)}" for name in ("semgrep", "detect-secrets", "bandit", "pre-commit", "prek")
    )
    system = f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    return f"{system}, {tools}"


def keep(tables: Sequence[Table], runs: int) -> None:
    """Write the figures and the picture."""
    document = {
        "machine": machine(),
        "runs": runs,
        "tables": [
            {
                "title": table.title,
                "drawn": table.title.startswith(DRAWN),
                "timings": [
                    {
                        key: round(value, 1) if isinstance(value, float) else value
                        for key, value in item._asdict().items()
                    }
                    | {"ratio": round(table.ratio(item), 2)}
                    for item in table.timings
                ],
            }
            for table in tables
        ],
    }
    DATA.parent.mkdir(exist_ok=True)
    DATA.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
    draw()


def main() -> int:
    """Print all tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parts: dict[str, Callable[[Bench], Iterator[Table]]] = {
        "light": light,
        "ranges": ranges,
        "code": code,
        "secrets": secrets,
        "commits": commits,
        "whole": whole,
    }
    parser.add_argument("--runs", type=int, default=10)
    parser.add_argument("--only", choices=(*parts, "history"))
    parser.add_argument("--write", action="store_true", help="keep the figures and the picture in docs/")
    args = parser.parse_args()
    print(f"{machine()}\nmedians of {args.runs} runs at most (fastest to slowest)")
    tables: list[Table] = []
    with tempfile.TemporaryDirectory(prefix="sayso-bench-") as folder:
        bench = Bench(Path(folder), args.runs)
        for name, part in parts.items():
            if args.only in {None, name}:
                for table in part(bench):
                    print(text(table), end="", flush=True)
                    tables.append(table)
        if args.only in {None, "history"}:
            history(bench)
    if args.write:
        keep(tables, args.runs)
    return 0


if __name__ == "__main__":
    sys.exit(main())
