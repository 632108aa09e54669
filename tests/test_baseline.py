"""Entries follow their findings through edits and moves, cover no second finding, and survive the file format."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.baseline import HEADER, Entry, Seen, assign, grown, parse, render, seen
from sayso.evidence import Spot
from sayso.model import DataError

TEXT = "import x\n\ndef f():\n    x.get(verify=False)\n    return 1\n"
RULE = "python-tls-verification-off"


def at(text: str, line: int, path: str = "a.py", old_path: str = "") -> Seen:
    return seen(Spot(RULE, line, line), text, path, old_path)


def entry(item: Seen, reason: str = "") -> Entry:
    return Entry(*item[:4], reason)


OLD = entry(at(TEXT, 4))


@pytest.mark.parametrize(
    ("item", "gone", "covered"),
    [
        pytest.param(at(TEXT, 4), False, True, id="unchanged"),
        pytest.param(at("# one\n# two\n\n" + TEXT, 7), False, True, id="moved-down"),
        pytest.param(at(TEXT.replace("    x", "\t\tx"), 4), False, True, id="indented"),
        pytest.param(at(TEXT.replace("return 1", "return 2"), 4), False, True, id="neighbour-edited"),
        pytest.param(at(TEXT.replace("False)", "False, a=1)"), 4), False, False, id="line-edited"),
        pytest.param(at(TEXT, 4, "b.py", "a.py"), False, True, id="renamed"),
        pytest.param(at(TEXT, 4, "b.py"), True, True, id="file-gone"),
        pytest.param(at(TEXT.replace("return 1", "return 2"), 4, "b.py"), True, True, id="file-gone-and-edited"),
        pytest.param(at(TEXT, 4, "b.py"), False, False, id="copied"),
        pytest.param(at(TEXT, 4)._replace(rule="python-other"), False, False, id="other-rule"),
    ],
)
def test_assign(item: Seen, gone: bool, covered: bool) -> None:
    assert assign([OLD], [item], lambda _path: gone) == ({0: 0} if covered else {})


def test_an_entry_covers_one_finding() -> None:
    assert assign([OLD], [at(TEXT, 4), at(TEXT + TEXT, 9)], lambda _path: False) == {0: 0}
    assert assign([OLD, OLD], [at(TEXT, 4), at(TEXT, 4)], lambda _path: False) == {0: 0, 1: 1}


def test_the_closest_entry_goes_first() -> None:
    elsewhere, edited = OLD._replace(path="b.py"), OLD._replace(around="0" * 8)
    assert assign([elsewhere, edited, OLD], [at(TEXT, 4)], lambda _path: True) == {0: 2}
    assert assign([elsewhere, edited], [at(TEXT, 4)], lambda _path: True) == {0: 1}


@pytest.mark.parametrize(
    ("new", "expected"),
    [
        pytest.param([OLD], [], id="same"),
        pytest.param([], [], id="shrunk"),
        pytest.param([OLD._replace(around="0" * 8)], [], id="neighbourhood"),
        pytest.param([OLD._replace(path="b.py")], [], id="moved"),
        pytest.param([OLD, OLD], [OLD], id="twice"),
        pytest.param([OLD, OLD._replace(line="0" * 12)], [OLD._replace(line="0" * 12)], id="another-line"),
    ],
)
def test_grown(new: list[Entry], expected: list[Entry]) -> None:
    assert grown(new, [OLD]) == expected


def test_render_is_sorted_and_has_no_numbers_of_lines() -> None:
    last = Entry("f" * 12, "0" * 8, RULE, "a.py", "a  reason\nof two lines")
    text = render([last, OLD])
    assert text == render([OLD, last])
    assert text.startswith(HEADER)
    assert text.splitlines()[-1] == f"{'f' * 12} {'0' * 8} {RULE} a.py -- a reason of two lines"


ENTRIES = st.builds(
    Entry,
    st.from_regex(r"[0-9a-f]{12}", fullmatch=True),
    st.from_regex(r"[0-9a-f]{8}", fullmatch=True),
    st.sampled_from([RULE, "secret-aws-key"]),
    st.binary(min_size=1, max_size=12).map(lambda data: data.decode("utf-8", "surrogateescape")),
    st.sampled_from(["", "vendored", "legacy -- see #12"]),
)


@given(st.lists(ENTRIES, max_size=5))
def test_what_is_written_is_read_back(entries: list[Entry]) -> None:
    text = render(entries)
    assert sorted(parse(text)) == sorted(entries)
    assert parse(text.replace("\n", "\r\n")) == parse(text)
    assert text.isascii()


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("<<<<<<< ours", id="conflict"),
        pytest.param(f"{'f' * 12} {'0' * 8} {RULE}", id="no-path"),
        pytest.param(f"{'f' * 11} {'0' * 8} {RULE} a.py", id="short"),
        pytest.param(f"{'f' * 12} {'0' * 8} {RULE} a b.py", id="space"),
        pytest.param(f"{'f' * 12} {'0' * 8} {RULE} a%zz", id="escape"),
        pytest.param(f"{'f' * 12} {'0' * 8} {RULE} a.py --", id="empty-reason"),
        pytest.param("\0", id="nul"),
    ],
)
def test_parse_names_the_line_that_is_no_entry(line: str) -> None:
    with pytest.raises(DataError, match=r"^sayso.baseline:2: not an entry"):
        parse(f"# a comment\n{line}\n")


def test_parse_refuses_what_is_too_large() -> None:
    with pytest.raises(DataError, match="more than 16 MiB"):
        parse("#" * (17 << 20))


def test_parse_takes_no_longer_for_a_hostile_line() -> None:
    with pytest.raises(DataError):
        parse(f"{'f' * 12} {'0' * 8} a{'-a' * 200_000}! x\n")
