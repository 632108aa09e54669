from __future__ import annotations

import fcntl
import multiprocessing
import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from sayso.adapters import traillog
from sayso.adapters.traillog import TrailFile
from sayso.trail import MOST_LINE, TrailError


def write(folder: Path, *lines: bytes) -> TrailFile:
    file = TrailFile(str(folder))
    with file.writing() as writer:
        assert list(writer.lines()) is not None
        for line in lines:
            writer.append(line)
    return file


def bytes_of(file: TrailFile) -> bytes:
    return Path(file.path).read_bytes()


def test_there_is_no_trail_yet(tmp_path: Path) -> None:
    file = TrailFile(str(tmp_path))
    assert list(file.lines()) == []
    assert not os.path.exists(file.path)


def test_lines_are_appended_and_read_back(tmp_path: Path) -> None:
    write(tmp_path, b"one", b"two")
    file = write(tmp_path, b"three")
    assert list(file.lines()) == [b"one", b"two", b"three"]
    assert (file.torn, file.set_aside) == (b"", "")
    assert stat.S_IMODE(os.stat(file.path).st_mode) == 0o600


def test_a_torn_line_is_seen_and_left_alone_by_a_reader(tmp_path: Path) -> None:
    file = write(tmp_path, b"one")
    with open(file.path, "ab") as end:
        end.write(b'{"half')
    assert list(file.lines()) == [b"one"]
    assert file.torn == b'{"half'
    assert bytes_of(file) == b'one\n{"half'


@pytest.mark.parametrize("torn", [b'{"half', b"\0" * 4096, b"x" * MOST_LINE], ids=["half", "zeros", "long"])
def test_a_torn_line_is_set_aside_by_the_next_writer(tmp_path: Path, torn: bytes) -> None:
    file = write(tmp_path, b"one")
    with open(file.path, "ab") as end:
        end.write(torn)
    file = write(tmp_path, b"two")
    assert bytes_of(file) == b"one\ntwo\n"
    assert Path(file.set_aside).read_bytes() == torn
    assert stat.S_IMODE(os.stat(file.set_aside).st_mode) == 0o600


def test_what_was_set_aside_before_is_never_overwritten(tmp_path: Path) -> None:
    kept = []
    for _ in range(3):
        file = write(tmp_path, b"one")
        with open(file.path, "ab") as end:
            end.write(b"torn")
        kept.append(write(tmp_path).set_aside)
    assert len(set(kept)) == 3
    assert all(Path(path).read_bytes() == b"torn" for path in kept)


def test_nothing_is_written_where_no_name_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(traillog, "_MOST_TORN", 1)
    for number in range(2):
        file = TrailFile(str(tmp_path))
        os.makedirs(os.path.dirname(file.path), exist_ok=True)
        with open(file.path, "ab") as end:
            end.write(b"torn")
        if not number:
            write(tmp_path)
    with pytest.raises(TrailError, match="move them away"):
        write(tmp_path, b"two")
    assert bytes_of(file) == b"torn"


def test_a_line_longer_than_any_entry_is_refused_in_bounded_memory(tmp_path: Path) -> None:
    file = write(tmp_path, b"one")
    with open(file.path, "ab") as end:
        end.truncate(MOST_LINE * 4)
    with pytest.raises(TrailError, match=":2: a line of more than"):
        list(file.lines())


def _link(path: str, folder: Path) -> None:
    (folder / "elsewhere").write_bytes(b"mine\n")
    os.symlink(folder / "elsewhere", path)


def _pipe(path: str, folder: Path) -> None:
    assert folder.exists()
    os.mkfifo(path)


def _folder(path: str, folder: Path) -> None:
    assert folder.exists()
    os.mkdir(path)


@pytest.mark.parametrize("make", [_link, _pipe, _folder])
def test_what_is_no_file_is_neither_read_nor_written(tmp_path: Path, make: Callable[[str, Path], None]) -> None:
    file = TrailFile(str(tmp_path))
    os.makedirs(os.path.dirname(file.path))
    make(file.path, tmp_path)
    with pytest.raises(TrailError):
        list(file.lines())
    with pytest.raises(TrailError):
        write(tmp_path, b"one")
    assert not (tmp_path / "elsewhere").exists() or (tmp_path / "elsewhere").read_bytes() == b"mine\n"


def test_a_writer_that_does_not_end_is_not_waited_for_without_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(traillog, "_PATIENCE", 0.1)
    file = write(tmp_path, b"one")
    with open(file.path, "rb") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        for attempt in (lambda: list(file.lines()), lambda: write(tmp_path, b"two")):
            with pytest.raises(TrailError, match="in use by another process"):
                attempt()
    assert bytes_of(file) == b"one\n"


def _append(folder: str, name: str) -> None:
    for number in range(20):
        file = TrailFile(folder)
        with file.writing() as writer:
            count = sum(1 for _ in writer.lines())
            writer.append(f"{count} {name} {number}".encode() * 500)


def test_writers_take_turns(tmp_path: Path) -> None:
    context = multiprocessing.get_context("fork")
    workers = [context.Process(target=_append, args=(str(tmp_path), name)) for name in "abc"]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    seen = [line.split(b" ")[0] for line in TrailFile(str(tmp_path)).lines()]
    assert seen == [str(number).encode() for number in range(60)]


def test_a_write_that_fails_says_so(tmp_path: Path) -> None:
    (tmp_path / "sayso").write_text("a file where a folder should be")
    with pytest.raises(TrailError, match="cannot write the audit trail"):
        write(tmp_path, b"one")
