"""``sayso import``, and the claims that rest on it, through the console script."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reports_of_others import npm_audit, osv_scanner, pip_audit, result, sarif
from specimens import SAFE
from tools.osv import advisory, serving
from tools.repo import Repo

VULNERABLE = "import subprocess\n\n\ndef run(command):\n    subprocess.call(command, shell=True)\n"
CLAIM = "CodeQL: 0 alerts"
BIN = Path(sys.executable).parent


def save(repo: Repo, document: Any, name: str = "../report.json") -> str:
    """Write a report outside the work tree, a moment after everything else."""
    repo.write(name, document if isinstance(document, bytes) else json.dumps(document))
    later = time.time_ns() + 10_000_000
    os.utime(repo.path / name, ns=(later, later))
    return name


def git_blob(content: str) -> str:
    """Return the id that git gives a file."""
    data = content.encode()
    return hashlib.sha1(b"blob %d\0%s" % (len(data), data)).hexdigest()


def imported(repo: Repo, document: Any, *args: str, code: int = 0) -> str:
    """Import a report; return all that was printed."""
    got, said = repo.output("sayso", "import", save(repo, document), *args)
    assert got == code, said
    return said


def records(repo: Repo) -> list[dict[str, Any]]:
    """Return the evidence that is kept."""
    return [json.loads(line) for line in repo.sayso("evidence", "show", "--format", "json").stdout.splitlines()]


def verdict(repo: Repo, words: str = CLAIM) -> dict[str, Any]:
    """Judge a message; return what was found of its only claim."""
    message = repo.path.parent / "message.txt"
    message.write_text(f"Change it\n\n{words}\n")
    report = json.loads(repo.sayso("secure-claims", "--message", str(message), "--format", "json").stdout)
    (finding,) = report["findings"]
    return {**finding, "notes": report["notes"]}


def staged(repo: Repo, **files: str) -> None:
    for name, content in files.items():
        repo.stage(name.replace("_", "."), content)


def test_a_claim_rests_on_the_tools_own_report(repo: Repo) -> None:
    staged(repo, a_py=SAFE, b_py=VULNERABLE, README_md="Words.\n")
    before = verdict(repo)
    assert (before["status"], before["next"]) == ("unsupported", "sayso import codeql.sarif")
    imported(repo, sarif("a.py"))
    assert verdict(repo)["message"].endswith("b.py: no report of codeql for its content")
    imported(repo, sarif("a.py", "b.py"))
    after = verdict(repo)
    assert (after["status"], after["severity"]) == ("supported", "note")
    assert any("codeql 2.20.1: an imported report, which cannot be derived again" in note for note in after["notes"])
    imported(repo, sarif("a.py", "b.py", results=[result("b.py", 5, level="note")]))
    found = verdict(repo)
    assert found["status"] == "contradicted"
    assert "codeql found note:py/example at b.py:5" in found["message"]


@pytest.mark.parametrize(
    "words", ["This is secure.", "Semgrep clean", "gosec passed", "No secrets found", "SAST passed"]
)
def test_a_report_supports_no_other_claim(repo: Repo, words: str) -> None:
    staged(repo, a_py=SAFE, b_go="package b\n")
    assert verdict(repo, words)["status"] == "unsupported"
    imported(repo, sarif("a.py", "b.go"))
    assert verdict(repo)["status"] == "supported"
    assert verdict(repo, words)["status"] == "unsupported"


def test_a_byte_more_and_the_report_is_of_something_else(repo: Repo) -> None:
    staged(repo, a_py=SAFE)
    imported(repo, sarif("a.py"))
    repo.stage("a.py", SAFE + "\n")
    assert verdict(repo)["status"] == "unsupported"
    repo.git("mv", "-f", "a.py", "moved.py")
    repo.stage("moved.py", SAFE)
    assert verdict(repo)["status"] == "supported"


def test_a_suppressed_result_contradicts(repo: Repo) -> None:
    staged(repo, a_py=VULNERABLE)
    said = imported(repo, sarif("a.py", results=[result("a.py", 5, suppressions=[{"kind": "inSource"}])]))
    assert "1 of them suppressed, which counts all the same" in said
    assert verdict(repo)["status"] == "contradicted"


def test_the_last_import_of_a_tool_is_the_one_that_counts(repo: Repo) -> None:
    staged(repo, a_py=VULNERABLE)
    imported(repo, sarif("a.py", results=[result("a.py", 5)]))
    imported(repo, sarif("a.py"))
    assert [record["outcome"] for record in records(repo)] == ["clear"]


def test_what_is_printed(repo: Repo) -> None:
    staged(repo, a_py=VULNERABLE, b_py=SAFE, c_py="c = 1\n", README_md="Words.\n")
    document = sarif("a.py", "b.py", "generated.py", results=[result("a.py", 5)])
    said = imported(repo, document)
    kept = {record["outcome"]: record["id"][:12] for record in records(repo)}
    assert said.splitlines() == [
        "codeql 2.20.1: 2 files with evidence, 2 rules, 1 found (1 error)",
        f"  evidence {kept['found']}  a.py: error:py/example:5",
        f"  evidence {kept['clear']}  b.py: clear",
        "  1 file not tracked, and no evidence: generated.py",
        "  1 file that it can examine, not covered: c.py",
    ]
    shown = json.loads(imported(repo, document, "--format", "json"))
    assert (shown["version"], shown["tools"], shown["rules"]) == (1, ["codeql"], 2)
    assert [item["path"] for item in shown["evidence"]] == ["a.py", "b.py"]
    assert (shown["untracked"], shown["not_covered"]) == (["generated.py"], ["c.py"])


def test_imported_evidence_is_listed_and_said_not_to_be_derivable(repo: Repo) -> None:
    staged(repo, a_py=SAFE)
    imported(repo, sarif("a.py"))
    (record,) = records(repo)
    assert (record["check"], record["tool"], record["version"], record["options"]) == (
        "import",
        "codeql",
        "2.20.1",
        "sarif",
    )
    assert record["blob"] == repo.git("rev-parse", ":a.py")
    assert record["rules"] == hashlib.sha256(b"py/example\npy/other").hexdigest()
    code, said = repo.output("sayso", "evidence", "verify")
    assert (code, "it can only be imported again" in said) == (0, True)


REFUSED = [
    pytest.param(sarif("a.py", invocations=None), "--succeeded", 3, id="no-success"),
    pytest.param(
        sarif("a.py", invocations=[{"executionSuccessful": False}]), "executionSuccessful is false", 3, id="failed"
    ),
    pytest.param(sarif("a.py", tool="x") | {"version": "2.0.0"}, "version 2.1.0 is needed", 2, id="version"),
    pytest.param(sarif("a.py", artifacts=None), "--examined", 3, id="no-files"),
    pytest.param(sarif("b.py"), "none of the 1 files that it names is tracked here", 3, id="other-files"),
    pytest.param(sarif("../a.py"), "climbs with ..", 2, id="outside"),
    pytest.param(
        sarif("a.py", results=[result("a.py", 99)]), "a result in line 99, and there are", 2, id="line-too-high"
    ),
    pytest.param(sarif("a.py", results=[result("a.py", rule="z")]), "none of the run's rules", 2, id="unknown-rule"),
    pytest.param(b"", "empty", 2, id="empty"),
    pytest.param(json.dumps(sarif("a.py")).encode()[:-9], "was cut off", 2, id="cut-off"),
    pytest.param(
        sarif(artifacts=[{"location": {"uri": "a.py"}, "hashes": {"sha-256": "0" * 64}}]),
        "another sha-256",
        3,
        id="other-hash",
    ),
    pytest.param(
        sarif(artifacts=[{"location": {"uri": "a.py"}, "hashes": {"rot13": "0"}}]), "cannot be compared", 3, id="rot13"
    ),
    pytest.param(sarif(artifacts=[{"location": {"uri": "a.py"}, "length": 3}]), "has 3 bytes", 3, id="other-length"),
    pytest.param(
        sarif(artifacts=[{"location": {"uri": "a.py"}, "contents": {"text": "x"}}]), "another text", 3, id="other-text"
    ),
    pytest.param(
        sarif("a.py", versionControlProvenance=[{"repositoryUri": "x", "revisionId": "0" * 40}]),
        "is of revision 000",
        3,
        id="other-revision",
    ),
    pytest.param(pip_audit(), "--examined", 3, id="pip-audit-of-no-file"),
    pytest.param({"message": "no network", "error": {}}, "npm got no answer", 3, id="npm-error"),
]


@pytest.mark.parametrize(("document", "reason", "code"), REFUSED)
def test_what_is_refused_leaves_nothing(repo: Repo, document: Any, reason: str, code: int) -> None:
    staged(repo, a_py=SAFE)
    repo.commit()
    good = save(repo, sarif("a.py"), "../good.sarif")
    said = imported(repo, document, good, code=code)
    assert reason in said
    assert said.startswith("sayso: could not decide: " if code == 3 else "sayso: ")
    assert records(repo) == []


def test_contents_that_are_the_same_are_accepted_wherever_the_work_tree_is(repo: Repo) -> None:
    staged(repo, a_py=SAFE)
    digests = {
        name: hashlib.new(name.replace("-", ""), SAFE.encode()).hexdigest() for name in ("sha-256", "sha-1", "md5")
    }
    about = {"location": {"uri": "a.py"}, "hashes": digests, "contents": {"text": SAFE}, "length": len(SAFE)}
    repo.write("a.py", "edited\n")
    imported(repo, sarif(artifacts=[about]))
    assert len(records(repo)) == 1


def test_a_file_that_is_not_what_is_staged_is_refused(repo: Repo) -> None:
    staged(repo, a_py=SAFE)
    repo.write("a.py", VULNERABLE)
    assert "a.py: what the tool read may not be what is staged" in imported(repo, sarif("a.py"), code=3)
    (repo.path / "a.py").unlink()
    assert "a.py: what the tool read may not be what is staged" in imported(repo, sarif("a.py"), code=3)


def test_a_file_that_was_written_after_the_report_is_refused(repo: Repo) -> None:
    staged(repo, a_py=SAFE)
    report = save(repo, sarif("a.py"))
    repo.stage("a.py", VULNERABLE)
    later = time.time_ns() + 10**9
    os.utime(repo.path / "a.py", ns=(later, later))
    code, said = repo.output("sayso", "import", report)
    assert (code, "written after the report" in said) == (3, True)
    ended = [{"executionSuccessful": True, "endTimeUtc": "2020-01-01T00:00:00Z"}]
    os.utime(repo.path / "a.py")
    assert "written after the report" in imported(repo, sarif("a.py", invocations=ended), code=3)


def test_a_report_on_a_revision(repo: Repo) -> None:
    staged(repo, a_py=SAFE)
    first = repo.commit()
    repo.stage("a.py", VULNERABLE)
    second = repo.commit()
    assert f"are those of revision {first[:12]}, and not what is staged" in imported(
        repo, sarif("a.py"), "--rev", first
    )
    (record,) = records(repo)
    assert (record["blob"], record["options"]) == (repo.git("rev-parse", f"{first}:a.py"), "sarif,stated:revision")
    provenance = [{"repositoryUri": "https://example.org/r", "revisionId": second}]
    document = sarif("a.py", versionControlProvenance=provenance, results=[result("a.py", 5)])
    imported(repo, document)
    kept = {record["blob"]: record["options"] for record in records(repo)}
    assert kept[repo.git("rev-parse", f"{second}:a.py")] == "sarif"
    assert f"--rev {second}" in imported(repo, document, "--rev", first, code=3)
    assert "no such commit" in imported(repo, document, "--rev", "nowhere", code=2)


def test_a_bare_repository_needs_a_revision(repo: Repo, tmp_path: Path) -> None:
    staged(repo, a_py=SAFE)
    repo.commit()
    repo.git("clone", "--quiet", "--bare", str(repo.path), str(tmp_path / "bare"))
    bare = Repo(tmp_path / "bare", repo.environment)
    save(repo, sarif("a.py"))
    code, said = bare.output("sayso", "import", "../report.json")
    assert (code, "give --rev" in said) == (2, True)
    assert bare.output("sayso", "import", "../report.json", "--rev", "trunk")[0] == 0


def test_what_the_importer_vouches_for_is_kept_and_shown(repo: Repo) -> None:
    staged(repo, a_py=SAFE)
    document = sarif(invocations=None, artifacts=None, tool="Gitleaks")
    document["runs"][0]["tool"]["driver"]["rules"] = []
    repo.write("../rules.txt", "aws\n\n gcp \r\n")
    args = ("--succeeded", "--examined", "a.py", "--rules-from", "../rules.txt")
    assert "on your word, and shown with every claim that rests on it: files, rules, success" in imported(
        repo, document, *args
    )
    assert records(repo)[0]["options"] == "sarif,stated:files,stated:rules,stated:success"
    assert records(repo)[0]["rules"] == hashlib.sha256(b"aws\ngcp").hexdigest()
    shown = verdict(repo, "Gitleaks: no leaks found")
    assert shown["status"] == "supported"
    assert any(note.endswith("on the word of the importer: files, rules, success") for note in shown["notes"])
    assert "cannot" not in verdict(repo, "gosec: no issues")["message"]


def test_files_may_be_listed(repo: Repo) -> None:
    staged(repo, a_py=SAFE, b_py=VULNERABLE)
    document = save(repo, sarif(artifacts=None))
    listed = repo.git("ls-files", "-z").encode()
    done = repo.sayso("import", document, "--examined-from", "-", stdin=listed)
    assert (done.returncode, len(records(repo))) == (0, 2)
    repo.write("src/c.py", SAFE)
    repo.git("add", "src")
    for name, reason in (("src", "is a folder"), ("nothing.py", "is no file that git has here")):
        code, said = repo.output("sayso", "import", document, "--examined", name)
        assert (code, reason in said) == (2, True)


def test_standard_input(repo: Repo) -> None:
    staged(repo, a_py=SAFE)
    done = repo.sayso("import", "-", stdin=json.dumps(sarif("a.py")).encode())
    assert (done.returncode, len(records(repo))) == (0, 1)
    assert repo.sayso("import", "-", "-", stdin=b"{}").returncode == 2
    done = repo.sayso("import", "-", stdin=b"[")
    assert (done.returncode, done.stderr.startswith(b"sayso: standard input: ")) == (2, True)
    assert repo.sayso("import", "nowhere.sarif").returncode == 2


def test_addresses_of_where_the_tool_ran(repo: Repo) -> None:
    repo.stage("src/a.py", SAFE)
    document = sarif("file:///github/workspace/src/a.py")
    assert "--root DIR" in imported(repo, document, code=2)
    said = imported(repo, sarif("src/a.py", invocations=None, artifacts=None), code=3)
    assert "--succeeded" in said
    assert "--examined" in said
    imported(repo, document, "--root", "/github/workspace")
    imported(repo, sarif("file:///src/a.py"), "--root", "/")
    sub = Repo(repo.path / "src", repo.environment)
    save(repo, sarif("a.py"))
    assert sub.output("sayso", "import", "../../report.json")[0] == 0


def test_names_of_any_bytes(repo: Repo) -> None:
    name = os.fsdecode(b"a\xff\x1b[31m.py")
    repo.stage(name, SAFE)
    said = imported(repo, sarif("a%FF%1B%5B31m.py"))
    assert "\\udcff\\x1b[31m.py: clear" in said
    assert json.loads(imported(repo, sarif("a%FF%1B%5B31m.py"), "--format", "json"))["evidence"][0]["path"] == name


def test_a_symbolic_link_is_no_file_that_was_examined(repo: Repo) -> None:
    staged(repo, a_py=SAFE)
    (repo.path / "link.py").symlink_to("a.py")
    repo.git("add", "link.py")
    assert "not tracked, and no evidence: link.py" in imported(repo, sarif("a.py", "link.py"))
    assert len(records(repo)) == 1


def test_runs_of_one_tool_on_the_same_content_are_put_together(repo: Repo) -> None:
    staged(repo, a_py=VULNERABLE, b_py=VULNERABLE)
    runs = [sarif("a.py")["runs"][0], sarif("b.py", results=[result("b.py", 5)])["runs"][0]]
    imported(repo, {"version": "2.1.0", "runs": runs})
    assert [record["outcome"] for record in records(repo)] == ["found"]


def test_rules_that_run_inside_another_tool_have_only_their_own_results(repo: Repo) -> None:
    repo.stage("app.js", "const a = eval(process.argv[2]);\n")
    tool = {
        "driver": {"name": "ESLint", "version": "9.39.5", "rules": [{"id": "no-eval"}, {"id": "security/detect-eval"}]}
    }
    document = sarif("app.js", results=[result("app.js", rule="no-eval")])
    document["runs"][0]["tool"] = tool
    imported(repo, document)
    assert {item["tool"]: item["outcome"] for item in records(repo)} == {
        "eslint": "found",
        "eslint-plugin-security": "clear",
    }
    assert verdict(repo, "eslint-plugin-security: 0 findings")["status"] == "supported"


def test_a_file_that_a_warning_names_has_no_evidence_beside_one_that_has(repo: Repo) -> None:
    staged(repo, a_py=SAFE, b_py=VULNERABLE)
    place = {"physicalLocation": {"artifactLocation": {"uri": "b.py"}}}
    told = [{"level": "warning", "message": {"text": "partly parsed"}, "locations": [place]}]
    run = [{"executionSuccessful": True, "toolExecutionNotifications": told}]
    assert "not examined: b.py: the tool warned of it: partly parsed" in imported(
        repo, sarif("a.py", "b.py", invocations=run)
    )
    assert verdict(repo)["message"].endswith("b.py: no report of codeql for its content")
    imported(repo, sarif("a.py", "b.py", invocations=run, results=[result("b.py", 5)]))
    assert verdict(repo)["status"] == "contradicted"


def test_a_full_ledger_is_no_success(repo: Repo) -> None:
    staged(repo, a_py=SAFE)
    (repo.path / ".git" / "sayso").write_text("a file where a folder should be")
    assert "cannot keep evidence" in imported(repo, sarif("a.py"), code=3)


def test_more_than_a_record_can_hold_is_refused(repo: Repo) -> None:
    rule = "x" * 300
    staged(repo, a_py="a = 1\n" * 12_000)
    document = sarif("a.py", results=[result("a.py", line, rule=rule) for line in range(1, 11_000)])
    document["runs"][0]["tool"]["driver"]["rules"].append({"id": rule})
    assert "more in one file than a record can hold" in imported(repo, document, code=3)
    assert records(repo) == []


def test_rules_have_names_that_are_safe_anywhere(repo: Repo) -> None:
    staged(repo, a_py=VULNERABLE)
    document = sarif("a.py", results=[result("a.py", 5, rule="a\u202e\x1b[31m b")])
    document["runs"][0]["tool"]["driver"]["rules"].append({"id": "a\u202e\x1b[31m b"})
    said = imported(repo, document)
    assert "error:a%E2%80%AE%1B%5B31m%20b:5" in said
    assert said.isascii()


def test_in_a_range_the_report_must_be_imported_before(repo: Repo) -> None:
    repo.stage("README.md", "Words.\n")
    base = repo.commit()
    repo.stage("a.py", SAFE)
    head = repo.commit(f"Add a\n\n{CLAIM}")

    def judged() -> dict[str, Any]:
        done = repo.sayso("secure-claims", "--from-ref", base, "--to-ref", head, "--format", "json")
        report: dict[str, Any] = json.loads(done.stdout)["findings"][0]
        return report

    before = judged()
    assert before["status"] == "unsupported"
    assert before["next"] == "import the report of CI's own run before: sayso import codeql.sarif"
    imported(repo, sarif("a.py"), "--rev", head)
    assert judged()["status"] == "supported"


def test_npm_audit_is_of_the_lock_file_here(repo: Repo) -> None:
    repo.stage("package-lock.json", json.dumps({"packages": {"": {}, "node_modules/a": {}}}))
    words = "npm audit: 0 vulnerabilities"
    assert "sayso import npm-audit.json --examined package-lock.json" in verdict(repo, words)["next"]
    assert "about 2 packages, and the file lists 1" in imported(repo, npm_audit(total=2), code=3)
    imported(repo, npm_audit())
    assert verdict(repo, words)["status"] == "supported"
    imported(repo, npm_audit("a"))
    assert verdict(repo, words)["status"] == "contradicted"
    imported(repo, npm_audit())
    base = repo.commit()
    repo.stage("app.js", "export const a = 1;\n")
    assert verdict(repo, words)["status"] == "supported"
    head = repo.commit(f"Add app\n\n{words}")
    done = repo.sayso("secure-claims", "--from-ref", base, "--to-ref", head, "--format", "json")
    assert [item["status"] for item in json.loads(done.stdout)["findings"]] == ["supported"]


def test_a_report_on_dependencies_grows_old(repo: Repo) -> None:
    from sayso.adapters.git import Repository
    from sayso.adapters.ledger import Ledger
    from sayso.app.imported import gather
    from sayso.evidence import IMPORT, Evidence, Subject

    repo.stage("go.sum", "x\n")
    blob = repo.git("rev-parse", ":go.sum")
    git = Repository()
    for day, reason in (
        ("2026-01-01", "days old, and 7 are the limit"),
        ("2999-01-01", "days old"),
        ("never", "days old"),
    ):
        subject = Subject(IMPORT, "govulncheck", "1", "", f"sarif,on:{day}", blob, "")
        Ledger(git.common_dir).put(Evidence(subject, ()))
        (proof,) = gather(git, git.staged(), {"govulncheck"}, max_age_days=7).proofs
        assert reason in proof.gap


def test_a_sarif_report_on_dependencies_is_dated_and_counts_for_the_files_that_it_names(repo: Repo) -> None:
    repo.stage("go.sum", "x\n")
    words = "Trivy: 0 vulnerabilities"
    assert verdict(repo, words)["status"] == "unsupported"
    assert "2 rules, dated today" in imported(repo, sarif("go.sum", tool="Trivy"))
    assert records(repo)[0]["options"].startswith("on:2")
    assert verdict(repo, words)["status"] == "supported"


def test_pip_audit_and_osv_scanner(repo: Repo) -> None:
    repo.stage("requirements.txt", "flask==3.1.0\n")
    words = "pip-audit: no known vulnerabilities found"
    command = "pip-audit -f json -o pip-audit.json -r requirements.txt ; "
    assert verdict(repo, words)["next"] == command + "sayso import pip-audit.json --examined requirements.txt"
    imported(repo, pip_audit(), "--examined", "requirements.txt")
    assert verdict(repo, words)["status"] == "supported"
    assert "does not answer for flask==3.1.0" in imported(
        repo, pip_audit(version="2.0"), "--examined", "requirements.txt", code=3
    )
    imported(repo, pip_audit("PYSEC-2026-1"), "--examined", "requirements.txt")
    assert verdict(repo, words)["status"] == "contradicted"
    imported(repo, osv_scanner(str(repo.path / "requirements.txt")))
    assert verdict(repo, "osv-scanner found nothing")["status"] == "supported"
    staged(repo, a_py=SAFE)
    assert "no file that pip-audit reads" in imported(repo, pip_audit(), "--examined", "a.py", code=3)


@given(st.data())
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_an_edited_report_is_refused_or_changes_the_evidence_accordingly(repo: Repo, data: st.DataObject) -> None:
    """In process, on a real repository: what is kept is what a plain reading of the edited report says."""
    from sayso import cli
    from sayso.adapters.ledger import Ledger
    from sayso.evidence import Spot

    if not (repo.path / "a.py").exists():
        staged(repo, a_py=VULNERABLE, b_py=SAFE)
    blobs = {path: git_blob(content) for path, content in (("a.py", VULNERABLE), ("b.py", SAFE))}
    whole = json.dumps(sarif("a.py", "b.py", results=[result("a.py", 5)])).encode()
    place = data.draw(st.integers(0, len(whole) - 1))
    edited = whole[:place] + bytes([data.draw(st.integers(32, 126))]) + whole[place + 1 :]
    shutil.rmtree(repo.path / ".git" / "sayso", ignore_errors=True)
    code = cli.main(["import", save(repo, edited)])
    assert code in {0, 2, 3}
    kept = {(item.subject.blob, item.spots) for item in Ledger(str(repo.path / ".git"))}
    if code:
        assert kept == set()
        return
    run = json.loads(edited)["runs"][0]
    found: dict[str, list[Spot]] = {item["location"]["uri"]: [] for item in run["artifacts"]}
    for item in run["results"]:
        place = item["locations"][0]["physicalLocation"]
        line = place["region"]["startLine"]
        found[place["artifactLocation"]["uri"]].append(Spot(f"{item['level']}:{item['ruleId']}", line, line))
    assert kept == {(blobs[path], tuple(spots)) for path, spots in found.items() if path in blobs}


def _ran(repo: Repo, *argv: str) -> int:
    return repo.run(str(BIN / argv[0]), *argv[1:], check=False).returncode


def test_a_real_report_of_bandit(repo: Repo) -> None:
    words = "Bandit: no issues found"
    staged(repo, a_py=SAFE)
    command = verdict(repo, words)["next"]
    assert command == "bandit --ignore-nosec -f sarif -o bandit.sarif a.py ; sayso import bandit.sarif"
    repo.run("sh", "-c", command, PATH=f"{BIN}{os.pathsep}{os.environ['PATH']}")
    supported = verdict(repo, words)
    assert supported["status"] == "supported"
    assert any("does not list the rules" in note for note in supported["notes"])
    repo.stage("b ü.py", VULNERABLE)
    assert _ran(repo, "bandit", "-q", "-f", "sarif", "-o", "bandit.sarif", "a.py", "b ü.py") == 1
    assert "1 error" in imported(repo, (repo.path / "bandit.sarif").read_bytes())
    contradicted = verdict(repo, words)
    assert contradicted["status"] == "contradicted"
    assert "bandit found error:B602 at b ü.py:5" in contradicted["message"]


def test_what_bandit_could_not_read_or_was_told_to_pass_over_is_not_clean(repo: Repo) -> None:
    staged(repo, a_py="def broken(:\n")
    _ran(repo, "bandit", "-q", "-f", "sarif", "-o", "bandit.sarif", "a.py")
    assert "an error of its own" in imported(repo, (repo.path / "bandit.sarif").read_bytes(), code=3)
    repo.stage("a.py", "import json  # nosec\n" + VULNERABLE.replace("\n", "  # nosec\n"))
    assert _ran(repo, "bandit", "-q", "-f", "sarif", "-o", "bandit.sarif", "a.py") == 0
    said = imported(repo, (repo.path / "bandit.sarif").read_bytes(), code=3)
    assert "is evidence of nothing: a.py: " in said
    assert "--ignore-nosec" in said
    assert records(repo) == []
    repo.stage("a.py", VULNERABLE)
    _ran(repo, "bandit", "-q", "-lll", "-f", "sarif", "-o", "bandit.sarif", "a.py")
    assert "a filter hid some" in imported(repo, (repo.path / "bandit.sarif").read_bytes(), code=2)


def test_a_real_report_of_pip_audit(repo: Repo, tmp_path: Path) -> None:
    words = "pip-audit: no known vulnerabilities found"
    weakness = advisory("GHSA-aaaa-bbbb-cccc", "demo-web", ["1.0", "1.1"], fixed="1.2")
    for version, code, status in (("1.1", 1, "contradicted"), ("1.2", 0, "supported")):
        repo.stage("requirements.txt", f"demo-web=={version}\n")
        options = (
            "-f",
            "json",
            "-o",
            str(tmp_path / "audit.json"),
            "--no-deps",
            "--disable-pip",
            "-r",
            "requirements.txt",
        )
        with serving([weakness]) as service:
            where = ("--vulnerability-service=osv", f"--osv-url={service.url}", f"--cache-dir={tmp_path / 'cache'}")
            assert _ran(repo, "pip-audit", *options, *where) == code
        document = (tmp_path / "audit.json").read_bytes()
        assert "it lists no files" in imported(repo, document, code=3)
        imported(repo, document, "--examined", "requirements.txt")
        assert verdict(repo, words)["status"] == status


def test_a_real_report_of_semgrep(repo: Repo) -> None:
    staged(repo, a_py=SAFE, b_py=VULNERABLE)
    repo.write(
        "../rules.yaml",
        "rules:\n- {id: x.exec, languages: [python], severity: ERROR, message: m, pattern: subprocess.call(...)}\n",
    )
    options = ("--metrics=off", "--disable-version-check", "--quiet", "--config", "../rules.yaml", "--sarif")
    assert _ran(repo, "semgrep", "scan", *options, "--output", "../semgrep.sarif", "a.py", "b.py") == 0
    document = (repo.path / "../semgrep.sarif").read_bytes()
    assert "it lists no files" in imported(repo, document, code=3)
    imported(repo, document, "--examined", "a.py", "--examined", "b.py")
    assert sorted((item["tool"], item["outcome"]) for item in records(repo)) == [
        ("semgrep", "clear"),
        ("semgrep", "found"),
    ]
    assert verdict(repo, "Semgrep clean")["status"] == "contradicted"
