"""The command line as a whole: what it takes, how it ends, and what it leaves behind."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from base64 import b64encode
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

import specimens
from sayso import __version__
from sayso.model import ChangeKind, Outcome, Severity
from sayso.registry import HOOKS, TOOLS
from specimens import INSECURE, SAFE
from tools.osv import advisory
from tools.repo import Repo

SCANS = ("sayso", "code-scan", "secret-scan", "sensitive-paths", "secure-claims")


def test_version(repo: Repo) -> None:
    assert repo.output("sayso", "--version") == (0, f"sayso {__version__}\n")


def test_help_names_every_command(repo: Repo) -> None:
    code, said = repo.output("sayso", "--help")
    assert code == 0
    assert [name for name in (*HOOKS, *TOOLS) if f"  {name} " not in said] == []
    assert repo.output("sayso") == (2, said)


@pytest.mark.parametrize("name", [*HOOKS, *TOOLS])
def test_help_of_a_command(repo: Repo, name: str) -> None:
    code, said = repo.output("sayso", name, "--help")
    assert (code, said.startswith(f"usage: sayso {name}")) == (0, True)


@pytest.mark.parametrize(
    ("args", "said"),
    [
        pytest.param(("code-scam",), "did you mean 'code-scan'?", id="nearest-command"),
        pytest.param(("zzz",), "there is no command 'zzz': see sayso --help", id="no-command"),
        pytest.param(("code-scan", "--no-such-option"), "--no-such-option", id="option-of-a-hook"),
        pytest.param(("code-scan", "--format", "xml"), "'xml'", id="format"),
        pytest.param(("rules", "--no-such-option"), "unknown option --no-such-option", id="option-of-a-tool"),
        pytest.param(("evidence",), "action", id="missing-argument"),
        pytest.param(("ai-authorship", "--policy", "permit"), "'permit'", id="policy"),
        pytest.param(("zz\x1b[2J",), "\\x1b[2J", id="escape-code"),
    ],
)
def test_usage_errors(repo: Repo, args: tuple[str, ...], said: str) -> None:
    done = repo.sayso(*args)
    assert (done.returncode, done.stdout) == (2, b"")
    assert said in done.stderr.decode()
    assert b"\x1b" not in done.stderr


@pytest.mark.parametrize("command", [*((hook,) for hook in HOOKS), ("history",), ("evidence", "show")], ids=" ".join)
def test_not_a_repository(tmp_path: Path, clean_environment: dict[str, str], command: tuple[str, ...]) -> None:
    done = subprocess.run(["sayso", *command], cwd=tmp_path, env=clean_environment, capture_output=True, check=False)
    assert done.returncode == 3
    assert b"could not decide: not a git repository" in done.stderr


@pytest.mark.parametrize("hook", SCANS)
def test_a_bare_repository_has_no_index(repo: Repo, tmp_path: Path, hook: str) -> None:
    repo.stage("a.py", SAFE)
    first = repo.commit()
    repo.stage("b.py", SAFE)
    last = repo.commit("More")
    repo.git("clone", "--quiet", "--bare", str(repo.path), str(tmp_path / "bare.git"))
    bare = Repo(tmp_path / "bare.git", repo.environment)
    code, said = bare.output("sayso", hook)
    assert (code, "has no index" in said) == (2, True)
    code, said = bare.output("sayso", hook, "--from-ref", first, "--to-ref", last)
    assert code == 0, said


@pytest.mark.parametrize("hook", SCANS)
def test_before_the_first_commit(repo: Repo, hook: str) -> None:
    assert repo.sayso(hook).returncode == 0
    repo.stage("a.py", SAFE)
    code, said = repo.output("sayso", hook)
    assert (code, "1 examined" in said) == (0, True)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("[sensitive-paths\n", "sayso.toml:1: not valid TOML", id="syntax"),
        pytest.param(
            "\n[sensitive-paths]\nrefuze = true\n", "sayso.toml:3: sensitive-paths.refuze: unknown key", id="key"
        ),
        pytest.param(
            "[sensitive-paths]\nrefuse = 'yes'\n", "sayso.toml:2: sensitive-paths.refuse: expected boolean", id="type"
        ),
        pytest.param("[ai-autorship]\n", "did you mean 'ai-authorship'?", id="table"),
        pytest.param(
            "[ai-authorship]\npolicy = 'permit'\n",
            "sayso.toml:2: ai-authorship.policy: 'permit' is not one of",
            id="value",
        ),
    ],
)
def test_a_policy_that_cannot_be_used(repo: Repo, text: str, said: str) -> None:
    repo.stage("sayso.toml", text)
    code, printed = repo.output("sayso", "sensitive-paths")
    assert (code, said in printed) == (2, True), printed


@pytest.mark.parametrize(
    "text", ["", "\n", "# nothing yet\n", "\ufeff# with a mark\n"], ids=["empty", "line", "comment", "mark"]
)
def test_a_policy_that_says_nothing(repo: Repo, text: str) -> None:
    repo.stage("sayso.toml", text)
    assert repo.sayso("sensitive-paths").returncode == 0


def test_a_policy_that_is_no_text(repo: Repo) -> None:
    repo.stage("sayso.toml", b"\0\0\1\2\3")
    assert repo.sayso("sensitive-paths").returncode == 2


def test_policy_and_option_refuse_sensitive_paths(repo: Repo) -> None:
    repo.stage(".github/workflows/ci.yml", "on: push\n")
    assert repo.sayso("sensitive-paths").returncode == 0
    assert repo.sayso("sensitive-paths", "--refuse").returncode == 1
    repo.stage("sayso.toml", "[sensitive-paths]\nrefuse = true\n")
    assert repo.sayso("sensitive-paths").returncode == 1
    assert repo.sayso("sayso").returncode == 1


@pytest.mark.parametrize(
    ("args", "code"),
    [
        ((), 0),
        (("--policy", "require"), 0),
        (("--policy", "forbid"), 1),
        (("--policy", "require", "--accept", "Assisted-by"), 1),
    ],
    ids=["detect", "require", "forbid", "require-another-form"],
)
def test_ai_authorship(repo: Repo, args: tuple[str, ...], code: int) -> None:
    repo.stage("a.py", SAFE)
    message = repo.path / ".git" / "COMMIT_EDITMSG"
    message.write_text("Add a\n\nCo-authored-by: Claude <noreply@anthropic.com>\n")
    assert repo.sayso("ai-authorship", str(message), *args).returncode == code
    assert repo.sayso("ai-authorship", *args).returncode == code, "without a name it is git's own file"
    message.write_text("Add a\n")
    assert repo.sayso("ai-authorship", str(message), *args).returncode == 0


KEYS = {"version", "hook", "outcome", "findings", "examined", "skipped", "evidence", "notes"}


def _well_formed(report: dict[str, Any], hook: str) -> None:
    assert set(report) >= KEYS
    assert (report["version"], report["hook"]) == (1, hook)
    assert report["outcome"] in set(Outcome)
    assert type(report["examined"]) is int
    assert all(isinstance(note, str) for note in report["notes"])
    assert all(len(item) == 64 for item in report["evidence"])
    for item in report["findings"]:
        assert set(item) >= {"hook", "rule", "path", "line", "message", "severity"}
        assert item["hook"] in HOOKS
        assert item["severity"] in set(Severity)
        assert type(item["line"]) is int
    for item in report["skipped"]:
        assert set(item) >= {"hook", "path", "reason", "blocks"}
        assert type(item["blocks"]) is bool


@pytest.mark.e2e
@pytest.mark.parametrize("hook", HOOKS)
def test_json_of_every_hook(repo: Repo, hook: str) -> None:
    repo.stage("a.py", f"# This is secure.\n{INSECURE}key = '{specimens.aws_key()}'\n")
    repo.stage("b.py", specimens.BROKEN)
    repo.stage("\udcff.py", INSECURE)
    (repo.path / "link").symlink_to("a.py")
    repo.git("add", "link")
    export = repo.path.parent / "all.jsonl"
    now = f"{datetime.now(UTC):%Y-%m-%d}T00:00:00Z"
    export.write_text(json.dumps(advisory("PYSEC-2999-1", "demo-web", ["1.0"]) | {"modified": now}))
    repo.stage("sayso.toml", f'[dependency-scan]\nosv-export = "{export}"\n')
    repo.stage("requirements.txt", "demo-web==1.0\n")
    repo.stage(".claude/settings.json", '{"permissions": {"defaultMode": "bypassPermissions"}}\n')
    repo.stage("hidden.md", "A word\u2064\u200b\u2063\u200b and\U000e0041\U000e0042\U000e0043 more\n")
    repo.stage("quiet.py", "VALUE = 1  # noqa\n")
    repo.stage("long.py", "".join(f"VALUE_{number} = {number}\n" for number in range(900)))
    hooks = "repos:\n- repo: https://git.example.org/sayso\n  rev: main\n  hooks:\n  - id: sayso\n"
    repo.stage(".pre-commit-config.yaml", hooks)
    words = "Add a\n\nThis is secure.\n\nCo-authored-by: Claude <noreply@anthropic.com>\n"
    repo.write(".git/COMMIT_EDITMSG", words)
    names = _asked(repo, hook, words)
    done = repo.sayso(hook, "--format", "json", *names)
    assert done.stdout.count(b"\n") == 1
    assert done.stdout.isascii()
    report = json.loads(done.stdout)
    _well_formed(report, hook)
    assert report["findings"]
    flags = {"sensitive-paths", "ai-authorship", "receipt"}
    flags |= {"supply-chain", "suppressions", "change-size", "gate-config"}
    assert done.returncode == (0 if hook in flags else 1)


def _asked(repo: Repo, hook: str, words: str) -> list[str]:
    """The arguments with which a hook judges what is staged: a message, or a range that ends with it."""
    if hook == "verify-range":
        start = repo.git("commit-tree", repo.git("hash-object", "-t", "tree", "/dev/null"), "-m", "Start")
        end = repo.git("commit-tree", repo.git("write-tree"), "-p", start, "-m", words)
        return ["--from-ref", start, "--to-ref", end]
    return [".git/COMMIT_EDITMSG"] if HOOKS[hook].takes_message else []


@pytest.mark.e2e
@pytest.mark.parametrize("hook", HOOKS)
def test_json_of_nothing(repo: Repo, hook: str) -> None:
    repo.commit()
    repo.write(".git/COMMIT_EDITMSG", "Words\n")
    done = repo.sayso(hook, "--format", "json", *_asked(repo, hook, "Words\n"))
    _well_formed(json.loads(done.stdout), hook)
    assert done.returncode == 0


@pytest.mark.parametrize("closed", [">&-", "2>&-", "<&-", "<&- >&- 2>&-"])
def test_closed_standard_streams_never_pass_for_a_verdict(repo: Repo, closed: str) -> None:
    repo.stage("a.py", INSECURE)
    done = repo.run("sh", "-c", f"sayso code-scan {closed}", check=False)
    assert b"Traceback" not in done.stderr
    assert done.returncode == (1 if closed == "<&-" else 2)


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8"])
def test_output_does_not_depend_on_the_terminal(repo: Repo, encoding: str) -> None:
    repo.stage("caf\u00e9\u3042.py", INSECURE)
    done = repo.sayso("code-scan", PYTHONIOENCODING=encoding, LC_ALL="C", PYTHONUTF8="0")
    assert done.returncode == 1
    assert "caf\u00e9\u3042.py:5".encode() in done.stdout


def _children(pid: int) -> list[int]:
    listed = subprocess.run(["ps", "-eo", "pid=,ppid="], capture_output=True, check=True, text=True).stdout.split()
    return [int(child) for child, parent in zip(listed[::2], listed[1::2], strict=True) if int(parent) == pid]


@pytest.mark.e2e
@pytest.mark.parametrize("hook", ["code-scan", "secret-scan", "sayso"])
@pytest.mark.parametrize(("delay", "ending"), [(0.0, signal.SIGINT), (0.15, signal.SIGINT), (0.05, signal.SIGTERM)])
def test_an_interruption_leaves_nothing_behind(
    repo: Repo, tmp_path: Path, hook: str, delay: float, ending: signal.Signals
) -> None:
    for number in range(40):
        random = "".join(f'x = "{b64encode(sha256(f"{number} {n}".encode()).digest()).decode()}"\n' for n in range(200))
        repo.write(f"{number}.py", f"{INSECURE}" * 200 + random)
    repo.git("add", ".")
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    process = subprocess.Popen(
        ["sayso", hook],
        cwd=repo.path,
        env={**repo.environment, "TMPDIR": str(scratch)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    wanted = 2 if hook == "sayso" else 1
    deadline = time.monotonic() + 30
    while len(children := _children(process.pid)) < wanted or len(list(scratch.iterdir())) < wanted:
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < deadline
        time.sleep(0.01)
    time.sleep(delay)
    process.send_signal(ending)
    out, err = process.communicate(timeout=30)
    assert (process.returncode, out) == (130, b""), err
    assert err == b"sayso: interrupted\n"
    assert list(scratch.iterdir()) == []
    assert [child for child in children if Path(f"/proc/{child}").exists()] == []


def test_git_is_taken_from_absolute_folders_only(repo: Repo) -> None:
    planted = repo.write("git", "#!/bin/sh\ntouch ran\n")
    planted.chmod(0o755)
    repo.stage("a.py", SAFE)
    assert repo.sayso("code-scan", PATH=f".{os.pathsep}{os.pathsep}{repo.environment['PATH']}").returncode == 0
    assert not (repo.path / "ran").exists()


def test_no_git(repo: Repo, tmp_path: Path) -> None:
    sayso = subprocess.run(["sh", "-c", "command -v sayso"], capture_output=True, check=True, text=True).stdout.strip()
    done = repo.run(sayso, "code-scan", check=False, PATH=str(tmp_path))
    assert (done.returncode, b"git is not installed" in done.stderr) == (3, True)


def test_every_kind_of_change_has_a_word() -> None:
    assert {kind.value for kind in ChangeKind} == {
        "added",
        "modified",
        "deleted",
        "renamed",
        "copied",
        "type-changed",
        "named",
    }


def test_a_fault_of_ours_is_neither_a_pass_nor_a_refusal(repo: Repo) -> None:
    repo.stage("a.py", INSECURE)
    broken = "import sys\nfrom sayso import cli\ncli.HOOKS = None\nsys.exit(cli.main(['code-scan']))\n"
    done = repo.run(sys.executable, "-I", "-c", broken, check=False)
    assert done.returncode == 3
    assert b"could not decide: a fault in sayso itself" in done.stderr


@pytest.mark.parametrize("keys", ["Nonsense", "Assisted-by,", "", "Assisted-by;Generated-by"])
def test_a_trailer_that_cannot_count_is_a_usage_error(repo: Repo, keys: str) -> None:
    repo.write(".git/M", "Add x\n")
    done = repo.sayso("ai-authorship", "--policy", "require", f"--accept={keys}", ".git/M")
    assert done.returncode == 2
    assert b"is not one of Assisted-by, Generated-by, Co-authored-by" in done.stderr
    assert repo.sayso("ai-authorship", "--accept", "assisted-by, Generated-by", ".git/M").returncode == 0


def test_a_broken_rules_file_is_named_with_line_and_key(repo: Repo, tmp_path: Path) -> None:
    for folder in ("hooks", "rules"):
        shutil.copytree(specimens.ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    start = f"import sys\nsys.path.insert(0, {str(tmp_path / 'hooks')!r})"
    program = f"{start}\nfrom sayso.cli import main\nsys.exit(main(sys.argv[1:]))"
    run = [sys.executable, "-I", "-c", program, "secure-claims", ".git/M"]
    repo.write(".git/M", "This is secure.\n")
    assert repo.run(*run, check=False).returncode == 1  # and the parsed form is kept beside the file
    rules = tmp_path / "rules" / "claims.toml"
    whole = rules.read_text(encoding="utf-8")
    rules.write_text(whole.replace('tier = "refuse"', 'tier = "perhaps"', 1), encoding="utf-8")
    line = whole[: whole.index('tier = "refuse"')].count("\n") + 1
    done = repo.run(*run, check=False)
    assert done.returncode == 2, done.stderr
    assert f"rules/claims.toml:{line}: rule.tier: 'perhaps'".encode() in done.stderr
    rules.unlink()
    done = repo.run(*run, check=False)
    assert (done.returncode, b"this installation of sayso is damaged" in done.stderr) == (2, True), done.stderr
