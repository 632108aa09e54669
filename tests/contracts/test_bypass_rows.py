"""Every way round the gate that is known is played by a test, and stands in SECURITY.md with what stands against it."""

from __future__ import annotations

import ast
import tomllib
from functools import cache
from typing import Any

import pytest

from sayso.app import rulebook
from specimens import ROOT

ROWS: list[dict[str, Any]] = tomllib.loads((ROOT / "tests" / "bypass.toml").read_text())["row"]
HEAD = ("| # | way round | what stands against it | where |", "|---|---|---|---|")
KEYS = {"number", "title", "stands", "where", "rules", "tests"}
LEAST_DEFENDED = 48


def rendered() -> list[str]:
    """The lines of the table in SECURITY.md."""
    lines = list(HEAD)
    for row in ROWS:
        unseen = f" *Not detectable locally:* {row['unseen']}; *in CI:* {row['caught']}." if "unseen" in row else ""
        lines.append(f"| {row['number']} | {row['title']} | {row['stands']}.{unseen} | {row['where']} |")
    return lines


@cache
def _functions(path: str) -> frozenset[str]:
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    return frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef))


def test_there_are_fifty_six_and_none_twice() -> None:
    assert [row["number"] for row in ROWS] == list(range(1, 57))
    assert len({row["title"] for row in ROWS}) == len(ROWS)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: str(row["number"]))
def test_a_row_is_played_or_says_why_not(row: dict[str, Any]) -> None:
    assert row.keys() - {"unseen", "caught"} == KEYS
    assert ("unseen" in row) == ("caught" in row)
    assert row["tests"] or "unseen" in row
    for test in row["tests"]:
        path, _, name = test.partition("::")
        assert name.startswith("test_"), test
        assert name in _functions(path), test


def test_most_are_defended() -> None:
    assert sum(1 for row in ROWS if row["tests"] and "unseen" not in row) >= LEAST_DEFENDED


def test_rules_that_are_named_exist_and_are_listed() -> None:
    known = rulebook.rules()
    assert [rule for row in ROWS for rule in row["rules"] if rule not in known] == []
    for row in ROWS:
        spoken = {word for word in row["stands"].split("`")[1::2] if word in known}
        assert spoken <= set(row["rules"]), row["number"]


def test_a_rule_that_a_row_names_is_spoken_of_where_its_tests_stand() -> None:
    silent = []
    for row in ROWS:
        paths = {"tests/specimens.py", *(test.partition("::")[0] for test in row["tests"])}
        texts = "".join((ROOT / path).read_text(encoding="utf-8") for path in paths)
        silent += [(row["number"], rule) for rule in row["rules"] if rule not in texts]
    assert silent == []


def test_the_table_for_readers_is_this_one() -> None:
    text = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    section = text.partition("## Ways round, and what stands against them\n")[2].partition("\n## ")[0]
    assert [line for line in section.splitlines() if line.startswith("|")] == rendered()
