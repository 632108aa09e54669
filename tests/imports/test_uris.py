from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.imports.uris import Addresses, Roots
from sayso.jsondoc import Node
from sayso.model import DataError

TOP = "/home/dev/repo"
ROOTS = Roots((TOP,))
BASES = {
    "SRC": {"uri": f"file://{TOP}/src/"},
    "ROOT": {"uri": "file:///"},
    "DEEP": {"uri": "deep/", "uriBaseId": "SRC"},
    "HERE": {"description": {"text": "the top"}},
    "NOSLASH": {"uri": f"file://{TOP}/src"},
    "LOOP": {"uri": "a/", "uriBaseId": "LOOP"},
    "OUT": {"uri": "file:///etc/"},
    "UP": {"uri": "../", "uriBaseId": "SRC"},
}


def path(uri: str, base: str | None = None, roots: Roots = ROOTS, **run: Any) -> str:
    location = {"uri": uri} | ({"uriBaseId": base} if base else {})
    return Addresses(Node({"originalUriBaseIds": BASES, **run}, "r"), roots).path(Node(location, "r.location"))


@pytest.mark.parametrize(
    ("uri", "base", "expected"),
    [
        pytest.param("src/a.py", None, "src/a.py", id="relative"),
        pytest.param("./src/./a.py", None, "src/a.py", id="dots"),
        pytest.param("src/a%20b%C3%BC.py", None, "src/a bü.py", id="escaped"),
        pytest.param("src/a bü.py", None, "src/a bü.py", id="plain"),
        pytest.param("a%FF.py", None, "a\udcff.py", id="not-utf-8"),
        pytest.param("a%2541.py", None, "a%41.py", id="decoded-once"),
        pytest.param(f"file://{TOP}/a.py", None, "a.py", id="absolute"),
        pytest.param(f"file:{TOP}/a.py", None, "a.py", id="absolute-without-host"),
        pytest.param(f"FILE://localhost{TOP}/a.py", None, "a.py", id="localhost"),
        pytest.param(f"{TOP}/a.py", None, "a.py", id="absolute-path"),
        pytest.param("a.py", "%SRCROOT%", "a.py", id="base-that-the-run-does-not-define"),
        pytest.param("a.py", "HERE", "a.py", id="base-without-address"),
        pytest.param("a.py", "SRC", "src/a.py", id="base"),
        pytest.param("a.py", "DEEP", "src/deep/a.py", id="base-of-a-base"),
        pytest.param(f"{TOP[1:]}/a.py", "ROOT", "a.py", id="base-above-the-repository"),
    ],
)
def test_addresses_of_files(uri: str, base: str | None, expected: str) -> None:
    assert path(uri, base) == expected


@pytest.mark.parametrize(
    ("uri", "base"),
    [
        pytest.param("../a.py", None, id="up"),
        pytest.param("src/../../a.py", None, id="up-in-the-middle"),
        pytest.param("src/../a.py", None, id="up-and-still-inside"),
        pytest.param("%2e%2e/a.py", None, id="up-escaped"),
        pytest.param("a.py", "UP", id="up-by-base"),
        pytest.param(f"file://{TOP}/../other/a.py", None, id="up-absolute"),
        pytest.param("src%2Fa.py", None, id="escaped-slash"),
        pytest.param("a%00.py", None, id="zero-byte"),
        pytest.param("a%zz.py", None, id="escape-of-nothing"),
        pytest.param("100%.py", None, id="percent"),
        pytest.param("a\x00.py", None, id="control"),
        pytest.param("src\\a.py", None, id="backslash"),
        pytest.param("C:/repo/a.py", None, id="drive"),
        pytest.param("https://example.org/a.py", None, id="web"),
        pytest.param("//example.org/a.py", None, id="host"),
        pytest.param("file://example.org/a.py", None, id="file-on-a-host"),
        pytest.param("file:a.py", None, id="file-without-a-path"),
        pytest.param("a.py?x=1", None, id="query"),
        pytest.param("a.py#L1", None, id="fragment"),
        pytest.param("", None, id="empty"),
        pytest.param("a//b.py", None, id="empty-part"),
        pytest.param("file:///etc/passwd", None, id="outside"),
        pytest.param(f"file://{TOP}2/a.py", None, id="outside-with-the-same-beginning"),
        pytest.param(f"file://{TOP}", None, id="the-top-itself"),
        pytest.param("passwd", "OUT", id="outside-by-base"),
        pytest.param("a.py", "NOSLASH", id="base-without-slash"),
        pytest.param("a.py", "LOOP", id="base-of-itself"),
        pytest.param("x" * 5000, None, id="too-long"),
    ],
)
def test_what_is_no_address_of_a_file(uri: str, base: str | None) -> None:
    with pytest.raises(DataError, match=r"^r\."):
        path(uri, base)


def test_relative_addresses_begin_where_the_tool_ran() -> None:
    assert path("a.py", roots=Roots((TOP,), "sub/")) == "sub/a.py"
    assert path("a.py", "%SRCROOT%", roots=Roots((TOP,), "sub/")) == "a.py"
    ran = [{"workingDirectory": {"uri": f"file://{TOP}/other"}}]
    assert path("a.py", roots=Roots((TOP,), "sub/"), invocations=ran) == "other/a.py"


def test_a_repository_may_have_been_elsewhere() -> None:
    roots = Roots((TOP, "/github/workspace"))
    assert path("file:///github/workspace/a.py", roots=roots) == "a.py"
    assert path(f"file://{TOP}/a.py", roots=roots) == "a.py"
    assert path("file:///D:/a/repo/src/x.cs", roots=Roots((TOP, "/D:/a/repo"))) == "src/x.cs"


@given(st.text(max_size=60) | st.from_regex(r"(file://)?/?([a.%2eEfF/\\]{1,9}){1,5}", fullmatch=True))
def test_an_address_never_leaves_the_repository(uri: str) -> None:
    try:
        found = path(uri)
    except DataError:
        return
    parts = found.split("/")
    assert ".." not in parts
    assert "" not in parts
    assert "." not in parts


def test_a_plain_name_is_taken_as_it_is() -> None:
    addresses = Addresses(Node({}, "r"), Roots((TOP,), "sub/"))
    assert addresses.named("./a%20b?.py", Node({}, "r")) == "sub/a%20b?.py"
    assert addresses.named(f"{TOP}/a.py", Node({}, "r")) == "a.py"
    with pytest.raises(DataError, match="climbs"):
        addresses.named("../a.py", Node({}, "r"))
