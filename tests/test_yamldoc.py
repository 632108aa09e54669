"""Strict YAML: what is read, and what is refused in bounded time."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso import yamldoc
from sayso.model import DataError


def test_plain_values() -> None:
    text = "repos:\n- repo: local\n  hooks:\n  - &a {id: x, stages: [manual]}\n  - *a\n"
    hook = {"id": "x", "stages": ["manual"]}
    assert yamldoc.read(text, "c.yaml") == {"repos": [{"repo": "local", "hooks": [hook, hook]}]}


def _bomb(entry: str) -> str:
    names = "abcdefghijklmno"
    lines = [f"{name}: &{name} {entry.format(','.join([f'*{below}'] * 9))}" for below, name in pairwise(names)]
    return "\n".join(["a: &a {k: v}", *lines, ""])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("a: 1\nb: 2\na: 3\n", "c.yaml:3: the key 'a' stands twice", id="duplicate-key"),
        pytest.param("a: [\n", "c.yaml:2: not valid YAML", id="unclosed"),
        pytest.param("a: !!python/object/apply:os.system [id]\n", "not valid YAML", id="object"),
        pytest.param("a: 1\n---\nb: 2\n", "not valid YAML", id="two-documents"),
        pytest.param("[" * 100 + "]" * 100, "too many levels", id="deep"),
        pytest.param("a: &a [1]\nb: [" + "*a, " * 300 + "]\n", "too many levels, aliases", id="aliases"),
        pytest.param("- 1\n" * 250_000, "too many levels, aliases or values", id="long"),
        pytest.param("a" * (yamldoc.MOST_BYTES + 1), "MiB are too many", id="large"),
        pytest.param("? {a: 1}\n: 2\n", "not ", id="mapping-as-key"),
        pytest.param(_bomb("[{}]"), "c.yaml:7: aliases make too many values", id="billion-laughs"),
        pytest.param(_bomb("{{<<: [{}]}}"), "too many", id="merge-bomb"),
        pytest.param("a: &a [1, *a]\n", "leads back", id="loop"),
        pytest.param("a: &a {b: {c: *a}}\n", "leads back", id="loop-of-mappings"),
    ],
)
def test_refused(text: str, said: str) -> None:
    with pytest.raises(DataError, match=r"c\.yaml") as caught:
        yamldoc.read(text, "c.yaml")
    assert said in str(caught.value)


@given(st.text(alphabet="ab:-[]{}&*!#'\"|>?% \n\t\u2028", max_size=60))
def test_anything_is_read_or_refused(text: str) -> None:
    try:
        yamldoc.read(text, "c.yaml")
    except DataError:
        return
