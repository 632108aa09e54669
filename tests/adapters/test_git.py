"""What is read from real repositories of every shape, under a hostile configuration."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TypeVar

import pytest

import specimens
from sayso.adapters import git
from sayso.adapters.git import GitError, Repository
from sayso.adapters.raw import Commit, as_stored
from sayso.model import Change, ChangeKind, Identity, UsageError
from tools.repo import Repo

T = TypeVar("T")

TEXT = "".join(f"line {number}\n" for number in range(30))


def named(repository: Repository, names: list[str], revision: str = "") -> tuple[tuple[Change, ...], tuple[str, ...]]:
    """Return whole files by name, and the paths that are not there."""
    wanted = [repository.path_of(name) for name in names]
    have = {change.path: change for change in repository.listed(revision, wanted)}
    found = tuple(have[path] for path in dict.fromkeys(wanted) if path in have)
    return found, tuple(path for path in wanted if path not in have)


def kinds(changes: Iterable[Change]) -> dict[str, str]:
    return {change.path: change.kind.value for change in changes}


def staged() -> dict[str, str]:
    return kinds(Repository().staged())


def one(items: Iterable[T]) -> T:
    (item,) = items
    return item


# What is staged.


def test_nothing_is_staged(repo: Repo) -> None:
    assert staged() == {}
    repo.commit()
    repo.write("untracked", "x")
    assert staged() == {}


def test_first_commit(repo: Repo) -> None:
    repo.stage("a", "x\n")
    change = one(Repository().staged())
    assert change == Change(ChangeKind.ADDED, "a", "", "100644", "000000", repo.git("hash-object", "a"), "")


def test_added_modified_deleted(repo: Repo) -> None:
    repo.stage("changed", "1\n")
    repo.stage("removed", "2\n")
    repo.commit()
    old = repo.git("rev-parse", "HEAD:changed"), repo.git("rev-parse", "HEAD:removed")
    repo.stage("changed", "1!\n")
    repo.git("rm", "--quiet", "removed")
    repo.stage("new", "3\n")
    changes = {change.path: change for change in Repository().staged()}
    assert kinds(changes.values()) == {"changed": "modified", "removed": "deleted", "new": "added"}
    assert (changes["changed"].old_blob, changes["changed"].blob) == (old[0], repo.git("hash-object", "changed"))
    assert (changes["removed"].old_blob, changes["removed"].blob) == (old[1], "")


@pytest.mark.parametrize("edit", ["", "one more line\n"], ids=["plain", "with-an-edit"])
def test_rename(repo: Repo, edit: str) -> None:
    repo.stage("old", TEXT)
    repo.commit()
    repo.git("mv", "old", "new")
    repo.stage("new", TEXT + edit)
    change = one(Repository().staged())
    assert (change.kind, change.names) == (ChangeKind.RENAMED, ("new", "old"))
    assert change.old_blob == repo.git("rev-parse", "HEAD:old")
    assert change.blob == repo.git("hash-object", "new")


def test_copy_is_an_addition(repo: Repo) -> None:
    repo.stage("old", TEXT)
    repo.commit()
    repo.stage("new", TEXT)
    assert staged() == {"new": "added"}


def test_mode_change(repo: Repo) -> None:
    repo.stage("a", "x\n")
    repo.commit()
    repo.git("update-index", "--chmod=+x", "a")
    change = one(Repository().staged())
    assert (change.kind, change.old_mode, change.mode) == (ChangeKind.MODIFIED, "100644", "100755")
    assert change.blob == change.old_blob


def test_type_change_and_symlink(repo: Repo) -> None:
    repo.stage("a", "x\n")
    repo.commit()
    (repo.path / "a").unlink()
    (repo.path / "a").symlink_to("/etc/passwd")
    repo.git("add", "a")
    change = one(Repository().staged())
    assert (change.kind, change.old_mode, change.mode) == (ChangeKind.TYPE_CHANGED, "100644", "120000")
    blob = Repository().blobs([change.blob], 100).blobs[change.blob]
    assert blob.data == b"/etc/passwd"


def test_submodule(repo: Repo) -> None:
    first = repo.commit()
    repo.write(".gitmodules", '[submodule "m"]\n\tpath = m\n\turl = ./m\n\tignore = all\n')
    repo.git("add", ".gitmodules")
    repo.git("update-index", "--add", "--cacheinfo", f"160000,{first},m")
    changes = {change.path: change for change in Repository().staged()}
    assert changes["m"] == Change(ChangeKind.ADDED, "m", "", "160000", "000000", first, "")
    second = repo.commit()
    repo.git("update-index", "--cacheinfo", f"160000,{second},m")
    assert staged() == {"m": "modified"}


def test_intent_to_add_is_not_staged(repo: Repo) -> None:
    repo.commit()
    repo.write("later", "x\n")
    repo.git("add", "--intent-to-add", "later")
    assert staged() == {}


def test_unmerged_paths_are_not_staged(repo: Repo) -> None:
    _conflict(repo)
    assert "x" not in staged()


AWKWARD = (
    *(
        "sp ace",
        "ta\tb",
        "new\nline",
        'quo"te',
        "-dash",
        "--option",
        "*",
        "[a-z]",
        "?",
        ":(top)x",
        "back\\slash",
        "\\n",
    ),
    *(
        "\udcff\udcfe",
        "caf\u00e9",
        "cafe\u0301",
        "\x01",
        " lead",
        "trail ",
        "deep/er/ and/so on",
        ".gitattributes.x",
        "#x",
        "~",
    ),
)


@pytest.mark.parametrize("name", AWKWARD, ids=ascii)
def test_awkward_names(repo: Repo, name: str) -> None:
    repo.write(name, "x\n")
    repo.git("add", "--", name, GIT_LITERAL_PATHSPECS="1")
    repository = Repository()
    change = one(repository.staged())
    assert (change.path, change.kind) == (name, ChangeKind.ADDED)
    repo.write("other", "y\n")
    repo.git("add", "other")
    assert named(repository, [name])[0] == (change._replace(kind=ChangeKind.NAMED),)
    assert kinds(repository.listed()) == {name: "named", "other": "named"}
    first = repo.commit()
    assert named(repository, [name], first)[0] == (change._replace(kind=ChangeKind.NAMED),)
    assert kinds(one(repository.log([first])).changes) == {name: "added", "other": "added"}
    repo.run("git", "mv", "--", f"./{name}", "renamed-to")
    assert one(repository.staged()).names == ("renamed-to", name)


@pytest.mark.parametrize(
    "attributes",
    [
        "* -diff",
        "* binary",
        "* diff=evil",
        "* filter=evil",
        "* text eol=crlf",
        "* working-tree-encoding=UTF-16",
        "* ident",
    ],
)
def test_attributes_have_no_effect(repo: Repo, attributes: str) -> None:
    repo.git("config", "diff.evil.textconv", "touch ran; cat")
    repo.git("config", "diff.evil.command", "touch ran")
    repo.stage("a", "$Id$\n")
    repo.commit()
    repo.stage("a", "$Id$ more\n")
    expected = one(Repository().staged())
    repo.git("config", "filter.evil.smudge", "touch ran; cat")
    repo.git("config", "filter.evil.clean", "touch ran; cat")
    repo.write(".gitattributes", f"{attributes}\n")
    repo.write(".git/info/attributes", f"{attributes}\n")
    repository = Repository()
    assert repository.staged() == (expected,)
    assert repository.blobs([expected.blob], 99).blobs[expected.blob].data == b"$Id$ more\n"
    assert repository.hash_object(b"$Id$ more\n") == expected.blob
    assert not (repo.path / "ran").exists()


def test_replacements_have_no_effect(repo: Repo) -> None:
    repo.stage("a", "real\n")
    first = repo.commit("Real")
    blob = repo.git("rev-parse", "HEAD:a")
    fake = repo.run("git", "hash-object", "-w", "--stdin", stdin=b"fake\n").stdout.decode().strip()
    repo.git("replace", blob, fake)
    other = repo.git("commit-tree", f"{first}^{{tree}}", "-m", "Fake")
    repo.git("replace", first, other)
    repository = Repository()
    assert repository.blobs([blob], 99).blobs[blob].data == b"real\n"
    assert one(repository.log([])).message == "Real\n"
    assert repository.file(":a") == b"real\n"


# Amends, merges, worktrees.


def test_amended(repo: Repo) -> None:
    repo.stage("base", "0\n")
    repo.commit()
    repo.stage("a", "1\n")
    repo.commit()
    repo.stage("b", "2\n")
    repository = Repository()
    assert kinds(repository.staged()) == {"b": "added"}
    assert kinds(repository.staged(amended=True)) == {"a": "added", "b": "added"}


def test_amended_first_commit(repo: Repo) -> None:
    repo.stage("a", "1\n")
    repo.commit()
    assert kinds(Repository().staged(amended=True)) == {"a": "added"}


_PROBE = """
import json, sys
from sayso import gitcommit
from sayso.adapters.git import Repository
from sayso.app import message
repository = Repository()
amend = gitcommit.amends(message.calling())
json.dump([amend, sorted(change.path for change in repository.staged(amended=amend))], open(sys.argv[1], "w"))
"""


@pytest.fixture
def probed(repo: Repo, tmp_path: Path) -> Path:
    """Install a commit-msg hook that writes down what git shows to it."""
    (tmp_path / "probe.py").write_text(_PROBE)
    hook = repo.write(
        ".git/hooks/commit-msg", f'#!/bin/sh\nexec "{sys.executable}" "{tmp_path}/probe.py" "{tmp_path}/seen"\n'
    )
    hook.chmod(0o755)
    return tmp_path / "seen"


@pytest.mark.parametrize(
    ("args", "amend", "paths"),
    [
        pytest.param(("-m", "x"), False, ["b"], id="plain"),
        pytest.param(("--amend", "-m", "x"), True, ["a", "b"], id="amend"),
        pytest.param(("--amend", "--no-edit"), True, ["a", "b"], id="amend-keeping-the-message"),
        pytest.param(("--amend", "--no-edit", "--reset-author"), True, ["a", "b"], id="amend-with-a-new-author"),
        pytest.param(("--ame", "--no-edit"), True, ["a", "b"], id="abbreviated"),
        pytest.param(("-m", "git commit --amend"), False, ["b"], id="words"),
        pytest.param(("-C", "HEAD"), False, ["b"], id="message-and-date-of-another"),
        pytest.param(("-a", "-m", "x"), False, ["b", "base"], id="all"),
        pytest.param(("-m", "x", "--", "base"), False, ["base"], id="path"),
        pytest.param(("-m", "x", "--include", "base"), False, ["b", "base"], id="include"),
        pytest.param(("--fixup=HEAD",), False, ["b"], id="fixup"),
    ],
)
def test_a_commit_as_its_hook_sees_it(
    repo: Repo, probed: Path, args: tuple[str, ...], amend: bool, paths: list[str]
) -> None:
    repo.stage("base", "0\n")
    repo.commit()
    repo.stage("a", "1\n")
    repo.commit()
    repo.stage("b", "2\n")
    repo.write("base", "changed\n")
    repo.git("commit", "--quiet", *args)
    assert json.loads(probed.read_text()) == [amend, paths]


def test_a_commit_from_a_subdirectory_as_its_hook_sees_it(repo: Repo, probed: Path) -> None:
    repo.stage("sub/a", "1\n")
    repo.stage("b", "1\n")
    repo.path /= "sub"
    repo.git("commit", "--quiet", "-m", "x")
    assert json.loads(probed.read_text()) == [False, ["b", "sub/a"]]


def _branch(repo: Repo, name: str, path: str, content: str) -> None:
    repo.git("checkout", "--quiet", "-b", name, "trunk")
    repo.stage(path, content)
    repo.commit(name)
    repo.git("checkout", "--quiet", "trunk")


def _conflict(repo: Repo) -> None:
    repo.stage("x", "0\n")
    repo.commit()
    _branch(repo, "side", "x", "1\n")
    repo.stage("x", "2\n")
    repo.commit()
    repo.run("git", "merge", "side", check=False)


def test_clean_merge_has_nothing_that_differs_from_every_parent(repo: Repo) -> None:
    repo.commit()
    _branch(repo, "side", "theirs", "1\n")
    repo.stage("ours", "2\n")
    repo.commit()
    repo.git("merge", "--quiet", "--no-commit", "side")
    assert staged() == {}
    repo.stage("evil", "3\n")
    repo.stage("theirs", "1 and more\n")
    assert staged() == {"evil": "added", "theirs": "added"}


def test_conflicted_merge(repo: Repo) -> None:
    _conflict(repo)
    repo.stage("x", "1\n")
    assert staged() == {}
    repo.stage("x", "3\n")
    assert staged() == {"x": "modified"}
    merge = repo.commit("Merge")
    assert kinds(one(Repository().log(["-1", merge])).changes) == {"x": "modified"}


def test_a_merge_that_resurrects_and_removes(repo: Repo) -> None:
    repo.stage("kept", "0\n")
    repo.stage("dropped", "0\n")
    repo.commit()
    _branch(repo, "side", "theirs", "1\n")
    repo.stage("ours", "2\n")
    repo.commit()
    repo.git("merge", "--quiet", "--no-commit", "side")
    repo.git("rm", "--quiet", "kept")
    assert staged() == {"kept": "deleted"}
    merge = repo.commit("Merge")
    assert kinds(one(Repository().log(["-1", merge])).changes) == {"kept": "deleted"}


def test_octopus(repo: Repo) -> None:
    repo.stage("base", "0\n")
    repo.commit()
    for name in ("one", "two", "three"):
        _branch(repo, name, f"of-{name}", "1\n")
    repo.stage("ours", "2\n")
    repo.commit()
    repo.git("merge", "--quiet", "--no-commit", "one", "two", "three")
    assert staged() == {}
    repo.stage("evil", "3\n")
    repo.stage("of-two", "changed\n")
    assert staged() == {"evil": "added", "of-two": "added"}
    merge = repo.commit("Octopus")
    last = one(Repository().log(["-1", merge]))
    assert len(last.parents) == 4
    assert kinds(last.changes) == {"evil": "added", "of-two": "added"}


def test_linked_worktree(repo: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    repo.commit()
    repo.stage("main-only", "1\n")
    repo.git("worktree", "add", "--quiet", str(tmp_path / "linked"))
    linked = Repo(tmp_path / "linked", repo.environment)
    linked.stage("linked-only", "2\n")
    main = Repository()
    assert kinds(main.staged()) == {"main-only": "added"}
    monkeypatch.chdir(linked.path)
    other = Repository()
    assert kinds(other.staged()) == {"linked-only": "added"}
    assert main.git_dir != other.git_dir
    assert main.common_dir == other.common_dir == main.git_dir
    assert other.top.rstrip("/") == str(linked.path)


def test_alternate_index(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    repo.commit()
    repo.stage("a", "1\n")
    monkeypatch.setenv("GIT_INDEX_FILE", str(repo.path / ".git" / "other"))
    repo.git("read-tree", "HEAD", GIT_INDEX_FILE=str(repo.path / ".git" / "other"))
    assert staged() == {}


# Files by name, ranges, history.


def test_named_from_a_subdirectory(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("sub/a", "sub/b", "a"):
        repo.stage(name, f"{name}\n")
    monkeypatch.chdir(repo.path / "sub")
    repository = Repository()
    found, absent = named(repository, ["a", "../a", "./b", "../sub/b", "c", str(repo.path / "a"), "../sub"])
    assert [change.path for change in found] == ["sub/a", "a", "sub/b"]
    assert absent == ("sub/c", "sub")
    assert kinds(repository.staged()) == {"sub/a": "added", "sub/b": "added", "a": "added"}
    assert kinds(repository.listed()) == {"sub/a": "named", "sub/b": "named", "a": "named"}


def test_named_of_very_many(repo: Repo) -> None:
    names = [f"file-{number}" for number in range(700)]
    for name in names:
        (repo.path / name).write_text(name)
    repo.git("add", ".")
    found, absent = named(Repository(), [*names[:650], "missing"])
    assert [change.path for change in found] == names[:650]
    assert absent == ("missing",)


def test_unstaged(repo: Repo) -> None:
    repo.stage("a", "1\n")
    repo.stage("b", "1\n")
    repo.write("a", "2\n")
    repository = Repository()
    assert repository.unstaged(["a", "b"]) == ("a",)
    assert repository.unstaged(["b"]) == ()
    assert repository.unstaged([]) == ("a",)


def test_between(repo: Repo) -> None:
    repo.stage("base", "0\n")
    base = repo.commit()
    _branch(repo, "side", "theirs", "1\n")
    repo.stage("ours", "2\n")
    repo.commit()
    repository = Repository()
    assert kinds(repository.between("trunk", "side")) == {"theirs": "added"}
    assert kinds(repository.between(base, "HEAD")) == {"ours": "added"}
    assert kinds(repository.between("0" * 40, "HEAD")) == {"base": "added", "ours": "added"}
    assert repository.between("HEAD", "HEAD") == ()


@pytest.mark.parametrize("revision", ["nothing", "HEAD~9", "", "--all", "-x", "f" * 40, "HEAD:base", "a..b", "\udcff"])
def test_a_revision_that_is_no_commit(repo: Repo, revision: str) -> None:
    repo.stage("base", "0\n")
    repo.commit()
    repository = Repository()
    with pytest.raises(UsageError, match="no such commit here"):
        repository.between("HEAD", revision)
    with pytest.raises(UsageError, match="no such commit here"):
        named(repository, ["base"], revision or "missing")


def test_no_common_ancestor(repo: Repo) -> None:
    repo.commit()
    repo.git("checkout", "--quiet", "--orphan", "other")
    repo.stage("a", "1\n")
    repo.commit()
    with pytest.raises(UsageError, match="no common ancestor"):
        Repository().between("trunk", "other")


def test_log(repo: Repo) -> None:
    repo.stage("a", "1\n")
    first = repo.commit("One\n\nBody with \u00e9\n\n:100644 not a change\n")
    repo.git("mv", "a", "b")
    second = repo.commit("Two")
    third = repo.commit("Empty")
    commits = list(Repository().log([]))
    assert [commit.id for commit in commits] == [first, second, third]
    assert [kinds(commit.changes) for commit in commits] == [{"a": "added"}, {"a": "deleted", "b": "added"}, {}]
    assert commits[0].message == "One\n\nBody with \u00e9\n\n:100644 not a change\n"
    assert (commits[0].parents, commits[1].parents) == ((), (first,))
    assert commits[0].author == ("Dev Eloper", "dev@example.org")


def test_log_of_messages_in_no_encoding(repo: Repo) -> None:
    repo.run(
        "git",
        "-c",
        "i18n.commitEncoding=latin-1",
        "commit",
        "--allow-empty",
        "-F",
        "-",
        stdin="caf\u00e9".encode("latin-1"),
    )
    assert one(Repository().log([])).message.strip() == "caf\u00e9"
    raw = (
        b"tree "
        + repo.git("rev-parse", "HEAD^{tree}").encode()
        + b"\nauthor \xff <\xfe> 0 +0000\ncommitter  <> 0 +0000\n\n\xe9"
    )
    odd = (
        repo.run("git", "hash-object", "-t", "commit", "-w", "--stdin", "--literally", stdin=raw)
        .stdout.decode()
        .strip()
    )
    commit = one(Repository().log([odd]))
    assert (commit.author, commit.message.strip()) == (("\ufffd", "\ufffd"), "\ufffd")


def declaring(repo: Repo, encoding: bytes, message: bytes) -> str:
    """Make a commit that says in which encoding its message is; git never writes most of these itself."""
    head = b"tree %s\nauthor J\xc3\xb6 <j@x> 0 +0000\ncommitter Dev <d@x> 0 +0000\n" % repo.git("write-tree").encode()
    raw = head + b"encoding %s\ngpgsig -\n \n encoding x\n\n%s" % (encoding, message)
    return repo.run("git", "hash-object", "-t", "commit", "-w", "--stdin", stdin=raw).stdout.decode().strip()


@pytest.mark.parametrize(
    "encoding",
    [
        *("UTF-16", "UTF-16LE", "UTF-16BE", "UTF-32LE", "UCS-2", "UTF-7", "IBM037", "CP1047", "ISO-2022-JP", "HZ"),
        *("nonsense", "latin-1//TRANSLIT", "utf-8-utf-16", "\u00e9"),
    ],
)
def test_log_of_messages_that_an_encoding_would_hide(repo: Repo, encoding: str) -> None:
    """Git turns the whole commit, names and all, into something else than every other reader sees."""
    repo.commit()
    message = b"Fix it +AEE-\n\n\x1b$B Assisted-by: Claude ~{AA~}\n caf\xc3\xa9 \xe9 \n"
    odd = declaring(repo, encoding.encode(), message)
    first, commit = Repository().log([odd, "--reverse"]), one(Repository().commits([odd.encode()]))
    assert list(first) == [commit]
    assert commit.message == message.decode("utf-8", "replace")
    assert (commit.author, commit.committer) == (("J\u00f6", "j@x"), ("Dev", "d@x"))
    assert not commit.is_misread


@pytest.mark.parametrize(
    ("encoding", "stored"),
    [
        *(("latin-1", "\u00e9"), ("ISO-8859-1", "\u00e9"), ("ISO8859-15", "\u20ac"), ("windows-1252", "\u20ac")),
        *(("CP1251", "\u0436"), ("KOI8-R", "\u0436"), ("EUC-JP", "\u65e5"), ("Shift_JIS", "\u65e5"), ("gbk", "\u65e5")),
        *(("GB18030", "\u65e5"), ("big5", "\u65e5"), ("utf8", "\u65e5"), ("UTF-8", "\u65e5"), ("us-ascii", "x")),
    ],
)
def test_log_of_messages_in_an_encoding_of_letters(repo: Repo, encoding: str, stored: str) -> None:
    odd = declaring(repo, encoding.encode(), f"{stored}\n".encode(encoding))
    assert one(Repository().log([odd])).message == f"{stored}\n"


def test_log_of_a_message_with_letters_of_two_bytes() -> None:
    """Git refuses to write one, as its NULs would end it."""
    commit = Commit("1" * 40, (), Identity("", ""), Identity("", ""), "", (), is_misread=True)
    head = b"author A <a@x> 0 +0000\nencoding UTF-16LE\n\n"
    found = as_stored(commit, head + "Assisted-by: Claude\n".encode("utf-16-le"))
    assert (found.message, found.author, found.committer) == ("Assisted-by: Claude\n", ("A", "a@x"), ("", ""))


def test_a_message_that_is_too_long_to_be_read_as_stored(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(git, "_MOST_MESSAGE", 100)
    odd = declaring(repo, b"UTF-16", b"x" * 100)
    with pytest.raises(GitError, match="declares an odd encoding"):
        list(Repository().log([odd]))


def test_log_of_an_empty_message_and_name(repo: Repo) -> None:
    repo.git("commit", "--quiet", "--allow-empty", "--allow-empty-message", "-m", "")
    tree = repo.git("rev-parse", "HEAD^{tree}")
    raw = f"tree {tree}\nauthor  <> 0 +0000\ncommitter  <> 0 +0000\n\n"
    odd = (
        repo.run("git", "hash-object", "-t", "commit", "-w", "--stdin", "--literally", stdin=raw.encode())
        .stdout.decode()
        .strip()
    )
    assert [(commit.message.strip(), commit.author.name) for commit in Repository().log(["HEAD"])] == [
        ("", "Dev Eloper")
    ]
    assert [commit.author for commit in Repository().log([odd])] == [("", "")]


def test_log_from_a_subdirectory_has_every_path(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    repo.stage("sub/a", "1\n")
    repo.stage("b", "1\n")
    repo.commit()
    monkeypatch.chdir(repo.path / "sub")
    assert kinds(one(Repository().log([])).changes) == {"sub/a": "added", "b": "added"}


# Repositories of other kinds.


def test_sha256(tmp_path: Path, clean_environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    repo = Repo(tmp_path / "sha256", clean_environment)
    repo.path.mkdir()
    repo.git("init", "--quiet", "--object-format=sha256")
    monkeypatch.chdir(repo.path)
    repo.stage("a.py", specimens.INSECURE)
    repository = Repository()
    change = one(repository.staged())
    assert len(change.blob) == 64
    assert repository.blobs([change.blob], 9999).blobs[change.blob].data == specimens.INSECURE.encode()
    assert repo.sayso("code-scan").returncode == 1
    first = repo.commit()
    assert kinds(repository.between("0" * 64, first)) == {"a.py": "added"}
    assert kinds(repository.staged(amended=True)) == {"a.py": "added"}
    assert kinds(one(repository.log([])).changes) == {"a.py": "added"}


def test_bare(repo: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    repo.stage("a", "1\n")
    first = repo.commit()
    repo.git("clone", "--quiet", "--bare", str(repo.path), str(tmp_path / "bare.git"))
    monkeypatch.chdir(tmp_path / "bare.git")
    repository = Repository()
    assert repository.bare
    assert kinds(repository.between("0" * 40, first)) == {"a": "added"}
    assert kinds(repository.listed(first)) == {"a": "named"}


def test_shallow_clone(repo: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    repo.stage("a", "1\n")
    first = repo.commit()
    repo.stage("b", "1\n")
    repo.commit()
    repo.git("clone", "--quiet", "--depth=1", f"file://{repo.path}", str(tmp_path / "shallow"))
    monkeypatch.chdir(tmp_path / "shallow")
    repository = Repository()
    with pytest.raises(UsageError, match="history that was not fetched"):
        repository.between(first, "HEAD")
    assert kinds(repository.staged(amended=True)) == {"a": "added", "b": "added"}


@pytest.fixture
def partial(repo: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repo:
    """A clone without blobs, whose origin is gone: nothing on the way of a commit may fetch."""
    repo.git("config", "uploadpack.allowFilter", "true")
    repo.stage("a.py", specimens.INSECURE)
    repo.stage("old", TEXT)
    repo.commit()
    repo.git(
        "clone", "--quiet", "--no-checkout", "--filter=blob:none", f"file://{repo.path}", str(tmp_path / "partial")
    )
    clone = Repo(tmp_path / "partial", repo.environment)
    clone.git("read-tree", "HEAD")
    monkeypatch.chdir(clone.path)
    return clone


def test_missing_objects_are_not_fetched(partial: Repo) -> None:
    blob = partial.git("rev-parse", ":a.py")
    with pytest.raises(GitError, match=f"git cat-file failed: could not fetch {blob}"):
        Repository().blobs([blob], 99)
    with pytest.raises(GitError, match=r"git cannot read :a\.py: could not fetch"):
        Repository().file(":a.py")
    assert Repository().file(":missing.py") is None
    absent = partial.run("git", "cat-file", "-e", blob, check=False, GIT_NO_LAZY_FETCH="1")
    assert absent.returncode != 0


def test_missing_objects_are_not_examined(partial: Repo) -> None:
    code, said = partial.output("sayso", "code-scan", "--all-files")
    assert (code, "could not decide: git cat-file failed: could not fetch" in said) == (3, True), said


def test_a_possible_rename_of_a_missing_object_is_undecided_or_seen(partial: Repo) -> None:
    partial.git("update-index", "--force-remove", "old")
    partial.stage("new", TEXT + "more\n")
    code, said = partial.output("sayso", "sensitive-paths", "--format", "json")
    assert code in {0, 3}, said


# What is no repository, and git itself.


def test_not_a_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(GitError, match="not a git repository"):
        Repository()


def test_a_corrupt_object_is_undecided(repo: Repo) -> None:
    repo.stage("a.py", specimens.SAFE)
    blob = repo.git("rev-parse", ":a.py")
    path = repo.path / ".git" / "objects" / blob[:2] / blob[2:]
    path.chmod(0o644)
    path.write_bytes(b"damaged")
    code, said = repo.output("sayso", "code-scan")
    assert code == 3, said


def test_a_corrupt_index_is_undecided(repo: Repo) -> None:
    repo.stage("a.py", specimens.SAFE)
    repo.write(".git/index", b"damaged")
    code, said = repo.output("sayso", "code-scan")
    assert (code, "could not decide" in said) == (3, True)


def test_blobs(repo: Repo) -> None:
    contents = [b"", b"x", b"x" * 100, b"\n\n\n", b"0" * 40 + b" blob 3\nabc\n", b"y" * 200_001]
    oids = [repo.run("git", "hash-object", "-w", "--stdin", stdin=data).stdout.decode().strip() for data in contents]
    unknown = "1" * 40
    reader = Repository().blobs([*oids, "", unknown, oids[0]], 100)
    assert [reader.blobs[oid].data for oid in oids] == [data[:100] for data in contents]
    assert [reader.blobs[oid].size for oid in oids] == [len(data) for data in contents]
    assert [reader.blobs[oid].whole for oid in oids] == [len(data) <= 100 for data in contents]
    assert reader.missing == [unknown]
    assert Repository().blobs([], 100).blobs == {}


def test_tree_and_head(repo: Repo) -> None:
    assert Repository().head() == ""
    repo.stage("a", "1\n")
    tree = Repository().tree()
    head = repo.commit()
    assert Repository().head() == head
    assert repo.git("rev-parse", "HEAD^{tree}") == tree


def test_tree_during_a_conflict(repo: Repo) -> None:
    _conflict(repo)
    assert Repository().tree() == ""


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("GIT_EXTERNAL_DIFF", "touch ran"),
        ("GIT_DIFF_OPTS", "-u0"),
        ("GIT_ICASE_PATHSPECS", "1"),
        ("GIT_GLOB_PATHSPECS", "1"),
        ("GIT_TRACE", "1"),
        ("GIT_PAGER", "touch ran"),
        ("LC_ALL", "de_DE.UTF-8"),
    ],
)
def test_the_environment_has_no_effect(repo: Repo, monkeypatch: pytest.MonkeyPatch, variable: str, value: str) -> None:
    repo.stage("a", "1\n")
    repo.commit()
    repo.stage("a", "2\n")
    monkeypatch.setenv(variable, value)
    assert staged() == {"a": "modified"}
    assert kinds(named(Repository(), ["a"])[0]) == {"a": "named"}
    assert len(list(Repository().log([]))) == 1
    assert not (repo.path / "ran").exists()


def test_variables(repo: Repo) -> None:
    repo.git("config", "core.commentChar", ";")
    known = Repository().variables()
    assert known["core.commentchar"] == ";"
    assert known["GIT_AUTHOR_IDENT"].startswith("Dev Eloper <dev@example.org> ")


def test_a_git_that_is_planted_in_the_repository_is_not_run(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    planted = repo.write("git", "#!/bin/sh\ntouch ran\n")
    planted.chmod(0o755)
    monkeypatch.setenv("PATH", f".{os.pathsep}{os.environ['PATH']}")
    assert staged() == {}
    assert not (repo.path / "ran").exists()


def test_git_is_missing(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    assert subprocess.run(["git", "status"], cwd=repo.path, capture_output=True, check=True).returncode == 0
    monkeypatch.setenv("PATH", ".")
    with pytest.raises(GitError, match="git is not installed"):
        Repository()
