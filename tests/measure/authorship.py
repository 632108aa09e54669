"""Measure ``ai-authorship`` on labelled commits: ``python tests/measure/authorship.py COMMITS.jsonl [-v] [--half N]``.

A row has ``author``, ``committer``, ``message``, ``label`` (ai, human, lookalike), and for "ai" ``tools``. ``--half``
takes the rows of repositories whose name hashes to 0 or 1, so that one half can be looked at and the other only scored.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import time
from collections import Counter
from typing import Any

from sayso.checks.ai_authorship import AuthorRules, Marker, find_markers, identity, parse_rules
from sayso.message import clean_message

Row = dict[str, Any]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("commits")
    parser.add_argument("-v", "--verbose", action="store_true", help="show what was missed and what was hit wrongly")
    parser.add_argument("--half", type=int, choices=(0, 1))
    parser.add_argument("--rules", default="rules/ai_authors.toml")
    args = parser.parse_args()
    with open(args.rules, encoding="utf-8") as file:
        rules = parse_rules(file.read(), args.rules)
    with open(args.commits, encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    rows = [row for row in rows if args.half in (None, half_of(row["repo"]))]
    started = time.perf_counter()
    found = [markers_of(row, rules) for row in rows]
    seconds = time.perf_counter() - started
    report(rows, found, verbose=args.verbose)
    print(f"{len(rows) / seconds:,.0f} commits a second ({seconds / len(rows) * 1000:.3f} ms each)")


def half_of(repository: str) -> int:
    return int(hashlib.sha1(repository.encode()).hexdigest(), 16) % 2


def markers_of(row: Row, rules: AuthorRules) -> list[Marker]:
    """A stored message has no comments left to drop."""
    message = clean_message(row["message"], keep_comments=True)
    return find_markers(message, identity(row["author"]), identity(row["committer"]), rules)


def report(rows: list[Row], found: list[list[Marker]], *, verbose: bool) -> None:
    for label in ("ai", "human", "lookalike"):
        hits = [(row, marks) for row, marks in zip(rows, found, strict=True) if row["label"] == label]
        count = sum(bool(marks) for _, marks in hits)
        print(f"{label}: {count} of {len(hits)} hit ({count / max(1, len(hits)):.2%})")
        for row, marks in hits if verbose else ():
            if bool(marks) != (label == "ai"):
                shown = marks or row.get("markers") or [row["author"], row["committer"]]
                print("  ", row["repo"], row["commit"][:10], *shown[:3], sep=" | ")
    by_tool(rows, found)


def by_tool(rows: list[Row], found: list[list[Marker]]) -> None:
    total: Counter[str] = Counter()
    hit: Counter[str] = Counter()
    for row, marks in zip(rows, found, strict=True):
        tools = row.get("tools") or ["(none named)"] if row["label"] == "ai" else []
        total.update(tools)
        hit.update(tools if marks else [])
    for tool, count in total.most_common():
        print(f"  {tool}: {hit[tool]} of {count}")


if __name__ == "__main__":
    main()
