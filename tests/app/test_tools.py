"""``history``, ``evidence``, ``explain`` and ``rules`` through the console script."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

import specimens
from sayso.registry import HOOKS
from specimens import CODE_RULE, INSECURE, SAFE
from tools.repo import Repo

CLAIM = "This is secure."
TRAILER = "Co-authored-by: Claude <noreply@anthropic.com>"


def history(repo: Repo, *args: str, stdin: bytes = b"") -> list[dict[str, Any]]:
    done = repo.sayso("history", *args, stdin=stdin)
    assert done.returncode == 0, done.stderr.decode()
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.fixture
def told(repo: Repo) -> list[str]:
    """A history of a claim, a mark, a sensitive path, an empty commit and a merge; the ids, oldest first."""
    repo.stage("a.py", SAFE)
    ids = [repo.commit(f"Add a\n\n{CLAIM}")]
    repo.stage("b.py", SAFE)
    ids.append(repo.commit(f"Add b\n\n{TRAILER}"))
    repo.git("checkout", "--quiet", "-b", "side")
    repo.stage(".github/workflows/ci.yml", "on: push\n")
    ids.append(repo.commit("Add a workflow"))
    repo.git("checkout", "--quiet", "trunk")
    ids.append(repo.commit("Nothing"))
    repo.git("merge", "--quiet", "--no-ff", "--no-verify", "-m", "Merge side", "side")
    ids.append(repo.git("rev-parse", "HEAD"))
    return ids


def test_history_says_what_of_which_commit(repo: Repo, told: list[str]) -> None:
    lines = {line["commit"]: line for line in history(repo)}
    assert sorted(lines) == sorted(told)
    said = {
        commit: (
            [claim["kind"] for claim in line["claims"]],
            len(line["ai"]),
            [item["path"] for item in line["sensitive"]],
        )
        for commit, line in lines.items()
    }
    claim, marked, workflow, empty, merge = (said[commit] for commit in told)
    assert claim == (["general"], 0, [])
    assert marked == ([], 1, [])
    assert workflow[:2] == ([], 0)
    assert set(workflow[2]) == {".github/workflows/ci.yml"}
    assert empty == merge == ([], 0, [])


def test_history_is_oldest_first(repo: Repo, told: list[str]) -> None:
    order = [line["commit"] for line in history(repo)]
    assert (order[0], order[-1]) == (told[0], told[-1])


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        pytest.param(("HEAD~1..HEAD",), [2, 4], id="range"),
        pytest.param(("--first-parent", "HEAD"), [0, 1, 3, 4], id="first-parent"),
        pytest.param(("--no-merges", "-1"), [3], id="count"),
        pytest.param(("--grep=Add b",), [1], id="grep"),
        pytest.param(("--since=2.weeks", "--author=Dev"), [0, 1, 2, 3, 4], id="since-and-author"),
        pytest.param(("--since=2099-01-01",), [], id="future"),
        pytest.param(("--all",), [0, 1, 2, 3, 4], id="all"),
    ],
)
def test_history_selects(repo: Repo, told: list[str], args: tuple[str, ...], expected: list[int]) -> None:
    assert {line["commit"] for line in history(repo, *args)} == {told[number] for number in expected}


def test_history_of_ids_from_standard_input(repo: Repo, told: list[str]) -> None:
    wanted = [told[2], told[0], told[4], told[3]]
    given = history(repo, "--stdin", stdin="".join(f"{commit}\n" for commit in wanted).encode())
    assert [line["commit"] for line in given] == wanted
    assert given == [next(line for line in history(repo) if line["commit"] == commit) for commit in wanted]
    assert history(repo, "--stdin") == []
    assert [line["commit"] for line in history(repo, "--stdin", stdin=f"\n{told[0]}\n\n".encode())] == [told[0]]


def test_history_takes_paths(repo: Repo) -> None:
    repo.stage("a.py", "1\n")
    first = repo.commit()
    repo.stage("b.py", "1\n")
    repo.commit()
    assert [line["commit"] for line in history(repo, "--", "a.py")] == [first]


def test_history_says_which_commit_is_not_here(repo: Repo, told: list[str]) -> None:
    done = repo.sayso("history", "--stdin", stdin=f"{told[0]}\n{'1' * 40}\n".encode())
    assert done.returncode == 3
    assert b"bad object 1111111111" in done.stderr


@pytest.mark.parametrize("stdin", [b"hello\n", b"hello", b"HEAD\n", b"--output=x\n", b"../../etc\n" * 9])
def test_history_refuses_what_is_no_id(repo: Repo, told: list[str], stdin: bytes) -> None:
    assert told
    done = repo.sayso("history", "--stdin", stdin=stdin)
    assert done.returncode == 2, done.stderr
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize(
    "args",
    [
        ("--output=x",),
        ("--no-such-option",),
        ("--stdin", "HEAD"),
        ("--ext-diff",),
        ("--textconv",),
        ("-p",),
        ("--format=%H",),
    ],
    ids=" ".join,
)
def test_history_refuses_options_that_select_nothing(repo: Repo, told: list[str], args: tuple[str, ...]) -> None:
    assert told
    assert repo.sayso("history", *args).returncode == 2
    assert not (repo.path / "x").exists()


def test_history_of_nothing(repo: Repo) -> None:
    done = repo.sayso("history")
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"sayso: there are no commits yet\n")


def test_history_of_a_bare_repository(repo: Repo, told: list[str], tmp_path: Path) -> None:
    repo.git("clone", "--quiet", "--bare", str(repo.path), str(tmp_path / "bare.git"))
    bare = Repo(tmp_path / "bare.git", repo.environment)
    assert {line["commit"] for line in history(bare)} == set(told)


def test_history_of_a_shallow_clone(repo: Repo, told: list[str], tmp_path: Path) -> None:
    repo.git("clone", "--quiet", "--depth=1", f"file://{repo.path}", str(tmp_path / "shallow"))
    shallow = Repo(tmp_path / "shallow", repo.environment)
    assert [line["commit"] for line in history(shallow)] == [told[-1]]


def test_history_from_a_subdirectory_sees_everything(repo: Repo, told: list[str]) -> None:
    whole = history(repo)
    (repo.path / "sub").mkdir()
    repo.path /= "sub"
    assert history(repo) == whole
    assert told


def test_history_with_a_file_of_the_name_of_a_branch(repo: Repo, told: list[str]) -> None:
    repo.write("side", "")
    assert len(history(repo, "trunk")) == len(told)


def test_history_for_a_person(repo: Repo, told: list[str]) -> None:
    code, said = repo.output("sayso", "history", "--format", "text")
    assert code == 0
    assert f"{len(told)} commits" in said
    assert CLAIM in said
    assert repo.sayso("history", "--format", "text").stdout.decode() == said


def test_history_shows_no_control_characters(repo: Repo) -> None:
    repo.stage("a.py", SAFE)
    repo.commit("Add a\n\nThis is secure \x1b[2J\u202e.")
    done = repo.sayso("history", "--format", "text")
    assert b"\x1b" not in done.stdout
    assert "\u202e".encode() not in done.stdout


def test_history_ends_quietly_when_nobody_reads_on(repo: Repo, told: list[str]) -> None:
    assert told
    for number in range(40):
        repo.commit(f"Commit {number}\n\n" + "\n".join([CLAIM] * 40))
    done = repo.run("sh", "-c", "sayso history | head -n 1; true")
    assert b"Traceback" not in done.stderr
    assert len(done.stdout.splitlines()) == 1


def evidence(repo: Repo, *args: str) -> list[dict[str, Any]]:
    done = repo.sayso("evidence", *args, "--format", "json")
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.fixture
def scanned(repo: Repo) -> Repo:
    repo.stage("a.py", INSECURE)
    repo.stage("b.tsx", "const x = <div/>;\n")
    repo.stage("package-lock.json", "{}\n")
    repo.sayso("sayso")
    return repo


def test_evidence_show(scanned: Repo) -> None:
    shown = evidence(scanned, "show")
    assert sorted((item["check"], item["language"], item["outcome"]) for item in shown) == [
        ("code-scan", "python", "found"),
        ("code-scan", "typescript.tsx", "clear"),
        ("secret-scan", ".code", "clear"),
        ("secret-scan", ".locked", "clear"),
        ("secret-scan", ".py", "clear"),
    ]
    found = next(item for item in shown if item["outcome"] == "found")
    assert found["findings"] == [
        {"rule": CODE_RULE, "line": specimens.INSECURE_LINE, "end_line": specimens.INSECURE_LINE}
    ]
    assert evidence(scanned, "show", found["id"][:12]) == [found]
    blob = scanned.git("rev-parse", ":a.py")
    assert {item["blob"] for item in evidence(scanned, "show", blob[:10])} == {blob}


def test_evidence_that_does_not_exist(scanned: Repo) -> None:
    code, said = scanned.output("sayso", "evidence", "show", "ffff")
    assert (code, "no evidence begins with ffff" in said) == (2, True)


def test_evidence_verify(scanned: Repo) -> None:
    code, said = scanned.output("sayso", "evidence", "verify")
    assert (code, "5 of 5 records derived again and found the same" in said) == (0, True)


def record(repo: Repo, check: str, language: str) -> Path:
    """The file of a record."""
    from sayso.adapters.ledger import Ledger

    ledger = repo.path / ".git" / "sayso" / "evidence"
    wanted = next(
        item.subject
        for item in Ledger(str(repo.path / ".git"))
        if (item.subject.check, item.subject.language) == (check, language)
    )
    return ledger / wanted.key[:2] / wanted.key[2:]


def rewrite(path: Path, *, keyed: bool = False, **changed: Any) -> None:
    """Forge a record: consistent in itself, and with ``keyed`` under the key that it then has."""
    from sayso.adapters.ledger import Ledger
    from sayso.evidence import Evidence, decode

    original = decode(path.read_bytes().partition(b"\n")[2])
    subject = original.subject._replace(**{key: value for key, value in changed.items() if key != "spots"})
    forged = Evidence(subject, changed.get("spots", original.spots))
    if keyed:
        path.unlink()
    Ledger(str(path.parents[3])).put(forged)


def test_evidence_that_was_tampered_with_differs(scanned: Repo) -> None:
    rewrite(record(scanned, "code-scan", "python"), spots=())
    assert scanned.sayso("code-scan").returncode == 0, "a forged ledger is believed: it is a cache, no proof"
    code, said = scanned.output("sayso", "evidence", "verify")
    assert (code, "differs" in said, "4 of 5 records" in said) == (1, True, True)


def test_evidence_of_other_rules_is_stale(scanned: Repo) -> None:
    rewrite(record(scanned, "code-scan", "python"), keyed=True, rules="0" * 64)
    code, said = scanned.output("sayso", "evidence", "verify")
    assert (code, "stale" in said, "4 of 5 records" in said) == (0, True, True)


def test_evidence_of_a_blob_that_is_gone(scanned: Repo) -> None:
    rewrite(record(scanned, "code-scan", "python"), keyed=True, blob="1" * 40)
    code, said = scanned.output("sayso", "evidence", "verify")
    assert (code, "not derived again" in said) == (3, True)


def test_evidence_that_is_damaged_is_named(scanned: Repo) -> None:
    path = record(scanned, "code-scan", "python")
    path.write_bytes(path.read_bytes()[:-5])
    code, said = scanned.output("sayso", "evidence", "show")
    assert (code, "was damaged and has been discarded" in said) == (0, True)
    assert not path.exists()


def test_evidence_of_nothing(repo: Repo) -> None:
    assert repo.output("sayso", "evidence", "show") == (0, "")


def test_explain(repo: Repo) -> None:
    code, said = repo.output("sayso", "explain", CODE_RULE)
    assert code == 0
    assert said.startswith(f"{CODE_RULE}  (error, code-scan, since 0.1.0)\n")
    assert [title for title in ("What:", "Why:", "Fix:", "https://cwe.mitre.org/") if title not in said] == []


def test_explain_says_what_a_rule_is_known_to_miss(repo: Repo) -> None:
    code, said = repo.output("sayso", "explain", "python-command-from-request")
    assert (code, "Known to miss:\n  Flows through" in said) == (0, True)


def test_explain_an_unknown_rule(repo: Repo) -> None:
    code, said = repo.output("sayso", "explain", "python-shell-tru")
    assert (code, "did you mean python-shell-true" in said, said.endswith("? If not, see sayso rules\n")) == (
        2,
        True,
        True,
    )


def test_explain_needs_no_repository(tmp_path: Path, clean_environment: dict[str, str]) -> None:
    for command in (["explain", CODE_RULE], ["rules"], ["--version"], ["--help"], ["code-scan", "--help"]):
        done = subprocess.run(
            ["sayso", *command], cwd=tmp_path, env=clean_environment, capture_output=True, check=False
        )
        assert done.returncode == 0, done.stderr


def test_rules(repo: Repo) -> None:
    listed = json.loads(repo.sayso("rules", "--format", "json").stdout)
    assert listed["version"] == 1
    ids = [rule["id"] for rule in listed["rules"]]
    assert len(ids) == len(set(ids))
    runners = {"sayso", "sayso-message", "verify-range", "receipt"}
    assert {rule["hook"] for rule in listed["rules"]} == {*(HOOKS.keys() - runners), "baseline"}
    code, said = repo.output("sayso", "rules")
    assert (code, len(said.splitlines())) == (0, len(ids))


def test_every_rule_can_be_explained(repo: Repo) -> None:
    from sayso.app import rulebook
    from sayso.app.tools import explain

    assert repo.path
    for entry in rulebook.rules().values():
        text = "\n".join(explain._lines(entry.hook, entry.rule))  # noqa: SLF001 - a process for each would take a minute
        assert entry.rule.id in text
        assert "What:" in text
