"""What only shows with a real runner: file lists, ranges, excludes, deletions, worktrees, partial commits."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tools.repo import INSECURE, SECURE
from tools.scratch import COMBINED, SINGLE

if TYPE_CHECKING:
    from tools.repo import Repo
    from tools.runner import Runner

pytestmark = [pytest.mark.e2e, pytest.mark.network]


def test_all_files_is_not_vacuous(repo: Repo, runner: Runner) -> None:
    runner.install(repo, COMBINED)
    repo.stage("old.py", INSECURE)
    repo.commit()
    code, out = repo.output(runner.name, "run", "sayso", "--all-files")
    assert code == 1
    assert "old.py:5: error: [python-unsafe-pickle]" in out


def test_range_judges_content_and_every_message(repo: Repo, runner: Runner) -> None:
    runner.install(repo, COMBINED)
    start = repo.git("rev-parse", "HEAD")
    repo.stage("a.py", SECURE)
    repo.commit("Add a loader. This is secure.")
    repo.stage("b.py", INSECURE)
    claimed = repo.commit("Add another. This is secure.")
    repo.stage("b.py", SECURE)
    end = repo.commit("Repair it")
    repo.git("checkout", "--quiet", start)
    arguments = ("run", "sayso", "--hook-stage", "manual", "--from-ref", start, "--to-ref", end)
    code, out = repo.output(runner.name, *arguments)
    assert code == 1
    assert f"commit {claimed[:12]}" in out
    assert "2 commit messages" not in out
    assert "3 commit messages examined" in out


def test_exclude_is_respected_and_shown_to_the_claim(repo: Repo, runner: Runner) -> None:
    runner.install(repo, COMBINED, extra="exclude: ^vendor/\n")
    repo.stage("vendor/lib.py", INSECURE)
    landed, out = repo.try_commit("Take in a library. It is secure.")
    assert not landed
    assert "vendor/lib.py: no evidence of code-scan" in out
    assert repo.try_commit("Take in a library")[0]


def test_files_filter_does_not_switch_the_message_off(repo: Repo, runner: Runner) -> None:
    runner.install(repo, COMBINED, extra="files: \\.py$\n")
    repo.stage("notes.md", "Notes\n")
    landed, out = repo.try_commit("Add notes. 100 % secure and vulnerability-free.")
    assert not landed
    assert "unsupportable" in out


def test_deletion_and_rename_of_a_sensitive_path_are_flagged(repo: Repo, runner: Runner) -> None:
    runner.install(repo, SINGLE)
    repo.stage(".github/CODEOWNERS", "* @team\n")
    repo.stage("src/auth/login.py", SECURE)
    repo.commit()
    repo.git("rm", "--quiet", ".github/CODEOWNERS")
    repo.git("mv", "src/auth/login.py", "src/page.py")
    landed, out = repo.try_commit("Tidy up")
    assert landed
    assert ".github/CODEOWNERS: warning:" in out
    assert "src/auth/login.py: warning:" in out


def test_commit_a_and_commit_path_judge_what_they_commit(repo: Repo, runner: Runner) -> None:
    runner.install(repo, COMBINED)
    repo.stage("a.py", SECURE)
    repo.stage("b.py", SECURE)
    repo.commit()
    repo.write("a.py", INSECURE)
    landed, out = repo.try_commit("Change a", "-a")
    assert not landed
    assert "a.py:5: error" in out
    repo.write("b.py", SECURE + "\n\nVALUE = 1\n")
    landed, out = repo.try_commit("Change b. This is secure.", "--only", "b.py")
    assert landed
    assert "a.py" not in out


def test_linked_worktrees_share_evidence(repo: Repo, runner: Runner) -> None:
    runner.install(repo, COMBINED)
    repo.stage("a.py", SECURE)
    assert repo.try_commit("Add a loader. This is secure.")[0]
    repo.git("worktree", "add", "--quiet", "../other", "-b", "other", "HEAD~1")
    other = type(repo)(repo.path.parent / "other", repo.environment)
    other.stage("twin.py", SECURE)
    landed, out = other.try_commit("Copy it. This is secure.", SKIP="sayso")
    assert landed
    assert "supported" in out
    other.stage("twin.py", SECURE + "\n")
    landed, out = other.try_commit("Touch it. This is secure.", SKIP="sayso")
    assert not landed
    assert "git commit -e -F " in out


def test_a_hostile_repository_runs_nothing_of_its_own(repo: Repo, runner: Runner) -> None:
    runner.install(repo, COMBINED)
    trap = "import os, sys\nopen(os.environ['TRAP'], 'w').write(__name__)\nsys.exit(0)\n"
    names = ["tomli.py", "sayso/__init__.py", "sayso/cli.py", "detect_secrets/__init__.py", "sitecustomize.py"]
    if runner.name == "prek":  # pre-commit itself runs as `python -m` and imports these; see SECURITY.md
        names += ["json.py", "re.py"]
    for name in names:
        repo.stage(name, trap)
    repo.stage("semgrep", "#!/bin/sh\ntouch $TRAP\necho '{}'\n")
    repo.git("update-index", "--chmod=+x", "semgrep")
    (repo.path / "semgrep").chmod(0o755)
    repo.stage("rules/claims.toml", "schema = 1\n")
    repo.stage(".semgrepignore", "*\n")
    repo.stage("config.py", INSECURE.replace("))", "))  # nosemgrep"))
    trapped = repo.path.parent / "trapped"
    landed, out = repo.try_commit("Set a trap. 100 % secure and vulnerability-free.", TRAP=str(trapped))
    assert not landed
    assert "config.py:5: error: [python-unsafe-pickle]" in out
    assert not trapped.exists()


def test_a_name_with_a_leading_dash_is_examined(repo: Repo, runner: Runner) -> None:
    runner.install(repo, COMBINED)
    repo.stage("--named-only.py", INSECURE)
    landed, out = repo.try_commit("Add a file")
    assert not landed
    assert "--named-only.py:5: error: [python-unsafe-pickle]" in out


def test_printed_commands_work_in_a_subdirectory(repo: Repo, runner: Runner) -> None:
    runner.install(repo, COMBINED)
    repo.stage("sub/q.py", SECURE)
    below = type(repo)(repo.path / "sub", repo.environment)
    landed, out = below.try_commit("Add q. This is secure.", SKIP="sayso")
    assert not landed
    below.run("sh", "-c", out.split("next: ", 1)[1].splitlines()[0])
    below.run("sh", "-c", out.split("use it again: ", 1)[1].splitlines()[0])
    assert below.git("log", "-1", "--format=%s") == "Add q. This is secure."


def test_a_branch_that_is_not_checked_out_is_examined(repo: Repo, runner: Runner) -> None:
    runner.install(repo, SINGLE)
    start = repo.git("rev-parse", "HEAD")
    repo.stage("evil.py", INSECURE)
    end = repo.commit()
    repo.git("checkout", "--quiet", start)
    arguments = ("run", "code-scan", "--hook-stage", "manual", "--from-ref", start, "--to-ref", end)
    code, out = repo.output(runner.name, *arguments)
    assert code == 1
    assert "evil.py:5: error: [python-unsafe-pickle]" in out
