"""Claims about dependencies, and claims about changes that touch them, through the console script."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from reports_of_others import npm_audit
from specimens import SAFE, Ask
from tools import osv
from tools.osv import advisory, serving
from tools.repo import Repo

SAMPLE = advisory("GHSA-aaaa-bbbb-cccc", "demo-web", ["1.0", "1.1"], fixed="1.2")
CLAIM = "No vulnerable dependencies."
GENERAL = "This is secure."
AUDITED = "pip-audit clean"


@pytest.fixture
def service(repo: Repo) -> Iterator[osv.Service]:
    """A service that the repository's policy names."""
    with serving([SAMPLE]) as running:
        repo.stage("sayso.toml", f'[dependency-scan]\nosv-url = "{running.url}"\n')
        repo.commit()
        yield running


@pytest.fixture
def message(repo: Repo) -> Path:
    """The message file of the commit in the making."""
    return repo.path / ".git" / "COMMIT_EDITMSG"


def judged(ask: Ask, message: Path, words: str, **environment: Any) -> tuple[int, list[str], dict[str, Any]]:
    """Return the exit code, the status of each claim, and the report."""
    message.write_text(f"A change\n\n{words}\n")
    code, report = ask("secure-claims", str(message), **environment)
    return code, [item["status"] for item in report["findings"] if "status" in item], report


@pytest.mark.parametrize("words", [CLAIM, GENERAL, AUDITED])
@pytest.mark.parametrize(
    ("content", "status"),
    [
        pytest.param("demo-web==1.2\n", "supported", id="clean"),
        pytest.param("demo-web==1.1\n", "contradicted", id="vulnerable"),
        pytest.param("demo-web==1.2\nloose\n", "unsupported", id="not-pinned"),
        pytest.param("demo-web==1.2\n-r other.txt\n", "unsupported", id="missing-include"),
        pytest.param("-r deep/clean.txt\n", "supported", id="clean-include"),
        pytest.param("-r deep/bad.txt\n", "contradicted", id="vulnerable-include"),
    ],
)
@pytest.mark.usefixtures("service")
def test_a_manifest_that_was_looked_up(  # noqa: PLR0917 - three fixtures, three parameters
    repo: Repo, ask: Ask, message: Path, words: str, content: str, status: str
) -> None:
    repo.stage("deep/clean.txt", "demo-web==1.2\n")
    repo.stage("deep/bad.txt", "demo-web==1.1\n")
    repo.commit()
    repo.stage("a.py", SAFE)
    repo.stage("requirements.txt", content)
    repo.sayso("sayso")
    code, found, report = judged(ask, message, words)
    assert (code, found) == (int(status != "supported"), [status])
    if status == "supported":
        assert any("rests on advisories of 20" in note and "(today)" in note for note in report["notes"])


@pytest.mark.parametrize("words", [CLAIM, GENERAL])
def test_without_a_scan_the_next_step_makes_it(repo: Repo, ask: Ask, message: Path, service: Any, words: str) -> None:
    repo.stage("a.py", SAFE)
    repo.stage("requirements.txt", "demo-web==1.2\n")
    code, found, report = judged(ask, message, words)
    assert (code, found, service.asked) == (1, ["unsupported"], [])
    repo.run("sh", "-c", report["findings"][0]["next"])
    assert judged(ask, message, words)[:2] == (0, ["supported"])


@pytest.mark.usefixtures("service")
def test_the_next_step_of_a_runner_is_not_of_the_stage_of_a_commit(repo: Repo, ask: Ask, message: Path) -> None:
    repo.stage("requirements.txt", "demo-web==1.2\n")
    report = judged(ask, message, CLAIM, PRE_COMMIT="1")[2]
    assert (
        report["findings"][0]["next"] == "pre-commit run dependency-scan --hook-stage manual --files requirements.txt"
    )


@pytest.mark.usefixtures("service")
def test_a_claim_about_dependencies_speaks_of_those_that_did_not_change(repo: Repo, ask: Ask, message: Path) -> None:
    repo.stage("requirements.txt", "demo-web==1.1\n")
    repo.commit()
    repo.stage("a.py", SAFE)
    repo.sayso("sayso")
    assert judged(ask, message, CLAIM)[:2] == (1, ["unsupported"])
    assert judged(ask, message, GENERAL)[:2] == (0, ["supported"])
    repo.sayso("dependency-scan", "requirements.txt")
    assert judged(ask, message, CLAIM)[:2] == (1, ["contradicted"])
    assert judged(ask, message, GENERAL)[:2] == (0, ["supported"])


@pytest.mark.usefixtures("service")
def test_an_accepted_advisory_still_contradicts(repo: Repo, ask: Ask, message: Path) -> None:
    policy = (repo.path / "sayso.toml").read_text()
    accept = "[[accept]]\nadvisory = 'GHSA-aaaa-bbbb-cccc'\nreason = 'r'\nowner = 'o'\nexpires = 2999-01-01\n"
    repo.stage("sayso.toml", policy + accept)
    repo.stage("requirements.txt", "demo-web==1.1\n")
    assert repo.sayso("dependency-scan").returncode == 0
    assert judged(ask, message, CLAIM)[:2] == (1, ["contradicted"])


@pytest.mark.parametrize("name", ["package-lock.json", "uv.lock", "go.sum"])
@pytest.mark.usefixtures("service")
def test_what_cannot_be_read_here_supports_nothing(repo: Repo, ask: Ask, message: Path, name: str) -> None:
    repo.stage("a.py", SAFE)
    repo.stage(name, "{}\n")
    assert repo.sayso("sayso").returncode == 0
    for words in (CLAIM, GENERAL):
        code, found, report = judged(ask, message, words)
        assert (code, found) == (1, ["unsupported"])
        assert f"{name}: cannot be read here; instead: " in report["findings"][0]["message"]


def test_a_range_looks_up_what_each_commit_had(repo: Repo, ask: Ask, service: osv.Service) -> None:
    start = repo.git("rev-parse", "HEAD")
    repo.stage("base.txt", "demo-web==1.1\n")
    repo.stage("requirements.txt", "-r base.txt\n")
    repo.commit(f"Add dependencies\n\n{CLAIM}")
    repo.stage("base.txt", "demo-web==1.2\n")
    repo.stage("requirements.txt", "-r base.txt\n\n")
    repo.commit(f"Repair them\n\n{CLAIM}")
    code, report = ask("sayso", "--from-ref", start, "--to-ref", "HEAD")
    assert code == 1
    assert [item["status"] for item in report["findings"] if "status" in item] == ["contradicted", "supported"]
    assert {"1.1", "1.2"} <= {version for name, version in service.asked if name == "demo-web"}


@pytest.mark.usefixtures("service")
def test_everything_says_nothing_of_dependencies_where_no_manifest_is_touched(repo: Repo) -> None:
    repo.stage("a.py", SAFE)
    assert "dependency-scan" not in repo.output("sayso", "sayso")[1]


def test_on_the_way_of_a_commit_nothing_is_asked(repo: Repo, ask: Ask, service: osv.Service) -> None:
    repo.stage("requirements.txt", "demo-web==1.1\n")
    index = {"GIT_INDEX_FILE": str(repo.path / ".git" / "index")}
    code, report = ask("sayso", **index)
    assert (code, service.asked) == (0, [])
    assert [(item["path"], item["blocks"]) for item in report["skipped"] if item["hook"] == "dependency-scan"] == [
        ("requirements.txt", False)
    ]
    code, report = ask("dependency-scan", **index)
    assert (code, service.asked) == (3, [])
    assert "no osv-export" in json.dumps(report["skipped"])
    assert ask("sayso")[0] == 1
    code, report = ask("sayso", **index)
    assert (code, [item["rule"] for item in report["findings"] if item["severity"] == "error"]) == (
        1,
        ["advisory-ghsa-aaaa-bbbb-cccc"],
    )


LOCK = '{"name": "web", "lockfileVersion": 3, "packages": {"": {}, "node_modules/a": {"version": "1.0.0"}}}\n'


@pytest.mark.usefixtures("service")
def test_an_imported_report_speaks_for_a_lock_file_of_others(repo: Repo, ask: Ask, message: Path) -> None:
    repo.stage("a.py", SAFE)
    repo.stage("package.json", '{"dependencies": {"a": "^1.0.0"}}\n')
    repo.stage("package-lock.json", LOCK)
    repo.sayso("sayso")
    assert judged(ask, message, CLAIM)[:2] == (1, ["unsupported"])
    assert [item["path"] for item in ask("dependency-scan")[1]["skipped"]] == ["package-lock.json", "package.json"]
    for names, status, note in (((), "supported", True), (("a",), "contradicted", False)):
        (repo.path / "audit.json").write_text(json.dumps(npm_audit(*names)))
        code, said = repo.output("sayso", "import", "audit.json")
        assert code == 0, said
        assert judged(ask, message, CLAIM)[1] == [status]
        code, report = ask("dependency-scan")
        assert (code, report["skipped"]) == (0, [])
        assert ("package-lock.json: an imported report found nothing" in report["notes"]) is note
        assert [item["severity"] for item in report["findings"]] == ["warning"] * len(names)


def test_a_range_without_pip_audit_says_where_there_is_one(
    repo: Repo, ask: Ask, service: osv.Service, without_scanners: dict[str, Any]
) -> None:
    start = repo.git("rev-parse", "HEAD")
    repo.stage("requirements.txt", "demo-web==1.2\n")
    repo.commit(f"Add dependencies\n\n{CLAIM}")
    code, report = ask("secure-claims", "--from-ref", start, "--to-ref", "HEAD", **without_scanners)
    assert (code, service.asked) == (1, [])
    assert report["findings"][0]["next"].startswith("judge the range with the hook id sayso")
