# ruff: noqa: RUF001 - characters that look alike are the subject
from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.homoglyphs import mixed, names_of, twins


@pytest.mark.parametrize(
    ("line", "looks"),
    [
        ("is_\u0430dmin", "is_admin"),
        ("p\u0430ssw\u043erd = 1", "password"),
        ("\u0391dmin", "admin"),
        ("c\u03bfunt", "count"),
        ("\u0435xample.com", "example"),
        ("ver\u0456fy()", "verify"),
        ("'\u0440aypal'", "paypal"),
        ("\u0438\u043c\u044f_\u0430dmin", "\u0438m\u044f_admin"),
    ],
)
def test_words_of_two_scripts(line: str, looks: str) -> None:
    assert [item.looks for item in mixed(line)] == [looks]


@pytest.mark.parametrize(
    "line",
    [
        "plain ascii",
        "caf\u00e9 na\u00efve stra\u00dfe \u0131\u015f\u0131k",
        "имя_файла = прочитать()",
        "Привет_world = 1",
        "Δx = α_t * σ2 + sinα - dρ",
        "5\u00b5s \u2126 \u212b \ufb01nd",
        "名前_name ユーザー_id",
        "ＡＢＣ fullwidth",
        "Α Β Γ",
    ],
)
def test_words_that_deceive_nobody(line: str) -> None:
    assert list(mixed(line)) == []


@pytest.mark.parametrize(
    ("line", "looks"),
    [
        ("\u0455\u0441\u043e\u0440\u0435 = 2", ["scope"]),
        ("x = '\u0455\u0441\u043e\u0440\u0435'", []),
        ("\u0440\u0430\u0443 = 1", []),
        ("имя = 1", []),
        ("scope = 2", []),
        ("\U0001d42c\U0001d41c\U0001d428\U0001d429\U0001d41e = 3", ["scope"]),
    ],
)
def test_names_of_another_script_that_the_file_has_too(line: str, looks: list[str]) -> None:
    assert [item.looks for item in twins(line, frozenset({"scope"}))] == looks


def test_the_names_of_a_text() -> None:
    assert names_of("def f_1(ab): return ab.имя + '2x'") == {"def", "f_1", "ab", "return"}


@given(st.text())
def test_no_line_breaks_it(line: str) -> None:
    list(mixed(line))
    list(twins(line, names_of(line)))
