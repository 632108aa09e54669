"""Ways round the gate that somebody tried on it, each played in a real repository."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

import specimens
from specimens import BY_TOOL
from tools.repo import Repo

LOGIN = specimens.LOGIN.replace("None", "False")
TESTS = specimens.LOGIN_TESTS.replace("word", "password")
RITA = '[[person]]\nname = "Rita Viewer"\nemails = ["rita@example.org"]\n'
CUT = "# ------------------------ >8 ------------------------\n# "


def begin(repo: Repo, **files: str) -> Repo:
    """Commit login code with its tests, and call that the base."""
    for name, content in {"src/auth/login.py": specimens.LOGIN, "tests/test_login.py": specimens.LOGIN_TESTS}.items():
        repo.stage(name, content)
    for name, content in files.items():
        repo.stage(name.replace("__", "."), content)
    repo.commit("Begin")
    repo.git("tag", "base")
    return repo


def step(repo: Repo, message: str, files: Mapping[str, str], **environment: Any) -> None:
    for name, content in files.items():
        repo.stage(name, content)
    repo.git("commit", "--quiet", "--no-verify", "--cleanup=verbatim", "-m", message, **environment)


def owed(repo: Repo, span: str = "base..HEAD", *options: str) -> dict[str, tuple[str, str]]:
    """What the range owes, by kind: how it stands with it, and for which paths."""
    done = repo.sayso("verify", "--ledger", "--format", "json", *options, span)
    assert done.stdout, done.stderr.decode()
    found = [item for item in json.loads(done.stdout)["findings"] if item["rule"].startswith("owed-")]
    return {item["kind"]: (item["status"], item["paths"]) for item in found}


def test_a_commit_without_a_mark_does_not_lift_a_tools_mark_from_the_file(repo: Repo) -> None:
    begin(repo, sayso__toml=RITA)
    step(repo, "Answer with False" + BY_TOOL, {"src/auth/login.py": LOGIN})
    step(repo, "Tidy\n\nReviewed-by: Rita Viewer <rita@example.org>\n", {"src/auth/login.py": f"{LOGIN}\n"})
    assert owed(repo)["human-review"] == ("missing", "src/auth/login.py")


def test_a_trailer_counts_for_what_a_person_wrote_beside_a_tools_work(repo: Repo) -> None:
    begin(repo, sayso__toml=RITA + '[[duty]]\nid = "look-here"\npaths = ["src/auth/**"]\nevidence = ["human-review"]\n')
    step(repo, "Add words" + BY_TOOL, {"README.md": "Words.\n"})
    step(repo, "Answer\n\nReviewed-by: Rita Viewer <rita@example.org>\n", {"src/auth/login.py": LOGIN})
    assert owed(repo)["human-review"] == ("met", "src/auth/login.py")


def test_a_merge_by_a_tool_that_takes_a_fix_back(repo: Repo) -> None:
    begin(repo)
    repo.git("checkout", "-q", "-b", "work")
    step(repo, "Add words", {"README.md": "Words.\n"})
    repo.git("checkout", "-q", "-b", "fixed", "base")
    step(repo, "Repair login", {"src/auth/login.py": LOGIN})
    repo.git("checkout", "-q", "work")
    repo.git("merge", "-q", "-s", "ours", "-m", "Merge" + BY_TOOL, "fixed")
    assert owed(repo, "fixed..work")["human-review"] == ("missing", "src/auth/login.py")


def test_a_tools_change_of_a_file_that_the_base_has_renamed(repo: Repo) -> None:
    begin(
        repo, **{"src/auth/session.py": "".join(f"def step_{number}():\n    return {number}\n" for number in range(20))}
    )
    repo.git("checkout", "-q", "-b", "work")
    step(
        repo,
        "Return two" + BY_TOOL,
        {"src/auth/session.py": repo.read("src/auth/session.py").replace("n 1\n", "n 2\n")},
    )
    repo.git("checkout", "-q", "-b", "moved", "base")
    repo.git("mv", "src/auth/session.py", "src/auth/visit.py")
    repo.commit("Rename")
    assert owed(repo, "moved..work")["human-review"] == ("missing", "src/auth/visit.py")


def test_a_mark_in_the_words_of_a_pull_request_is_a_mark(repo: Repo, tmp_path: Path) -> None:
    begin(repo)
    step(repo, "Answer with False", {"src/auth/login.py": LOGIN})
    assert "human-review" not in owed(repo)
    words = tmp_path / "words"
    words.write_text("Answer with False" + BY_TOOL)
    assert owed(repo, "base..HEAD", "--message-file", str(words))["human-review"] == ("missing", "src/auth/login.py")


@pytest.mark.parametrize("mark", [CUT + BY_TOOL, CUT + BY_TOOL.strip("\n") + "\n\nMore.\n"], ids=["last", "within"])
def test_scissors_in_a_message_that_is_stored_cut_nothing(repo: Repo, mark: str) -> None:
    begin(repo)
    step(repo, f"Answer with False\n\n{mark}", {"src/auth/login.py": LOGIN})
    assert owed(repo)["human-review"] == ("missing", "src/auth/login.py")


def test_a_claim_below_scissors_is_a_claim(repo: Repo) -> None:
    begin(repo)
    step(repo, f"Add words\n\n{CUT}\nThis is 100 % secure.\n", {"README.md": "Words.\n"})
    code, out = repo.output("sayso", "verify", "--ledger", "base..HEAD")
    assert code == 1
    assert "claim-absolute" in out


def test_a_relaxed_finding_of_a_scan_refuses_nothing(repo: Repo) -> None:
    begin(repo, sayso__toml=specimens.relaxed(specimens.CODE_RULE))
    step(repo, "Add a client", {"src/client.py": specimens.INSECURE})
    assert owed(repo)["code-scan"] == ("met", "src/client.py")


def test_a_history_from_its_beginning_is_judged_by_its_own_policy_wherever_head_is(repo: Repo) -> None:
    begin(repo, sayso__toml=f'[gate]\nenforce = "none"\n{specimens.relaxed("gate.enforce")}')
    step(repo, "Answer with False", {"src/auth/login.py": LOGIN})
    repo.git("branch", "work")
    first = repo.sayso("verify", "--ledger", f"{'0' * 40}..work")
    assert first.returncode == 0, first.stdout
    repo.git("checkout", "-q", "--orphan", "other")
    repo.git("rm", "-q", "-r", "-f", ".")
    repo.commit("Begin again")
    assert repo.sayso("verify", "--ledger", f"{'0' * 40}..work").stdout == first.stdout


def test_what_leaves_commits_out_is_no_revision(repo: Repo) -> None:
    begin(repo)
    done = repo.sayso("verify-range", "--from-ref", "^base", "--to-ref", "HEAD")
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"no such commit here: ^base" in done.stderr


def test_a_tools_work_is_no_smaller_for_being_cut_up(repo: Repo) -> None:
    begin(repo, sayso__toml="[change-size]\nai-lines = 30\n")
    for name in ("one", "two"):
        step(repo, f"Add {name}{BY_TOOL}", {f"src/{name}.py": "".join(f"{name}_{at} = {at}\n" for at in range(20))})
    assert "change-too-many-lines" in repo.output("sayso", "verify", "--ledger", "--format", "json", "base..HEAD")[1]


def test_a_key_whose_line_fits_many_names_speaks_for_none_of_them(repo: Repo, signing_key: Path) -> None:
    public = signing_key.with_suffix(".pub").read_text().strip()
    begin(repo, **{".sayso/allowed_signers": f"*@example.org {public}\n"})
    step(repo, "Answer with False" + BY_TOOL, {"src/auth/login.py": LOGIN})
    for name in ("rita", "sam"):
        options = ("--yes", "--key", str(signing_key), "--as", f"{name}@example.org", "--from-ref", "base")
        repo.run("sayso", "approve", *options, "--to-ref", "HEAD", "--", "src/auth/login.py")
        repo.git("add", ".sayso")
        repo.commit("Approve")
    assert owed(repo)["human-review"] == ("missing", "src/auth/login.py")


@pytest.mark.parametrize(
    ("options", "editor", "cut"),
    [
        pytest.param([], "", False, id="no-editor"),
        pytest.param(["--cleanup=scissors"], "", False, id="scissors-without-an-editor"),
        pytest.param(["-v"], "", True, id="verbose"),
        pytest.param(["-e"], "true", False, id="editor"),
        pytest.param(["-e", "--cleanup=scissors"], "true", True, id="scissors"),
        pytest.param(["-e", "-v"], "true", True, id="editor-and-verbose"),
    ],
)
def test_scissors_cut_what_git_cuts(gated: Repo, options: list[str], editor: str, cut: bool) -> None:
    gated.write(".git/hooks/pre-commit", "#!/bin/sh\n")
    gated.write(".git/hooks/commit-msg", '#!/bin/sh\nexec sayso secure-claims "$1"\n')
    gated.commit("Begin")
    gated.stage("README.md", "Words.\n")
    environment = {"GIT_EDITOR": editor} if editor else {}
    landed, _ = gated.try_commit(f"Add words\n\n{CUT}\nThis is 100 % secure.\n", *options, **environment)
    assert landed is cut
    assert not landed or "secure" not in gated.git("log", "-1", "--format=%B")
