"""``sayso evidence``: show the records of the ledger, or derive them again from the bytes and compare."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Sequence
from typing import TextIO

from sayso.adapters.git import Repository
from sayso.adapters.ledger import Ledger
from sayso.app.code_engine import CodeScan
from sayso.app.context import Context
from sayso.app.dependencies import CHECK, DATED, Lookup
from sayso.app.engines import Engine
from sayso.app.scan import STALE, Scanner
from sayso.app.scope import Request
from sayso.app.secret_engine import SecretScan
from sayso.evidence import IMPORT, Evidence, Subject, short
from sayso.model import UsageError

IMPORTED = "imported: it can only be imported again"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("action", choices=("show", "verify"))
    parser.add_argument(
        "id", nargs="*", metavar="ID", help="the beginning of an evidence or blob id; all records by default"
    )
    parser.add_argument("--format", choices=("text", "json"), default="text")


def run(args: argparse.Namespace, out: TextIO) -> int:
    """Print what is asked for; ``verify`` returns 1 if a record differs and 3 if one could not be derived again."""
    repo = Repository()
    ledger = Ledger(repo.common_dir)
    records = [record for record in ledger if not args.id or _is_asked_for(record, args.id)]
    if args.id and not records:
        raise UsageError(f"no evidence begins with {', '.join(args.id)}")
    results = _verified(repo, ledger, records) if args.action == "verify" else {}
    out.writelines(_line(record, results.get(record.id, ""), args.format) for record in records)
    out.writelines(f"{message}\n" for message in ledger.damaged if args.format == "text")
    if args.action == "verify" and args.format == "text":
        good = sum(result == "same" for result in results.values())
        out.write(f"{good} of {len(records)} records derived again and found the same\n")
    if any(result == "differs" for result in results.values()) or (args.action == "verify" and ledger.damaged):
        return 1
    return 3 if any(result not in {"same", STALE, IMPORTED, DATED} for result in results.values()) else 0


def _is_asked_for(record: Evidence, ids: Iterable[str]) -> bool:
    return any(record.id.startswith(item) or record.subject.blob.startswith(item) for item in ids)


def _line(record: Evidence, result: str, form: str) -> str:
    if form == "json":
        shown = {
            "version": 1,
            "id": record.id,
            "outcome": record.outcome,
            **record.subject._asdict(),
            "findings": [spot._asdict() for spot in record.spots],
        }
        return json.dumps(shown | ({"verified": result} if result else {})) + "\n"
    subject = record.subject
    found = ", ".join(f"{spot.rule}:{spot.line}" for spot in record.spots[:3]) + (" …" if len(record.spots) > 3 else "")  # noqa: PLR2004
    words = (
        short(record.id),
        subject.check,
        f"{subject.tool} {subject.version}",
        f"blob {subject.blob[:12]}",
        subject.language,
    )
    return "  ".join(filter(None, (*words, record.outcome, found, result))) + "\n"


def _verified(repo: Repository, ledger: Ledger, records: Sequence[Evidence]) -> dict[str, str]:
    """Scan the blobs again and say of each record whether the answer is the same."""
    scanner = Scanner(repo, ledger)
    engines: tuple[Engine, ...] = (CodeScan(), SecretScan())
    results = {record.id: IMPORTED for record in records if record.subject.check == IMPORT}
    derived: dict[Subject, Evidence | str] = {}
    for engine in engines:
        derived |= scanner.derive(engine, [item.subject for item in records if item.subject.check == engine.check])
    dated = [item.subject for item in records if item.subject.check == CHECK]
    if dated:
        derived |= Lookup(repo, Context(Request()).policy.dependencies, online=False).derive(dated)
    for record in records:
        again = derived.get(record.subject)
        if isinstance(again, str):
            results[record.id] = again if again in {STALE, DATED} else f"not derived again: {again}"
        elif again:
            results[record.id] = "same" if again == record else "differs"
    return results
