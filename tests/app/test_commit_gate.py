"""The gate at the message, through real commits: what is owed, what is there, and what refuses."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path
from typing import Any

import pytest

import specimens
from specimens import BY_TOOL
from tools.repo import Repo

PYTEST = "sayso run {kind} -- pytest -q -p no:cacheprovider --junitxml={{junit}} {tests}"


def record(repo: Repo, kind: str, tests: str) -> None:
    """Record a run whose report names the tests of some files, as a runner would; real ones run in the first story."""
    files = sorted((repo.path / tests).rglob("test_*.py")) if (repo.path / tests).is_dir() else [repo.path / tests]
    names = [name for file in files for name in re.findall(r"def (test_\w+)", file.read_text())]
    report = "".join(f'<testcase classname="t" name="{name}"/>' for name in names)
    script = f"printf %s '<testsuite>{report}</testsuite>' > \"$1\""
    repo.run("sayso", "run", kind, "--", "sh", "-c", script, "sh", "{junit}", check=True)


def play(repo: Repo, kind: str, tests: str) -> None:
    """Run the tests themselves."""
    repo.run(*shlex.split(PYTEST.format(kind=kind, tests=tests)), check=True)


def approve(repo: Repo, key: Path, *paths: str) -> None:
    repo.run("sayso", "approve", "--yes", "--key", str(key), "--as", "rita@example.org", "--", *paths, check=True)


def verdict(repo: Repo, message: str) -> dict[str, Any]:
    """What the gate says of a message about what is staged, by kind of evidence."""
    repo.write(".git/COMMIT_EDITMSG", message)
    done = repo.sayso("commit-gate", "--format", "json", ".git/COMMIT_EDITMSG")
    report = json.loads(done.stdout)
    kinds = [item for item in report["findings"] if item["rule"].startswith("owed-")]
    return {"code": done.returncode, **{item["kind"]: item["status"] for item in kinds}}


def change_login(repo: Repo) -> None:
    repo.stage("src/auth/login.py", specimens.LOGIN.replace("None", "False"))
    repo.stage("tests/test_login.py", specimens.LOGIN_TESTS.replace("word", "password"))


def test_a_copy_fix_owes_scans_and_no_more(gated: Repo) -> None:
    gated.commit("Begin")
    gated.stage("README.md", "Words.\n")
    landed, out = gated.try_commit("Fix a word")
    assert landed
    assert "commit-gate: passed" in out
    assert "secret-scan" in out
    gated.stage("README.md", "Other words.\n")
    gated.sayso("sayso")
    assert verdict(gated, "Fix" + BY_TOOL) == {"code": 0, "code-scan": "met", "secret-scan": "met"}


def test_login_by_a_tool_owes_scans_tests_and_a_persons_approval(reviewed: Repo, signing_key: Path) -> None:
    repo = reviewed
    change_login(repo)
    landed, out = repo.try_commit("Answer with False" + BY_TOOL)
    assert not landed
    assert "commit-gate: REFUSED: 3 things owed\n" in out
    assert "(duties authentication-tests, changed-tests)" in out
    assert "(duty review-of-ai)" in out
    assert "sayso run tests:unit -- pytest" in out
    assert "shown by passing tests named for: login, logout, expiry" in out
    assert "sayso approve" in out
    assert "git commit -e -F" in out

    play(repo, "tests:unit", "tests/test_login.py")
    play(repo, "tests:e2e", "tests/e2e")
    landed, out = repo.try_commit("Answer with False" + BY_TOOL)
    assert not landed
    assert "REFUSED: 1 thing owed" in out

    approve(repo, signing_key, "src/auth/login.py", "tests/test_login.py")
    landed, out = repo.try_commit("Answer with False" + BY_TOOL)
    assert landed, out
    assert "human-review" in out
    assert "REFUSED" not in out


def test_one_byte_after_the_approval_ends_it(reviewed: Repo, signing_key: Path) -> None:
    change_login(reviewed)
    reviewed.sayso("sayso")
    approve(reviewed, signing_key, "src/auth/login.py", "tests/test_login.py")
    assert verdict(reviewed, "Change" + BY_TOOL)["human-review"] == "met"
    reviewed.stage("src/auth/login.py", reviewed.read("src/auth/login.py") + "\n")
    assert verdict(reviewed, "Change" + BY_TOOL)["human-review"] == "missing"


def test_approvals_of_other_bytes_are_counted_and_not_listed(reviewed: Repo, signing_key: Path) -> None:
    reviewed.sayso("sayso")
    for word in ("True", "0", "1"):
        reviewed.stage("src/auth/login.py", specimens.LOGIN.replace("None", word))
        approve(reviewed, signing_key, "src/auth/login.py")
    reviewed.stage("src/auth/login.py", specimens.LOGIN.replace("None", "2"))
    out = reviewed.try_commit("Change" + BY_TOOL)[1]
    assert "; 3 approvals are of other bytes than these\n" in out
    assert "with other bytes" not in out


def test_a_person_names_the_first_signer_as_the_gate_says(gated: Repo, signing_key: Path) -> None:
    line = f'dev@example.org namespaces="sayso-approval@1" {signing_key.with_suffix(".pub").read_text()}'
    gated.commit("Begin")
    gated.stage(".sayso/allowed_signers", line)
    landed, out = gated.try_commit("Name whose approvals count")
    assert landed, out
    gated.stage(".sayso/allowed_signers", line * 2)
    landed, out = gated.try_commit("Name one more" + BY_TOOL)
    assert not landed
    assert "MISSING    human-review" in out


def test_whoever_names_themselves_a_signer_in_the_change_is_none(gated: Repo, signing_key: Path) -> None:
    gated.stage("src/auth/login.py", specimens.LOGIN)
    gated.commit("Begin")
    change_login(gated)
    public = signing_key.with_suffix(".pub").read_text()
    gated.stage(".sayso/allowed_signers", f"rita@example.org {public}")
    gated.run("sayso", "approve", "--yes", "--key", str(signing_key), "--as", "rita@example.org", check=False)
    assert verdict(gated, "Change" + BY_TOOL)["human-review"] == "missing"


def test_whoever_names_themselves_a_reviewer_in_the_change_is_none(reviewed: Repo) -> None:
    change_login(reviewed)
    person = '[[person]]\nname = "Rita Viewer"\nemails = ["rita@example.org"]\n'
    reviewed.stage(
        "sayso.toml",
        f'{person}[[relax]]\nrule = "review.signed"\nreason = "x"\nowner = "y"\n'
        'expires = 2999-01-01\n[review]\nsigned = "none"\n',
    )
    said = verdict(reviewed, "Change\n\nReviewed-by: Rita Viewer <rita@example.org>" + BY_TOOL.lstrip("\n"))
    assert said["human-review"] == "missing"


@pytest.mark.parametrize(
    ("change", "status"),
    [
        pytest.param("def test_x():\n    assert False\n", "failed", id="failing-tests"),
        pytest.param("", "missing", id="no-tests"),
        pytest.param("import pytest\n\n\n@pytest.mark.skip\ndef test_x():\n    pass\n", "missing", id="skipped-tests"),
    ],
)
def test_a_run_that_shows_nothing_satisfies_nothing(reviewed: Repo, change: str, status: str) -> None:
    change_login(reviewed)
    reviewed.stage("tests/test_login.py", change)
    reviewed.run(*shlex.split(PYTEST.format(kind="tests:unit", tests="tests/test_login.py")), check=False)
    assert verdict(reviewed, "Change")["tests:unit"] == status


def test_a_run_on_another_tree_satisfies_nothing(reviewed: Repo) -> None:
    change_login(reviewed)
    record(reviewed, "tests:unit", "tests/test_login.py")
    assert verdict(reviewed, "Change")["tests:unit"] == "met"
    reviewed.stage("other.txt", "x\n")
    assert verdict(reviewed, "Change")["tests:unit"] == "missing"


def test_a_command_that_was_a_mistake_can_be_taken_back_as_it_says(reviewed: Repo) -> None:
    change_login(reviewed)
    reviewed.run("sayso", "run", "tests:unit", "--", "false", "no/such", check=False)
    record(reviewed, "tests:unit", "tests/test_login.py")
    reviewed.sayso("sayso")
    out = reviewed.try_commit("Change")[1]
    assert "FAILED     tests:unit" in out
    assert "next: # make it pass\n" in out
    back = re.search(r"# if that was not the command to give: (.*)", out)
    assert back
    assert reviewed.run("sh", "-c", back[1]).returncode == 0
    assert verdict(reviewed, "Change")["tests:unit"] == "met"


def test_code_that_changed_without_its_tests_owes_them(reviewed: Repo) -> None:
    reviewed.stage("src/auth/login.py", specimens.LOGIN.replace("None", "False"))
    record(reviewed, "tests:unit", "tests/test_login.py")
    landed, out = reviewed.try_commit("Change")
    assert not landed
    assert "src/auth/login.py changed, and no test of it did" in out


def test_a_folder_that_becomes_a_package_owes_no_tests(gated: Repo) -> None:
    gated.commit("Begin")
    gated.stage("src/auth/__init__.py", "")
    landed, out = gated.try_commit("Make it a package")
    assert landed, out
    assert "authentication  src/auth/__init__.py" in out
    gated.stage("src/auth/__init__.py", "from src.auth.login import login\n")
    assert "MISSING    tests:e2e" in gated.try_commit("Export it")[1]


def test_a_policy_can_let_a_persons_code_change_without_its_tests(reviewed: Repo) -> None:
    reviewed.stage("sayso.toml", '[gate]\ntests-change = "ai"\n' + specimens.relaxed("gate.tests-change"))
    reviewed.commit("Let refactoring be")
    reviewed.stage("src/auth/login.py", specimens.LOGIN.replace("None", "False"))
    record(reviewed, "tests:unit", "tests/test_login.py")
    reviewed.sayso("sayso")
    assert verdict(reviewed, "Change")["tests:unit"] == "met"
    assert verdict(reviewed, "Change" + BY_TOOL)["tests:unit"] == "missing"


def test_end_to_end_tests_must_show_the_cases(reviewed: Repo) -> None:
    change_login(reviewed)
    reviewed.stage("tests/e2e/test_login_flow.py", "def test_login():\n    pass\n")
    record(reviewed, "tests:e2e", "tests/e2e")
    reviewed.sayso("sayso")
    landed, out = reviewed.try_commit("Change")
    assert not landed
    assert "no test that passed shows the case logout" in out


def test_nobody_scanned_these_bytes(repo: Repo) -> None:
    repo.stage("a.py", specimens.SAFE)
    assert verdict(repo, "Add a") == {"code": 1, "code-scan": "missing", "secret-scan": "missing"}
    repo.sayso("sayso")
    assert verdict(repo, "Add a") == {"code": 0, "code-scan": "met", "secret-scan": "met"}


@pytest.mark.parametrize(
    ("variables", "command"),
    [
        pytest.param({}, "sayso code-scan -- a.py", id="none"),
        pytest.param({"PRE_COMMIT": "1"}, "pre-commit run sayso --files a.py", id="pre-commit"),
        pytest.param({"PRE_COMMIT": "1", "PREK_HOOK_STAGE": "x"}, "prek run sayso --files a.py", id="prek"),
    ],
)
def test_the_scan_that_is_asked_for_is_one_that_the_runner_knows(
    repo: Repo, variables: dict[str, Any], command: str
) -> None:
    repo.stage("a.py", specimens.SAFE)
    repo.write(".git/COMMIT_EDITMSG", "Add a")
    out = repo.output("sayso", "commit-gate", ".git/COMMIT_EDITMSG", **variables)[1]
    assert f"next: {command}\n" in out


def test_what_a_scan_found_refuses_even_where_nothing_is_enforced(repo: Repo) -> None:
    relax = '[[relax]]\nrule = "gate.enforce"\nreason = "trial"\nowner = "Dev Eloper"\nexpires = 2999-01-01\n'
    repo.stage("sayso.toml", f'[gate]\nenforce = "none"\n{relax}')
    repo.commit()
    repo.stage("a.py", specimens.SAFE)
    assert verdict(repo, "Add a")["code"] == 0
    repo.stage("a.py", specimens.INSECURE)
    repo.sayso("sayso")
    said = verdict(repo, "Add a")
    assert (said["code"], said["code-scan"]) == (1, "failed")


def test_an_amended_commit_is_judged_as_a_whole(reviewed: Repo) -> None:
    change_login(reviewed)
    reviewed.commit("Change")
    landed, out = reviewed.try_commit("Change it", "--amend")
    assert not landed
    assert "tests:unit" in out


def test_confidence_satisfies_nothing(reviewed: Repo) -> None:
    change_login(reviewed)
    reviewed.sayso("sayso")
    plain = verdict(reviewed, "Change")
    assert verdict(reviewed, "Change\n\nConfidence: 0.99. I am certain that this is right.\n") == plain


def test_a_required_hook_that_did_not_report_refuses(gated: Repo) -> None:
    gated.commit("Begin")
    gated.stage("sayso.toml", '[gate]\nrequired-hooks = ["sayso"]\n')
    landed, _ = gated.try_commit("Require it")
    assert landed
    gated.stage("a.py", specimens.SAFE)
    assert "gate-hook-missing" in gated.sayso("commit-gate", _message(gated)).stdout.decode()
    assert gated.try_commit("Add a")[0]


def _message(repo: Repo) -> str:
    return str(repo.write(".git/COMMIT_EDITMSG", "Add a\n"))


def test_what_the_hook_before_found_is_not_looked_for_again_and_not_believed_of_other_bytes(reviewed: Repo) -> None:
    change_login(reviewed)
    reviewed.sayso("sayso")
    known = verdict(reviewed, "Change" + BY_TOOL)
    kept = list((reviewed.path / ".git/sayso/examined").rglob("*"))
    assert kept
    for path in kept:
        if path.is_file():
            path.write_text("damaged")
    assert verdict(reviewed, "Change" + BY_TOOL) == known


def test_a_policy_that_a_change_loosens_is_said(reviewed: Repo) -> None:
    reviewed.stage("sayso.toml", "[change-size]\nlines = 10\n")
    reviewed.commit()
    reviewed.stage("sayso.toml", "[change-size]\nlines = 500\n")
    landed, out = reviewed.try_commit("Allow more")
    assert not landed
    assert "policy-loosened" in out


def test_claims_of_tests_and_reviews_rest_on_records(reviewed: Repo, signing_key: Path) -> None:
    change_login(reviewed)
    reviewed.sayso("sayso")

    def statuses(message: str) -> set[str]:
        reviewed.write(".git/COMMIT_EDITMSG", message)
        report = json.loads(reviewed.sayso("secure-claims", "--format", "json", ".git/COMMIT_EDITMSG").stdout)
        return {item["status"] for item in report["findings"] if "status" in item}

    tests, review = "Change\n\nAll security tests pass.\n", "Change\n\nSecurity review: PASS.\n"
    assert statuses(tests) == {"unsupported"}
    assert statuses(review) == {"unsupported"}
    approve(reviewed, signing_key, "src/auth/login.py", "tests/test_login.py")
    record(reviewed, "tests:unit", "tests/test_login.py")
    assert statuses(tests) == {"supported"}
    assert statuses(review) == {"supported"}


def test_what_pins_no_version_is_no_matter_of_advisories(gated: Repo) -> None:
    gated.commit("Begin")
    gated.stage(".npmrc", "save-exact=true\n")
    gated.sayso("sayso")
    said = verdict(gated, "Save exact versions")
    assert (said["code"], said["dependency-scan"]) == (0, "met")
    gated.commit("Save exact versions")
    assert gated.sayso("verify", "HEAD~1..HEAD").returncode == 0


def test_an_approval_that_came_with_an_earlier_change_is_spent(reviewed: Repo, signing_key: Path) -> None:
    change_login(reviewed)
    approve(reviewed, signing_key, "src/auth/login.py", "tests/test_login.py")
    reviewed.commit("Answer with False")
    changed = reviewed.read("src/auth/login.py")
    reviewed.stage("src/auth/login.py", specimens.LOGIN)
    reviewed.commit("Repair it")
    reviewed.stage("src/auth/login.py", changed)
    out = _said(reviewed, "Answer with False again" + BY_TOOL)
    assert "MISSING    human-review" in out
    assert "came with an earlier change" in out


def _said(repo: Repo, message: str) -> str:
    repo.write(".git/COMMIT_EDITMSG", message)
    return repo.sayso("commit-gate", ".git/COMMIT_EDITMSG").stdout.decode()


def test_a_relaxation_that_comes_with_the_change_spares_it_nothing(reviewed: Repo) -> None:
    change_login(reviewed)
    duties = ("review-of-ai", "review-of-ai-gate", "authentication-tests", "changed-tests")
    reviewed.stage("sayso.toml", specimens.relaxed(*duties, "gate.enforce") + '[gate]\nenforce = "none"\n')
    said = verdict(reviewed, "Change" + BY_TOOL)
    assert said["code"] == 1
    assert {said[kind] for kind in ("tests:unit", "tests:e2e", "human-review")} == {"missing"}
    reviewed.commit("Relax it first")
    reviewed.stage("src/auth/login.py", specimens.LOGIN.replace("None", "0"))
    reviewed.sayso("sayso")
    assert verdict(reviewed, "Change" + BY_TOOL)["code"] == 0


def test_end_to_end_tests_are_asked_for_where_the_project_has_them(reviewed: Repo) -> None:
    change_login(reviewed)
    assert "sayso run tests:e2e -- pytest --junitxml={junit} tests/e2e\n" in _said(reviewed, "Change")
    reviewed.git("rm", "-q", "-r", "tests/e2e")
    assert "--junitxml={junit} PATH   # your end-to-end tests" in _said(reviewed, "Change")


def test_a_lock_that_nobody_reads_is_not_examined_in_ci(reviewed: Repo) -> None:
    start = reviewed.head()
    reviewed.stage("package-lock.json", '{"lockfileVersion": 3, "packages": {}}\n')
    reviewed.commit("Lock")
    done = reviewed.sayso("verify", f"{start}..HEAD")
    assert done.returncode == 1
    assert "MISSING    dependency-scan" in done.stdout.decode()
    assert "npm audit" in done.stdout.decode()
