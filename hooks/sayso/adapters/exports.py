"""Read a set of advisories that the user has fetched: a zip file, a folder, or a file with one JSON document a line.

That is how OSV publishes them. What is damaged, cut off or absurdly large is an
error: a part of the advisories would clear what the other part is about.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from typing import NamedTuple

from sayso.model import SaysoError

_MOST_BYTES = 2 << 30
_MOST_A_DOCUMENT = 16 << 20


class Summary(NamedTuple):
    """How many advisories an export holds, for how many packages, and the day of the newest."""

    advisories: int
    packages: int
    day: str


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
    documents = _zipped(path, data) if data.startswith(b"PK") else _lines(path, data)
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


def _zipped(path: str, data: bytes) -> Iterator[tuple[str, bytes]]:
    from io import BytesIO  # noqa: PLC0415 - other forms do without
    from zipfile import BadZipFile, ZipFile  # noqa: PLC0415 - other forms do without
    from zlib import error  # noqa: PLC0415

    try:
        with ZipFile(BytesIO(data)) as archive:
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


def recall(common_dir: str, digest: str) -> Summary | None:
    """Return what is kept of an export that was read as a whole before, and found good."""
    try:
        with open(_kept(common_dir, digest), encoding="ascii") as file:
            count, packages, day = file.read(100).split("\n")[:3]
        return Summary(int(count), int(packages), day) if len(day) == len("2026-01-01") else None
    except (OSError, ValueError):
        return None


def remember(common_dir: str, digest: str, summary: Summary) -> None:
    """Keep what there is to say of an export; without, it is read as a whole again."""
    path = _kept(common_dir, digest)
    beside = f"{path}.{os.getpid()}.tmp"
    try:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(beside, "x", encoding="ascii") as file:
            file.write(f"{summary.advisories}\n{summary.packages}\n{summary.day}\n")
        os.replace(beside, path)
    except OSError:
        return


def _kept(common_dir: str, digest: str) -> str:
    return os.path.join(common_dir, "sayso", "exports", digest)
