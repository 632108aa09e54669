"""``sayso rules``: list every rule, one a line, or as JSON."""

from __future__ import annotations

import argparse
import json
from typing import TextIO

from sayso.app import rulebook


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--format", choices=("text", "json"), default="text")


def run(args: argparse.Namespace, out: TextIO) -> int:
    """Print the list."""
    entries = rulebook.rules().values()
    if args.format == "json":
        listed = [
            {
                "id": rule.id,
                "hook": hook,
                "severity": rule.severity,
                "summary": rule.summary,
                "cwe": rule.cwe,
                "since": rule.since,
            }
            for hook, rule in entries
        ]
        out.write(json.dumps({"version": 1, "rules": listed}) + "\n")
        return 0
    width = max(len(entry.rule.id) for entry in entries)
    out.writelines(
        f"{hook:<16} {rule.severity:<8} {rule.id:<{width}}  {rule.summary.split('. ')[0]}\n" for hook, rule in entries
    )
    return 0
