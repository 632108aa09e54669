from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso import globs


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        ("a.py", "a.py"),
        ("*.py", "a.py"),
        ("**/*.py", "a.py"),
        ("**/*.py", "x/y/a.py"),
        ("src/**", "src/a/b.py"),
        ("src/", "src/a/b.py"),
        ("src/**/b.py", "src/b.py"),
        ("src/**/test/**/b.py", "src/x/test/y/z/b.py"),
        ("**", "a/b"),
        ("a?c/*.{py,ts}", "abc/x.ts"),
        ("a{b,}c", "ac"),
        ("Auth/**", "auth/A.py"),
        ("auth/**", "\u0430uth/a.py"),
        ("caf\u00e9/*", "cafe\u0301/x"),
        ("pages/[id].tsx", "pages/[id].tsx"),
        ("*a*b*c", "xxaxxbxxbxc"),
        ("**/a/**/b", "a/a/c/b"),
        ("a*a", "aa"),
        ("*?b*", "xxab"),
        ("*", "x"),
    ],
)
def test_matches(pattern: str, path: str) -> None:
    assert globs.problem(pattern) == ""
    assert globs.matches(pattern, path)


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        ("*.py", "x/a.py"),
        ("a.py", "x/a.py"),
        ("src/**", "src"),
        ("src/**", "src2/a"),
        ("src/", "src"),
        ("a?c", "ac"),
        ("a*c", "a/c"),
        ("a?c", "a/c"),
        ("**/b", "ab"),
        ("a.py", "aXpy"),
        ("pages/[id].tsx", "pages/i.tsx"),
        ("x/**/y", "x/z"),
        ("*a*b*c", "xxaxxcxxb"),
        ("a*a", "a"),
        ("ab*ba", "aba"),
        ("*?b", "b"),
    ],
)
def test_does_not_match(pattern: str, path: str) -> None:
    assert not globs.matches(pattern, path)


@pytest.mark.parametrize(
    ("pattern", "said"),
    [
        ("", "is empty"),
        ("/etc/*", "must be a path from the top"),
        ("a\\b", "must be a path from the top"),
        ("../x", "has an empty segment"),
        ("a//b", "has an empty segment"),
        ("a/**b", "has '**' as a part"),
        ("{a,{b,c}}", "has braces within braces"),
        ("{a", "has braces within braces"),
        ("{a,b}" * 7, "has more than 64 alternatives"),
        ("a" * 301, "has more than 300 characters"),
        ("a/" * 40, "has more than 32 segments"),
        ("a\nb", "has characters that cannot be seen"),
        ("{a,../b}", "has an empty segment"),
    ],
)
def test_problem(pattern: str, said: str) -> None:
    assert globs.problem(pattern).startswith(said)


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        ("*a" * 140 + "b", "a" * 4000),
        ("*a?" * 90 + "b", "a" * 4000),
        ("/".join(["**", "*"] * 15) + "/b", "/".join("a" * 200)),
        ("{a,b,c,d}{a,b,c,d}{a,b,c,d}" + "*x" * 100, "x" * 4000),
        ("\uff5ba,a\uff5d" * 42, "a" * 42),
    ],
    ids=["stars", "question-marks", "double-stars", "braces", "braces-after-folding"],
)
def test_no_pattern_runs_away(pattern: str, path: str) -> None:
    started = time.process_time()
    globs.matches(pattern, path)
    assert time.process_time() - started < 1


@given(st.text("ab*?/{},.", max_size=24), st.text("ab/.", max_size=16))
def test_whatever_has_no_problem_can_be_matched(pattern: str, path: str) -> None:
    if not globs.problem(pattern):
        globs.matches(pattern, path)


@given(st.lists(st.text("abc", min_size=1, max_size=4), min_size=1, max_size=6))
def test_a_path_matches_itself_and_all_that_stands_for_everything(segments: list[str]) -> None:
    path = "/".join(segments)
    assert globs.matches(path, path)
    assert globs.matches("**", path)
    assert globs.matches(f"**/{segments[-1]}", path)
    assert globs.matches(f"{segments[0]}/**", path) == (len(segments) > 1)


@given(st.text("ab*?", min_size=1, max_size=10), st.text("ab", min_size=1, max_size=10))
def test_a_segment_is_matched_as_a_regular_expression_would(pattern: str, text: str) -> None:
    expression = pattern.replace("*", "[^/]*").replace("?", "[^/]")
    if not globs.problem(pattern):
        assert globs.matches(pattern, text) == bool(re.fullmatch(expression, text))
