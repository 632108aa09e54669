from __future__ import annotations

import time

import pytest

from sayso.evidence import Spot
from sayso.suppress import split

SPOT = Spot("python-one", 2, 2)


@pytest.mark.parametrize(
    ("path", "text", "reason"),
    [
        pytest.param("a.py", "x\nbad()  # sayso: allow python-one -- a reason\n", "a reason", id="same-line"),
        pytest.param("a.py", "# sayso: allow python-one -- a reason\nbad()\n", "a reason", id="line-above"),
        pytest.param("a.js", "x\nbad() // sayso: allow python-one -- a reason\n", "a reason", id="slashes"),
        pytest.param("a.c", "x\nbad() /* sayso: allow python-one -- a reason */\n", "a reason", id="block-comment"),
        pytest.param("a.md", "<!-- sayso: allow python-one -- a reason -->\nbad\n", "a reason", id="markup"),
        pytest.param("a.sql", "-- sayso: allow python-one -- a reason\nbad\n", "a reason", id="sql"),
        pytest.param("a.ini", "; sayso: allow python-one -- a reason\nbad\n", "a reason", id="ini"),
        pytest.param("a.unknown", "x\nbad  # sayso: allow python-one -- a reason\n", "a reason", id="unknown"),
        pytest.param("a.jsx", "{/* sayso: allow python-one -- a reason */}\nbad\n", "a reason", id="jsx"),
        pytest.param("a.sh", "#sayso:allow python-one --reason\nbad\n", "reason", id="tight"),
    ],
)
def test_suppressed(path: str, text: str, reason: str) -> None:
    standing, suppressed = split([SPOT], path, text)
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
        pytest.param("x\nbad('# sayso: allow python-one -- a reason')\n", id="in-a-string"),
        pytest.param("'''\n# sayso: allow python-one -- a reason'''; bad()\n", id="in-a-text-of-two-lines"),
        pytest.param("x\nbad()\n", id="nothing"),
        pytest.param("", id="empty"),
    ],
)
def test_standing(text: str) -> None:
    assert split([SPOT], "a.py", text) == ((SPOT,), ())


def test_two_lines_above_is_too_far() -> None:
    text = "# sayso: allow python-one -- a reason\n\nbad()\n"
    spot = Spot("python-one", 3, 3)
    assert split([spot], "a.py", text) == ((spot,), ())


def test_only_the_rule_that_is_named() -> None:
    other = Spot("python-two", 2, 2)
    standing, suppressed = split([SPOT, other], "a.py", "x\nbad()  # sayso: allow python-one -- a reason\n")
    assert (standing, len(suppressed)) == ((other,), 1)


def test_a_hostile_line_costs_little() -> None:
    started = time.process_time()
    split([Spot("r", 1, 1)] * 50, "a.py", "# sayso: allow " * 7000)
    assert time.process_time() - started < 2
