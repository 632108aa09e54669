"""Receipts on real repositories: what is noticed, and above all what must not be stopped."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from sayso.app import receipts
from sayso.app.context import Context
from sayso.app.scope import Request
from sayso.model import CheckResult, Finding, Outcome, Severity
from tools.repo import Repo

# Each git hook as a hook runner would start it: an interpreter between git and us. The policy comes from the
# environment, so that no file of a test decides how it is read.
_HOOK = """\
#!{python} -I
import os, sys
from sayso.app import receipts
from sayso.app.context import Context, Options
from sayso.app.hooks import receipt, sensitive_paths
from sayso.app.scope import Request
from sayso.outcome import exit_code
from sayso.policy import DEFAULT
from sayso.reports import text
from sayso.settings import Gate
name = os.path.basename(sys.argv[0])
context = Context(Request())
context.policy = DEFAULT._replace(gate=Gate(unverified=os.environ.get("MODE", "warn"), required_hooks=("sayso",)))
if name == "pre-commit":
    if os.environ.get("SKIP") == "sayso":
        sys.exit(0)
    tree = receipts.start(context)
    results = sensitive_paths.run(context, Options())
    found = receipts.finish(context, "sayso", results, tree)
    print("".join(f"{{item.severity}}: [{{item.rule}}] {{item.message}}\\n" for item in found), file=sys.stderr)
    if os.environ.get("MEDDLE"):
        os.system("echo meddled >> a.py; git add a.py")
else:
    results = receipt.run(context, Options(message=sys.argv[1] if name == "prepare-commit-msg" else ""))
    print(text.render([item for item in results if item.findings or item.notes]), end="", file=sys.stderr)
sys.exit(exit_code(results))
"""
UNVERIFIED = "[commit-unverified]"


def install(repo: Repo) -> None:
    """Install our git hooks."""
    folder = repo.path / ".git" / "hooks"
    folder.mkdir(exist_ok=True)
    for name in ("pre-commit", "prepare-commit-msg", "post-commit"):
        (folder / name).write_text(_HOOK.format(python=sys.executable))
        (folder / name).chmod(0o755)


def log(repo: Repo) -> list[str]:
    """The commits that are noted as unverified."""
    path = repo.path / ".git" / "sayso" / "unverified.log"
    return [line.split()[0] for line in path.read_text().splitlines()] if path.exists() else []


@pytest.fixture
def hooked(repo: Repo) -> Repo:
    """A repository with three commits on ``trunk`` and two on ``side``, made before the hooks were installed."""
    repo.stage("a.py", "one = 1\n")
    repo.commit("Start")
    repo.git("checkout", "-q", "-b", "side")
    repo.stage("s.py", "s = 1\n")
    repo.commit("Side")
    repo.stage("t.py", "t = 1\n")
    repo.commit("More on the side")
    repo.git("checkout", "-q", "trunk")
    repo.stage("b.py", "two = 2\n")
    repo.commit("Second")
    repo.stage("c.py", "three = 3\n")
    repo.commit("Third")
    install(repo)
    return repo


def edit(repo: Repo, text: str = "four = 4\n") -> None:
    repo.stage("d.py", text)


def plain(repo: Repo) -> None:
    edit(repo)
    repo.git("commit", "-m", "Add d")


def all_changed(repo: Repo) -> None:
    repo.write("a.py", "one = 11\n")
    repo.git("commit", "-a", "-m", "Change a")


def one_path(repo: Repo) -> None:
    edit(repo)
    repo.write("a.py", "one = 11\n")
    repo.git("commit", "-m", "Change a alone", "--", "a.py")


def amend(repo: Repo) -> None:
    edit(repo)
    repo.git("commit", "--amend", "--no-edit")


def reword(repo: Repo) -> None:
    repo.git("commit", "--amend", "-m", "Better words")


def reword_unchecked(repo: Repo) -> None:
    repo.git("commit", "--amend", "-n", "-m", "Better words")


def empty(repo: Repo) -> None:
    repo.git("commit", "--allow-empty", "-m", "Nothing")


def empty_unchecked(repo: Repo) -> None:
    repo.git("commit", "--allow-empty", "-n", "-m", "Nothing")


def fixup(repo: Repo) -> None:
    edit(repo)
    repo.git("commit", "--fixup=HEAD")
    repo.git("rebase", "-i", "--autosquash", "HEAD~2", GIT_SEQUENCE_EDITOR="true")


def merge(repo: Repo) -> None:
    repo.git("merge", "--no-ff", "--no-edit", "side")


def fast_forward(repo: Repo) -> None:
    repo.git("checkout", "-q", "-b", "behind", "side~1")
    repo.git("merge", "side")


def merge_squash(repo: Repo) -> None:
    repo.git("merge", "--squash", "side")
    repo.git("commit", "-m", "Side, squashed")


def conflict(repo: Repo, *start: str) -> None:
    """Make ``side`` and ``trunk`` disagree about a.py, start, and resolve it in favour of neither."""
    os.rename(repo.path / ".git/hooks", repo.path / ".git/kept")
    repo.git("checkout", "-q", "side")
    repo.stage("a.py", "one = 'side'\n")
    repo.commit("Side has its way")
    repo.git("checkout", "-q", "trunk")
    repo.stage("a.py", "one = 'trunk'\n")
    repo.commit("Trunk has its way")
    os.rename(repo.path / ".git/kept", repo.path / ".git/hooks")
    assert repo.run("git", *start, check=False).returncode
    repo.stage("a.py", "one = 'both'\n")


def merge_conflict(repo: Repo) -> None:
    conflict(repo, "merge", "side")
    repo.git("commit", "--no-edit")


def merge_conflict_continue(repo: Repo) -> None:
    conflict(repo, "merge", "side")
    repo.git("merge", "--continue")


def merge_ours(repo: Repo) -> None:
    conflict(repo, "merge", "side")
    repo.stage("a.py", "one = 'trunk'\n")
    repo.git("commit", "--no-edit")


def pick(repo: Repo) -> None:
    repo.git("cherry-pick", "side~1", "side")


def pick_edited(repo: Repo) -> None:
    repo.git("cherry-pick", "-e", "side")


def pick_conflict(repo: Repo) -> None:
    conflict(repo, "cherry-pick", "side")
    repo.git("cherry-pick", "--continue")


def pick_conflict_commit(repo: Repo) -> None:
    conflict(repo, "cherry-pick", "side")
    repo.git("commit", "-m", "Picked")


def revert(repo: Repo) -> None:
    repo.git("revert", "--no-edit", "HEAD")


def revert_edited(repo: Repo) -> None:
    repo.git("revert", "HEAD")


def revert_conflict(repo: Repo) -> None:
    conflict(repo, "revert", "side")
    repo.git("revert", "--continue")


def rebase(repo: Repo) -> None:
    repo.git("rebase", "trunk", "side")


def rebase_apply(repo: Repo) -> None:
    repo.git("rebase", "--apply", "trunk", "side")


def _interactive(repo: Repo, word: str) -> None:
    repo.git("rebase", "-i", "HEAD~2", GIT_SEQUENCE_EDITOR=f"sed -i -e '2s/^pick/{word}/'")


def rebase_reword(repo: Repo) -> None:
    repo.git("rebase", "-i", "HEAD~2", GIT_SEQUENCE_EDITOR="sed -i -e 's/^pick/reword/'", GIT_EDITOR="sed -i 1s/$/!/")


def rebase_squash(repo: Repo) -> None:
    _interactive(repo, "squash")


def rebase_fixup(repo: Repo) -> None:
    _interactive(repo, "fixup")


def rebase_edit_continue(repo: Repo) -> None:
    _interactive(repo, "edit")
    edit(repo)
    repo.git("rebase", "--continue")


def rebase_edit_amend(repo: Repo) -> None:
    _interactive(repo, "edit")
    edit(repo)
    repo.git("commit", "--amend", "--no-edit")
    repo.git("rebase", "--continue")


def rebase_conflict(repo: Repo) -> None:
    conflict(repo, "rebase", "side")
    repo.git("rebase", "--continue")


def rebase_exec(repo: Repo) -> None:
    repo.git("rebase", "--exec", "true", "HEAD~2")


def mail(repo: Repo, *options: str) -> None:
    settings = ("-c", "diff.noprefix=false", "-c", "diff.mnemonicPrefix=false")
    patches = repo.run("git", *settings, "format-patch", "--stdout", "trunk..side").stdout
    repo.run("git", *settings, "am", *options, stdin=patches)


def mail_three_way(repo: Repo) -> None:
    mail(repo, "-3")


def stash(repo: Repo) -> None:
    edit(repo)
    repo.git("stash")
    repo.git("stash", "pop")


def filter_branch(repo: Repo) -> None:
    repo.git("filter-branch", "--msg-filter", "sed s/Third/3rd/", "HEAD~1..HEAD", FILTER_BRANCH_SQUELCH_WARNING="1")


def pull(repo: Repo) -> None:
    repo.git("pull", "--no-rebase", "--no-edit", ".", "side")


def pull_rebase(repo: Repo) -> None:
    repo.git("pull", "--rebase", ".", "side")


def commit_tree(repo: Repo) -> None:
    made = repo.git("commit-tree", "-p", "HEAD", "-m", "By hand", "HEAD^{tree}")
    repo.git("reset", "--hard", made)


HONEST: tuple[Callable[[Repo], None], ...] = (
    *(plain, all_changed, one_path, amend, reword, reword_unchecked, empty, empty_unchecked, fixup),
    *(merge, fast_forward, merge_squash, merge_conflict, merge_conflict_continue, merge_ours),
    *(pick, pick_edited, pick_conflict, pick_conflict_commit, revert, revert_edited, revert_conflict),
    *(rebase, rebase_apply, rebase_reword, rebase_squash, rebase_fixup, rebase_edit_continue, rebase_edit_amend),
    *(rebase_conflict, rebase_exec, mail, mail_three_way, stash, filter_branch, pull, pull_rebase, commit_tree),
)


@pytest.mark.parametrize("operation", HONEST, ids=lambda operation: operation.__name__)
def test_nothing_is_stopped_or_noted_that_git_or_an_honest_user_does(
    hooked: Repo, operation: Callable[[Repo], None]
) -> None:
    hooked.environment["MODE"] = "refuse"
    operation(hooked)
    assert log(hooked) == []
    assert not any((hooked.path / ".git" / name).exists() for name in ("rebase-merge", "rebase-apply", "MERGE_HEAD"))


def unchecked(repo: Repo) -> list[str]:
    edit(repo)
    return ["-n", "-m", "Add d"]


def clustered(repo: Repo) -> list[str]:
    repo.write("a.py", "one = 11\n")
    return ["-anm", "Change a"]


def amended(repo: Repo) -> list[str]:
    edit(repo)
    return ["--amend", "--no-verify", "--no-edit"]


def of_a_path(repo: Repo) -> list[str]:
    repo.write("a.py", "one = 11\n")
    return ["-n", "-m", "Change a", "--", "a.py"]


def ending_a_merge(repo: Repo) -> list[str]:
    conflict(repo, "merge", "side")
    return ["-n", "--no-edit"]


def ending_a_pick(repo: Repo) -> list[str]:
    conflict(repo, "cherry-pick", "side")
    return ["-n", "-m", "Picked"]


def squashed(repo: Repo) -> list[str]:
    repo.git("merge", "--squash", "side")
    return ["-n", "-m", "Side, squashed"]


def in_a_rebase(repo: Repo) -> list[str]:
    _interactive(repo, "edit")
    edit(repo)
    return ["-n", "-m", "Slipped in"]


EVASIVE = (unchecked, clustered, amended, of_a_path, ending_a_merge, ending_a_pick, squashed, in_a_rebase)


@pytest.mark.parametrize("prepare", EVASIVE, ids=lambda operation: operation.__name__)
def test_no_verify_is_noticed(hooked: Repo, prepare: Callable[[Repo], list[str]]) -> None:
    arguments = prepare(hooked)
    before = hooked.head()
    code, out = hooked.output("git", "commit", *arguments, MODE="refuse")
    assert code
    assert f"error: {UNVERIFIED}" in out
    assert "passed by with -" in out
    assert hooked.head() == before
    code, out = hooked.output("git", "commit", *arguments, MODE="off")
    assert code == 0
    assert UNVERIFIED not in out
    assert log(hooked) == []


@pytest.mark.parametrize("prepare", EVASIVE, ids=lambda operation: operation.__name__)
def test_no_verify_is_warned_of_and_noted(hooked: Repo, prepare: Callable[[Repo], list[str]]) -> None:
    arguments = prepare(hooked)
    code, out = hooked.output("git", "commit", *arguments)
    assert code == 0
    assert f"this commit: warning: {UNVERIFIED}" in out
    assert f"commit {hooked.head()[:12]}: warning: {UNVERIFIED}" in out
    assert log(hooked) == [hooked.head()]


def test_skip_is_noticed(hooked: Repo) -> None:
    edit(hooked)
    landed, out = hooked.try_commit("Add d", SKIP="sayso", MODE="refuse")
    assert not landed
    assert "passed by with SKIP=sayso" in out
    assert hooked.try_commit("Add d", MODE="refuse")[0]


def test_an_alias_hides_nothing(hooked: Repo) -> None:
    hooked.git("config", "alias.rebaze", "commit -n")
    edit(hooked)
    code, out = hooked.output("git", "rebaze", "-m", "Add d", MODE="refuse")
    assert code
    assert UNVERIFIED in out


def test_a_script_in_a_rebase_is_no_rebase(hooked: Repo) -> None:
    script = "echo x > x.py && git add x.py && git commit -n -m x"
    done = hooked.run("git", "rebase", "--exec", script, "HEAD~1", check=False, MODE="refuse")
    assert done.returncode
    assert UNVERIFIED in (done.stdout + done.stderr).decode()


def test_a_hook_that_changes_the_index_afterwards_makes_the_receipt_stale(hooked: Repo) -> None:
    edit(hooked)
    landed, out = hooked.try_commit("Add d", MEDDLE="1", MODE="refuse")
    assert not landed
    assert "sayso has not examined this content" in out


def test_the_command_that_is_printed_makes_the_commit_again(hooked: Repo) -> None:
    edit(hooked)
    _, out = hooked.try_commit("Add d", "-n")
    command = out.split("next: ", 1)[1].splitlines()[0]
    code, out = hooked.output("sh", "-c", command)
    assert code == 0
    assert UNVERIFIED not in out
    assert hooked.git("log", "-1", "--format=%s") == "Add d"
    assert hooked.git("rev-list", "--count", "HEAD") == "4"


def test_an_amendment_does_not_wash_what_it_amends(hooked: Repo) -> None:
    edit(hooked)
    hooked.try_commit("Add d", "-n")
    hooked.stage("e.py", "five = 5\n")
    code, out = hooked.output("git", "commit", "--amend", "--no-edit")
    assert code == 0
    assert "which no hook had examined either" in out
    assert log(hooked)[-1] == hooked.head()


def test_the_first_commit(repo: Repo) -> None:
    install(repo)
    edit(repo)
    code, out = repo.output("git", "commit", "-n", "-m", "First", MODE="refuse")
    assert code
    assert UNVERIFIED in out
    repo.git("commit", "-n", "-m", "First")
    code, out = repo.output("sayso", "receipt")
    assert code == 0
    command = out.split("next: ", 1)[1].splitlines()[0]
    repo.run("sh", "-c", command, MODE="refuse")
    repo.git("checkout", "-q", "--orphan", "fresh")
    repo.git("commit", "-m", "First again", MODE="refuse")


def test_the_first_commit_may_be_empty(repo: Repo) -> None:
    install(repo)
    repo.git("commit", "--allow-empty", "-n", "-m", "First", MODE="refuse")
    assert log(repo) == []


def test_a_refusal_is_remembered(hooked: Repo) -> None:
    edit(hooked)
    context = Context(Request())
    tree = receipts.start(context)
    refusal = CheckResult("sayso", Outcome.FOUND, (Finding("some-rule", "d.py", 1, "bad", Severity.ERROR),))
    receipts.finish(context, "secret-scan", [refusal], tree)
    receipts.finish(context, "code-scan", [CheckResult("code-scan", Outcome.CLEAR)], tree)
    code, out = hooked.output("git", "commit", "-n", "-m", "Add d", MODE="refuse")
    assert code
    assert "secret-scan refused exactly this content" in out


def test_linked_worktrees_share_receipts(hooked: Repo) -> None:
    hooked.git("worktree", "add", "-q", "../other", "-b", "other")
    other = Repo(hooked.path.parent / "other", hooked.environment)
    other.stage("d.py", "four = 4\n")
    assert other.try_commit("Add d", MODE="refuse")[0]
    other.stage("e.py", "five = 5\n")
    landed, out = other.try_commit("Add e", "-n", MODE="refuse")
    assert not landed
    assert UNVERIFIED in out
    other.try_commit("Add e", "-n")
    assert log(hooked) == [other.head()]


def test_a_sha256_repository(
    tmp_path: Path, clean_environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "new").mkdir()
    repo = Repo(tmp_path / "new", clean_environment)
    repo.git("init", "-q", "--object-format=sha256")
    monkeypatch.chdir(repo.path)
    repo.stage("a.py", "one = 1\n")
    repo.commit()
    install(repo)
    edit(repo)
    assert repo.try_commit("Add d", MODE="refuse")[0]
    edit(repo, "four = 5\n")
    assert not repo.try_commit("Change d", "-n", MODE="refuse")[0]


@pytest.mark.parametrize("kind", ["--depth=1", "--filter=blob:none", "--filter=tree:0"])
def test_a_clone_that_lacks_something(hooked: Repo, kind: str) -> None:
    hooked.git("config", "uploadpack.allowFilter", "true")
    hooked.git("clone", "-q", kind, f"file://{hooked.path}", "../clone")
    clone = Repo(hooked.path.parent / "clone", hooked.environment)
    install(clone)
    clone.stage("d.py", "four = 4\n")
    assert clone.try_commit("Add d", MODE="refuse")[0]
    clone.stage("d.py", "four = 5\n")
    assert not clone.try_commit("Change d", "-n", MODE="refuse")[0]


def test_a_submodule(hooked: Repo) -> None:
    hooked.git("submodule", "add", "-q", str(hooked.path), "sub")
    hooked.git("commit", "-m", "Add a submodule", MODE="refuse")
    sub = Repo(hooked.path / "sub", hooked.environment)
    folder = hooked.path / ".git" / "modules" / "sub"
    for name in ("pre-commit", "prepare-commit-msg", "post-commit"):
        (folder / "hooks" / name).write_text(_HOOK.format(python=sys.executable))
        (folder / "hooks" / name).chmod(0o755)
    sub.stage("d.py", "four = 4\n")
    assert not sub.try_commit("Add d", "-n", MODE="refuse")[0]
    assert sub.try_commit("Add d", MODE="refuse")[0]
    hooked.git("-c", "diff.ignoreSubmodules=none", "commit", "-a", "-m", "Move the submodule", MODE="refuse")
    assert log(hooked) == []


# Where git's command line cannot be seen, its traces must do. No git is above these runs.


@pytest.mark.parametrize(
    ("state", "environment", "file", "found"),
    [
        pytest.param("", {}, "COMMIT_EDITMSG", True, id="nothing-going-on"),
        pytest.param("CHERRY_PICK_HEAD", {}, "COMMIT_EDITMSG", False, id="cherry-pick"),
        pytest.param("REVERT_HEAD", {}, "COMMIT_EDITMSG", False, id="revert"),
        pytest.param("rebase-merge", {}, "COMMIT_EDITMSG", False, id="rebase"),
        pytest.param("rebase-apply", {}, "COMMIT_EDITMSG", False, id="am"),
        pytest.param("sequencer", {}, "COMMIT_EDITMSG", False, id="sequencer"),
        pytest.param("", {}, "MERGE_MSG", False, id="merge"),
        pytest.param("MERGE_HEAD", {}, "COMMIT_EDITMSG", True, id="commit-that-ends-a-merge"),
        pytest.param("", {"GIT_REFLOG_ACTION": "rebase (reword)"}, "COMMIT_EDITMSG", False, id="action-rebase"),
        pytest.param("", {"GIT_REFLOG_ACTION": "revert"}, "COMMIT_EDITMSG", False, id="action-revert"),
        pytest.param("", {"GIT_REFLOG_ACTION": "rebased"}, "COMMIT_EDITMSG", True, id="action-of-no-meaning"),
    ],
)
def test_traces_are_read_where_command_lines_are_hidden(
    repo: Repo, state: str, environment: dict[str, str], file: str, found: bool
) -> None:
    repo.stage("a.py", "one = 1\n")
    repo.commit()
    edit(repo)
    if state:
        repo.write(f".git/{state}", repo.head())
    repo.write(f".git/{file}", "Words\n")
    code, out = repo.output("sayso", "receipt", f".git/{file}", **environment)
    assert code == 0
    assert (UNVERIFIED in out) == found


def test_the_reflog_is_read_after_the_commit(repo: Repo) -> None:
    repo.stage("a.py", "one = 1\n")
    first = repo.commit()
    repo.stage("a.py", "one = 2\n")
    repo.commit()
    assert UNVERIFIED in repo.output("sayso", "receipt")[1]
    repo.git("revert", "--no-edit", "HEAD")
    assert UNVERIFIED not in repo.output("sayso", "receipt")[1]
    repo.git("commit", "--amend", "-n", "-m", "Better words")
    assert UNVERIFIED not in repo.output("sayso", "receipt")[1]
    repo.git("cherry-pick", first, check=False)
    assert len(log(repo)) == 1


# Which runs leave a receipt.


@pytest.mark.parametrize(
    ("request_", "environment", "kept"),
    [
        pytest.param(Request(), {}, True, id="all-that-is-staged"),
        pytest.param(Request(names=("d.py",), named_only=True), {}, True, id="every-file-by-name"),
        pytest.param(Request(names=("a.py",), named_only=True), {}, False, id="another-file-by-name"),
        pytest.param(Request(named_only=True), {}, False, id="no-file"),
        pytest.param(Request(named_only=True), {"GIT_INDEX_FILE": ".git/index"}, True, id="no-file-for-a-runner"),
        pytest.param(Request(all_files=True), {}, True, id="all-files"),
        pytest.param(Request(from_ref="HEAD~1", to_ref="HEAD"), {}, False, id="a-range"),
    ],
)
def test_a_run_counts_that_has_looked_at_all_of_the_change(
    hooked: Repo, monkeypatch: pytest.MonkeyPatch, request_: Request, environment: dict[str, str], kept: bool
) -> None:
    edit(hooked)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    context = Context(request_)
    assert receipts.finish(context, "code-scan", [], receipts.start(context)) == ()
    assert (receipts.seen(Context(Request()), hooked.git("write-tree")) == {"code-scan"}) == kept


def test_a_run_over_nothing_does_not_vouch_for_head(hooked: Repo) -> None:
    context = Context(Request())
    assert receipts.finish(context, "code-scan", [], receipts.start(context)) == ()
    assert receipts.seen(context, hooked.git("write-tree")) == frozenset()


def test_an_index_with_conflicts_has_no_tree(hooked: Repo) -> None:
    conflict(hooked, "merge", "side")
    hooked.git("checkout", "-q", "-m", "--", "a.py")
    context = Context(Request())
    tree = receipts.start(context)
    assert tree == ""
    assert receipts.finish(context, "code-scan", [], tree) == ()
    assert not (hooked.path / ".git/sayso/receipts").exists()


def test_an_index_that_changes_meanwhile_refuses(hooked: Repo) -> None:
    edit(hooked)
    context = Context(Request())
    tree = receipts.start(context)
    edit(hooked, "four = 44\n")
    (found,) = receipts.finish(context, "code-scan", [], tree)
    assert (found.rule, found.severity) == ("index-changed", Severity.ERROR)
    assert receipts.seen(context, tree) == frozenset()


def test_a_receipt_that_cannot_be_kept_stops_nothing(hooked: Repo) -> None:
    hooked.write(".git/sayso", "in the way")
    edit(hooked)
    context = Context(Request())
    (found,) = receipts.finish(context, "code-scan", [], receipts.start(context))
    assert (found.rule, found.severity) == ("receipt-not-kept", Severity.NOTE)
    assert hooked.try_commit("Add d")[0]
