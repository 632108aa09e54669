"""Files that somebody made to hang, crash or mislead the commands: refused by name, in bounded time and memory.

Every command here runs with a gigabyte and a half of address space, and a minute that none of them needs.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import resource
import shutil
import subprocess
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import pytest

import specimens
from sayso import approvals
from specimens import BY_TOOL
from tools.repo import Repo

_MEMORY = 3 << 29
_SECONDS = 60
_OUTSIDE = "words that stand outside of the repository"
_LOGIN = "src/auth/login.py"
_SHA = "a" * 64


class Ended(NamedTuple):
    """How a command ended, and all that it printed."""

    code: int
    said: str


def _limit() -> None:
    with contextlib.suppress(OSError, ValueError):  # macOS has no such limit
        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))


def play(repo: Repo, *args: str, **environment: str) -> Ended:
    """Run the console script within bounds; fail the test if it falls over, or shows what is none of its business."""
    done = subprocess.run(
        ["sayso", *args],
        cwd=repo.path,
        env={**repo.environment, **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
        timeout=_SECONDS,
        preexec_fn=_limit,
    )
    ended = Ended(done.returncode, (done.stdout + done.stderr).decode("utf-8", "replace"))
    assert ended.code in {0, 1, 2, 3}, ended
    assert "Traceback" not in ended.said, ended.said[-3000:]
    assert "a fault in sayso itself" not in ended.said
    assert _OUTSIDE not in ended.said
    assert "root:" not in ended.said
    return ended


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    """A file beside the repository, which nothing may read or write."""
    path = tmp_path / "outside.txt"
    path.write_text(_OUTSIDE)
    return path


def link(repo: Repo, name: str, target: str | Path) -> None:
    (repo.path / name).parent.mkdir(parents=True, exist_ok=True)
    (repo.path / name).unlink(missing_ok=True)
    (repo.path / name).symlink_to(target)
    repo.git("add", "--", name)


_DUTY = '[[duty]]\nid = "a-{}"\npaths = ["{}"]\nevidence = ["lint"]\n'
_STARS = "*a" * 148


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"# " + b"x" * (64 << 20) + b"\n", id="huge"),
        pytest.param(b"a = " + b"[" * 100_000, id="deep"),
        pytest.param(b"a." * 50_000 + b"b = 1\n", id="deep-key"),
        pytest.param("".join(_DUTY.format(number, "a") for number in range(3_000)).encode(), id="many-duties"),
        pytest.param("".join(_DUTY.format(number, "a") for number in range(100_000)).encode(), id="too-many-duties"),
        pytest.param(b'[gate]\nenforce = "all"\nenforce = "none"\n', id="duplicate-key"),
        pytest.param(b'[gate]\nenforce = "all"\0\n', id="nul"),
        pytest.param('[gate]\nenforce = "all"\n'.encode("utf-16"), id="utf-16"),
        pytest.param(b"[gate]\nenforce = '\xff'\n", id="latin-1"),
        pytest.param(_DUTY.format("b", "{a,b}" * 40).encode(), id="alternatives"),
        pytest.param(_DUTY.format("b", "../../etc/*").encode(), id="upwards"),
        pytest.param(b'[review]\nallowed-signers = "/etc/passwd"\n', id="absolute-signers"),
        pytest.param(b'[review]\napprovals = "../approvals"\n', id="approvals-above"),
        pytest.param(b'[gate]\nminimum-rev = "v' + b"9" * 9_000 + b'"\n', id="digits"),
        pytest.param(b"[change-size]\nlines = " + b"9" * 9_000 + b"\n", id="number"),
    ],
)
def test_a_policy(repo: Repo, content: bytes) -> None:
    repo.stage("sayso.toml", content)
    ended = play(repo, "sensitive-paths")
    assert ended.code == 2
    assert "sayso.toml" in ended.said
    assert len(ended.said) < 1_000


def test_a_policy_by_a_link(repo: Repo, outside: Path) -> None:
    for target in (outside, "/dev/zero"):
        link(repo, "sayso.toml", target)
        ended = play(repo, "sensitive-paths")
        assert (ended.code, "sayso.toml: is a symbolic link" in ended.said) == (2, True)


def test_patterns_that_would_run_away_do_not(repo: Repo) -> None:
    globs = [f"{_STARS}*", f"**/{'*a*/' * 28}b", f"{'**/a*/' * 15}*b", "{*a*a*,*a*}/{*b*,*a*}/{**,*a}"]
    repo.stage("sayso.toml", "".join(_DUTY.format(number, globs[number % 4]) for number in range(400)))
    repo.stage("/".join(["a" * 200] * 15).removesuffix("a") + "c", "x")
    repo.stage(_LOGIN, specimens.LOGIN)
    repo.write(".git/MESSAGE", f"Fix{BY_TOOL}")
    assert play(repo, "commit-gate", ".git/MESSAGE").code == 1


def _folder(path: Path) -> None:
    path.mkdir()


def _pipe(path: Path) -> None:
    os.mkfifo(path)


def _linked(path: Path) -> None:
    path.symlink_to(path.parent / "outside.txt")


def _endless(path: Path) -> None:
    path.symlink_to("/dev/zero")


def _huge(path: Path) -> None:
    path.touch()
    os.truncate(path, 5 << 30)


def _another(path: Path) -> None:
    path.write_text('[gate]\nenforce = "all"\n')


@pytest.mark.parametrize("make", [_folder, _pipe, _linked, _endless, _huge, _another])
def test_a_teams_policy(repo: Repo, tmp_path: Path, outside: Path, make: Callable[[Path], None]) -> None:
    assert outside.exists()
    path = tmp_path / "team.toml"
    make(path)
    repo.stage("a.py", "x = 1\n")
    if make is not _another:  # from outside nothing pins it
        ended = play(repo, "sensitive-paths", SAYSO_TEAM_POLICY=str(path))
        assert (ended.code, "team.toml" in ended.said) == (2, True)
    repo.stage("sayso.toml", f'[team]\npolicy = "{path}"\nsha256 = "{_SHA}"\n')
    ended = play(repo, "sensitive-paths")
    assert (ended.code, "team.toml" in ended.said) == (2, True)


def test_rules_of_the_scanned_repository_are_no_rules(repo: Repo) -> None:
    repo.stage(_LOGIN, specimens.LOGIN)
    before = json.loads(play(repo, "sensitive-paths", "--format", "json").said)["findings"]
    for folder in ("rules", "hooks/sayso/rules", "sayso/rules", ".sayso/rules"):
        for name in ("sensitive_areas.toml", "claims.toml", "commit_gate.toml"):
            repo.stage(f"{folder}/{name}", "this is no table" * 1_000)
    after = json.loads(play(repo, "sensitive-paths", "--format", "json").said)["findings"]
    assert [finding for finding in after if finding["path"] == _LOGIN] == before != []


def change_login(repo: Repo) -> None:
    """Stage a change to the login that owes a review."""
    repo.stage(_LOGIN, specimens.LOGIN.replace("None", "False"))
    repo.write(".git/MESSAGE", f"Answer with False{BY_TOOL}")


@pytest.mark.parametrize(
    "content",
    [
        pytest.param("{key}# " + "x" * (8 << 20), id="huge"),
        pytest.param("#\n" * 1_000_000, id="a-million-lines"),
        pytest.param("\n" * 100_000, id="many-empty-lines"),
        pytest.param("rita@example.org ssh-ed25519 !!!!\n", id="bad-base64"),
        pytest.param("rita@example.org ssh-ed25519 " + "A" * 15_000 + "\n", id="endless-key"),
        pytest.param("*a*a*a*a*a*a*a*a*b@example.org {key}", id="stars"),
        pytest.param("* {key}", id="anybody"),
        pytest.param('rita@example.org namespaces="*,{key}', id="open-quote"),
        pytest.param('* namespaces="git,sayso-*" {key}', id="namespace-by-a-pattern"),
        pytest.param('rita@example.org namespaces="git",namespaces="sayso-approval@1" {key}', id="option-twice"),
        pytest.param('rita@example.org command="id" {key}', id="option-of-another-file"),
        pytest.param("rita@example.org {key}\0", id="nul"),
        pytest.param('"rita@example.org' * 3_000 + "\n", id="quotes"),
    ],
)
def test_allowed_signers(repo: Repo, signing_key: Path, content: str) -> None:
    public = " ".join(signing_key.with_suffix(".pub").read_text().split()[:2]) + "\n"
    repo.stage(".sayso/allowed_signers", content.replace("{key}", public))
    repo.stage(_LOGIN, specimens.LOGIN)
    repo.commit("Begin")
    change_login(repo)
    ended = play(repo, "commit-gate", ".git/MESSAGE")
    assert (ended.code, ".sayso/allowed_signers" in ended.said) == (2, True), ended.said


def _gate(repo: Repo) -> dict[str, Any]:
    """What the gate says of the review that is owed, and the paths that it speaks of."""
    ended = play(repo, "commit-gate", "--format", "json", ".git/MESSAGE")
    report = json.loads(ended.said.partition("\n")[0])
    kinds = {item["kind"]: item["status"] for item in report["findings"] if "kind" in item and "status" in item}
    return {"code": ended.code, "review": kinds["human-review"], "paths": {item["path"] for item in report["findings"]}}


_NOT_MET = ("missing", "undecided")


def _edits(body: bytes) -> dict[str, bytes]:
    path = b'"path":"src/auth/login.py"'
    return {
        "huge": b'{"a":"' + b"x" * (50 << 20) + b'"}',
        "deep": b"[" * 100_000,
        "deep-paths": body.replace(b'"paths":', b'"paths":' + b"[" * 100_000),
        "key-twice": body.replace(b'"note":', b'"note":"","note":'),
        "upwards": body.replace(path, b'"path":"../../etc/passwd"'),
        "absolute": body.replace(path, b'"path":"/etc/passwd"'),
        "nul": body.replace(path, path[:-1] + b'\\u0000"'),
        "spaced": body.replace(b",", b", "),
        "cut": body[:-10],
        "number": body.replace(b'"format":1', b'"format":1e999'),
    }


def test_approvals(reviewed: Repo, signing_key: Path, outside: Path) -> None:
    repo = reviewed
    change_login(repo)
    signed = ["approve", "--yes", "--key", str(signing_key), "--as", "rita@example.org", "--", _LOGIN]
    assert play(repo, *signed).code == 0
    assert _gate(repo)["review"] == "met"
    folder = repo.path / ".sayso" / "approvals"
    body = next(folder.glob("*.json")).read_bytes()
    signature = next(folder.glob("*.sig")).read_bytes()
    repo.git("rm", "-rfq", ".sayso/approvals")
    for name, data in _edits(body).items():
        file = f".sayso/approvals/{approvals.identifier(data)}.json"
        repo.stage(file, data)
        repo.stage(f"{file}.sig", signature)
        found = _gate(repo)
        assert (found["code"], found["review"] in _NOT_MET, file in found["paths"]) == (1, True, True), name
        repo.git("rm", "-rfq", ".sayso/approvals")
    for name, data in {
        "newline": body.replace(b'login.py"', b'login.py\\n"'),
        "for-another": body.replace(b'"role":"review"', b'"role":"security-review"'),
    }.items():
        file = f".sayso/approvals/{approvals.identifier(data)}.json"
        repo.stage(file, data)
        repo.stage(f"{file}.sig", signature)
        assert _gate(repo)["review"] == "missing", name
        repo.git("rm", "-rfq", ".sayso/approvals")
    file = f".sayso/approvals/{approvals.identifier(body)}.json"
    link(repo, file, outside)
    repo.stage(f"{file}.sig", signature)
    found = _gate(repo)
    assert (found["code"], found["review"] in _NOT_MET, file in found["paths"]) == (1, True, True)


def test_ten_thousand_approvals(reviewed: Repo) -> None:
    repo = reviewed
    blob = repo.run("git", "hash-object", "-w", "--stdin", stdin=b"[]").stdout.decode().strip()
    names = (f"100644 {blob}\t.sayso/approvals/{number:016x}.json\n" for number in range(10_000))
    repo.run("git", "update-index", "--add", "--index-info", stdin="".join(names).encode())
    repo.commit("Approve of everything")
    change_login(repo)
    assert _gate(repo)["review"] in _NOT_MET


_WAYS = ("huge", "deep", "wrong-types", "truncated", "pipe", "folder", "link", "endless")


def spoil(path: Path, way: str) -> None:
    """Put something else in the place of a record."""
    if way == "huge":
        os.truncate(path, 5 << 30)
    elif way == "truncated":
        os.truncate(path, path.stat().st_size // 2)
    elif way == "deep":
        path.write_bytes(_signed(b"[" * 100_000))
    elif way == "wrong-types":
        path.write_bytes(_signed(b'{"format":1,"subject":[],"spots":{},"tests":{"a":0}}'))
    else:
        path.unlink()
        made = {"pipe": os.mkfifo, "folder": os.mkdir}
        if way in made:
            made[way](path)
        else:
            path.symlink_to("/dev/zero" if way == "endless" else "/etc/passwd")


def _signed(body: bytes) -> bytes:
    """Return a record with the digest that it must have."""
    return hashlib.sha256(body).hexdigest().encode() + b"\n" + body


def test_records_in_the_git_directory(repo: Repo, tmp_path: Path) -> None:
    repo.stage(_LOGIN, specimens.LOGIN)
    repo.commit("Begin")
    change_login(repo)
    for args in (("sayso",), ("run", "lint", "--", "true"), ("log", "record"), ("commit-gate", ".git/MESSAGE")):
        assert play(repo, *args).code in {0, 1}
    kept, there = tmp_path / "kept", repo.path / ".git" / "sayso"
    (there / "unverified.log").write_text(f"{'a' * 40} {'b' * 40}\n")
    shutil.copytree(there, kept)
    names = [path.relative_to(kept) for path in kept.rglob("*") if path.is_file()]
    assert {name.parts[0] for name in names} >= {"evidence", "examined", "receipts", "runs", "refused", "trail.jsonl"}
    for way in _WAYS:
        shutil.rmtree(there)
        shutil.copytree(kept, there)
        for name in names:
            spoil(there / name, way)
        assert play(repo, "commit-gate", ".git/MESSAGE").code in {1, 3}, way  # still owed, or it could not say
        for name in names:  # what was discarded as damaged is there again
            if not os.path.lexists(there / name):
                shutil.copy(kept / name, there / name)
                spoil(there / name, way)
        shown = play(repo, "log", "show")
        assert (shown.code, "trail.jsonl" in shown.said) == (3, True), way
        for args in (("evidence", "show"), ("receipt", ".git/MESSAGE")):
            play(repo, *args)


def test_code_owners(repo: Repo) -> None:
    repo.stage("a/" * 20 + "auth/" + "ab" * 60, "x")
    repo.stage("CODEOWNERS", "".join(f"*a*b*{number}*/**/x*y* @org/team\n" for number in range(100_000)))
    ended = play(repo, "doctor")
    assert (ended.code, "CODEOWNERS" in ended.said) == (2, True)
    repo.stage("CODEOWNERS", "".join(f"*a*b*a*b*a*b*{number} @org/team\n" for number in range(4_000)))
    assert play(repo, "doctor").code == 1


_LAUGHS = "a: &a [" + "x," * 9 + "]\n"
_LAUGHS += "".join(
    f"{n}: &{n} [{','.join([f'*{b}'] * 9)}]\n" for b, n in zip("abcdefghijk", "bcdefghijkl", strict=True)
)
_SIGNALS = ("supply-chain", "gate-config", "agent-permissions")


@pytest.mark.parametrize(
    ("path", "content", "unreadable"),
    [
        (".pre-commit-config.yaml", f"{_LAUGHS}repos: *l\n", ("supply-chain", "gate-config")),
        (".pre-commit-config.yaml", "repos: " + "[" * 100_000, ("supply-chain", "gate-config")),
        (".github/workflows/ci.yml", f"{_LAUGHS}jobs: {{uses: *l, sayso: 1, permissions: *l}}\n", ("supply-chain",)),
        ("package.json", b'{"dependencies":{"a":"' + b"x" * (50 << 20) + b'"}}', ("supply-chain",)),
        ("package.json", b'{"dependencies":' + b'{"a":' * 100_000, ("supply-chain",)),
        ("package.json", b'{"dependencies":{"a":"1","a":"2"}}', ("supply-chain",)),
        ("package-lock.json", b'{"packages":{"' + b"x" * (50 << 20) + b'":{}}}', ("supply-chain",)),
        ("package-lock.json", b'{"packages":' + b'{"a":' * 100_000, ()),
        (".claude/settings.json", b'{"permissions":' + b"[" * 100_000, ("agent-permissions",)),
        (".codex/config.toml", b"a = " + b"[" * 100_000, ("supply-chain", "agent-permissions")),
        ("pom.xml", b"<!DOCTYPE x [<!ENTITY a 'b'>]>" + b"<project>" * 100_000, ("supply-chain",)),
        ("app.py", b"x = '" + b"a" * (20 << 20) + b"'\n", ()),
    ],
)
def test_manifests_and_settings(repo: Repo, path: str, content: str | bytes, unreadable: tuple[str, ...]) -> None:
    repo.stage(path, content)
    for hook in _SIGNALS:
        ended = play(repo, hook)
        assert ended.code in {0, 1}
        if hook in unreadable:
            assert "-unreadable]" in ended.said
            assert path.rpartition("/")[2] in ended.said


def test_a_line_of_twenty_megabytes_is_not_said_to_be_examined(repo: Repo) -> None:
    repo.stage("app.py", b"x = '" + b"a" * (20 << 20) + b"'\n")
    for hook in ("code-scan", "secret-scan"):
        ended = play(repo, hook)
        assert (ended.code, "app.py: not examined" in ended.said) == (3, True), ended.said


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        pytest.param("Fix e" + "\u0301" * 2_500_000, {3}, id="five-megabytes"),
        pytest.param("Fix\n\n" + "a: b\n" * 2_000_000, {3}, id="trailers-without-end"),
        pytest.param("Fix e" + "\u0301" * 400_000, {0, 1}, id="combining"),
        pytest.param("Fix\n\n" + "Co-authored-by: " * 20_000 + BY_TOOL, {0, 1}, id="one-long-trailer"),
        pytest.param("Fix\n\n" + "A: b\n" * 60_000, {0, 1}, id="many-trailers"),
        pytest.param("Fix\n\n" + "it is secure and " * 15_000, {0, 1}, id="one-long-claim"),
        pytest.param("Fix\n\n" + "```\n" * 100_000, {0, 1}, id="fences"),
    ],
)
def test_messages(repo: Repo, text: str, codes: set[int]) -> None:
    repo.stage("README.md", "Words.\n")
    repo.write(".git/MESSAGE", text)
    assert play(repo, "commit-gate", ".git/MESSAGE").code in codes


_ENTITIES = "".join(f'<!ENTITY {name} "{f"&{below};" * 9}">' for below, name in pairwise("abcdefghijkl"))


@pytest.mark.parametrize(
    "report",
    [
        pytest.param(f'<!DOCTYPE x [<!ENTITY a "x">{_ENTITIES}]><testsuite name="&l;"/>', id="entities"),
        pytest.param('<!DOCTYPE x SYSTEM "outside.txt"><testsuite/>', id="external"),
        pytest.param("<testsuite>" * 100_000, id="deep"),
        pytest.param('<testsuite name="' + "x" * (65 << 20) + '"/>', id="huge"),
        pytest.param("<testsuite>" + "<testcase name='x'/>" * 210_000 + "</testsuite>", id="many-tests"),
        pytest.param("<testsuite tests='99999999999999999999'></testsuite>", id="count"),
    ],
)
def test_reports_of_tests(repo: Repo, outside: Path, report: str) -> None:
    repo.stage("a.py", "x = 1\n")
    repo.commit("Begin")
    made, taken = outside.with_name("made.xml"), outside.with_name("taken.xml")
    made.write_text(report)
    ended = play(repo, "run", "tests:unit", "--junit", str(taken), "--", "cp", str(made), str(taken))
    assert ended.code == 3
    assert "taken.xml" in ended.said
    assert "nothing is recorded" in ended.said


@pytest.mark.parametrize("make", [_folder, _pipe, _linked, _endless])
def test_reports_that_are_no_files(repo: Repo, tmp_path: Path, outside: Path, make: Callable[[Path], None]) -> None:
    assert outside.exists()
    make(tmp_path / "report.xml")
    ended = play(repo, "run", "tests:unit", "--junit", "../report.xml", "--", "true")
    assert ended.code in {2, 3}
    assert "report.xml" in ended.said
