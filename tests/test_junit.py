"""JUnit XML as the runners write it, and as somebody would write it who wants to be believed."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sayso import junit
from sayso.model import DataError
from sayso.runs import Report

JEST = """<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="jest tests" tests="3" failures="0" errors="0" time="1.2">
  <testsuite name="login" errors="0" failures="0" skipped="1" timestamp="2026-01-01T00:00:00" time="0.8" tests="3">
    <testcase classname="login denies a wrong password" name="login denies a wrong password" time="0.01"></testcase>
    <testcase classname="login lets the owner in" name="login lets the owner in" time="0.02"/>
    <testcase classname="login later" name="login later" time="0"><skipped/></testcase>
  </testsuite>
</testsuites>
"""
SUREFIRE = """<?xml version="1.0" encoding="UTF-8"?>
<testsuite xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:noNamespaceSchemaLocation="surefire.xsd"
 version="3.0" name="org.example.AccessTest" time="0.05" tests="4" errors="1" skipped="1" failures="1">
  <properties><property name="java.version" value="21"/></properties>
  <testcase name="allows" classname="org.example.AccessTest" time="0.01"><system-out>
    <![CDATA[<testcase/>]]></system-out></testcase>
  <testcase name="denies" classname="org.example.AccessTest"><failure message="no" type="E">
    at Access.java</failure></testcase>
  <testcase name="expires" classname="org.example.AccessTest"><error type="NPE"/><rerunFailure/></testcase>
  <testcase name="later" classname="org.example.AccessTest"><skipped message="one day"/></testcase>
</testsuite>
"""
GO = """<testsuites tests="2" failures="0" errors="0" time="0.2">
	<testsuite tests="2" failures="0" time="0.2" name="example.org/a" timestamp="2026-01-01T00:00:00Z">
		<properties><property name="go.version" value="go1.22"></property></properties>
		<testcase classname="example.org/a" name="TestParse" time="0.0"></testcase>
		<testcase classname="example.org/a" name="TestParse/too_large" time="0.0"></testcase>
	</testsuite>
</testsuites>
"""
NUNIT = """<testsuites tests="2" failures="0" disabled="0"><testsuite name="all" tests="2" errors="0" failures="0">
<testsuite name="inner" tests="2"><testcase name="One" assertions="1" status="Passed" classname="N.C"/>
<testcase name="Two" status="Skipped" classname="N.C"><skipped/></testcase></testsuite></testsuite></testsuites>"""
GTEST = """<testsuites tests="2" failures="0" disabled="1" errors="0" name="AllTests">
<testsuite name="S" tests="2" failures="0" disabled="1">
<testcase name="Runs" status="run" result="completed" classname="S"/>
<testcase name="DISABLED_Off" status="notrun" result="suppressed" classname="S"/></testsuite></testsuites>"""
PARTLY = '<testsuite name="s" tests="1"><error message="set-up"/><testcase classname="c" name="n"/></testsuite>'
BARE = "<testsuite><testcase name='n'/></testsuite>"


def read(text: str | bytes) -> Report:
    return junit.read(text if isinstance(text, bytes) else text.encode(), "report.xml")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            JEST,
            Report(
                passed=(
                    "login denies a wrong password::login denies a wrong password",
                    "login lets the owner in::login lets the owner in",
                ),
                skipped=("login later::login later",),
            ),
            id="jest-junit",
        ),
        pytest.param(
            SUREFIRE,
            Report(
                ("org.example.AccessTest::allows",),
                ("org.example.AccessTest::denies",),
                ("org.example.AccessTest::expires",),
                ("org.example.AccessTest::later",),
            ),
            id="surefire",
        ),
        pytest.param(GO, Report(("example.org/a::TestParse", "example.org/a::TestParse/too_large")), id="gotestsum"),
        pytest.param(NUNIT, Report(("N.C::One",), skipped=("N.C::Two",)), id="nested"),
        pytest.param(GTEST, Report(("S::Runs",), skipped=("S::DISABLED_Off",)), id="gtest-disabled"),
        pytest.param(PARTLY, Report(("c::n",), errored=("s::(the suite itself)",)), id="error-of-a-suite"),
        pytest.param(BARE, Report(("::n",)), id="no-counts"),
        pytest.param("<testsuites/>", Report(), id="no-suites"),
        pytest.param('<testsuites tests="0"><testsuite tests="0"/></testsuites>', Report(), id="no-tests"),
        pytest.param(
            '<testsuite><testcase name="n"><failure/><error/><skipped/></testcase></testsuite>',
            Report(errored=("::n",)),
            id="the-worst-counts",
        ),
        pytest.param(
            '<testsuite tests="1"><testcase name="n"/><testcase name="n"><error/></testcase></testsuite>',
            Report(("::n",), errored=("::n",)),
            id="pytest-counts-a-test-once-that-also-fails-to-end",
        ),
        pytest.param(
            '<testsuite tests=""><testcase name="n"><system-out><failure/></system-out></testcase></testsuite>',
            Report(("::n",)),
            id="not-a-failure-but-output",
        ),
        pytest.param(BARE.encode("utf-16"), Report(("::n",)), id="utf-16"),
        pytest.param(b"\xef\xbb\xbf" + BARE.encode(), Report(("::n",)), id="byte-order-mark"),
        pytest.param(
            f'<testsuite><testcase name="{"n" * 1000}"/></testsuite>', Report((f"::{'n' * 300}",)), id="long-name"
        ),
    ],
)
def test_read(text: str | bytes, expected: Report) -> None:
    assert read(text) == expected


LAUGHS = '<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><testsuites name="&b;"/>'
EXTERNAL = '<!DOCTYPE l [<!ENTITY a SYSTEM "file:///etc/passwd">]><testsuites>&a;</testsuites>'


@pytest.mark.parametrize(
    ("text", "why"),
    [
        pytest.param("", "empty", id="empty"),
        pytest.param(" \n", "empty", id="blank"),
        pytest.param(LAUGHS, "document type", id="billion-laughs"),
        pytest.param(EXTERNAL, "document type", id="external-entity"),
        pytest.param("<!DOCTYPE testsuites SYSTEM 'x.dtd'><testsuites/>", "document type", id="document-type"),
        pytest.param("<testsuites>&a;</testsuites>", "undefined entity", id="unknown-entity"),
        pytest.param("<?xml-stylesheet href='x'?><testsuites/>", "processing instruction", id="processing-instruction"),
        pytest.param("<html/>", "not the beginning", id="other-root"),
        pytest.param("1 passed", "not XML", id="text"),
        pytest.param('{"tests": 1}', "not XML", id="json"),
        pytest.param(JEST[:-20], "cut off", id="cut-off"),
        pytest.param(f"{BARE}{BARE}", "not XML", id="two-documents"),
        pytest.param('<?xml version="1.0" encoding="nonsense"?><testsuites/>', "not", id="encoding"),
        pytest.param(b"<testsuite><testcase name='\xff'/></testsuite>", "not XML", id="not-utf-8"),
        pytest.param(
            '<testsuite tests="2"><testcase name="n"/></testsuite>', "declares 2 tests and has 1", id="too-few"
        ),
        pytest.param('<testsuite tests="0"><testcase name="n"/></testsuite>', "declares 0", id="too-many"),
        pytest.param(
            '<testsuites tests="9"><testsuite tests="1"><testcase name="n"/></testsuite></testsuites>', "9", id="total"
        ),
        pytest.param(
            '<testsuite failures="1"><testcase name="n"/></testsuite>',
            "did not pass, and has none",
            id="failure-left-out",
        ),
        pytest.param('<testsuite tests="-1"/>', "not a number", id="negative"),
        pytest.param('<testsuite tests="1e3"/>', "not a number", id="exponent"),
        pytest.param(f'<testsuite tests="{"9" * 5000}"/>', "not a number", id="endless-number"),
        pytest.param('<testsuite tests="٣"/>', "not a number", id="other-digits"),
        pytest.param("<testsuite><testcase/></testsuite>", "without a name", id="no-name"),
        pytest.param(
            "<testsuite><testcase name='a'><testcase name='b'/></testcase></testsuite>", "outside", id="case-in-a-case"
        ),
        pytest.param("<testsuite><x><testcase name='b'/></x></testsuite>", "outside", id="case-in-a-stranger"),
        pytest.param(
            "<testsuite><testcase name='a'><testsuite/></testcase></testsuite>", "no suite", id="suite-in-a-case"
        ),
        pytest.param("<testsuite><testsuites/></testsuite>", "no suite", id="suites-in-a-suite"),
        pytest.param("<testsuite>" * 40, "too deep", id="deep"),
        pytest.param("<testsuite><properties>" + "<a>" * 100_000, "too deep", id="very-deep"),
    ],
)
def test_refused(text: str | bytes, why: str) -> None:
    with pytest.raises(DataError, match=f"^report.xml.*{why}"):
        read(text)


def test_a_report_beyond_the_bounds_is_refused_in_bounded_time() -> None:
    before = time.process_time()
    with pytest.raises(DataError, match="64 MiB"):
        read(b" " * (junit.MOST_BYTES + 1))
    with pytest.raises(DataError, match="split the run"):
        read("<testsuite>" + "<testcase name='n'/>" * (junit.MOST_CASES + 1))
    with pytest.raises(DataError, match="too many elements"):
        read("<testsuite>" + "<a/>" * 2_000_001)
    assert time.process_time() - before < 60


@given(st.binary(max_size=400))
@settings(max_examples=300)
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        read(data)
    except DataError:
        return


words = st.sampled_from(
    (
        *(
            "<testsuite>",
            "</testsuite>",
            "<testsuites tests='1'>",
            "</testsuites>",
            "<testcase name='a'>",
            "</testcase>",
        ),
        *(
            "<failure/>",
            "<skipped/>",
            "<error>",
            "</error>",
            "text",
            "<testsuite tests='2' failures='1'>",
            "<x>",
            "</x>",
        ),
    )
)


@given(st.lists(words, max_size=20))
@settings(max_examples=500)
def test_any_elements_are_read_or_refused(parts: list[str]) -> None:
    text = "".join(parts)
    try:
        found = read(text)
    except DataError:
        return
    assert sum(map(len, found)) <= text.count("<testcase") + text.count("<failure") + text.count("<error")
    assert all(list(names) == sorted(names) for names in found)


PYTEST = """
import pytest
@pytest.fixture
def ends_badly():
    yield
    raise RuntimeError
def test_passes(): pass
@pytest.mark.parametrize("what", ["valid", "too_large"])
def test_parses(what): pass
class TestLogin:
    def test_denied(self): assert False
@pytest.mark.skip
def test_later(): pass
@pytest.mark.xfail
def test_known(): assert False
def test_ends_badly(ends_badly): pass
def test_fails_and_ends_badly(ends_badly): assert False
"""


def test_what_pytest_writes(tmp_path: Path) -> None:
    (tmp_path / "test_it.py").write_text(PYTEST)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--junitxml=report.xml"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False)
    assert done.returncode == 1
    found = junit.read((tmp_path / "report.xml").read_bytes(), "report.xml")
    assert found == Report(
        passed=("test_it::test_parses[too_large]", "test_it::test_parses[valid]", "test_it::test_passes"),
        failed=("test_it.TestLogin::test_denied", "test_it::test_fails_and_ends_badly"),
        errored=("test_it::test_ends_badly", "test_it::test_fails_and_ends_badly"),
        skipped=("test_it::test_known", "test_it::test_later"),
    )


def test_what_pytest_writes_where_nothing_can_be_collected(tmp_path: Path) -> None:
    (tmp_path / "test_it.py").write_text("import nothing_of_this_name\n")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--junitxml=report.xml"]
    subprocess.run(command, cwd=tmp_path, capture_output=True, check=False)
    assert junit.read((tmp_path / "report.xml").read_bytes(), "report.xml").errored == ("::test_it",)
