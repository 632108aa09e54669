"""``secure-claims`` through the console script and through real git hooks."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import pytest

import specimens
from specimens import BROKEN, CODE_RULE, INSECURE, SAFE, Ask
from tools.repo import Repo

CLAIM = "This is secure."
WARNED = "- Security best practices followed"
AI_TRAILER = "Co-authored-by: Claude <noreply@anthropic.com>"


def judged(report: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Return kind, status and severity of each claim, once."""
    found = ((item["kind"], item["status"], item["severity"]) for item in report["findings"] if "kind" in item)
    return list(dict.fromkeys(found))


@pytest.fixture
def message(repo: Repo) -> Path:
    """The message file of the commit in the making."""
    return repo.path / ".git" / "COMMIT_EDITMSG"


def install(repo: Repo, **hooks: str) -> None:
    """Install git hooks by name, with ``_`` for ``-``: each a line of shell."""
    for name, command in hooks.items():
        path = Path(repo.git("rev-parse", "--git-path", "hooks")) / name.replace("_", "-")
        path = repo.path / path
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"#!/bin/sh\n{command}\n")
        path.chmod(0o755)


def commit(repo: Repo, *args: str, code: int = 0, **environment: Any) -> str:
    """Run ``git commit`` with its hooks; return all that was printed."""
    got, said = repo.output("git", "commit", *args, **environment)
    assert got == code, said
    return said


def offered(said: str) -> str:
    """Return the command that a refusal offers for using the message again."""
    found = re.search(r"to edit and use it again: (git commit .*)", said)
    assert found, said
    return found[1]


@pytest.mark.parametrize(
    ("words", "content", "expected"),
    [
        pytest.param(CLAIM, SAFE, ("general", "supported", "note"), id="supported"),
        pytest.param(CLAIM, INSECURE, ("general", "contradicted", "error"), id="contradicted"),
        pytest.param(CLAIM, BROKEN, ("general", "unsupported", "error"), id="not-examined"),
        pytest.param("The login flow is 100% secure.", SAFE, ("absolute", "unsupportable", "error"), id="absolute"),
        pytest.param("Confidence: 0.92", INSECURE, ("confidence", "noted", "note"), id="confidence"),
        pytest.param(
            "The query is not vulnerable to SQL injection.", SAFE, ("class", "supported", "note"), id="class-supported"
        ),
        pytest.param(
            "The query is not vulnerable to SQL injection.",
            INSECURE,
            ("class", "supported", "note"),
            id="other-class-found",
        ),
        pytest.param("semgrep clean", SAFE, ("scanner", "supported", "note"), id="scanner-supported"),
        pytest.param("semgrep clean", INSECURE, ("scanner", "contradicted", "error"), id="scanner-contradicted"),
        pytest.param("CodeQL: 0 alerts", SAFE, ("scanner", "unsupported", "error"), id="scanner-of-others"),
        pytest.param("No secrets found.", SAFE, ("secrets", "supported", "note"), id="secrets-supported"),
        pytest.param(
            "No secrets found.",
            f'k = "{specimens.aws_key()}"\n',
            ("secrets", "contradicted", "error"),
            id="secrets-found",
        ),
        pytest.param("Security review: PASS", SAFE, ("review", "unsupported", "error"), id="review"),
        pytest.param("No vulnerable dependencies.", SAFE, ("dependencies", "unsupported", "error"), id="dependencies"),
    ],
)
def test_message_after_the_scans(
    repo: Repo, ask: Ask, words: str, content: str, expected: tuple[str, str, str]
) -> None:
    message = repo.path / ".git" / "COMMIT_EDITMSG"
    repo.stage("a.py", content)
    repo.sayso("sayso")
    message.write_text(f"A change\n\n{words}\n")
    code, report = ask("secure-claims", str(message))
    assert expected in judged(report)
    assert code == int(expected[2] == "error")


def test_message_without_scans_names_the_command_that_makes_them(repo: Repo, message: Path) -> None:
    repo.stage("sp ace.py", SAFE)
    message.write_text(f"{CLAIM}\n")
    code, said = repo.output("sayso", "secure-claims", str(message))
    assert (code, "unsupported" in said) == (1, True)
    following = re.search(r"next: (.*)", said)
    assert following
    assert repo.run("sh", "-c", following[1]).returncode == 0
    code, said = repo.output("sayso", "secure-claims", str(message))
    assert (code, "supported: “This is secure.”: evidence" in said) == (0, True)


@pytest.mark.parametrize(
    ("variables", "command"),
    [
        pytest.param({}, "sayso code-scan -- a.py && sayso secret-scan -- a.py", id="none"),
        pytest.param({"PRE_COMMIT": "1"}, "pre-commit run code-scan --files a.py && ", id="pre-commit"),
        pytest.param({"PRE_COMMIT": "1", "PREK_HOOK_STAGE": "x"}, "prek run code-scan --files a.py && ", id="prek"),
    ],
)
def test_the_command_is_that_of_the_runner(
    repo: Repo, ask: Ask, message: Path, variables: dict[str, Any], command: str
) -> None:
    repo.stage("a.py", SAFE)
    message.write_text(f"{CLAIM}\n")
    report = ask("secure-claims", str(message), **variables)[1]
    assert report["findings"][0]["next"].startswith(command)


def test_evidence_is_for_the_bytes_and_not_for_the_name(repo: Repo, message: Path) -> None:
    repo.stage("a.py", SAFE)
    repo.sayso("sayso")
    message.write_text(f"{CLAIM}\n")
    repo.stage("a.py", SAFE + "\n")
    assert repo.sayso("secure-claims", str(message)).returncode == 1
    repo.stage("a.py", SAFE)
    repo.git("mv", "a.py", "b.py")
    assert repo.sayso("secure-claims", str(message)).returncode == 0


@pytest.mark.parametrize("name", ["main.rs", "App.kt", "unknown.xyz", "Makefile", "page.html", "page.cshtml"])
def test_what_no_rule_examines_supports_nothing(repo: Repo, message: Path, name: str) -> None:
    repo.stage("a.py", SAFE)
    repo.stage(name, "x\n")
    repo.sayso("sayso")
    message.write_text(f"{CLAIM}\n")
    code, said = repo.output("sayso", "secure-claims", str(message))
    assert (code, f"{name}: code-scan has no rules for it" in said) == (1, True)


def test_a_change_without_code_supports_no_claim_about_code(repo: Repo, message: Path) -> None:
    repo.stage("README.md", "Words.\n")
    repo.sayso("sayso")
    message.write_text(f"{CLAIM}\n")
    code, said = repo.output("sayso", "secure-claims", str(message))
    assert (code, "holds nothing that code-scan examines" in said) == (1, True)


def test_a_changed_manifest_needs_a_dependency_scan(repo: Repo, message: Path) -> None:
    repo.stage("a.py", SAFE)
    repo.stage("requirements.txt", "example==1\n")
    for hook in ("code-scan", "secret-scan"):
        assert repo.sayso(hook).returncode == 0
    message.write_text(f"{CLAIM}\n")
    code, said = repo.output("sayso", "secure-claims", str(message))
    assert (code, "requirements.txt: no evidence of dependency-scan for its content" in said) == (1, True)
    assert "next: sayso dependency-scan -- requirements.txt" in said


def test_debt_contradicts_a_claim(repo: Repo, message: Path) -> None:
    repo.stage("a.py", INSECURE)
    repo.commit()
    repo.stage("a.py", f"# more\n{INSECURE}")
    assert repo.sayso("sayso").returncode == 0
    message.write_text(f"{CLAIM}\n")
    code, said = repo.output("sayso", "secure-claims", str(message))
    assert (code, "contradicted" in said) == (1, True)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Use the secure cookie flag", id="technical"),
        pytest.param("Add a page\n\nIs this secure?\n", id="question"),
        pytest.param("Add a page\n\nThis is not secure.\n", id="negation"),
        pytest.param("Add a page\n\n# This is secure.\n", id="comment"),
        pytest.param(
            f"Add a page\n\n# {'-' * 24} >8 {'-' * 24}\n# Do not modify\ndiff --git a/x b/x\n+This is secure.\n",
            id="below-the-scissors",
        ),
    ],
)
def test_words_that_are_no_claim(repo: Repo, ask: Ask, message: Path, text: str) -> None:
    repo.stage("a.py", INSECURE)
    message.write_text(text)
    code, report = ask("secure-claims", str(message))
    assert (code, report["findings"]) == (0, [])


def test_a_comment_of_the_code_is_judged(repo: Repo, ask: Ask) -> None:
    repo.stage("a.py", f"# {CLAIM}\n{INSECURE}")
    repo.sayso("code-scan")
    code, report = ask("secure-claims")
    assert (code, [item["path"] for item in report["findings"]]) == (0, ["a.py"])
    assert (report["findings"][0]["line"], report["findings"][0]["severity"]) == (1, "warning")
    repo.environment["CLAUDECODE"] = "1"
    code, report = ask("secure-claims")
    assert (code, report["findings"][0]["severity"]) == (1, "error")


def test_a_comment_that_was_there_is_not_judged(repo: Repo, ask: Ask) -> None:
    repo.stage("a.py", f"# {CLAIM}\n")
    repo.commit()
    repo.stage("a.py", f"# {CLAIM}\nx = 1\n")
    assert ask("secure-claims")[1]["findings"] == []


def test_names_limit_the_files(repo: Repo, ask: Ask) -> None:
    repo.stage("a.py", f"# {CLAIM}\n")
    repo.stage("b.py", "x = 1\n")
    assert ask("secure-claims", "b.py")[1]["findings"] == []
    for names in (["a.py"], [str(repo.path / "a.py")], ["a.py", "b.py"]):
        assert [item["path"] for item in ask("secure-claims", *names)[1]["findings"]] == ["a.py"]


def test_a_range(repo: Repo, ask: Ask) -> None:
    repo.stage("a.py", SAFE)
    start = repo.commit()
    repo.stage("b.py", INSECURE)
    bad = repo.commit(f"Add b\n\n{CLAIM}")
    repo.stage("c.py", SAFE)
    good = repo.commit(f"Add c\n\n{CLAIM}")
    repo.sayso("sayso", "--all-files")
    code, report = ask("secure-claims", "--from-ref", start, "--to-ref", good)
    assert code == 1
    assert {(item["commit"], item["status"]) for item in report["findings"]} == {
        (bad, "contradicted"),
        (good, "supported"),
    }
    assert ask("secure-claims", "--from-ref", bad, "--to-ref", good)[0] == 0
    assert ask("secure-claims", "--from-ref", "0" * 40, "--to-ref", good)[0] == 1


def test_a_range_of_a_claim_in_a_file(repo: Repo, ask: Ask) -> None:
    start = repo.commit()
    repo.stage("a.py", f"# {CLAIM}\nx = 1\n")
    end = repo.commit("Words")
    code, report = ask("secure-claims", "--from-ref", start, "--to-ref", end)
    assert (code, report["findings"][0]["path"], report["findings"][0]["status"]) == (0, "a.py", "supported")


# Through real git hooks.


def test_hook_first_commit(repo: Repo) -> None:
    install(repo, pre_commit="sayso sayso", commit_msg='sayso secure-claims "$1"')
    repo.stage("a.py", SAFE)
    commit(repo, "-m", CLAIM)


def test_hook_refuses_and_its_command_works_when_pasted(repo: Repo) -> None:
    install(repo, commit_msg='sayso secure-claims "$1"')
    repo.stage("a.py", SAFE)
    said = commit(repo, "-m", f'Add a\n\n{CLAIM}\n\n# not a comment here\nIt\'s "quoted" $HOME `x`', code=1)
    command = offered(said)
    assert command.startswith("git commit -e -F ")
    repo.sayso("code-scan")
    repo.sayso("secret-scan")
    repo.run("sh", "-c", command)
    stored = repo.git("log", "-1", "--format=%B")
    assert stored.startswith(f"Add a\n\n{CLAIM}\n")
    assert 'It\'s "quoted" $HOME `x`' in stored


def test_hook_the_command_works_from_a_subdirectory_of_an_odd_name(repo: Repo, tmp_path: Path) -> None:
    odd = Repo(tmp_path / "it's odd $x", repo.environment)
    odd.path.mkdir()
    odd.git("init", "--quiet")
    install(odd, commit_msg='sayso secure-claims "$1"')
    odd.stage("a.py", SAFE)
    command = offered(commit(odd, "-m", CLAIM, code=1))
    install(odd, commit_msg="true")
    odd.run("sh", "-c", command)
    assert odd.git("log", "-1", "--format=%s") == CLAIM


def test_hook_a_kept_message_does_not_hold_the_diff_of_a_verbose_commit(repo: Repo, tmp_path: Path) -> None:
    install(repo, commit_msg='sayso secure-claims "$1"')
    repo.stage("a.py", SAFE)
    editor = tmp_path / "editor"
    editor.write_text(f'#!/bin/sh\n{{ echo "{CLAIM}"; cat "$1"; }} > "$1.new"\nmv "$1.new" "$1"\n')
    editor.chmod(0o755)
    command = offered(commit(repo, "-v", code=1, GIT_EDITOR=str(editor)))
    install(repo, commit_msg="true")
    repo.run("sh", "-c", command)
    assert repo.git("log", "-1", "--format=%B") == CLAIM


def test_hook_amend_is_judged_by_the_whole_commit(repo: Repo) -> None:
    install(repo, commit_msg='sayso secure-claims "$1"')
    repo.stage("base.py", SAFE)
    repo.commit()
    repo.stage("a.py", INSECURE)
    commit(repo, "-m", "Add a")
    repo.sayso("sayso", "--all-files")
    said = commit(repo, "--amend", "-m", CLAIM, code=1)
    assert "contradicted" in said
    repo.stage("b.py", SAFE)
    repo.sayso("sayso")
    said = commit(repo, "--amend", "-m", CLAIM, code=1)
    assert "a.py" in said
    command = offered(said)
    assert command.startswith("git commit --amend -e -F ")
    before = repo.git("rev-parse", "HEAD^")
    install(repo, commit_msg="true")
    repo.run("sh", "-c", command)
    assert repo.git("log", "-1", "--format=%s") == CLAIM
    assert repo.git("rev-parse", "HEAD^") == before


def test_hook_amend_of_the_first_commit(repo: Repo) -> None:
    install(repo, commit_msg='sayso secure-claims "$1"')
    repo.stage("a.py", INSECURE)
    commit(repo, "-m", "Add a")
    repo.sayso("sayso", "--all-files")
    assert "contradicted" in commit(repo, "--amend", "-m", CLAIM, code=1)


def test_hook_a_second_commit_within_the_same_second_is_no_amend(repo: Repo) -> None:
    install(repo, commit_msg='sayso secure-claims "$1"')
    repo.stage("a.py", SAFE)
    commit(repo, "-m", "Add a")
    repo.stage("b.py", SAFE)
    command = offered(commit(repo, "-m", CLAIM, code=1))
    assert command.startswith("git commit -e -F ")


def test_hook_reword_in_a_rebase(repo: Repo) -> None:
    install(repo, commit_msg='sayso secure-claims "$1"')
    repo.stage("base.py", SAFE)
    repo.commit()
    repo.stage("a.py", INSECURE)
    repo.commit("Add a")
    repo.sayso("sayso", "--all-files")
    code, said = repo.output(
        "git", "rebase", "-i", "HEAD~1", GIT_SEQUENCE_EDITOR="sed -i s/^pick/reword/", GIT_EDITOR=f"echo {CLAIM} >"
    )
    assert (code != 0, "contradicted" in said) == (True, True), said


def _diverged(repo: Repo, mine: str, theirs: str) -> None:
    repo.stage("base.py", SAFE)
    repo.commit()
    repo.git("checkout", "--quiet", "-b", "side")
    repo.stage("b.py", theirs)
    repo.commit("Theirs")
    repo.git("checkout", "--quiet", "trunk")
    repo.stage("a.py", mine)
    repo.commit("Mine")


def test_hook_clean_merge(repo: Repo) -> None:
    install(repo, commit_msg='sayso secure-claims "$1"')
    _diverged(repo, SAFE, SAFE)
    assert repo.run("git", "merge", "--no-ff", "side", "-m", "Merge side").returncode == 0
    repo.git("reset", "--quiet", "--hard", "HEAD^")
    code, said = repo.output("git", "merge", "--no-ff", "side", "-m", f"Merge side\n\n{CLAIM}")
    assert (code != 0, "unsupported" in said) == (True, True), said


def test_hook_conflicted_merge(repo: Repo) -> None:
    install(repo, commit_msg='sayso secure-claims "$1"')
    repo.stage("x.py", "x = 0\n")
    repo.commit()
    repo.git("checkout", "--quiet", "-b", "side")
    repo.stage("x.py", "x = 1\n")
    repo.commit()
    repo.git("checkout", "--quiet", "trunk")
    repo.stage("x.py", "x = 2\n")
    repo.commit()
    repo.run("git", "merge", "side", check=False)
    repo.stage("x.py", INSECURE)
    repo.sayso("sayso")
    assert "contradicted" in commit(repo, "-m", CLAIM, code=1)
    repo.stage("x.py", SAFE)
    repo.sayso("sayso")
    commit(repo, "-m", CLAIM)


def test_hook_in_a_linked_worktree(repo: Repo, tmp_path: Path) -> None:
    install(repo, pre_commit="sayso sayso --named-only", commit_msg='sayso secure-claims "$1"')
    repo.commit()
    repo.git("worktree", "add", "--quiet", str(tmp_path / "linked"))
    linked = Repo(tmp_path / "linked", repo.environment)
    linked.stage("a.py", SAFE)
    command = offered(commit(linked, "-m", CLAIM, code=1))
    linked.sayso("code-scan")
    linked.sayso("secret-scan")
    linked.run("sh", "-c", command)
    assert linked.git("log", "-1", "--format=%s") == CLAIM
    repo.stage("other.py", SAFE)
    commit(repo, "-m", CLAIM)


@pytest.mark.parametrize(
    "args",
    [
        pytest.param(("-a",), id="all"),
        pytest.param(("--", "a.py"), id="path"),
        pytest.param(("-i", "a.py"), id="include"),
    ],
)
def test_hook_sees_the_index_of_the_commit(repo: Repo, args: tuple[str, ...]) -> None:
    install(repo, pre_commit="sayso sayso", commit_msg='sayso secure-claims "$1"')
    repo.stage("a.py", SAFE)
    repo.stage("b.py", SAFE)
    commit(repo, "-m", "Start")
    repo.write("a.py", INSECURE)
    assert "a.py:5: error" in commit(repo, "-m", "More", *args, code=1)
    repo.write("a.py", f"{SAFE}# more\n")
    if args[0] != "-a":
        repo.stage("b.py", INSECURE)
    if args[0] == "-i":
        commit(repo, "-m", CLAIM, *args, code=1)
    else:
        commit(repo, "-m", CLAIM, *args)


def test_a_mark_of_a_tool_raises_a_warning(repo: Repo, ask: Ask, message: Path) -> None:
    repo.stage("a.py", SAFE)
    message.write_text(f"Add a\n\n{WARNED}\n")
    code, report = ask("secure-claims", str(message))
    assert (code, judged(report)) == (0, [("review", "unsupported", "warning")])
    message.write_text(f"Add a\n\n{WARNED}\n\n{AI_TRAILER}\n")
    code, report = ask("secure-claims", str(message))
    assert (code, judged(report)) == (1, [("review", "unsupported", "error")])
    assert report["findings"][0]["raised"]
    assert repo.sayso("sayso-message", str(message)).returncode == 1


def test_policy_lets_a_warning_be_one_and_says_so(repo: Repo, ask: Ask, message: Path) -> None:
    repo.stage("a.py", SAFE)
    relaxed = specimens.relaxed("secure-claims.refuse-warnings-of-ai-commits")
    repo.write("sayso.toml", f"[secure-claims]\nrefuse-warnings-of-ai-commits = false\n{relaxed}")
    message.write_text(f"Add a\n\n{WARNED}\n\n{AI_TRAILER}\n")
    assert ask("secure-claims", str(message))[0] == 1, "an unstaged policy counts for nothing"
    repo.git("add", "sayso.toml")
    code, report = ask("secure-claims", str(message))
    assert (code, judged(report)) == (0, [("review", "unsupported", "warning")])
    assert any("sayso.toml" in note for note in report["notes"])


@pytest.mark.parametrize("hook", ["secure-claims", "sayso-message", "ai-authorship"])
def test_a_message_that_cannot_be_read(repo: Repo, hook: str) -> None:
    repo.commit()
    code, said = repo.output("sayso", hook, "--message", str(repo.path / ".git" / "missing"))
    assert (code, "cannot read the commit message" in said) == (2, True)
    (repo.path / ".git" / "big").write_bytes(b"x" * ((1 << 20) + 1))
    (repo.path / ".git" / "binary").write_bytes(b"\0\0\1\2")
    for name in ("big", "binary"):
        code, said = repo.output("sayso", hook, "--message", str(repo.path / ".git" / name))
        assert (code, "not examined" in said) == (3, True)


def test_a_message_hook_takes_one_file(repo: Repo) -> None:
    repo.commit()
    code, said = repo.output("sayso", "ai-authorship", "one", "two")
    assert (code, "takes one commit message file, not 2" in said) == (2, True)


def test_only_the_latest_refused_messages_are_kept(repo: Repo, message: Path) -> None:
    repo.stage("a.py", SAFE)
    for number in range(23):
        os.utime(repo.write(f".git/sayso/refused/{number:012}.txt", CLAIM), (number, number))
    message.write_text(f"Change\n\n{CLAIM}\n")
    repo.sayso("secure-claims", str(message))
    kept = {path.name for path in (repo.path / ".git" / "sayso" / "refused").iterdir()}
    assert len(kept) == 20
    assert {name for name in kept if name.startswith("0" * 9)} == {f"{number:012}.txt" for number in range(4, 23)}


def test_a_finding_that_a_comment_allows_still_contradicts(repo: Repo, ask: Ask) -> None:
    first, *rest = INSECURE.splitlines()
    allowed = [f"{line}  # sayso: allow {CODE_RULE} -- a test server" if "verify" in line else line for line in rest]
    repo.stage("a.py", "\n".join([first, *allowed]) + "\n")
    assert repo.sayso("sayso").returncode == 0
    message = repo.write(".git/M", f"Add a. {CLAIM}\n")
    code, report = ask("secure-claims", str(message))
    assert (code, report["findings"][0]["status"]) == (1, "contradicted")


def test_evidence_for_a_range_is_derived_where_the_scanners_are(repo: Repo, ask: Ask) -> None:
    start = repo.commit()
    repo.stage("a.py", SAFE)
    repo.commit(f"Add a. {CLAIM}")
    repo.stage("a.py", SAFE + "\n\nVALUE = 1\n")
    end = repo.commit("Change a")
    code, report = ask("secure-claims", "--from-ref", start, "--to-ref", end)
    assert (code, report["findings"][0]["status"]) == (0, "supported")


def test_an_empty_commit_does_not_borrow_evidence(repo: Repo) -> None:
    install(repo, pre_commit="sayso sayso", commit_msg='sayso secure-claims "$1"')
    repo.stage("a.py", SAFE)
    repo.git("commit", "--quiet", "-m", "Add a")
    done = repo.run("git", "commit", "--allow-empty", "-m", CLAIM, check=False)
    assert done.returncode == 1
    assert b"the change holds nothing that code-scan examines" in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("args", "again"),
    [
        (("-a", "-m", "100 % secure and vulnerability-free."), "git commit -a -e -F "),
        (("-m", "100 % secure and vulnerability-free.", "--", "a.py"), " -- a.py"),
        (("-m", "x", "-m", "Co-authored-by: Claude <noreply@anthropic.com>"), "git commit -e -F "),
    ],
)
def test_every_refused_message_is_kept_with_the_command_that_was_given(
    repo: Repo, args: tuple[str, ...], again: str
) -> None:
    install(repo, pre_commit="true", commit_msg='sayso sayso-message --policy forbid "$1"')
    repo.stage("a.py", SAFE)
    repo.git("commit", "--quiet", "--no-verify", "-m", "Start")
    repo.write("a.py", SAFE + "#\n")
    if "-a" not in args:
        repo.git("add", "a.py")
    done = repo.run("git", "commit", *args, check=False)
    said = (done.stdout + done.stderr).decode()
    assert done.returncode == 1
    assert again in said.split("use it again: ", 1)[1].splitlines()[0]


def test_a_message_that_could_not_be_judged_is_kept(repo: Repo) -> None:
    install(repo, pre_commit="true", commit_msg='sayso sayso-message "$1"')
    repo.stage("sayso.toml", "[nonsense]\n")
    done = repo.run("git", "commit", "-m", "A long message", check=False)
    said = (done.stdout + done.stderr).decode()
    assert done.returncode == 1
    assert "sayso.toml:1" in said
    kept = said.split("-e -F ", 1)[1].split()[0]
    assert (repo.path / kept).read_text() == "A long message\n"


@pytest.mark.parametrize("cleanup", ["verbatim", "whitespace", "scissors"])
def test_the_cleanup_of_the_command_line_counts(repo: Repo, tmp_path: Path, cleanup: str) -> None:
    install(repo, pre_commit="true", commit_msg='sayso secure-claims "$1"')
    editor = tmp_path / "editor"
    editor.write_text('#!/bin/sh\nprintf "Add y\\n\\n# This is 100%% secure.\\n" > "$1"\n')
    editor.chmod(0o755)
    repo.stage("a.txt", "words\n")
    done = repo.run("git", "commit", f"--cleanup={cleanup}", check=False, GIT_EDITOR=str(editor))
    assert done.returncode == 1
    assert b"unsupportable" in done.stdout + done.stderr
