"""Compare the light evaluation of the engine's filters with the engine itself, over any tree of files.

    python tests/measure/filters.py SET DIRECTORY...

The engine runs every rule of the set on every file, with its own filters off. Whatever it finds must be in a file and
by a rule that the filters let through. Printed are the share of pairs and of files that they let through, and what
they would have lost, which must be nothing.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from sayso.app.scanruns import known_languages
from sayso.prefilter import Prefilter
from sayso.scanners import semgrep
from tools.compile_filters import CORE

RULES = Path(__file__).resolve().parents[2] / "rules" / "semgrep"


class Comparison(NamedTuple):
    """What the filters let through of ``files`` and of pairs of rule and file, what was found, and what was lost."""

    files: int
    files_through: int
    pairs: int
    pairs_through: int
    found: int
    lost: tuple[tuple[str, str], ...]


def targets(rule_set: str, paths: Iterable[Path]) -> dict[str, str]:
    """The files that the set is for, with the analyzer that reads each."""
    languages = {str(path.resolve()): known_languages().of(path.name) for path in paths if path.is_file()}
    return {path: semgrep.analyzer(kind.id) for path, kind in languages.items() if kind.rules == rule_set}


def compare(rule_set: str, files: Mapping[str, str]) -> Comparison:
    """Run the engine over ``files`` and hold its findings against the filters."""
    filters = Prefilter(json.loads((RULES / "filters" / f"{rule_set}.json").read_text(encoding="utf-8")))
    through = {}
    for path, how in files.items():
        text = Path(path).read_bytes().decode("utf-8", "replace")
        through[path] = {rule for rules in filters.may_match(text, how).values() for rule in rules}
    found = engines(rule_set, files)
    lost = sorted((rule, path) for rule, path in found if rule not in through[path])
    rules = len(json.loads((RULES / "compiled" / f"{rule_set}.json").read_text(encoding="utf-8"))["rules"])
    files_through, pairs_through = sum(map(bool, through.values())), sum(map(len, through.values()))
    return Comparison(len(files), files_through, rules * len(files), pairs_through, len(found), tuple(lost))


def engines(rule_set: str, files: Mapping[str, str]) -> set[tuple[str, str]]:
    """Rules and files in which the engine finds something, with its own filters off."""
    listed = [(path, analyzer) for path, how in files.items() for analyzer in (how, semgrep.TEXT)]
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "targets.json").write_text(semgrep.targets_text(listed))
        argv = ["semgrep-core", "-json_nodots", "-j", "2", "-no_filter_irrelevant_rules", "-disable_rule_paths"]
        argv += ["-rules", str(RULES / "compiled" / f"{rule_set}.json"), "-targets", f"{folder}/targets.json"]
        env = {"PATH": os.defpath, "HOME": folder}
        run = subprocess.run(argv, executable=str(CORE), env=env, capture_output=True, check=True)
    return {(item["check_id"], item["path"]) for item in json.loads(run.stdout)["results"]}


def main(argv: Sequence[str]) -> int:
    """Print the comparison; exit 1 if anything was lost."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("set")
    parser.add_argument("directories", nargs="+", type=Path)
    options = parser.parse_args(argv)
    seen = compare(options.set, targets(options.set, (p for d in options.directories for p in sorted(d.rglob("*")))))
    print(f"{seen.files} files, {seen.files_through} let through ({seen.files_through / max(seen.files, 1):.1%})")
    print(f"{seen.pairs} pairs of rule and file, {seen.pairs_through} let through", end=" ")
    print(f"({seen.pairs_through / max(seen.pairs, 1):.2%})")
    print(f"{seen.found} pairs with findings, {len(seen.lost)} lost")
    for rule, path in seen.lost:
        print(f"lost: {rule} in {path}")
    return 1 if seen.lost else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
