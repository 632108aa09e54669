from __future__ import annotations

from typing import Any

import pytest

from sayso.reports import trail
from sayso.reports.safe import visible
from sayso.trail import TrailError

DEV = {"name": "Dev Eloper", "email": "dev@example.org", "date": "2026-11-26T10:00:00+01:00"}
ENTRY: dict[str, Any] = {
    "commit": "a" * 40,
    "subject": "Add a login",
    "author": DEV,
    "committer": DEV,
    "parents": ["b" * 40],
    "said": {
        "plan": [{"key": "Plan", "value": "keep it small", "loose": True}],
        "request": [{"key": "Request", "value": "TICKET-12"}],
    },
    "ai": [{"rule": "ai-trailer", "tool": "claude", "where": "trailer"}],
    "claims": [{"rule": "r", "kind": "general", "tier": "warn", "line": 3, "text": "hardened"}],
    "sensitive": [{"area": "authentication", "path": "login.py"}],
    "files": [{"path": "new.py", "kind": "renamed", "mode": "100644", "blob": "c" * 40, "old_path": "old.py"}],
    "evidence": [{"blob": "c" * 40, "check": "code-scan", "id": "d" * 64}],
    "runs": [{"id": "e" * 64, "kind": "tests:unit", "command": "make test", "code": 0, "tests": "12 passed"}],
    "approvals": ["f" * 40],
    "left_off": {"files": 3},
}
TITLES = {"request": "request", "plan": "plan", "risks": "residual risks"}


def test_render() -> None:
    assert trail.render(ENTRY, TITLES) == (
        "commit aaaaaaaaaaaa  Add a login\n"
        "  author                Dev Eloper <dev@example.org> 2026-11-26T10:00:00+01:00\n"
        "  request               TICKET-12 (Request)\n"
        "  plan                  keep it small (Plan, not a trailer to git)\n"
        "  coding tools          claude (trailer)\n"
        "  claims                general, warn: hardened\n"
        "  sensitive areas       authentication: login.py\n"
        "  files                 renamed new.py from old.py\n"
        "  evidence              code-scan dddddddddddd of blob cccccccccccc\n"
        "  runs                  tests:unit: make test: exit code 0, 12 passed (eeeeeeeeeeee)\n"
        "  approvals             ffffffffffff\n"
        "  left off here         3 files\n"
    )


def test_a_committer_of_ones_own_and_a_merge() -> None:
    text = trail.render(ENTRY | {"committer": DEV | {"name": "Rita Viewer"}, "parents": ["b", "c"]}, TITLES)
    assert "  committer             Rita Viewer <" in text
    assert "  merges                2 parents\n" in text


def test_many_files_are_counted() -> None:
    text = trail.render(ENTRY | {"files": ENTRY["files"] * 20}, TITLES)
    assert text.count("renamed new.py") == 12
    assert "… and 8 more: --format jsonl has all\n" in text


def test_every_text_is_made_visible() -> None:
    nasty = "a\x1b[31m\n\u202e::error::b"

    def spoilt(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: spoilt(item) for key, item in value.items()}
        if isinstance(value, list):
            return [spoilt(item) for item in value]
        return nasty if isinstance(value, str) else value

    text = trail.render({key: spoilt(value) for key, value in ENTRY.items()}, TITLES)
    assert visible(text.replace("\n", "")) == text.replace("\n", "")
    assert all(line.startswith(("commit ", "  ")) for line in text.splitlines())


@pytest.mark.parametrize(
    "values",
    [
        pytest.param({"ai": [{"tool": "x"}]}, id="mark-without-a-place"),
        pytest.param({"author": {}}, id="nobody"),
        pytest.param({"approvals": [7]}, id="number-for-an-approval"),
        pytest.param({"said": {"plan": 7}}, id="number-for-words"),
        pytest.param({"runs": ["x"]}, id="text-for-a-run"),
    ],
)
def test_an_entry_that_somebody_made_up(values: dict[str, Any]) -> None:
    with pytest.raises(TrailError, match="entry 3 of the trail"):
        trail.render({**ENTRY, "seq": 2, **values}, TITLES)
