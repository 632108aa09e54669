"""Where the policy comes from, on real repositories, and ``sayso config`` that shows it."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from sayso.adapters import process
from sayso.app import policies
from sayso.app.context import Context
from sayso.app.scope import Request
from sayso.model import DataError, Outcome
from sayso.policy import DEFAULT
from sayso.policykeys import KEYS
from tools.repo import Repo

TIGHT = "[change-size]\nlines = 100\n"
PYPROJECT = "[project]\nname = 'x'\n\n[tool.sayso.change-size]\nlines = 50\n"
TEAM = "[change-size]\nlines = 200\nfiles = 10\n"
RELAX = "[[relax]]\nrule = '{}'\nreason = 'a trial'\nowner = 'Dev Eloper'\nexpires = {}\n"


def config(repo: Repo, *args: str, **environment: Any) -> dict[str, Any]:
    done = repo.sayso("config", "--format", "json", *args, **environment)
    assert done.returncode == 0, done.stderr.decode()
    document = json.loads(done.stdout)
    return {row["key"]: (row["value"], row["origin"]) for row in document["keys"]} | {"notes": document["notes"]}


def pinned(team: str, path: str) -> str:
    return f'[team]\npolicy = "{path}"\nsha256 = "{hashlib.sha256(team.encode()).hexdigest()}"\n'


def refused(repo: Repo, *args: str, **environment: Any) -> str:
    """Run config and a hook, which must both end with 2."""
    code, said = repo.output("sayso", "config", *args, **environment)
    assert code == 2, said
    hook = ("--from-ref", args[1], "--to-ref", args[3]) if args else ()
    assert repo.output("sayso", "sensitive-paths", *hook, **environment)[0] == 2
    return said


def test_without_a_file_all_is_built_in(repo: Repo) -> None:
    shown = config(repo)
    assert {origin for _, origin in (shown[key.name] for key in KEYS)} == {"built-in"}
    assert shown["duty.scan-everything"] == (["code-scan", "secret-scan"], "built-in")


def test_the_staged_file_counts_and_not_the_one_on_disk(repo: Repo) -> None:
    repo.write("sayso.toml", TIGHT)
    assert config(repo)["change-size.lines"] == (600, "built-in")
    repo.git("add", "sayso.toml")
    repo.write("sayso.toml", "nonsense")
    assert config(repo)["change-size.lines"] == (100, "repository sayso.toml:2")


def test_pyproject_will_do_and_two_policies_will_not(repo: Repo) -> None:
    repo.stage("pyproject.toml", PYPROJECT)
    assert config(repo)["change-size.lines"] == (50, "repository pyproject.toml:5")
    repo.stage("sayso.toml", "")
    said = refused(repo)
    assert "sayso.toml and [tool.sayso] in pyproject.toml are both there" in said


def test_a_pyproject_without_us_is_not_read(repo: Repo) -> None:
    repo.stage("pyproject.toml", "[nonsense\n")
    assert config(repo)["change-size.lines"] == (600, "built-in")
    repo.stage("sayso.toml", TIGHT)
    assert config(repo)["change-size.lines"][0] == 100


def test_both_files_alike(repo: Repo) -> None:
    """Git has one blob for both, and answers the same for each."""
    repo.stage("sayso.toml", "")
    repo.stage("pyproject.toml", "")
    assert config(repo)["change-size.lines"] == (600, "built-in")


def test_text_is_for_people(repo: Repo) -> None:
    repo.stage("sayso.toml", TIGHT + RELAX.format("gate.enforce", "2099-01-01"))
    lines = repo.sayso("config", "--show-origin").stdout.decode().splitlines()
    assert "repository sayso.toml:2\tchange-size.lines = 100" in lines
    assert 'built-in\tgate.enforce = "all"' in lines
    assert lines[-1] == "# sayso.toml: gate.enforce is relaxed until 2099-01-01 by Dev Eloper: a trial"
    assert "change-size.lines = 100" in repo.sayso("config").stdout.decode().splitlines()


def test_a_range_is_judged_by_the_policy_of_its_base(repo: Repo) -> None:
    repo.stage("sayso.toml", TIGHT)
    base = repo.commit()
    repo.stage("sayso.toml", TIGHT.replace("100", "9"))
    repo.commit()
    for revision in (base, "HEAD~1", "HEAD~1^{}"):
        shown = config(repo, "--from-ref", revision, "--to-ref", "HEAD")
        assert shown["change-size.lines"] == (100, "repository sayso.toml:2")
    assert config(repo, "--from-ref", "0" * 40, "--to-ref", "HEAD")["change-size.lines"][0] == 9
    assert "no such commit here: nowhere" in refused(repo, "--from-ref", "nowhere", "--to-ref", "HEAD")
    assert repo.sayso("config", "--from-ref", "HEAD").returncode == 2


def test_the_team_comes_below_the_repository(repo: Repo) -> None:
    repo.stage("policy/team.toml", TEAM)
    repo.stage("sayso.toml", TIGHT + pinned(TEAM, "policy/team.toml"))
    shown = config(repo)
    assert shown["change-size.lines"] == (100, "repository sayso.toml:2")
    assert shown["change-size.files"] == (10, "team policy/team.toml:3")
    repo.commit()
    repo.stage("policy/team.toml", TEAM.replace("10", "90"))
    repo.commit()
    shown = config(repo, "--from-ref", "HEAD~1", "--to-ref", "HEAD")
    assert shown["change-size.files"] == (10, "team policy/team.toml:3")
    said = refused(repo)
    assert hashlib.sha256(TEAM.encode()).hexdigest() in said
    assert hashlib.sha256(TEAM.replace("10", "90").encode()).hexdigest() in said


def test_what_the_team_has_settled_cannot_be_loosened_in_silence(repo: Repo) -> None:
    repo.stage("team.toml", TEAM)
    repo.stage("sayso.toml", "[change-size]\nlines = 300\n" + pinned(TEAM, "team.toml"))
    assert "300 is looser than 200 (team team.toml:2)" in refused(repo)
    repo.stage(
        "sayso.toml",
        "[change-size]\nlines = 300\n" + pinned(TEAM, "team.toml") + RELAX.format("change-size.lines", "2099-01-01"),
    )
    assert config(repo)["change-size.lines"] == (300, "repository sayso.toml:2")


def test_a_relaxation_that_has_run_out_is_said(repo: Repo) -> None:
    repo.stage("sayso.toml", "[change-size]\nlines = 900\n" + RELAX.format("change-size.lines", "2020-01-01"))
    shown = config(repo)
    assert shown["change-size.lines"] == (600, "built-in")
    assert shown["notes"] == [
        "sayso.toml: the relaxation of change-size.lines by Dev Eloper ran out on 2020-01-01: a trial"
    ]


def test_a_relaxation_of_nothing_is_said(repo: Repo) -> None:
    repo.stage("sayso.toml", RELAX.format("authentication-tests", "2099-01-01"))
    assert len(config(repo)["notes"]) == 1


@pytest.mark.parametrize("with_pin", [False, True], ids=["alone", "and-the-same-pinned"])
def test_the_environment_names_a_team_policy(repo: Repo, tmp_path: Path, with_pin: bool) -> None:
    path = tmp_path / "team.toml"
    path.write_text(TEAM)
    if with_pin:
        repo.stage("team.toml", TEAM)
        repo.stage("sayso.toml", pinned(TEAM, "team.toml"))
    shown = config(repo, SAYSO_TEAM_POLICY=str(path))
    assert shown["change-size.files"][0] == 10
    repo.stage("sayso.toml", "[change-size]\nfiles = 11\n")
    assert "11 is looser than 10" in refused(repo, SAYSO_TEAM_POLICY=str(path))


def test_a_pinned_file_on_disk(repo: Repo, tmp_path: Path) -> None:
    path = tmp_path / "team.toml"
    path.write_text(TEAM)
    repo.stage("sayso.toml", pinned(TEAM, str(path)))
    assert config(repo)["change-size.files"] == (10, f"team {path}:3")
    home = Path(repo.environment["HOME"]) / "team.toml"
    home.write_text(TEAM)
    repo.stage("sayso.toml", pinned(TEAM, "~/team.toml"))
    assert config(repo)["change-size.files"] == (10, "team ~/team.toml:3")


@pytest.mark.parametrize(
    ("prepare", "said"),
    [
        pytest.param(str, "cannot be read: No such file", id="missing"),
        pytest.param(lambda path: path.symlink_to("/etc/hostname"), "cannot be read: Too many levels", id="link"),
        pytest.param(os.mkfifo, "cannot be read: not a regular file", id="pipe"),
        pytest.param(lambda path: path.mkdir(), "cannot be read", id="folder"),
        pytest.param(lambda path: path.write_bytes(b"#" * 300_000), "has more than 262144 bytes", id="large"),
        pytest.param(lambda path: path.write_bytes(b"x = '\xff'\n"), "not UTF-8", id="bytes"),
        pytest.param(
            lambda path: path.write_text(pinned("", "other.toml")), "a team's policy names no further one", id="chain"
        ),
    ],
)
def test_a_team_policy_from_outside_that_cannot_be_used(repo: Repo, tmp_path: Path, prepare: Any, said: str) -> None:
    path = tmp_path / "team.toml"
    prepare(path)
    assert said in refused(repo, SAYSO_TEAM_POLICY=str(path))


def test_the_environment_cannot_name_a_file_of_the_repository_by_accident(repo: Repo) -> None:
    assert "must be an absolute path" in refused(repo, SAYSO_TEAM_POLICY="team.toml")


@pytest.mark.parametrize(
    ("name", "target"),
    [
        ("sayso.toml", "other.toml"),
        ("sayso.toml", "#"),
        ("team.toml", "other.toml"),
        ("pyproject.toml", "tool.sayso=#"),
    ],
)
def test_no_link_is_followed(repo: Repo, name: str, target: str) -> None:
    repo.stage("other.toml", TEAM)
    if name == "team.toml":
        repo.stage("sayso.toml", pinned(TEAM, name))
    (repo.path / name).symlink_to(target)
    repo.git("add", "-f", name)
    said = refused(repo)
    assert "is a symbolic link" in said or "not valid TOML" in said


@pytest.mark.parametrize(
    ("data", "said"),
    [
        pytest.param(b"\xff\xfe[\x00", "not UTF-8", id="utf-16"),
        pytest.param(b"# caf\xe9\n", "sayso.toml: not UTF-8", id="latin-1"),
        pytest.param(b"#" * 300_000, "sayso.toml: has more than 262144 bytes", id="large"),
        pytest.param(b"\0\n", "not valid TOML", id="nul"),
        pytest.param(b"[[duty]]\n" * 20_000, "sayso.toml:1: duty: more than 500 entries", id="entries"),
        pytest.param(b"x = '\x1b[2J'\n", "not valid TOML", id="escape"),
    ],
)
def test_a_hostile_policy(repo: Repo, data: bytes, said: str) -> None:
    repo.stage("sayso.toml", data)
    shown = refused(repo)
    assert said in shown
    assert "\x1b" not in shown


def test_a_folder_in_place_of_the_file(repo: Repo) -> None:
    repo.stage("sayso.toml/x", "x")
    assert config(repo)["change-size.lines"] == (600, "built-in")
    repo.commit()
    refused(repo, "--from-ref", "HEAD", "--to-ref", "HEAD")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        pytest.param("#" * (2 << 20) + "\n", "pyproject.toml: has more than 2097152 bytes", id="large"),
        pytest.param("[tool.sayso]\nx = 1\n", "pyproject.toml:2: tool.sayso.x: unknown key", id="key"),
        pytest.param("tool = 'sayso'\n", "pyproject.toml:1: tool: expected table", id="no-table"),
    ],
)
def test_a_hostile_pyproject(repo: Repo, data: str, said: str) -> None:
    repo.stage("pyproject.toml", data)
    assert said in refused(repo)


def test_a_pyproject_that_only_names_us(repo: Repo) -> None:
    repo.stage("pyproject.toml", "[dependency-groups]\ndev = ['sayso']\n[nonsense\n")
    assert config(repo)["change-size.lines"] == (600, "built-in")


def test_a_team_policy_in_the_repository_that_cannot_be_used(repo: Repo) -> None:
    repo.stage("sayso.toml", pinned("#" * 300_000, "team.toml"))
    repo.stage("team.toml", "#" * 300_000)
    assert "team.toml: has more than 262144 bytes" in refused(repo)


def test_a_team_policy_whose_content_is_not_here(repo: Repo) -> None:
    repo.stage("team.toml", TEAM)
    repo.stage("sayso.toml", pinned(TEAM, "team.toml"))
    blob = repo.git("rev-parse", ":team.toml")
    (repo.path / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    code, said = repo.output("sayso", "config")
    assert (code, "git does not have the content of team.toml here" in said) == (3, True), said


@pytest.mark.parametrize("settings", ["", "[extensions]\n\tpartialClone = origin\n"], ids=["none", "partial"])
def test_settings_of_git_say_whether_missing_may_mean_not_here(repo: Repo, settings: str) -> None:
    path = repo.path / ".git" / "config"
    before = path.read_text()
    path.write_text(before.replace("repositoryformatversion = 0", "repositoryformatversion = 1") + settings)
    assert config(repo)["change-size.lines"] == (600, "built-in")
    if not settings:
        path.unlink()
        assert config(repo)["change-size.lines"] == (600, "built-in")


def test_every_kind_of_entry_is_shown(repo: Repo) -> None:
    accept = "[[accept]]\nadvisory = 'CVE-1999-0001'\nreason = 'no'\nowner = 'Dev Eloper'\nexpires = 2099-01-01\n"
    tests = "[[test-map]]\nsource = 'src/**'\ntests = ['tests/**']\n"
    person = "[[person]]\nname = 'Rita Viewer'\nemails = ['rita@example.org']\n"
    repo.stage("sayso.toml", accept + tests + person)
    shown = config(repo)
    assert shown["accept.CVE-1999-0001"] == ("until 2099-01-01 by Dev Eloper: no", "repository sayso.toml:1")
    assert shown["test-map.src/**"] == (["tests/**"], "repository sayso.toml:6")
    assert shown["person.Rita Viewer"] == (["rita@example.org", "review"], "repository sayso.toml:9")


def test_a_team_policy_that_is_not_there(repo: Repo) -> None:
    repo.stage("sayso.toml", pinned(TEAM, "team.toml"))
    assert "the team's policy team.toml is not staged" in refused(repo)


def test_content_that_a_partial_clone_lacks_is_not_the_same_as_no_policy(repo: Repo, tmp_path: Path) -> None:
    repo.stage("sayso.toml", TIGHT)
    repo.commit()
    repo.stage("sayso.toml", TIGHT.replace("100", "90"))
    repo.commit()
    repo.git("config", "uploadpack.allowFilter", "true")
    clone = Repo(tmp_path / "clone", repo.environment)
    repo.git("clone", "--quiet", "--filter=blob:none", f"file://{repo.path}", str(clone.path))
    code, said = clone.output("sayso", "config", "--from-ref", "HEAD~1", "--to-ref", "HEAD")
    assert (code, "could not decide" in said) == (3, True), said


def test_a_repository_without_a_policy_pays_one_git_call(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    repo.stage("pyproject.toml", "[project]\nname = 'x'\n")
    calls: list[str] = []
    context = Context(Request())
    real = process.run

    def counted(argv: Sequence[str], **options: Any) -> process.Completed:
        calls.append(" ".join(argv[1:]))
        return real(argv, **options)

    monkeypatch.setattr(process, "run", counted)
    assert context.policy == DEFAULT
    assert [call.split(" ")[-2:] for call in calls] == [["cat-file", "--batch"]]


def changes(request: Request | None = None) -> list[str]:
    """What is found in the change of the repository that is the current directory."""
    result = policies.changes(Context(request or Request()))
    return [] if result is None else [f"{finding.rule} {finding.path}" for finding in result.findings]


def test_a_change_to_the_policy_is_held_against_the_one_that_stood(repo: Repo) -> None:
    repo.stage("sayso.toml", TIGHT)
    assert changes() == []
    repo.commit()
    assert policies.changes(Context(Request())) is None
    repo.stage("sayso.toml", "[change-size]\nlines = 500\n")
    assert changes() == ["policy-loosened sayso.toml"]
    repo.git("rm", "-q", "--cached", "sayso.toml")
    assert changes() == ["policy-loosened sayso.toml"]
    repo.stage("sayso.toml", "[change-size]\nlines = 50\n")
    result = policies.changes(Context(Request()))
    assert (result and result.outcome) is Outcome.CLEAR


def test_a_policy_that_moves_is_the_same_policy(repo: Repo) -> None:
    repo.stage("sayso.toml", TIGHT)
    repo.commit()
    repo.git("rm", "-q", "sayso.toml")
    repo.stage("pyproject.toml", PYPROJECT.replace("50", "100"))
    assert changes() == []
    repo.stage("pyproject.toml", PYPROJECT.replace("50", "300"))
    assert changes() == ["policy-loosened pyproject.toml"]


def test_another_team_policy_is_a_change_of_policy(repo: Repo) -> None:
    repo.stage("team.toml", TEAM)
    repo.stage("sayso.toml", pinned(TEAM, "team.toml"))
    repo.commit()
    looser = TEAM.replace("10", "20")
    repo.stage("team.toml", looser)
    repo.stage("sayso.toml", pinned(looser, "team.toml"))
    assert changes() == ["policy-loosened sayso.toml", "policy-team-changed sayso.toml"]


def test_a_range_is_held_against_its_base(repo: Repo) -> None:
    repo.stage("sayso.toml", TIGHT)
    base = repo.commit()
    repo.stage("sayso.toml", "")
    end = repo.commit()
    assert changes(Request((), base, end)) == ["policy-loosened sayso.toml"]
    assert changes(Request((), "0" * 40, end)) == []


def test_signers_and_other_files(repo: Repo) -> None:
    repo.stage("sayso.toml", TIGHT)
    repo.commit()
    repo.stage("a.py", "x = 1\n")
    assert policies.changes(Context(Request())) is None
    repo.stage(".sayso/allowed_signers", "x\n")
    assert changes() == ["policy-signers-changed .sayso/allowed_signers"]


def test_a_policy_that_stood_and_cannot_be_used_can_be_repaired(repo: Repo) -> None:
    repo.stage("sayso.toml", "[nonsense]\n")
    repo.commit()
    repo.stage("sayso.toml", TIGHT)
    result = policies.changes(Context(Request()))
    assert result
    assert result.notes[0].startswith("the policy that stood cannot be used")
    with pytest.raises(DataError):
        policies.load(Context(Request()).repo, "HEAD")
