"""Approvals from the person's yes to the verdict: what counts, what does not and why, and who cannot forge what."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from sayso import approvals, reviewers
from sayso.adapters import approvalfiles, signing
from sayso.adapters.git import Repository
from sayso.adapters.resources import read_table
from sayso.app import approvalrun, reviews
from sayso.app.approvalrun import Asked
from sayso.app.case import Part
from sayso.app.reviews import Reviews
from sayso.approvals import NAMESPACE, Item, Statement
from sayso.checks.ai_authorship import read_rules
from sayso.message import parse_trailers
from sayso.model import NO_MODE, DataError, Identity, SaysoError
from sayso.ruletables import rule
from sayso.settings import DEFAULT, Person, Policy
from tools.repo import Repo

TOOLS = read_rules(read_table("ai_authors.toml"))
DEV, RITA = Identity("Dev Eloper", "dev@example.org"), Identity("Rita Viewer", "rita@example.org")
FOLDER, SIGNERS = ".sayso/approvals", ".sayso/allowed_signers"
AUTH, OTHER = "src/auth.py", "notes.txt"
NAMED = DEFAULT._replace(
    people=(
        Person("Rita Viewer", ("rita@example.org", "rita@home.example"), ("review", "security-review")),
        Person("Dev Eloper", ("dev@example.org",)),
    )
)


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("keys")
    for name in ("rita", "dev", "home", "stranger", "authority", "certified"):
        keygen("-t", "ed25519", "-N", "", "-C", name, "-f", folder / name)
    keygen("-s", folder / "authority", "-I", "rita", "-n", RITA.email, "-V", "-1d:+52w", folder / "certified.pub")
    return folder


def keygen(*args: object) -> None:
    subprocess.run(["ssh-keygen", "-q", *map(str, args)], check=True, capture_output=True)


def line(keys: Path, name: str, principals: str = "", options: str = f'namespaces="{NAMESPACE}"') -> str:
    public = (keys / f"{name}.pub").read_text().strip()
    return f"{principals or f'{name}@example.org'} {options}{' ' if options else ''}{public}\n"


@pytest.fixture
def trusted(repo: Repo, keys: Path) -> Repo:
    """A repository whose first commit names Rita and Dev as signers, and has a sensitive file."""
    repo.stage(SIGNERS, line(keys, "rita") + line(keys, "dev") + line(keys, "home", "rita@home.example"))
    repo.stage(AUTH, "def allowed(user):\n    return user.admin\n")
    repo.stage(OTHER, "Words.\n")
    repo.commit("Begin")
    return repo


def approve(repo: Repo, key: Path, *args: str, **environment: Any) -> tuple[int, str]:
    return repo.output("sayso", "approve", "--yes", "--key", str(key), *args, **environment)


def item(repo: Repo, path: str, at: str = "") -> Item:
    """What is at a path, as git says."""
    if at:
        mode, _, rest = repo.git("ls-tree", at, "--", path).partition(" ")
        return Item(path, mode, rest.split()[1])
    shown = repo.git("ls-files", "--stage", "--", path).split()
    return Item(path, shown[0], shown[1]) if shown else Item(path, NO_MODE, "")


def gathered(repo: Repo, *paths: str, policy: Policy = NAMED, believe: bool = True, **asked: Any) -> Reviews:
    needed = {path: item(repo, path, asked.get("at", "")) for path in paths or (AUTH,)}
    today = time.strftime("%Y-%m-%d", time.gmtime())
    common = {
        "base": "HEAD",
        "at": "",
        "message": "Subject\n",
        "author": DEV,
        "committer": DEV,
        "ai": True,
        "day": today,
    }
    return reviews.gather(Repository(), policy, Asked(needed=needed, **{**common, **asked}), TOOLS, believe=believe)


def met(found: Reviews, repo: Repo, *paths: str, kind: str = reviewers.HUMAN_REVIEW, at: str = "") -> bool:
    return found.judgement({path: item(repo, path, at) for path in paths or (AUTH,)}, kind).met


def why(found: Reviews) -> list[str]:
    return [refused.rule for refused in found.refused]


def put(repo: Repo, statement: Statement | bytes, signature: bytes, name: str = "") -> str:
    """Stage an approval that did not come from the command; return its path."""
    data = statement if isinstance(statement, bytes) else approvals.encode(statement)
    path = f"{FOLDER}/{name or approvals.identifier(data)}.json"
    repo.stage(path, data)
    repo.stage(f"{path}.sig", signature)
    return path


def stated(repo: Repo, principal: str = RITA.email, **changed: Any) -> Statement:
    root = repo.git("rev-list", "--max-parents=0", "HEAD")
    made = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    return Statement("review", principal, made, root, (item(repo, AUTH),))._replace(**changed)


def signed(repo: Repo, key: Path, statement: Statement, namespace: str = NAMESPACE) -> str:
    return put(repo, statement, signing.sign(approvals.encode(statement), namespace, str(key)))


def edited(repo: Repo, text: str = "def allowed(user):\n    return True\n") -> None:
    repo.stage(AUTH, text)


# ---- the command


def test_the_sensitive_files_are_approved_by_default(trusted: Repo, keys: Path) -> None:
    edited(trusted)
    trusted.stage("other.txt", "x\n")
    code, said = approve(trusted, keys / "rita", "--as", RITA.email, "--note", "read twice")
    assert code == 0, said
    assert re.search(rf"modified +{AUTH}  [0-9a-f]{{12}}  mode 100644", said)
    assert "other.txt" not in said
    assert said.endswith("now: git commit\n")
    files = trusted.git("diff", "--cached", "--name-only", "--", FOLDER).split()
    assert len(files) == 2
    statement = approvals.decode((trusted.path / files[0]).read_bytes(), "x")
    assert statement[:2] == ("review", RITA.email)
    assert statement.items == (item(trusted, AUTH),)
    assert statement.note == "read twice"
    assert statement.repository == trusted.head()
    assert f"{FOLDER}/{statement.id}.json" == files[0]
    found = gathered(trusted)
    assert (met(found, trusted), why(found)) == (True, [])
    assert found.counted[0].evidence == f"{statement.id} of {RITA.email}"


def test_all_files_where_none_is_sensitive_and_those_named_otherwise(trusted: Repo, keys: Path) -> None:
    trusted.stage("a.txt", "x\n")
    trusted.stage("sub/b c.txt", "x\n")
    trusted.git("rm", "-q", "--", OTHER)
    names = [
        ((), ["a.txt", OTHER, "sub/b c.txt"]),
        (("sub",), ["sub/b c.txt"]),
        (("--", OTHER, "sub/b c.txt"), [OTHER, "sub/b c.txt"]),
        ((".",), ["a.txt", OTHER, "sub/b c.txt"]),
    ]
    for args, expected in names:
        trusted.git("rm", "-rqf", "--ignore-unmatch", FOLDER)
        assert approve(trusted, keys / "dev", *args)[0] == 0
        (file,) = (trusted.path / FOLDER).glob("*.json")
        assert [entry.path for entry in approvals.decode(file.read_bytes(), "x").items] == expected


def test_paths_are_those_of_the_folder_where_the_command_is_given(trusted: Repo, keys: Path) -> None:
    edited(trusted)
    argv = ("sayso", "approve", "--yes", "--key", str(keys / "dev"), "auth.py")
    done = subprocess.run(argv, cwd=trusted.path / "src", env=trusted.environment, capture_output=True, check=True)
    assert AUTH in done.stdout.decode()
    assert met(gathered(trusted), trusted)


def test_a_rename_needs_both_names(trusted: Repo, keys: Path) -> None:
    trusted.git("mv", AUTH, "src/login.py")
    code, said = approve(trusted, keys / "dev", "src/login.py")
    assert code == 0
    assert "deleted" in said
    assert met(gathered(trusted, AUTH, "src/login.py"), trusted, AUTH, "src/login.py")


@pytest.mark.parametrize(
    ("args", "reason"),
    [
        pytest.param(("none.py",), "none.py: is not part of what is staged", id="no-such-file"),
        pytest.param((OTHER,), f"{OTHER}: is not part of what is staged", id="unchanged"),
        pytest.param(("../up",), "is not part of", id="outside"),
        pytest.param((SIGNERS, AUTH), "is not part of", id="one-of-two"),
        pytest.param(("--as", "a b", AUTH), "not a name", id="no-principal"),
        pytest.param(("--as", "*", AUTH), "not a name", id="pattern"),
        pytest.param(("--note", "x" * 1001, AUTH), "note", id="long-note"),
        pytest.param(("--from-ref", "HEAD"), "belong together", id="half-a-range"),
        pytest.param(("--from-ref", "HEAD", "--to-ref", "HEAD"), "nothing to approve in HEAD..HEAD", id="empty-range"),
        pytest.param(("--from-ref", "nope", "--to-ref", "HEAD"), "no such commit", id="no-revision"),
        pytest.param(("--role", "ci"), "invalid choice", id="role"),
        pytest.param(("--frobnicate",), "unknown option --frobnicate", id="option"),
    ],
)
def test_what_cannot_be_approved(trusted: Repo, keys: Path, args: tuple[str, ...], reason: str) -> None:
    edited(trusted)
    code, said = approve(trusted, keys / "dev", *args)
    assert (code, reason in said) == (2, True), said
    assert not (trusted.path / FOLDER).exists()


def test_nothing_staged_is_nothing_to_approve(trusted: Repo, keys: Path) -> None:
    trusted.write(AUTH, "edited, and not staged\n")
    assert approve(trusted, keys / "dev")[0] == 2


@pytest.mark.parametrize(
    "environment",
    [{"CLAUDECODE": "1"}, {"CURSOR_AGENT": "1"}, {"CODEX_SANDBOX": "seatbelt"}, {"GEMINI_CLI": "1"}],
    ids=lambda variables: next(iter(variables)),
)
def test_a_coding_tool_approves_nothing(trusted: Repo, keys: Path, environment: Mapping[str, str]) -> None:
    edited(trusted)
    code, said = approve(trusted, keys / "rita", "--as", RITA.email, **environment)
    assert code == 1
    assert "(review-by-tool)" in said
    assert not (trusted.path / FOLDER).exists()


def test_nor_does_one_under_its_own_name(trusted: Repo, keys: Path) -> None:
    edited(trusted)
    code, said = approve(trusted, keys / "dev", "--as", "noreply@anthropic.com")
    assert (code, "(review-by-tool)" in said) == (1, True)
    code, said = approve(
        trusted, keys / "dev", GIT_COMMITTER_EMAIL="noreply@anthropic.com", GIT_COMMITTER_NAME="Claude"
    )
    assert (code, "(review-by-tool)" in said) == (1, True)


def at_a_terminal(repo: Repo, answer: bytes, *args: str) -> tuple[int, str]:
    """Play the command in a terminal of its own, and type an answer once it asks."""
    pid, fd = pty.fork()
    if not pid:
        os.chdir(repo.path)
        os.execvpe("sayso", ["sayso", "approve", *args], repo.environment)
    said, typed = b"", False
    while True:
        try:
            chunk = os.read(fd, 4096)
        except OSError:
            break
        if not chunk:
            break
        said += chunk
        if b"[y/N]" in said and not typed:
            typed = bool(os.write(fd, answer))
        if b"passphrase" in said and b"secret" not in answer:
            os.write(fd, b"secret phrase\n")
            answer += b"secret"
    os.close(fd)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), said.decode()


@pytest.mark.parametrize(
    ("answer", "code"), [(b"y\n", 0), (b"YES\n", 0), (b"n\n", 1), (b"\n", 1), (b"yep\n", 1), (b"\x04", 1)]
)
def test_a_person_says_yes_on_the_terminal(trusted: Repo, keys: Path, answer: bytes, code: int) -> None:
    edited(trusted)
    ended, said = at_a_terminal(trusted, answer, "--key", str(keys / "dev"))
    assert ended == code, said
    assert said.index(AUTH) < said.index("[y/N]")
    assert (trusted.path / FOLDER).exists() is (code == 0)


def test_the_passphrase_is_typed_on_the_terminal(trusted: Repo, tmp_path: Path) -> None:
    keygen("-t", "ed25519", "-N", "secret phrase", "-f", tmp_path / "locked")
    edited(trusted)
    ended, said = at_a_terminal(trusted, b"y\n", "--key", str(tmp_path / "locked"))
    assert ended == 0, said
    assert "passphrase" in said
    assert len(list((trusted.path / FOLDER).iterdir())) == 2


def test_without_a_terminal_nothing_is_signed(trusted: Repo, keys: Path) -> None:
    edited(trusted)
    done = subprocess.run(
        ["setsid", "-w", "sayso", "approve", "--key", str(keys / "dev")],
        cwd=trusted.path,
        env=trusted.environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 2
    assert b"no terminal" in done.stderr


def test_what_is_listed_moves_no_cursor(trusted: Repo, keys: Path) -> None:
    name = "auth/a\n\x1b[2Kb.py"
    trusted.stage(name, "x\n")
    code, said = approve(trusted, keys / "dev")
    assert code == 0
    assert "\x1b" not in said
    assert "auth/a\\n\\x1b[2Kb.py" in said
    assert approvals.decode(next((trusted.path / FOLDER).glob("*.json")).read_bytes(), "x").items[0].path == name


def test_a_range_is_approved_and_not_staged(trusted: Repo, keys: Path) -> None:
    start = trusted.head()
    edited(trusted)
    trusted.commit("Change")
    trusted.stage(AUTH, "staged later\n")
    code, said = approve(trusted, keys / "rita", "--as", RITA.email, "--from-ref", start, "--to-ref", "HEAD")
    assert code == 0, said
    assert "git add -- ':/.sayso/approvals' && git commit" in said
    assert trusted.git("diff", "--cached", "--name-only") == AUTH
    trusted.git("add", "--", f":/{FOLDER}")
    trusted.git("restore", "--staged", "--worktree", "--", AUTH)
    trusted.commit("Approve")
    found = gathered(trusted, base=start, at=trusted.head())
    assert met(found, trusted, at="HEAD")
    assert met(gathered(trusted, base=start, at=trusted.git("rev-parse", "HEAD^{tree}")), trusted, at="HEAD")


def test_an_amended_commit_is_approved_as_a_whole(trusted: Repo, keys: Path) -> None:
    edited(trusted)
    trusted.commit("Change")
    assert approve(trusted, keys / "dev")[0] == 2
    code, said = approve(trusted, keys / "dev", "--amend", "--", AUTH)
    assert code == 0, said
    assert "now: git commit --amend" in said
    trusted.git("commit", "-q", "--no-verify", "--amend", "--no-edit")
    assert met(gathered(trusted, base="HEAD~1", at="HEAD"), trusted, at="HEAD")
    assert approve(trusted, keys / "dev", "--amend", "--from-ref", "HEAD~1", "--to-ref", "HEAD")[0] == 2


def test_somebody_else_approves_what_is_not_committed_yet(trusted: Repo, keys: Path, tmp_path: Path) -> None:
    """The steps that the gate prints where the author may not approve, played by two people."""
    edited(trusted)
    apart = NAMED._replace(review=NAMED.review._replace(separation=True))
    first, second, third = reviewers.steps([AUTH], terms=apart.review, alone=False)
    trusted.git("clone", "-q", f"file://{trusted.path}", str(tmp_path / "clone"))
    clone = Repo(tmp_path / "clone", trusted.environment)
    trusted.run("sh", "-c", first)
    (trusted.path / ".git" / "review.patch").rename(clone.path / "review.patch")
    theirs = second.partition(": ")[2].replace("approve", f"approve --yes --key '{keys / 'rita'}' --as {RITA.email}")
    clone.run("sh", "-c", theirs)
    (clone.path / FOLDER).rename(trusted.path / FOLDER)
    trusted.run("sh", "-c", third.partition(": ")[2].replace("git commit", "git commit -m Change"))
    assert met(gathered(trusted, policy=apart, base="HEAD~1", at="HEAD"), trusted, at="HEAD")


@pytest.mark.parametrize("ignored", [True, False])
def test_the_approval_is_staged_byte_for_byte(trusted: Repo, keys: Path, ignored: bool) -> None:
    """A filter of the repository's, or a rule to ignore the folder, does not reach it."""
    trusted.stage(".gitattributes", "* text eol=crlf\n*.json filter=upper\n")
    trusted.git("config", "filter.upper.clean", "tr a-z A-Z")
    if ignored:
        trusted.stage(".gitignore", ".sayso/\n")
    edited(trusted)
    assert approve(trusted, keys / "dev")[0] == 0
    assert met(gathered(trusted), trusted)


@pytest.mark.parametrize("where", [".sayso", FOLDER])
def test_no_link_leads_the_approval_elsewhere(trusted: Repo, keys: Path, tmp_path: Path, where: str) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    edited(trusted)
    if where == ".sayso":
        (trusted.path / ".sayso").rename(tmp_path / "moved")
    (trusted.path / where).symlink_to(outside)
    code, said = approve(trusted, keys / "dev")
    assert (code, "symbolic link" in said) == (3, True), said
    assert list(outside.iterdir()) == []


def test_a_shallow_clone_says_what_to_fetch(trusted: Repo, keys: Path, tmp_path: Path) -> None:
    trusted.commit("Another")
    trusted.git("clone", "-q", "--depth=1", f"file://{trusted.path}", str(tmp_path / "clone"))
    clone = Repo(tmp_path / "clone", trusted.environment)
    clone.stage(AUTH, "x\n")
    code, said = approve(clone, keys / "dev")
    assert (code, "git fetch --unshallow" in said) == (3, True)


def test_before_the_first_commit_it_says_how_to_begin(repo: Repo, keys: Path) -> None:
    repo.stage(AUTH, "x\n")
    code, said = approve(repo, keys / "dev")
    assert code == 0, said
    assert "it will not count" in said
    assert 'namespaces="sayso-approval@1"' in said
    assert not met(gathered(repo, base=""), repo)


@pytest.mark.parametrize(
    ("key", "args", "doubt"),
    [
        pytest.param("stranger", (), "does not have SHA256:", id="unknown-key"),
        pytest.param("rita", ("--as", DEV.email), "does not have SHA256:", id="other-name"),
        pytest.param("rita", ("--as", RITA.email), "", id="known"),
    ],
)
def test_what_will_not_count_is_said_at_once(
    trusted: Repo, keys: Path, key: str, args: tuple[str, ...], doubt: str
) -> None:
    edited(trusted)
    code, said = approve(trusted, keys / key, *args)
    assert code == 0
    assert ("it will not count" in said) is bool(doubt) is ("now: git commit" not in said)
    assert doubt in said
    assert met(gathered(trusted), trusted) is not bool(doubt)


def test_a_bare_repository_has_nothing_to_approve(trusted: Repo, keys: Path, tmp_path: Path) -> None:
    trusted.git("clone", "-q", "--bare", ".", str(tmp_path / "bare"))
    bare_one = Repo(tmp_path / "bare", trusted.environment)
    code, said = approve(bare_one, keys / "dev", "--from-ref", "HEAD", "--to-ref", "HEAD")
    assert (code, "bare" in said) == (2, True)


def test_a_repository_with_longer_ids(
    tmp_path: Path, keys: Path, clean_environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "long").mkdir()
    monkeypatch.chdir(tmp_path / "long")
    repo = Repo(tmp_path / "long", clean_environment)
    repo.git("init", "-q", "--object-format=sha256")
    repo.stage(SIGNERS, line(keys, "dev"))
    repo.stage(AUTH, "x\n")
    repo.commit()
    edited(repo)
    assert approve(repo, keys / "dev")[0] == 0
    assert met(gathered(repo), repo)


def test_a_moved_submodule_is_approved_by_its_commit(trusted: Repo, keys: Path) -> None:
    trusted.git("update-index", "--add", "--cacheinfo", f"160000,{trusted.head()},lib/sub")
    assert approve(trusted, keys / "dev", "lib/sub")[0] == 0
    assert met(gathered(trusted, "lib/sub"), trusted, "lib/sub")


def test_a_worktree_and_another_index_are_served(trusted: Repo, keys: Path, tmp_path: Path) -> None:
    trusted.git("worktree", "add", "-q", str(tmp_path / "tree"), "-b", "side")
    tree = Repo(tmp_path / "tree", trusted.environment)
    tree.stage(AUTH, "x\n")
    assert approve(tree, keys / "dev")[0] == 0
    assert len(tree.git("diff", "--cached", "--name-only").split()) == 3
    assert trusted.git("diff", "--cached", "--name-only") == ""


# ---- what an approval survives, and what ends it


@pytest.fixture
def approved(trusted: Repo, keys: Path) -> Repo:
    edited(trusted)
    assert approve(trusted, keys / "rita", "--as", RITA.email)[0] == 0
    return trusted


@pytest.mark.parametrize(
    "deed",
    [
        pytest.param(lambda repo: edited(repo, "def allowed(user):\n    return True \n"), id="one-byte"),
        pytest.param(lambda repo: repo.git("update-index", "--chmod=+x", AUTH), id="mode"),
        pytest.param(lambda repo: repo.git("rm", "-qf", "--", AUTH), id="deleted"),
        pytest.param(
            lambda repo: ((repo.path / AUTH).unlink(), (repo.path / AUTH).symlink_to("x"), repo.git("add", AUTH)),
            id="link",
        ),
    ],
)
def test_one_changed_byte_ends_it(approved: Repo, deed: Callable[[Repo], object]) -> None:
    assert met(gathered(approved), approved)
    deed(approved)
    found = gathered(approved)
    assert (met(found, approved), why(found)) == (False, ["review-of-other-content"])


def test_it_survives_rebase_and_squash(approved: Repo) -> None:
    base = approved.head()
    approved.git("checkout", "-q", "-b", "side")
    approved.commit("Approved change")
    approved.stage("more.txt", "x\n")
    approved.commit("More")
    approved.git("checkout", "-q", "trunk")
    approved.stage(OTHER, "Other words.\n")
    approved.commit("Meanwhile")
    approved.git("checkout", "-q", "side")
    approved.git("rebase", "-q", "trunk")
    assert met(gathered(approved, base="trunk", at="side"), approved, at="side")
    approved.git("checkout", "-q", "trunk")
    approved.git("merge", "-q", "--squash", "side")
    assert met(gathered(approved), approved)
    assert met(gathered(approved, base=base), approved)


def test_an_amended_message_changes_nothing(approved: Repo) -> None:
    approved.commit("Change")
    approved.git("commit", "-q", "--amend", "-m", "Change, said better")
    assert met(gathered(approved, base="HEAD~1", at="HEAD"), approved, at="HEAD")


# ---- what does not count: the rows of the catalogue of ways round


def test_row_39_an_old_approval_is_no_approval(trusted: Repo, keys: Path) -> None:
    edited(trusted)
    for days, rule_id in ((89, ""), (91, "review-out-of-date"), (-2, "review-out-of-date")):
        made = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - days * 86400))
        path = signed(trusted, keys / "rita", stated(trusted, made=made))
        found = gathered(trusted)
        assert (met(found, trusted), why(found)) == (not rule_id, [rule_id] if rule_id else [])
        trusted.git("rm", "-qf", "--", path, f"{path}.sig")
    strict = NAMED._replace(review=NAMED.review._replace(max_age_days=0))
    signed(trusted, keys / "rita", stated(trusted))
    assert met(gathered(trusted, policy=strict), trusted)


def test_row_39_a_day_that_does_not_exist_is_none(trusted: Repo, keys: Path) -> None:
    edited(trusted)
    signed(trusted, keys / "rita", stated(trusted, made="2026-02-31T12:00:00Z"))
    assert why(gathered(trusted)) == ["review-out-of-date"]


def test_row_40_an_approval_does_not_travel(trusted: Repo, keys: Path) -> None:
    edited(trusted)
    for root in ("", "c" * 40, item(trusted, AUTH).blob):
        path = signed(trusted, keys / "rita", stated(trusted, repository=root))
        found = gathered(trusted)
        assert (met(found, trusted), why(found)) == (False, ["review-of-other-repository"])
        trusted.git("rm", "-qf", "--", path, f"{path}.sig")


def test_row_40_a_shallow_clone_cannot_tell(approved: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    approved.commit("Change")
    approved.git("clone", "-q", "--depth=1", f"file://{approved.path}", str(tmp_path / "clone"))
    clone = Repo(tmp_path / "clone", approved.environment)
    monkeypatch.chdir(clone.path)
    found = gathered(clone, at="HEAD")
    assert why(found) == ["review-of-other-repository"]
    assert "git fetch --unshallow" in found.refused[0].message


def swapped(repo: Repo, keys: Path) -> object:
    other = approvals.encode(stated(repo, note="another"))
    return put(repo, stated(repo), signing.sign(other, NAMESPACE, str(keys / "rita")))


def bare(repo: Repo, _keys: Path) -> object:
    return repo.git("rm", "-qf", "--", f"{put(repo, stated(repo), b'junk')}.sig")


def by(
    key: str, principal: str = RITA.email, namespace: str = NAMESPACE, **changed: Any
) -> Callable[[Repo, Path], object]:
    return lambda repo, keys: signed(repo, keys / key, stated(repo, principal, **changed), namespace)


@pytest.mark.parametrize(
    ("forge", "rule_id"),
    [
        pytest.param(by("stranger"), "review-unknown-signer", id="other-key"),
        pytest.param(by("dev"), "review-unknown-signer", id="own-key-for-another"),
        pytest.param(by("rita", namespace="git"), "review-bad-signature", id="namespace"),
        pytest.param(swapped, "review-bad-signature", id="signature-of-another-statement"),
        pytest.param(lambda repo, _: put(repo, stated(repo), b"junk"), "review-bad-signature", id="junk"),
        pytest.param(bare, "review-bad-signature", id="no-signature"),
        pytest.param(by("stranger", "stranger@example.org"), "review-by-stranger", id="stranger"),
        pytest.param(by("dev", DEV.email, role="security-review"), "review-by-stranger", id="without-the-duty"),
        pytest.param(by("rita", "noreply@anthropic.com"), "review-by-tool", id="tool"),
        pytest.param(by("certified-cert.pub"), "review-unknown-signer", id="authority"),
    ],
)
def test_row_41_a_forged_approval_is_none(
    trusted: Repo, keys: Path, forge: Callable[[Repo, Path], object], rule_id: str
) -> None:
    edited(trusted)
    forge(trusted, keys)
    found = gathered(trusted)
    assert (met(found, trusted), why(found)) == (False, [rule_id])
    finding = reviews.findings(found)[0]
    assert finding.rule == rule_id
    assert finding.path.startswith(FOLDER)


def test_an_approval_for_another_purpose_is_told_from_a_broken_one(trusted: Repo, keys: Path) -> None:
    edited(trusted)
    signed(trusted, keys / "rita", stated(trusted), "git")
    assert "signed for 'git', not for sayso-approval@1" in gathered(trusted).refused[0].message


def test_row_41_an_approval_whose_words_were_swapped(approved: Repo) -> None:
    """The signature of one file under the statement about another."""
    (file,) = (approved.path / FOLDER).glob("*.json")
    signature = (approved.path / f"{file}.sig").read_bytes()
    approved.git("rm", "-rqf", "--", FOLDER)
    edited(approved, "backdoor\n")
    put(approved, stated(approved), signature)
    found = gathered(approved)
    assert (met(found, approved), why(found)) == (False, ["review-bad-signature"])


HOSTILE = {
    "deep": b"[" * 100_000,
    "duplicate-keys": b'{"format":1,"format":1}\n',
    "not-json": b"import os\n",
    "huge": b"x" * (approvals.MOST_BYTES + 10),
    "walks": approvals.encode(
        Statement(
            "review",
            RITA.email,
            "2026-11-26T12:00:00Z",
            "",
            (Item(AUTH, NO_MODE, ""), Item("src/../../x", NO_MODE, "")),
        )
    ),
}


@pytest.mark.parametrize("data", HOSTILE.values(), ids=HOSTILE)
def test_row_44_a_hostile_approval_is_named_and_counts_for_nothing(trusted: Repo, data: bytes) -> None:
    edited(trusted)
    path = put(trusted, data, b"junk")
    begun = time.process_time()
    found = gathered(trusted)
    assert time.process_time() - begun < 2
    assert not met(found, trusted)
    assert [(skipped.path, skipped.blocks) for skipped in found.undecided] == [(path, True)]
    listed = reviews.foreign(Repository(), DEFAULT.review, Repository().staged())
    assert {(finding.rule, finding.path) for finding in listed} >= {("review-file-foreign", path)}


def test_row_44_a_statement_under_another_name_is_named(trusted: Repo, keys: Path) -> None:
    edited(trusted)
    data = approvals.encode(stated(trusted))
    put(trusted, data, signing.sign(data, NAMESPACE, str(keys / "rita")), name="0" * 16)
    found = gathered(trusted)
    assert not met(found, trusted)
    assert "its name" in found.undecided[0].reason
    (finding,) = reviews.foreign(Repository(), DEFAULT.review, Repository().staged()[:-1])
    assert "its name" in finding.message


BY_TOOL = "Subject\n\nReviewed-by: Claude <noreply@anthropic.com>\n"


def test_an_approval_whose_bytes_are_not_here_is_named(approved: Repo) -> None:
    path = f"{FOLDER}/{'0' * 16}.json"
    approved.git("update-index", "--add", "--cacheinfo", f"100644,{'1' * 40},{path}")
    found = gathered(approved)
    assert met(found, approved)
    assert [(skipped.path, skipped.blocks) for skipped in found.undecided] == [(path, True)]
    assert [item.path for item in reviews.foreign(Repository(), DEFAULT.review, Repository().staged())] == [path]


def test_more_files_than_can_be_looked_at_are_not_looked_at(approved: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(approvalfiles, "MOST_FILES", 1)
    with pytest.raises(SaysoError, match="more than 1 files"):
        gathered(approved)


def test_a_revision_that_is_not_there_is_an_error(approved: Repo) -> None:
    with pytest.raises(SaysoError, match="cannot list"):
        reviews.gather(
            Repository(),
            NAMED,
            Asked("HEAD", "--help", {AUTH: item(approved, AUTH)}, "", DEV, DEV, ai=True, day="2026-11-26"),
            TOOLS,
        )


def test_the_way_to_the_first_commit_is_walked_once(approved: Repo) -> None:
    """What was seen behind one commit is looked for from there, also on a branch that left before."""
    approved.git("branch", "side")
    approved.commit("Change")
    assert met(gathered(approved, at="HEAD"), approved, at="HEAD")
    approved.commit("Later")
    known = approvalfiles.Known(Repository(), believe=True)
    root = approved.git("rev-list", "--max-parents=0", "HEAD")
    for revision in ("HEAD", "HEAD", "side", "HEAD~1"):
        assert known.is_behind(root, revision)
    assert not known.is_behind(approved.head(), "side")
    assert not known.is_behind("f" * 40, "HEAD")


SAID = "Subject\n\nReviewed-by: Rita Viewer <rita@example.org>\n"


@pytest.mark.parametrize(
    ("message", "ai", "signed_for", "expected"),
    [
        pytest.param(SAID, True, "ai", ["review-unsigned"], id="for-a-tool's-work"),
        pytest.param(SAID, False, "all", ["review-unsigned"], id="where-all-sign"),
        pytest.param(SAID, False, "ai", [], id="for-a-person's-work"),
        pytest.param(SAID.replace("rita@", "ruta@"), False, "ai", ["review-by-stranger"], id="stranger"),
        pytest.param(BY_TOOL, False, "ai", ["review-by-tool"], id="tool"),
    ],
)
def test_row_45_a_trailer_is_a_hint(
    trusted: Repo, message: str, ai: bool, signed_for: str, expected: list[str]
) -> None:
    edited(trusted)
    policy = NAMED._replace(review=NAMED.review._replace(signed=signed_for))
    found = gathered(trusted, message=message, ai=ai, policy=policy)
    assert (why(found), met(found, trusted)) == (expected, not expected)


def test_row_48_nobody_approves_their_own_work_where_that_is_asked(trusted: Repo, keys: Path) -> None:
    edited(trusted)
    signed(trusted, keys / "dev", stated(trusted, DEV.email))
    apart = NAMED._replace(review=NAMED.review._replace(separation=True))
    assert met(gathered(trusted), trusted)
    found = gathered(trusted, policy=apart)
    assert (met(found, trusted), why(found)) == (False, ["review-of-own-work"])
    driven = gathered(trusted, policy=apart, author=Identity("Claude", "noreply@anthropic.com"))
    assert why(driven) == ["review-of-own-work"]
    assert met(gathered(trusted, policy=apart, author=RITA, committer=RITA), trusted)


def test_row_48_one_key_for_a_person_and_a_job_speaks_for_neither(repo: Repo, keys: Path) -> None:
    repo.stage(SIGNERS, line(keys, "rita") + line(keys, "rita", "ci@example.org"))
    repo.stage(AUTH, "x\n")
    repo.commit()
    edited(repo)
    signed(repo, keys / "rita", stated(repo))
    found = gathered(repo)
    assert (met(found, repo), why(found)) == (False, ["review-shared-key"])
    assert "ci@example.org" in found.refused[0].message


def test_two_keys_of_one_person_are_no_second_review(trusted: Repo, keys: Path) -> None:
    edited(trusted)
    signed(trusted, keys / "rita", stated(trusted))
    signed(trusted, keys / "home", stated(trusted, "rita@home.example"))
    found = gathered(trusted, author=Identity("X", "x@example.org"))
    assert len(found.counted) == 2
    assert not met(found, trusted, kind=reviewers.SECOND_REVIEW)
    signed(trusted, keys / "dev", stated(trusted, DEV.email))
    found = gathered(trusted, author=Identity("X", "x@example.org"))
    assert met(found, trusted, kind=reviewers.SECOND_REVIEW)
    assert not met(gathered(trusted), trusted, kind=reviewers.SECOND_REVIEW)


def test_row_49_a_change_cannot_name_its_own_signers(trusted: Repo, keys: Path) -> None:
    edited(trusted)
    trusted.stage(SIGNERS, line(keys, "stranger", RITA.email))
    signed(trusted, keys / "stranger", stated(trusted))
    assert why(gathered(trusted)) == ["review-unknown-signer"]
    start = trusted.head()
    trusted.commit("Name myself")
    assert why(gathered(trusted, base=start, at="HEAD")) == ["review-unknown-signer"]
    assert met(gathered(trusted, at="HEAD"), trusted)


def test_without_signers_on_the_base_it_says_so(repo: Repo, keys: Path) -> None:
    repo.stage(AUTH, "x\n")
    repo.commit()
    edited(repo)
    repo.stage(SIGNERS, line(keys, "rita"))
    signed(repo, keys / "rita", stated(repo))
    found = gathered(repo)
    assert (found.trusted, why(found)) == (False, ["review-unknown-signer"])
    assert SIGNERS in found.refused[0].message


@pytest.mark.parametrize(
    ("path", "data"),
    [
        pytest.param("x.py", b"import os\n", id="code"),
        pytest.param("sub/0123456789abcdef.json", b"{}\n", id="subfolder"),
        pytest.param("0123456789abcdef.json", b"import os\n", id="code-under-a-good-name"),
        pytest.param("0123456789abcdef.json.sig", b"import os\n", id="code-for-a-signature"),
    ],
)
def test_row_50_nothing_hides_among_the_approvals(approved: Repo, path: str, data: bytes) -> None:
    repository = Repository()
    assert reviews.foreign(repository, DEFAULT.review, repository.staged()) == ()
    approved.stage(f"{FOLDER}/{path}", data)
    (finding,) = reviews.foreign(repository, DEFAULT.review, repository.staged())
    assert (finding.rule, finding.severity, finding.path) == ("review-file-foreign", "error", f"{FOLDER}/{path}")


def test_row_50_no_link_and_no_program_either(approved: Repo) -> None:
    (file,) = (approved.path / FOLDER).glob("*.json")
    file.chmod(0o755)
    (approved.path / FOLDER / f"{'0' * 16}.json").symlink_to("/etc/passwd")
    approved.git("add", "--", FOLDER)
    repository = Repository()
    found = reviews.foreign(repository, DEFAULT.review, repository.staged())
    assert len(found) == 2
    assert not met(gathered(approved), approved)


def test_row_50_a_link_in_place_of_the_folder(trusted: Repo, tmp_path: Path) -> None:
    (trusted.path / FOLDER).symlink_to(tmp_path)
    trusted.git("add", "--", FOLDER)
    repository = Repository()
    assert [finding.path for finding in reviews.foreign(repository, DEFAULT.review, repository.staged())] == [FOLDER]
    edited(trusted)
    assert not met(gathered(trusted), trusted)


@pytest.mark.parametrize(
    "changed",
    [
        {"approvals": ""},
        {"approvals": "."},
        {"approvals": "../x"},
        {"approvals": "/tmp"},
        {"allowed_signers": "a/../b"},
        {"approvals": ".sayso"},
    ],
)
def test_row_50_the_folder_is_one_below_the_top(trusted: Repo, changed: dict[str, Any]) -> None:
    policy = NAMED._replace(review=NAMED.review._replace(**changed))
    with pytest.raises(DataError, match=r"^review\."):
        gathered(trusted, policy=policy)


# ---- signers of the base


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        pytest.param("* ssh-ed25519 AAAA\n", ":1: ", id="line"),
        pytest.param("#" * 300_000, "KiB", id="huge"),
        pytest.param("rita " + "a*" * 5_000 + "\n", ":1: ", id="pattern"),
        pytest.param(b"\xff\xfe", "UTF-8", id="bytes"),
    ],
)
def test_a_hostile_list_of_signers_stops_the_run(repo: Repo, text: str | bytes, reason: str) -> None:
    repo.stage(SIGNERS, text)
    repo.stage(AUTH, "x\n")
    repo.commit()
    edited(repo)
    begun = time.process_time()
    with pytest.raises(DataError, match=re.escape(reason)) as caught:
        gathered(repo)
    assert caught.value.code == 2
    assert time.process_time() - begun < 2


def test_a_list_of_signers_that_is_a_link_is_none(repo: Repo, keys: Path, tmp_path: Path) -> None:
    (tmp_path / "signers").write_text(line(keys, "rita"))
    (repo.path / ".sayso").mkdir()
    (repo.path / SIGNERS).symlink_to(tmp_path / "signers")
    repo.stage(AUTH, "x\n")
    repo.git("add", "-A")
    repo.commit()
    edited(repo)
    with pytest.raises(DataError, match=":1: "):
        gathered(repo)


@pytest.mark.parametrize(
    ("options", "key", "expected"),
    [
        pytest.param('valid-before="20250101"', "rita", ["review-bad-signature"], id="expired"),
        pytest.param('valid-after="20990101"', "rita", ["review-bad-signature"], id="not-yet"),
        pytest.param('namespaces="git"', "rita", ["review-unknown-signer"], id="other-namespace"),
        pytest.param("", "rita", [], id="any-namespace"),
        pytest.param("cert-authority", "certified-cert.pub", [], id="certificate"),
    ],
)
def test_options_of_signers_hold(repo: Repo, keys: Path, options: str, key: str, expected: list[str]) -> None:
    repo.stage(SIGNERS, line(keys, "authority" if "cert" in options else "rita", RITA.email, options))
    repo.stage(AUTH, "x\n")
    repo.commit()
    edited(repo)
    signed(repo, keys / key, stated(repo))
    found = gathered(repo)
    assert (why(found), met(found, repo)) == (expected, not expected)
    assert all("temp" not in refused.message and "/tmp" not in refused.message for refused in found.refused)


def test_a_key_is_revoked_on_the_base(approved: Repo, keys: Path, tmp_path: Path) -> None:
    start = approved.head()
    approved.commit("Change")
    assert met(gathered(approved, base=start, at="HEAD"), approved, at="HEAD")
    keygen("-k", "-f", tmp_path / "krl", keys / "rita.pub")
    approved.git("checkout", "-q", "-b", "revoking", start)
    approved.stage(f"{SIGNERS}.revoked", (tmp_path / "krl").read_bytes())
    approved.commit("Revoke")
    found = gathered(approved, base="revoking", at="trunk")
    assert why(found) == ["review-bad-signature"]


def test_where_nobody_is_named_every_signer_may(approved: Repo) -> None:
    assert met(gathered(approved, policy=DEFAULT), approved)
    assert why(gathered(approved, policy=DEFAULT, message=SAID)) == ["review-by-stranger"]


# ---- ranges


def test_whoever_commits_an_approval_is_not_the_author_of_what_is_approved(approved: Repo) -> None:
    changes = Repository().staged()
    approval = tuple(change for change in changes if change.path.startswith(FOLDER))
    code = tuple(change for change in changes if change.path == AUTH)
    apart = NAMED._replace(review=NAMED.review._replace(separation=True))
    parts = (Part("1" * 40, "Change\n", DEV, DEV, True, code), Part("2" * 40, "Approve\n", RITA, RITA, False, approval))
    assert met(gathered(approved, policy=apart, author=RITA, committer=RITA, parts=parts), approved)
    own = (parts[0]._replace(author=RITA), parts[1])
    assert why(gathered(approved, policy=apart, author=DEV, parts=own)) == ["review-of-own-work"]
    credited = (parts[0]._replace(message="Change\n\nCo-authored-by: Rita Viewer <rita@example.org>\n"), parts[1])
    assert why(gathered(approved, policy=apart, author=DEV, parts=credited)) == ["review-of-own-work"]


# ---- what it costs


@pytest.fixture
def starts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], int]:
    """Count how often ssh-keygen is started."""
    folder = tmp_path / "counting"
    folder.mkdir()
    real = signing.executable("ssh-keygen")
    (folder / "ssh-keygen").write_text(f'#!/bin/sh\necho >> "{folder}/count"\nexec "{real}" "$@"\n')
    (folder / "ssh-keygen").chmod(0o755)
    monkeypatch.setenv("PATH", os.pathsep.join([str(folder), os.environ["PATH"]]))
    return lambda: len((folder / "count").read_text()) if (folder / "count").exists() else 0


def test_nothing_is_verified_twice_a_day(approved: Repo, starts: Callable[[], int]) -> None:
    for _ in range(2):
        assert met(gathered(approved), approved)
    assert starts() == 1
    assert met(gathered(approved, believe=False), approved)
    assert starts() == 2
    tomorrow = time.strftime("%Y-%m-%d", time.gmtime(time.time() + 86400))
    assert met(gathered(approved, day=tomorrow), approved)
    assert starts() == 3


def test_nothing_is_verified_that_is_not_asked_for(approved: Repo, starts: Callable[[], int]) -> None:
    asked = Asked("HEAD", "", {}, "Subject\n", DEV, DEV, ai=True, day="2026-11-26")
    found = reviews.gather(Repository(), NAMED, asked, TOOLS)
    assert (found.counted, found.refused, starts()) == ((), (), 0)
    gathered(approved, OTHER)
    assert starts() == 0


def test_a_remembered_answer_is_not_believed_once_it_is_damaged(approved: Repo, keys: Path) -> None:
    signed(approved, keys / "stranger", stated(approved, note="forged"))
    assert met(gathered(approved), approved)
    kept = [path for path in (approved.path / ".git/sayso/reviews").rglob("*") if path.is_file()]
    assert len(kept) == 2
    for path in kept:
        path.write_bytes(b"0" * 64 + b"\ngood")
    found = gathered(approved)
    assert met(found, approved)
    assert len(found.damaged) == 2
    assert all(path.read_bytes().startswith(b"0" * 64) is False for path in kept)


def test_an_answer_that_cannot_be_had_is_no_answer(
    approved: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "ssh-keygen").write_text("#!/bin/sh\nexit 0\n")
    (tmp_path / "ssh-keygen").chmod(0o755)
    monkeypatch.setenv("PATH", os.pathsep.join([str(tmp_path), os.environ["PATH"]]))
    with pytest.raises(SaysoError, match="could not verify"):
        gathered(approved)


def flooded(repo: Repo, number: int, statement: Callable[[int], Statement], signature: bytes) -> None:
    """Stage many approvals by one git call."""
    parts = []
    for index in range(number):
        data = approvals.encode(statement(index))
        name = f"{FOLDER}/{approvals.identifier(data)}.json"
        for path, content in ((name, data), (f"{name}.sig", signature)):
            parts.append(f"M 100644 inline {path}\ndata {len(content)}\n".encode() + content + b"\n")
    head = f"commit refs/heads/flood\ncommitter D <dev@example.org> 1 +0000\ndata 1\nx\nfrom {repo.head()}\n"
    repo.run("git", "fast-import", "--quiet", stdin=head.encode() + b"".join(parts))


def test_ten_thousand_approvals_hide_no_good_one(approved: Repo, starts: Callable[[], int]) -> None:
    """Others' are of other files; the one that names what is asked for is found."""
    base = approved.head()
    junk = next((approved.path / FOLDER).glob("*.sig")).read_bytes()
    approved.commit("Change")
    here = stated(approved)
    flooded(approved, 10_000, lambda number: here._replace(items=(Item(f"f{number}", "100644", "a" * 40),)), junk)
    begun = time.process_time()
    found = gathered(approved, base=base, at="flood")
    assert time.process_time() - begun < 5
    assert met(found, approved, at="flood")
    assert (found.refused, found.undecided, starts()) == ((), (), 1)


def test_no_more_than_a_number_is_verified(
    approved: Repo, starts: Callable[[], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(approvalrun, "_MOST_VERIFIED", 5)
    base = approved.head()
    signature = next((approved.path / FOLDER).glob("*.sig")).read_bytes()
    approved.stage("src/login.py", "x\n")
    approved.commit("Change")
    here = stated(approved)
    flooded(approved, 50, lambda number: here._replace(note=str(number)), signature)
    found = gathered(approved, base=base, at="flood")
    assert starts() <= 5
    assert found.undecided
    assert len(found.refused) + len(found.counted) + len(found.undecided) == 51


# ---- rules and examples


def test_examples_of_the_rules() -> None:
    apart = NAMED.review._replace(separation=True, signed="none")
    executed = 0
    for entry in reviews.rules().values():
        terms = apart._replace(signed="all") if entry.id == "review-unsigned" else apart
        for text, expected in [*((t, True) for t in entry.flag), *((t, False) for t in entry.passes)]:
            known = reviewers.circle(NAMED.people, terms, TOOLS, (DEV, DEV))
            trailers = parse_trailers(f"Subject\n\n{text}\n")
            refused = reviewers.trailer_reviews(trailers, known, ai=False)[1]
            assert (entry.id in [item.rule for item in refused]) is expected, text
            executed += 1
    assert executed == 8


def test_every_rule_that_is_spoken_of_exists() -> None:
    source = "".join(Path(module.__file__ or "").read_text() for module in (reviewers, reviews, approvalrun))
    spoken = set(re.findall(r'"(review-[a-z-]+)"', source))
    assert spoken == set(reviews.rules())
    table = read_table(reviews.FILE)
    assert [rule(entry).id for entry in table.tables("rule")] == list(reviews.rules())
