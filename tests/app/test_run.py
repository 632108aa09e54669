"""``sayso run`` records what a command showed of the whole work tree, and nothing where that cannot be said."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sayso import runs
from sayso.adapters.runledger import RunLedger
from sayso.runs import Run
from tools.repo import Repo

PYTEST = (sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--junitxml=report.xml")
UNIT = ("run", "tests:unit", "--junit", "report.xml", "--")
REPORT = '<testsuite tests="1"><testcase classname="c" name="denied"/></testsuite>'
WRITES = f"echo '{REPORT}' > report.xml"


@pytest.fixture
def project(repo: Repo) -> Repo:
    """A project with a test, staged as a whole; its reports are ignored."""
    repo.stage(".gitignore", "*.xml\n__pycache__/\n*.out\n")
    repo.stage("test_a.py", "def test_denied():\n    pass\n")
    return repo


def recorded(repo: Repo, tree: str = "") -> list[Run]:
    ledger = RunLedger(str(repo.path / ".git"))
    found = ledger.of_tree(tree or repo.git("write-tree"))
    assert ledger.damaged == []
    return found


def records(repo: Repo) -> list[Path]:
    return [path for path in (repo.path / ".git" / "sayso").rglob("*") if path.is_file()]


def said(done: subprocess.CompletedProcess[bytes]) -> str:
    return (done.stdout + done.stderr).decode()


def test_tests_that_pass_are_evidence_for_the_tree(project: Repo) -> None:
    done = project.sayso(*UNIT, *PYTEST)
    assert done.returncode == 0, said(done)
    tree = project.git("write-tree")
    (run,) = recorded(project)
    assert run == Run("tests:unit", PYTEST, tree, 0, "", runs.Report(passed=("test_a::test_denied",)))
    lines = done.stdout.decode().splitlines()
    assert lines[0] == f"sayso: tests:unit on tree {tree[:12]}"
    assert "1 passed" in "".join(lines[1:-2])
    assert lines[-1] == f"sayso: evidence {run.id[:12]} counts for tree {tree[:12]}"
    assert runs.weigh([run], "tests:unit", tree, {"deny": ("denied",)}).status == runs.MET
    beside = RunLedger(str(project.path / ".git")).beside(run)
    assert set(beside) == {"host", "reports", "seconds", "started"}
    assert beside["reports"] == ["report.xml"]


def test_a_place_for_the_report_is_given_and_read(project: Repo) -> None:
    project.stage(".gitignore", "__pycache__/\n")
    words = (*PYTEST[:-1], "--junitxml={junit}")
    done = project.sayso("run", "tests:unit", "--", *words)
    assert done.returncode == 0, said(done)
    (run,) = recorded(project)
    assert run.argv == words
    assert run.tests == runs.Report(passed=("test_a::test_denied",))
    assert RunLedger(str(project.path / ".git")).beside(run)["reports"] == []
    assert project.git("status", "--porcelain", "--untracked-files=all", "--", "*.xml") == ""


def test_a_place_that_the_command_does_not_use_is_a_report_that_is_missing(project: Repo) -> None:
    done = project.sayso("run", "tests:unit", "--", "sh", "-c", ": {junit}")
    assert (done.returncode, recorded(project)) == (3, [])
    assert "the command did not write it" in said(done)


def test_the_record_is_of_the_tree_that_the_commit_has(project: Repo) -> None:
    project.sayso(*UNIT, *PYTEST)
    commit = project.commit()
    assert len(recorded(project, project.git("rev-parse", f"{commit}^{{tree}}"))) == 1


def test_what_is_not_staged_is_part_of_it_and_said_twice(project: Repo) -> None:
    project.write("new.py", "x\n")
    project.write("test_a.py", "def test_other():\n    pass\n")
    done = project.sayso(*UNIT, *PYTEST)
    assert done.returncode == 0
    assert said(done).count("not staged (new.py, test_a.py): the record counts for a commit of all of them") == 2
    assert recorded(project) == []
    project.git("add", "--all")
    assert len(recorded(project)) == 1


def test_what_is_not_staged_can_be_put_aside_as_it_says(project: Repo) -> None:
    project.commit()
    project.stage("test_a.py", "def test_other():\n    pass\n")
    project.write("new.py", "x\n")
    aside = re.search(r"\(git stash pop\): (.*)", said(project.sayso(*UNIT, *PYTEST)))
    assert aside
    project.run("sh", "-c", aside[1])
    assert "stash" not in said(project.sayso(*UNIT, *PYTEST))
    assert len(recorded(project)) == 1
    project.commit()
    project.git("stash", "pop")
    assert project.read("new.py") == "x\n"


@pytest.mark.parametrize(
    ("script", "code", "says", "kept"),
    [
        pytest.param("exit 3", 1, "ended with 3", True, id="fails"),
        pytest.param("kill -9 $$", 1, "ended with -9", True, id="killed"),
        pytest.param(f"{WRITES}; exit 5", 1, "ended with 5 (1 passed)", True, id="fails-with-a-good-report"),
        pytest.param(
            "echo '<testsuite><testcase name=\"a\"><failure/></testcase></testsuite>' > report.xml",
            1,
            "1 failed: ::a",
            True,
            id="exit-0-with-failures",
        ),
        pytest.param("true", 3, "report.xml is not there: the command did not write it", False, id="no-report"),
        pytest.param(": > report.xml", 3, "report.xml: empty", False, id="empty-report"),
        pytest.param("echo '<testsuites/>' > report.xml", 3, "no test ran: have the runner", True, id="zero-tests"),
        pytest.param(
            "echo '<testsuite><testcase name=\"a\"><skipped/></testcase></testsuite>' > report.xml",
            3,
            "(1 skipped)",
            True,
            id="all-skipped",
        ),
        pytest.param(
            f"echo '{REPORT}' > other.xml; ln -s other.xml report.xml", 3, "is a symbolic link", False, id="symlink"
        ),
        pytest.param("mkfifo report.xml", 3, "no regular file", False, id="pipe"),
        pytest.param("mkdir report.xml", 3, "report.xml", False, id="folder"),
        pytest.param("truncate -s 65M report.xml", 3, "64 MiB", False, id="huge"),
        pytest.param(f"{WRITES}; touch -d '1 hour ago' report.xml", 3, "is from before this run", False, id="old-time"),
        pytest.param(
            "echo '<!DOCTYPE l [<!ENTITY a \"ha\">]><testsuites/>' > report.xml",
            3,
            "document type",
            False,
            id="entities",
        ),
        pytest.param("echo '<testsuite tests=\"9\"/>' > report.xml", 3, "declares 9", False, id="not-whole"),
        pytest.param(f"{WRITES}; echo >> test_a.py", 3, "before: test_a.py: nothing", False, id="edits-a-file"),
        pytest.param(f"{WRITES}; touch left.txt", 3, "before: left.txt: nothing", False, id="leaves-a-file"),
        pytest.param(f"{WRITES}; rm test_a.py", 3, "before: test_a.py: nothing", False, id="deletes-a-file"),
        pytest.param(f"{WRITES}; chmod +x test_a.py", 3, "before: test_a.py: nothing", False, id="changes-a-mode"),
        pytest.param(f"{WRITES}; touch 1 2 3 4 5 6 7", 3, "1, 2, 3, 4, 5 and 2 more", False, id="leaves-many"),
        pytest.param(f"{WRITES}; touch left.out", 0, "counts for", True, id="leaves-what-is-ignored"),
        pytest.param(f"{WRITES}; git add --all; git status", 0, "counts for", True, id="touches-the-index"),
        pytest.param(
            f"echo >> test_a.py; {WRITES}; git checkout -q test_a.py", 0, "counts", True, id="edits-and-restores"
        ),
    ],
)
def test_what_a_command_can_end_with(project: Repo, script: str, code: int, says: str, *, kept: bool) -> None:
    done = project.sayso(*UNIT, "sh", "-c", script)
    assert (done.returncode, says in said(done)) == (code, True), said(done)
    assert ("could not decide" in said(done)) == (code == 3)
    assert bool(records(project)) == kept


def test_a_report_of_an_earlier_run_is_none(project: Repo) -> None:
    project.write("report.xml", REPORT)
    done = project.sayso(*UNIT, "true")
    assert (done.returncode, "report.xml is from before this run" in said(done)) == (3, True), said(done)
    project.write("earlier.xml", REPORT)
    os.utime(project.path / "earlier.xml", (0, 0))
    done = project.sayso(*UNIT, "cp", "-p", "earlier.xml", "report.xml")
    assert (done.returncode, "report.xml is from before this run" in said(done)) == (3, True), said(done)
    assert records(project) == []


def test_a_failure_whose_report_cannot_be_read_is_kept(project: Repo) -> None:
    done = project.sayso(*UNIT, "sh", "-c", "echo '<testsuite' > report.xml; exit 1")
    assert (done.returncode, "not XML" in said(done)) == (1, True), said(done)
    (run,) = recorded(project)
    assert (run.code, run.tests) == (1, None)


def test_without_a_report_tests_show_nothing_and_it_is_said_how_they_would(project: Repo) -> None:
    done = project.sayso("run", "tests:e2e", "--", "echo", "running")
    assert done.returncode == 3
    assert said(done).index("no --junit FILE") < said(done).index("running")
    for word in ("--junit 'target/", "pytest --junitxml={junit}", "jest-junit", "go-junit-report", "surefire"):
        assert word in said(done)
    assert runs.weigh(recorded(project), "tests:e2e", project.git("write-tree")).status == runs.MISSING


@pytest.mark.parametrize("kind", ["types", "lint", "license"])
def test_other_kinds_need_no_report(project: Repo, kind: str) -> None:
    assert project.sayso("run", kind, "--", "true").returncode == 0
    assert runs.weigh(recorded(project), kind, project.git("write-tree")).status == runs.MET
    assert project.sayso("run", kind, "--", "false").returncode == 1
    found = runs.weigh(recorded(project), kind, project.git("write-tree"))
    assert (found.status, found.reasons) == (runs.FAILED, ("`false` ended with 1",))


def test_a_mistaken_command_can_be_forgotten(project: Repo) -> None:
    project.sayso("run", "lint", "--", "false")
    done = project.sayso("run", "lint", "--forget", "--", "false")
    assert (done.returncode, "forgotten: `false`" in said(done)) == (0, True)
    assert recorded(project) == []
    assert project.sayso("run", "lint", "--forget", "--", "false").returncode == 2


def test_the_same_command_without_its_report_takes_nothing_back(project: Repo) -> None:
    command = ("sh", "-c", WRITES)
    assert project.sayso(*UNIT, *command).returncode == 0
    assert project.sayso("run", "tests:unit", "--", *command).returncode == 3
    assert [run.tests is not None for run in recorded(project)] == [True]


def test_several_reports_are_one(project: Repo) -> None:
    one = "echo '<testsuite><testcase name=\"t'$n'\"/></testsuite>' > out/TEST-$n.xml"
    script = f"mkdir -p out; for n in 1 2; do {one}; done"
    project.write("out/TEST-old.xml", REPORT)
    done = project.sayso("run", "tests:unit", "--junit", "out/TEST-*.xml", "--", "sh", "-c", script)
    assert (done.returncode, "did not write them: out/TEST-old.xml" in said(done)) == (0, True), said(done)
    (run,) = recorded(project)
    assert run.tests == runs.Report(passed=("::t1", "::t2"))
    named = ("--junit", "out/TEST-1.xml", "out/TEST-2.xml", "--")
    assert project.sayso("run", "tests:e2e", *named, "sh", "-c", script).returncode == 0


def test_in_a_folder_below(project: Repo) -> None:
    project.stage("sub/x.txt", "x\n")
    done = project.run("sh", "-c", f'cd sub && sayso {" ".join(UNIT)} sh -c "$0"', WRITES, check=False)
    assert done.returncode == 0, said(done)
    (run,) = recorded(project)
    assert run.folder == "sub/"


@pytest.mark.parametrize(
    ("args", "says"),
    [
        pytest.param(("tests-unit", "--", "true"), "did you mean 'tests:unit'?", id="near-miss"),
        pytest.param(("unit", "--", "true"), "did you mean 'tests:unit'?", id="part"),
        pytest.param(("review", "--", "true"), "is not one of tests:unit, tests:e2e, types, lint, license", id="kind"),
        pytest.param(("lint",), "there is no command", id="no-command"),
        pytest.param(("lint", "--"), "there is no command", id="nothing-after-the-dashes"),
        pytest.param(("lint", "--", ""), "there is no command", id="empty-command"),
        pytest.param(("lint", "--", "no-such-command-here"), "cannot be started", id="not-there"),
        pytest.param(("lint", "--", "./test_a.py"), "cannot be started", id="not-executable"),
        pytest.param(("lint", "--fast", "--", "true"), "'--fast' is not known here", id="option"),
        pytest.param(("lint", "true"), "the command stands after --", id="no-dashes"),
        pytest.param(("lint", "--timeout", "-1", "--", "true"), "--timeout", id="timeout"),
        pytest.param(("lint", "--timeout", "nan", "--", "true"), "--timeout", id="timeout-nan"),
        pytest.param((), "KIND", id="nothing"),
    ],
)
def test_usage(project: Repo, args: tuple[str, ...], says: str) -> None:
    done = project.sayso("run", *args)
    assert (done.returncode, says in said(done)) == (2, True), said(done)
    assert records(project) == []


def test_a_bare_repository_is_a_mistake(repo: Repo) -> None:
    repo.git("config", "core.bare", "true")
    done = repo.sayso("run", "lint", "--", "true")
    assert (done.returncode, "bare repository" in said(done)) == (2, True)


def test_before_the_first_commit_and_in_an_empty_repository(repo: Repo) -> None:
    assert repo.sayso("run", "lint", "--", "true").returncode == 0
    assert len(recorded(repo)) == 1


def test_input_output_and_environment_are_the_users(project: Repo) -> None:
    script = 'read line; echo "got $line $MINE"; echo problem >&2'
    done = project.sayso("run", "lint", "--", "sh", "-c", script, stdin=b"this\n", MINE="that")
    assert b"got this that\n" in done.stdout
    assert b"problem\n" in done.stderr


def test_names_cannot_move_the_cursor(project: Repo) -> None:
    script = "printf '<testsuite><testcase name=\"a&#x202e;b\"><failure/></testcase></testsuite>' > report.xml; exit 1"
    done = project.sayso(*UNIT, "sh", "-c", script)
    assert "\\u202e" in said(done)
    assert "\u202e" not in said(done)


def test_words_are_passed_on_as_they_are(project: Repo) -> None:
    awkward = ("--", "-x", "--junit", "a b", "", "*", "$HOME", os.fsdecode(b"\xff"))
    done = project.sayso("run", "lint", "--", sys.executable, "-c", "import sys; print(ascii(sys.argv[1:]))", *awkward)
    assert done.returncode == 0, said(done)
    assert ascii(list(awkward)) in said(done)
    assert recorded(project)[0].argv[3:] == awkward


Start = Callable[..., "subprocess.Popen[bytes]"]


@pytest.fixture
def start(project: Repo) -> Iterator[Start]:
    """Start a run of a script in a process group of its own, and wait until the script says that it runs."""
    started = []

    def begin(script: str, *options: str) -> subprocess.Popen[bytes]:
        command = ["sayso", "run", "lint", *options, "--", "sh", "-c", f"echo $$ > pid.out; {script}"]
        process = subprocess.Popen(
            command,
            cwd=project.path,
            env=project.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
        started.append(process)
        deadline = time.monotonic() + 20
        while not (project.path / "pid.out").exists() or not project.read("pid.out").strip():
            assert time.monotonic() < deadline
            time.sleep(0.01)
        return process

    yield begin
    for process in started:
        if process.poll() is None:
            process.kill()
        process.communicate()


def gone(project: Repo) -> bool:
    """Wait for the script to end."""
    deadline = time.monotonic() + 10
    pid = project.read("pid.out").strip()
    while pid:
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except (FileNotFoundError, ProcessLookupError):
            return True
        if state == "Z":
            return True
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


@pytest.mark.parametrize("options", [(), ("--timeout", "60")], ids=["plain", "with-a-limit"])
def test_ctrl_c_reaches_the_command_and_records_nothing(project: Repo, start: Start, options: tuple[str, ...]) -> None:
    process = start("trap 'echo bye; exit 0' INT; while :; do sleep 0.1; done", *options)
    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=20)
    assert process.returncode == 130, (out, err)
    assert b"bye" in out
    assert b"interrupted" in err
    assert gone(project)
    assert records(project) == []


@pytest.mark.parametrize("options", [(), ("--timeout", "60")], ids=["plain", "with-a-limit"])
def test_a_termination_ends_the_command_too(project: Repo, start: Start, options: tuple[str, ...]) -> None:
    process = start("exec sleep 60", *options)
    process.terminate()
    process.communicate(timeout=20)
    assert process.returncode == 130
    assert gone(project)
    assert records(project) == []


@pytest.mark.parametrize("options", [(), ("--timeout", "60")], ids=["plain", "with-a-limit"])
def test_a_termination_at_the_very_start_leaves_no_command_behind(project: Repo, options: tuple[str, ...]) -> None:
    for _ in range(5):
        script = "kill -TERM $PPID; echo $$ > pid.out; exec sleep 60"
        assert project.sayso("run", "lint", *options, "--", "sh", "-c", script).returncode == 130
        assert not (project.path / "pid.out").exists() or gone(project)
    assert records(project) == []


def test_a_kill_leaves_nothing_half_written(project: Repo, start: Start) -> None:
    process = start("exec sleep 60")
    process.kill()
    process.wait()
    os.killpg(process.pid, signal.SIGKILL)
    assert records(project) == []
    assert project.git("status", "--porcelain").splitlines() == ["A  .gitignore", "A  test_a.py"]
    assert not (project.path / ".git" / "index.lock").exists()
    assert project.sayso("run", "lint", "--", "true").returncode == 0


def test_a_command_that_takes_too_long_is_ended_with_its_children(project: Repo) -> None:
    script = "sh -c 'echo $$ > pid.out; exec sleep 60' & wait"
    before = time.monotonic()
    done = project.sayso("run", "lint", "--timeout", "0.5", "--", "sh", "-c", script)
    assert (done.returncode, "not ended after 0.5 seconds" in said(done)) == (3, True), said(done)
    assert time.monotonic() - before < 15
    assert gone(project)
    assert records(project) == []


def test_two_runs_at_once_are_both_recorded(project: Repo) -> None:
    running = [
        subprocess.Popen(
            ["sayso", "run", kind, "--", "sh", "-c", f"sleep 0.3; echo {kind}"],
            cwd=project.path,
            env=project.environment,
            stdout=subprocess.PIPE,
        )
        for kind in ("lint", "types")
    ]
    assert [process.wait() for process in running] == [0, 0]
    for process in running:
        process.communicate()
    assert sorted(run.kind for run in recorded(project)) == ["lint", "types"]


def test_a_ledger_that_cannot_be_written_is_undecided(project: Repo) -> None:
    (project.path / ".git" / "sayso").mkdir()
    bind = "mount --bind .git/sayso .git/sayso && mount -o remount,ro,bind .git/sayso"
    done = project.run("unshare", "--mount", "sh", "-c", f"{bind} || exit 77; sayso run lint -- true", check=False)
    if done.returncode == 77 or done.stderr.startswith(b"unshare"):
        (project.path / ".git" / "sayso").rmdir()
        project.write(".git/sayso", "x")
        done = project.sayso("run", "lint", "--", "true")
    assert (done.returncode, "cannot keep the record of a run" in said(done)) == (3, True), said(done)


def test_linked_worktrees_share_what_is_recorded(project: Repo, tmp_path: Path) -> None:
    project.commit()
    project.git("worktree", "add", "--quiet", "-b", "side", str(tmp_path / "side"))
    linked = Repo(tmp_path / "side", project.environment)
    assert linked.sayso("run", "lint", "--", "true").returncode == 0
    assert len(recorded(project)) == 1


def test_the_index_and_the_objects_are_left_as_they_are(project: Repo) -> None:
    project.write("test_a.py", "def test_new(): pass\n")
    project.write("new.py", "x\n")
    before = (project.path / ".git" / "index").read_bytes(), sorted((project.path / ".git" / "objects").rglob("*"))
    assert project.sayso("run", "lint", "--", "true").returncode == 0
    assert before == (
        (project.path / ".git" / "index").read_bytes(),
        sorted((project.path / ".git" / "objects").rglob("*")),
    )
