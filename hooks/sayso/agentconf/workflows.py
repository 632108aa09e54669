"""Compare the old and the new text of a GitHub workflow: which rights its token gains, and who can start it.

A right is told apart by the job that has it, so that a new job with a right that
another job has counts; a job that was only renamed does not. A workflow that
never said anything about ``permissions`` is left alone, one that no longer does is not.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any, NamedTuple

from sayso.agentconf.documents import key_name, scalar

TOP = "every job"
_STRANGERS = {
    "pull_request_target": "runs with the secrets and the token of the repository on a pull request of anybody",
    "issue_comment": "runs with the secrets and the token of the repository on a comment of anybody",
    "workflow_run": "runs with the secrets and the token of the repository after a run that a pull request started",
}
_HEAD = ("github.event.pull_request.head", "github.head_ref", "refs/pull/")


class Grant(NamedTuple):
    """Something that a workflow newly may: the rule, the words, and what to look for in the text."""

    rule: str
    message: str
    hint: str


def widened(old: Any, new: Any) -> Iterator[Grant]:
    """Yield the rights and triggers of ``new`` that ``old`` has not."""
    before, after = _rights(old), _rights(new)
    had, has = (Counter(right for _, right in rights) for rights in (before, after))
    gained: dict[str, list[str]] = {}
    for place, right in sorted(after - before):
        if has[right] > had[right] or place == TOP:
            gained.setdefault(place, []).append(right)
    for place, rights in gained.items():
        yield Grant("workflow-token-widened", _words(place, rights), rights[0])
    if _says(old) and not _says(new) and _jobs(new):
        words = "the permissions block is gone: the token gets whatever the repository gives by default"
        yield Grant("workflow-token-widened", words, "jobs")
    for trigger in sorted((_triggers(new) - _triggers(old)) & _STRANGERS.keys()):
        risky = trigger != "workflow_run" and _checks_out_head(new)
        more = ", and checks out what that pull request brings" if risky else ""
        yield Grant("workflow-strangers-trigger", f"{trigger}: {_STRANGERS[trigger]}{more}", trigger)


def _words(place: str, rights: list[str]) -> str:
    if "write-all" in rights:
        return f"the token of {place} may write everything"
    identity = ", an identity with which clouds and registries let it in" if "id-token: write" in rights else ""
    return f"the token of {place} gains {', '.join(rights)}{identity}"


def _jobs(workflow: Any) -> dict[str, Any]:
    jobs = workflow.get("jobs") if isinstance(workflow, dict) else None
    return {key_name(key): job for key, job in jobs.items() if isinstance(job, dict)} if isinstance(jobs, dict) else {}


def _rights(workflow: Any) -> set[tuple[str, str]]:
    """Return place and right of each thing that a token may write."""
    if not isinstance(workflow, dict):
        return set()
    places = [(TOP, workflow.get("permissions"))]
    places += [(f"job {name[:60]}", job.get("permissions")) for name, job in _jobs(workflow).items()]
    found: set[tuple[str, str]] = set()
    for place, value in places:
        if isinstance(value, dict):
            found |= {(place, f"{scalar(key)[:60]}: write") for key, level in value.items() if level == "write"}
        elif value == "write-all":
            found.add((place, "write-all"))
    return found


def _says(workflow: Any) -> bool:
    """Tell whether permissions are set for all jobs, at the top or in each."""
    if not isinstance(workflow, dict):
        return False
    jobs = _jobs(workflow)
    return workflow.get("permissions") is not None or (
        bool(jobs) and all(job.get("permissions") is not None for job in jobs.values())
    )


def _triggers(workflow: Any) -> set[str]:
    on = (workflow.get(True) or workflow.get("on")) if isinstance(workflow, dict) else None
    if isinstance(on, (dict, list)):
        return {key_name(item) for item in on if isinstance(item, (str, bool))}
    return {on} if isinstance(on, str) else set()


def _checks_out_head(workflow: Any) -> bool:
    for job in _jobs(workflow).values():
        steps = job.get("steps")
        for step in steps if isinstance(steps, list) else ():
            given = step.get("with") if isinstance(step, dict) else None
            if isinstance(given, dict) and any(mark in scalar(given.get("ref")) for mark in _HEAD):
                return True
    return False
