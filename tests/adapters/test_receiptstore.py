"""Receipts and the log on disk: whole or not at all, bounded, and never through a link."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from sayso.adapters.receiptstore import Receipts, UnverifiedLog
from sayso.adapters.records import LedgerError
from sayso.receipts import Receipt, Unverified

TREE = "1" * 40
HOOKS = ("code-scan", "secret-scan")


def receipt(tree: str = TREE, hook: str = "code-scan", outcome: str = "clear") -> Receipt:
    return Receipt(tree, hook, "0.1.0", "b" * 64, outcome)


def entry(number: int) -> Unverified:
    return Unverified(f"{number:040x}", TREE)


def test_receipts_are_found_by_tree_and_hook(tmp_path: Path) -> None:
    store = Receipts(str(tmp_path))
    assert store.outcomes(TREE, HOOKS) == {}
    store.put(receipt())
    store.put(receipt(hook="other"))
    assert store.outcomes(TREE, HOOKS) == {"code-scan": "clear"}
    assert store.outcomes("2" * 40, HOOKS) == {}
    store.put(receipt(outcome="refused"))
    assert store.outcomes(TREE, HOOKS) == {"code-scan": "refused"}


def test_a_receipt_under_another_name_is_not_believed(tmp_path: Path) -> None:
    store = Receipts(str(tmp_path))
    store.put(receipt(hook="secret-scan"))
    folder = tmp_path / "sayso" / "receipts" / TREE[:2]
    (folder / f"{TREE[2:]}-secret-scan").rename(folder / f"{TREE[2:]}-code-scan")
    assert store.outcomes(TREE, HOOKS) == {}


def test_a_damaged_receipt_is_none(tmp_path: Path) -> None:
    store = Receipts(str(tmp_path))
    store.put(receipt())
    (tmp_path / "sayso" / "receipts" / TREE[:2] / f"{TREE[2:]}-code-scan").write_text("tree\n")
    assert store.outcomes(TREE, HOOKS) == {}


def test_old_receipts_are_forgotten(tmp_path: Path) -> None:
    store = Receipts(str(tmp_path))
    for number in range(510):
        store.put(receipt(f"a{number:039x}"))
    first = tmp_path / "sayso" / "receipts" / "a0" / ("0" * 38 + "-code-scan")
    os.utime(first, (0, 0))
    store.put(receipt("0" * 40))
    assert len(list((tmp_path / "sayso" / "receipts").glob("*/*"))) == 500
    assert not first.exists()


def test_the_log_takes_each_commit_once_and_is_bounded(tmp_path: Path) -> None:
    log = UnverifiedLog(str(tmp_path))
    assert log.entries() == ()
    for number in (*range(205), 204):
        log.note(entry(number))
    assert log.entries() == tuple(map(entry, range(5, 205)))
    assert (tmp_path / "sayso" / "unverified.log").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in (tmp_path / "sayso").iterdir()] == ["unverified.log"]


def test_a_log_that_is_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "sayso").mkdir()
    (tmp_path / "sayso" / "unverified.log").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "elsewhere").write_text("precious")
    with pytest.raises(LedgerError):
        UnverifiedLog(str(tmp_path)).note(entry(1))
    assert (tmp_path / "elsewhere").read_text() == "precious"


def test_a_log_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "sayso").write_text("in the way")
    with pytest.raises(LedgerError, match="cannot"):
        UnverifiedLog(str(tmp_path)).note(entry(1))
