"""A tree without a folder has the id that git gives it."""

from __future__ import annotations

import subprocess

import pytest

from sayso import treebytes
from tools.repo import Repo


def tree_without(repo: Repo, folder: str) -> str:
    def read(oid: str) -> bytes:
        return subprocess.run(["git", "cat-file", "tree", oid], check=True, capture_output=True).stdout

    return treebytes.without(repo.git("write-tree"), folder, read)


@pytest.mark.parametrize("kind", ["sha1", "sha256"])
@pytest.mark.parametrize(
    ("paths", "left"),
    [
        pytest.param([".sayso/approvals/a", "x"], ["x"], id="only-content-of-its-parent"),
        pytest.param([".sayso/approvals/a", ".sayso/keys", "x"], [".sayso/keys", "x"], id="beside-others"),
        pytest.param([".sayso/approvals/a"], [], id="nothing-else"),
        pytest.param([".sayso/keys", "x"], [".sayso/keys", "x"], id="not-there"),
        pytest.param([".sayso/approvals", "x"], [".sayso/approvals", "x"], id="a-file-of-that-name"),
        pytest.param(["a-b", "a/b", ".sayso/approvals/b/c", ".sayso.x"], ["a-b", "a/b", ".sayso.x"], id="order"),
    ],
)
def test_as_git_says(repo: Repo, kind: str, paths: list[str], left: list[str]) -> None:
    repo.run("rm", "-rf", ".git")
    repo.git("init", "--quiet", f"--object-format={kind}")
    for path in paths:
        repo.stage(path, path)
    found = tree_without(repo, ".sayso/approvals")
    repo.git("rm", "-q", "-r", "--cached", ".")
    for path in left:
        repo.git("add", "--", path)
    assert found == repo.git("write-tree")
