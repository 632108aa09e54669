"""The light evaluation of the engine's filters: never stricter than the filter says."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.prefilter import Prefilter
from tools.compile_filters import alternatives, needed_words


def passes(formula: Any, text: str, *, words: list[str] | None = None, patterns: list[str] | None = None) -> bool:
    sources = [(source, *needed_words(source)) for source in patterns or []]
    filters = Prefilter({"words": words or [], "patterns": sources, "rules": {"x": {"rule": formula}}})
    return filters.may_match(text, "x") == {"x": ("rule",), "regex": ()}


@pytest.mark.parametrize(
    ("formula", "text", "expected"),
    [
        pytest.param(0, "x = eval(y)", True, id="word"),
        pytest.param(0, "retrieve", False, id="no-word"),
        pytest.param(0, "medieval", True, id="part-of-a-word"),
        pytest.param(["&", 0, 1], "eval('a.b')", True, id="and"),
        pytest.param(["&", 0, 1], "eval(ab)", False, id="and-not-both"),
        pytest.param(["|", 0, 1], "a.b", True, id="or"),
        pytest.param(["|", 0, 1], "a b", False, id="or-neither"),
        pytest.param(["|", ["&", 0, 1], 2], "x\ny", True, id="word-over-two-lines"),
        pytest.param(True, "", True, id="always"),
        pytest.param(False, "eval", False, id="never"),
    ],
)
def test_words(formula: Any, text: str, expected: bool) -> None:
    assert passes(formula, text, words=["eval", "a.b", "x\ny"]) is expected


@pytest.mark.parametrize(
    ("source", "text", "expected"),
    [
        pytest.param(r"\beval\s*\(", "x = eval (y)", True, id="first-word"),
        pytest.param(r"\beval\s*\(", "medieval(y)", False, id="boundary"),
        pytest.param(r"(?<![\w.])exec\(", "a.exec(b); exec(c)", True, id="second-place"),
        pytest.param(r"(?i:password)\s*=", "PassWord = 1", True, id="any-case"),
        pytest.param(r"(?i:password)\s*=", "PA\u017f\u017fWORD = 1", True, id="letters-with-two-lower-cases"),
        pytest.param(r"(?i:key)", "\u212aEY", True, id="kelvin"),
        pytest.param(r"^USER ", "FROM x\nUSER root\n", True, id="line-start"),
        pytest.param(r"\bverify\s*=\s*(?!True\b)", "verify = False", True, id="lookahead"),
        pytest.param(r"\bverify\s*=\s*(?!True\b)", "verify=True", False, id="lookahead-fails"),
        pytest.param(r"[0-9a-f]{8}", "deadbeef", True, id="no-words"),
        pytest.param(r"\w{1,9}\(request\b", "f(request)", True, id="word-inside"),
        pytest.param(r"\w{1,9}\(request\b", "request", False, id="word-inside-not-all"),
        pytest.param(r"caf\u00e9\w", "caf\u00e9s", True, id="not-ascii"),
        pytest.param(r"\bcaf\b", "caf\u00e9", True, id="boundary-of-ascii-words"),
    ],
)
def test_patterns(source: str, text: str, expected: bool) -> None:
    assert passes(-1, text, patterns=[source]) is expected


@pytest.mark.parametrize(
    ("source", "words", "first", "folded"),
    [
        pytest.param(r"\beval\s*\(", ["eval"], True, False, id="literal"),
        pytest.param(r"a(?:bcd|xyz)e", ["abcde", "axyze"], True, False, id="product"),
        pytest.param(r"(?:password|passwd)\b", ["passwd", "password"], True, False, id="common-prefix"),
        pytest.param(r"\w+\.execute\(", [".execute("], False, False, id="inside"),
        pytest.param(r"(?:foo)?barbar", ["barbar", "foobarbar"], True, False, id="optional"),
        pytest.param(r"(?:foo)+x", ["foo"], True, False, id="repeated"),
        pytest.param(r"(?:foo)*bar\d", ["bar"], False, False, id="any-number"),
        pytest.param(r"foobar|\d+", [], False, False, id="an-alternative-without"),
        pytest.param(r"ab", [], False, False, id="too-short"),
        pytest.param(r"(?i:PassWord)", ["password"], True, True, id="any-case"),
        pytest.param(r"(?i)token", ["token"], True, True, id="any-case-global"),
        pytest.param(r"caf\u00e9s", [], False, False, id="not-ascii"),
        pytest.param(r"[xy]ord\b", ["xord", "yord"], True, False, id="small-class"),
        pytest.param(r"[^x]ordered", ["ordered"], False, False, id="negated-class"),
    ],
)
def test_needed_words(source: str, words: list[str], first: bool, folded: bool) -> None:
    assert needed_words(source) == (words, first, folded)


@pytest.mark.parametrize(
    ("source", "parts"),
    [
        pytest.param("a|b", ["a", "b"], id="plain"),
        pytest.param("(?:a|b)", ["(?:a)", "(?:b)"], id="group"),
        pytest.param("(?i:a|b(?:c|d))", ["(?i:a)", "(?i:b(?:c|d))"], id="flags"),
        pytest.param("(?:a|b)c|d", ["(?:a|b)c", "d"], id="nested"),
        pytest.param("(?:a)|(?:b)", ["(?:a)", "(?:b)"], id="two-groups"),
        pytest.param(r"a\|b|[|\]|]|c", [r"a\|b", r"[|\]|]", "c"], id="escapes-and-classes"),
        pytest.param("[]|]|a", ["[]|]", "a"], id="bracket-first-in-class"),
    ],
)
def test_alternatives(source: str, parts: list[str]) -> None:
    assert alternatives(source) == parts


PIECES = st.recursive(
    st.sampled_from(["foo", "barx", "tok", r"\w", r"\s*", r"\b", "[ab]", "[^a]", ".", "(?!foo)", "k", "s"]),
    lambda inner: (
        st.lists(inner, min_size=1, max_size=3).map("".join)
        | st.lists(inner, min_size=1, max_size=3).map(lambda parts: f"(?:{'|'.join(parts)})")
        | inner.map(lambda part: f"(?i:{part})")
        | inner.map(lambda part: f"(?:{part})?")
        | inner.map(lambda part: f"(?:{part}){{1,2}}")
    ),
    max_leaves=6,
)


@given(source=PIECES, text=st.text("fobarxtk sFOBARXTKS.\n\u017f\u212a\u0130", max_size=20))
def test_a_pattern_passes_wherever_it_matches(source: str, text: str) -> None:
    pieces = [(part, *needed_words(part)) for part in alternatives(source)]
    formula = ["|", *range(-1, -len(pieces) - 1, -1)]
    filters = Prefilter({"words": [], "patterns": pieces, "rules": {"x": {"rule": formula}}})
    if re.search(source, text, re.MULTILINE | re.ASCII):
        assert filters.may_match(text, "x")["x"] == ("rule",)
