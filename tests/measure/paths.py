"""Measure the sensitive areas on labelled paths: ``python tests/measure/paths.py PATHS.jsonl [-v]``.

A path counts as flagged if any area holds it. Two families of labels are scored
apart: by name (precision, recall) and by owner (recall, false-positive rate).
Repositories are dealt into two halves by hash: rules are written looking at the
first one only. ``-v`` lists what was missed and what was flagged wrongly there.
"""

from __future__ import annotations

import hashlib
import json
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2] / "hooks"))

from sayso.checks import sensitive_paths

RULES = Path(__file__).parents[2] / "rules" / "sensitive_areas.toml"
BY_NAME = ("named-dir", "lookalike", "no-security-word")
BY_OWNER = ("codeowners-security-team", "codeowners-other-team")


def half(repo: str) -> int:
    return hashlib.sha256(repo.encode()).digest()[-1] % 2


def ratio(part: int, whole: int) -> str:
    return f"{part / whole:.3f} ({part}/{whole})" if whole else "- (0/0)"


def score(title: str, rows: list[dict[str, Any]], sources: tuple[str, ...]) -> None:
    rows = [row for row in rows if row["label_source"] in sources]
    positive = [row["hit"] for row in rows if row["sensitive"]]
    negative = [row["hit"] for row in rows if not row["sensitive"]]
    hits = sum(positive)
    print(
        f"{title}: recall {ratio(hits, len(positive))}, precision {ratio(hits, hits + sum(negative))}, "
        f"false positives {ratio(sum(negative), len(negative))}"
    )


def throughput(paths: list[str], text: str) -> None:
    rules = sensitive_paths.parse_rules(text)
    for state in ("cold", "warm"):
        start = time.process_time()
        for path in paths:
            sensitive_paths.areas_of(path, rules)
        print(f"throughput, {state}: {len(paths) / (time.process_time() - start):,.0f} paths a second")


def listing(rows: list[dict[str, Any]]) -> None:
    for row in rows:
        if row["sensitive"] != bool(row["hit"]) and half(row["repo"]) == 0:
            print(f"{'missed ' if row['sensitive'] else 'flagged'} {row['label_source']} {row['path']} {row['areas']}")
    print(Counter(area for row in rows if not row["sensitive"] for area in row["areas"]).most_common())


def main(argv: list[str]) -> None:
    verbose = "-v" in argv
    files = [name for name in argv if name != "-v"]
    every = [json.loads(line) for name in files for line in Path(name).read_text().splitlines()]
    text = RULES.read_text()
    rules = sensitive_paths.parse_rules(text)
    for row in every:
        row["areas"] = sensitive_paths.areas_of(row["path"], rules)
        row["hit"] = bool(row["areas"])
    rows = [row for row in every if not row["ambiguous"]]
    for title, part in (
        ("all", rows),
        ("half looked at", [row for row in rows if half(row["repo"]) == 0]),
        ("half only scored", [row for row in rows if half(row["repo"]) == 1]),
    ):
        score(f"by name, {title}", part, BY_NAME)
    score("by owner", rows, BY_OWNER)
    for repo in sorted({row["repo"] for row in rows if row["label_source"] in BY_OWNER}):
        score(f"by owner, {repo}", [row for row in rows if row["repo"] == repo], BY_OWNER)
    score("by owner, with ambiguous rows", every, BY_OWNER)
    for source in (*BY_NAME, *BY_OWNER):
        part = [row["hit"] for row in rows if row["label_source"] == source]
        print(f"{source}: flagged {ratio(sum(part), len(part))}")
    throughput([row["path"] for row in every], text)
    if verbose:
        listing(rows)


if __name__ == "__main__":
    main(sys.argv[1:])
