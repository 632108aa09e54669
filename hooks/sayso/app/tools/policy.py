"""``sayso policy test``: run a team's own examples, each a change and the verdict that it should get."""

from __future__ import annotations

import argparse
import json
from typing import NamedTuple, TextIO

from sayso.adapters.git import Repository
from sayso.app import examples, policies
from sayso.app.tools.config import unknown
from sayso.model import DataError
from sayso.reports.safe import visible
from sayso.settings import Example

_HOW = "add an [[example]] with name, paths and expect, or name the file that has some: sayso policy test FILE"


class _Result(NamedTuple):
    name: str
    faults: tuple[str, ...]
    judged: examples.Judged


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("action", choices=("test",))
    parser.add_argument("file", nargs="?", default="", metavar="FILE", help="a policy file on disk; as staged without")
    parser.add_argument("--format", choices=("text", "json"), default="text")


def run(args: argparse.Namespace, out: TextIO) -> int:
    """Print what became of each example; 1 if one got another verdict, or a relaxation names nothing that there is."""
    loaded = policies.from_disk(Repository(), args.file) if args.file else policies.load(Repository())
    found = tuple(item for layer in loaded.layers for item in layer.examples)
    if not found:
        raise DataError(f"{args.file or f'{policies.FILE}, as staged,'} has no examples: {_HOW}")
    setting = examples.Setting(loaded.policy)
    results = [_result(item, setting.judge(item)) for item in found]
    problems = unknown(loaded)
    failed = sum(bool(result.faults) for result in results)
    if args.format == "json":
        listed = [{"name": item.name, "faults": item.faults, **item.judged._asdict()} for item in results]
        out.write(json.dumps({"version": 1, "examples": listed, "problems": problems}) + "\n")
    else:
        for item in results:
            out.write(f"{'FAIL' if item.faults else 'ok':<6}{visible(item.name)}\n")
            out.writelines(f"      {visible(line)}\n" for line in (*item.faults, *_why(item.judged)) if item.faults)
        out.writelines(f"{visible(problem)}\n" for problem in problems)
        out.write(f"{len(results)} example{'s' if len(results) > 1 else ''}, {failed} failed\n")
    return 1 if failed or problems else 0


def _result(example: Example, judged: examples.Judged) -> _Result:
    faults = []
    if judged.verdict != example.expect:
        faults.append(f"expected {example.expect}, got {judged.verdict}")
    if example.owed is not None and set(example.owed) != set(judged.owed):
        faults.append(f"expected to owe {_listed(example.owed)}; it owes {_listed(judged.owed)}")
    return _Result(example.name, tuple(faults), judged)


def _why(judged: examples.Judged) -> tuple[str, ...]:
    said = [f"{reason} (missing)" if kind in judged.missing else reason for kind, reason in judged.reasons]
    return (*said, f"by a coding tool: {'yes' if judged.ai else 'no'}")


def _listed(kinds: tuple[str, ...]) -> str:
    return ", ".join(kinds) or "nothing"
