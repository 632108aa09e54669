"""The ledger is a cache: whole or absent, whatever is killed, damaged or full, and shared by worktrees."""

from __future__ import annotations

import multiprocessing
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

import specimens
from sayso.adapters.ledger import Ledger, LedgerError
from sayso.evidence import Evidence, Spot, Subject
from tools.repo import Repo


def evidence(number: int = 0, spots: int = 1) -> Evidence:
    subject = Subject("code-scan", "semgrep", "1", "r" * 64, "o", f"{number:040x}", "python")
    return Evidence(subject, tuple(Spot("python-one", line, line) for line in range(1, spots + 1)))


def file_of(root: Path, item: Evidence) -> Path:
    return root / "sayso" / "evidence" / item.subject.key[:2] / item.subject.key[2:]


def test_what_was_put_is_got(tmp_path: Path) -> None:
    ledger = Ledger(str(tmp_path))
    assert ledger.get(evidence().subject) is None
    assert list(ledger) == []
    for number in range(9):
        ledger.put(evidence(number, number))
    assert [ledger.get(evidence(number).subject) for number in range(9)] == [
        evidence(number, number) for number in range(9)
    ]
    assert sorted(ledger, key=lambda item: item.subject.blob) == [evidence(number, number) for number in range(9)]
    assert [item.subject.key for item in ledger] == sorted(item.subject.key for item in ledger)
    assert ledger.damaged == []


def test_the_last_one_put_counts(tmp_path: Path) -> None:
    ledger = Ledger(str(tmp_path))
    ledger.put(evidence(0, 1))
    ledger.put(evidence(0, 2))
    assert ledger.get(evidence().subject) == evidence(0, 2)
    assert len(list(ledger)) == 1


def test_records_are_private(tmp_path: Path) -> None:
    Ledger(str(tmp_path)).put(evidence())
    assert file_of(tmp_path, evidence()).stat().st_mode & 0o077 == 0


def _flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def _swap(path: Path) -> None:
    other = evidence(99)
    root = path.parents[3]
    Ledger(str(root)).put(other)
    file_of(root, other).rename(path)


def _link(path: Path) -> None:
    moved = path.parents[4] / "elsewhere"
    path.rename(moved)
    path.symlink_to(moved)


def _folder(path: Path) -> None:
    path.unlink()
    path.mkdir()
    (path / "inside").write_text("x")


def _pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


DAMAGE = [
    pytest.param(lambda path: path.write_bytes(path.read_bytes()[:-3]), id="truncated"),
    pytest.param(lambda path: path.write_bytes(path.read_bytes() + b"\n"), id="longer"),
    pytest.param(lambda path: path.write_bytes(b""), id="empty"),
    pytest.param(lambda path: path.write_bytes(b"\0" * 400), id="zeros"),
    pytest.param(lambda path: path.write_bytes(b"x" * (5 << 20)), id="huge"),
    pytest.param(_flip, id="flipped"),
    pytest.param(_swap, id="wrong-key"),
    pytest.param(_link, id="symlink"),
    pytest.param(lambda path: (path.unlink(), path.symlink_to("nowhere")), id="dangling-symlink"),
    pytest.param(_folder, id="folder"),
    pytest.param(_pipe, id="pipe"),
]


@pytest.mark.parametrize("harm", DAMAGE)
def test_a_damaged_record_is_named_discarded_and_replaced(tmp_path: Path, harm: Callable[[Path], object]) -> None:
    root = tmp_path / "git"
    Ledger(str(root)).put(evidence())
    path = file_of(root, evidence())
    harm(path)
    ledger = Ledger(str(root))
    assert ledger.get(evidence().subject) is None
    (message,) = ledger.damaged
    assert evidence().subject.key[:12] in message
    assert not os.path.lexists(path)
    assert ledger.get(evidence().subject) is None
    assert len(ledger.damaged) == 1
    ledger.put(evidence())
    assert ledger.get(evidence().subject) == evidence()


@pytest.mark.parametrize("harm", [item for item in DAMAGE if item.id != "folder"])
def test_a_damaged_record_is_not_listed(tmp_path: Path, harm: Callable[[Path], object]) -> None:
    root = tmp_path / "git"
    Ledger(str(root)).put(evidence())
    Ledger(str(root)).put(evidence(1))
    harm(file_of(root, evidence()))
    ledger = Ledger(str(root))
    assert list(ledger) == [evidence(1)]
    assert len(ledger.damaged) == 1


@pytest.mark.parametrize("harm", DAMAGE)
def test_a_damaged_record_is_derived_again(repo: Repo, harm: Callable[[Path], object]) -> None:
    repo.stage("a.py", specimens.INSECURE)
    before = repo.output("sayso", "code-scan")
    (item,) = Ledger(str(repo.path / ".git"))
    harm(file_of(repo.path / ".git", item))
    code, said = repo.output("sayso", "code-scan")
    assert code == 1
    assert "was damaged and has been discarded" in said
    assert repo.output("sayso", "code-scan") == before


def _write_many(root: str, worker: int) -> None:
    ledger = Ledger(root)
    for number in range(150):
        ledger.put(evidence(number, 3))
        found = ledger.get(evidence((number * 7 + worker) % 150).subject)
        assert found in {None, evidence((number * 7 + worker) % 150, 3)}
    assert ledger.damaged == []


def test_parallel_writers(tmp_path: Path) -> None:
    context = multiprocessing.get_context("fork")
    workers = [context.Process(target=_write_many, args=(str(tmp_path), number)) for number in range(6)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert [worker.exitcode for worker in workers] == [0] * 6
    ledger = Ledger(str(tmp_path))
    assert len(list(ledger)) == 150
    assert ledger.damaged == []


_ENDLESS = """
import itertools, sys
from sayso.adapters.ledger import Ledger
from sayso.evidence import Evidence, Spot, Subject
ledger = Ledger(sys.argv[1])
for number in itertools.count():
    subject = Subject("code-scan", "semgrep", "1", "r" * 64, "o", f"{number % 50:040x}", "python")
    ledger.put(Evidence(subject, tuple(Spot("python-one", line, line) for line in range(1, 500))))
"""


def test_a_writer_that_is_killed_leaves_whole_records(tmp_path: Path) -> None:
    for delay in (0.4, 0.45, 0.5, 0.55):
        writer = subprocess.Popen([sys.executable, "-c", _ENDLESS, str(tmp_path)])
        time.sleep(delay)
        writer.send_signal(signal.SIGKILL)
        writer.wait()
        ledger = Ledger(str(tmp_path))
        assert all(len(item.spots) == 499 for item in ledger)
        assert ledger.damaged == []
    assert list(Ledger(str(tmp_path)))


@pytest.mark.parametrize("part", ["sayso", "sayso/evidence"])
def test_a_file_in_place_of_the_folder_is_undecided(repo: Repo, part: str) -> None:
    repo.stage("a.py", specimens.SAFE)
    repo.write(f".git/{part}", "x")
    code, said = repo.output("sayso", "code-scan")
    assert (code, "could not decide: cannot read evidence" in said) == (3, True), said
    with pytest.raises(LedgerError):
        Ledger(str(repo.path / ".git")).put(evidence())


def _small_files() -> None:
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))


_PUT_ONE = """
import sys
from sayso.adapters.ledger import Ledger, LedgerError
from sayso.evidence import Evidence, Subject
try:
    Ledger(sys.argv[1]).put(Evidence(Subject("c", "t", "v", "r", "o", "b", "l"), ()))
except LedgerError as exc:
    print(exc)
"""


def test_a_full_disk_is_told_and_leaves_nothing(tmp_path: Path) -> None:
    command = [sys.executable, "-c", _PUT_ONE, str(tmp_path)]
    done = subprocess.run(command, capture_output=True, check=True, text=True, preexec_fn=_small_files)
    assert "cannot keep evidence in" in done.stdout
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_read_only_ledger_is_undecided(repo: Repo) -> None:
    repo.stage("a.py", specimens.SAFE)
    (repo.path / ".git" / "sayso").mkdir()
    bind = "mount --bind .git/sayso .git/sayso && mount -o remount,ro,bind .git/sayso"
    done = repo.run("unshare", "--mount", "sh", "-c", f"{bind} || exit 77; sayso code-scan", check=False)
    if done.returncode == 77 or done.stderr.startswith(b"unshare"):
        pytest.skip("mounting is not allowed here")
    assert done.returncode == 3
    assert b"could not decide: cannot keep evidence" in done.stderr


def test_worktrees_share_the_ledger(repo: Repo, tmp_path: Path) -> None:
    repo.stage("a.py", specimens.SAFE)
    repo.commit()
    repo.sayso("code-scan", "--all-files")
    repo.git("worktree", "add", "--quiet", str(tmp_path / "linked"))
    linked = Repo(tmp_path / "linked", repo.environment)
    assert linked.sayso("evidence", "show").stdout == repo.sayso("evidence", "show").stdout != b""
    linked.stage("b.py", specimens.INSECURE)
    assert linked.sayso("code-scan").returncode == 1
    assert len(list(Ledger(str(repo.path / ".git")))) == 2
