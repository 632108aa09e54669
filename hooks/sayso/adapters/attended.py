"""Run the user's own command in the user's own terminal, and learn how it ended.

Nothing is taken from it: environment, input and output are ours. It stays in our process
group, so that Ctrl-C reaches it and it may read from the terminal; with a time limit it gets a
group of its own, as ``timeout`` does, so that its children end with it.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sayso.adapters.process import ProcessError
from sayso.model import UsageError

_GRACE = 10.0
_PAUSE = 0.02


class TimedOutError(ProcessError):
    """A command that did not end in time."""


class _Terminated(KeyboardInterrupt):
    """SIGTERM, which the command has not seen."""


def run(argv: Sequence[str], timeout: float = 0.0) -> int:
    """Run ``argv``, searched for on ``PATH``, and return its exit code, negative after a signal.

    Args:
        argv: the command.
        timeout: seconds until it is ended; 0 is no limit.

    Raises:
        UsageError: it cannot be started.
        TimedOutError: it was ended.
        KeyboardInterrupt: we were interrupted, or it was; it has ended.
    """
    with _terminable() as mask:
        pid = _started(argv, mask, own=bool(timeout))
        try:
            signal.pthread_sigmask(signal.SIG_SETMASK, mask)
            code = _ended(pid, timeout)
        except KeyboardInterrupt as exc:
            _end(pid, signal.SIGTERM if isinstance(exc, _Terminated) else signal.SIGINT, own=bool(timeout))
            raise
        if code is None:
            _end(pid, signal.SIGTERM, own=True)
            raise TimedOutError(f"{argv[0]}: not ended after {timeout:g} seconds: nothing is recorded")
    if code == -signal.SIGINT:
        raise KeyboardInterrupt
    return code


def _started(argv: Sequence[str], mask: set[int], *, own: bool) -> int:
    group: dict[str, Any] = {"setpgroup": 0} if own else {}
    try:
        return os.posix_spawnp(
            argv[0], list(argv), os.environ, setsigdef=(signal.SIGPIPE,), setsigmask=tuple(mask), **group
        )
    except (OSError, ValueError) as exc:
        reason = exc.strerror if isinstance(exc, OSError) else exc
        raise UsageError(f"{argv[0]}: cannot be started: {reason}") from exc


@contextmanager
def _terminable() -> Iterator[set[int]]:
    """Have SIGTERM end the command too, and hold signals back until there is one to end; yields the mask before."""

    def stop(*_: object) -> None:
        raise _Terminated

    before = signal.signal(signal.SIGTERM, stop)
    mask = {int(number) for number in signal.pthread_sigmask(signal.SIG_BLOCK, (signal.SIGINT, signal.SIGTERM))}
    try:
        yield mask
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        signal.signal(signal.SIGTERM, before)


def _ended(pid: int, timeout: float) -> int | None:
    """Wait for a command; return None where it takes longer than ``timeout``."""
    if not timeout:
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    deadline = time.monotonic() + timeout
    while time.monotonic() < deadline:
        done, status = os.waitpid(pid, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        time.sleep(_PAUSE)
    return None


def _end(pid: int, number: int, *, own: bool) -> None:
    """See to it that a command ends: ask, wait a while, kill. A terminal's Ctrl-C has asked already in our group."""
    if own:
        _send(os.killpg, pid, number)
    elif number != signal.SIGINT:
        _send(os.kill, pid, number)
    try:
        if _ended(pid, _GRACE) is None:
            _send(os.killpg if own else os.kill, pid, signal.SIGKILL)
            os.waitpid(pid, 0)
    except KeyboardInterrupt:  # a second time: at once
        _send(os.killpg if own else os.kill, pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        raise
    except ChildProcessError:
        return
    finally:
        if own:
            _send(os.killpg, pid, signal.SIGKILL)


def _send(how: Any, pid: int, number: int) -> None:
    try:
        how(pid, number)
    except (ProcessLookupError, PermissionError):
        return
