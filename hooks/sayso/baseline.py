"""The ratchet: findings that a repository has accepted as existing debt, in ``sayso.baseline`` at its top.

One line an entry, sorted, without times and line numbers, so that edits elsewhere
in a file, renames, moves and squashes keep it and two branches that shrink it
merge. An entry is the rule, a fingerprint of the line, one of the lines around
it, and the file. It covers one finding with the same line: in its own file, and
in another file only once its own is gone.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from sayso.evidence import Spot
from sayso.lines import split_lines
from sayso.model import DataError

FILE = "sayso.baseline"
HEADER = (
    "# Findings accepted as existing debt, written by `sayso baseline`: it shrinks freely, and grows with a reason.\n"
)

_ENTRY = re.compile(
    r"([0-9a-f]{12}) ([0-9a-f]{8}) ([a-z0-9]+(?:-[a-z0-9]+)*) ((?:[!-$&-~]|%[0-9A-F]{2})+)(?: -- (\S[^\n]*))?"
)
_PLAIN = frozenset(range(0x21, 0x7F)) - {ord("%")}
_MOST_BYTES = 16 << 20


class Entry(NamedTuple):
    """One finding: fingerprints of its line and of the neighbourhood, in hex digits; ``reason`` may be empty."""

    line: str
    around: str
    rule: str
    path: str
    reason: str = ""


class Seen(NamedTuple):
    """A finding that an entry may cover: as an entry, with the file's former name if it was renamed."""

    line: str
    around: str
    rule: str
    path: str
    old_path: str = ""


def check_of(rule: str) -> str:
    """Return the hook that a rule belongs to."""
    return "secret-scan" if rule.startswith("secret-") else "code-scan"


def seen(spot: Spot, text: str, path: str, old_path: str = "") -> Seen:
    """Return what identifies a finding in ``text``, whatever its line number is."""
    lines = [" ".join(line.split()) for line in split_lines(text)]
    before = next(filter(None, reversed(lines[: spot.line - 1])), "")
    after = next(filter(None, lines[spot.end_line :]), "")
    here = " ".join(filter(None, lines[spot.line - 1 : spot.end_line]))
    return Seen(_digest(spot.rule, here)[:12], _digest(before, here, after)[:8], spot.rule, path, old_path)


def _digest(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode("utf-8", "surrogateescape")).hexdigest()


def assign(entries: Sequence[Entry], found: Sequence[Seen], gone: Callable[[str], bool]) -> dict[int, int]:
    """Return which entry covers which finding, as indices; each entry covers one.

    ``gone`` tells whether a path is no longer tracked. The closest entry goes first: same file and neighbourhood,
    then same file, then a file that is gone, with the same neighbourhood or any.
    """
    taken: dict[int, int] = {}
    left = set(range(len(entries)))
    for close in (_same_place, _same_file, _moved_together, _moved):
        by_line: dict[tuple[str, str], list[int]] = {}
        for index in sorted(left):
            by_line.setdefault((entries[index].rule, entries[index].line), []).append(index)
        for number, item in enumerate(found):
            if number in taken:
                continue
            for index in by_line.get((item.rule, item.line), ()):
                if index in left and close(entries[index], item, gone):
                    taken[number] = index
                    left.discard(index)
                    break
    return taken


def _same_place(entry: Entry, item: Seen, gone: Callable[[str], bool]) -> bool:
    return entry.around == item.around and _same_file(entry, item, gone)


def _same_file(entry: Entry, item: Seen, _gone: Callable[[str], bool]) -> bool:
    return entry.path == item.path or (bool(item.old_path) and entry.path == item.old_path)


def _moved_together(entry: Entry, item: Seen, gone: Callable[[str], bool]) -> bool:
    return entry.around == item.around and _moved(entry, item, gone)


def _moved(entry: Entry, item: Seen, gone: Callable[[str], bool]) -> bool:
    return entry.path != item.path and gone(entry.path)


def grown(entries: Sequence[Entry], old: Sequence[Entry]) -> list[Entry]:
    """Return the entries that ``old`` does not account for, as it does for those whose file or surroundings changed."""
    taken = assign(old, [Seen(*entry[:4]) for entry in entries], lambda _path: True)
    return [entry for number, entry in enumerate(entries) if number not in taken]


def render(entries: Iterable[Entry]) -> str:
    """Return the content of the file."""
    lines = sorted(_line(entry) for entry in entries)
    return HEADER + "".join(f"{line}\n" for line in lines)


def _line(entry: Entry) -> str:
    why = f" -- {' '.join(entry.reason.split())}" if entry.reason else ""
    return f"{entry.line} {entry.around} {entry.rule} {_quoted(entry.path)}{why}"


def parse(text: str, source: str = FILE) -> tuple[Entry, ...]:
    """Read the file.

    Raises:
        DataError: a line that is no entry; the message has its number.
    """
    if len(text) > _MOST_BYTES:
        raise DataError(f"{source}: more than {_MOST_BYTES >> 20} MiB")
    entries = []
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip() or line.startswith("#"):
            continue
        fields = _ENTRY.fullmatch(line.rstrip("\r"))
        if fields is None:
            raise DataError(f"{source}:{number}: not an entry of a baseline: write it anew with `sayso baseline`")
        digest, around, rule, path, reason = fields.groups(default="")
        entries.append(Entry(digest, around, rule, _unquoted(path), reason.strip()))
    return tuple(entries)


def _quoted(path: str) -> str:
    data = path.encode("utf-8", "surrogateescape")
    return "".join(chr(byte) if byte in _PLAIN else f"%{byte:02X}" for byte in data)


def _unquoted(text: str) -> str:
    data = re.sub(rb"%([0-9A-F]{2})", lambda found: bytes([int(found[1], 16)]), text.encode())
    return data.decode("utf-8", "surrogateescape")
