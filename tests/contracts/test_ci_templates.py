"""The CI templates: valid by the real tools, tight by our own rules, and their scripts played on real repositories."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

import specimens
from specimens import ROOT
from tools.repo import Repo

GITHUB = ROOT / "ci" / "github" / "sayso.yml"
GITLAB = ROOT / "ci" / "gitlab" / "sayso.gitlab-ci.yml"
LOCK = ROOT / "ci" / "requirements.txt"
TOOLS = Path(sys.executable).parent

PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
WORKFLOW: dict[Any, Any] = yaml.safe_load(GITHUB.read_text())
ON: dict[str, Any] = WORKFLOW[True]  # YAML 1.1 reads "on" as true
JOB: dict[str, Any] = WORKFLOW["jobs"]["sayso"]
STEPS: dict[str, dict[str, Any]] = {step["name"]: step for step in JOB["steps"]}
RUNS = {name: step["run"] for name, step in STEPS.items() if "run" in step}
FETCH, RANGE, INSTALL, VERIFY, TRAIL = STEPS

PIPELINE: dict[str, Any] = yaml.safe_load(GITLAB.read_text())["sayso"]
GITLAB_RANGE, GITLAB_INSTALL, GITLAB_VERIFY, GITLAB_TRAIL = PIPELINE["script"]

ZERO = "0" * 40
ONE = "1" * 40


def tool(*argv: str) -> tuple[int, str]:
    done = subprocess.run([TOOLS / argv[0], *argv[1:]], capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize(
    "argv",
    [
        pytest.param(("--builtin-schema", "vendor.github-workflows", str(GITHUB)), id="github"),
        pytest.param(
            ("--builtin-schema", "vendor.gitlab-ci", "--data-transform", "gitlab-ci", str(GITLAB)), id="gitlab"
        ),
    ],
)
def test_the_schema_of_the_service_accepts_it(argv: tuple[str, ...]) -> None:
    code, said = tool("check-jsonschema", *argv)
    assert code == 0, said


def test_the_linter_of_workflows_finds_nothing() -> None:
    code, said = tool("zizmor", "--offline", "--no-config", "--persona=pedantic", "--format=json", str(GITHUB))
    assert code == 0, said
    assert json.loads(said[said.index("[") : said.rindex("]") + 1]) == []


def test_the_linter_of_workflows_would_find_something(tmp_path: Path) -> None:
    bad = tmp_path / "bad.yml"
    bad.write_text(GITHUB.read_text().replace("pull_request:", "pull_request_target:"))
    assert tool("zizmor", "--offline", "--no-config", str(bad))[0] != 0


# What a workflow may be and do.


def test_no_event_is_filtered_and_none_runs_foreign_code_with_secrets() -> None:
    assert set(ON) == {"pull_request", "merge_group", "push"}
    assert set(ON["pull_request"]) == {"types"}
    assert set(ON["pull_request"]["types"]) == {"opened", "reopened", "synchronize", "edited"}
    assert set(ON["push"]) == {"branches"}
    assert set(ON["merge_group"]) == {"types"}


def test_nothing_but_reading_is_permitted() -> None:
    assert WORKFLOW["permissions"] == {"contents": "read"}
    assert "permissions" not in JOB


def test_a_check_is_never_skipped_and_never_endless() -> None:
    assert "if" not in JOB
    assert not [name for name, step in STEPS.items() if "if" in step or "continue-on-error" in step]
    assert JOB["timeout-minutes"] <= 30


def test_a_queued_or_pushed_commit_has_a_concurrency_group_of_its_own() -> None:
    assert WORKFLOW["concurrency"]["group"].endswith("${{ github.event.pull_request.number || github.sha }}")


def test_actions_are_pinned_and_keep_no_credentials() -> None:
    used = [step["uses"] for step in STEPS.values() if "uses" in step]
    assert used == ["actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1"]
    assert STEPS[FETCH]["with"] == {"fetch-depth": 0, "persist-credentials": False}


@pytest.mark.parametrize("name", RUNS)
def test_a_script_takes_what_others_wrote_from_variables_only(name: str) -> None:
    assert "${{" not in RUNS[name]
    assert RUNS[name].startswith("set -euo pipefail\n")


@pytest.mark.parametrize("path", [GITHUB, GITLAB], ids=["github", "gitlab"])
def test_there_are_no_secrets_and_no_caches(path: Path) -> None:
    text = path.read_text()
    for word in ("${{ secrets", "actions/cache", "pull_request_target", "workflow_run", "id-token", "${{ toJSON"):
        assert word not in text
    assert text.count("--no-cache-dir") == text.count("pip install")
    assert text.count("--require-hashes") == 1


def test_the_pipeline_is_never_left_out() -> None:
    assert PIPELINE["allow_failure"] is False
    assert PIPELINE["cache"] == []
    assert PIPELINE["inherit"] == {"default": False, "variables": False}
    assert all(set(rule) == {"if"} for rule in PIPELINE["rules"])
    assert re.fullmatch(r"[a-z0-9.:-]+@sha256:[0-9a-f]{64}", PIPELINE["image"])


@pytest.mark.parametrize("script", [*RUNS.values(), "\n".join(PIPELINE["script"])], ids=[*RUNS, "gitlab"])
def test_scripts_parse(script: str) -> None:
    done = subprocess.run(["bash", "-n"], input=script, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_lock_has_the_versions_of_the_project_and_a_hash_for_everything() -> None:
    blocks = re.split(r"\n(?=\S)", LOCK.read_text().strip())
    names = [block.partition("==")[0] for block in blocks]
    assert names == sorted(names)
    pinned = {block.split()[0] for block in blocks}
    assert set(PROJECT["optional-dependencies"]["scanners"]) <= pinned
    assert {"hatchling", "pyyaml", "tomli"} <= set(names)
    assert [block for block in blocks if not re.search(r"--hash=sha256:[0-9a-f]{64}$", block)] == []
    assert "://" not in LOCK.read_text()


# The scripts, played on real repositories.


class Runner:
    """A clone as the services make it, with sayso installed where the scripts expect it."""

    def __init__(self, repo: Repo, path: Path) -> None:
        self.temporary = path / "temporary"
        self.temporary.mkdir()
        (self.temporary / "sayso").symlink_to(sys.prefix)
        self.checkout = path / "checkout"
        repo.git("clone", "--quiet", "--no-local", str(repo.path), str(self.checkout))
        self.output = path / "output"
        self.summary = path / "summary"
        self.environment = {
            **repo.environment,
            "RUNNER_TEMP": str(self.temporary),
            "GITHUB_OUTPUT": str(self.output),
            "GITHUB_STEP_SUMMARY": str(self.summary),
        }

    def bash(self, script: str, **environment: str) -> tuple[int, str]:
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script],
            cwd=self.checkout,
            env={**self.environment, **environment},
            capture_output=True,
            text=True,
            check=False,
        )
        return done.returncode, done.stdout + done.stderr

    def step(self, name: str, **environment: str) -> tuple[int, str]:
        """Run a step of the workflow; variables that are not given are empty, as with GitHub."""
        return self.bash(RUNS[name], **(dict.fromkeys(STEPS[name].get("env", {}), "") | environment))

    def outputs(self) -> dict[str, str]:
        return dict(line.split("=", 1) for line in self.output.read_text().splitlines())

    def gitlab(self, *entries: str, **variables: str) -> tuple[int, str]:
        """Run entries of the pipeline in one shell, as GitLab does, in place of the installed sayso with ours."""
        ours = f'sayso() {{ "{TOOLS}/python" -I "{TOOLS}/sayso" "$@"; }}\n'
        given = {"CI_PROJECT_DIR": str(self.checkout), "CI_DEFAULT_BRANCH": "trunk"}
        return self.bash(ours + "\n".join(entries), **given, **variables)


@pytest.fixture
def history(repo: Repo) -> dict[str, str]:
    """A trunk that has moved on since a branch left it, and what a queue makes of both."""
    repo.stage("a.txt", "one\n")
    left = repo.commit("Start")
    repo.git("checkout", "--quiet", "-b", "topic")
    repo.stage("b.txt", "two\n")
    topic = repo.commit("Add b")
    repo.git("checkout", "--quiet", "trunk")
    repo.stage("c.txt", "three\n")
    trunk = repo.commit("Add c")
    repo.git("checkout", "--quiet", "-b", "queue")
    repo.git("merge", "--quiet", "--no-ff", "--no-verify", "-m", "Merge", "topic")
    queue = repo.head()
    repo.git("checkout", "--quiet", "trunk")
    return {"left": left, "topic": topic, "trunk": trunk, "queue": queue}


@pytest.fixture
def runner(repo: Repo, history: dict[str, str], tmp_path: Path) -> Runner:
    assert history
    return Runner(repo, tmp_path)


def _pull(at: dict[str, str]) -> dict[str, str]:
    return {"EVENT": "pull_request", "BASE_BRANCH": "trunk", "PULL_HEAD": at["topic"]}


def _queue(at: dict[str, str]) -> dict[str, str]:
    return {"EVENT": "merge_group", "QUEUE_BASE": at["trunk"], "QUEUE_HEAD": at["queue"]}


def _push(at: dict[str, str]) -> dict[str, str]:
    return {"EVENT": "push", "PUSH_BEFORE": at["left"], "PUSH_AFTER": at["trunk"]}


@pytest.mark.parametrize(
    ("event", "base", "head"),
    [
        pytest.param(_pull, "trunk", "topic", id="pull-request-by-the-branch-as-it-is-now"),
        pytest.param(_queue, "trunk", "queue", id="merge-queue"),
        pytest.param(_push, "left", "trunk", id="push"),
    ],
)
def test_the_range(
    runner: Runner, history: dict[str, str], event: Callable[[dict[str, str]], dict[str, str]], base: str, head: str
) -> None:
    assert runner.step(RANGE, **event(history)) == (0, "")
    assert runner.outputs() == {"base": history[base], "head": history[head]}


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        pytest.param({"EVENT": "schedule"}, 2, id="another-event"),
        pytest.param({"BASE_BRANCH": "gone"}, 3, id="no-such-base"),
        pytest.param({"BASE_BRANCH": "x; exit 0"}, 3, id="base-with-words-of-a-shell"),
        pytest.param({"BASE_BRANCH": ""}, 3, id="no-base"),
        pytest.param({"PULL_HEAD": ""}, 3, id="no-head"),
        pytest.param({"PULL_HEAD": "topic"}, 3, id="name-for-an-id"),
        pytest.param({"PULL_HEAD": f"{ONE}\nbase={ZERO}"}, 3, id="second-line"),
        pytest.param({"PULL_HEAD": ONE}, 3, id="not-fetched"),
        pytest.param({"EVENT": "push", "PUSH_BEFORE": ZERO}, 3, id="new-branch"),
        pytest.param({"EVENT": "push", "PUSH_BEFORE": ONE}, 3, id="forced-push"),
    ],
)
def test_no_range_is_no_pass(runner: Runner, history: dict[str, str], changed: dict[str, str], code: int) -> None:
    given = {**_pull(history), "PUSH_AFTER": history["trunk"]} | changed
    ended, said = runner.step(RANGE, **given)
    assert (ended, runner.output.exists()) == (code, False)
    assert "::error title=sayso::" in said


@pytest.mark.parametrize("revision", [ZERO, "", "main", "v1.0.0", "1" * 39, f"{ONE} x"])
def test_nothing_is_installed_that_no_commit_id_pins(runner: Runner, revision: str) -> None:
    code, said = runner.step(INSTALL, SAYSO_REV=revision, SAYSO_URL="file:///nowhere")
    assert code == 2
    assert "SAYSO_REV" in said
    assert not (runner.temporary / "sayso-source").exists()
    code, said = runner.gitlab(GITLAB_RANGE + GITLAB_INSTALL, **_train(runner), SAYSO_REV=revision, SAYSO_URL="x")
    assert code == 2
    assert "SAYSO_REV" in said


def test_another_commit_than_the_pinned_one_is_not_installed(runner: Runner, repo: Repo) -> None:
    code, _ = runner.step(INSTALL, SAYSO_REV=ONE, SAYSO_URL=f"file://{repo.path}")
    assert code not in {0, 2}


@pytest.mark.e2e
@pytest.mark.network
def test_what_is_installed_is_the_pinned_commit_and_runs(runner: Runner, repo: Repo) -> None:
    (runner.temporary / "sayso").unlink()
    revision = repo.git("-C", str(ROOT), "rev-parse", "HEAD")
    code, said = runner.step(INSTALL, SAYSO_REV=revision, SAYSO_URL=f"file://{ROOT}")
    assert code == 0, said
    code, said = runner.bash('"$RUNNER_TEMP/sayso/bin/python" -I "$RUNNER_TEMP/sayso/bin/sayso" --version')
    assert (code, said.startswith("sayso ")) == (0, True)


# In the place of sayso: it says how it was called, prints what a runner would obey, and ends as it is told to.
STAND_IN = """\
#!/usr/bin/env bash
shift 3
printf '%s\\0' "$@" >> "$RUNNER_TEMP/called"
printf '\\n' >> "$RUNNER_TEMP/called"
[[ "$*" == *"--format github"* ]] && { echo "::error title=x::ours"; echo "##[add-mask]theirs" >&2; exit "$END"; }
echo "::set-output name=a::theirs of $3"
exit 1
"""


CLAIM = "This code is 100% secure"
NASTY = "\"; exit 0; $(exit 0) `exit 0` \\ 'x' %s\n::error::y"


@pytest.mark.e2e
@pytest.mark.parametrize(
    ("title", "body", "code"),
    [
        pytest.param("Add b", "Words about b.", 0, id="plain"),
        pytest.param("", "", 0, id="no-pull-request"),
        pytest.param(CLAIM, "", 1, id="claim-in-the-title"),
        pytest.param(NASTY, f"{NASTY}\n\n{CLAIM}.\n\n::stop-commands::x\n", 1, id="claim-among-commands"),
    ],
)
def test_a_pull_request_is_judged(runner: Runner, history: dict[str, str], title: str, body: str, code: int) -> None:
    assert runner.step(RANGE, **_pull(history)) == (0, "")
    found = runner.outputs()
    ended, said = runner.step(VERIFY, BASE=found["base"], HEAD=found["head"], TITLE=title, BODY=body)
    assert ended == code, said
    lines = said.splitlines()
    stopped = next(number for number, line in enumerate(lines) if line.startswith("::stop-commands::"))
    assert all(re.match("::(error|warning|notice) ", line) for line in lines[:stopped])
    assert any(line.startswith("::error ") for line in lines[:stopped]) == (code == 1)
    assert not any(line.lstrip().startswith("::") or "##[" in line for line in lines[stopped + 1 : -1])
    assert lines[-1] == f"::{lines[stopped].removeprefix('::stop-commands::')}::"
    assert runner.summary.read_text().startswith("## ")


@pytest.mark.e2e
def test_what_was_added_and_removed_again_is_found_with_commands_in_its_name(repo: Repo, tmp_path: Path) -> None:
    repo.stage("a.txt", "one\n")
    base = repo.commit("Start")
    repo.git("checkout", "--quiet", "-b", "topic")
    name = "b\n::set-output name=a::b,line=1::##[add-mask].py"
    repo.stage(name, f'key = "{specimens.aws_key()}"\n')
    repo.commit("Add\n\n::error::x")
    repo.git("rm", "--quiet", "--", name)
    head = repo.commit("Remove")
    repo.git("checkout", "--quiet", "trunk")
    code, said = Runner(repo, tmp_path).step(VERIFY, BASE=base, HEAD=head)
    assert code == 1, said
    errors = [line for line in said.splitlines() if line.startswith("::error ")]
    assert any(f"title={specimens.AWS_RULE}::" in line for line in errors), said
    before, _, after = said.partition("::stop-commands::")
    assert "##[" not in before
    assert not [line for line in said.splitlines() if line.lstrip().startswith("::set-output")]
    assert specimens.aws_key() not in before + after


@pytest.mark.e2e
@pytest.mark.parametrize(("title", "code"), [("Add b", 0), (CLAIM, 1)])
def test_a_merge_request_is_judged(runner: Runner, title: str, code: int) -> None:
    variables = {**_train(runner), "CI_MERGE_REQUEST_TITLE": title, "CI_MERGE_REQUEST_DESCRIPTION": "Why."}
    ended, said = runner.gitlab(GITLAB_RANGE, GITLAB_VERIFY, GITLAB_TRAIL, **variables)
    assert ended == code, said
    assert ("audit trail of " in said) == (code == 0)


@pytest.fixture
def stand_in(runner: Runner) -> Runner:
    (runner.temporary / "sayso").unlink()
    folder = runner.temporary / "sayso" / "bin"
    folder.mkdir(parents=True)
    (folder / "python").write_text(STAND_IN)
    (folder / "python").chmod(0o755)
    return runner


def called(runner: Runner) -> list[list[str]]:
    return [line.rstrip("\0").split("\0") for line in (runner.temporary / "called").read_text().splitlines()]


@pytest.mark.parametrize("code", [0, 1, 2, 3])
def test_the_verdict_is_the_end_of_the_step(stand_in: Runner, code: int) -> None:
    assert stand_in.step(VERIFY, BASE=ZERO, HEAD=ONE, END=str(code))[0] == code
    assert called(stand_in) == [
        ["--format", "github", f"{ZERO}..{ONE}"],
        ["--ledger", "--format", "text", f"{ZERO}..{ONE}"],
        ["--ledger", "--format", "markdown", f"{ZERO}..{ONE}"],
    ]


def test_what_others_wrote_is_printed_where_no_command_is_obeyed(stand_in: Runner) -> None:
    _, said = stand_in.step(VERIFY, BASE=ZERO, HEAD=ONE, END="1")
    first, stop, error, text, gap, go = said.splitlines()
    token = stop.removeprefix("::stop-commands::")
    assert re.fullmatch("[0-9a-f]{64}", token)
    assert first == "::error title=x::ours"
    assert error == "##[add-mask]theirs"
    assert text == "::set-output name=a::theirs of text"
    assert (gap, go) == ("", f"::{token}::")
    assert stand_in.summary.read_text() == "::set-output name=a::theirs of markdown\n"


@pytest.mark.parametrize(("title", "body"), [("Add b", ""), ("Add b", "Why.\r\n\nMore"), (NASTY, NASTY), ("-n", "-e")])
def test_title_and_text_are_handed_on_as_they_are(stand_in: Runner, title: str, body: str) -> None:
    path = stand_in.temporary / "pull-request-message"
    assert stand_in.step(VERIFY, BASE=ZERO, HEAD=ONE, END="1", TITLE=title, BODY=body)[0] == 1
    assert path.read_bytes().decode() == f"{title}\n\n{body}\n"
    assert all(call[-3:] == ["--message-file", str(path), f"{ZERO}..{ONE}"] for call in called(stand_in))


def test_the_digest_of_the_trail_is_kept_in_the_summary(runner: Runner, history: dict[str, str]) -> None:
    code, said = runner.step(TRAIL, BASE=history["trunk"], HEAD=history["topic"])
    assert (code, said) == (0, "1 recorded, 1 in the trail\n")
    assert re.fullmatch(r"Audit trail of `\w{40}\.\.\w{40}`: `[0-9a-f]{64}`\n", runner.summary.read_text())


def _train(runner: Runner) -> dict[str, str]:
    """The variables of a merge train, in which the commit is the merge."""
    named = {
        name: subprocess.run(
            ["git", "-C", runner.checkout, "rev-parse", f"origin/{name}"], capture_output=True, text=True, check=True
        ).stdout.strip()
        for name in ("trunk", "queue")
    }
    return {
        "CI_PIPELINE_SOURCE": "merge_request_event",
        "CI_COMMIT_SHA": named["queue"],
        "CI_MERGE_REQUEST_TARGET_BRANCH_SHA": named["trunk"],
        "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "trunk",
    }


SHOW = 'echo "$base $head"'


@pytest.mark.parametrize(
    ("changed", "base", "head"),
    [
        pytest.param({}, "trunk", "queue", id="train"),
        pytest.param(
            {"CI_MERGE_REQUEST_TARGET_BRANCH_SHA": "", "CI_COMMIT_SHA": "topic"}, "trunk", "topic", id="merge"
        ),
        pytest.param(
            {"CI_PIPELINE_SOURCE": "push", "CI_COMMIT_BEFORE_SHA": "left", "CI_COMMIT_SHA": "trunk"},
            "left",
            "trunk",
            id="push",
        ),
    ],
)
def test_the_range_of_a_pipeline(
    runner: Runner, history: dict[str, str], changed: dict[str, str], base: str, head: str
) -> None:
    given = _train(runner) | {key: history.get(value, value) for key, value in changed.items()}
    assert runner.gitlab(GITLAB_RANGE, SHOW, **given) == (0, f"{history[base]} {history[head]}\n")


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        pytest.param({"CI_PIPELINE_SOURCE": "schedule"}, 2, id="another-pipeline"),
        pytest.param({"CI_PIPELINE_SOURCE": "push", "CI_COMMIT_BEFORE_SHA": ZERO}, 3, id="new-branch"),
        pytest.param({"CI_PIPELINE_SOURCE": "push", "CI_COMMIT_BEFORE_SHA": ONE}, 3, id="forced-push"),
        pytest.param({"CI_MERGE_REQUEST_TARGET_BRANCH_SHA": "$(exit 0)"}, 3, id="words-of-a-shell"),
    ],
)
def test_no_range_of_a_pipeline_is_no_pass(runner: Runner, changed: dict[str, str], code: int) -> None:
    assert runner.gitlab(GITLAB_RANGE, SHOW, **(_train(runner) | changed))[0] == code


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        pytest.param({}, "verify BASE..HEAD", id="no-merge-request"),
        pytest.param({"CI_MERGE_REQUEST_TITLE": NASTY}, "verify --message-file FILE BASE..HEAD", id="merge-request"),
    ],
)
def test_title_and_description_are_handed_on(runner: Runner, variables: dict[str, str], said: str) -> None:
    given = {**_train(runner), **variables, "CI_MERGE_REQUEST_DESCRIPTION": "Why."}
    show = 'sayso() { [[ $# == 2 ]] || cat "$3"; echo "$@"; }'
    code, shown = runner.gitlab(GITLAB_RANGE, show, GITLAB_VERIFY, **given)
    assert code == 0
    base, head = given["CI_MERGE_REQUEST_TARGET_BRANCH_SHA"], given["CI_COMMIT_SHA"]
    plain = re.sub(r"/\S+/message ", "FILE ", shown.replace(base, "BASE").replace(head, "HEAD"))
    assert plain == (f"{NASTY}\n\nWhy.\n" if variables else "") + f"{said}\n"


@pytest.mark.parametrize("code", [1, 2, 3])
def test_the_verdict_is_the_end_of_the_job(runner: Runner, code: int) -> None:
    end = f"sayso() {{ return {code}; }}"
    assert runner.gitlab(GITLAB_RANGE, end, GITLAB_VERIFY, GITLAB_TRAIL, **_train(runner)) == (code, "")


def test_a_description_that_was_cut_off_is_not_judged_by_its_beginning(runner: Runner) -> None:
    cut = {"CI_MERGE_REQUEST_TITLE": "Add b", "CI_MERGE_REQUEST_DESCRIPTION_IS_TRUNCATED": "true"}
    code, said = runner.gitlab(GITLAB_RANGE, GITLAB_VERIFY, **_train(runner), **cut)
    assert code == 3
    assert "shorten it" in said


def test_the_digest_of_the_trail_is_in_the_log_of_the_job(runner: Runner) -> None:
    code, said = runner.gitlab(GITLAB_RANGE, GITLAB_TRAIL, **_train(runner))
    assert code == 0, said
    assert re.search(r"^audit trail of \w{40}\.\.\w{40}: [0-9a-f]{64}$", said, re.MULTILINE)
