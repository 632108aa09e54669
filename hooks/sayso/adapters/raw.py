"""Read what git prints with ``--raw -z``, and the log format of ours that embeds it. No IO.

Everything is split at NUL, which neither a path nor a message can hold, so no
name and no message can pretend to be a record.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import NamedTuple

from sayso.model import Change, ChangeKind, Identity, UsageError

LOG_FORMAT = "tformat:%H%x00%P%x00%an%x00%ae%x00%cn%x00%ce%x00%e%x00%B%x00"

_READABLE = re.compile(
    rb"(?:utf-?8|(?:us-)?ascii|(?:iso[-_]?8859|latin)[-_]?\d{1,2}|(?:windows-?|cp)125\d|koi8-?(?:r|u|ru|t)|"
    rb"euc[-_]?(?:jp|kr|cn|tw)|gb2312|gbk|gb18030|cp936|big5|cp950|shift[-_]?jis|sjis|cp932)?",
    re.IGNORECASE,
)
"""Encodings in which ASCII is what it seems, so that none of it is hidden by what git makes of a message."""

_KINDS = {
    b"A": ChangeKind.ADDED,
    b"M": ChangeKind.MODIFIED,
    b"D": ChangeKind.DELETED,
    b"R": ChangeKind.RENAMED,
    b"C": ChangeKind.COPIED,
    b"T": ChangeKind.TYPE_CHANGED,
}


class Commit(NamedTuple):
    """A commit with its message and the changes that it makes; a merge has only what differs from every parent.

    Where ``is_misread``, git has turned the message and the names into something else than is stored: they declare an
    encoding that is not ASCII and more.
    """

    id: str
    parents: tuple[str, ...]
    author: Identity
    committer: Identity
    message: str
    changes: tuple[Change, ...]
    is_misread: bool = False


def text(data: bytes) -> str:
    """Decode a path so that any byte survives."""
    return data.decode("utf-8", "surrogateescape")


def parse_changes(tokens: Iterable[bytes]) -> Iterator[Change]:
    """Turn the NUL-separated fields of ``git diff-index|diff-tree --raw -z`` into changes.

    Unmerged entries are left out: git does not commit them.
    """
    fields = iter(tokens)
    for header in fields:
        if header:
            change = _change(header, fields)
            if change:
                yield change


def _change(header: bytes, fields: Iterator[bytes]) -> Change | None:
    parts = header.lstrip(b"\n").split(b" ")
    if parts[0].startswith(b"::"):
        return _merged(parts, next(fields))
    status = parts[4][:1]
    old = text(next(fields))
    new = text(next(fields)) if status in b"RC" else old
    kind = _KINDS.get(status)
    if kind is None:
        return None
    old_mode, mode, old_blob, blob = (part.decode() for part in (parts[0][1:], *parts[1:4]))
    return Change(
        kind,
        new,
        old if new != old else "",
        mode,
        old_mode,
        "" if kind is ChangeKind.DELETED else blob,
        "" if kind is ChangeKind.ADDED else old_blob,
    )


def _merged(parts: list[bytes], path: bytes) -> Change:
    """Read one entry of a combined diff: a colon, a mode and an id for each parent, then those of the result."""
    parents = len(parts[0]) - len(parts[0].lstrip(b":"))
    mode, blob = parts[parents].decode(), parts[2 * parents + 1].decode()
    old_mode, old_blob = parts[0].lstrip(b":").decode(), parts[parents + 1].decode()
    if set(blob) == {"0"}:
        return Change(ChangeKind.DELETED, text(path), "", mode, old_mode, "", old_blob)
    absent = set(old_blob) == {"0"}
    kind = ChangeKind.ADDED if absent else ChangeKind.MODIFIED
    return Change(kind, text(path), "", mode, old_mode, blob, "" if absent else old_blob)


def fields(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Split a stream at NUL without holding more of it than one field and one chunk."""
    rest = b""
    for chunk in chunks:
        pieces = (rest + chunk).split(b"\0")
        rest = pieces.pop()
        yield from pieces
    if rest:
        yield rest


def parse_log(tokens: Iterable[bytes]) -> Iterator[Commit]:
    """Turn the fields of ``git log|diff-tree --raw -z --format=LOG_FORMAT`` into commits, one at a time.

    Raises:
        UsageError: something that is no commit; ``git diff-tree --stdin`` repeats a line that is no id.
    """
    # Empty fields end a record; a merge has one more of them than other commits.
    stream = iter(tokens)
    commit_id = next(filter(None, stream), b"")
    while commit_id := commit_id.strip(b"\n"):
        record = list(islice(stream, 7))
        if commit_id.strip(b"0123456789abcdef") or len(record) < 7:  # noqa: PLR2004 - what LOG_FORMAT asks for
            raise UsageError(f"not the id of a commit: {text(commit_id)}")
        parents, *people, encoding, message = record
        changes: list[Change] = []
        while (token := next(filter(None, stream), b"")).lstrip(b"\n").startswith(b":"):
            change = _change(token, stream)
            if change:
                changes.append(change)
        names = [person.decode("utf-8", "replace") for person in people]
        yield Commit(
            commit_id.decode(),
            tuple(parents.decode().split()),
            Identity(names[0], names[1]),
            Identity(names[2], names[3]),
            message.decode("utf-8", "replace"),
            tuple(changes),
            not _READABLE.fullmatch(encoding.strip()),
        )
        commit_id = token


def as_stored(commit: Commit, data: bytes) -> Commit:
    """Return a commit with the message and the people that its object holds, whatever encoding it declares."""
    head, _, message = data.partition(b"\n\n")
    people = []
    for key in (b"author ", b"committer "):
        line = next((line[len(key) :] for line in head.split(b"\n") if line.startswith(key)), b"")
        name, _, rest = line.partition(b"<")
        people.append(Identity(_plain(name.strip()), _plain(rest.partition(b">")[0].strip())))
    return commit._replace(author=people[0], committer=people[1], message=_plain(message), is_misread=False)


def _plain(data: bytes) -> str:
    """Decode what declares an odd encoding: as UTF-8, and without the NULs that UTF-16 has between its letters."""
    return data.replace(b"\0", b"").decode("utf-8", "replace")


class BlobReader:
    """Read the output of ``git cat-file --batch`` chunk by chunk, keeping at most ``limit`` bytes of a blob.

    After the last chunk, ``blobs`` maps each id to its ``Blob``; what git does not have is in ``missing``.
    """

    def __init__(self, limit: int) -> None:
        self.blobs: dict[str, Blob] = {}
        self.missing: list[str] = []
        self._limit = limit
        self._buffer = bytearray()
        self._head: tuple[str, int] | None = None
        self._kept = bytearray()
        self._left = 0

    def feed(self, chunk: bytes) -> None:
        """Take the next chunk."""
        self._buffer += chunk
        while self._body() if self._head else self._header():
            pass

    def _header(self) -> bool:
        line, found, rest = self._buffer.partition(b"\n")
        if not found:
            return False
        self._buffer = rest
        words = line.decode("ascii", "replace").split(" ")
        if words[-1] == "missing":
            self.missing.append(words[0])
        else:
            self._head = (words[0], int(words[2]))
            self._left = int(words[2]) + 1
        return True

    def _body(self) -> bool:
        taken = bytes(self._buffer[: self._left])
        del self._buffer[: len(taken)]
        self._left -= len(taken)
        self._kept += taken[: max(0, self._limit + 1 - len(self._kept))]
        if self._left or self._head is None:
            return False
        oid, size = self._head
        self.blobs[oid] = Blob(bytes(self._kept[: min(size, self._limit)]), size)
        self._head, self._kept = None, bytearray()
        return True


class Blob(NamedTuple):
    """The bytes of a blob, cut off at the reader's limit, and its whole size in bytes."""

    data: bytes
    size: int

    @property
    def whole(self) -> bool:
        """Tell whether nothing was cut off."""
        return len(self.data) == self.size
