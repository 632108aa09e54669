"""Score secret-scan on labelled lines, beside the library with its own settings.

    python tests/measure/secrets.py ROWS.jsonl [--root FOLDER] [--peer]

A row is a JSON object with ``path`` (below the root) or ``text``, ``line`` (from 1, default 1), ``end`` (default
``line``) and ``label``: "T" or true for a secret, anything else for none. Rows of the same place count once, and as a
secret if any of them says so. A finding anywhere from ``line`` to ``end`` is a hit.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from sayso.app.scanruns import known_languages
from sayso.app.secret_engine import SecretScan
from sayso.evidence import Subject
from sayso.lines import decode

Places = Mapping[str, set[int]]
_CHUNK = 300
_PEER = """
import json, sys
from detect_secrets.core import scan
from detect_secrets.settings import default_settings, get_settings
found = {}
with default_settings():
    get_settings().disable_filters("detect_secrets.filters.common.is_ignored_due_to_verification_policies")
    for path in sys.stdin.read().split("\\n"):
        found[path] = sorted({secret.line_number for secret in scan.scan_file(path)})
json.dump(found, sys.stdout)
"""


def read_rows(path: str, root: str, folder: Path) -> dict[tuple[str, int, int], bool]:
    """Return whether each place is a secret; a row's text is written to a file of its own."""
    labels: dict[tuple[str, int, int], bool] = {}
    for number, row in enumerate(map(json.loads, Path(path).read_text(encoding="utf-8").splitlines())):
        if "text" in row:
            name = str(folder / f"{number}-{os.path.basename(row.get('path', 'row.txt'))}")
            Path(name).write_text(row["text"], encoding="utf-8")
        else:
            name = os.path.join(root, row["path"])
        line = int(row.get("line", 1))
        place = (name, line, int(row.get("end", line)))
        labels[place] = labels.get(place, False) or row["label"] in ("T", "true", True)
    return labels


def ours(paths: Iterable[str], severities: frozenset[str]) -> Places:
    """Return the lines that secret-scan reports under a rule of one of ``severities``."""
    engine, found = SecretScan(), {}
    paths = sorted(paths)
    for start in range(0, len(paths), _CHUNK):
        with tempfile.TemporaryDirectory() as folder:
            names: dict[str, str] = {}
            subjects: dict[str, Subject] = {}
            for number, path in enumerate(paths[start : start + _CHUNK]):
                data = Path(path).read_bytes()
                subject = engine.subject(path, f"{number:040}", known_languages().of(path, data[:200]))
                text = decode(data).text
                if subject is None or text is None:
                    continue
                name = os.path.join(folder, f"{number}{engine.suffix(subject)}")
                Path(name).write_bytes(text.encode("utf-8", "replace"))
                names[name], subjects[name] = path, subject
            report = engine.scan(folder, subjects, sum(map(os.path.getsize, subjects)))
            for name, spots in report.spots.items():
                told = [spot for spot in spots if engine.rule(spot.rule).severity in severities]
                found[names[name]] = {line for spot in told for line in range(spot.line, spot.end_line + 1)}
    return found


def peer(paths: Iterable[str]) -> Places:
    """Return the lines that the library reports with its default settings, without asking the network."""
    done = subprocess.run(
        [sys.executable, "-c", _PEER], input="\n".join(sorted(paths)), capture_output=True, check=True, text=True
    )
    return {path: set(lines) for path, lines in json.loads(done.stdout).items()}


def score(labels: Mapping[tuple[str, int, int], bool], found: Places) -> dict[str, Any]:
    """Count hits and misses over the rows whose file was examined."""
    counts = {"TP": 0, "FN": 0, "FP": 0, "TN": 0}
    for (path, line, end), secret in labels.items():
        if path in found:
            hit = any(number in found[path] for number in range(line, end + 1))
            counts[("TP" if hit else "FN") if secret else ("FP" if hit else "TN")] += 1
    recall = counts["TP"] / max(counts["TP"] + counts["FN"], 1)
    false = counts["FP"] / max(counts["FP"] + counts["TN"], 1)
    return {
        **counts,
        "recall": round(recall, 3),
        "false positive rate": round(false, 3),
        "youden": round(recall - false, 3),
    }


def main() -> None:
    """Print one line for each scanner."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rows")
    parser.add_argument("--root", default=".")
    parser.add_argument("--peer", action="store_true", help="also run detect-secrets as it is")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        labels = read_rows(args.rows, args.root, Path(folder))
        paths = {path for path, _, _ in labels if os.path.isfile(path)}
        print("secret-scan, errors and warnings", score(labels, ours(paths, frozenset({"error", "warning"}))))
        print("secret-scan, errors", score(labels, ours(paths, frozenset({"error"}))))
        if args.peer:
            print("detect-secrets", score(labels, peer(paths)))


if __name__ == "__main__":
    main()
