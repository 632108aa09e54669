from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.evidence import Spot
from sayso.ratchet import new_spots


def at(*lines: int, rule: str = "r") -> list[Spot]:
    return [Spot(rule, line, line) for line in lines]


@pytest.mark.parametrize(
    ("spots", "text", "old", "old_text", "expected"),
    [
        pytest.param(at(1), "bad\n", [], "", at(1), id="new-file"),
        pytest.param(at(1), "bad\n", at(1), "bad\n", [], id="unchanged"),
        pytest.param(at(3), "x\ny\nbad\n", at(1), "bad\n", [], id="moved-down"),
        pytest.param(at(1), "    bad  ( a )\n", at(1), "bad ( a )\n", [], id="indented-again"),
        pytest.param(at(1), "worse\n", at(1), "bad\n", at(1), id="edited"),
        pytest.param(at(1, 2), "bad\nbad\n", at(1), "bad\n", at(2), id="one-more"),
        pytest.param(at(1), "bad\n", at(1, 2), "bad\nbad\n", [], id="one-less"),
        pytest.param(at(1, rule="other"), "bad\n", at(1), "bad\n", at(1, rule="other"), id="other-rule"),
        pytest.param([Spot("r", 1, 2)], "a(\nb)\n", [Spot("r", 1, 2)], "a(\nb)\n", [], id="several-lines"),
        pytest.param(
            [Spot("r", 1, 2)], "a(\nc)\n", [Spot("r", 1, 2)], "a(\nb)\n", [Spot("r", 1, 2)], id="second-line-edited"
        ),
        pytest.param(at(9), "short\n", at(9), "short\n", [], id="beyond-the-end"),
    ],
)
def test_new_spots(spots: list[Spot], text: str, old: list[Spot], old_text: str, expected: list[Spot]) -> None:
    assert new_spots(spots, text, old, old_text) == tuple(expected)


@given(st.lists(st.sampled_from("ab"), max_size=8), st.lists(st.sampled_from("ab"), max_size=8))
def test_as_many_are_new_as_there_are_more(lines: list[str], old: list[str]) -> None:
    fresh = new_spots(at(*range(1, len(lines) + 1)), "\n".join(lines), at(*range(1, len(old) + 1)), "\n".join(old))
    assert len(fresh) == sum(max(0, lines.count(text) - old.count(text)) for text in "ab")
