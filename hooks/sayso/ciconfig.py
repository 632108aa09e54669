"""Compare two versions of a workflow by one question: whether the gate still runs as before, and out of reach.

A workflow runs the gate if one of its steps starts sayso, pre-commit or prek. Skips
and commits with ``--no-verify`` are looked for line by line, in whatever language CI
is configured or scripted.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from sayso import yamldoc
from sayso.hookconfig import STAGES
from sayso.hookdiff import Difference
from sayso.model import AddedLine
from sayso.receipts import way_round

_GATE = re.compile(r"(?<![\w.-])(?:sayso|pre-commit|prek)(?![\w.])")
_TOLERANT = re.compile(r"\|\|\s{0,9}(?:true|:|exit 0)|;\s{0,9}true")
_HEAD = re.compile(r"github\.event\.pull_request\.head\.|github\.head_ref|refs/pull/")
_EVENTS = ("pull_request", "pull_request_target", "merge_group", "push")
_DEFAULT_TYPES = frozenset(("opened", "synchronize", "reopened"))
_SKIPS = re.compile(
    r"(?<![\w-])(?P<name>SKIP|PREK_SKIP|HUSKY_SKIP_HOOKS|HUSKY|LEFTHOOK|LEFTHOOK_EXCLUDE|PRE_COMMIT_ALLOW_NO_CONFIG)"
    r"""["']?[ \t]{0,20}[:=][ \t]{0,20}["']?(?P<value>[\w,. -]{1,200})"""
)
_CI = re.compile(
    r"(?:^|/)(?:\.github/(?:workflows|actions)/.{1,200}\.ya?ml|\.gitlab-ci\.ya?ml|\.gitlab/.{1,200}\.ya?ml"
    r"|\.circleci/config\.yml|azure-pipelines\.ya?ml|bitbucket-pipelines\.yml|\.travis\.yml|\.drone\.yml|Jenkinsfile"
    r"|\.buildkite/.{1,200}\.ya?ml)$"
)
_SCRIPT = re.compile(
    r"(?:^|/)(?:Makefile|[Jj]ustfile|package\.json|Taskfile\.ya?ml|tox\.ini|\.husky/[^/]{1,80})$|\.(?:ba|z)?sh$"
)
_OTHER_RUNNER = re.compile(
    r"(?:^|/)(?:\.?lefthook(?:-local)?\.(?:ya?ml|toml|json)|\.husky/.{1,200}|\.huskyrc(?:\.\w{1,5})?|\.overcommit\.yml"
    r"|\.githooks/.{1,200})$"
)
_NAMED_GATE = re.compile(r"(?i)sayso|pre-?commit|prek|(?:^|[-_.])gate(?:[-_.]|$)")
_ENDS = re.compile(r"[;|&()]")
_MOST_LINE = 2_000


class Workflow(NamedTuple):
    """What of a workflow decides whether the gate runs: its triggers, and the jobs that run it."""

    on: Mapping[str, Mapping[str, Any]]
    jobs: Mapping[str, Mapping[str, Any]]
    tolerant: bool
    head: bool


def is_workflow(path: str) -> bool:
    """Tell whether GitHub takes a path for a workflow."""
    return path.startswith(".github/workflows/") and path.endswith((".yml", ".yaml"))


def named_gate(path: str) -> bool:
    """Tell whether a workflow calls itself a gate, where its text cannot be had."""
    return _NAMED_GATE.search(path.rpartition("/")[2]) is not None


def is_other_runner(path: str) -> bool:
    """Tell whether a path configures lefthook, husky, overcommit or hooks in a folder of their own."""
    return _OTHER_RUNNER.search(path) is not None


def runs_gate(text: str) -> bool:
    """Tell whether the text of a workflow may run the gate; quick, for a first look."""
    return _GATE.search(text) is not None


def read(path: str, text: str) -> Workflow:
    """Read a workflow; raises ``DataError`` where it is no YAML. What has another form than a workflow is empty."""
    document = yamldoc.read(text, path)
    values = document if isinstance(document, dict) else {}
    on = values.get("on", values.get(True))  # YAML 1.1 takes the word for a truth value
    jobs = {str(name): job for name, job in _dict(values.get("jobs")).items() if isinstance(job, dict)}
    mine = {name: job for name, job in jobs.items() if any(map(_GATE.search, _commands(job)))}
    return Workflow(
        _triggers(on),
        mine,
        any(_is_tolerant(job) for job in mine.values()),
        any(_checks_out_head(step) for job in jobs.values() for step in _steps(job)),
    )


def compare(old: Workflow | None, new: Workflow) -> Iterator[Difference]:
    """Yield where the gate runs less than before, or in reach of whoever proposes a change.

    ``old`` is None for a new file.
    """
    if not new.jobs:
        if old and old.jobs:
            yield Difference("gate-workflow-dropped", "", "the workflow no longer runs the hooks")
        return
    was = old if old and old.jobs else Workflow({}, {}, tolerant=False, head=False)
    for event in was.on:
        if event in _EVENTS and event not in new.on:
            yield Difference("gate-workflow-narrowed", "", f"it no longer runs on {event}", "on")
    for event, settings in new.on.items():
        if event in _EVENTS:
            yield from _settings(event, was.on.get(event), settings)
    if "pull_request_target" in new.on and new.head and not (was.head and "pull_request_target" in was.on):
        said = (
            "it checks out the head on pull_request_target: the change decides what runs, with the rights of the base"
        )
        yield Difference("gate-workflow-head", "", said, "ref")
    if new.tolerant and not was.tolerant:
        said = "a failure of the hooks does not fail the workflow"
        yield Difference("gate-workflow-tolerant", "", said, "continue-on-error")
    for name, job in new.jobs.items():
        if "if" in job and name in was.jobs and job["if"] != was.jobs[name].get("if"):
            yield Difference("gate-workflow-narrowed", "", f"the job {name} runs only on a condition", "if")


def _settings(event: str, was: Mapping[str, Any] | None, now: Mapping[str, Any]) -> Iterator[Difference]:
    """Compare the filters of one event; where it is new, only a filter by path on a proposal is news."""
    for key in ("paths", "paths-ignore", "branches", "branches-ignore", "types"):
        had, has = set(_texts((was or {}).get(key))), set(_texts(now.get(key)))
        if was is None and (not key.startswith("paths") or event == "push"):
            continue
        if key == "types":
            had = had or set(_DEFAULT_TYPES)
        narrower = has - had if key.endswith("-ignore") else has and (not had or had - has)
        if narrower:
            said = f"on {event} it runs only for some changes ({key}: {', '.join(sorted(has))[:80]})"
            yield Difference("gate-workflow-narrowed", "", said, key)


def skips(path: str, lines: Iterable[AddedLine], text: str) -> Iterator[tuple[Difference, int]]:
    """Yield the added lines of CI and scripts that switch hooks off, or commit without them."""
    ci = _CI.search(path) is not None
    if not ci and not _SCRIPT.search(path):
        return
    about = runs_gate(text)
    for line in lines:
        if len(line.text) > _MOST_LINE or line.text.lstrip().startswith("#"):
            continue
        found = _SKIPS.search(line.text) if ci else None
        if found and (about or any(part.strip() in STAGES for part in found["value"].split(","))) and _skipping(found):
            said = f"{found['name']} is set: hooks do not run here ({found['value'].strip()[:60]})"
            yield Difference("gate-skip-set", "", said), line.number
        if _passes_by(line.text):
            yield Difference("gate-no-verify", "", "a script passes the hooks by"), line.number


def _passes_by(line: str) -> bool:
    """Tell whether a line has a ``git commit`` or ``git push`` that runs no hooks; ``git push -n`` is a trial."""
    for command in _ENDS.split(line) if "git" in line else ():
        words = [word.strip("\"'`,") for word in command.split()]
        if "git" not in words:
            continue
        words = words[words.index("git") + 1 :]
        if "--no-verify" in words and set(words).intersection(("commit", "push", "merge")):
            return True
        if "commit" in words and way_round([("commit", *words[words.index("commit") + 1 :])], {}):
            return True
    return False


def _skipping(found: re.Match[str]) -> bool:
    value = found["value"].strip().lower()
    if found["name"] in {"HUSKY", "LEFTHOOK"}:
        return value in {"0", "false"}
    return value not in {"0", "false", "none", ""}


def _triggers(on: Any) -> dict[str, Mapping[str, Any]]:
    if isinstance(on, dict):
        return {str(event): _dict(settings) for event, settings in on.items()}
    return {str(event): {} for event in (on if isinstance(on, list) else [on] if on else [])}


def _dict(value: Any) -> dict[Any, Any]:
    return value if isinstance(value, dict) else {}


def _steps(job: Mapping[str, Any]) -> list[dict[Any, Any]]:
    steps = job.get("steps")
    return [step for step in steps if isinstance(step, dict)] if isinstance(steps, list) else []


def _commands(job: Mapping[str, Any]) -> Iterator[str]:
    yield str(job.get("uses", ""))
    for step in _steps(job):
        yield str(step.get("run", ""))
        yield str(step.get("uses", ""))


def _is_tolerant(job: Mapping[str, Any]) -> bool:
    loose = [job.get("continue-on-error")]
    for step in _steps(job):
        lines = [line for line in str(step.get("run", "")).split("\n") if _GATE.search(line[:_MOST_LINE])]
        if lines or _GATE.search(str(step.get("uses", ""))):
            loose += [step.get("continue-on-error"), *(_TOLERANT.search(line[:_MOST_LINE]) for line in lines)]
    return any(value not in {None, False, "false"} for value in loose if not isinstance(value, (dict, list)))


def _checks_out_head(step: Mapping[str, Any]) -> bool:
    uses, settings = str(step.get("uses", "")), _dict(step.get("with"))
    named = any(_HEAD.search(str(settings.get(key, ""))) for key in ("ref", "repository"))
    run = str(step.get("run", ""))
    fetched = ("git fetch" in run or "git checkout" in run or "gh pr checkout" in run) and (
        "gh pr checkout" in run or _HEAD.search(run) is not None
    )
    return ("actions/checkout" in uses and named) or fetched


def _texts(value: Any) -> list[str]:
    return list(map(str, value)) if isinstance(value, list) else [str(value)] if value else []
