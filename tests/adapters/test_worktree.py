"""The content of a work tree has the id that a commit of all of it would have, and asking leaves no trace."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from sayso.adapters import worktree
from sayso.adapters.git import GitError, Repository
from sayso.adapters.worktree import WorkTreeError
from sayso.model import UsageError
from tools.repo import Repo


def traces(repo: Repo) -> dict[str, bytes]:
    """What the git directory holds; git renews the times of objects that it meets again."""
    folder = repo.path / ".git"
    files = (path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def committed(repo: Repo) -> str:
    """The tree that a commit of everything has."""
    repo.git("add", "--all")
    return repo.git("write-tree")


def agree(repo: Repo) -> worktree.State:
    """Ask, see that nothing was left behind, and compare with a commit of everything."""
    before = traces(repo)
    found = worktree.state(Repository())
    assert traces(repo) == before
    assert found.tree == committed(repo)
    return found


@pytest.fixture
def told(repo: Repo) -> Repo:
    """A repository with two files committed."""
    repo.stage("a.py", "a = 1\n")
    repo.stage("sub/b.py", "b = 1\n")
    repo.stage(".gitignore", "*.out\n")
    repo.commit()
    return repo


def test_before_the_first_commit(repo: Repo) -> None:
    assert worktree.state(Repository()).tree == repo.git("mktree", stdin=b"")
    repo.write("a.py", "a\n")
    assert set(agree(repo).files) == {"a.py"}


def test_what_is_committed(told: Repo) -> None:
    assert agree(told).tree == told.git("rev-parse", "HEAD^{tree}")


def test_unstaged_untracked_deleted_and_ignored(told: Repo) -> None:
    told.write("a.py", "a = 2\n")
    told.write("new/c.py", "c\n")
    told.write("x.out", "ignored\n")
    (told.path / "sub/b.py").unlink()
    assert set(agree(told).files) == {".gitignore", "a.py", "new/c.py"}


def test_from_a_folder_below(told: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    told.write("c.py", "c\n")
    monkeypatch.chdir(told.path / "sub")
    assert set(worktree.state(Repository()).files) == {".gitignore", "a.py", "c.py", "sub/b.py"}


def test_a_change_without_a_change_of_size_or_second(told: Repo) -> None:
    for number in range(20):
        told.stage("a.py", f"a = {number % 2}\n")
        told.write("a.py", f"a = {(number + 1) % 2}\n")
        mine = worktree.state(Repository()).files["a.py"]
        assert mine == f"100644 {told.git('hash-object', 'a.py')}"


def test_odd_names_modes_and_links(told: Repo) -> None:
    told.write("line\nbreak ü \t.py", "x\n")
    told.write(os.fsdecode(b"latin-\xe9.py"), "x\n")
    told.write("-rf", "x\n")
    told.write("run.sh", "x\n").chmod(0o755)
    (told.path / "out").symlink_to("/etc/passwd")
    (told.path / "folder").symlink_to("sub")
    found = agree(told)
    assert found.files["out"].startswith("120000 ")
    assert found.files["folder"].startswith("120000 ")
    assert found.files["run.sh"].startswith("100755 ")
    assert not [path for path in found.files if path.startswith("folder/")]


def test_what_git_was_told_not_to_look_at_is_looked_at(told: Repo) -> None:
    told.git("update-index", "--assume-unchanged", "a.py")
    told.git("update-index", "--skip-worktree", "sub/b.py")
    told.write("a.py", "a = 9\n")
    told.write("sub/b.py", "b = 9\n")
    before = traces(told)
    found = worktree.state(Repository())
    assert traces(told) == before
    assert found.files["a.py"] == f"100644 {told.git('hash-object', 'a.py')}"
    assert found.files["sub/b.py"] == f"100644 {told.git('hash-object', 'sub/b.py')}"
    assert worktree.differences(found, worktree.State("", worktree.staged(Repository()))) == ("a.py", "sub/b.py")


def test_a_sparse_checkout_keeps_what_it_left_out(told: Repo) -> None:
    told.stage("other/c.py", "c\n")
    told.commit()
    told.git("sparse-checkout", "set", "--sparse-index", "sub")
    assert not (told.path / "other").exists()
    assert worktree.state(Repository()).tree == told.git("rev-parse", "HEAD^{tree}")
    told.write("sub/b.py", "b = 2\n")
    told.write("beyond/d.py", "d\n")
    found = worktree.state(Repository())
    assert {"other/c.py", "beyond/d.py"} <= set(found.files)
    assert found.files["sub/b.py"] == f"100644 {told.git('hash-object', 'sub/b.py')}"


def test_conflicts_are_what_the_files_hold(told: Repo) -> None:
    told.git("checkout", "--quiet", "-b", "side")
    told.stage("a.py", "a = 2\n")
    told.commit()
    told.git("checkout", "--quiet", "trunk")
    told.stage("a.py", "a = 3\n")
    told.commit()
    told.git("merge", "side", check=False)
    found = worktree.state(Repository())
    assert found.files["a.py"] == f"100644 {told.git('hash-object', 'a.py')}"
    assert worktree.staged(Repository())["a.py"] == ""


def test_a_linked_worktree(told: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told.git("worktree", "add", "--quiet", "-b", "linked", str(tmp_path / "li:nked"))
    linked = Repo(tmp_path / "li:nked", told.environment)
    linked.write("new.py", "x\n")
    monkeypatch.chdir(linked.path)
    before = traces(told)
    found = worktree.state(Repository())
    assert traces(told) == before
    assert found.tree == committed(linked)


def test_a_path_with_the_separator_of_paths(repo: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    odd = tmp_path / 'o"d:d\\'
    repo.git("clone", "--quiet", str(repo.path), str(odd))
    made = Repo(odd, repo.environment)
    made.stage("a.py", "a\n")
    made.commit()
    monkeypatch.chdir(odd)
    assert worktree.state(Repository()).tree == made.git("rev-parse", "HEAD^{tree}")


def test_sha256(tmp_path: Path, repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "long"
    repo.git("init", "--quiet", "--object-format=sha256", str(path))
    made = Repo(path, repo.environment)
    made.write("a.py", "a\n")
    monkeypatch.chdir(path)
    assert len(agree(made).tree) == 64


def test_a_bare_repository_has_no_work_tree(tmp_path: Path, repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    repo.git("init", "--quiet", "--bare", str(tmp_path / "bare"))
    monkeypatch.chdir(tmp_path / "bare")
    with pytest.raises(UsageError, match="bare"):
        worktree.state(Repository())


def test_another_index_is_used_where_git_says_so(told: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_INDEX_FILE", str(told.path / ".git" / "other-index"))
    told.write("c.py", "c\n")
    assert set(worktree.state(Repository()).files) == {".gitignore", "a.py", "c.py", "sub/b.py"}
    assert not (told.path / ".git" / "other-index").exists()


@pytest.fixture
def module(told: Repo, tmp_path: Path) -> Repo:
    """A submodule at ``lib``, which the superproject tells git to ignore."""
    made = Repo(tmp_path / "origin", told.environment)
    made.path.mkdir()
    made.git("init", "--quiet")
    made.stage("l.py", "l\n")
    made.commit()
    told.git("submodule", "--quiet", "add", str(made.path), "lib")
    told.git("config", "--file", ".gitmodules", "submodule.lib.ignore", "all")
    told.git("config", "submodule.lib.ignore", "all")
    told.git("add", "--all")
    told.commit()
    return Repo(told.path / "lib", told.environment)


def test_a_submodule_is_the_commit_that_it_is_at(told: Repo, module: Repo) -> None:
    found = worktree.state(Repository())
    assert found.files["lib"] == f"160000 {module.head()}"
    assert found.tree == told.git("rev-parse", "HEAD^{tree}")


def test_a_submodule_that_moved_is_never_taken_for_where_it_was(told: Repo, module: Repo) -> None:
    module.stage("l.py", "other\n")
    moved = module.commit()
    assert told.git("status", "--porcelain") == ""
    try:
        assert worktree.state(Repository()).files["lib"] == f"160000 {moved}"
    except WorkTreeError as exc:
        assert "lib: a submodule has changes" in str(exc)  # noqa: PT017 - some versions of git leave it out


@pytest.mark.parametrize("name", ["l.py", "new.py"])
def test_a_submodule_with_changes_of_its_own_cannot_be_named(told: Repo, module: Repo, name: str) -> None:
    module.write(name, "changed\n")
    assert told.git("status", "--porcelain") == ""
    with pytest.raises(WorkTreeError, match="lib: a submodule has changes that no tree of this repository holds"):
        worktree.state(Repository())


def test_nothing_of_the_repository_is_run(told: Repo) -> None:
    for hook in ("post-index-change", "pre-commit", "post-checkout"):
        told.write(f".git/hooks/{hook}", f"#!/bin/sh\ntouch {told.path}/ran.out\n").chmod(0o755)
    told.write(".git/watch", f"#!/bin/sh\ntouch {told.path}/ran.out\n").chmod(0o755)
    told.git("config", "core.fsmonitor", str(told.path / ".git" / "watch"))
    told.write("c.py", "c\n")
    (told.path / "ran.out").unlink(missing_ok=True)
    worktree.state(Repository())
    assert not (told.path / "ran.out").exists()


@pytest.mark.parametrize("setting", ["core.splitIndex", "core.untrackedCache", "feature.manyFiles", "index.sparse"])
def test_settings_of_the_index_change_nothing(told: Repo, setting: str) -> None:
    told.git("config", setting, "true")
    told.git("update-index", "--split-index" if setting == "core.splitIndex" else "--refresh")
    told.stage("d.py", "d\n")
    told.write("c.py", "c\n")
    before = traces(told)
    found = worktree.state(Repository())
    assert {key for key in traces(told) if "sharedindex" not in key} == {
        key for key in before if "sharedindex" not in key
    }
    assert (told.path / ".git" / "index").read_bytes() == before["index"]
    assert set(found.files) == {".gitignore", "a.py", "c.py", "d.py", "sub/b.py"}


def test_line_ends_are_those_of_a_commit(told: Repo) -> None:
    told.git("config", "core.autocrlf", "input")
    told.git("config", "core.safecrlf", "true")
    told.write("c.py", "c\r\n")
    found = worktree.state(Repository())
    assert found.files["c.py"] == f"100644 {told.git('hash-object', '-w', '--stdin', stdin=b'c' + bytes([10]))}"


def test_a_file_that_cannot_be_filtered_is_undecided(told: Repo) -> None:
    told.git("config", "filter.no.clean", "false")
    told.git("config", "filter.no.required", "true")
    told.write(".gitattributes", "*.bin filter=no\n")
    told.write("a.bin", "a\n")
    with pytest.raises(GitError, match="cannot tell what the work tree holds"):
        worktree.state(Repository())


def test_a_file_that_changes_while_it_is_read_is_undecided(told: Repo) -> None:
    told.git("config", "filter.busy.clean", "cat && echo more >> a.bin")
    told.write(".gitattributes", "*.bin filter=busy\n")
    told.write("a.bin", "a\n")
    with pytest.raises(WorkTreeError, match=r"a\.bin: changed while it was read"):
        worktree.state(Repository())


def test_an_index_that_cannot_be_read_is_undecided(told: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    repository = Repository()
    monkeypatch.setenv("GIT_INDEX_FILE", str(told.path / "sub"))
    with pytest.raises(WorkTreeError, match="cannot read"):
        worktree.state(Repository())
    assert worktree.state(repository).tree


def test_nothing_is_left_in_the_folder_for_temporary_files(
    told: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(scratch))
    told.write("c.py", "c\n")
    worktree.state(Repository())
    assert list(scratch.iterdir()) == []
