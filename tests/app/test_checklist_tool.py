"""``sayso checklist`` answers from the change and the ledger, and never ticks a box."""

from __future__ import annotations

import json

import pytest

import specimens
from tools.repo import Repo


def answers(repo: Repo, *args: str) -> dict[str, str]:
    document = json.loads(repo.sayso("checklist", "--format", "json", *args).stdout)
    assert document["version"] == 1
    return {item["id"]: item["answer"] for item in document["answers"]}


def test_all_questions_are_answered_and_scans_count_once_they_ran(repo: Repo) -> None:
    repo.stage("src/auth/login.py", specimens.LOGIN)
    before = answers(repo)
    assert len(before) == 11
    assert set(before.values()) <= {"yes", "no", "unclear"}
    repo.sayso("sayso")
    after = answers(repo)
    changed = {name for name in before if before[name] != after[name]}
    assert {before[name] for name in changed} == {"unclear"}
    assert {after[name] for name in changed} == {"yes"}


def test_of_a_range(repo: Repo) -> None:
    repo.commit("Begin")
    repo.stage("src/auth/login.py", specimens.LOGIN)
    repo.commit("Add login")
    said = repo.sayso("checklist", "HEAD~1..HEAD").stdout.decode()
    assert said.startswith("### Checklist for HEAD\\~1..HEAD\n")
    assert "`src/auth/login.py" in said
    assert "[x]" not in said


@pytest.mark.parametrize("words", ["HEAD", "..HEAD", "HEAD...HEAD", "nothing..HEAD"])
def test_what_is_no_range_is_a_usage_error(repo: Repo, words: str) -> None:
    repo.commit()
    assert repo.sayso("checklist", words).returncode == 2


def test_it_stands_as_a_comment_in_the_message_that_an_editor_shows_and_in_no_other(repo: Repo) -> None:
    hook = repo.write(".git/hooks/prepare-commit-msg", '#!/bin/sh\nexec sayso checklist --append "$1"\n')
    hook.chmod(0o755)
    repo.git("config", "core.commentChar", ";")
    repo.stage("a.py", specimens.SAFE)
    repo.git("commit", "-q", "-m", "Add a")
    assert repo.git("log", "-1", "--format=%B") == "Add a"
    repo.stage("b.py", specimens.SAFE)
    shown = repo.path.parent / "shown"
    editor = f'cp "$1" {shown}; printf \'Add b\\n\' | cat - {shown} > "$1"'
    repo.git("commit", "-q", GIT_EDITOR=f"sh -c '{editor.replace(chr(39), chr(34))}' sh")
    assert "; " in shown.read_text()
    assert "sensitive area?" in shown.read_text()
    assert "sensitive area?" not in repo.git("log", "-1", "--format=%B")
