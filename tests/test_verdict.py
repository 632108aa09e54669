from __future__ import annotations

import itertools

import pytest

from sayso.verdict import CODE_SCAN, SECRET_SCAN, Claimed, Proof, Status, judge

SQL, XSS = 89, 79
COVERS = frozenset({SQL, XSS})


def proofs(code: str, secret: str) -> list[Proof]:
    """What the two checks know of ``a.py``: clean, found, gap, curable, foreign, blind (covers nothing) or none."""
    known = []
    for check, state, rule, cwe in ((CODE_SCAN, code, "python-sql", SQL), (SECRET_SCAN, secret, "secret-x", 798)):
        base = Proof(check, "a.py", covers=COVERS if check == CODE_SCAN else frozenset())
        match state:
            case "clean":
                known.append(base._replace(evidence=f"{check}-evidence"))
            case "found":
                known.append(base._replace(evidence=f"{check}-evidence", findings=((rule, 3, (cwe,)),)))
            case "gap":
                known.append(base._replace(gap="binary"))
            case "curable":
                known.append(base._replace(gap="no evidence", curable=True))
            case "foreign":
                known.append(base._replace(foreign=True))
            case "blind":
                known.append(base._replace(evidence=f"{check}-evidence", covers=frozenset()))
            case _:
                pass
    return known


S, U, C = Status.SUPPORTED, Status.UNSUPPORTED, Status.CONTRADICTED
STATES = ("clean", "found", "gap", "curable", "foreign", "none")


def expected_of(state: str) -> Status:
    """For a claim that rests on one check alone."""
    return {"clean": S, "found": C}.get(state, U)


@pytest.mark.parametrize(("code", "secret"), [*itertools.product(STATES, STATES)])
def test_every_kind_by_every_state(code: str, secret: str) -> None:
    known = proofs(code, secret)
    both = {code, secret}
    general = C if "found" in both else S if code == "clean" and secret in {"clean", "foreign", "none"} else U
    either = C if "found" in both else U if both & {"gap", "curable"} else S if "clean" in both else U
    assert judge(Claimed("general"), known).status is general
    assert judge(Claimed("scanner", tools=("semgrep",)), known).status is expected_of(code)
    assert judge(Claimed("scanner", tools=("sast",)), known).status is expected_of(code)
    assert judge(Claimed("scanner", tools=("detect-secrets",)), known).status is expected_of(secret)
    assert judge(Claimed("scanner", tools=("scanner",)), known).status is either
    assert judge(Claimed("scanner"), known).status is either
    assert judge(Claimed("secrets"), known).status is expected_of(secret)
    assert judge(Claimed("class", cwes=(SQL,)), known).status is expected_of(code)
    assert judge(Claimed("class", cwes=(XSS,)), known).status is (S if code in {"clean", "found"} else U)
    for kind in ("dependencies", "tests", "review"):
        assert judge(Claimed(kind), known).status is U
    assert judge(Claimed("absolute"), known).status is Status.UNSUPPORTABLE
    assert judge(Claimed("confidence"), known).status is Status.NOTED


def test_a_class_that_no_rule_looks_for_is_unsupported() -> None:
    ruling = judge(Claimed("class", cwes=(SQL, 416)), proofs("clean", "clean"))
    assert (ruling.status, ruling.reasons) == (U, ("a.py: code-scan has no rule for CWE-416 there",))
    assert judge(Claimed("class", cwes=(SQL,)), proofs("blind", "clean")).status is U


def test_a_class_that_was_found_is_contradicted_whatever_else_is_covered() -> None:
    assert judge(Claimed("class", cwes=(SQL, 416)), proofs("found", "clean")).status is C


def test_a_scanner_of_others_that_examined_nothing_supports_nothing() -> None:
    ruling = judge(Claimed("scanner", tools=("codeql", "semgrep")), proofs("clean", "clean"))
    assert (ruling.status, ruling.reasons) == (U, ("the change holds nothing that codeql examines",))


IMPORTED = Proof("codeql", "a.py", imported=True)
CLEAN_REPORT = IMPORTED._replace(evidence="codeql-evidence")
REPORT_WITH_RESULT = CLEAN_REPORT._replace(findings=(("error:py/x", 3, ()),))
NO_REPORT = IMPORTED._replace(gap="no report of codeql for its content")


@pytest.mark.parametrize(
    ("tools", "report", "code", "status"),
    [
        pytest.param(("codeql",), CLEAN_REPORT, "found", S, id="our-own-scan-plays-no-part"),
        pytest.param(("codeql",), REPORT_WITH_RESULT, "clean", C, id="report-with-a-result"),
        pytest.param(("codeql",), NO_REPORT, "clean", U, id="no-report"),
        pytest.param(("codeql", "semgrep"), CLEAN_REPORT, "clean", S, id="both-clean"),
        pytest.param(("codeql", "semgrep"), CLEAN_REPORT, "found", C, id="the-other-found"),
        pytest.param(("codeql", "semgrep"), CLEAN_REPORT, "gap", U, id="the-other-has-a-gap"),
        pytest.param(("codeql", "bandit"), CLEAN_REPORT, "clean", U, id="the-other-has-nothing"),
        pytest.param(("bandit",), CLEAN_REPORT, "clean", U, id="report-of-another-tool"),
        pytest.param(("semgrep",), CLEAN_REPORT, "gap", U, id="report-of-another-tool-closes-no-gap"),
        pytest.param(("semgrep",), CLEAN_REPORT._replace(check="semgrep"), "gap", S, id="own-report-closes-a-gap"),
        pytest.param(
            ("semgrep",), REPORT_WITH_RESULT._replace(check="semgrep"), "clean", C, id="own-report-contradicts"
        ),
        pytest.param(("semgrep",), CLEAN_REPORT._replace(check="semgrep"), "found", C, id="own-scan-contradicts"),
    ],
)
def test_imported_reports_count_for_their_tool(
    tools: tuple[str, ...], report: Proof, code: str, status: Status
) -> None:
    assert judge(Claimed("scanner", tools=tools), [*proofs(code, "clean"), report]).status is status


def test_what_lacks_a_report_says_which() -> None:
    ruling = judge(Claimed("scanner", tools=("codeql",)), [NO_REPORT, CLEAN_REPORT._replace(path="b.py")])
    assert ruling.reports == (("codeql", "a.py"),)
    assert ruling.reasons == ("a.py: no report of codeql for its content",)


@pytest.mark.parametrize("kind", ["general", "class", "secrets"])
@pytest.mark.parametrize(
    "report", [CLEAN_REPORT, REPORT_WITH_RESULT, NO_REPORT, CLEAN_REPORT._replace(check=CODE_SCAN)]
)
def test_imported_reports_are_nothing_to_any_other_claim(kind: str, report: Proof) -> None:
    for code, secret in itertools.product(STATES, STATES):
        claim, known = Claimed(kind, cwes=(SQL,)), proofs(code, secret)
        assert judge(claim, [*known, report]) == judge(claim, known)


@pytest.mark.parametrize(("code", "status"), [("clean", U), ("curable", U), ("found", C)])
def test_a_changed_manifest_needs_a_dependency_scan(code: str, status: Status) -> None:
    ruling = judge(Claimed("general"), proofs(code, "clean"), ["package.json"])
    assert ruling.status is status
    assert ruling.evidence == ()
    if status is U:
        assert "package.json changed, and there is no dependency scan" in ruling.reasons


def test_many_manifests_are_not_all_named() -> None:
    ruling = judge(Claimed("general"), proofs("clean", "clean"), [f"{number}.lock" for number in range(5)])
    assert ruling.reasons == ("0.lock, 1.lock, 2.lock and 2 more changed, and there is no dependency scan",)


def test_nothing_known_supports_nothing() -> None:
    for kind in ("general", "class", "scanner", "secrets"):
        assert judge(Claimed(kind, cwes=(SQL,)), []).status is U


def test_one_file_that_is_not_examined_spoils_the_rest() -> None:
    known = [*proofs("clean", "clean"), Proof(CODE_SCAN, "b.py", gap="too large")]
    ruling = judge(Claimed("general"), known)
    assert (ruling.status, ruling.reasons) == (U, ("b.py: too large",))


def test_a_document_beside_code_does_not_spoil_it() -> None:
    known = [
        *proofs("clean", "clean"),
        Proof(CODE_SCAN, "a.md", foreign=True),
        Proof(SECRET_SCAN, "a.md", evidence="e"),
    ]
    ruling = judge(Claimed("general"), known)
    assert (ruling.status, ruling.evidence) == (S, ("code-scan-evidence", "secret-scan-evidence", "e"))


def test_cures_are_what_can_be_cured() -> None:
    known = [*proofs("curable", "clean"), Proof(CODE_SCAN, "b.py", gap="too large")]
    assert judge(Claimed("general"), known).cures == ((CODE_SCAN, "a.py"),)
    assert judge(Claimed("general"), proofs("found", "curable")).cures == ()


def test_reasons_name_rule_place_and_evidence() -> None:
    ruling = judge(Claimed("general"), proofs("found", "clean"))
    assert ruling.reasons == ("code-scan found python-sql at a.py:3 (evidence code-scan-ev)",)


LOOKED_UP = Proof("dependency-scan", "requirements.txt", "dependency-evidence")


@pytest.mark.parametrize(
    ("dependencies", "status", "general"),
    [
        pytest.param([LOOKED_UP], S, S, id="clean"),
        pytest.param([LOOKED_UP._replace(findings=(("advisory-x-1", 3, ()),))], C, C, id="vulnerable"),
        pytest.param([LOOKED_UP, LOOKED_UP._replace(evidence="", gap="line 2: x is not pinned")], U, U, id="gap"),
        pytest.param([LOOKED_UP._replace(evidence="", foreign=True)], U, S, id="nothing-in-it"),
        pytest.param([], U, U, id="not-looked-up"),
        pytest.param([LOOKED_UP._replace(path="other.txt")], U, U, id="another-file"),
    ],
)
def test_dependencies_rest_on_their_scan(dependencies: list[Proof], status: Status, general: Status) -> None:
    known = [*proofs("clean", "clean"), *dependencies]
    assert judge(Claimed("dependencies"), known, ["requirements.txt"]).status is status
    assert judge(Claimed("general"), known, ["requirements.txt"]).status is general
    assert judge(Claimed("secrets"), known, ["requirements.txt"]).status is S


def test_a_claim_that_names_pip_audit_rests_on_its_own_answer_alone() -> None:
    by_us = [LOOKED_UP, LOOKED_UP._replace(check="pip-audit", evidence="", gap="its advisories were matched by sayso")]
    assert judge(Claimed("scanner", tools=("pip-audit",)), by_us).status is U
    assert judge(Claimed("dependencies"), by_us).status is S
    assert judge(Claimed("scanner", tools=("pip-audit",)), [LOOKED_UP._replace(check="pip-audit")]).status is S
