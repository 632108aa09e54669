"""Give scanners their files, in a private folder, and run several scanners at once.

A file in which a scanner provably can find nothing is never given to it. The others are handed over in memory where
the platform can, so that a process that is killed leaves nothing of them behind.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Self

from sayso.adapters.process import kill_all
from sayso.evidence import Evidence, ScanReport, Subject
from sayso.model import SaysoError

if TYPE_CHECKING:
    from sayso.app.engines import Engine
    from sayso.app.scan import Target

_MOST_HELD = 100
_LAST_STREAM = 2


class Batch:
    """One run of one scanner: what to scan, and afterwards what came of it."""

    def __init__(
        self,
        engine: Engine,
        files: Iterable[tuple[Target, bytes]],
        earlier: Mapping[Subject, tuple[Target, bytes]] = {},
    ) -> None:
        """Take what to scan; ``earlier`` has the former version of a file, which matters if anything may be found."""
        self._engine = engine
        self._clear: set[Subject] = set()
        self._contents: dict[Subject, bytes] = {}
        self.targets = [self._take(target, data) for target, data in files]
        uncleared = [(subject, *earlier[subject]) for subject in list(self._contents) if subject in earlier]
        self.earlier = [
            self._take(target, data)
            for subject, target, data in uncleared
            if engine.may_hold(target.subject, data, engine.suspects(subject))
        ]
        self._names: dict[str, Subject] = {}
        self._report: ScanReport | None = None
        self._error: BaseException | None = None

    def _take(self, target: Target, data: bytes) -> Target:
        if self._engine.clears(target.subject, data):
            self._clear.add(target.subject)
        else:
            self._contents[target.subject] = data
        return target

    def run(self) -> None:
        """Scan; whatever goes wrong is kept for ``outcome``."""
        if not self._contents:
            return
        try:
            with _Folder() as folder:
                for number, (subject, data) in enumerate(self._contents.items()):
                    self._names[folder.write(f"{number}{self._engine.suffix(subject)}", data)] = subject
                size = sum(map(len, self._contents.values()))
                self._report = self._engine.scan(folder.path, self._names, size)
        except BaseException as exc:  # noqa: BLE001 - raised again by outcome(), in the thread that asked
            self._error = exc

    def interrupted(self) -> None:
        """Raise what ended the run from outside: Ctrl-C."""
        if self._error and not isinstance(self._error, Exception):
            raise self._error

    def outcome(self) -> Mapping[Subject, Evidence | str]:
        """Return the evidence for each subject, or the reason why there is none; raises what ``run`` met."""
        if self._error:
            raise self._error
        outcome: dict[Subject, Evidence | str] = {subject: Evidence(subject, ()) for subject in self._clear}
        if self._report is not None:
            for name, spots in self._report.spots.items():
                outcome[self._names[name]] = Evidence(self._names[name], spots, self._report.gaps.get(name, ""))
            outcome |= {self._names[name]: reason for name, reason in self._report.failed.items()}
        return outcome


def run_together(batches: Sequence[Batch]) -> None:
    """Run all batches at once: each waits for a process of its own, and there are two cores or more.

    Ctrl-C reaches this thread only; the others end, and remove their files, once their processes are killed.
    """
    signal.signal(signal.SIGTERM, _terminate)
    threads = [threading.Thread(target=batch.run, daemon=True) for batch in batches[1:]]
    try:
        for thread in threads:
            thread.start()
        for batch in batches[:1]:
            batch.run()
            batch.interrupted()
        for thread in threads:
            thread.join()
    except BaseException:
        kill_all()
        for thread in threads:
            if thread.ident is not None:
                thread.join()
        raise


def _terminate(_number: int, _frame: object) -> None:
    """End as Ctrl-C does: processes are killed and files removed on the way out."""
    raise KeyboardInterrupt


def _above_streams(fd: int) -> int:
    """Return ``fd`` under a number that no standard stream has: where ours are closed, a child's take their places."""
    if fd > _LAST_STREAM:
        return fd
    other = _above_streams(os.dup(fd))
    os.close(fd)
    os.set_inheritable(other, True)
    return other


class _Folder:
    """A new folder that only this user can look into, removed with its files at the end.

    A file in it is a name for memory that this process holds and its children inherit, as long as there are few.
    """

    def __enter__(self) -> Self:
        parent = os.environ.get("TMPDIR") or "/tmp"  # noqa: S108 - a random name, created exclusively with mode 0700
        self.path = os.path.join(os.path.realpath(parent), f"sayso-{os.urandom(8).hex()}")
        self._held: list[int] = []
        try:
            os.mkdir(self.path, 0o700)
        except OSError as exc:
            raise SaysoError(f"cannot create a folder in {parent}: {exc.strerror}") from exc
        return self

    def write(self, name: str, data: bytes) -> str:
        """Write a file and return its absolute path."""
        path = os.path.join(self.path, name)
        try:
            if not self._hold(path, data):
                with open(path, "xb") as file:
                    file.write(data)
        except OSError as exc:
            raise SaysoError(f"cannot write {path}: {exc.strerror}") from exc
        return path

    def _hold(self, path: str, data: bytes) -> bool:
        if len(self._held) >= _MOST_HELD or not os.path.isdir("/proc/self/fd"):
            return False
        held = _above_streams(os.memfd_create(os.path.basename(path), 0))
        self._held.append(held)
        with open(held, "wb", closefd=False) as file:
            file.write(data)
        os.symlink(f"/proc/self/fd/{held}", path)
        return True

    def __exit__(self, *exc: object) -> None:
        for folder, folders, names in os.walk(self.path, topdown=False):
            for name in [*names, *folders]:
                path = os.path.join(folder, name)
                if os.path.isdir(path) and not os.path.islink(path):
                    os.rmdir(path)
                else:
                    os.unlink(path)
        os.rmdir(self.path)
        for held in self._held:
            os.close(held)
