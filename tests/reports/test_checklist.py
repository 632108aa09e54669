from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.questions import Answer, Place
from sayso.reports.checklist import comment_block, markdown

ANSWERS = (
    Answer(
        "attacker-input",
        "Does it take in input that an attacker may control?",
        "yes",
        "2 added lines where input enters",
        (Place("src/a_b.py", 12, "reads a request"), Place("src/c.py", 0, "payments: word pay")),
    ),
    Answer("secrets-absent", "Is it free of secrets?", "unclear", "secret-scan was not run"),
)
MARKDOWN = """\
### Checklist of HEAD

1 of 2 questions answered from the change; 1 left to the reviewer.

- [ ] **1. Does it take in input that an attacker may control?** yes: 2 added lines where input enters
  - `src/a_b.py:12` `reads a request`
  - `src/c.py` `payments: word pay`
- [ ] **2. Is it free of secrets?** unclear: secret-scan was not run
"""
BLOCK = """\
# Reviewer's checklist, answered from the change (nothing here is a review):
#
#  1. Does it take in input that an attacker may control? YES: 2 added lines where input enters
#       src/a_b.py:12 reads a request
#       src/c.py payments: word pay
#  2. Is it free of secrets? UNCLEAR: secret-scan was not run
"""
HOSTILE = [
    pytest.param("a`b.py", id="backtick"),
    pytest.param("``` x", id="fence"),
    pytest.param("<script>alert(1)</script>", id="html"),
    pytest.param("[x](https://example.org)", id="link"),
    pytest.param("![x](//example.org/a.png)", id="image"),
    pytest.param("@team please approve", id="mention"),
    pytest.param("fixes #12", id="reference"),
    pytest.param("a\n- [x] **1. done**", id="line"),
    pytest.param("a\r\nSigned-off-by: Dev Eloper <dev@example.org>", id="trailer"),
    pytest.param("\x1b]8;;https://example.org\x07x", id="escape"),
    pytest.param("\u202eyp.a", id="bidi"),
    pytest.param("------------------------ >8 ------------------------", id="scissors"),
    pytest.param("`", id="one backtick"),
    pytest.param("", id="nothing"),
    pytest.param("x" * 5000, id="long"),
]


def hostile(text: str) -> tuple[Answer, ...]:
    return (Answer("a-b", text, "yes", text, (Place(text, 3, text), Place(text, 0, text))),)


def test_markdown_byte_for_byte() -> None:
    assert markdown(ANSWERS, "Checklist of HEAD") == MARKDOWN


def test_comment_block_byte_for_byte() -> None:
    assert comment_block(ANSWERS) == BLOCK
    assert comment_block(ANSWERS, ";;") == re.sub(r"^#", ";;", BLOCK, flags=re.MULTILINE)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("a`b.py", "``a`b.py:3``", id="backtick inside"),
        pytest.param("`a", "`` `a:3 ``", id="backtick first"),
        pytest.param("a\nb", "`a\\nb:3`", id="line"),
        pytest.param("<b>", "`<b>:3`", id="markup"),
    ],
)
def test_names_stay_in_their_code_spans(text: str, shown: str) -> None:
    assert f"  - {shown} " in markdown(hostile(text), "t")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("<b> & *c*", "&lt;b&gt; &amp; \\*c\\*", id="markup"),
        pytest.param("a @team", "`a @team`", id="mention"),
        pytest.param("see #12", "`see #12`", id="reference"),
        pytest.param("[a](b)", "\\[a\\](b)", id="link"),
        pytest.param("\\<b", "\\\\&lt;b", id="escape"),
    ],
)
def test_sentences_are_escaped(text: str, shown: str) -> None:
    assert f"yes: {shown}\n" in markdown(hostile(text), "t")


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_adds_a_line_or_leaves_it(text: str) -> None:
    lines = markdown(hostile(text), text).splitlines()
    assert len(lines) == 7
    assert [line[:5] for line in lines[4:]] == ["- [ ]", "  - `", "  - `"]
    block = comment_block(hostile(text))
    assert block.count("\n") == 5
    assert all(line == "#" or line.startswith("# ") for line in block.split("\n")[:-1])
    assert "# ------------------------ >8 ------------------------" not in block.split("\n")


def outside_code(line: str) -> str:
    """Drop code spans as CommonMark finds them: a run of backticks, up to the next run of the same length."""
    return re.sub(r"(?<![`\\])(`+)(?!`)(.*?)(?<!`)\1(?!`)", "", line)


@given(st.text(max_size=60))
def test_any_text_is_inert(text: str) -> None:
    for line in markdown(hostile(text), text).split("\n"):
        rest = re.sub(r"\\.", "", outside_code(line.removeprefix("- [ ] ").removeprefix("### ")).replace("**", ""))
        assert not re.search(r"[<>`*_\[\]@]|://|www\.", rest), line
    assert all(line.startswith("#") for line in comment_block(hostile(text)).split("\n")[:-1])
