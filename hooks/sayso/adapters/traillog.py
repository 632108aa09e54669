"""Keep the audit trail in ``sayso/trail.jsonl`` of the git common directory, so that linked worktrees share it.

Lines are only ever appended, under a lock, and are on the disk before the lock is
given up. Whatever stands after the last line end is what a crash left of a line:
a reader says so, and the next writer moves it into a file of its own beside the
trail before it goes on. Nothing is dropped, and no whole line is touched.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedRandom, BufferedReader
from stat import S_ISREG

from sayso.trail import MOST_LINE, TrailError

_PATIENCE = 60.0
_PAUSE = 0.05
_MOST_TORN = 100
_SAFE = os.O_NOFOLLOW | os.O_CLOEXEC


class TrailFile:
    """The trail of one repository.

    ``torn`` are the bytes after the last line end, known once all lines were read; ``set_aside`` is the file that
    holds them once a writer has moved them.
    """

    def __init__(self, common_dir: str) -> None:
        self.path = os.path.join(common_dir, "sayso", "trail.jsonl")
        self.torn = b""
        self.set_aside = ""

    def lines(self) -> Iterator[bytes]:
        """Yield every whole line, without its end; none where there is no trail yet.

        Raises:
            TrailError: it cannot be read, or a line is longer than any entry.
        """
        try:
            fd = os.open(self.path, os.O_RDONLY | os.O_NONBLOCK | _SAFE)
        except FileNotFoundError:
            return
        except OSError as exc:
            raise self._error("read", exc) from exc
        self._regular(fd)
        with open(fd, "rb") as file:
            self._guard(fd, fcntl.LOCK_SH)
            yield from self._lines(file)

    @contextmanager
    def writing(self) -> Iterator[Writer]:
        """Give the one writer that there is: read its ``lines`` to the end, then append.

        Raises:
            TrailError: the trail cannot be opened or written, or another writer does not come to an end.
        """
        folder = os.path.dirname(self.path)
        try:
            os.makedirs(folder, exist_ok=True)
            fd = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_NONBLOCK | _SAFE, 0o600)
            self._regular(fd)
            with open(fd, "r+b") as file:
                self._guard(fd, fcntl.LOCK_EX)
                yield Writer(self, file)
                file.flush()
                os.fsync(fd)
            _sync_folder(folder)
        except OSError as exc:
            raise self._error("write", exc) from exc

    def _regular(self, fd: int) -> None:
        if not S_ISREG(os.fstat(fd).st_mode):
            os.close(fd)
            raise TrailError(f"{self.path} is no regular file")

    def _guard(self, fd: int, kind: int) -> None:
        end = time.monotonic() + _PATIENCE
        while True:
            try:
                fcntl.flock(fd, kind | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() > end:
                    raise TrailError(f"{self.path} is in use by another process: try again when it has ended") from None
                time.sleep(_PAUSE)
            else:
                return

    def _lines(self, file: BufferedReader | BufferedRandom) -> Iterator[bytes]:
        self.torn = b""
        number = 0
        while line := file.readline(MOST_LINE + 2):
            number += 1
            if line.endswith(b"\n"):
                yield line[:-1]
            elif len(line) > MOST_LINE:
                raise TrailError(f"{self.path}:{number}: a line of more than {MOST_LINE} bytes is no entry")
            else:
                self.torn = line

    def _error(self, deed: str, exc: OSError) -> TrailError:
        return TrailError(f"cannot {deed} the audit trail {self.path}: {exc.strerror}")


class Writer:
    """What may append to a trail, once it has read it."""

    def __init__(self, trail: TrailFile, file: BufferedRandom) -> None:
        self._trail = trail
        self._file = file

    def lines(self) -> Iterator[bytes]:
        """Yield every whole line, then set aside what a crash has left after them."""
        yield from self._trail._lines(self._file)  # noqa: SLF001 - two halves of one file
        torn = self._trail.torn
        if torn:
            self._keep(torn)
            self._file.flush()
            self._file.truncate(self._file.seek(0, os.SEEK_END) - len(torn))
            self._trail.torn = b""

    def append(self, line: bytes) -> None:
        """Add a line; it is on the disk when the writer is given up."""
        self._file.write(line + b"\n")

    def _keep(self, torn: bytes) -> None:
        name = f"{self._trail.path}.torn-{hashlib.sha256(torn).hexdigest()[:12]}"
        for number in range(_MOST_TORN):
            path = f"{name}-{number}" if number else name
            try:
                fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _SAFE, 0o600)
            except FileExistsError:
                continue  # it may be what another crash left of this very file
            with open(fd, "wb") as file:
                file.write(torn)
                file.flush()
                os.fsync(file.fileno())
            self._trail.set_aside = path
            return
        raise TrailError(f"there are too many files such as {name}: move them away")


def _sync_folder(folder: str) -> None:
    fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)
