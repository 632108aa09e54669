# ruff: noqa: RUF001 - characters that look alike are the subject
from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso import prose
from sayso.unseen import fold


def norms(text: str, *, message: bool = False) -> list[str]:
    return [statement.norm for statement in prose.statements(text, message=message)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("plain", "plain", id="ascii"),
        pytest.param("ｓｅｃｕｒｅ", "secure", id="fullwidth"),
        pytest.param("𝐬𝐞𝐜𝐮𝐫𝐞 𝓼𝓮𝓬𝓾𝓻𝓮", "secure secure", id="mathematical"),
        pytest.param("ѕесurе", "secure", id="cyrillic"),
        pytest.param("ѕеcυrε", "secure", id="greek"),
        pytest.param("se\u200bcu\u00adre\u2060", "secure", id="zero-width"),
        pytest.param("s\u0335e\u0301cure", "secure", id="combining"),
        pytest.param("se\U000e0041cure", "secure", id="tags"),
        pytest.param("überprüft", "uberpruft", id="accents"),
        pytest.param("ガード 安全", "ガード 安全", id="japanese-keeps-voicing"),
        pytest.param("a – b", "a - b", id="dash"),
        pytest.param("✔️ done", "✅ done", id="check-mark"),
    ],
)
def test_fold(text: str, expected: str) -> None:
    assert fold(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("This is\nwrapped text.", ["this is wrapped text."], id="wrapped"),
        pytest.param("One. Two is it.", ["one.", "two is it."], id="sentences"),
        pytest.param("- a\n- b", ["a", "b"], id="items"),
        pytest.param("# Head\ntext", ["head", "text"], id="heading"),
        pytest.param("| a | b |\n|---|---|\n| c | d |", ["| a | b |", "| c | d |"], id="table"),
        pytest.param("**se**cure __it__ ~~now~~", ["secure it now"], id="emphasis"),
        pytest.param("sec<b></b>ure<br>x", ["secure x"], id="html"),
        pytest.param("&#115;ecure &amp; s", ["secure & s"], id="entities"),
        pytest.param("s e c u r e  code", ["secure code"], id="letter-spaced"),
        pytest.param("see [the docs](http://x.example/)", ["see the docs"], id="link"),
        pytest.param("![badge: secure](http://x.example/)", [], id="image"),
        pytest.param('he said "it is secure" twice', ['he said "q" twice'], id="quotation"),
        pytest.param("call `is_secure()` now", ["call `c` now"], id="code-span"),
        pytest.param("```\nsecure\n```\nafter", ["after"], id="fence"),
        pytest.param("```\nsecure", ["secure"], id="open-fence-hides-nothing"),
        pytest.param("> quoted\n\nown", ["own"], id="block-quotation"),
        pytest.param("> **Note** ours", ["note ours"], id="call-out"),
        pytest.param("text\n\n    code\n", ["text"], id="indented-code"),
        pytest.param("║ Status: ✅ ║", ["| status: ✅ |"], id="box"),
        pytest.param("- [x] done", ["✅ done"], id="ticked"),
        pytest.param("snake_case_name", ["snake_case_name"], id="identifier"),
        pytest.param("it's fine, isn't it", ["it's fine, isn't it"], id="apostrophes"),
    ],
)
def test_statements(text: str, expected: list[str]) -> None:
    assert norms(text) == expected


def test_an_unticked_box_is_pending() -> None:
    assert [s.pending for s in prose.statements("- [ ] a\n- [x] b\n- c")] == [True, False, False]


def test_statements_know_their_lines_and_keep_their_words() -> None:
    found = list(prose.statements("Subject\n\nOne is\nwrapped. **Two** too.", message=True))
    assert [(s.line, s.end, s.text) for s in found] == [
        (1, 1, "Subject"),
        (3, 4, "One is wrapped."),
        (4, 4, "**Two** too."),
    ]


def test_the_subject_of_a_message_stands_alone() -> None:
    assert norms("one\ntwo", message=True) == ["one", "two"]
    assert norms("one\ntwo") == ["one two"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("a\nb\u200bc", [(2, "ZERO WIDTH SPACE (U+200B)")], id="zero-width-space"),
        pytest.param("if \u202e} a", [(1, "RIGHT-TO-LEFT OVERRIDE (U+202E)")], id="override"),
        pytest.param("a\u2066b", [(1, "LEFT-TO-RIGHT ISOLATE (U+2066)")], id="isolate-in-latin"),
        pytest.param("a\u00adb", [(1, "SOFT HYPHEN (U+00AD)")], id="soft-hyphen"),
        pytest.param("a\u200db", [(1, "ZERO WIDTH JOINER (U+200D)")], id="joiner-in-latin"),
        pytest.param("x\U000e0041", [(1, "TAG LATIN CAPITAL LETTER A (U+E0041)")], id="tag"),
        pytest.param("x\ufe0e", [(1, "VARIATION SELECTOR-15 (U+FE0E)")], id="selector-after-letter"),
        pytest.param("😀\ufe0f\ufe0e", [(1, "VARIATION SELECTOR-15 (U+FE0E)")], id="run-of-selectors"),
        pytest.param("😀\U000e0101", [(1, "VARIATION SELECTOR-18 (U+E0101)")], id="supplementary-selector"),
        pytest.param("a\ufeffb", [(1, "ZERO WIDTH NO-BREAK SPACE (U+FEFF)")], id="mark-inside"),
        pytest.param("a\u3164b", [(1, "HANGUL FILLER (U+3164)")], id="filler"),
        pytest.param("a\x08b\x1b", [(1, "BACKSPACE (U+0008)"), (1, "ESCAPE (U+001B)")], id="controls"),
        pytest.param("\u200b\u200b", [(1, "ZERO WIDTH SPACE (U+200B)")], id="once-a-line"),
    ],
)
def test_hidden(text: str, expected: list[tuple[int, str]]) -> None:
    assert prose.hidden(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("plain\ttext\r\n", id="ascii"),
        pytest.param("\ufeffstart", id="byte-order-mark"),
        pytest.param("👩\u200d💻 👨\u200d👩\u200d👧 🏳\ufe0f\u200d🌈 👩🏽\u200d🚀", id="emoji-sequences"),
        pytest.param("✔\ufe0f 1\ufe0f\u20e3 ❤\ufe0f", id="variation-selectors"),
        pytest.param("می\u200cخواهم", id="persian"),
        pytest.param("क्\u200dष श्\u200cर", id="devanagari"),
        pytest.param("\u200fשלום\u200e abc", id="hebrew-marks"),
        pytest.param("שלום \u2066abc\u2069", id="isolates-in-hebrew"),
        pytest.param("\U0001f3f4\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f", id="flag-of-scotland"),
        pytest.param("葛\U000e0100", id="ideographic-variant"),
        pytest.param("Größe café 日本語", id="letters"),
    ],
)
def test_needed_characters_are_not_hidden(text: str) -> None:
    assert prose.hidden(text) == []


@given(st.text())
def test_any_text_is_taken(text: str) -> None:
    prose.hidden(text)
    for statement in prose.statements(text):
        assert 1 <= statement.line <= statement.end <= text.count("\n") + 1
        assert statement.norm


@pytest.mark.parametrize(
    "piece",
    [
        "`",
        '"',
        "'",
        "*",
        "_",
        "<",
        "<a ",
        "[",
        "[](",
        "![",
        "“",
        "«",
        "> ",
        "&#",
        "s e ",
        ". A",
        "- [",
        "```\n",
        "a: ",
        "\u200b",
    ],
)
def test_hostile_text_costs_no_more_than_its_length(piece: str) -> None:
    def spent(count: int) -> float:
        start = time.process_time()
        for _ in prose.statements(piece * count):
            pass
        return time.process_time() - start

    spent(10)
    small, large = spent(4_000), spent(32_000)
    assert large < max(0.5, small * 40)
