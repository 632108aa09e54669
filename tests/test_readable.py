from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.languages import KINDS, UNKNOWN
from sayso.readable import MOST_BYTES, Readable, prepare

POINTER = f"version https://git-lfs.github.com/spec/v1\noid sha256:{'a' * 64}\nsize 12345\n".encode()


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        pytest.param(b"", b"", id="empty"),
        pytest.param(b"x = 1\n", b"x = 1\n", id="ascii"),
        pytest.param("caf\u00e9".encode(), "caf\u00e9".encode(), id="utf-8"),
        pytest.param(b"\xef\xbb\xbfx", b"x", id="utf-8-mark"),
        pytest.param("x = 1\n".encode("utf-16"), b"x = 1\n", id="utf-16"),
        pytest.param("x = 1\n".encode("utf-16-be"), b"x = 1\n", id="utf-16-be-without-mark"),
        pytest.param(b"caf\xe9", "caf\u00e9".encode(), id="latin-1"),
        pytest.param("\ud800".encode("utf-16-le", "surrogatepass") + b"x\0y\0z\0", None, id="lone-surrogate"),
        pytest.param(POINTER + b"key = 1\n", POINTER + b"key = 1\n", id="more-than-a-pointer"),
        pytest.param(POINTER.replace(b"a" * 64, b"a"), POINTER.replace(b"a" * 64, b"a"), id="pointer-to-nothing"),
    ],
)
def test_text_becomes_utf8(data: bytes, expected: bytes | None) -> None:
    assert prepare(data, len(data), "code").data == expected


@pytest.mark.parametrize(
    ("data", "size", "kind", "blocks"),
    [
        pytest.param(b"\0\1\2", 3, "code", True, id="binary-code"),
        pytest.param(b"\0\1\2", 3, "text", True, id="binary-text"),
        pytest.param(b"\0\1\2", 3, "media", False, id="binary-picture"),
        pytest.param(b"\0\1\2", 3, UNKNOWN, False, id="binary-unknown"),
        pytest.param(b"x", MOST_BYTES + 1, "code", True, id="too-large"),
        pytest.param(b"x", MOST_BYTES + 1, "media", True, id="too-large-text-of-a-picture"),
        pytest.param(POINTER, len(POINTER), "code", False, id="lfs-pointer"),
        pytest.param(
            POINTER.replace(b"oid", b"ext-0-x sha256:" + b"b" * 64 + b"\noid"),
            250,
            "text",
            False,
            id="lfs-with-extension",
        ),
    ],
)
def test_what_cannot_be_examined_says_why(data: bytes, size: int, kind: str, blocks: bool) -> None:
    ready = prepare(data, size, kind)
    assert (ready.data, ready.blocks) == (None, blocks)
    assert ready.reason


def test_the_limit_itself_is_examined() -> None:
    assert prepare(b"x", MOST_BYTES, "code") == Readable(b"x")


@given(data=st.binary(max_size=300), kind=st.sampled_from([*KINDS, UNKNOWN]))
def test_there_is_text_or_a_reason(data: bytes, kind: str) -> None:
    ready = prepare(data, len(data), kind)
    assert (ready.data is None) == bool(ready.reason)
    if ready.data is not None:
        ready.data.decode("utf-8")
