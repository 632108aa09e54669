from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.lines import added_lines, decode, split_lines


@pytest.mark.parametrize(
    ("data", "text", "encoding"),
    [
        pytest.param(b"", "", "utf-8", id="empty"),
        pytest.param("é\n".encode(), "é\n", "utf-8", id="utf-8"),
        pytest.param("\ufeffé".encode(), "é", "utf-8-sig", id="utf-8-mark"),
        pytest.param("é".encode("utf-16"), "é", "utf-16", id="utf-16"),
        pytest.param("é".encode("utf-32"), "é", "utf-32", id="utf-32"),
        pytest.param("code = 1\n".encode("utf-16-le"), "code = 1\n", "utf-16-le", id="utf-16-le-bare"),
        pytest.param("code = 1\n".encode("utf-16-be"), "code = 1\n", "utf-16-be", id="utf-16-be-bare"),
        pytest.param(b"caf\xe9", "café", "latin-1", id="latin-1"),
        pytest.param(b"\xc3", "\u00c3", "latin-1", id="cut-utf-8"),
        pytest.param(b"a\0b", None, "binary", id="nul"),
        pytest.param(b"\xff\xfea", None, "binary", id="cut-utf-16"),
        pytest.param(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", None, "binary", id="picture"),
    ],
)
def test_decode(data: bytes, text: str | None, encoding: str) -> None:
    assert decode(data) == (text, encoding)


@given(st.text().filter(lambda text: "\0" not in text and not text.startswith("\ufeff")))
def test_decode_reads_back_utf8(text: str) -> None:
    assert decode(text.encode()).text == text


@given(st.binary())
def test_decode_gives_text_unless_there_is_a_nul_or_a_mark(data: bytes) -> None:
    decoded = decode(data)
    marked = data.startswith((b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf", b"\0\0\xfe\xff"))
    assert decoded.text is not None or b"\0" in data or marked


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", []),
        ("a", ["a"]),
        ("a\n", ["a"]),
        ("a\n\n", ["a", ""]),
        ("a\r\nb", ["a", "b"]),
        ("a\rb\n", ["a\rb"]),
        ("a\fb\vc\u2028d\x85e\n", ["a\fb\vc\u2028d\x85e"]),
    ],
    ids=ascii,
)
def test_split_lines(text: str, lines: list[str]) -> None:
    assert split_lines(text) == lines


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        pytest.param(None, "a\nb\n", [(1, "a"), (2, "b")], id="new-file"),
        pytest.param("a\nb\n", "a\nb\n", [], id="unchanged"),
        pytest.param("a\nc\n", "a\nb\nc\n", [(2, "b")], id="inserted"),
        pytest.param("a\nb\n", "b\na\n", [], id="moved"),
        pytest.param("a\nb\nc\n", "a\nB\nc\n", [(2, "B")], id="changed"),
        pytest.param("a\n", "a\na\n", [(2, "a")], id="doubled"),
        pytest.param("a\nb\n", "a\n", [], id="removed"),
        pytest.param("a", "a\n", [], id="newline-at-the-end"),
        pytest.param("a\n", "a\r\n", [], id="line-ends-only"),
        pytest.param("", "a\n", [(1, "a")], id="was-empty"),
    ],
)
def test_added_lines(old: str | None, new: str, expected: list[tuple[int, str]]) -> None:
    assert [tuple(line) for line in added_lines(old, new)] == expected


LINES = st.lists(st.sampled_from("abcd"), max_size=12).map("\n".join)


@given(LINES, LINES)
def test_added_lines_stand_where_they_say(old: str, new: str) -> None:
    lines = split_lines(new)
    added = added_lines(old, new)
    assert all(lines[line.number - 1] == line.text for line in added)
    assert [line.number for line in added] == sorted({line.number for line in added})
    for text in set(lines) - set(split_lines(old)):
        assert sum(line.text == text for line in added) == lines.count(text), "a new text is added wherever it stands"


@given(LINES)
def test_nothing_is_added_to_itself(text: str) -> None:
    assert added_lines(text, text) == ()
