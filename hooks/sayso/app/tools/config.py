"""``sayso config``: the policy in force, key by key, and which file each of them comes from."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from typing import Any, NamedTuple, TextIO

from sayso import duties
from sayso.adapters.git import Repository
from sayso.adapters.resources import read_table
from sayso.app import policies
from sayso.layers import BUILT_IN, name_of
from sayso.model import UsageError
from sayso.policykeys import KEYS, LISTS, shown
from sayso.reports.safe import visible
from sayso.settings import Acceptance, Duty, Person, Relaxation


class _Row(NamedTuple):
    key: str
    value: Any
    origin: str


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--show-origin", action="store_true", help="show the file and line that each key comes from")
    parser.add_argument("--format", choices=("text", "json"), default="text")
    parser.add_argument("--from-ref", metavar="REV", default="", help="the policy that a range from here is judged by")
    parser.add_argument("--to-ref", metavar="REV", default="", help="the end of that range")


def run(args: argparse.Namespace, out: TextIO) -> int:
    """Print the policy as staged, or at the base of a range."""
    if bool(args.from_ref) != bool(args.to_ref):
        raise UsageError("--from-ref and --to-ref belong together")
    base = args.from_ref if args.from_ref.strip("0") else "HEAD"
    loaded = policies.load(Repository(), base if args.to_ref else "")
    rows = tuple(_rows(loaded))
    notes = (*loaded.policy.loosened, *loaded.policy.lapsed, *unknown(loaded))
    if args.format == "json":
        document = {
            "version": 1,
            "policies": [{"file": layer.source, "of": layer.title, "sha256": layer.digest} for layer in loaded.layers],
            "keys": [row._asdict() for row in rows],
            "notes": notes,
        }
        out.write(json.dumps(document) + "\n")
        return 0
    for row in rows:
        origin = f"{visible(row.origin)}\t" if args.show_origin else ""
        out.write(f"{origin}{visible(row.key)} = {visible(shown(row.value))}\n")
    out.writelines(f"# {visible(note)}\n" for note in notes)
    return 0


def unknown(loaded: policies.Loaded) -> tuple[str, ...]:
    """Say which relaxations name nothing that there is; only an unknown name makes us read all rules."""
    keys = {key.name for key in KEYS}
    known = keys | {duty.id for duty in (*_built_in(), *loaded.policy.duties)}
    open_ = [item.rule for item in loaded.policy.relaxed if item.rule not in known]
    if open_:
        from sayso.app import rulebook  # noqa: PLC0415 - reads every rules file

        known |= rulebook.rules().keys()
    return tuple(
        f"relax.{rule}: there is no rule, duty or key {rule!r}: see sayso rules" for rule in open_ if rule not in known
    )


def _built_in() -> tuple[Duty, ...]:
    return duties.read_rules(read_table(duties.FILE)).duties


def _rows(loaded: policies.Loaded) -> Iterator[_Row]:
    for key in KEYS:
        yield _Row(key.name, key.value(loaded.policy), loaded.origins.get(key.name, BUILT_IN))
    for duty in _built_in():
        yield _Row(f"duty.{duty.id}", _summary(duty), BUILT_IN)
    for section, field in LISTS.items():
        for item in getattr(loaded.policy, field):
            name = f"{section}.{name_of(item)}"
            yield _Row(name, _summary(item), loaded.origins.get(name, BUILT_IN))


def _summary(item: Any) -> Any:
    """Return what an entry says, in one value."""
    if isinstance(item, Person):
        return (*item.emails, *item.may)
    if isinstance(item, Duty):
        return item.evidence
    if isinstance(item, Acceptance | Relaxation):
        return f"until {item.expires} by {item.owner}: {item.reason}"
    return item.tests
