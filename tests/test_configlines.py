from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.configlines import matches_everything, matches_nothing, places, values


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param('[a."b"]\nx = 1\n', ["a.b", "a.b.x"], id="toml"),
        pytest.param("[[a.b]]\nx = [\n'y',\n]\nz = 1\n", ["a.b", "a.b.x", "a.b.x", "a.b", "a.b.z"], id="toml, array"),
        pytest.param("x = [\n  ['y'],\n]\n[s]\n", ["x", "x", "", "s"], id="toml, array of arrays"),
        pytest.param("[s]\nk =\n    a: b\n    c\nl = 1\n", ["s", "s.k", "s.k.a", "s.k", "s.l"], id="ini"),
        pytest.param("a:\n  b: 1\n  c:\n    - d\ne: 2\n", ["a", "a.b", "a.c", "a.c", "e"], id="yaml"),
        pytest.param("a:\n- b\n- c\nd: 1\n", ["a", "a", "a", "d"], id="yaml, list at the key"),
        pytest.param("r:\n  - id: x\n    e: y\n  - id: z\n", ["r", "r.id", "r.e", "r.id"], id="yaml, items"),
        pytest.param(
            '{\n  "a": {\n    "b": [\n      "c"\n    ]\n  }\n}\n', ["", "a", "a.b", "a.b", "a", "", ""], id="json"
        ),
        pytest.param('{\n"a": [\n"b"\n],\n"c": 1\n}\n', ["", "a", "a", "", "c", ""], id="json, no indentation"),
        pytest.param('rule "x" {\n  enabled = false\n}\n', ["rule", "rule.enabled", ""], id="hcl"),
        pytest.param("A.b=1\n# c=2\n\n", ["a.b", "", ""], id="properties"),
    ],
)
def test_places(text: str, expected: list[str]) -> None:
    assert places(text) == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        pytest.param("x = ['''a''', 'b']", ["a", "b"], id="toml"),
        pytest.param('x = """a"""', ["a"], id="long string"),
        pytest.param("exclude: ^vendor/", ["^vendor/"], id="yaml"),
        pytest.param("  - a.b  # why", ["a.b"], id="item"),
        pytest.param("skip: [a, b]", ["a", "b"], id="list"),
        pytest.param("x = ''", [""], id="empty"),
        pytest.param("key:", [], id="none"),
        pytest.param("sonar.exclusions=**/*", ["**/*"], id="properties"),
    ],
)
def test_values(line: str, expected: list[str]) -> None:
    assert values(line) == expected


@pytest.mark.parametrize(
    "value",
    [
        ".*",
        "^.*$",
        "(?i)^(.+)$",
        "**",
        "**/*",
        "*",
        ".",
        "^",
        "",
        "a|.*",
        "(a|.*)",
        "(?:.*)",
        "[\\s\\S]*",
        "^.",
        "\\S+",
        "/",
    ],
)
def test_what_matches_everything(value: str) -> None:
    assert matches_everything(value)


@pytest.mark.parametrize(
    "value",
    [
        "^$",
        "(?!)",
        "a.*",
        ".*a",
        "^.$",
        "^\\w+$",
        "vendor/**",
        "*.py",
        "(a|b)c(.*)d",
        "[.|*]",
        "\\.*x",
        ".*\\$",
        "a|b",
        "^\\S+$",
    ],
)
def test_what_does_not(value: str) -> None:
    assert not matches_everything(value)


def test_what_matches_nothing() -> None:
    assert matches_nothing("^$")
    assert not matches_nothing(".*")


@given(st.text())
def test_any_text_has_a_place_for_every_line(text: str) -> None:
    lines = text.split("\n")
    assert len(places(text)) == len(lines) - (lines[-1] == "")
    for line in lines:
        values(line)
        matches_everything(line)


@pytest.mark.parametrize(
    "text", ["[" * 200_000, "'" * 200_000, "a:" * 100_000, "(" * 200_000, "- " * 100_000, "x\n" * 50_000]
)
def test_hostile_text_costs_little(text: str) -> None:
    start = time.process_time()
    places(text)
    values(text)
    matches_everything(text)
    assert time.process_time() - start < 1
