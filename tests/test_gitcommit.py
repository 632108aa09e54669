from __future__ import annotations

import pytest

from sayso import gitcommit


@pytest.mark.parametrize(
    ("commands", "expected"),
    [
        pytest.param([["sh", "hook"], ["/usr/bin/git", "commit", "-m", "x"]], ["-m", "x"], id="nearest"),
        pytest.param([["git", "-c", "a=b", "commit"]], [], id="settings-before"),
        pytest.param([["git", "merge", "x"]], None, id="another-command"),
        pytest.param([["bash"], []], None, id="none"),
    ],
)
def test_arguments(commands: list[list[str]], expected: list[str] | None) -> None:
    assert gitcommit.arguments(commands) == expected


@pytest.mark.parametrize("args", [["--amend"], ["-a", "--am"], ["--ame", "--", "x"]])
def test_amends(args: list[str]) -> None:
    assert gitcommit.amends(args)


@pytest.mark.parametrize("args", [[], ["-a"], ["--", "--amend"], ["--all"], ["-m", "amend"]])
def test_does_not_amend(args: list[str]) -> None:
    assert not gitcommit.amends(args)


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        (["--cleanup=verbatim"], "verbatim"),
        (["--cleanup", "scissors", "-v"], "scissors"),
        (["--clean=strip", "--cleanup=whitespace"], "whitespace"),
        (["-m", "x"], ""),
        (["--", "--cleanup=strip"], ""),
    ],
)
def test_cleanup(args: list[str], expected: str) -> None:
    assert gitcommit.cleanup(args) == expected


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        (["-v"], True),
        (["-avm", "x"], True),
        (["--verb"], True),
        (["--verbose", "--no-verbose"], False),
        (["--no-verbose", "-v"], True),
        ([], None),
        (["-m", "-v"], None),
        (["--message", "-v"], None),
        (["-amv"], None),
        (["-Sverykey", "-uv"], None),
        (["--verify"], None),
        (["--", "-v"], None),
    ],
)
def test_is_verbose(args: list[str], expected: bool | None) -> None:
    assert gitcommit.is_verbose(args) is expected


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        (["-m", "a", "-m", "b"], "git commit -e -F f"),
        (["-am", "x"], "git commit -a -e -F f"),
        (["-asmx"], "git commit -as -e -F f"),
        (
            ["--message=x", "--author", "Dev Eloper <dev@example.org>"],
            "git commit --author 'Dev Eloper <dev@example.org>' -e -F f",
        ),
        (["--amend", "--no-edit", "-C", "HEAD"], "git commit --amend -e -F f"),
        (["-F", "-", "--", "a b.py", "-x"], "git commit -e -F f -- 'a b.py' -x"),
        (["-Skey", "-e", "--cleanup=verbatim", "path"], "git commit -Skey --cleanup=verbatim path -e -F f"),
        ([], "git commit -e -F f"),
    ],
)
def test_again(args: list[str], expected: str) -> None:
    assert gitcommit.again(args, "f") == expected
