"""What semgrep reports is believed only if it is whole, and the real engine reports as we read it."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import specimens
from sayso import readable
from sayso.adapters import process, resources
from sayso.app import code_engine
from sayso.app.code_engine import CodeScan
from sayso.app.scanruns import known_languages
from sayso.evidence import ScannerError, ScanReport, Spot, Subject
from sayso.scanners import semgrep

A, B = "/tmp/x/0.py", "/tmp/x/1.py"
RULES = {"python-one", "python-two"}


def result(path: str = A, rule: str = "python-one", line: int = 3, end: int = 4) -> dict[str, Any]:
    return {"path": path, "check_id": rule, "start": {"line": line, "col": 1}, "end": {"line": end, "col": 2}}


def report(**changed: Any) -> bytes:
    whole: dict[str, Any] = {
        "version": semgrep.VERSION,
        "results": [],
        "errors": [],
        "paths": {"scanned": [A, B]},
        "skipped_rules": [],
    }
    whole.update(changed)
    return json.dumps({key: value for key, value in whole.items() if value is not None}).encode()


def test_parse_whole() -> None:
    parsed = semgrep.parse(report(results=[result(), result(line=1, end=1), result()]), [A, B], RULES)
    assert parsed == ScanReport({A: (Spot("python-one", 1, 1), Spot("python-one", 3, 4)), B: ()}, {})


def test_parse_does_not_need_the_list_of_skipped_rules() -> None:
    assert semgrep.parse(report(skipped_rules=None), [A, B], RULES).failed == {}


SPAN = [{"file": A, "start": {"line": 7, "col": 1}, "end": {"line": 8, "col": 1}}]


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        pytest.param(
            {"type": ["PartialParsing", []], "path": A, "spans": SPAN}, "cannot parse it from line 7", id="partial"
        ),
        pytest.param({"type": "Syntax error", "path": A, "message": "m"}, "cannot parse it", id="syntax"),
        pytest.param({"type": "LexicalError", "path": A}, "cannot parse it", id="lexical"),
        pytest.param({"type": "Timeout", "path": A}, "more than 10 s for one rule", id="timeout"),
        pytest.param({"type": "OutOfMemory", "path": A}, "OutOfMemory", id="memory"),
        pytest.param({"type": "Other", "path": A, "level": "info"}, "Other", id="mild"),
        pytest.param({"path": A}, "semgrep", id="untyped"),
        pytest.param(
            {"error_type": ["PartialParsing", []], "location": {"path": A, "start": {"line": 7, "col": 1}}},
            "cannot parse it from line 7",
            id="native-partial",
        ),
        pytest.param(
            {"error_type": "Timeout", "location": {"path": A, "start": {"line": 1, "col": 1}}},
            "more than 10 s for one rule",
            id="native-timeout",
        ),
    ],
)
def test_parse_a_target_with_an_error_is_not_examined(error: dict[str, Any], reason: str) -> None:
    parsed = semgrep.parse(report(errors=[error], results=[result()]), [A, B], RULES)
    assert list(parsed.spots) == [B]
    assert list(parsed.failed) == [A]
    assert reason in parsed.failed[A]


def test_parse_a_target_that_is_not_listed_as_scanned_is_not_examined() -> None:
    parsed = semgrep.parse(report(paths={"scanned": [B]}), [A, B], RULES)
    assert parsed == ScanReport({B: ()}, {A: "semgrep did not scan it"})


@pytest.mark.parametrize(
    ("out", "said"),
    [
        pytest.param(report(version="1.0.0"), "was expected", id="other-version"),
        pytest.param(report(version=None), "was expected", id="no-version"),
        pytest.param(report(skipped_rules=[{"rule_id": "python-one"}]), "skipped rules", id="skipped-rules"),
        pytest.param(report(errors=[{"message": "bad\n rule"}]), "bad rule", id="error-without-path"),
        pytest.param(report(errors=[{"message": "m", "path": "/etc/x"}]), "m", id="error-elsewhere"),
        pytest.param(report(results=[result(path="/etc/passwd")]), "not asked about", id="result-elsewhere"),
        pytest.param(report(results=[result(rule="planted")]), "not asked about", id="foreign-rule"),
        pytest.param(report()[:-20], "did not print a report", id="truncated"),
        pytest.param(b"", "did not print a report", id="empty"),
        pytest.param(b"Fatal error: exception Stack_overflow", "did not print a report", id="garbage"),
        pytest.param(b"\xff\xfe\x00", "did not print a report", id="bytes"),
        pytest.param(b"[" * 100_000, "did not print a report", id="deep"),
        pytest.param(b"[]", "did not print a report", id="list"),
        pytest.param(report(errors=None), "did not print a report", id="no-errors"),
        pytest.param(report(results=None), "did not print a report", id="no-results"),
        pytest.param(report(paths={}), "did not print a report", id="no-scanned"),
        pytest.param(report(results={}), "did not print a whole report", id="results-mapping"),
        pytest.param(report(results=["x"]), "did not print a whole report", id="result-text"),
        pytest.param(report(results=[{"path": A}]), "did not print a whole report", id="result-short"),
        pytest.param(report(results=[result(line="3")]), "did not print a whole report", id="line-text"),  # type: ignore[arg-type]
        pytest.param(report(errors=["x"]), "did not print a whole report", id="error-text"),
        pytest.param(report(paths={"scanned": [[A]]}), "did not print a whole report", id="scanned-nested"),
    ],
)
def test_parse_refuses(out: bytes, said: str) -> None:
    with pytest.raises(ScannerError, match=said):
        semgrep.parse(out, [A, B], RULES)


@pytest.mark.parametrize(
    ("ran", "said"),
    [
        pytest.param([["python-one", "OSS"]], "ran 1 rules of 2", id="one-missing"),
        pytest.param([], "ran 0 rules of 2", id="none"),
        pytest.param([["python-one", "OSS"], ["python-one", "OSS"]], "ran 2 rules of 2", id="one-twice"),
        pytest.param(None, "did not say which rules", id="not-said"),
        pytest.param([1], "did not say which rules", id="garbage"),
    ],
)
def test_parse_native_wants_every_rule_to_have_run(ran: Any, said: str) -> None:
    whole = [["python-two", "OSS"], ["python-one", "OSS"]]
    assert semgrep.parse_native(report(rules_by_engine=whole), [A, B], RULES).spots == {A: (), B: ()}
    with pytest.raises(ScannerError, match=said):
        semgrep.parse_native(report(rules_by_engine=ran), [A, B], RULES)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.sampled_from([A, B, "python-one", semgrep.VERSION, "path", "x"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["version", "errors", "results", "paths", "scanned", "path", "check_id", "start", "line", "spans"]
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=12,
)


@given(
    changed=st.fixed_dictionaries({}, optional=dict.fromkeys(("errors", "results", "paths", "skipped_rules"), _JSON))
)
def test_parse_either_accounts_for_every_target_or_raises(changed: dict[str, Any]) -> None:
    try:
        parsed = semgrep.parse(report(**changed), [A, B], RULES)
    except ScannerError:
        return
    assert sorted([*parsed.spots, *parsed.failed]) == [A, B]


@given(cut=st.integers(0, len(report(results=[result()])) - 1))
def test_parse_refuses_every_truncation(cut: int) -> None:
    with pytest.raises(ScannerError):
        semgrep.parse(report(results=[result()])[:cut], [A, B], RULES)


def scan(folder: Path, files: dict[str, bytes]) -> ScanReport:
    """Run the real engine over files by name; the report is by name as well."""
    engine = CodeScan()
    subjects: dict[str, Subject] = {}
    for name, data in files.items():
        path = folder / name
        path.write_bytes(data)
        subject = engine.subject(name, "0" * 40, known_languages().of(name))
        assert subject is not None
        subjects[str(path)] = subject
    home = folder / f"home-{os.urandom(4).hex()}"
    home.mkdir()
    found = engine.scan(str(home), subjects, sum(map(len, files.values())))
    return ScanReport(
        {os.path.basename(path): spots for path, spots in found.spots.items()},
        {os.path.basename(path): reason for path, reason in found.failed.items()},
    )


FOUND = (Spot(specimens.CODE_RULE, specimens.INSECURE_LINE, specimens.INSECURE_LINE),)
SILENCED = specimens.INSECURE.replace("verify=False)", "verify=False)  # nosemgrep")


@pytest.mark.parametrize(
    ("name", "data"),
    [
        pytest.param("0.py", specimens.INSECURE.encode(), id="plain"),
        pytest.param("0.py", SILENCED.encode(), id="nosemgrep-has-no-effect"),
        pytest.param("0.py", specimens.INSECURE.replace("\n", "\r\n").encode(), id="crlf"),
        pytest.param("0.py", (specimens.INSECURE + ("#" * 1000 + "\n") * 1050).encode(), id="over-one-megabyte"),
        pytest.param("0.py", (specimens.INSECURE + "# caf\u00e9 \U0001f512\n").encode(), id="not-ascii"),
    ],
)
def test_engine_finds(tmp_path: Path, name: str, data: bytes) -> None:
    assert scan(tmp_path, {name: data}) == ScanReport({name: FOUND}, {})


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(specimens.INSECURE.encode("utf-16"), id="utf-16-with-mark"),
        pytest.param(specimens.INSECURE.encode("utf-16-le"), id="utf-16-le"),
        pytest.param(specimens.INSECURE.encode("utf-16-be"), id="utf-16-be"),
        pytest.param(("\ufeff" + specimens.INSECURE).encode(), id="utf-8-with-mark"),
        pytest.param((specimens.INSECURE + "# caf\u00e9\n").encode("latin-1"), id="latin-1"),
    ],
)
def test_engine_finds_in_what_we_decode(tmp_path: Path, data: bytes) -> None:
    ready = readable.prepare(data, len(data), "code")
    assert ready.data is not None
    assert scan(tmp_path, {"0.py": ready.data}).spots == {"0.py": FOUND}


@pytest.mark.parametrize("suffix", [".js", ".jsx", ".mjs", ".cjs", ".ts", ".tsx", ".mts", ".cts"])
def test_engine_reads_every_suffix_of_javascript(tmp_path: Path, suffix: str) -> None:
    language = known_languages().of(f"x{suffix}")
    engine = CodeScan()
    subject = engine.subject(f"x{suffix}", "0" * 40, language)
    assert subject is not None
    name = f"0{engine.suffix(subject)}"
    parsed = scan(tmp_path, {name: specimens.INSECURE_JS.encode()})
    assert {spot.rule for spot in parsed.spots[name]} == {specimens.JS_RULE}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        pytest.param("0.tsx", "const x: number = 1;\nexport const A = () => <div>{x as number}</div>;\n", id="tsx"),
        pytest.param("0.jsx", "export const A = () => <div>{x}</div>;\n", id="jsx"),
        pytest.param("0.ts", "const x = <number>y;\n", id="ts-cast"),
    ],
)
def test_engine_parses_dialects(tmp_path: Path, name: str, text: str) -> None:
    assert scan(tmp_path, {name: text.encode()}) == ScanReport({name: ()}, {})


def test_engine_examines_an_empty_file(tmp_path: Path) -> None:
    assert scan(tmp_path, {"0.py": b"", "1.py": b"\n"}) == ScanReport({"0.py": (), "1.py": ()}, {})


def test_engine_reads_a_file_with_a_minified_name(tmp_path: Path) -> None:
    parsed = scan(tmp_path, {"0.min.js": specimens.INSECURE_JS.encode(), "1.js": specimens.SAFE_JS.encode()})
    assert [spot.rule for spot in parsed.spots["0.min.js"]] == [specimens.JS_RULE]
    assert parsed.spots["1.js"] == ()


def test_engine_says_what_it_cannot_parse_and_still_examines_the_rest(tmp_path: Path) -> None:
    parsed = scan(tmp_path, {"0.py": specimens.BROKEN.encode(), "1.py": specimens.INSECURE.encode()})
    assert parsed.spots == {"1.py": FOUND}
    assert "cannot parse it" in parsed.failed["0.py"]


def test_engine_ignore_files_have_no_effect(tmp_path: Path) -> None:
    (tmp_path / ".semgrepignore").write_text("*.py\n")
    (tmp_path / ".gitignore").write_text("*.py\n")
    assert scan(tmp_path, {"0.py": specimens.INSECURE.encode()}).spots == {"0.py": FOUND}


def run(folder: Path, path: str) -> bytes:
    targets = folder / "targets.json"
    targets.write_text(semgrep.targets_text([(path, "python")]))
    return process.run(
        semgrep.native_argv(resources.path_of("semgrep", "compiled", "python.json"), str(targets)),
        executable=process.own_executable(*code_engine._CORE),  # noqa: SLF001 - the one place that knows where it is
        env=process.scrubbed(str(folder)),
    ).out


PYTHON_RULES = CodeScan().rules("python").keys()


def _link(path: Path) -> None:
    (path.parent / "real.py").write_text(specimens.INSECURE)
    path.symlink_to("real.py")


@pytest.mark.parametrize(
    "make",
    [
        pytest.param(lambda _path: None, id="missing"),
        pytest.param(lambda path: path.mkdir(), id="directory"),
        pytest.param(_link, id="symlink"),
    ],
)
def test_engine_never_passes_a_target_that_is_no_file(tmp_path: Path, make: Callable[[Path], None]) -> None:
    path = tmp_path / "0.py"
    make(path)
    try:
        parsed = semgrep.parse_native(run(tmp_path, str(path)), [str(path)], PYTHON_RULES)
    except ScannerError:
        return
    assert parsed.spots.get(str(path)) != ()


def test_engine_answers_the_same_bytes_for_the_same_bytes(tmp_path: Path) -> None:
    files = {f"{number}.py": specimens.INSECURE.encode() for number in range(5)}
    assert scan(tmp_path, files) == scan(tmp_path, files)


def test_engine_that_is_not_ours_is_never_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("semgrep", "osemgrep", "semgrep-core"):
        planted = tmp_path / name
        planted.write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\n")
        planted.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.chdir(tmp_path)
    assert scan(tmp_path, {"0.py": specimens.INSECURE.encode()}).spots == {"0.py": FOUND}
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize("name", ["SEMGREP_RULES", "SEMGREP_BASELINE_COMMIT", "SEMGREP_TIMEOUT", "SEMGREP_APP_TOKEN"])
def test_engine_does_not_inherit_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(name, "/nonexistent")
    assert scan(tmp_path, {"0.py": specimens.INSECURE.encode()}).spots == {"0.py": FOUND}


def test_parse_leaves_a_gap_in_a_target_that_may_be_examined_in_part() -> None:
    error = {"error_type": ["PartialParsing", []], "location": {"path": A, "start": {"line": 7, "col": 1}}}
    out = report(errors=[error], results=[result()])
    parsed = semgrep.parse(out, [A, B], RULES, [A])
    assert parsed.spots == {A: (Spot("python-one", 3, 4),), B: ()}
    assert parsed.gaps == {A: "semgrep cannot parse it from line 7"}
    assert semgrep.parse(out, [A, B], RULES, [B]).failed == parsed.gaps


def test_parse_takes_nothing_but_a_syntax_error_for_a_gap() -> None:
    error = {"error_type": "Timeout", "location": {"path": A, "start": {"line": 1, "col": 1}}}
    parsed = semgrep.parse(report(errors=[error]), [A, B], RULES, [A, B])
    assert (list(parsed.failed), dict(parsed.gaps)) == ([A], {})
