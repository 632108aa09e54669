"""Turn the bytes of a fuzzer into what parsers take."""

from __future__ import annotations

from sayso.lines import split_lines
from sayso.model import AddedLine, Change, ChangeKind, DataError, Snapshot

SEPARATOR = b"%%%"


def parts(data: bytes, count: int) -> list[bytes]:
    """Cut ``data`` at the separator lines into ``count`` pieces; what is missing is empty."""
    found = data.split(b"\n" + SEPARATOR + b"\n", count - 1)
    return found + [b""] * (count - len(found))


def text(data: bytes) -> str:
    """Decode a file as the commands do.

    Raises:
        DataError: it is not UTF-8.
    """
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as exc:
        raise DataError(f"fuzz:1: not UTF-8: {exc}") from exc


def name(data: bytes) -> str:
    """Decode a path as git's paths are decoded."""
    return data.decode("utf-8", "surrogateescape")


def path(data: bytes) -> str:
    """Return a path as git could have it."""
    found = name(data.partition(b"\n")[0]).replace("\0", "").strip("/")
    return found or "file"


def snapshot(data: bytes) -> Snapshot:
    """Return a change to one file: its path, its new text, its old text, and the message."""
    where, new, old, message = parts(data, 4)
    file, added = path(where), text(new)
    before = text(old)
    known = set(split_lines(before))
    lines = tuple(AddedLine(number, line) for number, line in enumerate(split_lines(added), 1) if line not in known)
    kind = ChangeKind.MODIFIED if before else ChangeKind.ADDED
    return Snapshot(
        (Change(kind, file, blob="1" * 40, old_blob="2" * 40 if before else ""),),
        {file: lines},
        {file: added},
        {file: before} if before else {},
        text(message),
    )
