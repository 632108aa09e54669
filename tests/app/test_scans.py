"""``code-scan`` and ``secret-scan`` through the console script, in real repositories, with the real engines."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

import pytest

import specimens
from specimens import BROKEN, CODE_RULE, INSECURE, INSECURE_LINE, SAFE, Ask
from tools.repo import Repo

SECRET = f'key = "{specimens.aws_key()}"\n'


def places(report: dict[str, Any], *severities: str) -> list[tuple[str, int, str]]:
    wanted = severities or ("error",)
    return [(item["path"], item["line"], item["rule"]) for item in report["findings"] if item["severity"] in wanted]


def skips(report: dict[str, Any]) -> dict[str, bool]:
    return {item["path"]: item["blocks"] for item in report["skipped"]}


@pytest.mark.parametrize(
    ("hook", "content", "expected"),
    [
        pytest.param("code-scan", INSECURE, [("a.py", INSECURE_LINE, CODE_RULE)], id="insecure-code"),
        pytest.param("code-scan", SAFE, [], id="safe-code"),
        pytest.param("secret-scan", SECRET, [("a.py", 1, specimens.AWS_RULE)], id="secret"),
        pytest.param("secret-scan", SAFE, [], id="no-secret"),
    ],
)
def test_new_file(repo: Repo, ask: Ask, hook: str, content: str, expected: list[tuple[str, int, str]]) -> None:
    repo.stage("a.py", content)
    code, report = ask(hook)
    assert (code, places(report)) == (1 if expected else 0, expected)
    assert report["examined"] == 1
    assert len(report["evidence"]) == 1
    assert report["outcome"] == ("found" if expected else "clear")


def test_a_finding_says_where_why_and_how(repo: Repo) -> None:
    repo.stage("a.py", INSECURE)
    code, said = repo.output("sayso", "code-scan")
    assert code == 1
    assert "REFUSED" in said
    assert f"a.py:{INSECURE_LINE}: error: [{CODE_RULE}]" in said
    assert "fix: " in said


@pytest.mark.parametrize("hook", ["code-scan", "secret-scan"])
def test_nothing_staged_is_nothing_examined(repo: Repo, hook: str) -> None:
    repo.commit()
    repo.write("untracked.py", INSECURE + SECRET)
    assert repo.output("sayso", hook) == (0, f"{hook}: nothing here for this check to examine\n")


def test_the_index_is_scanned_and_not_the_work_tree(repo: Repo, ask: Ask) -> None:
    repo.stage("a.py", INSECURE)
    repo.write("a.py", SAFE)
    assert ask("code-scan")[0] == 1
    repo.stage("a.py", SAFE)
    repo.write("a.py", INSECURE)
    assert ask("code-scan")[0] == 0


@pytest.mark.parametrize("absolute", [False, True], ids=["relative", "absolute"])
def test_a_name_means_the_staged_file(repo: Repo, ask: Ask, absolute: bool) -> None:
    repo.stage("sub/a.py", INSECURE)
    repo.write("sub/a.py", SAFE)
    name = str(repo.path / "sub" / "a.py") if absolute else "sub/a.py"
    code, report = ask("code-scan", name)
    assert (code, places(report)) == (1, [("sub/a.py", INSECURE_LINE, CODE_RULE)])


def test_an_absolute_name_through_a_link_means_the_staged_file(repo: Repo, ask: Ask, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(repo.path)
    repo.stage("a.py", INSECURE)
    repo.write("a.py", SAFE)
    assert ask("code-scan", str(tmp_path / "link" / "a.py"))[0] == 1


def test_further_changes_of_the_work_tree_are_told(repo: Repo, ask: Ask) -> None:
    repo.stage("a.py", SAFE)
    repo.commit()
    repo.write("a.py", INSECURE)
    code, report = ask("code-scan", "a.py")
    assert code == 0
    assert any("a.py" in note and "work tree" in note for note in report["notes"])


def test_names_from_a_subdirectory(repo: Repo, ask: Ask) -> None:
    repo.stage("sub/a.py", INSECURE)
    repo.stage("b.py", SAFE)
    repo.path /= "sub"
    code, report = ask("code-scan", "a.py", "../b.py")
    assert (code, report["examined"]) == (1, 2)
    assert places(report) == [("sub/a.py", INSECURE_LINE, CODE_RULE)]


def test_an_untracked_file_is_scanned_by_name(repo: Repo, ask: Ask) -> None:
    repo.commit()
    repo.write("new.py", INSECURE)
    code, report = ask("code-scan", "new.py")
    assert (code, places(report)) == (1, [("new.py", INSECURE_LINE, CODE_RULE)])


@pytest.mark.parametrize("name", ["missing.py", "empty", "pipe.py", "--", "../outside-and-missing.py"])
def test_a_name_that_is_no_file_is_not_examined(repo: Repo, name: str) -> None:
    repo.stage("a.py", SAFE)
    (repo.path / "empty").mkdir()
    os.mkfifo(repo.path / "pipe.py")
    code, said = repo.output("sayso", "code-scan", "--", name)
    assert code in {2, 3}, said
    assert "nothing found" not in said


@pytest.mark.parametrize("hook", ["code-scan", "secret-scan"])
def test_named_only_without_names_examines_nothing(repo: Repo, hook: str) -> None:
    repo.stage("a.py", INSECURE + SECRET)
    assert repo.output("sayso", hook, "--named-only") == (0, f"{hook}: nothing here for this check to examine\n")


def test_named_only_with_a_name(repo: Repo, ask: Ask) -> None:
    repo.stage("a.py", INSECURE)
    repo.stage("b.py", INSECURE)
    assert places(ask("code-scan", "--named-only", "b.py")[1]) == [("b.py", INSECURE_LINE, CODE_RULE)]


def test_all_files(repo: Repo, ask: Ask) -> None:
    repo.stage("a.py", INSECURE)
    repo.stage("b.py", SAFE)
    repo.commit()
    code, report = ask("code-scan", "--all-files")
    assert (code, report["examined"]) == (1, 2)
    assert places(report) == [("a.py", INSECURE_LINE, CODE_RULE)]


@pytest.mark.parametrize("hook", ["code-scan", "secret-scan", "sayso"])
def test_all_files_of_a_repository_with_a_submodule(repo: Repo, tmp_path: Path, hook: str) -> None:
    other = Repo(tmp_path / "other", repo.environment)
    other.path.mkdir()
    other.git("init", "--quiet")
    other.stage("x.py", INSECURE)
    other.commit()
    repo.stage("a.py", SAFE)
    repo.git("submodule", "--quiet", "add", str(other.path), "module")
    repo.commit()
    code, said = repo.output("sayso", hook, "--all-files")
    assert code == 0, said


def test_a_submodule_by_name(repo: Repo, ask: Ask) -> None:
    repo.commit()
    repo.git("update-index", "--add", "--cacheinfo", f"160000,{repo.git('rev-parse', 'HEAD')},module")
    repo.commit()
    code, report = ask("secret-scan", "module")
    assert (code, skips(report)) == (0, {"module": False})


def test_a_range(repo: Repo, ask: Ask) -> None:
    repo.stage("old.py", INSECURE)
    start = repo.commit()
    repo.stage("new.py", INSECURE)
    middle = repo.commit()
    repo.stage("later.py", INSECURE)
    repo.commit()
    code, report = ask("code-scan", "--from-ref", start, "--to-ref", middle)
    assert (code, places(report)) == (1, [("new.py", INSECURE_LINE, CODE_RULE)])
    variables: dict[str, Any] = {"PRE_COMMIT_FROM_REF": start, "PRE_COMMIT_TO_REF": middle}
    assert ask("code-scan", **variables) == (code, report)
    assert ask("code-scan", "new.py", **variables) == (code, report)
    assert ask("code-scan", "old.py", **variables)[0] == 1
    assert ask("code-scan", "later.py", **variables)[0] == 3


def test_a_range_from_nothing_is_the_whole_tree(repo: Repo, ask: Ask) -> None:
    repo.stage("a.py", INSECURE)
    end = repo.commit()
    assert places(ask("code-scan", "--from-ref", "0" * 40, "--to-ref", end)[1]) == [("a.py", INSECURE_LINE, CODE_RULE)]


@pytest.mark.parametrize(
    "refs",
    [
        pytest.param(("--from-ref", "HEAD"), id="one-end"),
        pytest.param(("--to-ref", "HEAD"), id="other-end"),
        pytest.param(("--from-ref", "HEAD~9", "--to-ref", "HEAD"), id="unknown"),
        pytest.param(("--from-ref=--output=x", "--to-ref", "HEAD"), id="option"),
        pytest.param(("--from-ref", "HEAD", "--to-ref=--output=x"), id="other-option"),
    ],
)
@pytest.mark.parametrize("hook", ["code-scan", "secret-scan", "sensitive-paths", "secure-claims", "sayso"])
def test_a_range_that_does_not_exist(repo: Repo, hook: str, refs: tuple[str, ...]) -> None:
    repo.commit()
    code, said = repo.output("sayso", hook, *refs)
    assert code == 2, said
    assert sorted(os.listdir(repo.path)) == [".git"]


def test_existing_debt_is_shown_and_does_not_refuse(repo: Repo, ask: Ask) -> None:
    repo.stage("a.py", INSECURE)
    repo.commit()
    repo.stage("a.py", f"# a line above\n{INSECURE}")
    code, report = ask("code-scan")
    assert (code, places(report)) == (0, [])
    assert places(report, "note") == [("a.py", INSECURE_LINE + 1, CODE_RULE)]
    assert report["findings"][0]["existing"] == "true"


def test_debt_under_a_new_name_is_still_debt(repo: Repo, ask: Ask) -> None:
    repo.stage("a.py", INSECURE)
    repo.commit()
    repo.git("mv", "a.py", "b.py")
    code, report = ask("code-scan")
    assert (code, places(report, "note")) == (0, [("b.py", INSECURE_LINE, CODE_RULE)])


def test_a_second_finding_of_the_same_kind_is_new(repo: Repo, ask: Ask) -> None:
    repo.stage("a.py", INSECURE)
    repo.commit()
    repo.stage("a.py", INSECURE + INSECURE.replace("fetch", "again"))
    code, report = ask("code-scan")
    assert (code, len(places(report)), len(places(report, "note"))) == (1, 1, 1)


def test_debt_of_a_copy_is_new(repo: Repo, ask: Ask) -> None:
    repo.stage("a.py", INSECURE)
    repo.commit()
    repo.stage("b.py", INSECURE)
    assert ask("code-scan")[0] == 1


ALLOWED = INSECURE.replace("verify=False)", f"verify=False)  # sayso: allow {CODE_RULE} -- a test server")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        pytest.param(ALLOWED, 0, id="rule-and-reason"),
        pytest.param(ALLOWED.replace(" -- a test server", ""), 1, id="no-reason"),
        pytest.param(ALLOWED.replace("a test server", ""), 1, id="empty-reason"),
        pytest.param(ALLOWED.replace(CODE_RULE, "python-shell-true"), 1, id="other-rule"),
        pytest.param(ALLOWED.replace(f"allow {CODE_RULE}", "allow"), 1, id="no-rule"),
        pytest.param(INSECURE.replace("verify=False)", "verify=False)  # nosemgrep"), 1, id="nosemgrep"),
        pytest.param(INSECURE.replace("verify=False)", "verify=False)  # noqa"), 1, id="noqa"),
    ],
)
def test_suppression(repo: Repo, ask: Ask, content: str, code: int) -> None:
    repo.stage("a.py", content)
    exit_code, report = ask("code-scan")
    assert exit_code == code
    counted = [note for note in report["notes"] if "1 suppressed" in note]
    assert len(counted) == (0 if code else 1)
    if not code:
        assert [item["suppressed"] for item in report["findings"]] == ["a test server"]


def test_suppression_of_a_secret(repo: Repo, ask: Ask) -> None:
    comment = f"# sayso: allow {specimens.AWS_RULE} -- from the manual of AWS\n"
    repo.stage("a.py", comment + SECRET.replace('"', ""))
    code, report = ask("secret-scan")
    assert (code, places(report)) == (0, [])
    repo.stage("a.py", SECRET.replace("\n", "  # pragma: allowlist secret\n"))
    assert ask("secret-scan")[0] == 1


def test_suppression_counts_in_an_untracked_file_beside_a_changed_one(repo: Repo, ask: Ask) -> None:
    repo.stage("a.py", INSECURE)
    repo.commit()
    repo.stage("a.py", f"{INSECURE}# more\n")
    repo.write("new.py", ALLOWED)
    code, report = ask("code-scan", "a.py", "new.py")
    assert (code, places(report)) == (0, [])


@pytest.mark.parametrize(
    ("data", "found"),
    [
        pytest.param(INSECURE.encode("utf-16"), True, id="utf-16"),
        pytest.param(INSECURE.encode("utf-16-le"), True, id="utf-16-without-mark"),
        pytest.param((INSECURE + "# caf\u00e9\n").encode("latin-1"), True, id="latin-1"),
        pytest.param(("\ufeff" + INSECURE).encode(), True, id="utf-8-mark"),
        pytest.param(INSECURE.replace("\n", "\r\n").encode(), True, id="crlf"),
        pytest.param(INSECURE.encode() + b"\0", None, id="nul"),
        pytest.param(b"\xff\xfe\x00", None, id="broken-utf-16"),
        pytest.param(BROKEN.encode(), None, id="syntax-error"),
        pytest.param(b"# x\n" * ((5 << 20) // 4 + 1), None, id="over-5-mib"),
        pytest.param(
            f"version https://git-lfs.github.com/spec/v1\noid sha256:{'0' * 64}\nsize 1\n".encode(),
            False,
            id="lfs-pointer",
        ),
        pytest.param(b"", False, id="empty"),
    ],
)
def test_what_cannot_be_examined_is_never_passed(repo: Repo, ask: Ask, data: bytes, found: bool | None) -> None:
    repo.stage("a.py", data)
    code, report = ask("code-scan")
    if found is None:
        assert (code, report["outcome"], skips(report)) == (3, "inconclusive", {"a.py": True})
    else:
        assert code == int(found), report


def test_what_cannot_be_examined_is_named(repo: Repo) -> None:
    repo.stage("a.py", BROKEN)
    code, said = repo.output("sayso", "code-scan")
    assert code == 3
    assert "COULD NOT DECIDE (nothing examined)" in said
    assert "a.py: not examined: semgrep cannot parse it" in said


def test_a_finding_outweighs_a_gap(repo: Repo, ask: Ask) -> None:
    repo.stage("a.py", INSECURE)
    repo.stage("b.py", BROKEN)
    code, report = ask("code-scan")
    assert (code, report["outcome"], skips(report)) == (1, "found", {"b.py": True})


@pytest.mark.parametrize("name", ["x.min.js", "dist/x.js", "node_modules/x/y.js", "test/x.js", "vendor/x.jsx", "x.TSX"])
def test_no_name_hides_a_file(repo: Repo, ask: Ask, name: str) -> None:
    repo.stage(name, specimens.INSECURE_JS)
    assert places(ask("code-scan")[1]) == [(name, 2, specimens.JS_RULE)]


def test_ignore_files_and_attributes_hide_nothing(repo: Repo, ask: Ask) -> None:
    repo.stage("a.py", INSECURE)
    repo.stage(".semgrepignore", "*.py\n")
    repo.stage(".gitattributes", "*.py -diff binary linguist-generated export-ignore\n")
    repo.stage(".semgrep.yml", "rules: []\n")
    assert places(ask("code-scan")[1]) == [("a.py", INSECURE_LINE, CODE_RULE)]


def test_a_script_is_known_by_its_first_line(repo: Repo, ask: Ask) -> None:
    repo.stage("bin/fetch", f"#!/usr/bin/env python3\n{INSECURE}")
    assert places(ask("code-scan")[1]) == [("bin/fetch", INSECURE_LINE + 1, CODE_RULE)]


def test_a_symlink_is_not_followed(repo: Repo, ask: Ask, tmp_path: Path) -> None:
    (tmp_path / "outside.py").write_text(INSECURE + SECRET)
    (repo.path / "link.py").symlink_to(tmp_path / "outside.py")
    repo.git("add", "link.py")
    for hook in ("code-scan", "secret-scan"):
        code, report = ask(hook)
        assert (code, report["findings"], skips(report)) == (0, [], {"link.py": False})


def test_binary_files_are_nobodys_business(repo: Repo, ask: Ask) -> None:
    repo.stage("logo.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR")
    repo.stage("blob", b"\0\1\2")
    for hook in ("code-scan", "secret-scan"):
        code, report = ask(hook)
        assert (code, report["outcome"]) == (0, "not-applicable")


def test_a_100_megabyte_file(repo: Repo, ask: Ask) -> None:
    with (repo.path / "big.py").open("wb") as file:
        file.truncate(100 << 20)
    repo.git("add", "big.py")
    code, report = ask("sayso")
    assert (code, report["outcome"]) == (3, "inconclusive")
    assert {item["hook"] for item in report["skipped"] if item["blocks"]} == {"code-scan", "secret-scan"}


AWKWARD = (
    "sp ace.py",
    "ta\tb.py",
    "new\nline.py",
    'quo"te.py',
    "-dash.py",
    "*.py",
    "[a].py",
    "\udcff.py",
    ":x.py",
    "\u00e9.py",
)


def test_awkward_names(repo: Repo, ask: Ask) -> None:
    for name in AWKWARD:
        repo.write(name, INSECURE)
        repo.git("add", "--", f"./{name}", GIT_LITERAL_PATHSPECS="1")
    code, report = ask("code-scan")
    assert (code, sorted(item[0] for item in places(report))) == (1, sorted(AWKWARD))
    repo.commit()
    code, report = ask("code-scan", "--", *AWKWARD)
    assert (code, sorted(item[0] for item in places(report))) == (1, sorted(AWKWARD))


@pytest.mark.parametrize("name", ["--named-only", "--to-ref=HEAD", "-h", "--help"])
def test_a_file_with_the_name_of_an_option_is_no_option(repo: Repo, name: str) -> None:
    repo.stage("a.py", INSECURE)
    repo.write(name, "")
    code, said = repo.output("sayso", "code-scan", name, "a.py")
    assert (code, "has the name of an option" in said) == (2, True)


def test_no_name_reaches_the_terminal_unescaped(repo: Repo) -> None:
    repo.stage("\x1b[2Jevil\u202e\r.py", INSECURE)
    done = repo.sayso("code-scan")
    assert done.returncode == 1
    assert b"\\x1b[2Jevil\\u202e\\r.py" in done.stdout
    assert b"\x1b" not in done.stdout


def test_the_value_of_a_secret_is_nowhere(repo: Repo) -> None:
    known = specimens.secrets()
    repo.stage("a.py", "".join(f"{line}\n" for line, _ in known.values()))
    outputs = [
        repo.sayso(*command)
        for command in (
            ("secret-scan",),
            ("secret-scan", "--format", "json"),
            ("sayso",),
            ("evidence", "show"),
            ("evidence", "show", "--format", "json"),
        )
    ]
    text = b"".join(done.stdout + done.stderr for done in outputs)
    kept = b"".join(path.read_bytes() for path in (repo.path / ".git" / "sayso").rglob("*") if path.is_file())
    assert outputs[0].returncode == 1
    assert kept
    assert [name for name, (_, value) in known.items() if value.encode() in text + kept] == []


def test_no_scanner_is_started_for_what_is_known(repo: Repo, without_scanners: dict[str, Any]) -> None:
    repo.stage("a.py", INSECURE)
    repo.stage("b.py", SAFE)
    for hook in ("code-scan", "secret-scan", "sayso"):
        known = repo.output("sayso", hook)
        assert repo.output("sayso", hook, **without_scanners) == known


def test_no_scanner_is_started_for_a_known_file_under_another_name(
    repo: Repo, without_scanners: dict[str, Any]
) -> None:
    repo.stage("a.py", SAFE)
    repo.sayso("code-scan")
    repo.git("mv", "a.py", "b.py")
    repo.commit()
    repo.git("commit", "--amend", "--quiet", "-m", "Reworded")
    code, said = repo.output("sayso", "code-scan", "--all-files", **without_scanners)
    assert (code, "nothing found (1 examined" in said) == (0, True)


@pytest.mark.parametrize("hook", ["code-scan", "secret-scan", "sayso"])
def test_a_missing_scanner_is_undecided(repo: Repo, without_scanners: dict[str, Any], hook: str) -> None:
    repo.stage("a.py", SAFE)
    code, said = repo.output("sayso", hook, **without_scanners)
    assert code == 3, said
    assert "could not decide" in said.lower()
    assert "nothing found" not in said


def test_no_scanner_on_the_path_is_used(repo: Repo, without_scanners: dict[str, Any], tmp_path: Path) -> None:
    planted = tmp_path / "bin" / "semgrep-core"
    planted.parent.mkdir()
    planted.write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\n")
    planted.chmod(0o755)
    for name in ("semgrep", "osemgrep", "detect-secrets"):
        shutil.copy(planted, planted.parent / name)
    repo.stage("a.py", SAFE)
    path = f"{planted.parent}{os.pathsep}{without_scanners['PATH']}"
    assert repo.sayso("code-scan", PATH=path).returncode == 3
    assert not (tmp_path / "ran").exists()


def test_nothing_of_the_repository_is_imported(repo: Repo) -> None:
    for name in (
        "json.py",
        "sayso.py",
        "tomli.py",
        "detect_secrets.py",
        "requests.py",
        "sitecustomize.py",
        "semgrep.py",
    ):
        repo.write(name, "raise SystemExit('shadowed')\n")
    repo.stage("a.py", SAFE)
    assert repo.sayso("sayso").returncode == 0


def test_temporary_files_are_removed(repo: Repo, scratch: Path) -> None:
    repo.stage("a.py", INSECURE + SECRET)
    assert repo.sayso("sayso", TMPDIR=str(scratch)).returncode == 1
    assert list(scratch.iterdir()) == []


def test_no_place_for_temporary_files(repo: Repo, scratch: Path) -> None:
    repo.stage("a.py", INSECURE)
    code, said = repo.output("sayso", "code-scan", TMPDIR=str(scratch / "missing"))
    assert (code, "cannot create a folder" in said) == (3, True)


def test_both_scanners_and_the_rest_in_one_process(repo: Repo, ask: Ask) -> None:
    repo.stage("a.py", INSECURE + SECRET)
    code, report = ask("sayso")
    assert code == 1
    assert {item["hook"] for item in report["findings"] if item["severity"] == "error"} == {"code-scan", "secret-scan"}
    assert report["hook"] == "sayso"
    assert len(report["evidence"]) == 2


def test_an_unstaged_deletion_changes_nothing(repo: Repo, ask: Ask) -> None:
    repo.stage("a.py", INSECURE)
    (repo.path / "a.py").unlink()
    assert ask("code-scan")[0] == 1


def test_a_deleted_file_is_not_examined(repo: Repo, ask: Ask) -> None:
    repo.stage("a.py", INSECURE)
    repo.commit()
    repo.git("rm", "--quiet", "a.py")
    assert ask("code-scan")[1]["outcome"] == "not-applicable"


def test_a_removed_finding_is_no_finding(repo: Repo, ask: Ask) -> None:
    repo.stage("a.py", INSECURE)
    repo.commit()
    repo.stage("a.py", SAFE)
    code, report = ask("code-scan")
    assert (code, report["findings"]) == (0, [])


def test_a_merge_is_judged_by_what_neither_parent_had(repo: Repo, ask: Ask) -> None:
    repo.stage("base.py", SAFE)
    repo.commit()
    repo.git("checkout", "--quiet", "-b", "side")
    repo.stage("theirs.py", INSECURE)
    repo.commit()
    repo.git("checkout", "--quiet", "trunk")
    repo.stage("ours.py", INSECURE)
    repo.commit()
    repo.git("merge", "--quiet", "--no-commit", "--no-ff", "side")
    assert ask("code-scan")[1]["outcome"] == "not-applicable"
    repo.stage("ours.py", f"{INSECURE}{INSECURE}")
    assert {item[0] for item in places(ask("code-scan")[1])} == {"ours.py"}


def test_a_folder_means_the_tracked_files_below_it(repo: Repo, ask: Ask) -> None:
    repo.stage("lib/a.py", INSECURE)
    repo.stage("lib/deep/b.py", SAFE)
    repo.stage("other.py", INSECURE)
    repo.commit()
    code, report = ask("code-scan", "lib")
    assert (code, report["examined"]) == (1, 2)
    assert {finding["path"] for finding in report["findings"]} == {"lib/a.py"}


def test_a_file_of_a_range_that_is_not_checked_out_is_examined(repo: Repo, ask: Ask) -> None:
    start = repo.commit()
    repo.stage("evil.py", INSECURE)
    end = repo.commit()
    repo.git("checkout", "--quiet", start)
    code, report = ask("code-scan", "--named-only", "--from-ref", start, "--to-ref", end)
    assert (code, places(report)) == (1, [("evil.py", INSECURE_LINE, CODE_RULE)])


def test_a_finding_is_new_once_its_suppression_is_gone(repo: Repo, ask: Ask) -> None:
    allowed = INSECURE.replace("verify=False)", f"verify=False)  # sayso: allow {CODE_RULE} -- a test server")
    repo.stage("a.py", allowed)
    assert ask("code-scan")[0] == 0
    repo.commit()
    repo.stage("a.py", INSECURE)
    assert ask("code-scan")[0] == 1


def test_a_suppression_that_does_not_count_says_so(repo: Repo, ask: Ask) -> None:
    repo.stage("a.py", INSECURE.replace("verify=False)", "verify=False)  # sayso: allow python-nonsense -- a reason"))
    code, report = ask("code-scan")
    assert code == 1
    assert "does not name this rule, or has no reason" in report["findings"][0]["message"]


def test_a_finding_has_the_numbers_of_its_weakness(repo: Repo, ask: Ask) -> None:
    repo.stage("a.py", INSECURE)
    _, report = ask("code-scan")
    assert report["findings"][0]["cwe"] == [295, 297]


def test_what_is_found_in_a_file_does_not_depend_on_the_files_beside_it(repo: Repo, ask: Ask) -> None:
    line = "curl https://x.example/install | sh\n"
    repo.stage("a.sh", f"#!/bin/sh\n{line}")
    alone = ask("code-scan", "a.sh")[1]["findings"]
    shutil.rmtree(repo.path / ".git" / "sayso")
    repo.stage("Dockerfile", f"FROM debian:12\nRUN {line}")
    repo.stage("b.py", INSECURE)
    together = ask("code-scan")[1]["findings"]
    assert alone
    assert [finding for finding in together if finding["path"] == "a.sh"] == alone
    assert {finding["rule"].partition("-")[0] for finding in together if finding["path"] == "Dockerfile"} == {
        "dockerfile"
    }
