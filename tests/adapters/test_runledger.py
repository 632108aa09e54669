"""Records of runs are kept like evidence: whole or not at all, private, shared by worktrees."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from sayso.adapters.records import LedgerError
from sayso.adapters.runledger import RunLedger
from sayso.runs import Report, Run

TREE, OTHER = "a" * 40, "b" * 40
RUN = Run("tests:unit", ("pytest",), TREE, 0, "", Report(passed=("a::b",)))


@pytest.fixture
def ledger(tmp_path: Path) -> RunLedger:
    return RunLedger(str(tmp_path))


def files(root: Path) -> list[Path]:
    return sorted(path for path in root.rglob("*") if path.is_file())


def test_what_was_put_is_got(ledger: RunLedger) -> None:
    lint = Run("lint", ("ruff", "check"), TREE, 1)
    assert ledger.of_tree(TREE) == []
    ledger.put(RUN, {"host": "one", "seconds": 1.5})
    ledger.put(lint, {})
    ledger.put(RUN._replace(tree=OTHER), {})
    assert sorted(ledger.of_tree(TREE)) == sorted([RUN, lint])
    assert ledger.of_tree(OTHER) == [RUN._replace(tree=OTHER)]
    assert ledger.beside(RUN) == {"host": "one", "seconds": 1.5}
    assert ledger.beside(RUN._replace(argv=("other",))) == {}
    assert ledger.damaged == []


def test_what_stands_beside_is_no_part_of_the_id(ledger: RunLedger, tmp_path: Path) -> None:
    ledger.put(RUN, {"host": "one"})
    ledger.put(RUN, {"host": "two"})
    assert [run.id for run in ledger.of_tree(TREE)] == [RUN.id]
    assert ledger.beside(RUN) == {"host": "two"}
    (path,) = files(tmp_path)
    assert path.stat().st_mode & 0o777 == 0o600


def test_the_last_run_of_a_command_counts(ledger: RunLedger) -> None:
    ledger.put(RUN._replace(code=1), {})
    ledger.put(RUN, {})
    assert ledger.of_tree(TREE) == [RUN]
    ledger.put(RUN._replace(code=1, folder="sub/"), {})
    assert len(ledger.of_tree(TREE)) == 2


def test_others_are_the_newest_first(ledger: RunLedger, tmp_path: Path) -> None:
    for number in range(5):
        ledger.put(RUN._replace(tree=f"{number}" * 40), {})
        os.utime(max(files(tmp_path), key=lambda path: path.stat().st_mtime_ns), (number, number))
    ledger.put(Run("lint", ("ruff",), TREE, 0), {})
    assert [run.tree[0] for run in ledger.others("tests:unit", 3)] == ["4", "3", "2"]
    assert len(ledger.others("lint", 3)) == 1
    assert ledger.others("types", 3) == []


def test_forget(ledger: RunLedger) -> None:
    ledger.put(RUN, {})
    assert ledger.forget(RUN._replace(code=1, tests=None))
    assert not ledger.forget(RUN)
    assert ledger.of_tree(TREE) == []


@pytest.mark.parametrize("damage", ["byte", "cut", "empty", "other-name", "folder", "link", "beside"])
def test_damage_is_named_and_discarded(ledger: RunLedger, tmp_path: Path, damage: str) -> None:
    ledger.put(RUN, {})
    (path,) = files(tmp_path)
    data = path.read_bytes()
    if damage == "byte":
        path.write_bytes(data.replace(b'"code":0', b'"code":1'))
    elif damage == "cut":
        path.write_bytes(data[:-1])
    elif damage == "empty":
        path.write_bytes(b"")
    elif damage == "other-name":
        ledger.put(RUN._replace(argv=("other",)), {})
        (other,) = set(files(tmp_path)) - {path}
        os.replace(other, path)
    elif damage == "folder":
        path.unlink()
        path.mkdir()
    elif damage == "link":
        path.rename(tmp_path / "elsewhere")
        path.symlink_to(tmp_path / "elsewhere")
    else:
        import hashlib

        body = data.partition(b"\n")[2].partition(b"\n")[0] + b"\n{"
        path.write_bytes(hashlib.sha256(body).hexdigest().encode() + b"\n" + body)
        assert ledger.beside(RUN) == {}
    assert ledger.of_tree(TREE) == []
    assert len(ledger.damaged) == 1
    assert "was damaged and has been discarded" in ledger.damaged[0]
    assert not path.exists()
    assert ledger.of_tree(TREE) == []


def test_a_file_in_place_of_the_folder_is_an_error(ledger: RunLedger, tmp_path: Path) -> None:
    (tmp_path / "sayso").write_text("x")
    with pytest.raises(LedgerError, match="cannot keep the record of a run"):
        ledger.put(RUN, {})
    with pytest.raises(LedgerError, match="cannot read"):
        ledger.of_tree(TREE)


def test_what_cannot_be_forgotten_is_an_error(ledger: RunLedger, tmp_path: Path) -> None:
    (tmp_path / "sayso" / "runs").mkdir(parents=True)
    (tmp_path / "sayso" / "runs" / "aa").write_text("x")
    with pytest.raises(LedgerError, match="cannot forget"):
        ledger.forget(RUN)


def test_what_somebody_is_writing_is_no_record_yet(ledger: RunLedger, tmp_path: Path) -> None:
    ledger.put(RUN, {})
    (path,) = files(tmp_path)
    path.rename(f"{path}.1.tmp")
    assert (ledger.of_tree(TREE), ledger.others("tests:unit", 3), ledger.damaged) == ([], [], [])


def test_too_many_names_are_an_error_and_not_dropped(ledger: RunLedger) -> None:
    many = tuple(sorted(f"tests.test_of_something::test_{number:040}" for number in range(80_000)))
    with pytest.raises(LedgerError, match="split the run"):
        ledger.put(RUN._replace(tests=Report(passed=many)), {})


_ENDLESS = """
import itertools, sys
from sayso.adapters.runledger import RunLedger
from sayso.runs import Report, Run
names = tuple(sorted(f"a::{number}" for number in range(2000)))
for number in itertools.count():
    run = Run("tests:unit", ("pytest", str(number % 20)), "a" * 40, 0, "", Report(passed=names))
    RunLedger(sys.argv[1]).put(run, {"number": number})
"""


def test_writers_that_are_killed_leave_whole_records(ledger: RunLedger, tmp_path: Path) -> None:
    for delay in (0.5, 0.55):
        writers = [subprocess.Popen([sys.executable, "-c", _ENDLESS, str(tmp_path)]) for _ in range(2)]
        time.sleep(delay)
        for writer in writers:
            writer.send_signal(signal.SIGKILL)
            writer.wait()
        assert all(run.tests and len(run.tests.passed) == 2000 for run in ledger.of_tree(TREE))
    assert ledger.of_tree(TREE)
    assert ledger.damaged == []


def test_a_hook_can_read_it_without_heavy_imports(tmp_path: Path) -> None:
    program = "import sys; import sayso.adapters.runledger as r; r.RunLedger(sys.argv[1]).of_tree('a' * 40)"
    heavy = "{'subprocess', 'dataclasses', 'pathlib', 'tempfile', 'logging', 'argparse', 'xml', 'pyexpat', 'shutil'}"
    program += f"; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-I", "-c", program, str(tmp_path)], capture_output=True, check=True, text=True
    )
    assert done.stdout.strip() == "[]"
