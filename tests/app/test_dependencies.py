"""``dependency-scan`` through the console script, with the real pip-audit and an OSV service on this machine."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import specimens
from sayso.app import advice
from specimens import Ask
from tools import osv
from tools.osv import advisory, serving
from tools.repo import Repo

HOOK = "dependency-scan"
SAMPLE = advisory(
    "GHSA-aaaa-bbbb-cccc", "demo-web", ["1.0", "1.1"], fixed="1.2", aliases=["CVE-2999-0001", "PYSEC-2999-77"]
)
TWIN = advisory("PYSEC-2999-77", "demo-web", ["1.0", "1.1"], fixed="1.2", aliases=["CVE-2999-0001"])
RULE = "advisory-ghsa-aaaa-bbbb-cccc"
FOREVER = "2999-01-01"
NO_AFFECTED = b'{"vulns": [{"id": "X-1"}]}'
OF_THE_FUTURE = b'{"vulns": [{"id": "X-1", "schema_version": "2.0.0", "affected": []}]}'


@pytest.fixture
def service() -> Iterator[osv.Service]:
    """A service that knows one weakness, under two of its names."""
    with serving([SAMPLE, TWIN]) as running:
        yield running


def rely_on(repo: Repo, url: str, more: str = "") -> None:
    repo.stage("sayso.toml", f'[dependency-scan]\nosv-url = "{url}"\n{more}')


def places(report: dict[str, Any], severity: str = "error") -> list[tuple[str, int, str]]:
    return [(item["path"], item["line"], item["rule"]) for item in report["findings"] if item["severity"] == severity]


def gaps(report: dict[str, Any]) -> list[tuple[str, str]]:
    return [(item["path"], item["reason"]) for item in report["skipped"] if item["blocks"]]


def test_a_vulnerable_pin_is_refused_with_its_fix(repo: Repo, service: osv.Service) -> None:
    rely_on(repo, service.url)
    repo.stage("requirements.txt", "# what we need\nDemo_Web == 1.1\nother==3\n")
    code, said = repo.output("sayso", HOOK)
    assert code == 1
    assert (
        f"requirements.txt:2: error: [{RULE}] demo-web 1.1: GHSA-aaaa-bbbb-cccc (PYSEC-2999-77, CVE-2999-0001)" in said
    )
    assert "fix: demo-web 1.2; https://osv.dev/vulnerability/GHSA-aaaa-bbbb-cccc" in said
    assert said.count("error:") == 1
    assert sorted(service.asked) == [("demo-web", "1.1"), ("other", "3"), ("pyyaml", "5.3")]


@pytest.mark.parametrize(
    "name",
    ["requirements.txt", "requirements-dev.txt", "requirements/base.txt", "constraints.txt", "sub/requirements.txt"],
)
def test_a_clean_file_passes_and_says_of_which_day_the_answer_is(
    repo: Repo, ask: Ask, service: osv.Service, name: str
) -> None:
    rely_on(repo, service.url)
    repo.stage(name, "demo-web==1.2\n")
    code, report = ask(HOOK)
    assert (code, report["outcome"], report["examined"], report["findings"]) == (0, "clear", 1, [])
    assert len(report["evidence"]) == 1
    assert any("1 package looked up: pip-audit" in note and "asked 2" in note for note in report["notes"])


def test_what_was_asked_today_is_not_asked_again(repo: Repo, ask: Ask, service: osv.Service) -> None:
    rely_on(repo, service.url)
    repo.stage("requirements.txt", "demo-web==1.2\n")
    first = ask(HOOK)[1]
    count = len(service.asked)
    repo.git("mv", "requirements.txt", "requirements-prod.txt")
    code, report = ask(HOOK)
    assert (code, report["evidence"], len(service.asked)) == (0, first["evidence"], count)
    assert any("looked up before" in note and "(today)" in note for note in report["notes"])
    repo.stage("requirements-prod.txt", "demo-web==1.1\n")
    assert ask(HOOK)[0] == 1
    repo.stage("requirements-prod.txt", "demo-web==1.2 \n")
    assert ask(HOOK)[1]["evidence"] != first["evidence"]


def test_a_finding_is_asked_about_again_for_its_details(repo: Repo, service: osv.Service) -> None:
    rely_on(repo, service.url)
    repo.stage("requirements.txt", "demo-web==1.0\n")
    assert repo.output("sayso", HOOK) == repo.output("sayso", HOOK)
    assert len(service.asked) == 4


def nothing_there() -> str:
    """Return the address of a port that nobody listens on."""
    with serving() as gone:
        return gone.url


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        pytest.param(osv.status(404), "answered 404", id="mirror-that-answers-404"),
        pytest.param(osv.status(500), "answered 500", id="500"),
        pytest.param(osv.status(429), "answered 429", id="too-many-requests"),
        pytest.param(osv.always(b"{}"), "does not know that pyyaml 5.3 is vulnerable", id="empty-object"),
        pytest.param(osv.always(b'{"vulns": []}'), "does not know that pyyaml 5.3 is vulnerable", id="empty-list"),
        pytest.param(osv.always(b""), "no list of advisories", id="empty-body"),
        pytest.param(osv.always(b"<html>Sign in</html>"), "no list of advisories", id="garbage"),
        pytest.param(osv.always(b"[]"), "does not know that pyyaml 5.3", id="array"),
        pytest.param(osv.always(b'"text"'), "no list of advisories", id="string"),
        pytest.param(osv.always(b'{"next_page_token": "x"}'), "no list of advisories", id="first-page-only"),
        pytest.param(osv.always(b'{"vulns": [{', 9999), "api", id="cut-off"),
        pytest.param(osv.only_for("demo-web", osv.status(404)), "answered 404", id="partial-404"),
        pytest.param(osv.only_for("demo-web", osv.always(b"?")), "no list of advisories", id="partial-garbage"),
        pytest.param(
            osv.only_for(
                "demo-web", osv.always(b'{"vulns": [{"id": "X-1", "schema_version": "2.0.0", "affected": []}]}')
            ),
            "passed over a part",
            id="schema-of-the-future",
        ),
        pytest.param(osv.only_for("demo-web", osv.always(NO_AFFECTED)), "passed over a part", id="no-affected"),
    ],
)
def test_an_answer_that_is_not_whole_is_never_a_pass(repo: Repo, ask: Ask, fault: osv.Fault, said: str) -> None:
    with serving([SAMPLE], fault) as service:
        rely_on(repo, service.url)
        repo.stage("requirements.txt", "demo-web==1.2\nother==1\n")
        code, report = ask(HOOK)
    assert (code, report["outcome"], report["examined"], report["evidence"]) == (3, "inconclusive", 0, [])
    assert said.replace("api", "127.0.0.1") in dict(gaps(report))["requirements.txt"]


def test_a_service_that_hangs_is_given_up(repo: Repo, ask: Ask) -> None:
    with serving([SAMPLE], osv.hanging(14)) as service:
        rely_on(repo, service.url)
        repo.stage("requirements.txt", "demo-web==1.2\n")
        code, report = ask(HOOK)
    assert (code, report["outcome"]) == (3, "inconclusive")
    assert "did not answer within 10 s" in dict(gaps(report))["requirements.txt"]


def test_nobody_there(repo: Repo) -> None:
    rely_on(repo, nothing_there())
    repo.stage("requirements.txt", "demo-web==1.2\n")
    code, said = repo.output("sayso", HOOK)
    assert code == 3
    assert "COULD NOT DECIDE" in said
    assert "cannot be reached (no network?)" in said


def test_without_pip_audit(repo: Repo, service: osv.Service, without_scanners: dict[str, Any]) -> None:
    rely_on(repo, service.url)
    repo.stage("requirements.txt", "demo-web==1.2\n")
    code, said = repo.output("sayso", HOOK, **without_scanners)
    assert (code, "is not installed in the environment of this hook" in said) == (3, True)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        pytest.param("requirements.txt", "", "lists no package", id="empty"),
        pytest.param("requirements.txt", "# nothing\n\n", "lists no package", id="comments"),
        pytest.param("requirements.txt", "demo-web\n", "line 1: demo-web is not pinned", id="no-version"),
        pytest.param("requirements.txt", "demo-web>=1.2\n", "is not pinned", id="range"),
        pytest.param("requirements.txt", "demo-web==1.*\n", "is not pinned", id="wildcard"),
        pytest.param("requirements.txt", "demo-web~=1.2\n", "is not pinned", id="compatible"),
        pytest.param("requirements.txt", "-r other.txt\n", "is not among the files that are committed", id="missing"),
        pytest.param("requirements.txt", "-r ../other.txt\n", "no file of this repository", id="outside"),
        pytest.param("sub/requirements.txt", "-r ../../other.txt\n", "no file of this repository", id="far-outside"),
        pytest.param("requirements.txt", "-r /etc/hostname\n", "no file of this repository", id="absolute"),
        pytest.param("requirements.txt", "-r ~/other.txt\n", "no file of this repository", id="home"),
        pytest.param("requirements.txt", "-r file:other.txt\n", "no file of this repository", id="file-url"),
        pytest.param("requirements.txt", "-c https://example.org/c.txt\n", "no file of this repository", id="url"),
        pytest.param("requirements.txt", "-r ${HOME}/x.txt\n", "cannot be read", id="variable"),
        pytest.param("requirements.txt", "-r link.txt\n", "is a symbolic link", id="link"),
        pytest.param("requirements.txt", "demo-web==${VERSION}\n", "depends on an environment", id="version-variable"),
        pytest.param("requirements.txt", "-e .\n", "is editable", id="editable"),
        pytest.param("requirements.txt", "demo @ https://example.org/d.whl\n", "comes from an address", id="url-pin"),
        pytest.param("requirements.txt", "git+https://example.org/d\n", "is a path or an address", id="vcs"),
        pytest.param("requirements.txt", "demo==1 --hash=md5:0\n", "a hash that pip does not accept", id="weak-hash"),
        pytest.param("requirements.txt", "demo==1 --frobnicate=1\n", "an option that is not known", id="option"),
        pytest.param("requirements.txt", "--req other.txt\n", "an option that is not known", id="abbreviation"),
        pytest.param("requirements.txt", "# -*- coding: utf-7 -*-\ndemo==1\n", "the encoding utf-7", id="encoding"),
        pytest.param("requirements.txt", b"demo==1\0\0\0", "is not text", id="binary"),
        pytest.param("pyproject.toml", '[project]\ndependencies = ["demo"]\n', "demo is not pinned", id="project"),
        pytest.param(
            "pyproject.toml", '[project]\ndynamic = ["dependencies"]\n', "when the project is built", id="dynamic"
        ),
        pytest.param("pyproject.toml", '[dependency-groups]\nd = ["demo>1"]\n', "demo>1 is not pinned", id="group"),
        pytest.param("pyproject.toml", '[tool.poetry.dependencies]\ndemo = "1"\n', "poetry export", id="poetry"),
        pytest.param("pyproject.toml", "[project\n", "is not valid TOML", id="broken-project"),
        pytest.param("pyproject.toml", "project = 1\n", "project is no table", id="malformed-project"),
        pytest.param("pylock.toml", 'lock-version = "2.0"\n', "is no lock file of version 1", id="lock-of-the-future"),
        pytest.param("pylock.toml", 'lock-version = "1.0"\n', "lists no package", id="empty-lock"),
        pytest.param("pylock.toml", "[[packages]]\n", "is no lock file of version 1", id="no-version-of-the-lock"),
    ],
)
def test_what_cannot_be_looked_up_is_named(  # noqa: PLR0917 - three fixtures, three parameters
    repo: Repo, ask: Ask, service: osv.Service, name: str, content: str | bytes, said: str
) -> None:
    rely_on(repo, service.url)
    (repo.path / "link.txt").symlink_to("/etc/hostname")
    repo.git("add", "link.txt")
    repo.stage(name, content)
    code, report = ask(HOOK)
    assert (code, report["outcome"]) == (3, "inconclusive")
    assert [path for path, reason in gaps(report) if said in reason] == [name]
    assert report["examined"] == 0
    assert service.asked == []


def test_includes_are_followed_in_the_index_and_not_in_the_work_tree(
    repo: Repo, ask: Ask, service: osv.Service
) -> None:
    rely_on(repo, service.url)
    repo.stage("deps/base.txt", "-c ../constraints.txt\ndemo-web==1.1\n-r more.txt\n")
    repo.stage("deps/more.txt", "third\n-r base.txt\n")
    repo.stage("constraints.txt", "third==3.0\n")
    repo.stage("requirements.txt", "-r deps/base.txt\n")
    repo.write("deps/base.txt", "nothing==1\n")
    repo.write("deps/more.txt", "")
    code, report = ask(HOOK, "requirements.txt")
    assert (code, places(report)) == (1, [("deps/base.txt", 2, RULE)])
    assert gaps(report) == []
    assert ("third", "3.0") in service.asked
    repo.stage("deps/base.txt", "demo-web==1.2\n")
    repo.write("deps/base.txt", "demo-web==1.1\n")
    code, report = ask(HOOK, "requirements.txt")
    assert (code, report["findings"], report["examined"]) == (0, [], 1)


def test_a_pin_behind_a_marker_is_asked_about_and_settles_nothing(repo: Repo, ask: Ask, service: osv.Service) -> None:
    rely_on(repo, service.url)
    repo.stage("requirements.txt", "demo-web==1.1; python_version < '3'\ndemo-web>=1\n")
    code, report = ask(HOOK)
    assert (code, places(report)) == (1, [("requirements.txt", 1, RULE)])
    assert [reason[:7] for _, reason in gaps(report)] == ["line 2:"]


def test_two_versions_of_one_package_are_both_asked_about(repo: Repo, ask: Ask, service: osv.Service) -> None:
    rely_on(repo, service.url)
    repo.stage("requirements.txt", "demo-web==1.1; os_name == 'nt'\ndemo-web==1.2; os_name != 'nt'\nPyYAML==5.3\n")
    code, report = ask(HOOK)
    assert code == 1
    assert places(report) == [("requirements.txt", 1, RULE), ("requirements.txt", 3, "advisory-pysec-2999-1")]
    assert sorted(service.asked) == [("demo-web", "1.1"), ("demo-web", "1.2"), ("jinja2", "2.4"), ("pyyaml", "5.3")]


HASH = "sha256:" + "0f" * 32


def test_hashes(repo: Repo, ask: Ask, service: osv.Service) -> None:
    rely_on(repo, service.url)
    repo.stage("requirements.txt", f"demo-web==1.2 \\\n    --hash={HASH} \\\n    --hash={HASH}\n")
    code, report = ask(HOOK)
    assert (code, report["examined"]) == (0, 1)
    assert not any("hashes" in note for note in report["notes"])
    repo.stage("requirements.txt", f"demo-web==1.2 --hash={HASH}\nother==1\n")
    code, report = ask(HOOK)
    assert (code, [reason for _, reason in gaps(report)]) == (
        3,
        ["line 2: other==1 has no hash where others have one, so pip refuses the whole file"],
    )


def test_a_lock_file(repo: Repo, ask: Ask, service: osv.Service) -> None:
    rely_on(repo, service.url)
    lock = (
        'lock-version = "1.0"\ncreated-by = "a tool"\n\n[[packages]]\nname = "demo-web"\nversion = "1.1"\n'
        f'wheels = [{{url = "https://example.org/w", hashes = {{sha256 = "{"0f" * 32}"}}}}]\n\n'
        '[[packages]]\nname = "local"\n[packages.directory]\npath = "."\n'
    )
    repo.stage("pylock.toml", lock)
    code, report = ask(HOOK)
    assert (code, places(report)) == (1, [("pylock.toml", 4, RULE)])
    assert [reason for _, reason in gaps(report)] == [
        "line 9: local comes from elsewhere than an index (directory): its version says nothing"
    ]


def test_a_project_and_its_lock(repo: Repo, ask: Ask, service: osv.Service) -> None:
    rely_on(repo, service.url)
    project = (
        '[project]\nname = "Demo"\ndependencies = [\n  "demo-web>=1",\n]\n'
        '[project.optional-dependencies]\nx = ["other==2"]\n'
        '[dependency-groups]\ndev = ["demo[x]", {include-group = "more"}]\nmore = ["third==3"]\n'
    )
    repo.stage("pyproject.toml", project)
    code, report = ask(HOOK)
    assert (code, [reason[:31] for _, reason in gaps(report)]) == (3, ["line 4: demo-web>=1 is not pinn"])
    assert sorted(service.asked) == [("other", "2"), ("pyyaml", "5.3"), ("third", "3")]
    repo.stage("pylock.toml", 'lock-version = "1.0"\n[[packages]]\nname = "demo-web"\nversion = "1.1"\n')
    code, report = ask(HOOK, "pyproject.toml")
    assert (code, places(report), gaps(report)) == (1, [("pylock.toml", 2, RULE)], [])


def test_a_project_without_dependencies_is_nobodys_business(repo: Repo, ask: Ask) -> None:
    repo.stage("pyproject.toml", '[project]\nname = "demo"\n[tool.ruff]\nline-length = 99\n')
    code, report = ask(HOOK)
    assert (code, report["outcome"], report["skipped"]) == (0, "not-applicable", [])


@pytest.mark.parametrize(
    ("name", "way_out"),
    [
        ("uv.lock", "uv export"),
        ("poetry.lock", "poetry export"),
        ("web/package-lock.json", "npm audit --json"),
        ("yarn.lock", "osv-scanner"),
        ("go.sum", "osv-scanner"),
        ("Cargo.lock", "osv-scanner"),
        ("Gemfile.lock", "osv-scanner"),
        ("composer.lock", "osv-scanner"),
        ("pom.xml", "osv-scanner"),
        ("gradle.lockfile", "osv-scanner"),
    ],
)
def test_lock_files_of_others_are_named_with_a_way_out_and_stop_nobody(
    repo: Repo, ask: Ask, name: str, way_out: str
) -> None:
    repo.stage(name, "x\n")
    code, report = ask(HOOK)
    assert (code, report["outcome"], report["examined"]) == (0, "not-applicable", 0)
    assert [(item["path"], item["blocks"]) for item in report["skipped"]] == [(name, False)]
    assert way_out in report["skipped"][0]["reason"]


def test_a_change_without_a_manifest_asks_nobody(repo: Repo, service: osv.Service) -> None:
    rely_on(repo, service.url)
    repo.stage("requirements.md", "demo-web==1.1\n")
    repo.stage("a.py", "import x\n")
    assert repo.output("sayso", HOOK) == (0, f"{HOOK}: nothing here for this check to examine\n")
    assert service.asked == []


def test_only_what_the_change_brings_refuses(repo: Repo, ask: Ask, service: osv.Service) -> None:
    rely_on(repo, service.url)
    repo.stage("requirements.txt", "demo-web==1.1\nloose\n")
    start = repo.commit()
    repo.stage("requirements.txt", "demo-web==1.1\nloose\nother==2\n")
    code, report = ask(HOOK)
    assert (code, places(report), places(report, "note"), gaps(report)) == (
        0,
        [],
        [("requirements.txt", 1, RULE)],
        [],
    )
    assert [item["reason"][:56] for item in report["skipped"]] == [
        "not examined, as before this change: line 2: loose is no"
    ]
    repo.stage("requirements.txt", "demo-web==1.0\nloose\n")
    end = repo.commit()
    assert ask(HOOK, "--from-ref", start, "--to-ref", end)[0] == 1
    assert ask(HOOK, "--all-files")[0] == 1
    assert gaps(ask(HOOK, "requirements.txt")[1]) != []


def test_a_range_is_judged_as_it_is_at_its_end(repo: Repo, ask: Ask, service: osv.Service) -> None:
    rely_on(repo, service.url)
    start = repo.commit()
    repo.stage("base.txt", "demo-web==1.1\n")
    repo.stage("requirements.txt", "-r base.txt\n")
    end = repo.commit()
    repo.stage("base.txt", "demo-web==1.2\n")
    repo.commit()
    code, report = ask(HOOK, "--from-ref", start, "--to-ref", end)
    assert (code, places(report)) == (1, [("base.txt", 1, RULE)])
    assert ask(HOOK, "--from-ref", start, "--to-ref", "HEAD")[0] == 0


def accept(advisory_id: str, expires: str) -> str:
    return (
        f'[[accept]]\nadvisory = "{advisory_id}"\nreason = "not reachable"\nowner = "Dev Eloper"\nexpires = {expires}\n'
    )


@pytest.mark.parametrize("name", ["GHSA-aaaa-bbbb-cccc", "CVE-2999-0001", "PYSEC-2999-77", "cve-2999-0001"])
def test_an_accepted_advisory_is_counted_and_shown(repo: Repo, ask: Ask, service: osv.Service, name: str) -> None:
    rely_on(repo, service.url, accept(name, FOREVER))
    repo.stage("requirements.txt", "demo-web==1.1\n")
    code, report = ask(HOOK)
    assert (code, places(report), places(report, "note")) == (0, [], [("requirements.txt", 1, RULE)])
    assert report["findings"][0]["message"].startswith(f"accepted until {FOREVER} by Dev Eloper: not reachable: ")
    assert "1 accepted by sayso.toml" in report["notes"]


def test_an_expired_acceptance_refuses_again_and_says_so(repo: Repo, service: osv.Service) -> None:
    rely_on(repo, service.url, accept("CVE-2999-0001", "2026-01-31"))
    repo.stage("requirements.txt", "demo-web==1.1\n")
    code, said = repo.output("sayso", HOOK)
    assert (code, "its acceptance by Dev Eloper expired on 2026-01-31" in said) == (1, True)


def test_another_advisory_is_not_accepted(repo: Repo, ask: Ask, service: osv.Service) -> None:
    rely_on(repo, service.url, accept("CVE-2999-0002", FOREVER))
    repo.stage("requirements.txt", "demo-web==1.1\n")
    assert ask(HOOK)[0] == 1


def test_the_scanned_repository_and_the_user_configure_nothing(
    repo: Repo, service: osv.Service, tmp_path: Path
) -> None:
    rely_on(repo, service.url)
    trap = f"open({str(tmp_path / 'trapped')!r}, 'w').write(__name__)\n"
    for name in (
        "pip/__init__.py",
        "pip/__main__.py",
        "pip_audit/__init__.py",
        "packaging.py",
        "requests.py",
        "setup.py",
    ):
        repo.stage(name, trap)
    repo.stage("pip.conf", "[global]\nindex-url = https://example.org/\n")
    repo.stage("requirements.txt", "demo-web==1.1\n")
    python = tmp_path / "python"
    python.write_text(f"#!{sys.executable}\n{trap}")
    python.chmod(0o755)
    code, said = repo.output(
        "sayso",
        HOOK,
        PIPAPI_PYTHON_LOCATION=str(python),
        PIP_AUDIT_VULNERABILITY_SERVICE="pypi",
        PIP_AUDIT_OSV_URL="http://127.0.0.1:9/",
        PIP_INDEX_URL="https://example.org/",
        PIP_CONFIG_FILE=str(repo.path / "pip.conf"),
    )
    assert code == 1, said
    assert RULE in said
    assert not (tmp_path / "trapped").exists()


def test_nothing_is_left_behind(repo: Repo, service: osv.Service, scratch: Path) -> None:
    rely_on(repo, service.url)
    repo.stage("requirements.txt", "demo-web==1.2\n")
    assert repo.output("sayso", HOOK, TMPDIR=str(scratch))[0] == 0
    assert os.listdir(scratch) == []


def test_what_loosens_a_default_is_shown(repo: Repo, ask: Ask, service: osv.Service) -> None:
    loosened = specimens.relaxed("dependency-scan.refuse-unpinned", "dependency-scan.max-age-days")
    rely_on(repo, service.url, f"refuse-unpinned = false\nmax-age-days = 30\n{loosened}")
    repo.stage("requirements.txt", "loose\ndemo-web==1.2\n")
    code, report = ask(HOOK)
    assert (code, gaps(report), len(report["skipped"])) == (0, [], 1)
    assert [note for note in report["notes"] if note.startswith("sayso.toml")] == [
        f"sayso.toml: advisories are asked of {service.url}",
        "sayso.toml: advisories may be 30 days old",
        "sayso.toml: what is not pinned is only shown",
    ]


@pytest.mark.parametrize("name", ["base.txt", "pins.in", "deps/list.pip"])
def test_a_file_is_a_manifest_if_one_includes_it(repo: Repo, ask: Ask, service: osv.Service, name: str) -> None:
    rely_on(repo, service.url)
    repo.stage("requirements.txt", f"-r {name}\n")
    repo.stage(name, "demo-web==1.2\n")
    repo.stage("notes.txt", "demo-web==1.1\n")
    repo.commit()
    repo.stage(name, "demo-web==1.1\n")
    repo.stage("notes.txt", "demo-web==1.0\n")
    code, report = ask(HOOK)
    assert (code, places(report)) == (1, [(name, 1, RULE)])


def test_explain_knows_what_an_advisory_rule_is(repo: Repo) -> None:
    code, said = repo.output("sayso", "explain", RULE)
    assert code == 0
    assert "GHSA-aaaa-bbbb-cccc" in said
    assert "[[accept]]" in said


def test_evidence_of_a_service_is_dated_and_that_of_an_export_is_derived_again(
    repo: Repo, service: osv.Service, tmp_path: Path
) -> None:
    rely_on(repo, service.url)
    repo.stage("requirements.txt", "demo-web==1.1\n")
    assert repo.sayso(HOOK).returncode == 1
    code, said = repo.output("sayso", "evidence", "verify")
    assert (code, "dated: what a service said on a day cannot be derived again" in said) == (0, True)
    export = tmp_path / "all.jsonl"
    newest = advisory("PYSEC-2999-9", "newest", ["1"], fixed="2") | {"modified": f"{advice.today()}T00:00:00Z"}
    export.write_text(f"{json.dumps(SAMPLE)}\n{json.dumps(newest)}\n")
    repo.stage("sayso.toml", f'[dependency-scan]\nosv-export = "{export}"\n')
    assert repo.sayso(HOOK).returncode == 1
    code, said = repo.output("sayso", "evidence", "verify")
    assert (code, "1 of 2 records derived again and found the same" in said) == (0, True)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_an_interruption_ends_pip_audit_and_leaves_nothing_behind(
    repo: Repo, scratch: Path, number: signal.Signals
) -> None:
    with serving([], osv.hanging(20)) as service:
        rely_on(repo, service.url)
        repo.stage("requirements.txt", "demo-web==1.2\n")
        environment = {**repo.environment, "TMPDIR": str(scratch)}
        process = subprocess.Popen(["sayso", HOOK], cwd=repo.path, env=environment, stderr=subprocess.PIPE)
        deadline = time.monotonic() + 60
        while not service.asked:
            assert process.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.02)
        process.send_signal(number)
        said = process.communicate(timeout=10)[1]
    assert (process.returncode, said) == (130, b"sayso: interrupted\n")
    assert list(scratch.iterdir()) == []


def test_a_file_that_is_left_out_by_name_is_new_all_the_same(repo: Repo, ask: Ask, service: osv.Service) -> None:
    rely_on(repo, service.url)
    repo.stage("requirements.txt", "-r base.txt\n")
    repo.stage("base.txt", "demo-web==1.2\n")
    repo.commit()
    repo.stage("requirements.txt", "-r base.txt\nother==1\n")
    repo.stage("base.txt", "demo-web==1.1\n")
    code, report = ask(HOOK, "--named-only", "requirements.txt")
    assert (code, places(report)) == (1, [("base.txt", 1, RULE)])


@pytest.mark.parametrize("name", ["reqirements.txt", "pyproject.tml", "sub/requirements.txt"])
def test_a_name_that_is_no_file_is_not_examined(repo: Repo, ask: Ask, name: str) -> None:
    repo.stage("requirements.txt", "")
    code, report = ask(HOOK, name)
    assert (code, gaps(report)) == (3, [(name, "cannot be read: No such file or directory")])


@pytest.mark.parametrize("tracked", [True, False])
def test_a_name_means_the_staged_file_or_else_the_one_on_disk(
    repo: Repo, ask: Ask, service: osv.Service, tracked: bool
) -> None:
    rely_on(repo, service.url)
    repo.write("requirements.txt", "demo-web==1.1\n")
    if tracked:
        repo.git("add", "requirements.txt")
        repo.commit()
        repo.write("requirements.txt", "")
    code, report = ask(HOOK, "requirements.txt")
    assert (code, places(report)) == (1, [("requirements.txt", 1, RULE)])


def test_a_link_is_not_followed(repo: Repo, ask: Ask, service: osv.Service) -> None:
    rely_on(repo, service.url)
    (repo.path / "requirements.txt").symlink_to("/etc/hostname")
    repo.git("add", "requirements.txt")
    code, report = ask(HOOK)
    assert (code, report["outcome"], service.asked) == (0, "not-applicable", [])
    assert [item["reason"] for item in report["skipped"]] == ["a symbolic link, which is not followed"]


def test_a_renamed_manifest_has_its_past(repo: Repo, ask: Ask, service: osv.Service) -> None:
    rely_on(repo, service.url)
    lines = "".join(f"package-{number}==1\n" for number in range(20))
    repo.stage("requirements.txt", f"{lines}demo-web==1.1\n")
    repo.commit()
    repo.git("mv", "requirements.txt", "requirements-prod.txt")
    code, report = ask(HOOK)
    assert (code, places(report), places(report, "note")) == (0, [], [("requirements-prod.txt", 21, RULE)])
    assert len(service.asked) == 22


def test_the_way_out_is_said_once(repo: Repo, service: osv.Service) -> None:
    rely_on(repo, service.url)
    repo.stage("requirements.txt", "one\ntwo>=2\nthree~=3.0\n")
    code, said = repo.output("sayso", HOOK)
    assert (code, said.count("is not pinned to one version"), said.count("pip-compile --generate-hashes")) == (3, 3, 1)
