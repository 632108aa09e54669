"""Score the semgrep rules on labelled sets, per CWE, beside Bandit where it is installed.

    python tests/measure/sast.py python DIR...

A directory with an ``expectedresults*.csv`` (as the OWASP benchmarks have it: name, category, true or false, CWE) has
safe and unsafe cases, which gives a true positive rate, a false positive rate and their difference, Youden's index. In
any other directory each source file below a folder (or with a name) such as ``CWE-089`` is taken to be unsafe in that
way, which gives a true positive rate alone. A finding counts if it has the labelled CWE or one of its family.
``--half A`` or ``--half B`` scores one half of the files, divided by a hash of their names: look at one, score on both.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import re
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

RULES = Path(__file__).resolve().parents[2] / "rules" / "semgrep" / "compiled"
CORE = Path(sysconfig.get_path("purelib")) / "semgrep" / "bin" / "semgrep-core"
SUFFIXES = {"python": {".py"}, "javascript": {".js", ".jsx", ".ts", ".tsx", ".mjs", ".cjs"}, "java": {".java"}}
# Numbers that name one fault at different depths; a case labelled with one is found by a rule that says another.
FAMILIES = (
    {22, 23, 36, 73, 99, 434},
    {77, 78, 88, 116},
    {79, 80, 116},
    {89, 564, 943},
    {94, 95, 96, 1336},
    {90, 91, 643},
    {259, 321, 798, 521, 522},
    {295, 297},
    {326, 327, 328, 759, 760, 916},
    {323, 329, 1204},
    {330, 331, 335, 336, 337, 338, 339, 340},
    {611, 827},
    {20, 502},
    {113, 93, 117},
    {319, 614, 1004, 311},
    {400, 730, 1333},
    {732, 276},
    {209, 497, 200},
    {377, 379},
    {489, 215},
    {345, 347},
)
BANDIT_CWE = re.compile(r"\d+")


class Case(NamedTuple):
    """One labelled file."""

    path: str
    cwe: int
    unsafe: bool


class Tally(NamedTuple):
    """Counts of one CWE: unsafe cases and how many were found, safe cases and how many were flagged."""

    unsafe: int = 0
    found: int = 0
    safe: int = 0
    flagged: int = 0


def related(label: int, found: Iterable[int]) -> bool:
    """Whether a finding with the numbers ``found`` answers to the label."""
    wanted = {label}.union(*(family for family in FAMILIES if label in family))
    return not wanted.isdisjoint(found)


def cases(directory: Path, language: str, half: str) -> list[Case]:
    """The labelled files below ``directory``."""
    tables = sorted(directory.glob("expectedresults*.csv"))
    files = sorted(p for p in directory.rglob("*") if p.suffix in SUFFIXES[language] and p.is_file())
    files = [p for p in files if not half or _half(p, directory) == half]
    if not tables:
        return [Case(str(p), int(m[1]), True) for p in files if (m := re.search(r"CWE-?0*(\d+)", str(p)))]
    with tables[-1].open(encoding="utf-8", newline="") as stream:
        labels = {row[0]: row for row in csv.reader(stream) if len(row) >= 4 and not row[0].startswith("#")}
    return [
        Case(str(p), int(labels[p.stem][3]), labels[p.stem][2].strip() == "true") for p in files if p.stem in labels
    ]


def _half(path: Path, base: Path) -> str:
    return "AB"[hashlib.sha256(str(path.relative_to(base)).encode()).digest()[0] & 1]


def ours(directory: Path, language: str) -> Mapping[str, set[int]]:
    """CWE numbers by path, found by our rules."""
    options = "--experimental --json --metrics off --disable-version-check --disable-nosem --no-git-ignore"
    limits = "--max-target-bytes 0 --timeout 10 --timeout-threshold 0 -j 2"
    config = str(RULES / f"{language}.json")
    argv = ["osemgrep", "scan", *options.split(), *limits.split(), "--config", config, str(directory)]
    with tempfile.TemporaryDirectory() as home:
        env = {"PATH": "/usr/bin:/bin", "HOME": home, "SEMGREP_SEND_METRICS": "off"}
        run = subprocess.run(argv, executable=str(CORE), env=env, capture_output=True, check=False)
    numbers: dict[str, set[int]] = defaultdict(set)
    for item in json.loads(run.stdout)["results"]:
        numbers[item["path"]].update(item["extra"]["metadata"]["cwe"])
    return numbers


def bandit(directory: Path) -> Mapping[str, set[int]] | None:
    """CWE numbers by path, found by Bandit, if it is installed."""
    exe = shutil.which("bandit")
    if exe is None:
        return None
    run = subprocess.run([exe, "-r", "-q", "-f", "json", str(directory)], capture_output=True, check=False)
    numbers: dict[str, set[int]] = defaultdict(set)
    for item in json.loads(run.stdout)["results"]:
        numbers[item["filename"]].add(int(item.get("issue_cwe", {}).get("id", 0)))
    return numbers


def score(labelled: Iterable[Case], numbers: Mapping[str, set[int]]) -> dict[int, Tally]:
    """Counts by CWE."""
    tallies: dict[int, Tally] = defaultdict(Tally)
    for case in labelled:
        hit = related(case.cwe, numbers.get(case.path, ()))
        old = tallies[case.cwe]
        if case.unsafe:
            tallies[case.cwe] = old._replace(unsafe=old.unsafe + 1, found=old.found + hit)
        else:
            tallies[case.cwe] = old._replace(safe=old.safe + 1, flagged=old.flagged + hit)
    return tallies


def _line(name: str, tally: Tally) -> str:
    tpr = tally.found / tally.unsafe if tally.unsafe else 0.0
    text = f"{name:>8}  found {tally.found:4}/{tally.unsafe:<4} TPR {tpr:.2f}"
    if tally.safe:
        fpr = tally.flagged / tally.safe
        text += f"   flagged {tally.flagged:4}/{tally.safe:<4} FPR {fpr:.2f}   Youden {tpr - fpr:+.2f}"
    return text + "\n"


def table(title: str, tallies: Mapping[int, Tally]) -> str:
    """Text: a line for each CWE, the sum, and the mean over the CWEs that have both kinds of case."""
    lines = [f"{title}\n"]
    lines += [_line(f"CWE-{cwe}", tallies[cwe]) for cwe in sorted(tallies)]
    total = Tally(*(sum(column) for column in zip(*tallies.values(), strict=True)))
    lines.append(_line("all", total))
    both = [t.found / t.unsafe - t.flagged / t.safe for t in tallies.values() if t.safe and t.unsafe]
    if both:
        lines.append(f"mean of {len(both)} classes: Youden {sum(both) / len(both):+.2f}\n")
    return "".join(lines)


def main() -> int:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("language", choices=sorted(SUFFIXES))
    parser.add_argument("directories", nargs="+", type=Path)
    parser.add_argument("--half", choices=("A", "B"), default="")
    options = parser.parse_args()
    for directory in options.directories:
        labelled = cases(directory, options.language, options.half)
        if not labelled:
            sys.stdout.write(f"{directory}: no labelled files\n")
            continue
        sys.stdout.write(table(f"{directory}: ours", score(labelled, ours(directory, options.language))) + "\n")
        peer = bandit(directory) if options.language == "python" else None
        if peer is not None:
            sys.stdout.write(table(f"{directory}: bandit", score(labelled, peer)) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
