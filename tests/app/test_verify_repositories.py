"""Ranges in repositories of every shape; and the same range, policy and tool give the same bytes wherever they meet."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import specimens
from specimens import AWS_RULE, BY_TOOL
from tools.repo import Repo

KEY = f'key = "{specimens.aws_key()}"\n'
WORKFLOW = "on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n    - uses: actions/checkout@v4\n"
STEPS = "".join(f"def step_{number}():\n    return {number}\n\n\n" for number in range(20))


def build(repo: Repo) -> None:
    """Make a history with something for every check to find: ``onto`` and ``work`` part at ``start``."""
    repo.stage("sayso.toml", "[change-size]\nlines = 40\n")
    repo.stage("src/auth/login.py", specimens.LOGIN)
    repo.stage("steps.py", STEPS)
    for number in range(6):
        repo.stage(f"moved/{number}.py", STEPS.replace("step", f"part_{number}"))
        repo.stage(f"m/{number}.py", STEPS.replace("step", f"m_{number}"))
    (repo.path / "n").mkdir()
    repo.stage("old.py", specimens.INSECURE)
    repo.stage("joined.txt", "first\nlast\n")
    repo.commit("Begin")
    repo.git("branch", "start")
    repo.git("checkout", "-q", "-b", "work")
    repo.stage("client.py", KEY)
    repo.stage("requirements.txt", "demo\nflask\n")
    repo.commit("Add a client für alle\n\nThis is secure. Confidence: 0.9\n\nDas ist secure für alle.")
    repo.git("rm", "-q", "client.py")
    repo.stage("src/auth/login.py", specimens.LOGIN.replace("None", "False"))
    repo.stage(".github/workflows/ci.yml", WORKFLOW)
    repo.commit("Answer with False" + BY_TOOL)
    repo.git("checkout", "-q", "-b", "side", "start")
    for name in ("a.py", "z.py", "m/ü\n.py", "-dash.py"):
        repo.stage(name, specimens.INSECURE.replace("fetch", name[:1].strip("-") + "_fetch"))
    repo.stage(os.fsdecode(b"\xff.txt"), "not UTF-8\n")
    repo.stage("h.py", "x = 1  # \u202e\u2066 done\u2069\n")
    repo.commit("Add more\n\nAll security tests pass.\n\nReviewed-by: Rita Viewer <rita@example.org>")
    repo.git("checkout", "-q", "work")
    repo.git("merge", "-q", "--no-ff", "--no-commit", "side")
    repo.stage("merged.py", specimens.INSECURE.replace("fetch", "merged"))
    repo.commit("Merge side")
    repo.stage("steps.py", STEPS.replace("return 7", "return 8"))
    for number in range(3):
        repo.git("mv", f"m/{number}.py", f"n/{number}.py")
        repo.stage(f"n/{number}.py", f"{STEPS.replace('step', f'm_{number}')}# {number}\n")
        repo.stage(f"moved/{number}.py", f"{STEPS.replace('step', f'part_{number}')}# {number}\n")
    repo.commit("Count on")
    repo.git("checkout", "-q", "-b", "onto", "start")
    repo.git("mv", "steps.py", "src/auth/steps.py")
    repo.git("mv", "moved", "elsewhere")
    for number in range(3):
        repo.stage(f"elsewhere/{number}.py", f"# {number}\n{STEPS.replace('step', f'part_{number}')}")
    repo.stage("README.md", "Words.\n")
    repo.commit("Move the steps")
    repo.git("checkout", "-q", "-f", "start")


def verdict(repo: Repo, *options: str, span: str = "onto..work", **environment: Any) -> bytes:
    """Return what ``sayso verify`` prints, derived anew unless ``--ledger`` is given."""
    done = repo.sayso("verify", "--format", "json", *options, span, **environment)
    assert (done.returncode, done.stderr) == (1, b"")
    return done.stdout


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory, clean_environment: dict[str, str]) -> Repo:
    """The history, in a repository whose ledger is warm."""
    path = tmp_path_factory.mktemp("history") / "repo"
    path.mkdir()
    repo = Repo(path, clean_environment)
    repo.git("init", "--quiet")
    build(repo)
    return repo


@pytest.fixture(scope="module")
def first(history: Repo) -> bytes:
    """The first verdict on it."""
    return verdict(history)


def clone(repo: Repo, path: Path, *options: str, **environment: str) -> Repo:
    """Clone all branches."""
    repo.run("git", "clone", "--quiet", "--mirror", *options, f"file://{repo.path}", str(path / ".git"))
    made = Repo(path, {**repo.environment, **environment})
    if "--bare" not in options:
        made.git("config", "core.bare", "false")
        made.git("checkout", "-q", "-f", "work")
    return made


def test_the_history_has_something_for_every_check(first: bytes) -> None:
    report = json.loads(first)
    hooks = {item["hook"] for item in report["findings"]}
    assert hooks >= {
        *("sensitive-paths", "supply-chain", "hidden-text", "change-size"),
        *("code-scan", "secret-scan", "ai-authorship", "secure-claims", "commit-gate"),
    }
    assert {item["path"] for item in report["findings"] if item.get("area") == "authentication"} >= {
        "src/auth/login.py",
        "src/auth/steps.py",
    }


def test_again(history: Repo, first: bytes) -> None:
    assert verdict(history, PYTHONHASHSEED="0") == first
    assert verdict(history, PYTHONHASHSEED="4242") == first


def test_believed_evidence_says_what_derived_evidence_says(history: Repo, first: bytes) -> None:
    assert verdict(history, "--ledger") == first


def test_another_machine(history: Repo, first: bytes, tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    other = clone(history, tmp_path / "a longer path" / "to it")
    place: dict[str, Any] = {
        "HOME": str(home),
        "TZ": "Pacific/Kiritimati",
        "LANG": "de_DE.UTF-8",
        "LC_ALL": "tr_TR.UTF-8",
    }
    script = "umask 077; exec sayso verify --format json onto..work"
    done = other.run("sh", "-c", script, check=False, USER="somebody", **place)
    assert (done.returncode, done.stdout) == (1, first)


def test_evidence_derived_bit_by_bit(history: Repo, first: bytes, tmp_path: Path) -> None:
    other = clone(history, tmp_path / "other")
    verdict(other, span="start..side")
    verdict(other, "--ledger", span="start..work~1")
    assert verdict(other, "--ledger") == first
    other = clone(history, tmp_path / "another")
    other.sayso("code-scan", "--all-files")
    assert verdict(other, "--ledger") == first


def bare(repo: Repo) -> Repo:
    repo.git("config", "core.bare", "true")
    return Repo(repo.path / ".git", repo.environment)


def linked(repo: Repo) -> Repo:
    repo.git("worktree", "add", "-q", "../linked", "start")
    return Repo(repo.path.parent / "linked", repo.environment)


def packed(repo: Repo) -> Repo:
    repo.git("gc", "-q")
    repo.git("commit-graph", "write", "--reachable", "--changed-paths")
    return repo


def littered(repo: Repo) -> Repo:
    repo.write("sayso.toml", "nonsense")
    repo.write(".gitattributes", "* merge=ours binary -diff\n")
    repo.write("untracked.py", specimens.INSECURE)
    repo.stage("staged.py", specimens.INSECURE)
    return repo


def annotated(repo: Repo) -> Repo:
    repo.git("notes", "add", "-m", "This is secure.", "work")
    repo.write(".git/info/attributes", "*.py diff=odd\n")
    return repo


@pytest.mark.parametrize("shape", [bare, linked, packed, littered, annotated], ids=lambda shape: shape.__name__)
def test_another_shape_of_the_same_repository(
    history: Repo, first: bytes, tmp_path: Path, shape: Callable[[Repo], Repo]
) -> None:
    other = shape(clone(history, tmp_path / "other"))
    assert verdict(other) == first


def test_in_a_folder_only_the_commands_are_others(history: Repo, first: bytes, tmp_path: Path) -> None:
    other = clone(history, tmp_path / "other")
    below = verdict(Repo(other.path / "moved", other.environment), "--ledger")
    whole, part = (json.loads(report)["findings"] for report in (first, below))
    assert [item["next"] for item in whole if "next" in item] != [item["next"] for item in part if "next" in item]
    for item in (*whole, *part):
        item.pop("next", None)
    assert part == whole


USERS = {
    "encoding": "[i18n]\n\tlogOutputEncoding = ISO-8859-1\n\tcommitEncoding = ISO-8859-1\n",
    "order": "[diff]\n\torderFile = {home}/order\n",
    "renames": "[diff]\n\trenameLimit = 1\n\trenames = false\n[merge]\n\trenames = false\n\trenameLimit = 1\n",
    "moves": "[merge]\n\tdirectoryRenames = true\n\trenormalize = true\n[diff]\n\talgorithm = minimal\n\tcontext = 0\n",
    "attributes": '[core]\n\tattributesFile = {home}/attributes\n[merge "odd"]\n\tdriver = touch {home}/ran\n',
    "log": "[log]\n\tdiffMerges = off\n\tmailmap = true\n\tshowRoot = false\n[core]\n\tabbrev = 5\n",
}


@pytest.mark.parametrize("setting", USERS)
def test_nothing_that_a_user_has_set(history: Repo, first: bytes, tmp_path: Path, setting: str) -> None:
    (tmp_path / "order").write_text("*.toml\nz*\n*\n")
    (tmp_path / "attributes").write_text("* merge=odd -diff\n*.py binary\n")
    known = Path(history.environment["HOME"], ".gitconfig").read_text()
    (tmp_path / ".gitconfig").write_text(known + USERS[setting].format(home=tmp_path))
    assert verdict(history, "--ledger", HOME=str(tmp_path), XDG_CONFIG_HOME=str(tmp_path)) == first
    assert not (tmp_path / "ran").exists()


def test_no_attribute_of_the_repository_decides_what_a_merge_holds(repo: Repo) -> None:
    """A merge by union, or by one side, is not what a merge on a server would hold; nor does a driver run."""
    repo.stage(".gitattributes", "joined.txt merge=union\nours.txt merge=odd\n")
    repo.git("config", "merge.odd.driver", "touch ran")
    for name in ("joined.txt", "ours.txt"):
        repo.stage(name, "one\n")
    repo.commit("Begin")
    for branch in ("onto", "work"):
        repo.git("checkout", "-q", "-b", branch, "trunk")
        for name in ("joined.txt", "ours.txt"):
            repo.stage(name, f"{branch}\n")
        repo.commit(branch)
    done = repo.sayso("verify", "--format", "json", "onto..work")
    found = {(item["rule"], item["path"]) for item in json.loads(done.stdout)["findings"]}
    assert {("gate-merge-conflict", "joined.txt"), ("gate-merge-conflict", "ours.txt")} <= found
    assert not (repo.path / "ran").exists()


# What a clone lacks.


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, clean_environment: dict[str, str]) -> Repo:
    """A small repository to clone from: three commits on ``trunk``, two on ``work``."""
    path = tmp_path_factory.mktemp("served") / "repo"
    path.mkdir()
    repo = Repo(path, clean_environment)
    repo.git("init", "--quiet")
    repo.git("config", "uploadpack.allowFilter", "true")
    repo.git("config", "uploadpack.allowAnySHA1InWant", "true")
    for number in range(3):
        repo.stage(f"{number}.py", f"x = {number}\n")
        repo.commit(f"Add {number}")
    repo.git("checkout", "-q", "-b", "work", "trunk~1")
    repo.stage("client.py", KEY)
    repo.commit("Add a client")
    repo.stage("more.py", "more = 1\n")
    repo.commit("Add more")
    return repo


def part_of(served: Repo, path: Path, *options: str) -> Repo:
    served.run("git", "clone", "-q", *options, f"file://{served.path}", str(path))
    return Repo(path, served.environment)


def test_a_shallow_clone_without_the_base(served: Repo, tmp_path: Path) -> None:
    repo = part_of(served, tmp_path / "clone", "--depth=1", "--branch=work")
    done = repo.sayso("verify", "origin/trunk..HEAD")
    assert (done.returncode, done.stdout) == (2, b"")
    assert "no such commit here: origin/trunk: a typing error, or history that was not fetched" in done.stderr.decode()


def test_a_shallow_clone_in_which_the_sides_do_not_meet(served: Repo, tmp_path: Path) -> None:
    """What a shallow boundary seems to add is not what was committed, so nothing is said of it."""
    repo = part_of(served, tmp_path / "clone", "--depth=1", "--no-single-branch", "--branch=work")
    done = repo.sayso("verify", "--format", "json", "origin/trunk..HEAD")
    assert (done.returncode, done.stdout) == (2, b"")
    assert "git fetch --unshallow" in done.stderr.decode()
    repo.git("fetch", "-q", "--unshallow")
    assert repo.sayso("verify", "origin/trunk..HEAD").returncode == 1


def test_a_branch_that_was_merged_and_is_cut_off_hides_nothing(repo: Repo, tmp_path: Path) -> None:
    """The secret came and went before the first commit of the side branch that is here."""
    repo.commit("Begin")
    repo.git("checkout", "-q", "-b", "side")
    repo.stage("client.py", KEY)
    repo.commit("Add a client")
    repo.git("rm", "-q", "client.py")
    repo.commit("Drop it")
    repo.stage("s.py", "s = 1\n")
    repo.commit("Go on")
    repo.git("checkout", "-q", "trunk")
    repo.git("branch", "base")
    repo.git("merge", "-q", "--no-ff", "--no-edit", "side")
    cut = part_of(repo, tmp_path / "clone", "--depth=3", "--no-single-branch", "--branch=trunk")
    for command in (
        ("verify", "origin/base..HEAD"),
        ("secure-claims", "--from-ref", "origin/base", "--to-ref", "HEAD"),
    ):
        done = cut.sayso(*command)
        assert (done.returncode, done.stdout) == (2, b"")
        assert "within the range: git fetch --unshallow gets the rest" in done.stderr.decode()
    cut.git("fetch", "-q", "--unshallow")
    assert f"[{AWS_RULE}]" in cut.sayso("verify", "origin/base..HEAD").stdout.decode()


def test_a_merge_that_lacks_content_is_undecided(repo: Repo) -> None:
    text = "".join(f"line {number}\n" for number in range(20))
    repo.stage("lines.txt", text)
    repo.commit("Begin")
    for branch, line in (("onto", "line 3"), ("work", "line 17")):
        repo.git("checkout", "-q", "-b", branch, "trunk")
        repo.stage("lines.txt", text.replace(f"{line}\n", "changed\n"))
        repo.commit(branch)
    blob = repo.git("rev-parse", "onto:lines.txt")
    (repo.path / ".git/objects" / blob[:2] / blob[2:]).unlink()
    done = repo.sayso("verify", "onto..work")
    assert (done.returncode, done.stdout) == (3, b"")
    assert "could not decide: git merge-tree failed" in done.stderr.decode()


def test_a_shallow_clone_that_is_deep_enough(served: Repo, tmp_path: Path) -> None:
    repo = part_of(served, tmp_path / "clone", "--depth=3", "--no-single-branch", "--branch=work")
    assert (repo.path / ".git/shallow").exists()
    whole = part_of(served, tmp_path / "whole", "--branch=work")
    done = repo.sayso("verify", "--format", "json", "origin/trunk..HEAD")
    assert done.returncode == 1
    assert done.stdout == whole.sayso("verify", "--format", "json", "origin/trunk..HEAD").stdout


def test_a_partial_clone_fetches_nothing_and_names_what_is_missing(served: Repo, tmp_path: Path) -> None:
    repo = part_of(served, tmp_path / "clone", "--filter=blob:none", "--no-checkout", "--branch=work")
    before = repo.git("rev-list", "--objects", "--all", "--missing=print", GIT_NO_LAZY_FETCH="1")
    assert "?" in before
    done = repo.sayso("verify", "origin/trunk..HEAD")
    assert done.returncode == 3
    said = (done.stdout + done.stderr).decode()
    assert f"could not fetch {served.git('rev-parse', 'work:client.py')}" in said
    assert "git fetch --refetch --no-filter gets the rest" in said
    assert repo.git("rev-list", "--objects", "--all", "--missing=print", GIT_NO_LAZY_FETCH="1") == before
    repo.git("fetch", "-q", "--refetch", "--no-filter")
    done = repo.sayso("verify", "origin/trunk..HEAD")
    assert done.returncode == 1
    assert f"[{AWS_RULE}]" in done.stdout.decode()


def test_ids_of_sha256(tmp_path: Path, clean_environment: dict[str, str]) -> None:
    repo = Repo(tmp_path, clean_environment)
    repo.git("init", "-q", "--object-format=sha256")
    repo.stage("a.py", specimens.SAFE)
    repo.commit("Begin")
    repo.git("branch", "onto")
    repo.stage("client.py", KEY)
    long = repo.commit("Add a client")
    assert len(long) == 64
    repo.git("checkout", "-q", "onto")
    repo.stage("b.py", specimens.SAFE.replace("add", "plus"))
    repo.commit("Go on")
    done = repo.sayso("verify", "--format", "json", f"onto..{long}")
    found = [item for item in json.loads(done.stdout)["findings"] if item["rule"] == AWS_RULE]
    assert done.returncode == 1
    assert [item.get("commit") for item in found] == [long, None]


def test_submodules_links_and_modes(repo: Repo, served: Repo) -> None:
    repo.stage("a.sh", "echo 1\n")
    repo.commit("Begin")
    repo.git("submodule", "--quiet", "add", f"file://{served.path}", "lib")
    (repo.path / "link.py").symlink_to("/etc/passwd")
    repo.git("add", "link.py")
    repo.git("update-index", "--chmod=+x", "a.sh")
    repo.commit("Bring it in")
    repo.git("-C", "lib", "checkout", "-q", "HEAD~1")
    repo.git("add", "lib")
    repo.commit("Take an older one")
    done = repo.sayso("verify", "--format", "json", "HEAD~2..HEAD")
    report = json.loads(done.stdout)
    assert done.returncode in {0, 1}
    assert not [item for item in report["skipped"] if item["blocks"]]
    assert {item["path"] for item in report["skipped"]} == {"link.py"}


def test_in_the_quarantine_of_a_server(served: Repo, tmp_path: Path) -> None:
    """Before a push is taken, its objects lie in a folder of their own, and git says so in the environment."""
    served.run("git", "clone", "-q", "--bare", "--branch=trunk", f"file://{served.path}", str(tmp_path / "up.git"))
    hook = tmp_path / "up.git/hooks/pre-receive"
    hook.write_text('#!/bin/sh\nread -r from to ref\nexec sayso verify "trunk..$to"\n')
    hook.chmod(0o755)
    repo = part_of(served, tmp_path / "clone", "--branch=work")
    repo.stage("more.py", "more = 2\n")
    repo.commit("Add even more")
    done = repo.run("git", "push", str(tmp_path / "up.git"), "work:new", check=False)
    assert done.returncode
    assert f"[{AWS_RULE}]".encode() in done.stderr
    repo.git("checkout", "-q", "-b", "good", "origin/trunk~1")
    repo.stage("more.py", "more = 3\n")
    repo.commit("Add something")
    repo.git("push", "-q", str(tmp_path / "up.git"), "good")


# What it costs.


@pytest.fixture
def counted(tmp_path: Path) -> tuple[dict[str, Any], Callable[[], list[str]]]:
    """A git that notes each start, and a function that returns what was noted since."""
    log, folder = tmp_path / "starts", tmp_path / "counting"
    folder.mkdir()
    git = shutil.which("git")
    (folder / "git").write_text(f'#!/bin/sh\necho "$*" >> "{log}"\nexec {git} "$@"\n')
    (folder / "git").chmod(0o755)

    def starts() -> list[str]:
        found = log.read_text().splitlines() if log.exists() else []
        log.unlink(missing_ok=True)
        return found

    return {"PATH": os.pathsep.join([str(folder), os.environ["PATH"]])}, starts


def test_a_warm_range_starts_no_scanner_and_git_a_few_times(
    repo: Repo, counted: tuple[dict[str, Any], Callable[[], list[str]]], without_scanners: dict[str, Any]
) -> None:
    repo.commit("Begin")
    repo.git("branch", "base")
    for number in range(20):
        repo.stage("a.py", f"{specimens.SAFE}\nx = {number}\n")
        repo.stage(f"docs/{number}.md", f"Words {number}.\n")
        repo.commit(f"Step {number}")
    environment, starts = counted
    cold = repo.sayso("verify", "--ledger", "--format", "json", "base..HEAD", **environment)
    assert cold.returncode == 0, cold.stdout
    first = starts()
    warm = repo.sayso("verify", "--ledger", "--format", "json", "base..HEAD", **environment)
    assert warm.stdout == cold.stdout
    again = starts()
    assert 1 <= len(again) <= len(first)
    assert len(again) < 30, again  # for a range, and not for each commit
    bare = repo.sayso("verify", "--ledger", "--format", "json", "base..HEAD", **without_scanners)
    assert (bare.returncode, bare.stdout) == (0, cold.stdout)  # there is none that it could start
