"""Receipts with hooks that real runners have installed: every operation of git, and what passes the hooks by."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from tools.repo import SECURE, Repo
from tools.scratch import configuration

if TYPE_CHECKING:
    from tools.runner import Runner

KINDS = ("pre-commit", "commit-msg", "prepare-commit-msg", "post-commit")
LOCAL = """\
default_install_hook_types: [pre-commit, commit-msg, prepare-commit-msg, post-commit]
repos:
  - repo: local
    hooks:
      - id: sensitive-paths
        name: sensitive paths
        entry: sayso sensitive-paths
        language: system
        stages: [pre-commit]
        pass_filenames: false
        always_run: true
      - id: receipt
        name: receipt
        entry: sayso receipt
        language: system
        stages: [prepare-commit-msg, post-commit]
        always_run: true
        verbose: true
"""
POLICY = '[gate]\nunverified = "{}"\nrequired-hooks = ["sensitive-paths"]\n'
UNVERIFIED = "[commit-unverified]"


@pytest.fixture(params=["pre-commit", "prek"])
def hooked(request: pytest.FixtureRequest, repo: Repo) -> Repo:
    """A repository whose hooks a real runner has installed; they refuse what nothing has examined."""
    runner: str = request.param
    repo.environment["PRE_COMMIT_HOME"] = repo.environment["PREK_HOME"] = str(repo.path.parent / "cache")
    repo.stage(".pre-commit-config.yaml", LOCAL)
    repo.stage("sayso.toml", POLICY.format("refuse"))
    repo.stage("a.py", "one = 1\n")
    repo.commit("Start")
    repo.git("checkout", "-q", "-b", "side")
    repo.stage("s.py", "s = 1\n")
    repo.commit("Side")
    repo.git("checkout", "-q", "trunk")
    repo.stage("b.py", "two = 2\n")
    repo.commit("Second")
    repo.stage("c.py", "three = 3\n")
    repo.commit("Third")
    repo.run(runner, "install", *(word for kind in KINDS for word in ("-t", kind)))
    return repo


def noted(repo: Repo) -> list[str]:
    path = repo.path / ".git" / "sayso" / "unverified.log"
    return [line.split()[0] for line in path.read_text().splitlines()] if path.exists() else []


def commits(repo: Repo) -> None:
    repo.stage("d.py", "four = 4\n")
    repo.git("commit", "-m", "Add d")
    repo.write("a.py", "one = 11\n")
    repo.git("commit", "-a", "-m", "Change a")
    repo.stage("e.py", "five = 5\n")
    repo.write("a.py", "one = 111\n")
    repo.git("commit", "-m", "Change a alone", "--", "a.py")
    repo.git("commit", "--amend", "-m", "Change a by itself")
    repo.git("commit", "--amend", "-n", "-m", "Change nothing but words")


def merges(repo: Repo) -> None:
    repo.git("merge", "--no-ff", "--no-edit", "side")
    repo.git("revert", "--no-edit", "-m", "1", "HEAD")
    repo.git("revert", "HEAD")


def squash(repo: Repo) -> None:
    repo.git("merge", "--squash", "side")
    repo.git("commit", "-m", "Side in one")


def conflict(repo: Repo) -> None:
    for branch in ("side", "trunk"):
        repo.git("checkout", "-q", branch)
        repo.stage("a.py", f"one = '{branch}'\n")
        repo.git("commit", "-m", f"{branch} has its way")
    assert repo.run("git", "merge", "side", check=False).returncode
    repo.stage("a.py", "one = 'both'\n")
    repo.git("commit", "--no-edit")


def picks(repo: Repo) -> None:
    repo.git("cherry-pick", "side")


def rebases(repo: Repo) -> None:
    repo.git("rebase", "trunk", "side")
    repo.git("checkout", "-q", "trunk")
    repo.git("rebase", "-i", "HEAD~2", GIT_SEQUENCE_EDITOR="sed -i -e '1s/^pick/reword/;2s/^pick/squash/'")


def edits(repo: Repo) -> None:
    repo.git("rebase", "-i", "HEAD~2", GIT_SEQUENCE_EDITOR="sed -i -e '1s/^pick/edit/'")
    repo.stage("d.py", "four = 4\n")
    repo.git("rebase", "--continue")


def mails(repo: Repo) -> None:
    settings = ("-c", "diff.noprefix=false", "-c", "diff.mnemonicPrefix=false")
    patches = repo.run("git", *settings, "format-patch", "--stdout", "trunk..side").stdout
    repo.run("git", *settings, "am", stdin=patches)


def stashes(repo: Repo) -> None:
    repo.stage("d.py", "four = 4\n")
    repo.git("stash")
    repo.git("stash", "pop")


HONEST = (commits, merges, squash, conflict, picks, rebases, edits, mails, stashes)


@pytest.mark.parametrize("operation", HONEST, ids=lambda operation: operation.__name__)
def test_nothing_is_stopped_that_should_not_be(hooked: Repo, operation: Callable[[Repo], None]) -> None:
    operation(hooked)
    assert noted(hooked) == []
    assert not any((hooked.path / ".git" / name).exists() for name in ("rebase-merge", "rebase-apply", "MERGE_HEAD"))


def test_what_passes_the_hooks_by_is_refused_or_noted(hooked: Repo) -> None:
    hooked.stage("d.py", "four = 4\n")
    landed, out = hooked.try_commit("Add d", "-n")
    assert not landed
    assert f"error: {UNVERIFIED}" in out
    assert "passed by with -n" in out
    landed, out = hooked.try_commit("Add d", SKIP="sensitive-paths")
    assert not landed
    assert "passed by with SKIP=sensitive-paths" in out
    landed, out = hooked.try_commit("Add d", "-n", SKIP="receipt")
    assert landed
    assert noted(hooked) == []  # whoever skips this hook as well is seen only in CI
    hooked.stage("sayso.toml", POLICY.format("warn"))
    landed, out = hooked.try_commit("Warn", "-n")
    assert landed
    assert out.count(f"warning: {UNVERIFIED}") == 2
    assert noted(hooked) == [hooked.head()]
    code, out = hooked.output("sayso", "doctor")
    assert code == 1
    assert f"[doctor-unverified] commit {hooked.head()[:12]}" in out


def test_a_filter_that_keeps_the_message_from_us_hides_nothing(hooked: Repo) -> None:
    hooked.stage(".pre-commit-config.yaml", f"files: \\.py$\n{LOCAL}")
    hooked.git("commit", "-m", "Filter")
    assert noted(hooked) == []
    hooked.stage("d.py", "four = 4\n")
    landed, out = hooked.try_commit("Add d", "-n")
    assert not landed
    assert f"this commit: error: {UNVERIFIED}" in out
    hooked.git("merge", "--no-ff", "--no-edit", "side", check=False)
    assert noted(hooked) == []


def test_a_policy_that_cannot_be_read_stops_no_rebase(hooked: Repo) -> None:
    hooked.git("checkout", "-q", "side")
    hooked.stage("sayso.toml", "[gate]\nunverifyed = 1\n")
    hooked.git("commit", "-n", "-m", "Break the policy", SKIP="receipt")
    hooked.stage("x.py", "x = 1\n")
    hooked.git("commit", "-n", "-m", "Another", SKIP="receipt")
    hooked.git("rebase", "trunk")
    assert noted(hooked) == []


@pytest.mark.e2e
@pytest.mark.network
def test_installed_as_users_install_it(repo: Repo, runner: Runner) -> None:
    hooks = ("sayso", "sayso-message", "receipt")
    text = configuration(runner.source, runner.revision, hooks)
    repo.environment.update(runner.environment)
    repo.stage(".pre-commit-config.yaml", text.replace("commit-msg]", "commit-msg, prepare-commit-msg, post-commit]"))
    repo.commit("Start")
    repo.run(runner.name, "install")
    assert all((repo.path / ".git" / "hooks" / kind).exists() for kind in KINDS)
    repo.stage("a.py", SECURE)
    landed, out = repo.try_commit("Add a loader")
    assert landed
    assert UNVERIFIED not in out
    repo.stage("b.py", SECURE)
    landed, out = repo.try_commit("Add another", "-n")
    assert landed
    assert UNVERIFIED in out
    assert noted(repo) == [repo.head()]
    shutil.rmtree(repo.path / ".git" / "sayso")
    repo.git("commit", "--amend", "-m", "Add another loader")
    assert noted(repo) == []
