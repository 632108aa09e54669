"""Score the semgrep rules on labelled sets, per CWE, beside Bandit and other rules where they are there.

    python tests/measure/sast.py python DIR... [--half A] [--peer-rules DIR] [--list missed] [--min-severity ERROR]

How a set says what is unsafe, first of these that it has:

- ``manifest.jsonl``: a line for each case, ``{"path": "a.py", "cwe": 89, "vulnerable": true}``, with ``start`` and
  ``end`` where the case is some lines of the file and only findings there count;
- ``expectedresults*.csv``, as the OWASP benchmarks have it: name, category, true or false, CWE;
- folders ``CWE-89/bad/`` and ``CWE-89/good/``;
- source files below a folder (or with a name) such as ``CWE-089``, all taken to be unsafe in that way, which gives a
  true positive rate alone. With safe cases there is also a false positive rate, and their difference, Youden's index.

A finding counts if it has the labelled CWE or one of its family. ``--half A`` or ``--half B`` scores one half of the
files, divided by a hash of their names: look at one, score on both.
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
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

RULES = Path(__file__).resolve().parents[2] / "rules" / "semgrep" / "compiled"
CORE = Path(sysconfig.get_path("purelib")) / "semgrep" / "bin" / "semgrep-core"
SUFFIXES = {
    "python": {".py"},
    "javascript": {".js", ".jsx", ".ts", ".tsx", ".mjs", ".cjs"},
    "java": {".java"},
    "csharp": {".cs"},
    "go": {".go"},
    "php": {".php"},
    "ruby": {".rb"},
    "c": {".c", ".h", ".cc", ".cpp", ".cxx", ".hpp"},
}
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
LAST = sys.maxsize


class Case(NamedTuple):
    """One labelled file, or some lines of it."""

    path: str
    cwe: int
    unsafe: bool
    start: int = 1
    end: int = LAST


class Hit(NamedTuple):
    """One finding: its lines and the numbers that its rule names."""

    start: int
    end: int
    cwes: frozenset[int]


class Tally(NamedTuple):
    """Counts of one CWE: unsafe cases and how many were found, safe cases and how many were flagged."""

    unsafe: int = 0
    found: int = 0
    safe: int = 0
    flagged: int = 0


Hits = Mapping[str, list[Hit]]


def related(label: int, found: Iterable[int]) -> bool:
    """Whether a finding with the numbers ``found`` answers to the label."""
    wanted = {label}.union(*(family for family in FAMILIES if label in family))
    return not wanted.isdisjoint(found)


def cases(directory: Path, language: str, half: str) -> list[Case]:
    """The labelled files below ``directory``."""
    found = _labelled(directory, language)
    return [case for case in found if not half or _half(Path(case.path), directory) == half]


def _labelled(directory: Path, language: str) -> Iterator[Case]:
    manifest = directory / "manifest.jsonl"
    if manifest.exists():
        for row in map(json.loads, manifest.read_text(encoding="utf-8").splitlines()):
            lines = (row.get("start", 1), row.get("end", LAST))
            yield Case(str(directory / row["path"]), int(row["cwe"]), row["vulnerable"] is True, *lines)
        return
    files = sorted(p for p in directory.rglob("*") if p.suffix in SUFFIXES[language] and p.is_file())
    tables = sorted(directory.glob("expectedresults*.csv"))
    labels: dict[str, list[str]] = {}
    if tables:
        with tables[-1].open(encoding="utf-8", newline="") as stream:
            labels = {row[0]: row for row in csv.reader(stream) if len(row) >= 4 and not row[0].startswith("#")}
    for path in files:
        named = re.search(r"CWE-?0*(\d+)", str(path))
        if path.stem in labels:
            yield Case(str(path), int(labels[path.stem][3]), labels[path.stem][2].strip() == "true")
        elif named and not tables:
            yield Case(str(path), int(named[1]), "good" not in path.relative_to(directory).parts[:-1])


def _half(path: Path, base: Path) -> str:
    return "AB"[hashlib.sha256(str(path.relative_to(base)).encode()).digest()[0] & 1]


def semgrep(directory: Path, config: Path, severities: frozenset[str] = frozenset()) -> Hits:
    """Findings by path, of the engine with the rules of ``config``; of some severities, or of all."""
    options = "--experimental --json --metrics off --disable-version-check --disable-nosem --no-git-ignore"
    limits = "--max-target-bytes 0 --timeout 10 --timeout-threshold 0 -j 2"
    argv = ["osemgrep", "scan", *options.split(), *limits.split(), "--config", str(config), str(directory)]
    with tempfile.TemporaryDirectory() as home:
        env = {"PATH": "/usr/bin:/bin", "HOME": home, "SEMGREP_SEND_METRICS": "off"}
        run = subprocess.run(argv, executable=str(CORE), env=env, capture_output=True, check=False)
    hits: dict[str, list[Hit]] = defaultdict(list)
    for item in json.loads(run.stdout)["results"]:
        if not severities or item["extra"]["severity"] in severities:
            cwes = _numbers(item["extra"]["metadata"].get("cwe", ()))
            hits[item["path"]].append(Hit(item["start"]["line"], item["end"]["line"], cwes))
    return hits


def _numbers(value: object) -> frozenset[int]:
    """CWE numbers, as we write them (numbers) or as others do ("CWE-89: ...", alone or in a list)."""
    values = value if isinstance(value, (list, tuple)) else [value]
    return frozenset(int(m[1]) for v in values if (m := re.match(r"(?:CWE-)?(\d+)", str(v))))


def bandit(directory: Path) -> Hits | None:
    """Findings by path, of Bandit, if it is installed."""
    exe = shutil.which("bandit")
    if exe is None:
        return None
    run = subprocess.run([exe, "-r", "-q", "-f", "json", str(directory)], capture_output=True, check=False)
    hits: dict[str, list[Hit]] = defaultdict(list)
    for item in json.loads(run.stdout)["results"]:
        lines = item.get("line_range") or [item["line_number"]]
        cwes = frozenset({int(item.get("issue_cwe", {}).get("id", 0))})
        hits[item["filename"]].append(Hit(min(lines), max(lines), cwes))
    return hits


def flagged(case: Case, hits: Hits) -> bool:
    """Whether a finding answers to ``case``: on its lines, with its CWE or a kin of it."""
    return any(
        hit.start <= case.end and hit.end >= case.start and related(case.cwe, hit.cwes)
        for hit in hits.get(case.path, ())
    )


def score(labelled: Iterable[Case], hits: Hits) -> dict[int, Tally]:
    """Counts by CWE."""
    tallies: dict[int, Tally] = defaultdict(Tally)
    for case in labelled:
        hit = flagged(case, hits)
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


def _listing(labelled: Iterable[Case], hits: Hits, kind: str) -> str:
    """The cases that were judged wrongly in one way: unsafe and ``missed``, or safe and ``flagged``."""
    wrong = [c for c in labelled if c.unsafe == (kind == "missed") and flagged(c, hits) != c.unsafe]
    return "".join(f"{kind} CWE-{c.cwe} {c.path}" + (f":{c.start}" if c.start > 1 else "") + "\n" for c in wrong)


def _report(directory: Path, options: argparse.Namespace) -> str:
    labelled = cases(directory, options.language, options.half)
    if not labelled:
        return f"{directory}: no labelled files\n"
    severities = frozenset({"ERROR"}) if options.min_severity == "ERROR" else frozenset[str]()
    mine = semgrep(directory, RULES / f"{options.language}.json", severities)
    text = table(f"{directory}: ours", score(labelled, mine)) + "\n"
    if options.list:
        text += _listing(labelled, mine, options.list) + "\n"
    peer = bandit(directory) if options.language == "python" else None
    if peer is not None:
        text += table(f"{directory}: bandit", score(labelled, peer)) + "\n"
    if options.peer_rules:
        others = semgrep(directory, options.peer_rules)
        text += table(f"{directory}: {options.peer_rules}", score(labelled, others)) + "\n"
    return text


def main() -> int:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("language", choices=sorted(SUFFIXES))
    parser.add_argument("directories", nargs="+", type=Path)
    parser.add_argument("--half", choices=("A", "B"), default="")
    parser.add_argument("--peer-rules", type=Path, help="semgrep rules of others, scored beside ours")
    parser.add_argument("--list", choices=("missed", "flagged"), help="name the cases that ours judge wrongly so")
    parser.add_argument("--min-severity", choices=("WARNING", "ERROR"), default="WARNING")
    options = parser.parse_args()
    for directory in options.directories:
        sys.stdout.write(_report(directory, options))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
