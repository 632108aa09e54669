"""Ranges, judged commit by commit and as what they merge to: by the policy of the base, whatever the range says."""

from __future__ import annotations

import html
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

import specimens
from specimens import AWS_RULE, BY_TOOL, CODE_RULE
from tools.repo import Repo

Files = Mapping[str, str | bytes | None]
Step = tuple[str, Files]

KEY = f'key = "{specimens.aws_key()}"\n'
LOCAL_HOOKS = "repos:\n- repo: local\n  hooks:\n  - {id: sayso, name: s, entry: sayso sayso, language: system}\n"
ZEROS = "0" * 40


def move(repo: Repo, files: Files) -> None:
    """Write and stage files; None takes one away."""
    for name, content in files.items():
        if content is None:
            repo.git("rm", "-q", "--", name)
        else:
            repo.stage(name, content)


def branch(repo: Repo, name: str, *steps: Step, start: str = "base") -> list[str]:
    """Make a branch with a commit for each step, and return the ids."""
    repo.git("checkout", "-q", "-f", "-B", name, start)
    made = []
    for message, files in steps:
        move(repo, files)
        made.append(repo.commit(message))
    return made


def judged(repo: Repo, span: str, *options: str, **environment: Any) -> tuple[int, dict[str, Any]]:
    """Return exit code and report of ``sayso verify``; evidence that is kept is believed, which is quicker."""
    done = repo.sayso("verify", "--ledger", "--format", "json", *options, span, **environment)
    assert done.stdout, done.stderr.decode()
    report = json.loads(done.stdout)
    assert isinstance(report, dict)
    return done.returncode, report


def refused(report: Mapping[str, Any], ids: list[str], severity: str = "error") -> set[tuple[str, int]]:
    """Return the rules that refuse, each with the number of the commit, counted from 1; 0 is the end of the range."""
    numbers = {"": 0} | {commit: number for number, commit in enumerate(ids, 1)}
    return {
        (item["rule"], numbers[item.get("commit", "")])
        for item in report["findings"]
        if item["severity"] == severity and not item["rule"].startswith("sensitive-")
    }


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory, clean_environment: dict[str, str], signing_key: Path) -> Repo:
    """A repository with a signer, login code and its tests at ``base``: every test has branches of its own."""
    path = tmp_path_factory.mktemp("shared") / "repo"
    path.mkdir()
    repo = Repo(path, clean_environment)
    repo.git("init", "--quiet")
    public = signing_key.with_suffix(".pub").read_text().strip()
    move(
        repo,
        {
            ".sayso/allowed_signers": f'rita@example.org namespaces="sayso-approval@1" {public}\n',
            ".gitignore": "__pycache__/\n",
            ".pre-commit-config.yaml": LOCAL_HOOKS,
            "sayso.toml": '[gate]\nrequired-hooks = ["sayso"]\n\n[change-size]\nlines = 40\n',
            "src/auth/login.py": specimens.LOGIN,
            "tests/test_login.py": specimens.LOGIN_TESTS,
            "tests/e2e/test_login_flow.py": specimens.LOGIN_FLOW,
            "a.py": specimens.SAFE,
            "old.py": specimens.INSECURE,
            "lines.txt": "".join(f"line {number}\n" for number in range(20)),
        },
    )
    repo.commit("Begin")
    repo.git("branch", "base")
    return repo


WORDS: Step = ("Write it down", {"README.md": "Words.\n"})
ADDED_KEY: Step = ("Add a client", {"client.py": KEY})
ADDED_CODE: Step = ("Add a client", {"client.py": specimens.INSECURE})
GONE: Step = ("Drop the client", {"client.py": None})
MORE_DEBT = f"# first\n{specimens.INSECURE}"
SPEAKING = f"# This module is secure: no vulnerabilities.\n{specimens.INSECURE}"


@pytest.mark.parametrize(
    ("steps", "errors"),
    [
        pytest.param([WORDS, ("Do less", {"a.py": "one = 1\n"})], set(), id="honest-work"),
        pytest.param([ADDED_KEY, GONE], {(AWS_RULE, 1)}, id="secret-added-then-removed"),
        pytest.param([ADDED_KEY, WORDS], {(AWS_RULE, 1), (AWS_RULE, 0), ("owed-secret-scan", 0)}, id="secret-stays"),
        pytest.param(
            [ADDED_CODE, WORDS],
            {(CODE_RULE, 1), (CODE_RULE, 0), ("owed-code-scan", 0), ("owed-tests-unit", 0)},
            id="insecure-code-that-stays",
        ),
        pytest.param([WORDS, ADDED_CODE, GONE], set(), id="insecure-code-added-then-removed"),
        pytest.param([("Note the debt", {"old.py": MORE_DEBT})], set(), id="debt-of-the-base-is-no-news"),
        pytest.param([("Move the debt", {"old.py": None, "new.py": specimens.INSECURE})], {(CODE_RULE, 1)}, id="move"),
        pytest.param(
            [("Add a client\n\nThis is secure.", ADDED_CODE[1]), GONE], {("claim-secure", 1)}, id="old-claim-refuted"
        ),
        pytest.param([("Add x\n\nThis is secure.", {"x.py": "x = 1\n"}), WORDS], set(), id="claim-that-holds"),
        pytest.param(
            [WORDS, ("Add x\n\nThis is 100 % secure.", {"x.py": "x = 1\n"}), WORDS], {("claim-absolute", 2)}, id="boast"
        ),
        pytest.param(
            [("Add x\n\nAll security tests pass.", {"x.py": "x = 1\n"})], {("claim-security-tests", 1)}, id="no-run"
        ),
        pytest.param([("Say so", {"client.py": SPEAKING}), GONE], set(), id="claim-in-code-is-a-warning"),
        pytest.param(
            [("Say so" + BY_TOOL, {"client.py": SPEAKING}), GONE],
            {("claim-no-vulnerabilities", 1)},
            id="claim-in-code-of-a-tool",
        ),
        pytest.param(
            [("Hide", {"h.py": "x = 1  # \u202e\u2066 done\u2069\n"}), ("Drop", {"h.py": None})],
            {("hidden-bidi-code", 1)},
            id="hidden-text-added-then-removed",
        ),
    ],
)  # fmt: skip
def test_commits_are_judged_one_by_one(shared: Repo, steps: list[Step], errors: set[tuple[str, int]]) -> None:
    ids = branch(shared, "work", *steps)
    code, report = judged(shared, "base..work")
    assert refused(report, ids) == errors
    assert code == (1 if errors else 0)
    count = f"{len(ids)} commit{'' if len(ids) == 1 else 's'} judged one by one, and what they merge to"
    assert count in report["notes"]


def test_insecure_code_that_came_and_went_is_shown(shared: Repo) -> None:
    ids = branch(shared, "work", ADDED_CODE, GONE)
    _, report = judged(shared, "base..work")
    assert (CODE_RULE, 1) in refused(report, ids, "warning")
    shown = shared.sayso("verify", "--ledger", "base..work").stdout.decode()
    assert f"client.py:{specimens.INSECURE_LINE}: warning: [{CODE_RULE}] commit {ids[0][:12]}" in shown


def test_no_secret_is_repeated(shared: Repo) -> None:
    branch(shared, "work", ADDED_KEY)
    for form in ("text", "json", "github", "markdown"):
        done = shared.sayso("verify", "--ledger", "--format", form, "base..work")
        assert done.returncode == 1
        assert AWS_RULE in html.unescape(done.stdout.decode())
        assert specimens.aws_key() not in (done.stdout + done.stderr).decode()


def test_the_policy_of_the_base_holds(shared: Repo) -> None:
    long = "".join(f"value_{number} = {number}\n" for number in range(60))
    loose = "[change-size]\nlines = 5000\n" + specimens.relaxed("change-size.lines")
    ids = branch(shared, "work", ("Allow more", {"sayso.toml": loose}), ("Use it", {"long.py": long}))
    code, report = judged(shared, "base..work")
    found = refused(report, ids) | refused(report, ids, "warning")
    assert code == 1
    assert {("change-too-many-lines", 0), ("policy-relaxed", 0)} <= found
    assert ("policy-loosened", 0) in found  # the hooks that the base requires are not in the new policy


def test_a_policy_that_is_loosened_and_restored_never_held(shared: Repo) -> None:
    long = "".join(f"value_{number} = {number}\n" for number in range(60))
    tight = shared.git("show", "base:sayso.toml") + "\n"
    ids = branch(
        shared,
        "work",
        ("Allow more", {"sayso.toml": "[change-size]\nlines = 5000\n"}),
        ("Use it", {"long.py": long}),
        ("Restore", {"sayso.toml": tight, "long.py": None}),
    )
    _, report = judged(shared, "base..work")
    assert ("change-too-many-lines", 2) in refused(report, ids) | refused(report, ids, "warning")


def test_a_policy_at_the_end_that_cannot_be_read_is_said(shared: Repo) -> None:
    branch(shared, "work", ("Break it", {"sayso.toml": "[gate]\nenforced = 1\n"}))
    done = shared.sayso("verify", "--ledger", "base..work")
    assert done.returncode == 2
    assert "sayso.toml:2" in done.stderr.decode()


def changed_login(repo: Repo) -> Step:
    """Login code by a tool, with its tests, as an approved change has it."""
    del repo
    return (
        "Answer with False" + BY_TOOL,
        {
            "src/auth/login.py": specimens.LOGIN.replace("None", "False"),
            "tests/test_login.py": specimens.LOGIN_TESTS.replace("word", "password"),
        },
    )


def approve(repo: Repo, key: Path, name: str = "rita@example.org") -> None:
    paths = ("src/auth/login.py", "tests/test_login.py")
    repo.run(
        "sayso",
        "approve",
        "--yes",
        "--key",
        str(key),
        "--as",
        name,
        "--from-ref",
        "base",
        "--to-ref",
        "HEAD",
        "--",
        *paths,
    )
    repo.git("add", ".sayso")
    repo.commit("Approve")


def test_login_by_a_tool_owes_a_persons_approval_that_travels_with_the_branch(shared: Repo, signing_key: Path) -> None:
    ids = branch(shared, "work", changed_login(shared))
    code, report = judged(shared, "base..work")
    assert code == 1
    assert ("owed-human-review", 0) in refused(report, ids)
    approve(shared, signing_key)
    _, report = judged(shared, "base..work")
    assert ("owed-human-review", 0) not in refused(report, [*ids, shared.head()])
    shared.git("reset", "-q", "--soft", "base")  # a squash does it no harm
    squashed = shared.commit("Answer with False" + BY_TOOL)
    _, report = judged(shared, "base..work")
    assert ("owed-human-review", 0) not in refused(report, [squashed])
    last = branch(shared, "work", ("Touch it", {"src/auth/login.py": specimens.LOGIN + "\n"}), start="work")
    _, report = judged(shared, "base..work")
    assert ("owed-human-review", 0) in refused(report, [squashed, *last])


@pytest.mark.parametrize(("content", "owes"), [("", False), ("x = 1\n", True)], ids=["empty", "text"])
def test_only_what_has_content_is_had_from_a_tool(shared: Repo, content: str, *, owes: bool) -> None:
    tools, persons = (
        ("Add a package" + BY_TOOL, {"pkg/__init__.py": content}),
        ("Add", {"src/auth/__init__.py": content}),
    )
    ids = branch(shared, "work", tools, persons)
    _, report = judged(shared, "base..work")
    assert (("owed-human-review", 0) in refused(report, ids)) == owes


def test_whoever_names_themselves_a_signer_in_the_range_is_none(shared: Repo, tmp_path: Path) -> None:
    other = tmp_path / "other"
    shared.run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "o", "-f", str(other))
    public = other.with_suffix(".pub").read_text().strip()
    line = f'other@example.org namespaces="sayso-approval@1" {public}\n'
    ids = branch(shared, "work", changed_login(shared), ("Name one more", {".sayso/allowed_signers": line}))
    approve(shared, other, "other@example.org")
    _, report = judged(shared, "base..work")
    found = refused(report, [*ids, shared.head()])
    assert ("owed-human-review", 0) in found
    assert any(item["rule"] == "policy-signers-changed" for item in report["findings"])


@pytest.mark.parametrize(
    ("policy", "config", "reason"),
    [
        pytest.param("", None, "there is no .pre-commit-config.yaml that runs sayso", id="removed"),
        pytest.param("", "repos: []\n", "sayso: is not configured", id="not-in-it"),
        pytest.param("", LOCAL_HOOKS.replace("id: s", "stages: [manual], id: s"), "only at manual", id="stage"),
        pytest.param(
            'minimum-rev = "v2.0.0"\n',
            "repos:\n- {repo: https://example.org/sayso, rev: v1.0.0, hooks: [{id: sayso}]}\n",
            "v2.0.0",
            id="rev",
        ),
    ],
)  # fmt: skip
def test_required_hooks_that_the_end_does_not_run(shared: Repo, policy: str, config: str | None, reason: str) -> None:
    tight = f'[gate]\nrequired-hooks = ["sayso"]\n{policy}'
    branch(shared, "tight", ("Require it", {"sayso.toml": tight}))
    ids = branch(shared, "work", ("Configure", {".pre-commit-config.yaml": config}), start="tight")
    code, report = judged(shared, "tight..work")
    assert code == 1
    assert ("gate-hook-missing", 0) in refused(report, ids)
    assert any(reason in item["message"] for item in report["findings"] if item["rule"] == "gate-hook-missing")


def test_hooks_that_were_there_and_come_back_are_not_missed(shared: Repo) -> None:
    steps: list[Step] = [
        ("Drop", {".pre-commit-config.yaml": None}),
        ("Again", {".pre-commit-config.yaml": LOCAL_HOOKS}),
    ]
    ids = branch(shared, "work", *steps)
    _, report = judged(shared, "base..work")
    assert ("gate-hook-missing", 0) not in refused(report, ids)
    assert ("gate-config-removed", 1) in refused(report, ids) | refused(report, ids, "warning")


def test_what_is_set_in_the_environment_has_no_effect(shared: Repo) -> None:
    branch(shared, "work", ADDED_KEY)
    plain = judged(shared, "base..work")
    skips: dict[str, Any] = {
        "SKIP": "sayso,verify-range,secret-scan",
        "PREK_SKIP": "verify-range",
        "LEFTHOOK": "0",
        "HUSKY": "0",
    }
    assert judged(shared, "base..work", **skips) == plain
    done = shared.sayso("verify-range", "--from-ref", "base", "--to-ref", "work", **skips)
    assert done.returncode == 1
    shared.git("checkout", "-q", "-f", "base")
    assert judged(shared, "base..work") == plain  # nor has what is checked out


def test_a_forged_record_is_believed_only_where_that_is_asked(repo: Repo) -> None:
    """The ledger is a cache: whoever owns the machine can write "clean" into it, and CI looks for itself."""
    repo.commit("Begin")
    repo.stage("client.js", specimens.INSECURE_JS)
    repo.commit("Add a client")
    forge(repo, "client.js")
    span = ("--from-ref", "HEAD~1", "--to-ref", "HEAD")
    rule = f"[{specimens.JS_RULE}]"

    def said(*command: str, **environment: Any) -> str:
        return repo.sayso(*command, **environment).stdout.decode()

    assert rule not in said("verify", "--ledger", "HEAD~1..HEAD")
    assert rule not in said("verify-range", *span)
    assert rule in said("verify-range", *span, CI="true")
    forge(repo, "client.js")
    assert rule in said("verify", "HEAD~1..HEAD")
    assert rule in said("verify", "--ledger", "HEAD~1..HEAD")  # the forgery is gone


def forge(repo: Repo, path: str) -> None:
    """Write evidence that the code scan found nothing in a file of HEAD, as somebody who knows the format would."""
    script = (
        "import sys\n"
        "from sayso.adapters.git import Repository\n"
        "from sayso.adapters.ledger import Ledger\n"
        "from sayso.app.code_engine import CodeScan\n"
        "from sayso.app.scan import Scanner\n"
        "from sayso.app.scope import Scope\n"
        "from sayso.evidence import Evidence\n"
        "repo = Repository()\n"
        "(change,) = repo.listed('HEAD', [sys.argv[1]])\n"
        "scanner, engine = Scanner(repo, Ledger(repo.common_dir)), CodeScan()\n"
        "kind = scanner.languages([change])[change.path]\n"
        "scanner.ledger.put(Evidence(engine.subject(change.path, change.blob, kind), ()))\n"
    )
    repo.run("python", "-I", "-c", script, path)


@pytest.mark.parametrize(
    ("text", "code", "rule"),
    [
        pytest.param("Add words\n\nThey explain it.\n", 0, "", id="honest"),
        pytest.param("Add words\n\nThis is 100 % secure.\n", 1, "claim-absolute", id="claim"),
        pytest.param("Add words\n\nSecurity review: PASS.\n", 1, "claim-reviewed", id="review"),
        pytest.param("Add words \U000e0041\U000e0042\n", 1, "hidden-tag-characters", id="hidden"),
    ],
)
def test_the_words_of_a_pull_request_are_judged_too(
    shared: Repo, tmp_path: Path, text: str, code: int, rule: str
) -> None:
    branch(shared, "work", WORDS)
    message = tmp_path / "message"
    message.write_text(text)
    done = judged(shared, "base..work", "--message-file", str(message))
    assert done[0] == code
    assert {item["rule"] for item in done[1]["findings"] if item["severity"] == "error"} == ({rule} if rule else set())


@pytest.mark.parametrize(
    ("content", "said"),
    [
        pytest.param(None, "cannot read the message", id="missing"),
        pytest.param(b"\0\xff\xfe\0", "is not text", id="binary"),
        pytest.param(b"x" * ((1 << 20) + 1), "is not text, or has more than", id="huge"),
    ],
)
def test_a_message_that_cannot_be_read_is_no_pass(
    shared: Repo, tmp_path: Path, content: bytes | None, said: str
) -> None:
    branch(shared, "work", WORDS)
    if content is not None:
        (tmp_path / "message").write_bytes(content)
    done = shared.sayso("verify", "--ledger", "--message-file", str(tmp_path / "message"), "base..work")
    assert (done.returncode, said in done.stderr.decode()) == (2, True)


def test_a_teams_policy_holds_below_that_of_the_repository(shared: Repo, tmp_path: Path) -> None:
    steps: Step = ("Add x\n\nCo-authored-by: Claude <noreply@anthropic.com>", {"x.py": "x = 1\n"})
    ids = branch(shared, "work", steps)
    assert judged(shared, "base..work")[0] == 0
    team = tmp_path / "team.toml"
    team.write_text('[ai-authorship]\npolicy = "forbid"\n')
    code, report = judged(shared, "base..work", "--team", str(team))
    assert code == 1
    assert ("ai-forbidden", 1) in refused(report, ids)
    team.write_text("[ai-authorship]\npolicies = 1\n")
    done = shared.sayso("verify", "--ledger", "--team", str(team), "base..work")
    assert done.returncode == 2
    assert "team.toml:2" in done.stderr.decode()


def test_each_format_says_the_same(shared: Repo) -> None:
    branch(shared, "work", ADDED_CODE)
    forms = {
        form: shared.sayso("verify", "--ledger", "--format", form, "base..work")
        for form in ("text", "github", "markdown")
    }
    assert {done.returncode for done in forms.values()} == {1}
    text, github, markdown = (done.stdout.decode() for done in forms.values())
    assert text.startswith("verify-range: REFUSED: 2 things owed and 2 other reasons\n")
    assert f"::error file=client.py,line={specimens.INSECURE_LINE}," in github
    assert "sayso verify base..work" in html.unescape(markdown)
    assert CODE_RULE in html.unescape(markdown)


@pytest.mark.parametrize(
    "span", ["base", "..base", "base..", "base...work", "-x..base", "base..nowhere", "nowhere..base"]
)
def test_what_is_no_range_is_a_usage_error(shared: Repo, span: str) -> None:
    done = shared.sayso("verify", "--", span)
    assert done.returncode == 2
    assert done.stderr


def test_an_empty_range_owes_nothing(shared: Repo) -> None:
    done = shared.sayso("verify", "base..base")
    assert (done.returncode, done.stdout.decode().splitlines()[0]) == (
        0,
        "verify-range: nothing is changed, so nothing is owed",
    )
    branch(shared, "work", WORDS)
    assert judged(shared, "work..base")[0] == 0  # what the other has already


def test_a_commit_that_changes_nothing_is_judged_by_its_words(shared: Repo) -> None:
    ids = branch(shared, "work", ("Nothing\n\nThis is 100 % secure.", {}))
    _, report = judged(shared, "base..work")
    assert refused(report, ids) == {("claim-absolute", 1)}
    branch(shared, "work", ("Nothing", {}))
    assert judged(shared, "base..work")[0] == 0


@pytest.mark.parametrize("encoding", ["UTF-16LE", "IBM037", "UTF-7", "latin-1"])
def test_a_declared_encoding_hides_no_words_and_no_mark(shared: Repo, encoding: str) -> None:
    """Git reads the message by what the commit says of it; nobody who sees the commit elsewhere does."""
    (plain,) = branch(shared, "work", ("Say so\n\nThis is 100 % secure." + BY_TOOL, {"client.py": SPEAKING}))
    stored = shared.run("git", "cat-file", "commit", plain).stdout
    head, _, message = stored.partition(b"\n\n")
    message += b" " * (len(head + message) % 2)
    stored = b"%s\nencoding %s\n\n%s" % (head, encoding.encode(), message)
    odd = shared.run("git", "hash-object", "-t", "commit", "-w", "--stdin", stdin=stored).stdout.decode().strip()
    _, report = judged(shared, f"base..{odd}")
    _, usual = judged(shared, f"base..{plain}")
    assert {("claim-absolute", 1), ("claim-no-vulnerabilities", 1)} <= refused(report, [odd])
    assert refused(report, [odd]) == refused(usual, [plain])


def test_a_history_from_its_beginning(repo: Repo) -> None:
    move(repo, {"client.py": KEY})
    ids = [repo.commit("First")]
    move(repo, {"client.py": None, "README.md": "Words.\n"})
    ids.append(repo.commit("Second"))
    code, report = judged(repo, f"{ZEROS}..HEAD~1")
    assert code == 1
    assert refused(report, ids) == {(AWS_RULE, 1), (AWS_RULE, 0), ("owed-secret-scan", 0)}
    done = repo.sayso("verify-range", "--format", "json", "--from-ref", ZEROS, "--to-ref", "HEAD")
    assert done.returncode == 1
    assert refused(json.loads(done.stdout), ids) == {(AWS_RULE, 1)}


def test_the_hook_asks_for_a_range(shared: Repo) -> None:
    done = shared.sayso("verify-range")
    assert (done.returncode, done.stdout) == (2, b"")
    assert "give --from-ref and --to-ref, or use it at pre-push" in done.stderr.decode()


# What a runner says at a push.


def pushed(repo: Repo, start: str, end: str, name: str = "refs/heads/work") -> tuple[int, dict[str, Any]]:
    """Return what the hook says of a push, as a runner tells it of it."""
    refs = {"PRE_COMMIT_FROM_REF": start, "PRE_COMMIT_TO_REF": end, "PRE_COMMIT_LOCAL_BRANCH": name}
    known: dict[str, Any] = {key: value for key, value in refs.items() if value}
    done = repo.sayso("verify-range", "--format", "json", PRE_COMMIT="1", PRE_COMMIT_REMOTE_NAME="origin", **known)
    assert done.stdout, done.stderr.decode()
    return done.returncode, json.loads(done.stdout)


def test_a_branch_that_was_rewritten_merges_nothing(shared: Repo) -> None:
    branch(shared, "former", WORDS, ("Ours", {"lines.txt": "ours\n"}))
    ids = branch(shared, "work", WORDS, ("Ours, better", {"lines.txt": "better\n"}))
    assert judged(shared, "former..work")[0] == 1  # it could not be merged, and need not be
    code, report = pushed(shared, "former", "work")
    assert (code, refused(report, ids)) == (0, set())
    ids += branch(shared, "work", ADDED_KEY, GONE, start="work")
    code, report = pushed(shared, "former", "work")
    assert (code, refused(report, ids)) == (1, {(AWS_RULE, 3)})


@pytest.mark.parametrize("end", ["", "work"], ids=["pre-commit", "prek"])
def test_the_first_push_is_judged_from_the_beginning(repo: Repo, end: str) -> None:
    """Neither runner names where it begins, and one does not even name where it ends."""
    repo.git("checkout", "-q", "-b", "work")
    move(repo, {"client.py": KEY})
    ids = [repo.commit("First")]
    move(repo, {"client.py": None, "README.md": "Words.\n"})
    ids.append(repo.commit("Second"))
    code, report = pushed(repo, "", end)
    assert (code, refused(report, ids)) == (1, {(AWS_RULE, 1)})
    others: dict[str, Any] = {"PRE_COMMIT_TO_REF": end} if end else {}
    assert repo.sayso("secure-claims", PRE_COMMIT="1", PRE_COMMIT_REMOTE_NAME="origin", **others).returncode == 0


def test_a_push_of_another_history_is_judged_as_a_whole(shared: Repo) -> None:
    shared.git("checkout", "-q", "-f", "--orphan", "apart", "base")
    shared.git("rm", "-rfq", ".")
    move(shared, {"alone.py": KEY})
    ids = [shared.commit("Alone")]
    code, report = pushed(shared, "base", "apart")
    assert code == 1
    assert (AWS_RULE, 1) in refused(report, ids)


# What both sides changed.


def merge(repo: Repo, name: str, *others: str, files: Files | None = None) -> str:
    """Merge branches into one, with further changes in the merge itself."""
    repo.git("checkout", "-q", "-f", name)
    repo.git("merge", "--quiet", "--no-ff", "--no-commit", "-s", "octopus" if len(others) > 1 else "ort", *others)
    move(repo, files or {})
    return repo.commit("Merge")


def test_a_base_that_went_on_is_merged(shared: Repo) -> None:
    branch(shared, "onto", ("Elsewhere", {"elsewhere.py": "x = 1\n"}))
    branch(shared, "work", WORDS)
    code, report = judged(shared, "onto..work")
    assert code == 0
    assert [item["paths"] for item in report["findings"] if item["rule"] == "owed-secret-scan"] == ["README.md"]


def test_sides_that_are_clean_alone_and_not_together(shared: Repo) -> None:
    """One side moves a file to a sensitive place, the other edits it: only what they merge to shows the edit there."""
    text = "".join(f"def step_{number}():\n    return {number}\n\n\n" for number in range(20))
    branch(shared, "start", ("Add steps", {"steps.py": text}))
    branch(shared, "onto", ("Move", {"steps.py": None, "src/auth/session.py": text}), start="start")
    ids = branch(shared, "work", ("Edit", {"steps.py": text.replace("return 7", "return 8")}), start="start")
    assert judged(shared, "start..work")[0] == 0
    code, report = judged(shared, "onto..work")
    assert code == 1
    assert ("owed-tests-unit", 0) in refused(report, ids)
    assert {item["path"] for item in report["findings"] if item.get("area")} == {"src/auth/session.py"}


def test_halves_of_insecure_code_meet_in_the_merge(shared: Repo) -> None:
    text = 'from json import loads\n\n\ndef name():\n    return "a name"\n\n\ndef load(data):\n    return data\n'
    branch(shared, "start", ("Add", {"halves.py": text}))
    branch(shared, "onto", ("One half", {"halves.py": text.replace("json", "pickle")}), start="start")
    used = text.replace("return data", "return loads(data)")
    ids = branch(shared, "work", ("The other", {"halves.py": used}), start="start")
    rule = "python-unsafe-pickle"
    assert (rule, 0) not in refused(judged(shared, "start..work")[1], ids)
    _, report = judged(shared, "onto..work")
    assert {(rule, 0), ("owed-code-scan", 0)} <= refused(report, ids)
    assert (rule, 1) not in refused(report, ids)


def test_a_conflict_with_the_base(shared: Repo) -> None:
    branch(shared, "onto", ("Theirs", {"lines.txt": "theirs\n"}))
    ids = branch(shared, "work", ADDED_KEY, ("Ours", {"lines.txt": "ours\n"}))
    done = shared.sayso("verify", "--ledger", "onto..work")
    assert done.returncode == 1
    assert "lines.txt: error: [gate-merge-conflict] in conflict with the base" in done.stdout.decode()
    _, report = judged(shared, "onto..work")
    assert {("gate-merge-conflict", 0), (AWS_RULE, 1)} <= refused(report, ids)


def test_a_merge_is_judged_by_what_neither_side_had(shared: Repo) -> None:
    branch(shared, "side", WORDS)
    branch(shared, "work", ("Add x", {"x.py": "x = 1\n"}))
    merged = merge(shared, "work", "side", files={"client.py": KEY})
    after = branch(shared, "work", GONE, start="work")
    _, report = judged(shared, "base..work")
    secret = [item for item in report["findings"] if item["rule"] == AWS_RULE]
    assert [item["commit"] for item in secret] == [merged]
    assert after


def test_what_a_merged_branch_brings_is_judged(shared: Repo) -> None:
    ids = branch(shared, "side", ADDED_KEY, GONE)
    branch(shared, "work", ("Add x", {"x.py": "x = 1\n"}))
    merge(shared, "work", "side")
    _, report = judged(shared, "base..work")
    assert (AWS_RULE, 1) in refused(report, ids)
    assert "4 commits judged one by one, and what they merge to" in report["notes"]


def test_an_octopus(shared: Repo) -> None:
    for name in ("one", "two", "three"):
        branch(shared, name, (f"Add {name}", {f"{name}.py": f"{name} = 1\n"}))
    made = merge(shared, "one", "two", "three", files={"client.py": KEY})
    assert len(shared.git("rev-list", "--parents", "-1", made).split()) == 4
    _, report = judged(shared, "base..one")
    assert [item["commit"] for item in report["findings"] if item["rule"] == AWS_RULE and "commit" in item] == [made]
    assert "4 commits judged one by one, and what they merge to" in report["notes"]


def test_branches_that_merged_each_other(shared: Repo) -> None:
    branch(shared, "left", ("Left", {"left.py": "left = 1\n"}))
    branch(shared, "right", ("Right", {"right.py": "right = 1\n"}))
    shared.git("branch", "-f", "first-left", "left")
    merge(shared, "left", "right")
    merge(shared, "right", "first-left")
    ids = branch(shared, "left", ("More", {"more.py": "more = 1\n"}), start="left")
    branch(shared, "right", ("Most", {"most.py": "most = 1\n"}), start="right")
    assert len(shared.git("merge-base", "--all", "left", "right").split()) == 2
    code, report = judged(shared, "right..left")
    assert (code, refused(report, ids)) == (0, set())
    assert [item["paths"] for item in report["findings"] if item["rule"] == "owed-secret-scan"] == ["more.py"]


def test_a_history_of_its_own(shared: Repo) -> None:
    shared.git("checkout", "-q", "-f", "--orphan", "alone", "base")
    shared.git("rm", "-rfq", ".")
    move(shared, {"alone.py": "x = 1\n"})
    shared.commit("Alone")
    done = shared.sayso("verify", "--ledger", "base..alone")
    assert (done.returncode, done.stdout) == (2, b"")
    assert "have no common ancestor here: they are histories of their own" in done.stderr.decode()


def test_a_merge_leaves_no_trace(shared: Repo, tmp_path: Path) -> None:
    branch(shared, "onto", ("Theirs", {"lines.txt": "first\n" + shared.git("show", "base:lines.txt") + "\n"}))
    branch(shared, "work", ("Ours", {"lines.txt": shared.git("show", "base:lines.txt") + "\nlast\n"}))
    before = shared.git("count-objects", "-v"), shared.git("status", "--porcelain"), shared.git("for-each-ref")
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    assert judged(shared, "onto..work", TMPDIR=str(scratch))[0] == 0
    assert (
        shared.git("count-objects", "-v"),
        shared.git("status", "--porcelain"),
        shared.git("for-each-ref"),
    ) == before
    assert list(scratch.iterdir()) == []


def test_what_a_replacement_shows_is_not_what_is_judged(shared: Repo) -> None:
    ids = branch(shared, "work", ADDED_KEY, GONE)
    clean = branch(shared, "clean", WORDS)
    shared.git("replace", ids[0], clean[0])
    try:
        _, report = judged(shared, "base..work")
    finally:
        shared.git("replace", "-d", ids[0])
    assert refused(report, ids) == {(AWS_RULE, 1)}


def test_a_graft_hides_no_commit(shared: Repo) -> None:
    ids = branch(shared, "work", ADDED_KEY, GONE)
    grafts = shared.write(".git/info/grafts", f"{ids[1]} {shared.git('rev-parse', 'base')}\n")
    try:
        _, report = judged(shared, "base..work")
    finally:
        grafts.unlink()
    assert refused(report, ids) == {(AWS_RULE, 1)}
