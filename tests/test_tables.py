from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.model import DataError
from sayso.tables import Table, parse

TEXT = """\
name = "x"
on = true
count = 3
words = ["a", "b"]
numbers = [1, 2]

[part]
key = "y"

[[item]]
id = "one"

[[item]]
id = "two"
extra = 1
"""


def test_taking_everything() -> None:
    table = parse(TEXT, "file.toml")
    assert table.text("name") == "x"
    assert table.flag("on")
    assert table.number("count") == 3
    assert table.texts("words") == ("a", "b")
    assert table.numbers("numbers") == (1, 2)
    assert table.table("part").text("key") == "y"
    assert [item.text("id") for item in table.tables("item")] == ["one", "two"]
    table.done()


def test_defaults() -> None:
    table = parse("", "file.toml")
    taken = (
        table.text("a", "d"),
        table.flag("b", default=False),
        table.number("c", 1),
        table.texts("e", ()),
        table.numbers("f", (1,)),
    )
    assert taken == ("d", False, 1, (), (1,))
    assert table.choice("g", ("x", "y"), "x") == "x"
    assert list(table.tables("h")) == []
    table.table("i").done()
    table.done()


@pytest.mark.parametrize(
    ("take", "said"),
    [
        pytest.param(lambda t: t.text("count"), "file.toml:3: count: expected string, got integer", id="string"),
        pytest.param(lambda t: t.flag("count"), "file.toml:3: count: expected boolean, got integer", id="boolean"),
        pytest.param(
            lambda t: t.number("on"), "file.toml:2: on: expected integer, got boolean", id="boolean-is-no-integer"
        ),
        pytest.param(lambda t: t.texts("name"), "file.toml:1: name: expected list, got string", id="list"),
        pytest.param(
            lambda t: t.texts("numbers"), "file.toml:5: numbers: expected a list of strings", id="list-of-strings"
        ),
        pytest.param(
            lambda t: t.numbers("words"), "file.toml:4: words: expected a list of integers", id="list-of-integers"
        ),
        pytest.param(lambda t: t.table("name"), "file.toml:1: name: expected table, got string", id="table"),
        pytest.param(lambda t: list(t.tables("part")), "file.toml:7: part: expected list, got table", id="tables"),
        pytest.param(lambda t: t.text("missing"), "file.toml:1: missing key 'missing'", id="missing"),
        pytest.param(lambda t: t.choice("name", ("a", "b")), "file.toml:1: name: 'x' is not one of a, b", id="choice"),
        pytest.param(lambda t: t.table("part").text("kex"), "file.toml:7: part: missing key 'kex'", id="missing-below"),
        pytest.param(
            lambda t: t.table("part").number("key"), "file.toml:8: part.key: expected integer", id="type-below"
        ),
        pytest.param(lambda t: t.table("part").done(), "file.toml:8: part.key: unknown key", id="unknown-below"),
        pytest.param(
            lambda t: [item.text("extra") for item in t.tables("item")],
            "file.toml:10: item: missing key 'extra'",
            id="first-item",
        ),
        pytest.param(
            lambda t: [(item.text("id"), item.done()) for item in t.tables("item")],
            "file.toml:15: item.extra: unknown key",
            id="second-item",
        ),
    ],
)
def test_errors_name_file_line_and_key(take: Callable[[Table], Any], said: str) -> None:
    with pytest.raises(DataError) as caught:
        take(parse(TEXT, "file.toml"))
    assert str(caught.value).startswith(said)
    assert caught.value.code == 2


def test_an_unknown_key_has_the_nearest_name() -> None:
    table = parse("summery = 1\n", "file.toml")
    table.text("summary", "")
    table.text("severity", "")
    with pytest.raises(DataError, match=r"file\.toml:1: summery: unknown key, did you mean 'summary'\?"):
        table.done()


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a = \n", 1),
        ("a = 1\nb = [\n", 2),
        ("a = 1\na = 2\n", 2),
        ("\n\n=\n", 3),
        ("a = 'x\n", 1),
        ("[" * 5000, 1),
        ("\0", 1),
    ],
    ids=["no-value", "open-list", "twice", "no-key", "open-string", "deep", "nul"],
)
def test_no_toml(text: str, line: int) -> None:
    with pytest.raises(DataError, match=rf"^file\.toml:{line}: not valid TOML"):
        parse(text, "file.toml")


@given(st.text(max_size=200))
def test_any_text_is_a_table_or_a_data_error(text: str) -> None:
    said = "file.toml:"
    try:
        parse(text, "file.toml").done()
    except DataError as exc:
        said = str(exc)
    assert said.startswith("file.toml:")
