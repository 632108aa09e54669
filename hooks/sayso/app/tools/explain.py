"""``sayso explain RULE``: what a rule finds, why it matters, how to fix it, and what it does and does not match."""

from __future__ import annotations

import argparse
import textwrap
from collections.abc import Iterator
from typing import TextIO

from sayso.advisories import RULE_PREFIX, id_of
from sayso.app import rulebook
from sayso.model import Rule, UsageError
from sayso.reports.safe import visible

_WIDTH = 88


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("rule", metavar="RULE", help="the id that stands in brackets in a finding")


def run(args: argparse.Namespace, out: TextIO) -> int:
    """Print the explanation; an unknown id is a usage error that names the nearest ones."""
    known = dict(rulebook.rules())
    if args.rule.startswith(RULE_PREFIX):
        hook, rule = known[rulebook.ADVISORY]
        known[args.rule] = rulebook.Entry(
            hook, rule._replace(id=args.rule, summary=f"{rule.summary}: {id_of(args.rule)}")
        )
    if args.rule not in known:
        from difflib import get_close_matches  # noqa: PLC0415 - only an error pays for it

        near = ", ".join(get_close_matches(args.rule, known, 3))
        meant = f", did you mean {near}? If not," if near else ":"
        raise UsageError(f"there is no rule {args.rule!r}{meant} see sayso rules")
    entry = known[args.rule]
    out.writelines(f"{line}\n" for line in _lines(entry.hook, entry.rule))
    return 0


def _lines(hook: str, rule: Rule) -> Iterator[str]:
    yield f"{rule.id}  ({rule.severity}, {hook}, since {rule.since})"
    if rule.cwe:
        yield ", ".join(f"CWE-{number}: https://cwe.mitre.org/data/definitions/{number}.html" for number in rule.cwe)
    for title, text in (("What", rule.summary), ("Why", rule.why), ("Fix", rule.fix), ("Known to miss", rule.misses)):
        if text:
            yield ""
            yield f"{title}:"
            yield from _wrapped(text)
    for title, examples in (("Matches", rule.flag), ("Does not match", rule.passes)):
        if examples:
            yield ""
            yield f"{title}:"
            yield from (f"  {visible(line)}" for example in examples for line in example.splitlines())


def _wrapped(text: str) -> Iterator[str]:
    for line in text.strip().splitlines():
        if line.startswith(("  ", "\t")) or not line.strip():
            yield f"  {line}"
        else:
            yield from textwrap.wrap(line, _WIDTH, initial_indent="  ", subsequent_indent="  ", break_long_words=False)
