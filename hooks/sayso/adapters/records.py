"""Keep records in a folder of the git directory, one file each, named by its key.

Written beside and moved into place: a reader sees a whole record or none, whatever
is killed and however many hooks run. The first line is the SHA-256 of the rest. A
damaged record is named, discarded and left to be derived again; an undamaged one
could still have been forged by whoever owns the machine, so records are a cache and
never a proof.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator
from stat import S_ISREG
from typing import TypeVar

from sayso.model import SaysoError

MOST_BYTES = (4 << 20) - 65  # with the digest, 4 MiB

_T = TypeVar("_T")


class LedgerError(SaysoError):
    """The folder cannot be read or written."""


class DamagedError(SaysoError):
    """Bytes that are not the record that their name promises."""


class Records:
    """The records below ``root``; ``noun`` is what messages call one.

    ``damaged`` collects a message for every record that had to be discarded.
    """

    def __init__(self, root: str, noun: str) -> None:
        self._root = root
        self._noun = noun
        self.damaged: list[str] = []

    def get(self, key: str, decode: Callable[[bytes], _T]) -> _T | None:
        """Return what ``decode`` makes of a record, or None where there is none to be believed.

        ``decode`` raises ``SaysoError`` for bytes that it does not take.

        Raises:
            LedgerError: the file is there and cannot be read.
        """
        path = self._path(key)
        try:
            return decode(_load(path))
        except FileNotFoundError:
            return None
        except OSError as exc:
            raise LedgerError(f"cannot read {self._noun} {path}: {exc.strerror}") from exc
        except SaysoError as exc:
            self._discard(path, key, str(exc))
            return None

    def put(self, key: str, body: bytes) -> None:
        """Keep a record in place of an earlier one with this key; one that is too large is not kept.

        Raises:
            LedgerError: it cannot be written; nothing half-written is left in place.
        """
        if len(body) > MOST_BYTES:
            return
        path = self._path(key)
        beside = f"{path}.{os.getpid()}.tmp"
        try:
            os.makedirs(os.path.dirname(path), exist_ok=True)
            fd = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
            with open(fd, "wb") as file:
                file.write(hashlib.sha256(body).hexdigest().encode() + b"\n" + body)
            os.replace(beside, path)
        except OSError as exc:
            _remove(beside)
            raise LedgerError(f"cannot keep {self._noun} in {path}: {exc.strerror}") from exc

    def keys(self) -> Iterator[str]:
        """Yield the keys that there are, in their order."""
        for folder, folders, names in os.walk(self._root):
            folders.sort()
            for name in sorted(names):
                if not name.endswith(".tmp"):
                    yield os.path.relpath(os.path.join(folder, name), self._root).replace(os.sep, "")

    def prune(self, most: int) -> None:
        """Forget the oldest records beyond ``most``."""
        paths = [self._path(key) for key in self.keys()]
        if len(paths) > most:
            for path in sorted(paths, key=_changed)[:-most]:
                _remove(path)

    def _path(self, key: str) -> str:
        return os.path.join(self._root, key[:2], key[2:])

    def _discard(self, path: str, key: str, reason: str) -> None:
        _remove(path)
        if os.path.lexists(path):
            from shutil import rmtree  # noqa: PLC0415 - nobody puts a folder there but by accident

            rmtree(path, ignore_errors=True)
        self.damaged.append(f"{self._noun} {key[:12]} in the ledger was damaged and has been discarded: {reason}")


def _load(path: str) -> bytes:
    if not S_ISREG(os.lstat(path).st_mode):
        raise DamagedError("it is no regular file")
    fd = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    with open(fd, "rb") as file:
        data = file.read(MOST_BYTES + 65)
    digest, _, body = data.partition(b"\n")
    if hashlib.sha256(body).hexdigest().encode() != digest:
        raise DamagedError("its bytes do not have the digest that it names")
    return body


def _changed(path: str) -> float:
    try:
        return os.lstat(path).st_mtime
    except OSError:
        return 0.0


def _remove(path: str) -> None:
    try:
        os.unlink(path)
    except OSError:
        return
