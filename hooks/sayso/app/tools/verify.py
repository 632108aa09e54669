"""``sayso verify A..B``: judge every commit of a range and what it merges to, by the policy of its base."""

from __future__ import annotations

import argparse
import os
from typing import TextIO

from sayso.app.context import Context
from sayso.app.rangegate import Asked, verify
from sayso.app.scope import Request
from sayso.model import UsageError
from sayso.outcome import exit_code
from sayso.relax import relaxed
from sayso.reports import as_json, gate, workflow


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("range", metavar="A..B", help="what B has and A has not; A is the branch that it is to land on")
    parser.add_argument("--format", choices=("text", "json", "github", "markdown"), default="text")
    parser.add_argument(
        "--message-file",
        action="append",
        default=[],
        metavar="FILE",
        help="a further message that will stand in the history, such as the title and body of a pull request",
    )
    parser.add_argument("--team", metavar="FILE", help="the team's policy, below that of the repository")
    parser.add_argument(
        "--ledger",
        action="store_true",
        help="believe evidence that is kept already, instead of deriving all of it anew",
    )


def run(args: argparse.Namespace, out: TextIO) -> int:
    """Print the verdict and return its exit code."""
    start, dots, end = args.range.partition("..")
    if not dots or not start or end.startswith(".") or not end:
        raise UsageError("verify: give a range, such as origin/main..HEAD")
    if args.team:
        os.environ["SAYSO_TEAM_POLICY"] = os.path.abspath(args.team)
    context = Context(Request(from_ref=start, to_ref=end))
    results = relaxed(verify(context, Asked(start, end, tuple(args.message_file), not args.ledger)), context.policy)
    if args.format == "json":
        out.write(as_json.render("verify-range", results))
    elif args.format == "github":
        out.write(workflow.render(results))
    elif args.format == "markdown":
        out.write(workflow.summary(results, f"sayso verify {args.range}"))
    else:
        out.write(gate.render(results, "verify-range"))
    return exit_code(results)
