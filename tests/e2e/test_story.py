"""The story that ``make demo`` plays, asserted step by step, with single hooks and with the combined ones."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tools.repo import INSECURE, SECURE
from tools.scratch import COMBINED, SINGLE

if TYPE_CHECKING:
    from tools.repo import Repo
    from tools.runner import Runner

pytestmark = [pytest.mark.e2e, pytest.mark.network]

CLAIM = "Add config loader\n\nThis is secure. Confidence: 0.92\n\nCo-Authored-By: Claude <noreply@anthropic.com>\n"


@pytest.mark.parametrize("hooks", [pytest.param(SINGLE, id="single"), pytest.param(COMBINED, id="combined")])
def test_story(repo: Repo, runner: Runner, hooks: tuple[str, ...]) -> None:
    runner.install(repo, hooks)
    scanning = "sayso" if hooks == COMBINED else "code-scan"

    repo.stage("config.py", INSECURE)
    landed, out = repo.try_commit(CLAIM)
    assert not landed
    assert "config.py:5: error: [python-unsafe-pickle]" in out
    assert "CWE-502" in out

    repo.stage("config.py", INSECURE + "\n")
    landed, out = repo.try_commit(CLAIM, SKIP=scanning)
    assert not landed
    assert "unsupported: “This is secure.”" in out
    assert "no evidence of code-scan" in out
    assert f"next: {runner.name} run {scanning} --files config.py" in out
    kept = re.search(r"git commit -e -F (\S+)", out)
    assert kept
    assert (repo.path / kept[1]).read_text() == CLAIM

    repo.stage("config.py", SECURE)
    landed, out = repo.try_commit(CLAIM)
    assert landed
    supported = re.search(r"supported: “This is secure\.”: evidence ([0-9a-f]{12}), ([0-9a-f]{12})", out)
    assert supported
    listed = repo.sayso("evidence", "show").stdout.decode()
    assert all(item in listed for item in supported.groups())
    assert "Claude in the trailers" in out
    assert "noted: “Confidence: 0.92”: kept for triage" in out

    landed, out = repo.try_commit("Add config loader\n\n100 % secure and vulnerability-free.\n", "--amend")
    assert not landed
    assert "unsupportable" in out
    assert "say what was examined instead" in out

    repo.git("mv", "config.py", "settings.py")
    assert repo.try_commit("Rename. This is secure.")[0]
    assert repo.try_commit("Rename it. This is secure.", "--amend")[0]
    repo.git("rebase", "--quiet", "--force-rebase", "--root")
    landed, out = repo.try_commit("Rename the loader. This is secure.", "--amend")
    assert landed
    assert all(item in out for item in supported.groups())

    repo.stage("settings.py", SECURE + "#\n")
    landed, out = repo.try_commit("Add a line. This is secure.", SKIP="sayso,code-scan,secret-scan")
    assert not landed
    assert "no evidence of code-scan" in out


def test_printed_commands_work_when_pasted(repo: Repo, runner: Runner) -> None:
    runner.install(repo, SINGLE)
    repo.stage("a file.py", SECURE)
    landed, out = repo.try_commit(CLAIM, SKIP="code-scan,secret-scan")
    assert not landed
    cure = re.search(r"next: (.+)", out)
    again = re.search(r"use it again: (git commit .+)", out)
    assert cure
    assert again
    repo.run("sh", "-c", cure[1])
    repo.run("sh", "-c", again[1])
    assert repo.git("log", "-1", "--format=%B").startswith("Add config loader\n\nThis is secure.")
