"""The audit trail: what was asked, done, examined and approved, commit by commit, as a chain of JSON lines.

An entry is one line, and names the SHA-256 of the line before it. So nobody can
change, drop or insert an entry without changing every digest after it; the last
digest, kept elsewhere, stands for all of them. What is hashed holds no clock and
no host but git's own: the same history, recorded by the same version on a machine
that knows the same evidence, is the same chain, byte for byte.

Trailers are somebody's word. Both readings of a message are taken, and a value
that git itself would not call a trailer is marked as ``loose``.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta, timezone
from typing import Any, NamedTuple

from sayso.message import loose_trailers, parse_trailers, stored
from sayso.model import Change, Identity, SaysoError
from sayso.tables import Table

FORMAT = 1
ORIGIN = "0" * 64
MOST_LINE = 4 << 20
GIT_FACTS = ("parents", "tree", "author", "committer", "subject", "files", "said")
JUDGED = ("ai", "claims", "sensitive")
KNOWN = ("evidence", "runs", "approvals")

_KEYS = frozenset(
    ("format", "seq", "previous", "kind", "sayso", "commit", "left_off", *GIT_FACTS, *JUDGED, *KNOWN),
)
_MOST_TEXT = 2000
_MOST_ITEMS = 2000
_MOST_ROOM = 320 << 10  # bytes of one list: eight of them fit in a line of MOST_LINE
_MOST_SAID = 32 << 10
_FIRST = (0, 1, 0)
_ID = re.compile("[0-9a-f]{40}|[0-9a-f]{64}")
_VERSION = re.compile(r"(\d{1,5})\.(\d{1,5})\.(\d{1,5})[a-z0-9.+-]{0,40}", re.ASCII)


class TrailError(SaysoError):
    """The trail cannot be read, written or believed."""


class Field(NamedTuple):
    """A heading of the trail, and the trailer keys, in lower case, that go below it."""

    name: str
    title: str
    keys: tuple[str, ...]
    since: tuple[int, ...]


class Recorded(NamedTuple):
    """A commit as git has it. A time is ISO 8601 with the author's own offset."""

    id: str
    parents: tuple[str, ...]
    tree: str
    author: Identity
    committer: Identity
    authored: str
    committed: str
    message: str
    changes: tuple[Change, ...]


def read_fields(table: Table) -> tuple[Field, ...]:
    """Read ``rules/trail.toml``; raises ``DataError``."""
    found = tuple(_field(entry) for entry in table.tables("field"))
    table.done()
    return found


def _field(entry: Table) -> Field:
    since = version(entry.text("since"))
    field = Field(
        entry.text("name"), entry.text("title"), tuple(key.lower() for key in entry.texts("keys")), since or ()
    )
    if since is None:
        raise entry.error("expected a version such as 0.1.0", "since")
    entry.done()
    return field


def version(text: str) -> tuple[int, ...] | None:
    """Return the three numbers of a version of ours, or None where it is none."""
    found = _VERSION.fullmatch(text)
    return tuple(map(int, found.groups())) if found else None


def facts(commit: Recorded, fields: Sequence[Field], by: str) -> dict[str, Any]:
    """Return the part of an entry that git alone decides, as version ``by`` writes it."""
    text = stored(commit.message)
    files, left = _within([_file(change) for change in commit.changes])
    lists = {"files": left} if left else {}
    return {
        "kind": "commit",
        "sayso": by,
        "commit": commit.id,
        "parents": _within(commit.parents)[0],
        "tree": commit.tree,
        "author": _person(commit.author, commit.authored),
        "committer": _person(commit.committer, commit.committed),
        "subject": _cut(next((line.strip() for line in text.split("\n") if line.strip()), "")),
        "files": files,
        "said": said(text, fields, by),
        "left_off": lists,
    }


def said(text: str, fields: Sequence[Field], by: str) -> dict[str, list[dict[str, Any]]]:
    """Return what the trailers of a message say, field by field, as version ``by`` reads them."""
    strict = parse_trailers(text)
    lines = {trailer.line for trailer in strict}
    loose = [trailer for trailer in loose_trailers(text) if trailer.line not in lines]
    known = version(by) or ()
    found: dict[str, list[dict[str, Any]]] = {}
    for field in fields:
        if field.since <= known:
            values: list[dict[str, Any]] = [_value(t.key, t.value) for t in strict if t.key.lower() in field.keys]
            values += [_value(t.key, t.value) | {"loose": True} for t in loose if t.key.lower() in field.keys]
            if values:
                found[field.name] = _within(values, _MOST_SAID)[0]
    return found


def entry(facts_of: Mapping[str, Any], lists: Mapping[str, Sequence[Any]], seq: int, previous: str) -> bytes:
    """Return the line, without its end, of a commit: ``lists`` has what ``JUDGED`` and ``KNOWN`` name."""
    document: dict[str, Any] = {"format": FORMAT, "seq": seq, "previous": previous, **facts_of}
    left_off = dict(facts_of["left_off"])
    for name in (*JUDGED, *KNOWN):
        document[name], left = _within(lists.get(name, ()))
        if left:
            left_off[name] = left_off.get(name, 0) + left
    document["left_off"] = left_off
    return _canonical(document)


def digest(line: bytes) -> str:
    """Return what the next entry calls this one."""
    return hashlib.sha256(line).hexdigest()


def decode(line: bytes) -> dict[str, Any]:
    """Read one line back; what ``entry`` would not have written so, down to one byte, is refused.

    Raises:
        TrailError: it is no entry.
    """
    if len(line) > MOST_LINE:
        raise TrailError(f"{len(line)} bytes are too many for an entry")
    try:
        document = json.loads(line)
        same = isinstance(document, dict) and _canonical(document) == line
    except (ValueError, RecursionError) as exc:
        raise TrailError(f"it is not JSON: {exc}" if isinstance(exc, ValueError) else "it is nested too deep") from exc
    if not same:
        raise TrailError("it is not in the form in which entries are written")
    if document.get("format") != FORMAT:
        raise TrailError(f"its format is {document.get('format')!r}, and this version knows {FORMAT}")
    if document.keys() != _KEYS or document["kind"] != "commit" or not _well_typed(document):
        raise TrailError("it lacks something that every entry has, or has something else")
    found: dict[str, Any] = document
    return found


class Chain:
    """Follow a trail line by line: ``seq`` and ``head`` are where the next entry must go on."""

    def __init__(self) -> None:
        self.seq = 0
        self.head = ORIGIN

    def follow(self, line: bytes) -> dict[str, Any]:
        """Take the next line and return its entry.

        Raises:
            TrailError: it is no entry, or not the one that belongs here.
        """
        found = decode(line)
        if found["seq"] != self.seq:
            raise TrailError(f"its number is {found['seq']}, and {self.seq} was expected: entries are missing or moved")
        if found["previous"] != self.head:
            was = "this is not where the trail begins" if not self.seq else "an entry before it was changed or dropped"
            raise TrailError(f"it follows {found['previous'][:12]}, not {self.head[:12]}: {was}")
        self.seq += 1
        self.head = digest(line)
        return found


def differences(found: Mapping[str, Any], now: Mapping[str, Any], judged: Mapping[str, Any] | None) -> list[str]:
    """Name the facts of an entry that git, or the same rules (``judged``), now see otherwise."""
    names = [name for name in GIT_FACTS if found[name] != now[name]]
    if judged is not None:
        names += [name for name in JUDGED if found[name] != _within(judged[name])[0]]
    return names


class Header(NamedTuple):
    """What the object of a commit begins with; a shallow clone, where ``git log`` cuts parents off, has it whole."""

    tree: str
    parents: tuple[str, ...]
    authored: str
    committed: str


def header(data: bytes) -> Header:
    """Read the beginning of a commit object."""
    found: dict[bytes, list[str]] = {b"tree": [], b"parent": [], b"author": [], b"committer": []}
    for line in data.partition(b"\n\n")[0].split(b"\n"):
        key, _, value = line.partition(b" ")
        if key in found:
            found[key].append(value.decode("ascii", "replace"))
    tree, authored, committed = ("".join(found[key][:1]) for key in (b"tree", b"author", b"committer"))
    parents = tuple(found[b"parent"])
    return Header(tree, parents, *(_iso(who.rpartition("> ")[2]) for who in (authored, committed)))


def _iso(raw: str) -> str:
    """Turn git's seconds and offset into ISO 8601; a time outside all calendars stays as git has it."""
    seconds, _, offset = raw.partition(" ")
    try:
        east = timedelta(minutes=int(offset[:3]) * 60 + int(offset[0] + offset[3:5]))
        return datetime.fromtimestamp(int(seconds), timezone(east)).isoformat()
    except (ValueError, OverflowError, IndexError, OSError):
        return _cut(raw)


def _person(who: Identity, date: str) -> dict[str, str]:
    return {"name": _cut(who.name), "email": _cut(who.email), "date": date}


def _file(change: Change) -> dict[str, str]:
    shown = {"path": change.path, "kind": str(change.kind), "mode": change.mode, "blob": change.blob}
    return shown | ({"old_path": change.old_path} if change.old_path else {})


def _value(key: str, value: str) -> dict[str, Any]:
    return {"key": _cut(key), "value": _cut(value)}


def _cut(text: str) -> str:
    return text if len(text) <= _MOST_TEXT else f"{text[:_MOST_TEXT]}…"


def _within(items: Iterable[Any], room: int = _MOST_ROOM) -> tuple[list[Any], int]:
    """Return as many of ``items`` as an entry has room for, and how many are left off."""
    items = list(items)
    for index, item in enumerate(items):
        room -= len(_canonical(item))
        if room < 0 or index == _MOST_ITEMS:
            return items[:index], len(items) - index
    return items, 0


def _well_typed(document: Mapping[str, Any]) -> bool:
    texts = all(isinstance(document[key], str) for key in ("previous", "sayso", "commit", "tree", "subject"))
    lists = all(isinstance(document[key], list) for key in ("parents", "files", *JUDGED, *KNOWN))
    tables = all(isinstance(document[key], dict) for key in ("author", "committer", "said", "left_off"))
    if not (texts and lists and tables and type(document["seq"]) is int):
        return False
    return _ID.fullmatch(document["commit"]) is not None and (version(document["sayso"]) or ()) >= _FIRST


def _canonical(document: Any) -> bytes:
    return json.dumps(document, sort_keys=True, separators=(",", ":")).encode("ascii")
