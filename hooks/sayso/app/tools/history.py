"""``sayso history``: what the hooks would have said of existing commits.

One JSON line a commit, oldest first, or a summary for a person. Messages and
paths only: nothing is scanned, so what a claim would have rested on is not said.
Commits stream through; nothing is kept but counts.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterator
from typing import Any, NamedTuple, TextIO

from sayso.adapters.git import Repository
from sayso.adapters.raw import Commit
from sayso.adapters.resources import read_table
from sayso.checks import ai_authorship, secure_claims, sensitive_paths
from sayso.checks.ai_authorship import AuthorRules
from sayso.checks.secure_claims import ClaimRules
from sayso.checks.sensitive_paths import AreaRules
from sayso.message import stored
from sayso.model import UsageError
from sayso.reports.safe import visible

PASSES_ON = True

_PROGRESS_EVERY = 250
_SHOWN = 10
_SELECTS = (
    *("--since", "--until", "--after", "--before", "--author", "--committer", "--grep", "--invert-grep", "--max-count"),
    *("--skip", "--all", "--branches", "--tags", "--remotes", "--glob", "--exclude", "--first-parent", "--merges"),
    *("--no-merges", "--ancestry-path", "-n", "-i"),
)


class Judges(NamedTuple):
    """The rules that a commit is judged by."""

    claims: ClaimRules
    authors: AuthorRules
    areas: AreaRules


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("range", nargs="*", metavar="RANGE", help="revisions, as git log takes them; HEAD by default")
    parser.add_argument("--stdin", action="store_true", help="read commit ids from standard input, one a line")
    parser.add_argument("--format", choices=("jsonl", "text"), help="jsonl is the default where stdout is no terminal")


def run(args: argparse.Namespace, out: TextIO) -> int:
    """Print what is found; always 0, because nothing is refused."""
    end = args.passed_on.index("--") if "--" in args.passed_on else len(args.passed_on)
    args.passed_on, paths = args.passed_on[:end], args.passed_on[end:]
    for option in args.passed_on:
        if not option.startswith(_SELECTS) and not option[1:].isdigit():
            raise UsageError(f"history: {option} does not select commits: see git help log")
    repo = Repository()
    judges = Judges(
        secure_claims.read_rules(read_table("claims.toml")),
        ai_authorship.read_rules(read_table("ai_authors.toml")),
        sensitive_paths.read_rules(read_table("sensitive_areas.toml")),
    )
    lines = (line_of(commit, judges) for commit in _progress(_commits(repo, args, paths)))
    if (args.format or ("text" if out.isatty() else "jsonl")) == "jsonl":
        out.writelines(json.dumps(line) + "\n" for line in lines)
    else:
        out.write(summary(lines))
    return 0


def _commits(repo: Repository, args: argparse.Namespace, paths: list[str]) -> Iterator[Commit]:
    if args.stdin:
        if args.range or args.passed_on or paths:
            raise UsageError("history: give either RANGE or --stdin")
        return repo.commits(sys.stdin.buffer)
    if not args.range and not args.passed_on and not repo.head():
        sys.stderr.write("sayso: there are no commits yet\n")
        return iter(())
    return repo.log([*args.passed_on, *args.range, *paths])


def line_of(commit: Commit, judges: Judges) -> dict[str, Any]:
    """Return what is said of one commit."""
    text = stored(commit.message)
    names = dict.fromkeys(name for change in commit.changes for name in change.names)
    return {
        "commit": commit.id,
        "claims": [
            {"rule": claim.rule, "kind": claim.kind, "tier": claim.tier, "line": claim.line, "text": claim.text}
            for claim in secure_claims.find_claims(text, judges.claims, "message")
        ],
        "ai": [
            {"rule": marker.rule, "tool": marker.tool, "where": marker.where}
            for marker in ai_authorship.find_markers(text, commit.author, commit.committer, judges.authors)
        ],
        "sensitive": [
            {"area": area, "path": name} for name in names for area in sensitive_paths.areas_of(name, judges.areas)
        ],
    }


def summary(lines: Iterator[dict[str, Any]]) -> str:
    """Return counts for a person, and the latest claims."""
    count = marked = touching = refused = warned = 0
    tools: Counter[str] = Counter()
    areas: Counter[str] = Counter()
    latest: list[str] = []
    for line in lines:
        count += 1
        marked += bool(line["ai"])
        touching += bool(line["sensitive"])
        tools.update({item["tool"] for item in line["ai"]})
        areas.update({item["area"] for item in line["sensitive"]})
        tiers = {claim["tier"] for claim in line["claims"]}
        refused += "refuse" in tiers
        warned += bool(tiers) and "refuse" not in tiers
        latest += [
            f"{line['commit'][:12]} {claim['tier']:<6} {claim['kind']:<8} {claim['text']}" for claim in line["claims"]
        ]
        del latest[:-_SHOWN]
    rows = [
        f"{count} commit{'' if count == 1 else 's'}",
        f"{refused} with a claim that needs evidence or is refused, {warned} with one that draws a warning",
        f"{marked} with the mark of a coding tool{_named(tools)}",
        f"{touching} that touch a sensitive area{_named(areas)}",
    ]
    if latest:
        rows += ["", "the latest claims:", *(f"  {visible(row)}" for row in latest)]
    return "\n".join(rows) + "\n"


def _named(counter: Counter[str]) -> str:
    common = ", ".join(f"{name} {number}" for name, number in counter.most_common(_SHOWN))
    return f": {common}" if common else ""


def _progress(commits: Iterator[Commit]) -> Iterator[Commit]:
    shown = sys.stderr.isatty()
    count = 0
    for count, commit in enumerate(commits, 1):
        if shown and count % _PROGRESS_EVERY == 0:
            sys.stderr.write(f"\r{count} commits")
        yield commit
    if shown and count >= _PROGRESS_EVERY:
        sys.stderr.write("\r\033[K")
