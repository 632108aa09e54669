"""Gather what imported reports know of the files of a change, for the judge of claims that name a tool.

Such evidence supports only claims that name its tool. It cannot be derived again
from the bytes: whoever relies on it is told so, and of all that the importer had
to vouch for.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

from sayso.adapters.git import Repository, is_file
from sayso.adapters.ledger import Ledger
from sayso.adapters.resources import read_table
from sayso.evidence import IMPORT, Evidence, Subject
from sayso.importtools import Tool, Tools
from sayso.languages import UNKNOWN, Languages
from sayso.model import Change
from sayso.verdict import CHECKS_OF_TOOL, GENERIC_TOOLS, Proof

_HEAD = 200


class Gathered(NamedTuple):
    """What is known: ``notes`` say on what the evidence rests besides the report, ``damaged`` what was discarded."""

    proofs: tuple[Proof, ...]
    notes: tuple[str, ...]


def gather(
    repo: Repository,
    changes: Iterable[Change],
    names: Collection[str],
    *,
    max_age_days: int,
    revision: str | None = None,
) -> Gathered:
    """Return a proof for each tool of ``names`` and each file that is the tool's business, or that it reported on.

    A tool that reads manifests or lock files is asked, where none of them changed, about those of ``revision`` ("" is
    the index): its answer is about the dependencies as they are.
    """
    tools = Tools(read_table("imports.toml"))
    ledger = Ledger(repo.common_dir, repo.derived)
    files = tuple(filter(is_file, changes))
    proofs: list[Proof] = []
    notes: list[str] = []
    for name in sorted(set(names) - GENERIC_TOOLS):
        tool = tools.named(name)
        business = _business(repo, tool, files, revision)
        for change in {item.path: item for item in (*files, *business)}.values():
            record = ledger.get(Subject(IMPORT, name, "", "", "", change.blob, ""))
            if record:
                proofs.append(_proof(tool, change, record, max_age_days))
                notes.append(_note(record))
            elif name not in CHECKS_OF_TOOL and change in business:
                gap = f"no report of {name} for its content"
                proofs.append(Proof(name, change.path, gap=gap, imported=True))
    return Gathered(tuple(proofs), (*dict.fromkeys(notes), *ledger.damaged))


def _business(repo: Repository, tool: Tool, files: Sequence[Change], revision: str | None) -> list[Change]:
    known = Languages(read_table("languages.toml"))
    kinds = {change.path: known.of(change.path) for change in files}
    unclear = [change for change in files if kinds[change.path].id == UNKNOWN]
    heads = repo.blobs((change.blob for change in unclear), _HEAD).blobs if unclear else {}
    kinds |= {item.path: known.of(item.path, heads[item.blob].data) for item in unclear if item.blob in heads}
    found = [change for change in files if tool.examines(change.path, kinds[change.path])]
    if tool.names and revision is not None and not found:
        found = [
            item for item in repo.listed(revision) if is_file(item) and tool.examines(item.path, known.of(item.path))
        ]
    return found


def _proof(tool: Tool, change: Change, record: Evidence, max_age_days: int) -> Proof:
    age = _age(record)
    if age is not None and not 0 <= age <= max_age_days:
        gap = f"its report of {tool.name} is {age} days old, and {max_age_days} are the limit"
        return Proof(tool.name, change.path, gap=gap, imported=True)
    found = tuple((spot.rule, spot.line, ()) for spot in record.spots)
    return Proof(tool.name, change.path, record.id, found, imported=True)


def _age(record: Evidence) -> int | None:
    """Return how many days old a record on dependencies is; None for any other."""
    days = [option.removeprefix("on:") for option in record.subject.options.split(",") if option.startswith("on:")]
    if not days:
        return None
    from datetime import UTC, date, datetime  # noqa: PLC0415 - few records have a day

    try:
        return (datetime.now(UTC).date() - date.fromisoformat(min(days))).days
    except ValueError:
        return -1


def _note(record: Evidence) -> str:
    subject = record.subject
    words = [option.removeprefix("stated:") for option in subject.options.split(",") if option.startswith("stated:")]
    vouched = f"; on the word of the importer: {', '.join(words)}" if words else ""
    listed = "; the report does not list the rules that ran" if "rules:unlisted" in subject.options else ""
    name = f"{subject.tool} {subject.version}".rstrip()
    return f"{name}: an imported report, which cannot be derived again: CI must import its own{vouched}{listed}"


def next_step(missing: Iterable[tuple[str, str]]) -> str:
    """Return how to bring in the reports that are missing: tools, each with a file as the user names it."""
    from shlex import join  # noqa: PLC0415 - only a refusal pays for it

    tools = Tools(read_table("imports.toml"))
    files: dict[str, list[str]] = {}
    for name, path in missing:
        files.setdefault(name, []).append(path)
    commands = []
    for name, paths in files.items():
        command = tools.named(name).run or f"sayso import {name}.sarif"
        commands.append(command.replace("{files}", join(paths)))
    return " ; ".join(commands)
