"""Records of runs are canonical, and what they show is judged by their words alone."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sayso import runs, tables, testmap
from sayso.runs import FAILED, MET, MISSING, STALE, Report, Run, RunError, decode, encode, standing, weigh
from specimens import ROOT

TREE, OTHER = "a" * 40, "b" * 64
RUN = Run("tests:unit", ("pytest", "-q"), TREE, 0, "", Report(passed=("test_a::test_b",)))
RULES = testmap.read_rules(tables.parse((ROOT / "rules" / testmap.FILE).read_text(), testmap.FILE))

names = st.lists(st.text(max_size=10), max_size=4).map(lambda found: tuple(sorted(found)))
reports = st.none() | st.builds(Report, names, names, names, names)
records = st.builds(
    Run,
    st.sampled_from(runs.KINDS),
    st.lists(st.text(max_size=10), min_size=1, max_size=4).map(tuple),
    st.sampled_from((TREE, OTHER)),
    st.integers(-64, 255),
    st.text(max_size=10),
    reports,
)


def test_golden() -> None:
    assert encode(RUN) == (
        b'{"argv":["pytest","-q"],"code":0,"folder":"","format":1,"kind":"tests:unit","tests":{"errored":[],"failed":[],'
        b'"passed":["test_a::test_b"],"skipped":[]},"tree":"' + b"a" * 40 + b'"}'
    )
    assert RUN.id == "5e458eb1b693aed984f641d82eb6906a9bcd7b683b558ebffa4221b1af3b53b6"


@given(records)
def test_round_trip(run: Run) -> None:
    data = encode(run)
    assert decode(data) == run
    assert data.isascii()
    assert b"\n" not in data


@given(records, records)
def test_ids_and_keys(one: Run, other: Run) -> None:
    assert (one.id == other.id) == (one == other)
    same = (one.kind, one.argv, one.folder, one.tree) == (other.kind, other.argv, other.folder, other.tree)
    assert (one.key == other.key) == same
    assert one.key.startswith(f"{one.tree}-")


@given(run=records, seed=st.integers(0, 10**9), byte=st.integers(1, 255))
@settings(max_examples=300)
def test_a_changed_byte_is_refused_or_another_record(run: Run, seed: int, byte: int) -> None:
    data = bytearray(encode(run))
    data[seed % len(data)] ^= byte
    try:
        found = decode(bytes(data))
    except RunError:
        return
    assert found != run
    assert encode(found) == bytes(data)


@given(st.binary(max_size=200))
def test_any_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(RunError):
        decode(data)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5), lambda inner: st.lists(inner, max_size=3)
    )
)
def test_any_values_are_refused(value: object) -> None:
    for key in ("argv", "code", "folder", "kind", "tests", "tree"):
        data = document(**{key: value})
        try:
            assert encode(decode(data)) == data
        except RunError:
            continue


def document(**changed: object) -> bytes:
    return json.dumps(json.loads(encode(RUN)) | changed, sort_keys=True, separators=(",", ":")).encode()


def report(**changed: object) -> Mapping[str, object]:
    return {"errored": [], "failed": [], "passed": [], "skipped": []} | changed


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"[" * 100_000, id="deep"),
        pytest.param(encode(RUN) + b"\n", id="longer"),
        pytest.param(encode(RUN)[:-1], id="shorter"),
        pytest.param(document(format=2), id="format"),
        pytest.param(document(extra=1), id="extra-key"),
        pytest.param(document(kind="tests"), id="kind"),
        pytest.param(document(argv=[]), id="no-command"),
        pytest.param(document(argv="ab"), id="command-as-text"),
        pytest.param(document(argv=[1]), id="number-in-command"),
        pytest.param(document(code=True), id="code-boolean"),
        pytest.param(document(code=0.0), id="code-float"),
        pytest.param(document(tree="../../etc"), id="tree-path"),
        pytest.param(document(tree="A" * 40), id="tree-capitals"),
        pytest.param(document(tree="a" * 41), id="tree-length"),
        pytest.param(document(folder=None), id="folder"),
        pytest.param(document(tests={}), id="no-outcomes"),
        pytest.param(document(tests=[]), id="tests-list"),
        pytest.param(document(tests=report(passed=["b", "a"])), id="not-sorted"),
        pytest.param(document(tests=report(passed="ab")), id="names-as-text"),
        pytest.param(document(tests=report(passed=[["a"]])), id="name-list"),
        pytest.param(document(tests=report(other=[])), id="other-outcome"),
        pytest.param(b'{"a":' * 20_000, id="deep-objects"),
        pytest.param(b" " * ((4 << 20) + 1), id="huge"),
    ],
)
def test_decode_refuses(data: bytes) -> None:
    with pytest.raises(RunError):
        decode(data)


GOOD = RUN
BAD = RUN._replace(argv=("pytest", "a"), code=1, tests=Report(("a::a",), ("a::denies",)))
QUIET = RUN._replace(argv=("make", "test"), tests=None)
NONE = RUN._replace(argv=("pytest", "b"), tests=Report(skipped=("a::a",)))
LINT = Run("lint", ("ruff", "check"), TREE, 0)


@pytest.mark.parametrize(
    ("known", "kind", "status", "says"),
    [
        pytest.param([], "tests:unit", MISSING, "no run of tests:unit on this tree", id="nothing"),
        pytest.param([LINT], "tests:unit", MISSING, "no run of tests:unit", id="other-kind"),
        pytest.param([GOOD], "tests:unit", MET, "`pytest -q` ended well (1 passed)", id="good"),
        pytest.param([GOOD], "tests:e2e", MISSING, "no run of tests:e2e", id="unit-is-not-e2e"),
        pytest.param([QUIET], "tests:unit", MISSING, "no report was given", id="no-report"),
        pytest.param([NONE], "tests:unit", MISSING, "no test ran", id="all-skipped"),
        pytest.param([RUN._replace(tests=Report())], "tests:unit", MISSING, "no test ran", id="zero-tests"),
        pytest.param([GOOD, QUIET, NONE], "tests:unit", MET, "ended well", id="good-beside-empty"),
        pytest.param([GOOD, BAD], "tests:unit", FAILED, "1 failed: a::denies", id="failure-is-not-outvoted"),
        pytest.param([BAD._replace(code=0)], "tests:unit", FAILED, "a::denies", id="failure-with-exit-0"),
        pytest.param(
            [RUN._replace(code=0, tests=Report(("a",), errored=("b",)))],
            "tests:unit",
            FAILED,
            "1 errored: b",
            id="error",
        ),
        pytest.param([RUN._replace(code=-9)], "tests:unit", FAILED, "ended with -9", id="killed"),
        pytest.param([QUIET._replace(code=2)], "tests:unit", FAILED, "ended with 2", id="failed-without-report"),
        pytest.param([LINT], "lint", MET, "`ruff check` ended well", id="lint"),
        pytest.param([LINT._replace(code=1)], "lint", FAILED, "ended with 1", id="lint-fails"),
        pytest.param([LINT._replace(folder="src/")], "lint", MET, "`ruff check` in src/ ended well", id="folder"),
        pytest.param([GOOD._replace(tree=OTHER)], "tests:unit", STALE, f"on another tree: {'b' * 12}, not", id="stale"),
        pytest.param([BAD._replace(tree=OTHER)], "tests:unit", STALE, "ended with 1", id="stale-failure"),
        pytest.param(
            [GOOD._replace(tree=OTHER), BAD._replace(tree=OTHER)],
            "tests:unit",
            STALE,
            f"no run of tests:unit on this tree, {'a' * 12}, but on {'b' * 12}",
            id="stale-twice",
        ),
        pytest.param([BAD._replace(tree=OTHER), GOOD], "tests:unit", MET, "ended well", id="failure-of-another-tree"),
    ],
)
def test_weigh(known: list[Run], kind: str, status: str, says: str) -> None:
    found = weigh(known, kind, TREE)
    assert (found.status, says in " / ".join(found.reasons)) == (status, True), found
    assert weigh(reversed(known), kind, TREE) == found
    ids = {run.id for run in known if run.tree == TREE and run.kind == kind and standing(run) == status}
    assert set(found.evidence) == (ids if status in {MET, FAILED} else set())


@pytest.mark.parametrize(
    ("name", "case"),
    [
        ("tests.test_access::test_denies_a_stranger", "deny"),
        ("AccessTest::returnsForbiddenForOtherTenant", "deny"),
        ("api::GET /users without a token is 401", "deny"),
        ("test_access::test_not_allowed", "deny"),
        ("test_access::test_owner_is_allowed", "allow"),
        ("login::lets a permitted user in", "allow"),
        ("test_parse::test_rejects_bad_dates", "invalid"),
        ("test_parse::test_not_valid", "invalid"),
        ("test_parse::test_it[too_large]", "oversized"),
        ("ParserTest::bodyTooLong", "oversized"),
        ("test_parse::test_SQLInjection", "adversarial"),
        ("test_parse::test_billion_laughs", "adversarial"),
        ("test_parse::test_truncated", "malformed"),
        ("test_session::TestExpiry::test_token_expires", "expiry"),
        ("test_session::test_logs_out", "logout"),
        ("SessionSpec::signsInWithPasskey", "login"),
        ("test_log::test_password_is_redacted", "redaction"),
        ("test_tool::test_disallowed_tool_is_blocked", "blocked"),
        ("test_audit::test_records_who_did_it", "audit"),
        ("テスト::権限がない場合は拒否される", "deny"),
        ("测试::无效输入", "invalid"),
    ],
)
def test_a_name_shows_a_case(name: str, case: str) -> None:
    shown = RUN._replace(tests=Report(passed=(name,)))
    assert weigh([shown], "tests:unit", TREE, testmap.cases([case], RULES)).status == MET


@pytest.mark.parametrize(
    ("name", "case"),
    [
        ("test_access::test_denies", "allow"),
        ("test_access::test_not_allowed", "allow"),
        ("test_access::test_does_not_allow_strangers", "allow"),
        ("test_access::test_disallowed", "allow"),
        ("test_access::test_owner", "deny"),
        ("test_parse::test_not_valid", "valid"),
        ("test_parse::test_invalid", "valid"),
        ("test_parse::test_valid", "invalid"),
        ("test_blog::test_dialogin", "login"),
        ("test_port::test_4010", "deny"),
        ("test_parse::test_parse", "adversarial"),
        ("test_blog::test_catalogue", "audit"),
    ],
)
def test_a_name_does_not_show_a_case(name: str, case: str) -> None:
    shown = RUN._replace(tests=Report(passed=(name,)))
    found = weigh([shown], "tests:unit", TREE, testmap.cases([case], RULES))
    assert found.status == MISSING
    assert f"no test that passed shows the case {case}: its name would have one of: " in found.reasons[0]


@pytest.mark.parametrize("outcome", ["skipped", "failed", "errored"])
def test_only_what_passed_shows_a_case(outcome: str) -> None:
    shown = RUN._replace(tests=Report(passed=("a::a",))._replace(**{outcome: ("a::denied",)}))
    assert weigh([shown], "tests:unit", TREE, {"deny": ("denied",)}).status != MET


def test_cases_are_shown_by_several_runs_together_and_all_that_lack_are_named() -> None:
    one = RUN._replace(argv=("a",), tests=Report(passed=("t::test_denied",)))
    two = RUN._replace(argv=("b",), tests=Report(passed=("t::test_allowed",)))
    asked = testmap.cases(["allow", "deny"], RULES)
    assert weigh([one, two], "tests:unit", TREE, asked).status == MET
    lacking = weigh([one], "tests:unit", TREE, testmap.cases(["allow", "malformed", "deny", "oversized"], RULES))
    assert [reason.split(":")[0].split()[-1] for reason in lacking.reasons] == ["allow", "malformed", "oversized"]


def test_a_case_of_the_policys_own_is_shown_by_its_words() -> None:
    asked = testmap.cases(["wrong-tenant"], RULES)
    shown = RUN._replace(tests=Report(passed=("t::test_wrongTenant",)))
    assert weigh([shown], "tests:unit", TREE, asked).status == MET
    assert weigh([RUN], "tests:unit", TREE, asked).status == MISSING


def test_every_default_case_has_words() -> None:
    document = tomllib.loads((ROOT / "rules" / testmap.FILE).read_text())
    assert set(document["cases"]) >= {
        *("valid", "invalid", "malformed", "oversized", "adversarial", "allow", "deny"),
        *("login", "logout", "expiry", "redaction", "blocked", "audit"),
    }


def test_many_names_are_weighed_in_time() -> None:
    import time

    many: Sequence[str] = tuple(f"tests.test_module_{n}.TestThing::test_it_does_thing_{n}" for n in range(20_000))
    before = time.process_time()
    found = weigh([RUN._replace(tests=Report(passed=tuple(many)))], "tests:unit", TREE, RULES.cases)
    assert found.status == MISSING
    assert time.process_time() - before < 15


def test_a_long_command_is_cut() -> None:
    assert len(RUN._replace(argv=("echo", "x" * 5000)).command) < 130
