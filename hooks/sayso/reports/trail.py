"""Entries of the audit trail for a person: a paragraph for each commit, a line for each thing that is known of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sayso.reports.safe import visible
from sayso.trail import TrailError

_MOST = 12
_WIDTH = 22


def render(entry: Mapping[str, Any], titles: Mapping[str, str]) -> str:
    """Return one commit; ``titles`` are the headings of what its trailers say, in their order.

    Raises:
        TrailError: the entry is none that we write: a chain holds whatever somebody has put into it.
    """
    try:
        return _render(entry, titles)
    except (KeyError, TypeError, AttributeError) as exc:
        raise TrailError(f"the entry {entry['seq'] + 1} of the trail has something else than an entry has") from exc


def _render(entry: Mapping[str, Any], titles: Mapping[str, str]) -> str:
    lines = [f"commit {visible(entry['commit'][:12])}  {visible(entry['subject'])}"]
    sections: list[tuple[str, Iterable[str]]] = [
        ("author", [_person(entry["author"])]),
        ("committer", [_person(entry["committer"])] if entry["committer"] != entry["author"] else []),
        ("merges", [f"{len(entry['parents'])} parents"] if len(entry["parents"]) > 1 else []),
        *((title, [_said(item) for item in entry["said"].get(name, ())]) for name, title in titles.items()),
        ("coding tools", [f"{item['tool']} ({item['where']})" for item in entry["ai"]]),
        ("claims", [f"{item['kind']}, {item['tier']}: {item['text']}" for item in entry["claims"]]),
        ("sensitive areas", [f"{item['area']}: {item['path']}" for item in entry["sensitive"]]),
        ("files", [_file(item) for item in entry["files"]]),
        ("evidence", [f"{item['check']} {item['id'][:12]} of blob {item['blob'][:12]}" for item in entry["evidence"]]),
        ("runs", [_run(item) for item in entry["runs"]]),
        ("approvals", [item[:12] for item in entry["approvals"]]),
        ("left off here", [f"{count} {name}" for name, count in entry["left_off"].items()]),
    ]
    for title, values in sections:
        lines += _section(title, list(values))
    return "".join(f"{line}\n" for line in lines)


def _section(title: str, values: list[str]) -> Iterator[str]:
    for index, value in enumerate(values[:_MOST]):
        yield f"  {'' if index else title:<{_WIDTH}}{visible(value)}"
    if len(values) > _MOST:
        yield f"  {'':<{_WIDTH}}… and {len(values) - _MOST} more: --format jsonl has all"


def _person(who: Mapping[str, str]) -> str:
    return f"{who['name']} <{who['email']}> {who['date']}"


def _said(item: Mapping[str, Any]) -> str:
    return f"{item['value']} ({item['key']}{', not a trailer to git' if item.get('loose') else ''})"


def _file(item: Mapping[str, str]) -> str:
    origin = f" from {item['old_path']}" if "old_path" in item else ""
    return f"{item['kind']} {item['path']}{origin}"


def _run(item: Mapping[str, Any]) -> str:
    tests = f", {item['tests']}" if item["tests"] else ""
    return f"{item['kind']}: {item['command']}: exit code {item['code']}{tests} ({item['id'][:12]})"
