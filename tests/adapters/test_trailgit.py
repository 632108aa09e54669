from __future__ import annotations

import os

import pytest

from sayso.adapters import trailgit
from sayso.adapters.git import GitError, Repository
from sayso.adapters.trailgit import Approvals, Approved
from tools.repo import Repo

FOLDER = ".sayso/approvals"
ONE, TWO, LONG = "1" * 40, "2" * 40, "3" * 64


def test_the_files_of_a_folder_name_blobs_in_each_commit(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trailgit, "_MOST_KEPT", 1)
    repo.stage("a", "a")
    ids = [repo.commit()]
    for name, content in (("one.json", f'"{ONE}", "{LONG}"'), ("two.json", f"{TWO}x{ONE}0"), ("three.json", "none")):
        repo.stage(f"{FOLDER}/{name}", content)
        ids.append(repo.commit())
    blobs = [repo.git("rev-parse", f"HEAD:{FOLDER}/{name}.json") for name in ("one", "two", "three")]
    approvals = Approvals(Repository(), FOLDER)
    expected: list[dict[str, frozenset[str]]] = [{}, {blobs[0]: frozenset((ONE, LONG))}]
    expected += [expected[1] | {blobs[1]: frozenset((TWO,))}]
    expected += [expected[2] | {blobs[2]: frozenset[str]()}]
    for _ in range(2):
        assert approvals.of(ids) == [Approved(named) for named in expected]
        assert [approvals.of([commit])[0].named for commit in ids] == expected


def test_only_files_of_the_folder_itself_count(repo: Repo) -> None:
    repo.stage(f"{FOLDER}/below/one.json", ONE)
    os.symlink(ONE, repo.path / FOLDER / "link.json")
    repo.git("add", "--", FOLDER)
    repo.stage(f"{FOLDER}/one.json.sig", ONE)
    assert Approvals(Repository(), FOLDER).of([repo.commit()]) == [Approved({})]


def test_a_file_where_the_folder_should_be_is_no_folder(repo: Repo) -> None:
    repo.stage(FOLDER, ONE)
    assert Approvals(Repository(), FOLDER).of([repo.commit()]) == [Approved({})]


@pytest.mark.parametrize(
    ("limit", "value", "read"), [("_MOST_TREE", 60, 1), ("_MOST_TREE", 10, 0), ("_MOST_FILES", 1, 1)]
)
def test_what_is_too_much_to_read_is_counted(
    repo: Repo, monkeypatch: pytest.MonkeyPatch, limit: str, value: int, read: int
) -> None:
    monkeypatch.setattr(trailgit, limit, value)
    repo.stage(f"{FOLDER}/one.json", ONE)
    repo.stage(f"{FOLDER}/two.json", TWO)
    (found,) = Approvals(Repository(), FOLDER).of([repo.commit()])
    assert (len(found.named), found.unread) == (read, 1)


def test_a_name_of_two_lines_cannot_shift_the_answers(repo: Repo) -> None:
    repo.stage("a", "a")
    commit = repo.commit()
    with pytest.raises(GitError, match="no answer"):
        Approvals(Repository(), "a\nb").of([commit])


def test_what_is_missing(repo: Repo) -> None:
    repo.stage("a", "a")
    commit = repo.commit()
    blob = repo.git("rev-parse", "HEAD:a")
    assert trailgit.missing(Repository(), [commit, ONE, blob]) == {ONE, blob}
    assert trailgit.missing(Repository(), []) == set()
