"""Results survive the trip through bytes, and nothing else is taken for results."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.model import CheckResult, Finding, Outcome, Severity, Skipped
from sayso.owing import Owed
from sayso.resultcodec import CodecError, Kept, decode, encode

_TEXT = st.text(max_size=9)
_WORD = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), max_size=9)
_FINDINGS = st.builds(
    Finding,
    *(_WORD, _TEXT, st.integers(0, 9), _TEXT, st.sampled_from(Severity)),
    st.lists(st.tuples(_WORD, _TEXT), max_size=2).map(tuple),
    st.lists(st.integers(1, 999), max_size=2).map(tuple),
)
_SKIPPED = st.builds(Skipped, _TEXT, _TEXT, st.booleans(), st.booleans())
_RESULTS = st.builds(
    CheckResult,
    *(_WORD, st.sampled_from(Outcome), st.lists(_FINDINGS, max_size=2).map(tuple), st.integers(0, 9)),
    *(st.lists(_SKIPPED, max_size=2).map(tuple), st.lists(_WORD).map(tuple), st.lists(_TEXT).map(tuple)),
)


_TEXTS = st.lists(_TEXT, max_size=2).map(tuple)
_OWED = st.lists(st.builds(Owed, _WORD, _TEXTS, _TEXTS, _TEXTS, _TEXTS), max_size=2).map(tuple)


@given(st.builds(Kept, st.lists(_RESULTS, max_size=3).map(tuple), _OWED, _OWED))
def test_there_and_back(kept: Kept) -> None:
    assert decode(encode(kept)) == kept


def test_a_path_of_any_bytes_survives() -> None:
    results = (CheckResult("a", Outcome.FOUND, (Finding("r", "caf\udce9", 1, "m", Severity.NOTE),)),)
    kept = Kept(results, (), (Owed("k", (), (), ("caf\udce9",)),))
    assert decode(encode(kept)) == kept


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"{}", id="no-list"),
        pytest.param(b"[[]]", id="no-result"),
        pytest.param(b'[[["a","maybe",[],0,[],[],[]]],[],[]]', id="unknown-outcome"),
        pytest.param(b'[[["a","clear",[["r"]],0,[],[],[]]],[],[]]', id="no-finding"),
        pytest.param(b'[ [["a","clear",[],0,[],[],[]]],[],[]]', id="not-canonical"),
        pytest.param(b'[[],[["k"]],[]]', id="nothing-owed-in-full"),
        pytest.param(b'[[[["a"],"clear",[],0,[],[],[]]],[],[]]', id="list-for-a-name"),
        pytest.param(b'[[["\\u001b[2J","clear",[],0,[],[],[]]],[],[]]', id="name-that-a-terminal-obeys"),
        pytest.param(b'[[["a","clear",[["r","p","1","m","note",[],[]]],0,[],[],[]]],[],[]]', id="text-for-a-line"),
        pytest.param(b'[[["a","clear",[["r","p",1,7,"note",[],[]]],0,[],[],[]]],[],[]]', id="number-for-a-message"),
        pytest.param(b'[[["a","clear",[],0,[["p","r",0,false]],[],[]]],[],[]]', id="number-for-a-flag"),
        pytest.param(b'[[],[["k",[1],[],[],[]]],[]]', id="number-for-a-duty"),
        pytest.param(b"[" * 99_999, id="deep"),
    ],
)
def test_refused(data: bytes) -> None:
    with pytest.raises(CodecError):
        decode(data)
