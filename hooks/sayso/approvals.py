"""Statements by which a person approves files byte for byte, and what can be told of a signature without its keys.

A statement names paths with their modes and object ids, and neither commit nor
tree: so it survives a rebase and a squash, and dies when one byte of what was
approved changes. It names the repository by its first commit, so that it does not
count in another one. Files below the folder of approvals are never part of a
statement, nor do they need one. There is one way to write a statement: bytes that
read the same and are written differently are refused.
"""

from __future__ import annotations

import hashlib
import json
import re
from base64 import b64decode
from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import NamedTuple

from sayso import jsondoc
from sayso.model import NO_MODE, SUBMODULE_MODE, SYMLINK_MODE, Change, ChangeKind, DataError

FORMAT = 1
TYPE = "sayso-approval"
NAMESPACE = "sayso-approval@1"
REVIEW = "review"
SECURITY_REVIEW = "security-review"
ROLES = (REVIEW, SECURITY_REVIEW)
MOST_BYTES = 1 << 20
MOST_PATHS = 4_000
MOST_SIGNATURE = 16 << 10
MOST_NOTE = 1_000
SUFFIX, SIGNATURE_SUFFIX = ".json", ".json.sig"

_MODES = frozenset(("100644", "100755", SYMLINK_MODE, SUBMODULE_MODE))
_MOST_PATH = 4_096
_ID_DIGITS = 16
_OBJECT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_PRINCIPAL = re.compile(r"[^\s\x00-\x1f\x7f\",*?!#\-][^\s\x00-\x1f\x7f\",*?!#]{0,254}")
_MADE = re.compile(r"20\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\dZ", re.ASCII)
_SURROGATE = re.compile("[\ud800-\udfff]")
_KEYS = {"format", "type", "role", "principal", "made", "repository", "note", "paths"}
_FILE = re.compile(rf"[0-9a-f]{{{_ID_DIGITS}}}\.json(?:\.sig)?")
_ARMOUR = re.compile(
    rb"-----BEGIN SSH SIGNATURE-----\r?\n((?:[A-Za-z0-9+/=]{1,76}\r?\n){1,400})-----END SSH SIGNATURE-----\r?\n?"
)
_MAGIC = b"SSHSIG\0\0\0\1"


class Item(NamedTuple):
    """A path with what is there: a deleted one has the mode ``NO_MODE`` and no object."""

    path: str
    mode: str
    blob: str


class Statement(NamedTuple):
    """What somebody says to have reviewed.

    Attributes:
        role: as what, one of ``ROLES``.
        principal: who, by the name under which ``allowed_signers`` has the key.
        made: when, in UTC, as ``2026-01-31T12:00:00Z``.
        repository: the id of the first commit, or "" where there was none yet.
        items: what, in the order of the paths.
        note: anything else that the person wanted to say.
    """

    role: str
    principal: str
    made: str
    repository: str
    items: tuple[Item, ...]
    note: str = ""

    @property
    def id(self) -> str:
        """The name of its files: the beginning of the SHA-256 of its bytes."""
        return identifier(encode(self))


class Header(NamedTuple):
    """What a signature says of itself: the key, as ``allowed_signers`` has it decoded, its type, and the namespace."""

    key: bytes
    type: str
    namespace: str

    @property
    def fingerprint(self) -> str:
        """The key's fingerprint, as ``ssh-keygen -l`` prints it."""
        return fingerprint(self.key)


def identifier(data: bytes) -> str:
    """Return the name under which a statement with these bytes is kept."""
    return hashlib.sha256(data).hexdigest()[:_ID_DIGITS]


def encode(statement: Statement) -> bytes:
    """Return the canonical bytes: JSON in ASCII, sorted keys, no spaces, one line."""
    document = {
        "format": FORMAT,
        "type": TYPE,
        **statement._asdict(),
        "paths": [item._asdict() for item in statement.items],
    }
    del document["items"]
    return json.dumps(document, sort_keys=True, separators=(",", ":")).encode("ascii") + b"\n"


def decode(data: bytes, source: str) -> Statement:
    """Read back what ``encode`` wrote; ``source`` names it in messages.

    Raises:
        DataError: it is anything else, down to one byte, or beyond the limits.
    """
    if len(data) > MOST_BYTES:
        raise DataError(f"{source}: more than {MOST_BYTES >> 10} KiB are too many for an approval")
    node = jsondoc.read(data, source)
    if set(node.fields()) != _KEYS or node.text("type") != TYPE or node.number("format") != FORMAT:
        raise node.error(f"not an approval in format {FORMAT} of sayso")
    statement = Statement(
        node.text("role"),
        node.text("principal"),
        node.text("made"),
        node.text("repository"),
        tuple(_item(entry) for entry in node.list("paths")),
        node.text("note"),
    )
    fault = faults(statement)
    if fault:
        raise node.error(fault)
    if encode(statement) != data:
        raise node.error("not written as sayso writes an approval; a formatter may have changed it")
    return statement


def _item(node: jsondoc.Node) -> Item:
    path = node.value.get("path") if isinstance(node.value, dict) else None
    if not isinstance(path, str):  # not taken as text: a path holds surrogates where its bytes are not UTF-8
        raise node.error("expected a string", "path")
    if set(node.fields()) != set(Item._fields):
        raise node.error("an entry has path, mode and blob, and nothing else")
    return Item(path, node.text("mode"), node.text("blob"))


def faults(statement: Statement) -> str:
    """Return what is wrong with a statement, or ""."""
    paths = [item.path for item in statement.items]
    if statement.role not in ROLES:
        return f"{statement.role[:40]!r} is not one of {', '.join(ROLES)}"
    if not is_principal(statement.principal):
        return f"{statement.principal[:60]!r} is not a name that allowed_signers can have"
    if not _MADE.fullmatch(statement.made):
        return f"{statement.made[:40]!r} is not a time as in 2026-01-31T12:00:00Z"
    if statement.repository and not _OBJECT.fullmatch(statement.repository):
        return "the repository is not named by the id of a commit"
    if len(statement.note) > MOST_NOTE:
        return f"a note of more than {MOST_NOTE} characters"
    if not paths or len(paths) > MOST_PATHS:
        return f"an approval names 1 to {MOST_PATHS} paths, not {len(paths)}"
    if any(left >= right for left, right in pairwise(paths)):
        return "the paths are not in order, or one stands twice"
    return next(filter(None, map(_item_fault, statement.items)), "")


def is_principal(name: str) -> bool:
    """Tell whether ``name`` can be the identity in a signature's check: no pattern, no option, no space."""
    return bool(_PRINCIPAL.fullmatch(name)) and not _SURROGATE.search(name)


def _item_fault(item: Item) -> str:
    if not is_path(item.path):
        return f"{item.path[:80]!r} is not a path below the top of a repository"
    gone = item.mode == NO_MODE
    if not gone and item.mode not in _MODES:
        return f"{item.mode[:10]!r} is not a mode that git gives a file"
    if bool(_OBJECT.fullmatch(item.blob)) is gone or (gone and item.blob):
        return f"{item.path[:80]!r} has no object id, or one although it is deleted"
    return ""


def is_path(path: str) -> bool:
    """Tell whether ``path`` is one that git can have: relative, with nothing in it that walks."""
    if not path or len(path) > _MOST_PATH or "\0" in path or any(part in {"", ".", ".."} for part in path.split("/")):
        return False
    if not _SURROGATE.search(path):
        return True
    try:
        return path.encode("utf-8", "surrogateescape").decode("utf-8", "surrogateescape") == path
    except UnicodeEncodeError:
        return False


def items_of(changes: Iterable[Change], folder: str) -> dict[str, Item]:
    """Return what an approval of ``changes`` names, by path: a rename is a new file and a deletion.

    What lies below ``folder``, where the approvals are, is left out.
    """
    found: dict[str, Item] = {}
    for change in changes:
        if change.kind is ChangeKind.RENAMED:
            found.setdefault(change.old_path, Item(change.old_path, NO_MODE, ""))
        gone = change.kind is ChangeKind.DELETED
        found[change.path] = Item(change.path, NO_MODE if gone else change.mode, "" if gone else change.blob)
    return {path: item for path, item in found.items() if not exempt(path, folder)}


def exempt(path: str, folder: str) -> bool:
    """Tell whether ``path`` lies in the folder of approvals, which needs no approval."""
    return path.startswith(f"{folder}/")


def is_file_name(name: str) -> bool:
    """Tell whether a file of the folder of approvals is named as one."""
    return bool(_FILE.fullmatch(name))


def matching(statement: Statement, needed: Mapping[str, Item]) -> tuple[str, ...]:
    """Return the paths of ``needed`` that the statement approves exactly as they are."""
    return tuple(item.path for item in statement.items if needed.get(item.path) == item)


def header(data: bytes, source: str) -> Header:
    """Read what an armoured SSH signature says of itself. Whether it is true, only ``ssh-keygen`` can tell.

    Raises:
        DataError: it is no such signature, or has anything before or behind it.
    """
    found = _ARMOUR.fullmatch(data) if len(data) <= MOST_SIGNATURE else None
    try:
        raw = b64decode(found[1].replace(b"\r", b"").replace(b"\n", b""), validate=True) if found else b""
    except ValueError:
        raw = b""
    parts = _strings(raw[len(_MAGIC) :]) if raw.startswith(_MAGIC) else []
    if len(parts) != 5:  # noqa: PLR2004 - key, namespace, reserved, hash, signature
        raise DataError(f"{source}: not an SSH signature, as ssh-keygen -Y sign writes it")
    kind = parts[0][4 : 4 + int.from_bytes(parts[0][:4], "big")]  # a certificate holds more than strings behind it
    return Header(parts[0], kind.decode("ascii", "replace"), parts[1].decode("utf-8", "replace"))


def fingerprint(key: bytes) -> str:
    """Return the fingerprint of a public key."""
    from base64 import b64encode  # noqa: PLC0415 - only a message shows one

    return f"SHA256:{b64encode(hashlib.sha256(key).digest()).decode().rstrip('=')}"


def _strings(data: bytes) -> list[bytes]:
    """Take apart strings that follow one another, each behind its length; what is cut off ends the list."""
    found: list[bytes] = []
    while len(data) >= 4:  # noqa: PLR2004 - the length
        size = int.from_bytes(data[:4], "big")
        if size > len(data) - 4:
            return []
        found.append(data[4 : 4 + size])
        data = data[4 + size :]
    return [] if data else found
