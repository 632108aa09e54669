from __future__ import annotations

import time

import pytest

from sayso.evidence import Spot
from sayso.suppress import split

SPOT = Spot("python-one", 2, 2)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        pytest.param("x\nbad()  # sayso: allow python-one -- a reason\n", "a reason", id="same-line"),
        pytest.param("# sayso: allow python-one -- a reason\nbad()\n", "a reason", id="line-above"),
        pytest.param("x\nbad() // sayso: allow python-one -- a reason\n", "a reason", id="slashes"),
        pytest.param("x\nbad() /* sayso: allow python-one -- a reason */\n", "a reason", id="block-comment"),
        pytest.param("<!-- sayso: allow python-one -- a reason -->\nbad\n", "a reason", id="markup"),
        pytest.param("-- sayso: allow python-one -- a reason\nbad\n", "a reason", id="sql"),
        pytest.param("; sayso: allow python-one -- a reason\nbad\n", "a reason", id="ini"),
        pytest.param("#sayso:allow python-one --reason\nbad\n", "reason", id="tight"),
    ],
)
def test_suppressed(text: str, reason: str) -> None:
    standing, suppressed = split([SPOT], text)
    assert (standing, [(item.spot, item.reason) for item in suppressed]) == ((), [(SPOT, reason)])


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("x\nbad()  # sayso: allow python-one\n", id="no-reason"),
        pytest.param("x\nbad()  # sayso: allow python-one --\n", id="empty-reason"),
        pytest.param("x\nbad()  # sayso: allow python-one --   \n", id="blank-reason"),
        pytest.param("x\nbad()  # sayso: allow -- a reason\n", id="no-rule"),
        pytest.param("x\nbad()  # sayso: allow all -- a reason\n", id="all"),
        pytest.param("x\nbad()  # sayso: allow python-* -- a reason\n", id="glob"),
        pytest.param("x\nbad()  # sayso: allow python-two -- a reason\n", id="other-rule"),
        pytest.param("x\nbad()  # sayso: allow python-one-more -- a reason\n", id="longer-rule"),
        pytest.param("x\nbad('sayso: allow python-one -- a reason')\n", id="no-comment"),
        pytest.param("x\nbad()\n# sayso: allow python-one -- a reason\n", id="line-below"),
        pytest.param("x\nbad()  # nosemgrep  # noqa  # pragma: allowlist secret\n", id="other-tools"),
        pytest.param("x\nbad()  # SAYSO: allow python-one -- a reason\n", id="upper-case"),
        pytest.param("x\nbad()\n", id="nothing"),
        pytest.param("", id="empty"),
    ],
)
def test_standing(text: str) -> None:
    assert split([SPOT], text) == ((SPOT,), ())


def test_two_lines_above_is_too_far() -> None:
    text = "# sayso: allow python-one -- a reason\n\nbad()\n"
    spot = Spot("python-one", 3, 3)
    assert split([spot], text) == ((spot,), ())


def test_only_the_rule_that_is_named() -> None:
    other = Spot("python-two", 2, 2)
    standing, suppressed = split([SPOT, other], "x\nbad()  # sayso: allow python-one -- a reason\n")
    assert (standing, len(suppressed)) == ((other,), 1)


def test_a_hostile_line_costs_little() -> None:
    started = time.perf_counter()
    split([Spot("r", 1, 1)] * 50, "# sayso: allow " * 7000)
    assert time.perf_counter() - started < 2
