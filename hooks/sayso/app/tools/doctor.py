"""``sayso doctor``: find what goes round the gate, on this machine and in this repository, and say what to do.

It looks and changes nothing, runs nothing of the repository, and asks nothing of the
network. 0: nothing goes round the gate; 1: something does; 3: it could not look.
Warnings and notes do not change the exit code.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from typing import TextIO

from sayso.app import receipts
from sayso.app.diagnoses import Look, Patient
from sayso.diagnosis import Problem
from sayso.model import CheckResult, Finding, Outcome, Rule, Severity
from sayso.reports import as_json
from sayso.reports.safe import visible

NAME = "doctor"
_WORDS = {Severity.ERROR: "ERROR", Severity.WARNING: "warn", Severity.NOTE: "note"}
_WIDTH = 6


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--format", choices=("text", "json"), default="text")


def run(args: argparse.Namespace, out: TextIO) -> int:
    """Print what was looked at; return 1 if anything goes round the gate."""
    looks = tuple(Patient().looks())
    rules = receipts.rules("doctor")
    found = [_finding(problem, rules[problem.rule]) for look in looks for problem in look.problems]
    fine = tuple(look.fine for look in looks if not look.problems)
    result = CheckResult(NAME, Outcome.FOUND if found else Outcome.CLEAR, tuple(found), len(looks), notes=fine)
    if args.format == "json":
        out.write(as_json.render(NAME, [result]))
    else:
        out.writelines(f"{line}\n" for line in _lines(looks, rules))
    return int(any(item.severity is Severity.ERROR for item in found))


def _finding(problem: Problem, rule: Rule) -> Finding:
    return Finding(rule.id, "", 0, problem.message, rule.severity, (("fix", problem.do or rule.fix),))


def _lines(looks: Sequence[Look], rules: dict[str, Rule]) -> Iterator[str]:
    problems = [problem for look in looks for problem in look.problems]
    severities = [rules[problem.rule].severity for problem in problems]
    for look in looks:
        if not look.problems:
            yield f"{'ok':<{_WIDTH}}{visible(look.fine)}"
        for problem in look.problems:
            rule = rules[problem.rule]
            yield f"{_WORDS[rule.severity]:<{_WIDTH}}[{rule.id}] {visible(problem.message)}"
            yield f"{'':<{_WIDTH}}do: {visible(problem.do or rule.fix)}"
    errors, warnings = severities.count(Severity.ERROR), severities.count(Severity.WARNING)
    round_ = f"{errors} thing{'' if errors == 1 else 's'} go{'es' if errors == 1 else ''} round the gate"
    yield f"{round_ if errors else 'nothing goes round the gate'}, {warnings} to look at: sayso explain RULE says more"
