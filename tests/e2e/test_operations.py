"""Every operation of git with the whole recommended configuration: what lands, what is refused, and nothing is lost."""

from __future__ import annotations

import os
import re
import shlex
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import specimens
from specimens import AWS_RULE, BY_TOOL, CODE_RULE
from tools.repo import Repo

pytestmark = pytest.mark.e2e

KEY = f'key = "{specimens.aws_key()}"\n'
POLICY = '[gate]\nunverified = "refuse"\nrequired-hooks = ["sayso"]\n'
HOOKS = {
    "pre-commit": "exec sayso sayso",
    "commit-msg": 'exec sayso commit-gate "$1"',
    "prepare-commit-msg": 'exec sayso receipt "$1"',
    "post-commit": "exec sayso receipt",
    "pre-push": (
        "export PRE_COMMIT_REMOTE_NAME=$1\n"
        "while read -r local to remote from; do\n"
        '  case "$to" in *[!0]*) sayso verify-range --from-ref "$from" --to-ref "$to" || exit ;; esac\n'
        "done"
    ),
}
NOT_OURS = frozenset(
    [
        "AUTO_MERGE",
        "COMMIT_EDITMSG",
        "FETCH_HEAD",
        "HEAD",
        "ORIG_HEAD",
        "REBASE_HEAD",
        "SQUASH_MSG",
        "branches",
        "config",
        "description",
        "hooks",
        "index",
        "info",
        "logs",
        "modules",
        "objects",
        "packed-refs",
        "refs",
        "sayso",
        "shallow",
        "worktrees",
    ]
)
"""What git itself leaves in its directory."""


OURS = frozenset(("evidence", "examined", "receipts", "refused", "reviews", "runs", "unverified.log"))


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory, clean_environment: dict[str, str]) -> Repo:
    """Some history on ``trunk`` and ``side``, the policy, and the hooks; copied for each test, never changed."""
    path = tmp_path_factory.mktemp("operations") / "repo"
    path.mkdir()
    repo = Repo(path, clean_environment)
    repo.git("init", "--quiet")
    repo.stage("sayso.toml", POLICY)
    repo.stage(".pre-commit-config.yaml", "repos:\n- repo: local\n  hooks:\n  - {id: sayso, entry: sayso sayso}\n")
    repo.stage("a.py", specimens.SAFE)
    repo.stage("words.txt", "one\n")
    repo.commit("Start")
    repo.git("checkout", "-q", "-b", "side")
    repo.stage("s.py", "s = 1\n")
    repo.commit("Side")
    repo.git("checkout", "-q", "trunk")
    repo.stage("b.py", "b = 2\n")
    repo.commit("Second")
    repo.stage("c.py", "c = 3\n")
    repo.commit("Third")
    for name, script in HOOKS.items():
        repo.write(f".git/hooks/{name}", f"#!/bin/sh\n{script}\n").chmod(0o755)
    repo.sayso("sayso", "--all-files")
    shutil.rmtree(path / ".git/sayso/receipts")
    return repo


@pytest.fixture
def work(template: Repo, tmp_path: Path) -> Iterator[Repo]:
    """A copy of the template; nothing of an operation may be left in it, nor stray files in its git directory."""
    shutil.copytree(template.path, tmp_path / "repo", symlinks=True)
    repo = Repo(tmp_path / "repo", template.environment)
    yield repo
    left = {path.name for path in (repo.path / ".git").iterdir()} - NOT_OURS
    assert not left
    kept = repo.path / ".git/sayso"
    assert {path.name for path in kept.iterdir()} <= OURS
    assert not [path for path in kept.rglob("*") if path.is_file() and path.name.startswith((".", "tmp"))]


def unverified(repo: Repo) -> list[str]:
    path = repo.path / ".git/sayso/unverified.log"
    return [line.split()[0] for line in path.read_text().splitlines()] if path.exists() else []


def examined(repo: Repo, revision: str = "HEAD") -> bool:
    """Tell whether a receipt says that the hook has let the tree of a revision pass."""
    tree = repo.git("rev-parse", f"{revision}^{{tree}}")
    common = Path(repo.git("rev-parse", "--path-format=absolute", "--git-common-dir"))
    receipt = common / "sayso/receipts" / tree[:2] / f"{tree[2:]}-sayso"
    return receipt.exists() and "outcome refused" not in receipt.read_text()


def edit(repo: Repo, name: str = "d.py", text: str = "d = 4\n") -> None:
    repo.stage(name, text)


def refuse(repo: Repo, *command: str, rule: str, **environment: Any) -> str:
    """Run a command that must be refused by a rule; history, index and work tree stay as they are."""
    before = state(repo)
    code, out = repo.output("git", *command, **environment)
    assert code != 0
    assert f"[{rule}]" in out or rule in out
    assert state(repo) == before
    return out


def state(repo: Repo) -> list[str]:
    commands = (
        "rev-parse HEAD",
        "write-tree",
        "diff-files -p --no-ext-diff",
        "status --porcelain",
        "for-each-ref",
        "stash list",
    )
    return [repo.git(*command.split()) for command in commands]


# Commits.


def plain(repo: Repo) -> None:
    edit(repo)
    repo.git("commit", "-m", "Add d")


def all_changed(repo: Repo) -> None:
    repo.write("a.py", specimens.SAFE + "\n\nmore = 1\n")
    (repo.path / "words.txt").unlink()
    repo.git("commit", "-a", "-m", "Change a")


def one_path(repo: Repo) -> None:
    edit(repo, "staged.py", KEY)
    repo.write("a.py", "one = 11\n")
    repo.git("commit", "-m", "Change a alone", "--", "a.py")
    assert repo.git("diff", "--cached", "--name-only") == "staged.py"
    repo.git("rm", "-qf", "staged.py")


def patch(repo: Repo) -> None:
    repo.write("a.py", specimens.SAFE + "\n\nmore = 1\n")
    repo.run("git", "commit", "-p", "-m", "Some of it", stdin=b"y\n")


def amend(repo: Repo) -> None:
    edit(repo)
    repo.git("commit", "--amend", "--no-edit")


def reword(repo: Repo) -> None:
    repo.git("commit", "--amend", "-m", "Third, in better words")


def empty(repo: Repo) -> None:
    repo.git("commit", "--allow-empty", "-m", "Start the build again")


def fixup(repo: Repo) -> None:
    edit(repo, "c.py", "c = 33\n")
    repo.git("commit", "--fixup=HEAD")
    edit(repo, "b.py", "b = 22\n")
    repo.git("commit", "--squash=HEAD~2", "-m", "More of b")
    repo.git("rebase", "-i", "--autosquash", "HEAD~4", GIT_SEQUENCE_EDITOR="true")
    assert repo.git("log", "-3", "--format=%s").split("\n") == ["Third", "Second", "Start"]


def verbose_template(repo: Repo) -> None:
    edit(repo)
    repo.git("commit", "-v", "-e", "-m", "Add d", GIT_EDITOR="true")


def crlf(repo: Repo) -> None:
    edit(repo, "dos.txt", "one\r\ntwo\r\n")
    repo.write(".git/message", "Add words\r\n\r\nThey come from elsewhere.\r\n")
    repo.git("commit", "-F", ".git/message", "--cleanup=verbatim")
    (repo.path / ".git/message").unlink()


def odd_names(repo: Repo) -> None:
    for name in ("-n.py", "ü.py", "two\nlines.py", "tab\t.py", "[a-z]*.py", ":(top)x.py", os.fsdecode(b"\xff.py")):
        repo.write(name, "x = 1\n")
    repo.git("add", "--all")
    repo.git("commit", "-m", "Add names")
    repo.write("-n.py", "x = 2\n")
    repo.git("commit", "-m", "Change one", "--", "-n.py")


def renamed(repo: Repo) -> None:
    repo.git("mv", "a.py", "z.py")
    repo.git("rm", "-q", "b.py")
    repo.git("commit", "-m", "Tidy up")


def detached(repo: Repo) -> None:
    repo.git("checkout", "-q", "--detach")
    plain(repo)


def orphan(repo: Repo) -> None:
    """The first commit of a history: there is no HEAD to compare with."""
    repo.git("checkout", "-q", "--orphan", "new")
    repo.git("commit", "-m", "Start anew")


def below(repo: Repo) -> None:
    edit(repo, "deep/er/x.py", "x = 1\n")
    Repo(repo.path / "deep/er", repo.environment).git("commit", "-m", "Add x")


# What git makes of other commits.


def merge(repo: Repo) -> None:
    repo.git("merge", "--no-ff", "--no-edit", "side")
    assert repo.git("rev-list", "--parents", "-1", "HEAD").count(" ") == 2


def fast_forward(repo: Repo) -> None:
    repo.git("checkout", "-q", "-b", "behind", "HEAD~1")
    repo.git("merge", "trunk")


def octopus(repo: Repo) -> None:
    repo.git("branch", "other", "side")
    repo.git("checkout", "-q", "other")
    edit(repo, "o.py", "o = 1\n")
    repo.git("commit", "-m", "Other")
    repo.git("checkout", "-q", "trunk")
    repo.git("merge", "--no-edit", "side", "other")


def squash(repo: Repo) -> None:
    repo.git("merge", "--squash", "side")
    repo.git("commit", "-m", "Side in one")


def disagree(repo: Repo) -> None:
    for branch in ("side", "trunk"):
        repo.git("checkout", "-q", branch)
        edit(repo, "words.txt", f"{branch}\n")
        repo.git("commit", "-m", f"{branch} has its way")


def conflict(repo: Repo) -> None:
    disagree(repo)
    assert repo.run("git", "merge", "side", check=False).returncode
    edit(repo, "words.txt", "both\n")
    repo.git("commit", "--no-edit")


def pick(repo: Repo) -> None:
    repo.git("cherry-pick", "side")
    repo.git("revert", "--no-edit", "HEAD")


def pick_amend(repo: Repo) -> None:
    """What is amended came by a way on which git runs no hook."""
    repo.git("cherry-pick", "side")
    repo.git("commit", "--amend", "-m", "Side, in other words")
    edit(repo)
    repo.git("commit", "--amend", "--no-edit")


def pick_conflict(repo: Repo) -> None:
    disagree(repo)
    assert repo.run("git", "cherry-pick", "side", check=False).returncode
    edit(repo, "words.txt", "both\n")
    repo.git("cherry-pick", "--continue")


def revert_conflict(repo: Repo) -> None:
    for text in ("two\n", "three\n"):
        edit(repo, "words.txt", text)
        repo.git("commit", "-m", f"Say {text.strip()}")
    assert repo.run("git", "revert", "--no-edit", "HEAD~1", check=False).returncode
    edit(repo, "words.txt", "four\n")
    repo.git("revert", "--continue")


def rebase(repo: Repo) -> None:
    repo.git("rebase", "trunk", "side")
    repo.git("checkout", "-q", "trunk")
    edits = "1s/^pick/reword/;2s/^pick/squash/"
    repo.git("rebase", "-i", "HEAD~2", GIT_SEQUENCE_EDITOR=f"sed -i -e '{edits}'")


def rebase_edit(repo: Repo) -> None:
    repo.git("rebase", "-i", "HEAD~2", GIT_SEQUENCE_EDITOR="sed -i -e 1s/^pick/edit/")
    edit(repo)
    repo.git("rebase", "--continue")
    repo.git("rebase", "-i", "HEAD~2", GIT_SEQUENCE_EDITOR="sed -i -e 1s/^pick/edit/")
    edit(repo, "e.py", "e = 5\n")
    repo.git("commit", "--amend", "--no-edit")
    repo.git("rebase", "--continue")


def rebase_conflict(repo: Repo) -> None:
    disagree(repo)
    assert repo.run("git", "rebase", "trunk", "side", check=False).returncode
    edit(repo, "words.txt", "both\n")
    repo.git("rebase", "--continue")


def mail(repo: Repo) -> None:
    settings = ("-c", "diff.noprefix=false", "-c", "diff.mnemonicPrefix=false")
    patches = repo.run("git", *settings, "format-patch", "--stdout", "trunk..side").stdout
    repo.run("git", *settings, "am", stdin=patches)


def by_hand(repo: Repo) -> None:
    made = repo.git("commit-tree", "-p", "HEAD", "-m", "By hand", "HEAD^{tree}")
    repo.git("update-ref", "refs/heads/hand", made)


def stash(repo: Repo) -> None:
    edit(repo, "d.py", KEY)
    repo.write("untracked.txt", "x\n")
    repo.git("stash", "-u")
    repo.git("stash", "pop", "--index")
    assert repo.git("diff", "--cached", "--name-only") == "d.py"
    repo.git("rm", "-qf", "d.py")
    (repo.path / "untracked.txt").unlink()


HONEST = (
    *(plain, all_changed, one_path, patch, amend, reword, empty, fixup, verbose_template, crlf, odd_names, renamed),
    *(detached, orphan, below),
    *(merge, fast_forward, octopus, squash, conflict, pick, pick_amend, pick_conflict, revert_conflict),
    *(rebase, rebase_edit, rebase_conflict, mail, by_hand, stash),
)


COMMITTED = (plain, all_changed, one_path, patch, amend, renamed, orphan, squash, conflict, pick_conflict, pick_amend)
"""Those that end with a commit for which git runs all hooks."""


@pytest.mark.parametrize("operation", HONEST, ids=lambda operation: operation.__name__)
def test_honest_work_is_never_stopped(work: Repo, operation: Callable[[Repo], None]) -> None:
    operation(work)
    assert unverified(work) == []
    assert work.git("status", "--porcelain") == ""
    assert not (work.path / ".git/sayso/refused").exists()
    assert operation not in COMMITTED or examined(work)


def bad_plain(repo: Repo) -> tuple[str, ...]:
    edit(repo, "d.py", KEY)
    return ("commit", "-m", "Add d")


def bad_all(repo: Repo) -> tuple[str, ...]:
    repo.write("a.py", KEY)
    return ("commit", "-a", "-m", "Change a")


def bad_path(repo: Repo) -> tuple[str, ...]:
    repo.write("a.py", KEY)
    return ("commit", "-m", "Change a", "--", "a.py")


def bad_amend(repo: Repo) -> tuple[str, ...]:
    edit(repo, "d.py", KEY)
    return ("commit", "--amend", "--no-edit")


def bad_fixup(repo: Repo) -> tuple[str, ...]:
    edit(repo, "c.py", KEY)
    return ("commit", "--fixup=HEAD")


def bad_squash(repo: Repo) -> tuple[str, ...]:
    repo.git("merge", "--squash", "side")
    edit(repo, "s.py", KEY)
    return ("commit", "-m", "Side in one")


def bad_conflict(repo: Repo) -> tuple[str, ...]:
    disagree(repo)
    repo.run("git", "merge", "side", check=False)
    edit(repo, "words.txt", KEY)
    return ("commit", "--no-edit")


def bad_pick(repo: Repo) -> tuple[str, ...]:
    disagree(repo)
    repo.run("git", "cherry-pick", "side", check=False)
    edit(repo, "words.txt", KEY)
    return ("cherry-pick", "--continue")


def bad_edit(repo: Repo) -> tuple[str, ...]:
    repo.git("rebase", "-i", "HEAD~1", GIT_SEQUENCE_EDITOR="sed -i -e 1s/^pick/edit/")
    edit(repo, "d.py", KEY)
    return ("commit", "--amend", "--no-edit")


ENDS = {"bad_conflict": ("merge", "--abort"), "bad_pick": ("cherry-pick", "--abort"), "bad_edit": ("rebase", "--abort")}


@pytest.mark.parametrize(
    "operation",
    [bad_plain, bad_all, bad_path, bad_amend, bad_fixup, bad_squash, bad_conflict, bad_pick, bad_edit],
    ids=lambda operation: operation.__name__,
)
def test_a_secret_is_refused_however_it_is_committed(work: Repo, operation: Callable[[Repo], tuple[str, ...]]) -> None:
    command = operation(work)
    out = refuse(work, *command, rule=AWS_RULE)
    assert specimens.aws_key() not in out
    assert not examined(work, work.git("write-tree"))
    if operation.__name__ in ENDS:
        work.git(*ENDS[operation.__name__])


def test_no_verify_is_refused_where_the_policy_says_so(work: Repo) -> None:
    edit(work)
    out = refuse(work, "commit", "-n", "-m", "Add d", rule="commit-unverified")
    assert "passed by with -n" in out
    out = refuse(work, "commit", "--no-verify", "--amend", "--no-edit", rule="commit-unverified")
    work.git("commit", "-m", "Add d")
    assert unverified(work) == []


def test_no_verify_leaves_a_mark_where_it_lands(work: Repo) -> None:
    (work.path / ".git/hooks/prepare-commit-msg").unlink()
    edit(work)
    work.git("commit", "-n", "-m", "Add d")
    first = work.head()
    assert unverified(work) == [first]
    edit(work, "e.py", "e = 5\n")
    work.git("commit", "--amend", "--no-edit")
    assert unverified(work) == [first, work.head()]  # it still has what nobody examined


# What is refused is kept.


def kept(out: str) -> list[str]:
    """The command that was printed for the refused message."""
    found = re.search(r"to edit and use it again: (git .*)", out)
    assert found, out
    return shlex.split(found[1])


@pytest.mark.parametrize(
    ("options", "folder"),
    [
        pytest.param((), ".", id="plain"),
        pytest.param(("-a",), ".", id="all"),
        pytest.param(("--amend",), ".", id="amend"),
        pytest.param((), "deep/er", id="folder"),
    ],
)
def test_the_printed_command_uses_the_refused_message_again(work: Repo, options: tuple[str, ...], folder: str) -> None:
    edit(work, "deep/er/d.py", "d = 4\n")
    work.write("a.py", "one = 11\n")
    here = Repo(work.path / folder, work.environment)
    words = "Add d\n\nThis is 100 % secure.\n\nIt took an hour to write this.\n"
    before = state(work)
    done = here.run("git", "commit", *options, "-F", "-", stdin=words.encode(), check=False)
    assert done.returncode
    assert state(work) == before
    command = kept((done.stdout + done.stderr).decode())
    assert Path(here.path, command[command.index("-F") + 1]).read_text() == words
    here.run(*command, GIT_EDITOR="sed -i -e '/100 %/d'")
    assert work.git("log", "-1", "--format=%B") == "Add d\n\n\nIt took an hour to write this.".replace("\n\n\n", "\n\n")
    assert work.git("rev-list", "--count", "HEAD") == ("3" if "--amend" in options else "4")
    assert unverified(work) == []


def test_a_message_that_stays_refused_is_kept_again(work: Repo) -> None:
    edit(work)
    out = refuse(work, "commit", "-m", "Add d. This is unhackable.", rule="claim-absolute")
    again = refuse(work, *kept(out)[1:], rule="claim-absolute", GIT_EDITOR="true")
    assert all(
        path.read_text().startswith("Add d. This is unhackable.\n")
        for path in (work.path / ".git/sayso/refused").iterdir()
    )
    work.run(*kept(again), GIT_EDITOR="sed -i -e 's/ This.*//'")


# Work of a tool.


@pytest.mark.parametrize(
    "files",
    [
        pytest.param({"README.md": "Words.\n"}, id="words"),
        pytest.param({"d.py": specimens.SAFE, "tests/test_d.py": "def test_d():\n    assert True\n"}, id="code"),
        pytest.param({"logo.svg": "<svg />\n", "x.css": "a { top: 0 }\n"}, id="look"),
    ],
)  # fmt: skip
def test_honest_work_with_a_tool_lands(work: Repo, files: dict[str, str]) -> None:
    for name, content in files.items():
        edit(work, name, content)
    landed, out = work.try_commit("Add it" + BY_TOOL)
    assert landed, out
    assert "written with a coding tool" in out


def test_login_by_a_tool_lands_with_evidence(work: Repo, tmp_path: Path) -> None:
    key = tmp_path / "rita"
    work.run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "rita", "-f", str(key))
    signers = f'rita@example.org namespaces="sayso-approval@1" {key.with_suffix(".pub").read_text()}'
    for name, content in {
        ".sayso/allowed_signers": signers,
        ".gitignore": "__pycache__/\n",
        "src/auth/login.py": specimens.LOGIN,
        "tests/test_login.py": specimens.LOGIN_TESTS,
        "tests/e2e/test_login_flow.py": specimens.LOGIN_FLOW,
    }.items():
        edit(work, name, content)
    work.run("git", "-c", "core.hooksPath=/dev/null", "commit", "-q", "-m", "Begin")
    edit(work, "src/auth/login.py", specimens.LOGIN.replace("None", "False"))
    edit(work, "tests/test_login.py", specimens.LOGIN_TESTS.replace("word", "password"))
    message = "Answer with False" + BY_TOOL
    refuse(work, "commit", "-m", message, rule="sayso approve")
    pytest_run = "pytest -q -p no:cacheprovider --junitxml={junit}"
    for kind, tests in (("tests:unit", "tests/test_login.py"), ("tests:e2e", "tests/e2e")):
        work.run("sayso", "run", kind, "--", *shlex.split(pytest_run), tests)
    paths = ("src/auth/login.py", "tests/test_login.py")
    work.run("sayso", "approve", "--yes", "--key", str(key), "--as", "rita@example.org", "--", *paths)
    landed, out = work.try_commit(message)
    assert landed, out
    assert "human-review" in out


# Pushes.


@pytest.fixture
def upstream(work: Repo, tmp_path: Path) -> Repo:
    """A bare repository to push to."""
    work.run("git", "init", "-q", "--bare", "-b", "trunk", str(tmp_path / "upstream.git"))
    work.git("remote", "add", "origin", str(tmp_path / "upstream.git"))
    return Repo(tmp_path / "upstream.git", work.environment)


def test_pushes(work: Repo, upstream: Repo) -> None:
    work.git("push", "-q", "origin", "trunk")  # the first of all
    plain(work)
    work.git("push", "-q", "origin", "trunk")
    work.git("push", "-q", "origin", "side")  # a new branch
    work.git("tag", "-a", "-m", "A tag", "v1")
    work.git("push", "-q", "origin", "v1")
    work.git("commit", "--amend", "-m", "Add d, in other words")
    edit(work, "d.py", "d = 5\n")
    work.git("commit", "--amend", "--no-edit")
    assert work.run("git", "push", "-q", "origin", "trunk", check=False).returncode  # git refuses, not we
    work.git("push", "-q", "--force", "origin", "trunk")
    work.git("push", "-q", "origin", ":side")
    assert upstream.git("rev-parse", "trunk") == work.head()
    work.run("git", "-c", "core.hooksPath=/dev/null", "commit", "--allow-empty", "-m", "This is 100 % secure.")
    out = refuse(work, "push", "origin", "trunk", rule="claim-absolute")
    assert work.head()[:12] in out
    assert upstream.git("rev-parse", "trunk") == work.git("rev-parse", "HEAD~1")


def test_a_secret_that_came_and_went_is_not_pushed(work: Repo, upstream: Repo) -> None:
    work.git("push", "-q", "origin", "trunk")
    edit(work, "client.py", KEY)
    work.run("git", "-c", "core.hooksPath=/dev/null", "commit", "-q", "-m", "Add a client")
    work.git("rm", "-q", "client.py")
    work.git("commit", "-q", "-m", "Drop it")
    refuse(work, "push", "origin", "trunk", rule=AWS_RULE)
    refuse(work, "push", "origin", "trunk:new", rule=AWS_RULE)
    assert upstream.git("rev-parse", "trunk") == work.git("rev-parse", "HEAD~2")


# Real runners.

LOCAL = """\
default_install_hook_types: [pre-commit, commit-msg, prepare-commit-msg, post-commit, pre-push]
default_language_version: {{python: python3}}
repos:
- repo: local
  hooks:
{hooks}"""
ONE = """\
  - id: {id}
    name: {id}
    entry: sayso {entry}
    language: system
    stages: [{stages}]
    always_run: true
    require_serial: true
    verbose: true
    pass_filenames: {names}
"""
STAGES = {
    "sayso": ("sayso --named-only --", "pre-commit", "true"),
    "commit-gate": ("commit-gate", "commit-msg", "true"),
    "receipt": ("receipt", "prepare-commit-msg, post-commit", "true"),
    "verify-range": ("verify-range", "pre-push, manual", "false"),
}


@pytest.mark.parametrize("runner", ["pre-commit", "prek"])
def test_with_a_real_runner(work: Repo, upstream: Repo, tmp_path: Path, runner: str) -> None:
    work.environment |= {"PRE_COMMIT_HOME": str(tmp_path / "home"), "PREK_HOME": str(tmp_path / "home")}
    hooks = (
        ONE.format(id=name, entry=entry, stages=stages, names=names) for name, (entry, stages, names) in STAGES.items()
    )
    config = LOCAL.format(hooks="".join(hooks)).replace("{{", "{").replace("}}", "}")
    for name in HOOKS:
        (work.path / ".git/hooks" / name).unlink()
    edit(work, ".pre-commit-config.yaml", config)
    work.commit("Run the hooks")
    work.run(runner, "install")
    work.git("push", "-q", "origin", "trunk")
    plain(work)
    assert examined(work)
    edit(work, "e.py", KEY)
    refuse(work, "commit", "-m", "Add e", rule=AWS_RULE)
    refuse(work, "commit", "-n", "-m", "Add e", rule="commit-unverified")
    work.git("rm", "-qf", "e.py")
    edit(work, "e.py", "e = 5\n")
    command = kept(refuse(work, "commit", "-m", "Add e. Unhackable.", rule="claim-absolute"))
    work.run(*command, GIT_EDITOR="sed -i -e 's/ Unhackable.//'")
    work.git("cherry-pick", "side")
    work.git("commit", "--amend", "-m", "Side, in other words")
    work.git("push", "-q", "origin", "trunk")
    work.git("commit", "--amend", "-m", "Side, again")
    work.git("push", "-q", "--force", "origin", "trunk")
    assert upstream.git("rev-parse", "trunk") == work.head()
    work.run("git", "-c", "core.hooksPath=/dev/null", "commit", "--allow-empty", "-m", "This is 100 % secure.")
    refuse(work, "push", "origin", "trunk", rule="claim-absolute")
    span = ("--hook-stage", "manual", "--from-ref", "HEAD~1", "--to-ref", "HEAD")
    code, out = work.output(runner, "run", *span, "verify-range", SKIP="")
    assert (code, "claim-absolute" in out) == (1, True), out
    assert unverified(work) == []


# Worktrees and submodules.


def test_a_linked_worktree_shares_what_is_known(work: Repo, tmp_path: Path) -> None:
    work.git("worktree", "add", "-q", str(tmp_path / "linked"), "side")
    linked = Repo(tmp_path / "linked", work.environment)
    plain(linked)
    assert examined(work, "side")
    edit(linked, "e.py", KEY)
    refuse(linked, "commit", "-m", "Add e", rule=AWS_RULE)
    linked.git("rm", "-qf", "e.py")
    edit(linked, "e.py", "e = 5\n")
    done = linked.run("git", "commit", "-m", "Add e. Unhackable.", check=False)
    command = kept((done.stdout + done.stderr).decode())
    linked.run(*command, GIT_EDITOR="sed -i -e 's/ Unhackable.//'")
    assert unverified(work) == []
    assert work.git("status", "--porcelain") == ""
    done = linked.sayso("verify", "trunk..side", GIT_DIR=linked.git("rev-parse", "--absolute-git-dir"))
    assert done.returncode == 0, done.stdout + done.stderr


def test_submodules(work: Repo, template: Repo) -> None:
    work.git("submodule", "--quiet", "add", f"file://{template.path}", "lib")
    landed, out = work.try_commit("Bring it in")
    assert landed, out
    inner = Repo(work.path / "lib", work.environment)
    for name in ("pre-commit", "commit-msg"):
        shutil.copy(work.path / ".git/hooks" / name, work.path / ".git/modules/lib/hooks" / name)
    plain(inner)
    edit(inner, "e.py", KEY)
    refuse(inner, "commit", "-m", "Add e", rule=AWS_RULE)
    inner.git("rm", "-qf", "e.py")
    work.git("add", "lib")
    seen = ("-c", "diff.ignoreSubmodules=none")
    done = work.run("git", *seen, "commit", "-m", "Take the newer one")
    assert b"submodule (mode 160000)" in done.stdout + done.stderr
    assert unverified(work) == []
    assert (work.path / ".git/modules/lib/sayso").is_dir()


# Odd repositories.


def test_ids_of_sha256_and_a_first_commit(template: Repo, tmp_path: Path) -> None:
    repo = Repo(tmp_path, template.environment)
    repo.git("init", "-q", "--object-format=sha256")
    for name in HOOKS:
        shutil.copy(template.path / ".git/hooks" / name, repo.path / ".git/hooks" / name)
    edit(repo, "sayso.toml", POLICY)
    edit(repo, "d.py", KEY)
    code, out = repo.output("git", "commit", "-m", "First")
    assert (code, AWS_RULE in out) == (1, True)
    edit(repo, "d.py", specimens.SAFE)
    repo.git("commit", "-m", "First")
    assert len(repo.head()) == 64
    edit(repo, "d.py", "d = 4\n")
    repo.git("commit", "--amend", "--no-edit")
    assert examined(repo)
    assert unverified(repo) == []


def test_a_bare_repository_judges_ranges_and_nothing_else(template: Repo, tmp_path: Path) -> None:
    template.run("git", "clone", "-q", "--bare", f"file://{template.path}", str(tmp_path / "bare.git"))
    repo = Repo(tmp_path / "bare.git", template.environment)
    done = repo.sayso("verify-range", "--from-ref", "HEAD~1", "--to-ref", "HEAD")
    assert done.returncode == 0, done.stderr
    for command in (("sayso",), ("commit-gate", "HEAD")):
        done = repo.sayso(*command)
        assert done.returncode in {2, 3}, done.stdout
        assert done.stderr.startswith(b"sayso: ")
    assert repo.sayso("receipt").returncode == 0


def test_a_shallow_clone_commits_as_any_other(template: Repo, tmp_path: Path) -> None:
    template.run("git", "clone", "-q", "--depth=1", f"file://{template.path}", str(tmp_path / "shallow"))
    repo = Repo(tmp_path / "shallow", template.environment)
    for name in HOOKS:
        shutil.copy(template.path / ".git/hooks" / name, repo.path / ".git/hooks" / name)
    plain(repo)
    amend(repo)
    edit(repo, "e.py", KEY)
    refuse(repo, "commit", "-m", "Add e", rule=AWS_RULE)
    code, out = repo.output("sayso", "verify", "HEAD~1..HEAD")
    assert code == 0, out
    code, out = repo.output("sayso", "verify", "HEAD~3..HEAD")
    assert code == 2
    assert "history that was not fetched" in out


def test_a_partial_clone_commits_what_it_has(template: Repo, tmp_path: Path) -> None:
    origin = tmp_path / "origin"
    shutil.copytree(template.path, origin, symlinks=True)
    serving = Repo(origin, template.environment)
    serving.git("config", "uploadpack.allowFilter", "true")
    serving.run("git", "clone", "-q", "--filter=blob:none", f"file://{origin}", str(tmp_path / "partial"))
    repo = Repo(tmp_path / "partial", template.environment)
    for name in HOOKS:
        shutil.copy(template.path / ".git/hooks" / name, repo.path / ".git/hooks" / name)
    os.rename(origin, tmp_path / "gone")
    plain(repo)
    edit(repo, "a.py", specimens.INSECURE)
    refuse(repo, "commit", "-m", "Change a", rule=CODE_RULE)
