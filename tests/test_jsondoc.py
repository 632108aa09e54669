from __future__ import annotations

import contextlib
import json
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso import jsondoc
from sayso.model import DataError

TEXT = st.text(st.characters(codec="utf-8"))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**15), 10**15) | TEXT,
    lambda children: st.lists(children) | st.dictionaries(TEXT, children),
)


@given(JSON)
def test_what_is_plain_is_read_as_it_is(value: Any) -> None:
    assert jsondoc.read(json.dumps(value, ensure_ascii=False).encode(), "x").value == value


@given(st.binary())
def test_bytes_are_a_document_or_a_clear_error(data: bytes) -> None:
    with contextlib.suppress(DataError):
        jsondoc.read(data, "report.json")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        pytest.param(b"", "empty", id="empty"),
        pytest.param(b" \n", "empty", id="blank"),
        pytest.param(b'{"a": 1', "was cut off", id="cut-off-object"),
        pytest.param(b'{"a": "b', "not JSON", id="cut-off-string"),
        pytest.param(b'{"a": 1} {"b": 2}', "Extra data", id="two-documents"),
        pytest.param(b'{"a": 1, "b": 2, "a": 1}', "'a' stands twice", id="duplicate-key"),
        pytest.param(b'[[{"a": 1, "\\u0061": 1}]]', "'a' stands twice", id="duplicate-by-escape"),
        pytest.param(b'{"a": NaN}', "NaN is not a number", id="nan"),
        pytest.param(b'{"a": -Infinity}', "-Infinity is not a number", id="infinity"),
        pytest.param(b'{"a": 1e999}', "1e999 is too large", id="infinite-float"),
        pytest.param(b'{"a": ' + b"9" * 5000 + b"}", "is too large", id="long-integer"),
        pytest.param(b"[" * 100_000, "nested", id="deep-and-cut-off"),
        pytest.param(b"[" * 100_000 + b"]" * 100_000, "nested too deep", id="deep"),
        pytest.param(b"[" * 65 + b"]" * 65, "nested deeper than 64", id="one-too-deep"),
        pytest.param(b'{"a":' * 70 + b"1" + b"}" * 70, "nested deeper than 64", id="deep-objects"),
        pytest.param(b"\xef\xbb\xbf{}", "byte order mark", id="utf-8-mark"),
        pytest.param("{}".encode("utf-16"), "byte order mark", id="utf-16"),
        pytest.param('{"a": "ä"}'.encode("latin-1"), "not UTF-8 at byte 7", id="latin-1"),
        pytest.param(b"{'a': 1}", "not JSON", id="not-json"),
        pytest.param(b'{"a": 1,}', "not JSON", id="trailing-comma"),
        pytest.param(b"\x1f\x8b\x08\x00", "not UTF-8", id="gzip"),
    ],
)
def test_what_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(DataError, match=r"^r\.sarif: ") as caught:
        jsondoc.read(data, "r.sarif")
    assert reason in str(caught.value)
    assert len(str(caught.value)) < 300


def test_sixty_four_levels_are_not_too_deep() -> None:
    assert jsondoc.read(b"[" * 64 + b"]" * 64, "x").value


def test_a_report_that_is_too_large_is_not_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jsondoc, "MOST_BYTES", 1 << 20)
    with pytest.raises(DataError, match="more than 1 MiB"):
        jsondoc.read(b"[" + b" " * (1 << 20) + b"]", "x")


def test_a_report_of_too_many_parts_is_not_parsed() -> None:
    with pytest.raises(DataError, match="more than 2000000 objects and lists"):
        jsondoc.read(b"[" + b"[]," * 2_000_000 + b"[]]", "x")


def test_time_grows_with_size_and_not_faster() -> None:
    def seconds(count: int) -> float:
        data = b"[" + b",".join([b'{"a":"\\"\\\\[[[[","b":[1,2,3]}'] * count) + b"]"
        start = time.process_time()
        jsondoc.read(data, "x")
        return time.process_time() - start

    small = min(seconds(5_000) for _ in range(3))
    assert min(seconds(40_000) for _ in range(3)) < 8 * 8 * small


NODE = jsondoc.Node(
    {"s": "x", "n": 3, "b": True, "o": {}, "l": [{}], "t": ["x"], "z": None, "f": 1.5, "h": "\udc80"}, "r"
)


@pytest.mark.parametrize(
    ("method", "key", "message"),
    [
        pytest.param("text", "n", "r.n: expected a string, got a whole number", id="text"),
        pytest.param("text", "z", "r.z: expected a string, got nothing", id="null"),
        pytest.param("text", "h", "r.h: half a surrogate pair is no text", id="surrogate"),
        pytest.param("text", "q", "r: missing key 'q'", id="missing"),
        pytest.param("number", "b", "r.b: expected a whole number, got true or false", id="true-is-no-number"),
        pytest.param("number", "f", "r.f: expected a whole number, got a number", id="fraction"),
        pytest.param("flag", "n", "r.n: expected true or false, got a whole number", id="flag"),
        pytest.param("object", "l", "r.l: expected an object, got a list", id="object"),
        pytest.param("list", "o", "r.o: expected a list, got an object", id="list"),
        pytest.param("list", "t", "r.t[0]: expected an object, got a string", id="list-of-objects"),
        pytest.param("texts", "l", "r.l[0]: expected a string, got an object", id="texts"),
    ],
)
def test_a_wrong_value_is_named_by_its_place(method: str, key: str, message: str) -> None:
    with pytest.raises(DataError) as caught:
        getattr(NODE, method)(key)
    assert str(caught.value) == message


def test_a_number_has_a_least_value_but_for_its_default() -> None:
    assert NODE.number("n", least=3) == 3
    assert NODE.number("q", -1, least=0) == -1
    with pytest.raises(DataError, match=r"r\.n: 3 is less than 4"):
        NODE.number("n", least=4)


def test_a_list_is_no_object() -> None:
    with pytest.raises(DataError, match="x: expected an object, got a list"):
        jsondoc.read(b"[]", "x").has("a")
