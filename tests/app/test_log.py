"""``sayso log`` on real repositories: what is kept, what is noticed, and what is never lost."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import threading
from pathlib import Path
from typing import Any

import pytest

import specimens
from sayso.adapters import trailgit
from sayso.adapters.git import Repository
from sayso.adapters.traillog import TrailFile
from sayso.app import trails
from tools.repo import Repo

MESSAGE = """\
Add a login

This code is hardened.

Request: TICKET-12
Plan: a form and a session
Security-Assumption: the proxy ends TLS
Command: make test
Residual-Risk: old sessions live on
Reviewed-by: Rita Viewer <rita@example.org>
Assisted-by: Claude:sonnet-5
"""


def said(done: subprocess.CompletedProcess[bytes]) -> str:
    return done.stdout.decode() + done.stderr.decode()


def log(repo: Repo, *args: str, code: int = 0) -> str:
    done = repo.sayso("log", *args)
    assert done.returncode == code, said(done)
    return said(done)


def trail(repo: Repo) -> Path:
    return repo.path / ".git" / "sayso" / "trail.jsonl"


def entries(repo: Repo) -> list[dict[str, Any]]:
    return [json.loads(line) for line in trail(repo).read_bytes().splitlines()]


def rewritten(repo: Repo, number: int, **values: Any) -> None:
    """Change an entry, and make the chain good again after it, as somebody would who knows how it is made."""
    found = entries(repo)
    found[number] |= values
    previous, lines = "0" * 64, []
    for seq, entry in enumerate(found):
        entry |= {"seq": seq, "previous": previous}
        line = json.dumps(entry, sort_keys=True, separators=(",", ":")).encode()
        previous = hashlib.sha256(line).hexdigest()
        lines.append(line + b"\n")
    trail(repo).write_bytes(b"".join(lines))


@pytest.fixture
def history(repo: Repo) -> Repo:
    """Three commits, the second of which says all that a message can."""
    repo.stage("README.md", "Words.\n")
    repo.commit("Start")
    repo.stage("src/auth/login.py", specimens.SAFE)
    repo.git("commit", "--quiet", "--no-verify", "-m", MESSAGE)
    repo.git("mv", "README.md", "README.txt")
    repo.commit("Rename")
    return repo


def test_a_commit_is_recorded_with_all_that_is_known_of_it(history: Repo) -> None:
    assert log(history, "record") == "3 recorded, 3 in the trail\n"
    first, second, third = entries(history)
    assert [first["commit"], second["commit"], third["commit"]] == history.git("rev-list", "--reverse", "HEAD").split(
        "\n"
    )
    assert second["parents"] == [first["commit"]]
    assert second["tree"] == history.git("rev-parse", "HEAD~1^{tree}")
    assert second["author"]["date"] == history.git("log", "-1", "--format=%aI", "HEAD~1")
    assert second["committer"]["email"] == "dev@example.org"
    assert second["subject"] == "Add a login"
    assert {name: [item["value"] for item in items] for name, items in second["said"].items()} == {
        "request": ["TICKET-12"],
        "plan": ["a form and a session"],
        "assumptions": ["the proxy ends TLS"],
        "commands": ["make test"],
        "risks": ["old sessions live on"],
        "reviews": ["Rita Viewer <rita@example.org>"],
        "tools": ["Claude:sonnet-5"],
    }
    assert [item["tool"] for item in second["ai"]] == ["claude"]
    assert [item["kind"] for item in second["claims"]] == ["general"]
    assert "src/auth/login.py" in {item["path"] for item in second["sensitive"]}
    blob = history.git("rev-parse", "HEAD:src/auth/login.py")
    assert second["files"] == [{"path": "src/auth/login.py", "kind": "added", "mode": "100644", "blob": blob}]
    assert [item["kind"] for item in third["files"]] == ["deleted", "added"]


def test_recording_again_adds_nothing_and_only_what_is_new_is_added(history: Repo) -> None:
    assert log(history, "record", "HEAD~2") == "1 recorded, 1 in the trail\n"
    assert log(history, "record", "HEAD~2..HEAD~1") == "1 recorded, 2 in the trail\n"
    before = trail(history).read_bytes()
    assert log(history, "record", "HEAD~2..HEAD~1") == "0 recorded, 2 in the trail\n"
    assert trail(history).read_bytes() == before
    assert log(history, "record") == "1 recorded, 3 in the trail\n"
    assert trail(history).read_bytes().startswith(before)


def test_two_machines_write_the_same_bytes(history: Repo, tmp_path: Path) -> None:
    log(history, "record")
    history.git("clone", "--quiet", "--no-local", str(history.path), str(tmp_path / "other"))
    other = Repo(tmp_path / "other", history.environment | {"TZ": "Asia/Tokyo", "LC_ALL": "C"})
    log(other, "record")
    assert trail(other).read_bytes() == trail(history).read_bytes()
    assert log(other, "head") == log(history, "head")


def test_parents_come_before_children_whatever_the_clock_says(repo: Repo) -> None:
    repo.stage("a", "1")
    repo.git("commit", "--quiet", "-m", "one", GIT_COMMITTER_DATE="2030-01-01T00:00:00Z")
    repo.stage("a", "2")
    repo.git("commit", "--quiet", "-m", "two", GIT_COMMITTER_DATE="2020-01-01T00:00:00Z")
    log(repo, "record")
    assert [entry["subject"] for entry in entries(repo)] == ["one", "two"]


def test_evidence_runs_and_approvals_are_named(history: Repo) -> None:
    blob = history.git("rev-parse", "HEAD:src/auth/login.py")
    assert history.sayso("code-scan", "src/auth/login.py").returncode == 0
    history.sayso("run", "lint", "--", "true")
    history.stage(".sayso/approvals/one.json", json.dumps({"blobs": [blob]}))
    history.stage(".sayso/approvals/two.json", json.dumps({"blobs": ["f" * 40]}))
    history.stage("copy.py", specimens.SAFE)
    history.commit("Copy, and approve of it")
    history.sayso("run", "lint", "--", "true")
    log(history, "record")
    found = entries(history)
    assert [item["check"] for item in found[1]["evidence"]] == ["code-scan"]
    assert found[1]["evidence"][0]["blob"] == blob
    assert found[1]["approvals"] == []
    assert found[3]["approvals"] == [history.git("rev-parse", "HEAD:.sayso/approvals/one.json")]
    assert [(run["kind"], run["command"], run["code"]) for run in found[2]["runs"]] == [("lint", "true", 0)]
    assert [(run["kind"], run["command"], run["code"]) for run in found[3]["runs"]] == [("lint", "true", 0)]
    text = log(history, "show", "HEAD")
    assert "lint: true: exit code 0" in text
    assert "approvals" in text
    assert "unbroken" in log(history, "verify")


def test_approvals_that_were_not_read_are_counted(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trailgit, "_MOST_FILES", 1)
    for name in "ab":
        repo.stage(f".sayso/approvals/{name}.json", name)
    repo.commit()
    here = Repository()
    assert trails.record(here, "HEAD", TrailFile(here.common_dir)) == (1, 1)
    assert entries(repo)[0]["left_off"] == {"approvals": 1}
    assert "1 approvals" in log(repo, "show")


def test_merges_and_an_empty_commit(history: Repo) -> None:
    history.git("checkout", "--quiet", "-b", "topic", "HEAD~1")
    history.stage("b.txt", "b")
    history.commit("Add b")
    history.git("checkout", "--quiet", "trunk")
    history.git("merge", "--quiet", "--no-ff", "-m", "Merge topic", "topic")
    history.commit("Nothing")
    log(history, "record")
    merge, empty = entries(history)[-2:]
    assert (len(merge["parents"]), merge["files"], empty["files"]) == (2, [], [])
    assert "unbroken" in log(history, "verify")
    assert "2 parents" in log(history, "show", "HEAD~1")


def test_show_is_for_people(history: Repo) -> None:
    log(history, "record")
    text = log(history, "show", "HEAD~1")
    for line in (
        "  request               TICKET-12 (Request)",
        "  residual risks        old sessions live on (Residual-Risk)",
        "  coding tools          claude (trailer)",
        "  files                 added src/auth/login.py",
    ):
        assert line in text.splitlines()
    assert text.count("commit ") == 1
    assert log(history, "show", "HEAD~2..HEAD").count("\ncommit ") == 1
    assert log(history, "show").count("author  ") == 3


def test_show_as_json_lines_is_what_the_trail_has(history: Repo) -> None:
    log(history, "record")
    assert log(history, "show", "--format", "jsonl").encode() == trail(history).read_bytes()


def test_a_terminal_obeys_nothing(repo: Repo) -> None:
    repo.stage("a\x1b]0;x\x07\n::error::y", "x")
    repo.git("commit", "--quiet", "-m", "Title \x1b[31m\u202e\n\nRequest: \x1b[2J\u200bx")
    log(repo, "record")
    text = log(repo, "show")
    assert not set("\x1b\x07\u202e\u200b") & set(text)
    assert "\\x1b[2J" in text
    assert not any(line.startswith("::") for line in text.splitlines())


def test_what_the_trail_lacks_is_a_mistake(history: Repo) -> None:
    log(history, "record", "HEAD~1")
    assert "sayso log record" in log(history, "show", "HEAD", code=2)
    assert log(history, "show", "HEAD..HEAD") == ""


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (("show", "nothing"), "no such commit"),
        (("record", "HEAD..nothing"), "no such commit"),
        (("record", "HEAD", "--head", "0"), "takes no --head"),
        (("verify", "HEAD"), "takes no RANGE"),
        (("verify", "--head", "abc"), "64 digits"),
        (("head", "--format", "text"), "takes no --format"),
        (("show", "--output", "x"), "takes no --output"),
        (("forget",), "invalid choice"),
    ],
)
def test_usage(history: Repo, args: tuple[str, ...], says: str) -> None:
    assert says in log(history, *args, code=2)


def test_a_range_cannot_be_an_option(history: Repo) -> None:
    log(history, "record", "--", "--output=x", code=2)
    log(history, "record", "--", "HEAD..--output=x", code=2)
    assert not (history.path / "x").exists()


def test_no_commits_yet(repo: Repo) -> None:
    assert "no such commit" in log(repo, "record", code=2)
    assert log(repo, "show") == ""
    assert log(repo, "head") == f"{'0' * 64}\n"
    assert log(repo, "verify").startswith("0 entries, unbroken")


# What is noticed.


def test_the_head_that_was_kept_elsewhere(history: Repo) -> None:
    log(history, "record", "HEAD~1")
    kept = log(history, "head").strip()
    log(history, "record")
    assert "the digest that was kept is there: 1 were added since" in log(history, "verify", "--head", kept)
    lines = trail(history).read_bytes().splitlines(keepends=True)
    trail(history).write_bytes(lines[0])
    assert "unbroken" in log(history, "verify")
    assert "cut off or rewritten" in log(history, "verify", "--head", kept, code=1)


@pytest.mark.parametrize(
    ("values", "names"),
    [
        pytest.param({"said": {}}, "said", id="a-risk-left-out"),
        pytest.param({"ai": []}, "ai", id="the-tool-left-out"),
        pytest.param({"claims": []}, "claims", id="the-claim-left-out"),
        pytest.param({"files": [], "sensitive": []}, "files, sensitive", id="the-files-left-out"),
        pytest.param(
            {"author": {"name": "Rita Viewer", "email": "rita@example.org", "date": ""}}, "author", id="another-author"
        ),
        pytest.param({"tree": "0" * 40}, "tree", id="another-tree"),
    ],
)
def test_a_trail_that_was_written_anew_differs_from_git(history: Repo, values: dict[str, Any], names: str) -> None:
    log(history, "record")
    kept = log(history, "head").strip()
    rewritten(history, 1, **values)
    commit = history.git("rev-parse", "HEAD~1")[:12]
    text = log(history, "verify", code=1)
    assert f"trail.jsonl:2: commit {commit}: git now says otherwise of {names}\n" in text
    assert "cut off or rewritten" in log(history, "verify", "--head", kept, code=1)


def test_evidence_that_was_written_in_is_found_by_the_head_alone(history: Repo) -> None:
    log(history, "record")
    kept = log(history, "head").strip()
    rewritten(history, 1, evidence=[{"blob": "0" * 40, "check": "code-scan", "id": "0" * 64}])
    log(history, "verify")
    assert "cut off or rewritten" in log(history, "verify", "--head", kept, code=1)


def test_the_first_broken_entry_is_named_and_nothing_is_appended_to_it(history: Repo) -> None:
    log(history, "record", "HEAD~1")
    whole = trail(history).read_bytes()
    trail(history).write_bytes(whole.replace(b"Start", b"Stard", 1))
    assert "trail.jsonl:2: the chain breaks here: it follows" in log(history, "verify", code=1)
    for action in ("record", "show", "export", "head"):
        assert "trail.jsonl:2: the trail is broken here" in log(history, action, code=3)
    assert trail(history).read_bytes() == whole.replace(b"Start", b"Stard", 1)


def test_a_torn_line_is_reported_set_aside_and_made_good(history: Repo) -> None:
    log(history, "record")
    whole = trail(history).read_bytes()
    trail(history).write_bytes(whole[:-40])
    assert "trail.jsonl:3: the chain breaks here: torn" in log(history, "verify", code=1)
    assert "never finished" in log(history, "export", code=3)
    text = log(history, "record")
    assert "1 recorded, 3 in the trail" in text
    (aside,) = trail(history).parent.glob("trail.jsonl.torn-*")
    assert str(aside) in text
    assert aside.read_bytes() == whole.splitlines(keepends=True)[2][:-40]
    assert trail(history).read_bytes() == whole
    assert "unbroken" in log(history, "verify")


def test_commits_that_git_no_longer_has_cannot_be_compared(history: Repo) -> None:
    log(history, "record")
    gone = history.head()
    history.git("reset", "--quiet", "--hard", "HEAD~1")
    history.git("reflog", "expire", "--expire=now", "--all")
    history.git("prune", "--expire=now")
    text = log(history, "verify", code=3)
    assert "3 entries, unbroken" in text
    assert gone[:12] in text


def test_where_a_shallow_clone_ends_nothing_is_recorded(history: Repo, tmp_path: Path) -> None:
    history.git("clone", "--quiet", "--depth=2", f"file://{history.path}", str(tmp_path / "shallow"))
    shallow = Repo(tmp_path / "shallow", history.environment)
    assert "shallow" in log(shallow, "record", code=3)
    assert log(shallow, "record", "HEAD~1..HEAD") == "1 recorded, 1 in the trail\n"
    log(history, "record", "HEAD~1..HEAD")
    assert trail(shallow).read_bytes() == trail(history).read_bytes()


def test_linked_worktrees_share_the_trail(history: Repo, tmp_path: Path) -> None:
    history.git("worktree", "add", "--quiet", str(tmp_path / "linked"))
    linked = Repo(tmp_path / "linked", history.environment)
    assert log(linked, "record") == "3 recorded, 3 in the trail\n"
    assert log(history, "record") == "0 recorded, 3 in the trail\n"


def test_a_repository_of_longer_ids(tmp_path: Path, clean_environment: dict[str, str]) -> None:
    (tmp_path / "repo").mkdir()
    repo = Repo(tmp_path / "repo", clean_environment)
    repo.git("init", "--quiet", "--object-format=sha256")
    repo.stage("a", "1")
    repo.commit("One")
    assert log(repo, "record") == "1 recorded, 1 in the trail\n"
    assert len(entries(repo)[0]["tree"]) == 64
    assert "unbroken" in log(repo, "verify")


def test_recorders_take_turns(history: Repo) -> None:
    codes: list[int] = []
    threads = [
        threading.Thread(target=lambda: codes.append(history.sayso("log", "record").returncode)) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert codes == [0] * 4
    assert len(entries(history)) == 3
    assert "unbroken" in log(history, "verify")


def test_export(history: Repo, tmp_path: Path) -> None:
    log(history, "record")
    assert log(history, "export").encode() == trail(history).read_bytes()
    copy = tmp_path / "copy.jsonl"
    log(history, "export", "--output", str(copy))
    assert copy.read_bytes() == trail(history).read_bytes()
    assert "File exists" in log(history, "export", "--output", str(copy), code=2)
    os.symlink(tmp_path / "elsewhere", tmp_path / "link")
    log(history, "export", "--output", str(tmp_path / "link"), code=2)
    assert not (tmp_path / "elsewhere").exists()


def test_messages_that_are_no_text_and_names_that_are_no_utf_8(repo: Repo) -> None:
    repo.stage("caf\udce9.txt", "x")
    repo.run("git", "commit", "--quiet", "-F", "-", stdin=b"Caf\xe9\n\nRequest: \xe9\n")
    log(repo, "record")
    assert entries(repo)[0]["files"][0]["path"] == "caf\udce9.txt"
    assert "unbroken" in log(repo, "verify")
    assert "caf\\udce9.txt" in log(repo, "show")


def test_the_work_tree_and_the_index_are_left_alone(history: Repo) -> None:
    history.stage("staged.txt", "x")
    history.write("untracked.txt", "x")
    before = history.git("status", "--porcelain")
    log(history, "record")
    log(history, "verify")
    assert history.git("status", "--porcelain") == before
