"""Take a folder out of a tree, and tell the id of what is left, without writing an object.

Runs are recorded for content, and approvals of content are files beside it: were they
part of the tree, an approval would end what was recorded of the very bytes that it approves.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from typing import NamedTuple

_TREE_MODE = b"40000"
_LONG_ID = 64


class _Entry(NamedTuple):
    mode: bytes
    name: bytes
    oid: bytes


def without(tree: str, folder: str, read: Callable[[str], bytes]) -> str:
    """Return the id that ``tree`` would have without ``folder``.

    ``tree`` is a full hex id, and the answer is one of the same kind; ``read`` returns the raw bytes of a tree by its
    id. A folder that has nothing else in it goes too, as git keeps no empty ones.
    """
    names = folder.encode("utf-8", "surrogateescape").split(b"/")
    return _left(tree, names, read) or _id(b"", tree)


def _left(tree: str, names: list[bytes], read: Callable[[str], bytes]) -> str:
    """Return the id of what is left of a tree; "" where that is nothing."""
    entries = list(_entries(read(tree), len(tree) // 2))
    kept = []
    changed = False
    for entry in entries:
        if entry.name != names[0] or entry.mode != _TREE_MODE:
            kept.append(entry)
            continue
        below = _left(entry.oid.hex(), names[1:], read) if names[1:] else ""
        changed = below != entry.oid.hex()
        if below:
            kept.append(entry._replace(oid=bytes.fromhex(below)))
    if not changed:
        return tree
    return _id(b"".join(b"%s %s\0%s" % entry for entry in kept), tree) if kept else ""


def _entries(data: bytes, width: int) -> Iterator[_Entry]:
    at = 0
    while at < len(data):
        end = data.index(b"\0", at)
        mode, _, name = data[at:end].partition(b" ")
        yield _Entry(mode, name, data[end + 1 : end + 1 + width])
        at = end + 1 + width


def _id(data: bytes, like: str) -> str:
    digest = hashlib.sha256 if len(like) == _LONG_ID else hashlib.sha1
    return digest(b"tree %d\0%s" % (len(data), data), usedforsecurity=False).hexdigest()
