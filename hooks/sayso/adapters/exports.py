"""Read a set of advisories that the user has fetched: a zip file, a folder, or a file with one JSON document a line.

That is how OSV publishes them. What is damaged, cut off or absurdly large is an
error: a part of the advisories would clear what the other part is about.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator

from sayso.model import SaysoError

_MOST_BYTES = 2 << 30
_MOST_A_DOCUMENT = 16 << 20


class ExportError(SaysoError):
    """The advisories cannot be read."""


def read(path: str) -> tuple[str, Iterator[tuple[str, bytes]]]:
    """Return the SHA-256 of an export, and its documents with a name for messages.

    Raises:
        ExportError: it is not there, or not whole. The documents raise it too.
    """
    try:
        if os.path.isdir(path):
            files = [(name, _bytes(os.path.join(path, name))) for name in _names(path)]
            sums = "".join(f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in files)
            return hashlib.sha256(sums.encode("utf-8", "surrogateescape")).hexdigest(), iter(files)
        data = _bytes(path)
    except OSError as exc:
        raise ExportError(f"cannot read the advisories in {path}: {exc.strerror}") from exc
    documents = _zipped(path) if data.startswith(b"PK") else _lines(path, data)
    return hashlib.sha256(data).hexdigest(), documents


def _names(folder: str) -> Iterator[str]:
    for at, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            if name.endswith(".json"):
                yield os.path.relpath(os.path.join(at, name), folder)


def _bytes(path: str) -> bytes:
    fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    with open(fd, "rb") as file:
        if os.fstat(fd).st_size > _MOST_BYTES:
            raise ExportError(f"{path} is too large for a set of advisories")
        return file.read()


def _zipped(path: str) -> Iterator[tuple[str, bytes]]:
    from zipfile import BadZipFile, ZipFile  # noqa: PLC0415 - other forms do without
    from zlib import error  # noqa: PLC0415

    try:
        with ZipFile(path) as archive:
            entries = [entry for entry in archive.infolist() if entry.filename.endswith(".json")]
            if sum(entry.file_size for entry in entries) > _MOST_BYTES:
                raise ExportError(f"{path} is too large for a set of advisories")
            for entry in entries:
                if entry.file_size > _MOST_A_DOCUMENT:
                    raise ExportError(f"{path}: {entry.filename} is too large for an advisory")
                yield entry.filename, archive.read(entry)
    except (BadZipFile, OSError, EOFError, NotImplementedError, RuntimeError, error) as exc:
        raise ExportError(f"{path} is damaged, fetch it again: {exc}") from exc


def _lines(path: str, data: bytes) -> Iterator[tuple[str, bytes]]:
    name = os.path.basename(path)
    for number, line in enumerate(data.split(b"\n"), 1):
        if line.strip():
            yield f"{name}:{number}", line
