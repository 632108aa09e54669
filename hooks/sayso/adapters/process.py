"""Start other programs: git and the scanners.

``os.posix_spawn`` instead of ``subprocess``: importing that module would cost a
light hook a tenth of its time. A child runs in a process group of its own, so a
timeout or Ctrl-C takes its children along.
"""

from __future__ import annotations

import os
import select
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from sayso.model import SaysoError

_CHUNK = 1 << 16
_SIGPIPE = 13
_SIGKILL = 9
_CAP = 64 << 20


_RUNNING: set[int] = set()
_ENDING: list[bool] = []


class ProcessError(SaysoError):
    """A program that could not be started, did not end in time, or printed too much."""


class Completed(NamedTuple):
    """How a program ended; ``code`` is negative after a signal."""

    code: int
    out: bytes
    err: bytes


def run(
    argv: Sequence[str],
    *,
    executable: str = "",
    stdin: bytes = b"",
    env: Mapping[str, str],
    timeout: float = 60.0,
    sink: Callable[[bytes], None] | None = None,
) -> Completed:
    """Run ``argv`` to its end and return its exit code and output.

    Args:
        argv: the command; ``argv[0]`` is what the program sees as its own name.
        executable: absolute path of the program, where it differs from ``argv[0]``.
        stdin: bytes for its standard input, which is then closed.
        env: its whole environment.
        timeout: seconds until it is killed.
        sink: takes standard output chunk by chunk; ``Completed.out`` is then empty and has no cap.

    Raises:
        ProcessError: not startable, timed out, or more than 64 MiB of output.
    """
    name = os.path.basename(argv[0])
    in_read, in_write = os.pipe()
    out_read, out_write = os.pipe()
    err_read, err_write = os.pipe()
    parents = [in_write, out_read, err_read]
    pid = 0
    try:
        try:
            pid = os.posix_spawn(
                executable or argv[0],
                list(argv),
                dict(env),
                file_actions=[
                    (os.POSIX_SPAWN_DUP2, in_read, 0),
                    (os.POSIX_SPAWN_DUP2, out_write, 1),
                    (os.POSIX_SPAWN_DUP2, err_write, 2),
                ],
                setpgroup=0,
                setsigdef=(_SIGPIPE,),
            )
        except OSError as exc:
            raise ProcessError(f"{name}: cannot be started: {exc.strerror}: {executable or argv[0]}") from exc
        finally:
            for fd in (in_read, out_write, err_write):
                os.close(fd)
        _RUNNING.add(pid)
        try:
            out, err = _exchange(name, parents, stdin, time.monotonic() + timeout, sink)
        except BaseException:
            _kill(pid)
            raise
        return Completed(_reap(name, pid, timeout), out, err)
    finally:
        _RUNNING.discard(pid)
        for fd in parents:
            if fd >= 0:
                os.close(fd)


def stream(argv: Sequence[str], *, env: Mapping[str, str], stdin: int = -1) -> Iterator[bytes]:
    """Yield the standard output of ``argv`` as it comes; its standard error goes where ours goes.

    Args:
        argv: the command, an absolute path first.
        env: its whole environment.
        stdin: a file descriptor that becomes its standard input; by default it has none.

    Raises:
        ProcessError: not startable, or it ended with a code other than 0.
    """
    name = os.path.basename(argv[0])
    out_read, out_write = os.pipe()
    actions: list[tuple[Any, ...]] = [(os.POSIX_SPAWN_DUP2, out_write, 1)]
    if stdin < 0:
        actions.append((os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0))
    elif stdin:
        actions.append((os.POSIX_SPAWN_DUP2, stdin, 0))
    try:
        pid = os.posix_spawn(argv[0], list(argv), dict(env), file_actions=actions, setsigdef=(_SIGPIPE,))
    except OSError as exc:
        os.close(out_read)
        raise ProcessError(f"{name}: cannot be started: {exc.strerror}: {argv[0]}") from exc
    finally:
        os.close(out_write)
    try:
        while chunk := os.read(out_read, _CHUNK):
            yield chunk
        code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        pid = 0
        if code:
            raise ProcessError(f"{name} {argv[-1]}: ended with {code}")
    finally:
        os.close(out_read)
        if pid:
            _kill(pid)


def _exchange(
    name: str, pipes: list[int], stdin: bytes, deadline: float, sink: Callable[[bytes], None] | None
) -> tuple[bytes, bytes]:
    """Feed standard input and drain both outputs at once, so that no pipe can fill up and hang the pair."""
    if _ENDING:
        raise ProcessError(f"{name}: interrupted")
    in_write, out_read, err_read = pipes
    out, err = bytearray(), bytearray()
    pending = memoryview(stdin)
    poll = select.poll()
    poll.register(out_read, select.POLLIN)
    poll.register(err_read, select.POLLIN)
    os.set_blocking(in_write, False)
    poll.register(in_write, select.POLLOUT)
    waiting = 2
    while waiting:
        left = deadline - time.monotonic()
        if left <= 0:
            raise ProcessError(f"{name}: timed out")
        for fd, _event in poll.poll(left * 1000):
            if fd == in_write:
                pending = _feed(fd, pending)
                if not pending:
                    poll.unregister(fd)
                    os.close(fd)
                    pipes[0] = -1
                continue
            chunk = os.read(fd, _CHUNK)
            if not chunk:
                poll.unregister(fd)
                waiting -= 1
            elif fd == err_read:
                err += chunk[: _CHUNK - len(err)]
            elif sink:
                sink(chunk)
            else:
                out += chunk
                if len(out) > _CAP:
                    raise ProcessError(f"{name}: printed more than {_CAP >> 20} MiB")
    return bytes(out), bytes(err)


def _feed(fd: int, pending: memoryview) -> memoryview:
    try:
        return pending[os.write(fd, pending) :] if pending else pending
    except BlockingIOError:
        return pending
    except BrokenPipeError:
        return memoryview(b"")


def _reap(name: str, pid: int, timeout: float) -> int:
    """Wait for a child that has closed its outputs; one that lives on regardless is killed."""
    deadline = time.monotonic() + timeout
    pause = 0.00005
    while True:
        done, status = os.waitpid(pid, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        if time.monotonic() > deadline:
            _kill(pid)
            raise ProcessError(f"{name}: timed out")
        time.sleep(pause)
        pause = min(pause * 2, 0.05)


def _kill(pid: int) -> None:
    try:
        os.killpg(pid, _SIGKILL)
    except (ProcessLookupError, PermissionError):
        os.kill(pid, _SIGKILL)
    os.waitpid(pid, 0)


def kill_all() -> None:
    """Kill what other threads of this process still run, and let them start nothing more."""
    _ENDING.append(True)
    for pid in tuple(_RUNNING):
        try:
            os.killpg(pid, _SIGKILL)
        except ProcessLookupError:
            continue


def ancestors() -> Iterator[list[str]]:
    """Yield the command lines of the processes above us, nearest first; none where there is no ``/proc``."""
    pid = os.getppid()
    while pid > 1:
        try:
            with open(f"/proc/{pid}/cmdline", "rb") as file:
                yield [os.fsdecode(word) for word in file.read().split(b"\0")[:-1]]
            with open(f"/proc/{pid}/stat", "rb") as file:
                pid = int(file.read().rpartition(b")")[2].split()[1])
        except OSError:
            return


def scrubbed(home: str) -> dict[str, str]:
    """Return the environment for a scanner: nothing of the user's but the search path and the language.

    ``SEMGREP_RULES``, ``PYTHONPATH`` and the like are inputs, and the repository's owner may have set them.
    """
    kept = {key: os.environ[key] for key in ("PATH", "LANG", "LC_ALL", "TMPDIR", "SYSTEMROOT") if key in os.environ}
    return {**kept, "HOME": home, "XDG_CONFIG_HOME": home, "XDG_CACHE_HOME": home}


def own_executable(*relative: str) -> str:
    """Return the absolute path of a program of this Python environment, never one from ``PATH``.

    Raises:
        ProcessError: this environment does not have it.
    """
    import sys  # noqa: PLC0415

    path = os.path.join(sys.prefix, *relative)
    if not os.access(path, os.X_OK):
        raise ProcessError(f"{relative[-1]} is not installed in the environment of this hook: {path} is missing")
    return path
