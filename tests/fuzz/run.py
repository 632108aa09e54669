"""Fuzz the parsers, guided by coverage.

    python tests/fuzz/run.py TARGET [-- LIBFUZZER-OPTIONS]     one target, until it is stopped or something breaks
    python tests/fuzz/run.py --all [--seconds N] [--jobs N]    every target for a while: what `make fuzz` does

What is found on the way is kept in build/fuzz/TARGET, beside what broke. Of the latter, put the smallest input that
still breaks into tests/fuzz/corpus/TARGET: the tests replay it from then on.
"""

from __future__ import annotations

import argparse
import os
import pkgutil
import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parent.parent.parent
BUILD = ROOT / "build" / "fuzz"
CORPUS = Path(__file__).parent / "corpus"
HOW = "atheris is not installed: make fuzz installs it, and so does: pip install atheris"
LEFT_OUT = ("sayso.app.", "sayso.cli", "sayso.adapters.secrets_")
"""What is not measured: modules that parse nothing, or that need an engine."""

_MOST_WORDS = 400
_STATUS = re.compile(r"cov: (\d+) ft: (\d+)")
_SPEED = re.compile(r"stat::average_exec_per_sec:\s+(\d+)")
_COUNT = re.compile(r"stat::number_of_executed_units:\s+(\d+)")


class Outcome(NamedTuple):
    """What came of fuzzing one target."""

    target: str
    code: int
    runs: int
    speed: int
    coverage: int
    features: int
    log: Path


def one(target: str, options: list[str]) -> None:
    """Fuzz one target in this process; libFuzzer ends it."""
    try:
        atheris: Any = import_module("atheris")  # no dependency of ours: only whoever fuzzes has it
    except ImportError:
        sys.exit(HOW)
    sys.path.insert(0, str(ROOT / "tests"))
    with atheris.instrument_imports(include=["sayso"]):
        for name in _modules():
            import_module(name)
    from fuzz import targets

    if target not in targets.TARGETS:
        sys.exit(f"{target} is not one of {', '.join(targets.TARGETS)}")
    kept = BUILD / target
    (kept / "found").mkdir(parents=True, exist_ok=True)
    words = kept / "words.dict"
    words.write_text("".join(f'"{word}"\n' for word in _words(target)))
    given = [
        *(f"-dict={words}", f"-artifact_prefix={kept}{os.sep}", f"-max_len={targets.MOST_BYTES}"),
        *("-timeout=30", "-rss_limit_mb=2048", "-print_final_stats=1"),
        *options,
        *(str(kept / "found"), str(CORPUS / target)),
    ]
    atheris.Setup([sys.argv[0], *given], lambda data: targets.run(target, data))
    atheris.Fuzz()


def _modules() -> Iterator[str]:
    import sayso

    for module in pkgutil.walk_packages(sayso.__path__, "sayso."):
        if not module.name.startswith(LEFT_OUT):
            yield module.name


def _words(target: str) -> list[str]:
    """Return what the seeds are made of: words, and marks that come in a row."""
    found: Counter[str] = Counter()
    for seed in (CORPUS / target).iterdir():
        found.update(
            re.findall(r"[A-Za-z0-9_./@-]{3,40}|[^\s\w\"\\]{1,4}", seed.read_bytes().decode("ascii", "ignore"))
        )
    return [word for word, _ in found.most_common(_MOST_WORDS) if word.isprintable()]


def every(seconds: int, jobs: int) -> int:
    """Fuzz every target for some seconds each; return 1 if one of them broke."""
    targets = sorted(path.name for path in CORPUS.iterdir() if path.is_dir())
    BUILD.mkdir(parents=True, exist_ok=True)
    sys.stdout.write(f"{'target':<18} {'runs':>9} {'a second':>9} {'coverage':>9} {'features':>9}\n")
    broken = 0
    with ThreadPoolExecutor(jobs) as pool:
        for outcome in pool.map(lambda target: _timed(target, seconds), targets):
            numbers = (outcome.runs, outcome.speed, outcome.coverage, outcome.features)
            said = f"  BROKEN, see {outcome.log.relative_to(ROOT)}" if outcome.code else ""
            sys.stdout.write(f"{outcome.target:<18} {' '.join(f'{number:>9}' for number in numbers)}{said}\n")
            sys.stdout.flush()
            broken += bool(outcome.code)
    return 1 if broken else 0


def _timed(target: str, seconds: int) -> Outcome:
    command = [sys.executable, __file__, target, "--", f"-max_total_time={seconds}"]
    log = BUILD / f"{target}.log"
    started = time.monotonic()
    with log.open("wb") as out:
        code = subprocess.run(command, stdout=out, stderr=subprocess.STDOUT, check=False, cwd=ROOT).returncode
    said = log.read_text(errors="replace")
    coverage, features = (_STATUS.findall(said) or [("0", "0")])[-1]
    speed, runs = (int(found[1]) if (found := pattern.search(said)) else 0 for pattern in (_SPEED, _COUNT))
    if HOW in said:
        sys.exit(HOW)
    return Outcome(
        target, code, runs, speed or int(runs / (time.monotonic() - started)), int(coverage), int(features), log
    )


def main() -> int:
    """Read the command line."""
    end = sys.argv.index("--") if "--" in sys.argv else len(sys.argv)
    parser = argparse.ArgumentParser(description="Fuzz the parsers, guided by coverage.")
    parser.add_argument("target", nargs="?", help="the name of a folder of tests/fuzz/corpus")
    parser.add_argument("--all", action="store_true", help="fuzz every target, one after another")
    parser.add_argument("--seconds", type=int, default=20, help="how long, with --all (default 20)")
    parser.add_argument("--jobs", type=int, default=1, help="how many at a time, with --all (default 1)")
    args = parser.parse_args(sys.argv[1:end])
    if args.all == bool(args.target):
        parser.error("give either a target or --all")
    if args.all:
        return every(args.seconds, args.jobs)
    one(args.target, sys.argv[end + 1 :])
    return 0


if __name__ == "__main__":
    sys.exit(main())
