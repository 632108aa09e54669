"""Receipts as bytes, and who made a commit, from the command lines above us."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso import receipts
from sayso.receipts import Receipt, ReceiptError, Unverified
from sayso.registry import HOOKS

TREE = "a" * 40
RECEIPT = Receipt(TREE, "code-scan", "0.1.0", "b" * 64, "clear")
BYTES = (
    b"sayso receipt 1\ntree " + TREE.encode() + b"\nhook code-scan\nversion 0.1.0\npolicy " + b"b" * 64 + b"\n"
    b"outcome clear\n"
)


def test_the_form() -> None:
    assert receipts.encode(RECEIPT) == BYTES
    assert receipts.decode(BYTES) == RECEIPT
    assert RECEIPT.key == f"{TREE}-code-scan"


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="empty"),
        pytest.param(BYTES[:-1], id="cut"),
        pytest.param(BYTES + b"x", id="more"),
        pytest.param(BYTES.replace(b"receipt 1", b"receipt 2"), id="another-format"),
        pytest.param(BYTES.replace(TREE.encode(), b"HEAD"), id="no-tree"),
        pytest.param(BYTES.replace(b"hook code-scan", b"hook ../../x"), id="path"),
        pytest.param(BYTES.replace(b"clear", b"cl\xffar"), id="not-ascii"),
        pytest.param(BYTES.replace(b"outcome", b"out"), id="another-field"),
        pytest.param(BYTES.replace(b"\n", b"\r\n"), id="line-ends"),
    ],
)
def test_nothing_else_is_a_receipt(data: bytes) -> None:
    with pytest.raises(ReceiptError):
        receipts.decode(data)


@given(st.binary(max_size=400) | st.text(max_size=200).map(lambda text: BYTES + text.encode("utf-8", "surrogatepass")))
def test_bytes_are_read_back_or_refused(data: bytes) -> None:
    try:
        assert receipts.encode(receipts.decode(data)) == data
    except ReceiptError:
        assert data != BYTES


def test_hooks_cover_what_they_run() -> None:
    before = {name for name, hook in HOOKS.items() if "pre-commit" in hook.stages}
    assert set(receipts.covers("sayso")) == before
    message = {name for name, hook in HOOKS.items() if "commit-msg" in hook.stages}
    assert set(receipts.covers("sayso-message")) == message - {"commit-gate"}
    assert set(receipts.covers("commit-gate")) == message - {"sayso-message"}
    assert receipts.covers("code-scan") == ("code-scan",)


KNOWN = ("sayso", "code-scan", "secret-scan", "sensitive-paths")


@pytest.mark.parametrize(
    ("passed", "refused", "required", "unmet"),
    [
        pytest.param((), (), (), ("sayso",), id="nothing"),
        pytest.param(("sayso",), (), (), (), id="everything-in-one"),
        pytest.param(("secret-scan",), (), (), (), id="any-scan"),
        pytest.param(("sensitive-paths",), (), (), ("sayso",), id="no-scan"),
        pytest.param(("code-scan",), (), ("secret-scan",), ("secret-scan",), id="not-the-required-one"),
        pytest.param(("sayso",), (), ("secret-scan", "code-scan"), (), id="required-and-covered"),
        pytest.param((), (), ("secret-scan", "code-scan"), ("secret-scan", "code-scan"), id="two-missed"),
        pytest.param((), (), ("sayso-message", "elsewhere"), ("sayso",), id="required-ones-that-leave-no-receipt"),
        pytest.param(("code-scan",), ("secret-scan",), (), ("secret-scan",), id="a-refusal-counts-more"),
        pytest.param(("sayso",), ("secret-scan",), (), (), id="a-refusal-that-a-pass-covers"),
    ],
)
def test_unmet(
    passed: tuple[str, ...], refused: tuple[str, ...], required: tuple[str, ...], unmet: tuple[str, ...]
) -> None:
    assert receipts.unmet(passed, refused, required, KNOWN) == unmet


SHELL = ["/bin/sh", ".git/hooks/prepare-commit-msg"]


@pytest.mark.parametrize(
    ("ancestors", "found", "replayed"),
    [
        pytest.param([], (), False, id="none"),
        pytest.param([SHELL, ["bash"]], (), False, id="no-git"),
        pytest.param([SHELL, ["git", "commit", "-n"], ["bash"]], (("commit", "-n"),), False, id="commit"),
        pytest.param([["git", "-c", "a.b=rebase", "-C", "rebase", "commit"]], (("commit",),), False, id="options"),
        pytest.param([["git", "--git-dir", "x", "--no-pager", "revert"]], (("revert",),), True, id="more-options"),
        pytest.param([["git", "--work-tree=x", "rebase"]], (("rebase",),), True, id="option-with-value"),
        pytest.param(
            [SHELL, ["/usr/lib/git-core/git", "commit", "-n"], ["git", "rebase", "-i"]],
            (("commit", "-n"), ("rebase", "-i")),
            True,
            id="commit-of-a-rebase",
        ),
        pytest.param(
            [["git", "commit"], ["sh", "-c"], ["git", "rebase", "--exec"]],
            (("commit",),),
            False,
            id="script-of-a-rebase",
        ),
        pytest.param([["git", "commit"], ["git", "ci"]], (("commit",), ("ci",)), False, id="alias"),
        pytest.param([["/opt/git/git-cherry-pick", "x"]], (("cherry-pick", "x"),), True, id="dashed"),
        pytest.param([["C:\\Git\\git.exe", "merge"]], (("merge",),), True, id="windows"),
        pytest.param([["git"]], (("",),), False, id="bare-git"),
        pytest.param([[], ["gitk"], ["legit", "rebase"]], (), False, id="other-programs"),
    ],
)
def test_who_commits(ancestors: list[list[str]], found: tuple[tuple[str, ...], ...], replayed: bool) -> None:
    assert receipts.commands(ancestors) == found
    assert receipts.replays(found) == replayed


@pytest.mark.parametrize(
    ("ancestors", "environment", "stage"),
    [
        pytest.param([], {}, "", id="none"),
        pytest.param([["sh", ".git/hooks/post-commit"]], {}, "post-commit", id="script"),
        pytest.param([["x"], ["/r/.git/hooks/prepare-commit-msg"]], {}, "prepare-commit-msg", id="program"),
        pytest.param(
            [["python", "-mpre_commit", "hook-impl", "--hook-type=prepare-commit-msg"]],
            {},
            "prepare-commit-msg",
            id="type",
        ),
        pytest.param([["prek", "run", "--hook-stage", "post-commit"]], {}, "post-commit", id="stage-as-next-word"),
        pytest.param([["prek", "hook-impl", "--hook-type"]], {}, "", id="cut"),
        pytest.param([["git", "commit"], ["sh", ".git/hooks/post-commit"]], {}, "", id="beyond-git"),
        pytest.param([["sh", ".git/hooks/pre-commit"]], {}, "", id="another-hook"),
        pytest.param([], {"PRE_COMMIT_COMMIT_MSG_SOURCE": "message"}, "prepare-commit-msg", id="variable"),
    ],
)
def test_on_whose_behalf(ancestors: list[list[str]], environment: dict[str, str], stage: str) -> None:
    assert receipts.stage(ancestors, environment) == stage


@pytest.mark.parametrize(
    ("action", "replayed"),
    [
        pytest.param("", False, id="none"),
        pytest.param("commit: rebase", False, id="commit"),
        pytest.param("commit (amend): x", False, id="amend"),
        pytest.param("rebase (pick): x", True, id="pick"),
        pytest.param("cherry-pick: x", True, id="cherry-pick"),
        pytest.param("merge side: Fast-forward", True, id="merge"),
        pytest.param("mergers: x", False, id="near-miss"),
    ],
)
def test_actions(action: str, replayed: bool) -> None:
    assert receipts.replaying_action(action) == replayed


@pytest.mark.parametrize(
    ("command", "environment", "way"),
    [
        pytest.param(("commit", "-n"), {}, "-n", id="short"),
        pytest.param(("commit", "-anm", "x"), {}, "-n (in -anm)", id="cluster"),
        pytest.param(("commit", "--no-verify"), {"SKIP": "x"}, "--no-verify", id="long"),
        pytest.param(("commit", "--no-veri"), {}, "--no-veri", id="abbreviated"),
        pytest.param(("commit", "-mnone"), {}, "", id="message"),
        pytest.param(("commit", "--no-edit", "--", "-n"), {}, "", id="file-name"),
        pytest.param(("commit",), {"SKIP": "sayso,x"}, "SKIP=sayso,x", id="skip"),
        pytest.param(("commit",), {"LEFTHOOK": "0"}, "LEFTHOOK=0", id="lefthook"),
        pytest.param(("commit",), {"SKIP": ""}, "", id="empty-skip"),
    ],
)
def test_way_round(command: tuple[str, ...], environment: dict[str, str], way: str) -> None:
    assert receipts.way_round([command], environment) == way
    assert receipts.way_round([], {}) == ""


def test_the_log() -> None:
    entries = (Unverified("a" * 40, "b" * 40), Unverified("c" * 64, "d" * 64))
    assert receipts.read_log(receipts.write_log(entries)) == entries
    assert receipts.read_log(receipts.write_log((*entries, entries[0]))) == entries
    assert receipts.read_log("x y\n\na b c\n" + "a" * 40 + "\n") == ()
