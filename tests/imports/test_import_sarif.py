from __future__ import annotations

import contextlib
import copy
import json
import time
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reports_of_others import RULE, encoded, result, sarif
from sayso import jsondoc
from sayso.imports import reader
from sayso.imports.report import File, ProofError, Report, ReportError
from sayso.imports.sarif import Habits
from sayso.imports.uris import Roots
from sayso.model import DataError

ROOTS = Roots(("/home/dev/repo",))
HABITS = {"bandit": Habits("bandit-metrics"), "gosec": Habits(index_is_right=False)}
EXTRACTED = "py/diagnostics/successfully-extracted-files"


def read(document: Any) -> list[Report]:
    data = document if isinstance(document, bytes) else encoded(document)
    return reader.read(jsondoc.read(data, "r.sarif"), ROOTS, HABITS)


def one(document: Any) -> Report:
    (report,) = read(document)
    return report


OFF = {"id": "x", "defaultConfiguration": {"enabled": False}}


def note(path: str, level: str = "", descriptor: str = "") -> dict[str, Any]:
    place = {"physicalLocation": {"artifactLocation": {"uri": path}}}
    said: dict[str, Any] = {"message": {"text": "what it says"}, "locations": [place]}
    return said | ({"level": level} if level else {}) | ({"descriptor": {"id": descriptor}} if descriptor else {})


def invocation(*notes: dict[str, Any], **more: Any) -> list[dict[str, Any]]:
    return [{"executionSuccessful": True, "toolExecutionNotifications": list(notes), **more}]


def driver(*rules: str, name: str = "CodeQL", **more: Any) -> dict[str, Any]:
    return {"driver": {"name": name, "version": "1", "rules": [{"id": rule} for rule in rules], **more}}


def test_a_clean_report() -> None:
    report = one(sarif("a.py", "b.py"))
    assert (report.tool, report.version, report.rules) == ("CodeQL", "2.20.1", ("py/example", "py/other"))
    assert (list(report.files), report.results, report.silent) == (["a.py", "b.py"], (), frozenset())


def test_every_result_counts() -> None:
    found = [
        result("a.py", 3),
        result("a.py", 4, level="note"),
        result("a.py", 5, suppressions=[{"kind": "inSource"}]),
        result("b.py", 6, rule=f"{RULE}/detail"),
        result("b.py", 7, kind="review", level="none"),
    ]
    report = one(sarif("a.py", "b.py", results=found))
    assert [(item.path, item.line, item.level, item.suppressed) for item in report.results] == [
        ("a.py", 3, "error", False),
        ("a.py", 4, "note", False),
        ("a.py", 5, "error", True),
        ("b.py", 6, "error", False),
        ("b.py", 7, "none", False),
    ]


@pytest.mark.parametrize("more", [{"kind": "pass"}, {"kind": "notApplicable"}, {"baselineState": "absent"}])
def test_a_result_that_says_that_nothing_is_wrong_is_none(more: dict[str, Any]) -> None:
    assert one(sarif("a.py", results=[result("a.py", **more)])).results == ()


def test_a_result_takes_the_level_of_its_rule() -> None:
    tool = {"driver": {"name": "x", "rules": [{"id": RULE, "defaultConfiguration": {"level": "note"}}, {"id": "b"}]}}
    found = [result("a.py"), result("a.py", rule="b")]
    for item in found:
        del item["level"]
    report = one({"version": "2.1.0", "runs": [{**sarif("a.py", results=found)["runs"][0], "tool": tool}]})
    assert [item.level for item in report.results] == ["note", "warning"]


def test_rules_of_an_extension() -> None:
    tool = {
        "driver": {"name": "CodeQL", "rules": []},
        "extensions": [{"name": "pack", "rules": [{"id": "x"}, {"id": "y"}]}],
    }
    by_index = {**result("a.py"), "ruleId": "y", "rule": {"index": 1, "toolComponent": {"index": 0}}}
    report = one({"version": "2.1.0", "runs": [{**sarif("a.py", results=[by_index])["runs"][0], "tool": tool}]})
    assert (report.rules, report.results[0].rule) == (("x", "y"), "y")


def test_a_place_may_be_given_by_its_index_alone() -> None:
    place = {"physicalLocation": {"artifactLocation": {"index": 1}}}
    report = one(sarif("a.py", "b.py", results=[{**result("a.py"), "locations": [place]}]))
    assert [(item.path, item.line) for item in report.results] == [("b.py", 0)]


def test_contents_and_hashes_are_taken() -> None:
    about = {
        "location": {"uri": "a.py"},
        "hashes": {"sha-256": "AB", "md5": "c"},
        "contents": {"text": "x"},
        "length": 1,
    }
    assert one(sarif(artifacts=[about])).files == {"a.py": File((("md5", "c"), ("sha-256", "ab")), 1, "x")}


def test_only_artifacts_that_were_examined_count() -> None:
    artifacts = [
        {"location": {"uri": "a.py"}, "roles": ["analysisTarget"]},
        {"location": {"uri": "settings.toml"}, "roles": ["toolSpecifiedConfiguration"]},
        {"location": {"uri": "inside.py"}, "parentIndex": 0},
        {"description": {"text": "memory"}},
    ]
    assert list(one(sarif(artifacts=artifacts)).files) == ["a.py"]


def test_what_codeql_extracted_was_examined_though_it_is_no_artifact() -> None:
    notes = invocation(note("a.py", "none", EXTRACTED), note("b.py", "", EXTRACTED))
    assert list(one(sarif(artifacts=None, invocations=notes)).files) == ["a.py", "b.py"]


@pytest.mark.parametrize("level", ["warning", ""])
def test_a_file_that_a_warning_names_was_not_wholly_examined(level: str) -> None:
    report = one(sarif("a.py", "b.py", invocations=invocation(note("b.py", level), note("a.py", "note"))))
    assert (list(report.files), list(report.unread)) == (["a.py"], ["b.py"])


def _overridden(*overrides: tuple[dict[str, Any], bool]) -> dict[str, Any]:
    told = [{"descriptor": rule, "configuration": {"enabled": on}} for rule, on in overrides]
    return sarif("a.py", invocations=[{"executionSuccessful": True, "ruleConfigurationOverrides": told}])


def test_rules_that_a_run_was_told_to_leave_out_were_not_looked_for() -> None:
    assert one(_overridden(({"id": RULE}, False))).rules == ("py/other",)
    assert one(_overridden(({"index": 0}, False), ({"id": "py/other"}, False))).silent == {"rules"}
    assert one(_overridden(({"id": RULE}, True))).rules == (RULE, "py/other")
    with pytest.raises(DataError, match="the index of its rule is 2"):
        read(_overridden(({"index": 2}, False)))


def test_a_warning_about_no_file_is_about_none() -> None:
    bare = {"message": {"text": "slow"}, "locations": [{"message": {"text": "everywhere"}}]}
    assert list(one(sarif("a.py", invocations=invocation(bare))).files) == ["a.py"]


@pytest.mark.parametrize(
    ("run", "silent"),
    [
        pytest.param({"invocations": None}, {"success"}, id="success"),
        pytest.param({"invocations": []}, {"success"}, id="no-invocation"),
        pytest.param({"tool": {"driver": {"name": "x"}}}, {"rules"}, id="rules"),
        pytest.param({"tool": driver()}, {"rules"}, id="zero-rules"),
        pytest.param({"tool": {"driver": {"name": "x", "rules": [OFF]}}}, {"rules"}, id="only-rules-that-are-off"),
        pytest.param({"artifacts": None}, {"files"}, id="files"),
        pytest.param({"artifacts": []}, {"files"}, id="zero-files"),
    ],
)
def test_what_a_report_leaves_open(run: dict[str, Any], silent: set[str]) -> None:
    document = sarif("a.py")
    document["runs"][0] |= run
    document["runs"][0] = {key: value for key, value in document["runs"][0].items() if value is not None}
    assert one(document).silent == silent


def _broken(**run: Any) -> dict[str, Any]:
    document = sarif("a.py", results=[result("a.py")])
    document["runs"][0] |= run
    return {**document, "runs": [{key: value for key, value in document["runs"][0].items() if value != "gone"}]}


def _with(change: dict[str, Any]) -> dict[str, Any]:
    return _broken(results=[{**result("a.py"), **change}])


def _without_message() -> dict[str, Any]:
    bare = result("a.py")
    del bare["message"]
    return _broken(results=[bare])


def _placed(artifact: dict[str, Any], region: dict[str, Any] | None = None) -> dict[str, Any]:
    return _with(
        {"locations": [{"physicalLocation": {"artifactLocation": artifact, "region": region or {"startLine": 1}}}]}
    )


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        pytest.param({}, "format is not known", id="empty-object"),
        pytest.param([], "expected an object", id="list"),
        pytest.param({"results": [], "errors": [], "paths": {}}, "format is not known", id="other-format"),
        pytest.param({**sarif("a.py"), "version": "2.0.0"}, "version 2.1.0 is needed", id="old-version"),
        pytest.param({"runs": sarif("a.py")["runs"]}, "missing key 'version'", id="no-version"),
        pytest.param({**sarif("a.py"), "version": 2.1}, "expected a string", id="version-is-a-number"),
        pytest.param({"version": "2.1.0", "runs": []}, "0 runs", id="no-runs"),
        pytest.param({"version": "2.1.0", "runs": None}, "expected a list", id="runs-null"),
        pytest.param({"version": "2.1.0", "runs": [1]}, "runs[0]: expected an object", id="run-is-a-number"),
        pytest.param({"version": "2.1.0", "runs": sarif("a.py")["runs"] * 101}, "101 runs", id="too-many-runs"),
        pytest.param({**sarif("a.py"), "approved": True}, "'approved' is no part", id="unknown-key"),
        pytest.param(_broken(artefacts=[]), "'artefacts' is no part", id="unknown-key-of-a-run"),
        pytest.param(_with({"suppresions": []}), "'suppresions' is no part", id="unknown-key-of-a-result"),
        pytest.param(_placed({"url": "a.py"}), "'url' is no part", id="unknown-key-of-an-address"),
        pytest.param(
            _broken(artifacts=[{"location": {"uri": "a.py"}, "hash": {}}]),
            "'hash' is no part",
            id="unknown-key-of-a-file",
        ),
        pytest.param(
            _broken(invocations=[{"executionSuccessful": True, "notifications": []}]),
            "'notifications' is no part",
            id="unknown-key-of-an-invocation",
        ),
        pytest.param(_without_message(), "missing key 'message'", id="no-message"),
        pytest.param({**sarif("a.py"), "inlineExternalProperties": []}, "one whole report", id="external-properties"),
        pytest.param(_broken(externalPropertyFileReferences={}), "one whole report", id="results-elsewhere"),
        pytest.param(_broken(tool="gone"), "missing key 'tool'", id="no-tool"),
        pytest.param(_broken(tool={}), "missing key 'driver'", id="no-driver"),
        pytest.param(_broken(tool={"driver": {"rules": []}}), "missing key 'name'", id="no-name"),
        pytest.param(_broken(tool={"driver": {"name": " ", "rules": []}}), "is empty", id="blank-name"),
        pytest.param(_broken(tool=driver(RULE, version="1\n2")), "is no version", id="version-with-a-line-end"),
        pytest.param(_broken(tool={"driver": {"name": "x", "rules": [{}]}}), "missing key 'id'", id="rule-without-id"),
        pytest.param(_broken(tool=driver("")), "is empty or too long", id="rule-with-empty-id"),
        pytest.param(_broken(results="gone"), "missing key 'results'", id="no-results"),
        pytest.param(_broken(results=None), "expected a list", id="results-null"),
        pytest.param(_broken(artifacts={}), "expected a list", id="artifacts-object"),
        pytest.param(_broken(invocations=[{}]), "missing key 'executionSuccessful'", id="success-absent"),
        pytest.param(
            _broken(invocations=[{"executionSuccessful": "true"}]), "expected true or false", id="success-text"
        ),
        pytest.param(_with({"ruleId": "py/unknown"}), "none of the run's rules", id="unknown-rule"),
        pytest.param(_with({"ruleId": 7}), "expected a string", id="rule-is-a-number"),
        pytest.param(_with({"ruleIndex": 2}), "the index of its rule is 2", id="rule-index-out-of-range"),
        pytest.param(_with({"ruleIndex": -2}), "is less than -1", id="rule-index-negative"),
        pytest.param(_with({"ruleIndex": 1}), "names another rule", id="rule-index-of-another"),
        pytest.param(_with({"rule": {"id": "py/other"}}), "names no rule, or two", id="two-rules"),
        pytest.param(_with({"rule": {"index": 0, "toolComponent": {"index": 0}}}), "no extension 0", id="no-extension"),
        pytest.param(
            _with({"rule": {"index": 0, "toolComponent": {"name": "x"}}}), "by its index", id="named-component"
        ),
        pytest.param(_with({"level": "fatal"}), "'fatal' is not one of", id="level"),
        pytest.param(_with({"kind": "Pass"}), "'Pass' is not one of", id="kind"),
        pytest.param(_with({"baselineState": "gone"}), "'gone' is not one of", id="baseline-state"),
        pytest.param(_with({"locations": []}), "names no place", id="no-place"),
        pytest.param(_with({"locations": [{}]}), "missing key 'physicalLocation'", id="empty-place"),
        pytest.param(_with({"suppressions": True}), "expected a list", id="suppressions"),
        pytest.param(_placed({"uri": "b.py"}), "does not list as examined", id="file-that-was-not-examined"),
        pytest.param(_placed({"uri": "../a.py"}), "climbs", id="place-outside"),
        pytest.param(_placed({"index": 1}), "there is no artifact 1", id="artifact-out-of-range"),
        pytest.param(_placed({"uri": "b.py", "index": 0}), "artifact 0 is 'a.py'", id="artifact-of-another"),
        pytest.param(_placed({}), "names no file", id="no-file"),
        pytest.param(_placed({"uri": "a.py"}, {"startLine": 0}), "0 is less than 1", id="line-zero"),
        pytest.param(_placed({"uri": "a.py"}, {"startLine": "1"}), "expected a whole number", id="line-text"),
        pytest.param(_placed({"uri": "a.py"}, {"startLine": 5, "endLine": 4}), "begins at line 5", id="ends-before"),
        pytest.param(_placed({"uri": "a.py"}, {"startLine": 1 << 40}), "ends at line", id="line-beyond-reason"),
        pytest.param(_broken(artifacts=[{"location": {"uri": "/etc/passwd"}}]), "outside the repository", id="outside"),
        pytest.param(
            _broken(artifacts=[{"location": {"uri": "a.py"}, "hashes": {"sha-256": x}} for x in "ab"]),
            "listed twice",
            id="two-contents",
        ),
        pytest.param(
            _broken(versionControlProvenance=[{"repositoryUri": "x", "revisionId": x} for x in "ab"]),
            "several revisions",
            id="two-revisions",
        ),
    ],
)
def test_what_is_refused(document: Any, reason: str) -> None:
    with pytest.raises(DataError, match=r"^r\.sarif") as caught:
        read(document)
    assert reason in str(caught.value)
    assert caught.value.code == 2


@pytest.mark.parametrize(
    ("invocations", "reason"),
    [
        pytest.param([{"executionSuccessful": False}], "executionSuccessful is false", id="failed"),
        pytest.param([{"executionSuccessful": True}, {"executionSuccessful": False}], "is false", id="second-failed"),
        pytest.param(invocation(note("a.py", "error")), "an error of its own: what it says", id="execution-error"),
        pytest.param(
            [{"executionSuccessful": True, "toolConfigurationNotifications": [note("a.py", "error")]}],
            "an error of its own",
            id="configuration-error",
        ),
        pytest.param(invocation(exitSignalName="SIGKILL"), "did not end by itself", id="killed"),
        pytest.param(invocation(processStartFailureMessage="no"), "did not end by itself", id="not-started"),
    ],
)
def test_a_run_that_failed_shows_nothing(invocations: list[dict[str, Any]], reason: str) -> None:
    with pytest.raises(ProofError) as caught:
        read(sarif("a.py", invocations=invocations))
    assert reason in str(caught.value)
    assert caught.value.code == 3


def test_one_bad_run_spoils_the_report() -> None:
    good, bad = sarif("a.py")["runs"][0], sarif("b.py", invocations=[{"executionSuccessful": False}])["runs"][0]
    with pytest.raises(ProofError):
        read({"version": "2.1.0", "runs": [good, bad]})
    assert len(read({"version": "2.1.0", "runs": [good, good]})) == 2


def test_an_index_that_a_tool_is_known_to_get_wrong_is_ignored_but_for_its_range() -> None:
    document = _with({"ruleIndex": 1})
    document["runs"][0]["tool"]["driver"]["name"] = "gosec"
    assert one(document).results[0].rule == RULE
    document["runs"][0]["results"][0]["ruleIndex"] = 2
    with pytest.raises(DataError, match="the index of its rule is 2"):
        read(document)


def bandit(results: int = 0, *, counted: int | None = None, nosec: int = 0, total: int | None = None) -> dict[str, Any]:
    """Return a report of Bandit on ``a.py``: it lists files under metrics, and only rules that found something."""
    number = results if counted is None else counted
    metrics = {
        "a.py": {"loc": 9, "nosec": nosec, "skipped_tests": 0, "SEVERITY.LOW": number, "CONFIDENCE.LOW": number},
        "_totals": {"loc": 9, "nosec": nosec, "skipped_tests": 0, "SEVERITY.LOW": number if total is None else total},
    }
    found = [result("a.py", number + 1, rule="B101") for number in range(results)]
    tool = {"driver": {"name": "Bandit", "version": "1.9.4", **({"rules": [{"id": "B101"}]} if results else {})}}
    run = {"tool": tool, "artifacts": None, "properties": {"metrics": metrics}}
    document = sarif(results=found)
    document["runs"][0] |= run
    document["runs"][0].pop("artifacts")
    return document


def test_bandit_says_what_it_examined_in_its_own_way() -> None:
    clean, found = one(bandit()), one(bandit(2))
    assert (list(clean.files), clean.silent, clean.unlisted) == (["a.py"], frozenset(), True)
    assert (list(found.files), len(found.results), found.unlisted) == (["a.py"], 2, False)


def test_what_a_comment_silenced_in_bandit_was_not_examined() -> None:
    report = one(bandit(nosec=1))
    assert (report.files, list(report.unread)) == ({}, ["a.py"])
    assert "--ignore-nosec" in report.unread["a.py"]


@pytest.mark.parametrize(
    "document",
    [
        pytest.param(bandit(1, counted=2), id="a-result-was-taken-out"),
        pytest.param(bandit(1, counted=0), id="a-result-was-put-in"),
        pytest.param(bandit(1, total=3), id="the-total-was-changed"),
    ],
)
def test_bandits_counts_must_agree_with_its_results(document: dict[str, Any]) -> None:
    with pytest.raises(DataError, match="a filter hid some, or the report was edited"):
        read(document)


def test_another_tool_with_the_metrics_of_bandit_has_no_such_excuse() -> None:
    document = bandit()
    document["runs"][0]["tool"]["driver"]["name"] = "Other"
    assert one(document).silent == {"rules", "files"}


COMPLEX = sarif(
    "a.py",
    "src/b.py",
    results=[
        {**result("a.py", 3), "ruleIndex": 0, "suppressions": [{"kind": "external"}]},
        {**result("src/b.py", 7, rule="py/other"), "ruleIndex": 1, "kind": "fail"},
    ],
    originalUriBaseIds={"SRC": {"uri": "file:///home/dev/repo/"}},
    versionControlProvenance=[{"repositoryUri": "https://example.org/r", "revisionId": "0" * 40}],
    properties={"metrics": {}},
)
_NODES = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 1 << 33) | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda children: st.lists(children, max_size=3) | st.dictionaries(st.text(max_size=9), children, max_size=3),
    max_leaves=6,
)


def _places(value: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield at
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _places(item, (*at, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _places(item, (*at, index))


def _replaced(document: Any, at: tuple[Any, ...], value: Any) -> Any:
    if not at:
        return value
    changed = copy.deepcopy(document)
    node = changed
    for key in at[:-1]:
        node = node[key]
    node[at[-1]] = value
    return changed


@given(st.data())
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_a_broken_report_is_refused_clearly_or_is_a_report(data: st.DataObject) -> None:
    at = data.draw(st.sampled_from(sorted(_places(COMPLEX), key=repr)))
    document = _replaced(COMPLEX, at, data.draw(_NODES))
    with contextlib.suppress(DataError, ProofError):
        for report in read(json.dumps(document).encode("utf-8", "replace")):
            assert isinstance(report, Report)
            assert report.tool


@given(st.data())
@settings(deadline=None)
def test_a_byte_more_or_less_is_refused_or_read_as_something_else_or_stands_where_nobody_looks(
    data: st.DataObject,
) -> None:
    whole = encoded(COMPLEX)
    place = data.draw(st.integers(0, len(whole) - 1))
    byte = bytes([data.draw(st.integers(0, 255))])
    edited = (
        whole[:place] + data.draw(st.sampled_from([byte, b"", byte + whole[place : place + 1]])) + whole[place + 1 :]
    )
    try:
        reports = read(edited)
    except (DataError, ProofError):
        return
    if reports == read(whole):
        assert _what_counts(json.loads(edited)) == _what_counts(COMPLEX)


def _what_counts(document: Any) -> Any:
    """Return the parts of a report that its evidence rests on; what a run may leave out is given its default."""
    run = document["runs"][0]
    return (
        document["version"],
        run["tool"]["driver"]["name"].strip(),
        run["tool"]["driver"]["version"].strip(),
        [rule["id"] for rule in run["tool"]["driver"]["rules"]],
        [item["executionSuccessful"] for item in run["invocations"]],
        [item["location"]["uri"] for item in run["artifacts"]],
        [item["ruleId"] for item in run["results"]],
        [item["level"] for item in run["results"]],
        [_places_of(item) for item in run["results"]],
        [bool(item.get("suppressions")) for item in run["results"]],
        [item["revisionId"] for item in run["versionControlProvenance"]],
    )


def _places_of(result: Any) -> list[tuple[str, int]]:
    places = [place["physicalLocation"] for place in result["locations"]]
    return [(place["artifactLocation"]["uri"], place["region"]["startLine"]) for place in places]


@pytest.mark.parametrize("size", [1, 2, 3, 10, 100, 500, 1000])
def test_a_report_that_was_cut_off_is_refused(size: int) -> None:
    whole = encoded(COMPLEX)
    with pytest.raises(DataError):
        read(whole[: len(whole) * size // 1001])


def test_time_grows_with_the_report_and_not_faster() -> None:
    def seconds(count: int) -> float:
        paths = [f"src/{number}.py" for number in range(count)]
        metrics = {path: {"SEVERITY.LOW": 1, "nosec": 0} for path in paths} | {"_totals": {"SEVERITY.LOW": count}}
        document = sarif(
            *paths, results=[result(path) for path in paths], tool="Bandit", properties={"metrics": metrics}
        )
        data = encoded(document)
        start = time.process_time()
        assert len(one(data).results) == count
        return time.process_time() - start

    small = min(seconds(500) for _ in range(3))
    assert min(seconds(4_000) for _ in range(3)) < 8 * 4 * small


def test_the_errors_of_a_report_are_of_two_kinds() -> None:
    assert (ReportError.code, ProofError.code) == (2, 3)
