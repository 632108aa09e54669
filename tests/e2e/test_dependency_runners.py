"""``dependency-scan`` where it belongs: at ``git push``, through a real runner, with the real pip-audit."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tools.osv import advisory, serving
from tools.repo import SECURE
from tools.scratch import COMBINED

if TYPE_CHECKING:
    from tools.repo import Repo
    from tools.runner import Runner

pytestmark = [pytest.mark.e2e, pytest.mark.network]

SAMPLE = advisory("GHSA-aaaa-bbbb-cccc", "demo-web", ["1.0", "1.1"], fixed="1.2")


def install(repo: Repo, runner: Runner, hooks: tuple[str, ...], url: str, tmp_path: Path) -> None:
    """Install hooks, with a policy that names a service, and push that much to a new remote."""
    repo.stage("sayso.toml", f'[dependency-scan]\nosv-url = "{url}"\n')
    runner.install(repo, hooks)
    repo.run(runner.name, "install", "--hook-type", "pre-push")
    repo.git("init", "--quiet", "--bare", str(tmp_path / "remote.git"))
    repo.git("remote", "add", "origin", str(tmp_path / "remote.git"))
    repo.git("push", "--quiet", "--no-verify", "origin", "HEAD:main")


@pytest.mark.parametrize("hooks", [("dependency-scan",), COMBINED], ids=["single", "combined"])
def test_a_push_with_a_vulnerable_pin_is_refused(
    repo: Repo, runner: Runner, tmp_path: Path, hooks: tuple[str, ...]
) -> None:
    with serving([SAMPLE]) as service:
        install(repo, runner, hooks, service.url, tmp_path)
        repo.stage("loader.py", SECURE)
        repo.stage("requirements.txt", "demo-web==1.1\n")
        landed, out = repo.try_commit("Add a loader")
        assert landed, out
        assert service.asked == []
        code, out = repo.output("git", "push", "origin", "HEAD:main")
        assert code == 1
        assert "requirements.txt:1: error: [advisory-ghsa-aaaa-bbbb-cccc] demo-web 1.1: GHSA-aaaa-bbbb-cccc" in out
        repo.stage("requirements.txt", "demo-web==1.2\n")
        assert repo.try_commit("Take the repaired version")[0]
        code, out = repo.output("git", "push", "origin", "HEAD:main")
        assert code == 0, out
        assert "1 package looked up: pip-audit" in out


@pytest.mark.parametrize("hooks", [("dependency-scan",), COMBINED], ids=["single", "combined"])
def test_a_push_without_a_network_is_stopped(
    repo: Repo, runner: Runner, tmp_path: Path, hooks: tuple[str, ...]
) -> None:
    install(repo, runner, hooks, "http://127.0.0.1:9/v1/query", tmp_path)
    repo.stage("requirements.txt", "demo-web==1.2\n")
    assert repo.try_commit("Add a dependency")[0]
    code, out = repo.output("git", "push", "origin", "HEAD:main")
    assert code == 1
    assert "COULD NOT DECIDE" in out
    assert "the advisory service 127.0.0.1:9 cannot be reached (no network?)" in out


def test_the_printed_command_makes_the_evidence_that_a_claim_lacks(repo: Repo, runner: Runner, tmp_path: Path) -> None:
    with serving([SAMPLE]) as service:
        install(repo, runner, COMBINED, service.url, tmp_path)
        repo.stage("loader.py", SECURE)
        repo.stage("requirements.txt", "demo-web==1.2\n")
        landed, out = repo.try_commit("Add a loader. No vulnerable dependencies.")
        assert not landed
        assert service.asked == []
        repo.run("sh", "-c", out.split("next: ", 1)[1].splitlines()[0])
        landed, out = repo.try_commit("Add a loader. No vulnerable dependencies.")
        assert landed, out
        assert "supported" in out
