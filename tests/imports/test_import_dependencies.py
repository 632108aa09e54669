from __future__ import annotations

import contextlib
import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports_of_others import encoded, npm_audit, osv_scanner, pip_audit, sarif
from sayso import jsondoc
from sayso.imports import reader
from sayso.imports.comparison import compare
from sayso.imports.reader import Stated, complete
from sayso.imports.report import File, ProofError, Report, ReportError, Result
from sayso.imports.uris import Roots
from sayso.model import DataError

ROOTS = Roots(("/home/dev/repo",), "sub/")


def one(document: Any) -> Report:
    (report,) = reader.read(jsondoc.read(encoded(document), "r.json"), ROOTS, {})
    return report


def test_pip_audit() -> None:
    report = one(pip_audit("PYSEC-2026-1", "GHSA-x"))
    assert (report.tool, report.asked, report.silent) == ("pip-audit", (("flask", "3.1.0"),), frozenset({"files"}))
    assert [item.rule for item in report.results] == ["PYSEC-2026-1", "GHSA-x"]
    assert one(pip_audit()).results == ()


def test_npm_audit() -> None:
    report = one(npm_audit("left-pad", "express", total=7))
    assert (report.tool, report.total, report.silent) == ("npm-audit", 7, frozenset({"files"}))
    assert [(item.rule, item.level) for item in report.results] == [("GHSA-aaaa-bbbb-cccc", "error")] * 2
    assert [item.level for item in one(npm_audit("x", severity="low")).results] == ["note"]


def test_a_package_that_npm_reaches_through_another_has_its_name_for_a_rule() -> None:
    document = npm_audit("express")
    document["vulnerabilities"]["express"]["via"] = ["left-pad"]
    assert [item.rule for item in one(document).results] == ["npm/express"]


def test_osv_scanner() -> None:
    report = one(osv_scanner("/home/dev/repo/requirements.txt", "GHSA-x"))
    assert (report.tool, list(report.files), report.silent) == ("osv-scanner", ["requirements.txt"], frozenset())
    assert [(item.rule, item.path) for item in report.results] == [("GHSA-x", "requirements.txt")]
    document = osv_scanner("go.mod")
    document["results"].append({"source": {"path": "empty.lock"}, "packages": []})
    assert list(one(document).files) == ["sub/go.mod"]


def _npm(**change: Any) -> dict[str, Any]:
    return {**npm_audit("a"), **change}


def _counted(**counts: int) -> dict[str, Any]:
    document = npm_audit("a")
    document["metadata"]["vulnerabilities"] |= counts
    return document


@pytest.mark.parametrize(
    ("document", "reason", "code"),
    [
        pytest.param(_counted(high=0), "0 high are counted, and 1 are listed", 2, id="npm-count-of-a-severity"),
        pytest.param(_counted(total=0), "0 total are counted, and 1 are listed", 2, id="npm-total"),
        pytest.param(_npm(vulnerabilities={}), "1 high are counted, and 0 are listed", 2, id="npm-list-emptied"),
        pytest.param(_npm(auditReportVersion=1), "only version 2 is read", 2, id="npm-old"),
        pytest.param({"message": "405 Method", "error": {"summary": ""}}, "npm got no answer: 405", 3, id="npm-error"),
        pytest.param(_npm(error={"summary": "no network"}), "npm got no answer: no network", 3, id="npm-error-inside"),
        pytest.param(npm_audit(total=0), "no dependency was asked about", 3, id="npm-nothing"),
        pytest.param(_npm(metadata={}), "missing key 'vulnerabilities'", 2, id="npm-without-counts"),
        pytest.param(npm_audit("a", severity="huge"), "unknown severity", 2, id="npm-severity"),
        pytest.param({"dependencies": [], "fixes": []}, "no dependency was asked about", 3, id="pip-nothing"),
        pytest.param(
            {"dependencies": [{"name": "a", "skip_reason": "not on PyPI"}]}, "a was not audited", 3, id="pip-skipped"
        ),
        pytest.param({"dependencies": [{"name": "a", "version": "1"}]}, "missing key 'vulns'", 2, id="pip-no-answer"),
        pytest.param({"dependencies": [{"name": "a", "vulns": []}]}, "missing key 'version'", 2, id="pip-no-version"),
        pytest.param({"results": [], "experimental_config": {}}, "--all-packages", 3, id="osv-nothing"),
        pytest.param(osv_scanner("/etc/requirements.txt"), "outside the repository", 2, id="osv-outside"),
        pytest.param(osv_scanner("../requirements.txt"), "climbs", 2, id="osv-above"),
        pytest.param({"results": [{"source": {}, "packages": []}]}, "missing key 'path'", 2, id="osv-no-file"),
        pytest.param([{"name": "a", "version": "1", "vulns": []}], "expected an object", 2, id="old-list"),
    ],
)
def test_what_is_refused(document: Any, reason: str, code: int) -> None:
    with pytest.raises((DataError, ProofError), match=r"^r\.json") as caught:
        one(document)
    assert reason in str(caught.value)
    assert caught.value.code == code


@given(st.data())
def test_a_broken_report_is_refused_clearly_or_is_a_report(data: st.DataObject) -> None:
    document = copy.deepcopy(data.draw(st.sampled_from([npm_audit("a"), pip_audit("b"), osv_scanner("c", "d")])))
    node: Any = document
    while isinstance(node, (dict, list)) and node:
        key = data.draw(st.sampled_from(sorted(node) if isinstance(node, dict) else range(len(node))))
        if not isinstance(node[key], (dict, list)) or not node[key] or data.draw(st.booleans()):
            node[key] = data.draw(st.none() | st.integers() | st.text() | st.just([]) | st.just({}) | st.just([0]))
            break
        node = node[key]
    with contextlib.suppress(DataError, ProofError):
        assert isinstance(one(document), Report)


REQUIREMENTS = b"""\
# comment
-r other.txt
Flask==3.1.0  # why
flask-login [x] == 1.0
tomli==2.0 ; python_version < "3.11"
git+https://example.org/x.git
./local
unpinned>=1
"""
ASKED = (("flask", "3.1.0"), ("Flask_Login", "1.0"), ("unpinned", "1.2"))
REPORT = Report("pip-audit", "", "pip-audit-json", (), {}, (), dependencies=True, asked=ASKED)


def test_a_report_that_answers_for_every_requirement() -> None:
    compare(REPORT, "requirements.txt", REQUIREMENTS)
    compare(REPORT, "pyproject.toml", b"anything")


@pytest.mark.parametrize(
    ("asked", "missing"),
    [
        pytest.param(ASKED[1:], "flask==3.1.0", id="absent"),
        pytest.param((("flask", "3.0.9"), *ASKED[1:]), "flask==3.1.0", id="another-version"),
        pytest.param(ASKED[:2], "unpinned", id="absent-and-unpinned"),
    ],
)
def test_a_report_that_does_not_answer_for_a_requirement(asked: tuple[tuple[str, str], ...], missing: str) -> None:
    with pytest.raises(ProofError, match=f"does not answer for {missing}"):
        compare(REPORT._replace(asked=asked), "requirements.txt", REQUIREMENTS)


@pytest.mark.parametrize(
    ("data", "fits"),
    [
        pytest.param(b'{"packages": {"": {}, "node_modules/a": {}}}', True, id="as-many"),
        pytest.param(b'{"packages": {"": {}}}', True, id="old-form-cannot-be-compared"),
        pytest.param(b'{"packages": {"": {}, "node_modules/a": {}, "node_modules/b": {}}}', False, id="more"),
        pytest.param(b'{"packages": ', False, id="broken"),
    ],
)
def test_a_lock_file_has_as_many_packages_as_the_report(data: bytes, fits: bool) -> None:
    report = REPORT._replace(tool="npm-audit", asked=(), total=1)
    with contextlib.nullcontext() if fits else pytest.raises(ProofError, match="lock"):
        compare(report, "sub/package-lock.json", data)


SILENT = one(sarif("a.py", invocations=None, artifacts=None, tool="x"))._replace(rules=(), silent=frozenset())


@pytest.mark.parametrize(
    ("fact", "stated"),
    [("success", Stated(success=True)), ("rules", Stated(rules=("x",))), ("files", Stated(files=("a.py",)))],
)
def test_what_is_open_must_be_stated_and_is_marked(fact: str, stated: Stated) -> None:
    report = SILENT._replace(silent=frozenset({fact}))
    completed, marks = complete(report, stated)
    assert (marks, completed.silent) == ((fact,), frozenset())
    with pytest.raises(ProofError, match="the report of x: it "):
        complete(report, Stated())


def test_what_a_report_says_itself_is_not_marked() -> None:
    report = SILENT._replace(rules=("r",), files={"a.py": File(length=3)})
    completed, marks = complete(report, Stated(("a.py",), ("other",), success=True))
    assert (completed, marks) == (report, ())
    assert complete(report, Stated(("b.py",)))[1] == ("files",)


def test_a_result_in_a_file_that_was_not_wholly_examined_is_kept() -> None:
    report = SILENT._replace(
        files={"a.py": File()}, unread={"b.py": "why"}, results=(Result("r", "error", "b.py", 1, 1),)
    )
    assert complete(report, Stated(("b.py",))) == (report, ())


def test_a_result_must_be_in_a_file_that_is_stated() -> None:
    report = SILENT._replace(silent=frozenset({"files"}), results=(Result("r", "error", "b.py", 1, 1),))
    with pytest.raises(ReportError, match=r"a result in b\.py"):
        complete(report, Stated(("a.py",)))
