"""Other programs, run for real: they end in time, within bounds, and take their children along."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from sayso.adapters import process
from sayso.adapters.process import Completed, ProcessError, run, stream

SH = "/bin/sh"
ENV = {"PATH": "/usr/bin:/bin"}


def alive(pid: int) -> bool:
    """Tell whether a process runs; one that has ended and waits for its parent does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def gone(pid: int) -> bool:
    """Wait for a process to end."""
    deadline = time.monotonic() + 10
    while alive(pid):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        pytest.param("echo out; echo err >&2", Completed(0, b"out\n", b"err\n"), id="both-outputs"),
        pytest.param("exit 7", Completed(7, b"", b""), id="exit-code"),
        pytest.param("kill -9 $$", Completed(-9, b"", b""), id="signal"),
        pytest.param("cat", Completed(0, b"given", b""), id="stdin"),
        pytest.param("exec <&-; exit 0", Completed(0, b"", b""), id="stdin-unread"),
        pytest.param("exec >&- 2>&-; sleep 0.2; exit 3", Completed(3, b"", b""), id="outputs-closed-early"),
    ],
)
def test_run(script: str, expected: Completed) -> None:
    assert run([SH, "-c", script], stdin=b"given", env=ENV) == expected


def test_much_input_and_output_at_once() -> None:
    data = os.urandom(1 << 16) * 160
    done = run([SH, "-c", "tee /dev/stderr"], stdin=data, env=ENV)
    assert done.out == data
    assert done.err == data[: 1 << 16]


def test_input_that_nobody_reads() -> None:
    assert run([SH, "-c", "exit 0"], stdin=b"x" * (8 << 20), env=ENV).code == 0


def test_output_to_a_sink_has_no_cap() -> None:
    sizes: list[int] = []
    done = run([SH, "-c", "head -c 80000000 /dev/zero"], env=ENV, sink=lambda chunk: sizes.append(len(chunk)))
    assert (done.out, sum(sizes)) == (b"", 80_000_000)


def test_output_cap() -> None:
    with pytest.raises(ProcessError, match="sh: printed more than 64 MiB"):
        run([SH, "-c", "echo $$ >&2; exec cat /dev/zero"], env=ENV)


def test_a_sink_that_fails_ends_the_program(tmp_path: Path) -> None:
    def fail(chunk: bytes) -> None:
        raise ValueError(chunk)

    with pytest.raises(ValueError, match="ready"):
        run([SH, "-c", f"echo $$ > {tmp_path}/pid; echo ready; exec sleep 60"], env=ENV, sink=fail)
    assert not alive(int((tmp_path / "pid").read_text()))


def test_timeout_kills_grandchildren(tmp_path: Path) -> None:
    script = f"sleep 60 & echo $! > {tmp_path}/pid; sleep 60"
    started = time.monotonic()
    with pytest.raises(ProcessError, match="sh: timed out"):
        run([SH, "-c", script], env=ENV, timeout=0.5)
    assert time.monotonic() - started < 20
    assert gone(int((tmp_path / "pid").read_text()))


def test_timeout_of_a_program_that_has_closed_its_outputs(tmp_path: Path) -> None:
    with pytest.raises(ProcessError, match="sh: timed out"):
        run([SH, "-c", f"echo $$ > {tmp_path}/pid; exec >&- 2>&-; sleep 60"], env=ENV, timeout=0.5)
    assert gone(int((tmp_path / "pid").read_text()))


def test_timeout_of_a_program_that_never_reads() -> None:
    with pytest.raises(ProcessError, match="timed out"):
        run([SH, "-c", "sleep 60"], stdin=b"x" * (8 << 20), env=ENV, timeout=0.3)


@pytest.mark.parametrize("path", ["/nonexistent/program", "/etc/passwd", "/etc"])
def test_a_program_that_cannot_be_started(path: str) -> None:
    with pytest.raises(ProcessError, match=f"cannot be started: .*{path}"):
        run([path], env=ENV)
    with pytest.raises(ProcessError, match=f"cannot be started: .*{path}"):
        list(stream([path], env=ENV))


def test_descriptors_are_not_leaked() -> None:
    before = len(os.listdir("/proc/self/fd"))
    for _ in range(20):
        run([SH, "-c", "exit 1"], env=ENV)
        with pytest.raises(ProcessError):
            run(["/nonexistent"], env=ENV)
        with pytest.raises(ProcessError):
            run([SH, "-c", "sleep 9"], env=ENV, timeout=0.01)
        list(stream([SH, "-c", "echo"], env=ENV))
    assert len(os.listdir("/proc/self/fd")) == before


def test_descriptors_are_not_inherited(tmp_path: Path) -> None:
    with (tmp_path / "open").open("w") as file:
        os.set_inheritable(file.fileno(), False)
        done = run([SH, "-c", "ls /proc/self/fd"], env=ENV)
    assert {int(fd) for fd in done.out.split()} <= {0, 1, 2, 3}


def test_the_environment_is_the_one_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET", "x")
    assert b"SECRET" not in run(["/usr/bin/env"], env={"ONLY": "this"}).out
    assert run(["/usr/bin/env"], env={"ONLY": "this"}).out == b"ONLY=this\n"


def test_the_environment_of_scanners(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SEMGREP_RULES", "PYTHONPATH", "GIT_DIR", "LD_PRELOAD", "HTTP_PROXY", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "x")
    monkeypatch.setenv("LANG", "C")
    kept = process.scrubbed("/private")
    assert set(kept) <= {"PATH", "LANG", "LC_ALL", "TMPDIR", "SYSTEMROOT", "HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"}
    assert {kept["HOME"], kept["XDG_CONFIG_HOME"], kept["XDG_CACHE_HOME"]} == {"/private"}


def test_the_name_that_the_program_sees() -> None:
    done = run(["osemgrep", "-c", "echo $0"], executable=SH, env=ENV)
    assert done.out == b"osemgrep\n"


def test_stream_yields_as_it_comes() -> None:
    chunks = stream([SH, "-c", "echo one; sleep 60"], env=ENV)
    assert next(chunks) == b"one\n"
    chunks.close()  # type: ignore[attr-defined]


def test_stream_ends_the_program_when_nobody_reads_on(tmp_path: Path) -> None:
    chunks = stream([SH, "-c", f"echo $$ > {tmp_path}/pid; echo one; exec sleep 60"], env=ENV)
    next(chunks)
    chunks.close()  # type: ignore[attr-defined]
    assert gone(int((tmp_path / "pid").read_text()))


def test_stream_tells_failure() -> None:
    chunks = stream([SH, "-c", "echo one; exit 3"], env=ENV)
    assert next(chunks) == b"one\n"
    with pytest.raises(ProcessError, match="ended with 3"):
        next(chunks)


def test_stream_reads_a_descriptor() -> None:
    read, write = os.pipe()
    os.write(write, b"given")
    os.close(write)
    assert b"".join(stream(["/bin/cat"], env=ENV, stdin=read)) == b"given"
    os.close(read)
    assert b"".join(stream(["/bin/cat"], env=ENV)) == b""


_INTERRUPTED = """
import sys
from sayso.adapters.process import kill_all, run
try:
    run(["/bin/sh", "-c", "sleep 60 & echo $$ $! > " + sys.argv[1] + "; sleep 60"], env={"PATH": "/usr/bin:/bin"})
except KeyboardInterrupt:
    sys.exit(130)
"""


def test_ctrl_c_kills_the_child_and_its_children(tmp_path: Path) -> None:
    pids = tmp_path / "pids"
    ours = subprocess.Popen([sys.executable, "-c", _INTERRUPTED, str(pids)])
    deadline = time.monotonic() + 20
    while not (pids.exists() and len(pids.read_text().split()) == 2):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    ours.send_signal(signal.SIGINT)
    assert ours.wait(20) == 130
    assert [gone(int(pid)) for pid in pids.read_text().split()] == [True, True]


_KILL_ALL = """
import sys, threading, time
from sayso.adapters.process import ProcessError, kill_all, run
ends = []
def wait():
    try:
        ends.append(run(["/bin/sleep", "60"], env={}).code)
    except ProcessError as exc:
        ends.append(str(exc))
threads = [threading.Thread(target=wait) for _ in range(3)]
for thread in threads:
    thread.start()
time.sleep(0.3)
kill_all()
for thread in threads:
    thread.join()
wait()
print(ends)
"""


def test_kill_all_ends_the_programs_of_every_thread_and_lets_none_start() -> None:
    done = subprocess.run([sys.executable, "-c", _KILL_ALL], capture_output=True, check=True, text=True, timeout=30)
    assert done.stdout.strip() == "[-9, -9, -9, 'sleep: interrupted']"


@pytest.mark.parametrize("name", ["sh", "no-such-program"])
def test_own_executable_is_never_one_from_the_path(name: str) -> None:
    with pytest.raises(ProcessError, match=f"{name} is not installed in the environment of this hook"):
        process.own_executable("bin", name)
    assert process.own_executable("bin", "python") == os.path.join(sys.prefix, "bin", "python")


def test_ancestors_begin_with_our_parent() -> None:
    first = next(process.ancestors())
    assert first == Path(f"/proc/{os.getppid()}/cmdline").read_bytes().decode().split("\0")[:-1]
