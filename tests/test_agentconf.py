from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.agentconf import workflows
from sayso.agentconf.documents import nodes, read
from sayso.agentconf.settings import fits
from sayso.agentconf.shown import shown
from sayso.model import DataError


@pytest.mark.parametrize(
    ("text", "value"),
    [
        pytest.param('{"a": 1} // end', {"a": 1}, id="line-comment"),
        pytest.param('/* a\n */{"a": 1}', {"a": 1}, id="block-comment"),
        pytest.param('{"a": [1, 2,], }', {"a": [1, 2]}, id="last-commas"),
        pytest.param('{"a": [1, // two\n], /* b */ }', {"a": [1]}, id="comma-before-comment"),
        pytest.param(
            '{"a": "// no", "b": "/* no */", "c": ",]"}', {"a": "// no", "b": "/* no */", "c": ",]"}, id="in-strings"
        ),
        pytest.param('{"a": "\\"// no"}', {"a": '"// no'}, id="after-an-escaped-quote"),
        pytest.param('\ufeff{"a": 1}', {"a": 1}, id="byte-order-mark"),
        pytest.param(" \n", {}, id="empty"),
    ],
)
def test_json_with_comments(text: str, value: object) -> None:
    assert read(text, "json", "a.json") == value


@pytest.mark.parametrize("text", ["{'a': 1}", '{"a": 1}}', '{"a": 1, "a": 2}', '{"a": /* open', '{"a": NaN}', "{,}x"])
def test_json_that_is_refused(text: str) -> None:
    with pytest.raises(DataError):
        read(text, "json", "a.json")


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-999, 999) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=20,
)


@given(_JSON.filter(lambda value: not isinstance(value, str) or value.strip() != ""), st.booleans())
def test_plain_json_is_read_as_it_is(value: object, indent: bool) -> None:
    text = json.dumps(value, indent=1 if indent else None)
    assert read(text, "json", "a.json") == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        pytest.param("---\na: b\n---\ntext", {"a": "b"}, id="plain"),
        pytest.param("---\r\na: b\r\n---\r\ntext", {"a": "b"}, id="crlf"),
        pytest.param("text\n---\na: b\n---\n", {}, id="not-at-the-start"),
        pytest.param("---\na: b\n", {}, id="unclosed"),
        pytest.param("---\n---\n", {}, id="nothing-in-it"),
    ],
)
def test_front_matter(text: str, value: object) -> None:
    assert read(text, "front", "a.md") == value


def test_a_place_is_the_same_for_all_items_of_a_list() -> None:
    assert set(dict(nodes({"a": [1, {"b": 2}]}, "x"))) == {(), ("a",), ("a", "[]"), ("a", "[]", "b")}


def test_too_many_values_are_refused() -> None:
    with pytest.raises(DataError, match="too many"):
        list(nodes([1] * 30_000, "x"))


@pytest.mark.parametrize(
    ("pattern", "place", "fit"),
    [
        ("a/b", "a/b", True),
        ("a/b", "a", False),
        ("a/*", "a/x", True),
        ("a/*", "a/x/y", False),
        ("a/**", "a/x/y", True),
        ("a/**/z", "a/z", True),
        ("a/**/z", "a/x/y/z", True),
        ("a/**/z", "a/x/y", False),
        ("**", "a", True),
    ],
)
def test_which_places_a_pattern_names(pattern: str, place: str, fit: bool) -> None:
    assert fits(tuple(pattern.split("/")), tuple(place.split("/"))) is fit


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ("Bash(npm test:*)", "Bash(npm test:*)"),
        ("Read(src/components/navigation/index.ts)", "Read(src/components/navigation/index.ts)"),
        ("a\n  b", "a b"),
        ("token=abcd1234", "token=…"),
        ("https://a.example/x?y=12345&z=1", "https://a.example/x?…&…"),
        ("AKIA1234567890ABCDEFGHIJ", "…"),
        ("x " * 60, ("x " * 60)[:79] + "…"),
    ],
)
def test_what_is_shown_of_a_value(value: str, says: str) -> None:
    assert shown(value) == says


def granted(old: object, new: object) -> list[tuple[str, str]]:
    return [(grant.rule, grant.message) for grant in workflows.widened(old, new)]


def test_the_rights_of_one_place_are_told_together() -> None:
    new = {"permissions": {"contents": "write", "packages": "write", "checks": "read"}}
    assert granted({}, new) == [
        ("workflow-token-widened", "the token of every job gains contents: write, packages: write")
    ]


def test_a_right_for_one_job_more_is_told() -> None:
    old = {"jobs": {"a": {"permissions": {"contents": "write"}}}}
    new = {"jobs": {"a": {"permissions": {"contents": "write"}}, "b": {"permissions": {"contents": "write"}}}}
    assert granted(old, new) == [("workflow-token-widened", "the token of job b gains contents: write")]


def test_permissions_that_moved_into_every_job_are_not_gone() -> None:
    assert granted({"permissions": {}, "jobs": {"a": {}}}, {"jobs": {"a": {"permissions": {}}}}) == []


def test_the_head_of_a_pull_request_is_told_of() -> None:
    steps = [{"uses": "actions/checkout@x", "with": {"ref": "${{ github.event.pull_request.head.sha }}"}}]
    ((rule, message),) = granted({}, {True: {"pull_request_target": None}, "jobs": {"a": {"steps": steps}}})
    assert rule == "workflow-strangers-trigger"
    assert "checks out what that pull request brings" in message


def test_another_checkout_is_not_the_head() -> None:
    steps = ["x", {"uses": "a"}, {"with": {"ref": "main"}}]
    ((_, message),) = granted({}, {"on": "pull_request_target", "jobs": {"a": {"steps": steps}}})
    assert "checks out" not in message


@given(_JSON, _JSON)
def test_no_workflow_breaks_the_comparison(old: object, new: object) -> None:
    granted(old, new)
    granted({"on": old, "jobs": new, "permissions": old}, {True: new, "jobs": {"a": old}, "permissions": new})
