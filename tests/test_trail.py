from __future__ import annotations

import hashlib
import json
import tomllib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso import tables, trail
from sayso.model import Change, ChangeKind, DataError, Identity
from sayso.trail import ORIGIN, Chain, Recorded, TrailError
from specimens import ROOT

DEV = Identity("Dev Eloper", "dev@example.org")
TABLE = (ROOT / "rules" / "trail.toml").read_text()
FIELDS = trail.read_fields(tables.parse(TABLE, "trail.toml"))
MESSAGE = """\
Add a login

Plan: keep it small

Request: TICKET-12
Security-Assumption: the proxy ends TLS
 and adds the header
Residual-Risk: none of the old sessions end
Residual-Risk: the log is not signed
reviewed-by: Rita Viewer <rita@example.org>
"""
COMMIT = Recorded(
    "a" * 40,
    ("b" * 40,),
    "c" * 40,
    DEV,
    DEV,
    "2026-11-26T10:00:00+01:00",
    "2026-11-26T10:00:00+01:00",
    MESSAGE,
    (
        Change(ChangeKind.MODIFIED, "src/login.py", blob="d" * 40),
        Change(ChangeKind.RENAMED, "b.py", "a\udce9.py", blob="e" * 40),
    ),
)
LISTS: dict[str, list[Any]] = {"ai": [{"tool": "x"}], "evidence": [{"id": "1"}]}


def lines(count: int, **lists: Any) -> list[bytes]:
    chain = Chain()
    found = []
    for number in range(count):
        commit = COMMIT._replace(id=f"{number:040x}")
        line = trail.entry(trail.facts(commit, FIELDS, "0.1.0"), LISTS | lists, chain.seq, chain.head)
        chain.follow(line)
        found.append(line)
    return found


def test_an_entry_says_what_git_says() -> None:
    facts = trail.facts(COMMIT, FIELDS, "0.1.0")
    assert facts["subject"] == "Add a login"
    assert facts["author"] == {"name": "Dev Eloper", "email": "dev@example.org", "date": "2026-11-26T10:00:00+01:00"}
    assert facts["files"] == [
        {"path": "src/login.py", "kind": "modified", "mode": "100644", "blob": "d" * 40},
        {"path": "b.py", "kind": "renamed", "mode": "100644", "blob": "e" * 40, "old_path": "a\udce9.py"},
    ]


def test_trailers_become_fields_and_loose_ones_are_marked() -> None:
    assert trail.facts(COMMIT, FIELDS, "0.1.0")["said"] == {
        "request": [{"key": "Request", "value": "TICKET-12"}],
        "plan": [{"key": "Plan", "value": "keep it small", "loose": True}],
        "assumptions": [{"key": "Security-Assumption", "value": "the proxy ends TLS and adds the header"}],
        "risks": [
            {"key": "Residual-Risk", "value": "none of the old sessions end"},
            {"key": "Residual-Risk", "value": "the log is not signed"},
        ],
        "reviews": [{"key": "reviewed-by", "value": "Rita Viewer <rita@example.org>"}],
    }


@pytest.mark.parametrize(
    "message",
    ["Add a plan", "Add\n\nWe plan: a house", "Add\n\n> Request: quoted", "Add\n\n    Request: code\n\nand more"],
)
def test_words_that_are_no_trailers(message: str) -> None:
    assert trail.said(message, FIELDS, "0.1.0") == {}


def test_a_field_of_a_later_version_is_not_expected_of_an_older_entry() -> None:
    later = tuple(field._replace(since=(0, 2, 0)) if field.name == "request" else field for field in FIELDS)
    assert "request" not in trail.said(MESSAGE, later, "0.1.0")
    assert "request" in trail.said(MESSAGE, later, "0.2.0")


def test_keys_and_names_of_the_table_are_unique() -> None:
    entries = tomllib.loads(TABLE)["field"]
    keys = [key.lower() for entry in entries for key in entry["keys"]]
    assert len(keys) == len(set(keys))
    assert len({entry["name"] for entry in entries}) == len(entries)


@pytest.mark.parametrize("text", ['[[field]]\nname = "a"\n', TABLE.replace("0.1.0", "soon"), f"{TABLE}more = 1\n"])
def test_a_table_that_is_wrong(text: str) -> None:
    with pytest.raises(DataError, match=r"^trail\.toml:"):
        trail.read_fields(tables.parse(text, "trail.toml"))


def test_a_line_is_canonical_and_names_the_line_before_it() -> None:
    first, second = lines(2)
    assert json.dumps(json.loads(first), sort_keys=True, separators=(",", ":")).encode() == first
    assert json.loads(first)["previous"] == ORIGIN
    assert json.loads(second)["previous"] == hashlib.sha256(first).hexdigest() == trail.digest(first)
    assert lines(2) == [first, second]


def test_the_chain_ends_with_the_digest_of_the_last_line() -> None:
    chain = Chain()
    assert chain.head == ORIGIN
    every = lines(3)
    for number, line in enumerate(every):
        assert chain.follow(line)["seq"] == number
    assert (chain.seq, chain.head) == (3, trail.digest(every[-1]))


def follow(chain: Chain, every: list[bytes]) -> None:
    for line in every:
        chain.follow(line)


def changed(line: bytes, **values: Any) -> bytes:
    return json.dumps(json.loads(line) | values, sort_keys=True, separators=(",", ":")).encode()


def _dropped(every: list[bytes]) -> list[bytes]:
    return [every[0], every[2]]


def _swapped(every: list[bytes]) -> list[bytes]:
    return [every[1], every[0], every[2]]


def _edited(every: list[bytes]) -> list[bytes]:
    return [changed(every[0], subject="Another"), *every[1:]]


def _renumbered(every: list[bytes]) -> list[bytes]:
    return [every[0], changed(every[2], seq=1)]


def _twice(every: list[bytes]) -> list[bytes]:
    return [every[0], every[0]]


def _beheaded(every: list[bytes]) -> list[bytes]:
    return [changed(every[1], seq=0)]


@pytest.mark.parametrize(
    ("forged", "place", "said"),
    [
        pytest.param(_dropped, 1, "entries are missing", id="dropped"),
        pytest.param(_swapped, 0, "entries are missing or moved", id="swapped"),
        pytest.param(_edited, 1, "changed or dropped", id="edited"),
        pytest.param(_renumbered, 1, "changed or dropped", id="renumbered"),
        pytest.param(_twice, 1, "missing or moved", id="twice"),
        pytest.param(_beheaded, 0, "not where the trail begins", id="beheaded"),
    ],
)
def test_a_chain_that_was_tampered_with(forged: Any, place: int, said: str) -> None:
    chain = Chain()
    with pytest.raises(TrailError, match=said):
        follow(chain, forged(lines(3)))
    assert chain.seq == place


LINE = lines(1)[0]


@pytest.mark.parametrize(
    "line",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"{", id="cut-off"),
        pytest.param(b"[]", id="list"),
        pytest.param(b"\xff", id="not-text"),
        pytest.param(b"[" * 100_000, id="deep"),
        pytest.param(LINE.replace(b'"seq":0', b'"seq": 0'), id="space"),
        pytest.param(LINE.replace(b'"seq":0', b'"seq":0,"seq":0'), id="key-twice"),
        pytest.param(LINE.replace(b'"seq":0', b'"seq":NaN'), id="no-number"),
        pytest.param(changed(LINE, seq=True), id="true-for-a-number"),
        pytest.param(changed(LINE, format=2), id="another-format"),
        pytest.param(changed(LINE, more=1), id="another-key"),
        pytest.param(changed(LINE, commit=f"{'a' * 40}\n"), id="no-commit-id"),
        pytest.param(changed(LINE, commit="--output=x"), id="option-for-an-id"),
        pytest.param(changed(LINE, files={}), id="object-for-a-list"),
        pytest.param(changed(LINE, sayso="soon"), id="no-version"),
        pytest.param(changed(LINE, sayso="0.0.1"), id="version-that-never-was"),
        pytest.param(changed(LINE, subject="x" * trail.MOST_LINE), id="huge"),
    ],
)
def test_what_is_no_entry(line: bytes) -> None:
    with pytest.raises(TrailError):
        trail.decode(line)


@given(st.binary(max_size=200))
def test_any_bytes_are_refused_in_one_way(line: bytes) -> None:
    with pytest.raises(TrailError):
        trail.decode(line)


@given(st.integers(0, len(LINE) - 1), st.integers(1, 255))
def test_one_changed_byte_breaks_the_chain(place: int, by: int) -> None:
    first, second = lines(2)
    damaged = bytearray(first)
    damaged[place] ^= by
    with pytest.raises(TrailError):
        follow(Chain(), [bytes(damaged), second])


@pytest.mark.parametrize("name", ["ai", "claims", "sensitive", "evidence", "runs", "approvals"])
@pytest.mark.parametrize("item", ["x", "x" * 100_000], ids=["many", "large"])
def test_an_entry_has_a_size_that_a_reader_takes(name: str, item: str) -> None:
    line = lines(1, **{name: [item] * 50_000})[0]
    assert len(line) < trail.MOST_LINE
    found = trail.decode(line)
    assert found["left_off"][name] == 50_000 - len(found[name]) > 0


def test_a_commit_of_many_files_and_words() -> None:
    changes = tuple(Change(ChangeKind.ADDED, f"\udce9{number}" * 300) for number in range(20_000))
    person = Identity("x" * 100_000, "y" * 100_000)
    message = "Add\n\n" + "".join(f"{key}: {'z' * 3000}\n" for field in FIELDS for key in field.keys) * 20
    huge = COMMIT._replace(changes=changes, author=person, message=message, parents=("b" * 40,) * 5000)
    big = ["w" * 1000] * 5000
    every = dict.fromkeys((*trail.JUDGED, *trail.KNOWN), big)
    line = trail.entry(trail.facts(huge, FIELDS, "0.1.0"), every, 0, ORIGIN)
    assert trail.decode(line)["left_off"]["files"] > 0


def test_differences_are_named() -> None:
    found = trail.decode(LINE)
    now = trail.facts(COMMIT._replace(id=f"{0:040x}"), FIELDS, "0.1.0")
    judged: dict[str, Any] = {"ai": LISTS["ai"], "claims": [], "sensitive": []}
    assert trail.differences(found, now, judged) == []
    assert trail.differences(found, now, None) == []
    assert trail.differences(found | {"said": {}}, now, judged) == ["said"]
    assert trail.differences(found | {"tree": "f" * 40, "subject": "x"}, now, judged) == ["tree", "subject"]
    assert trail.differences(found | {"ai": []}, now, judged) == ["ai"]
    assert trail.differences(found | {"ai": []}, now, None) == []


HEADER = (
    b"tree %s\nparent %s\nauthor %s 1764147600 +0100\ncommitter Dev <dev@example.org> %s\ngpgsig x\n tree y\n\ntree z\n"
)


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        (b"1764147600 +0000", "2025-11-26T09:00:00+00:00"),
        (b"1764147600 -0330", "2025-11-26T05:30:00-03:30"),
        (b"99999999999999999999 +0000", "99999999999999999999 +0000"),
        (b"1764147600 +9999", "1764147600 +9999"),
        (b"soon", "soon"),
        (b"", ""),
    ],
)
def test_the_header_of_a_commit(when: bytes, expected: str) -> None:
    author = "É > <dev@example.org>".encode()
    found = trail.header(HEADER % (b"a" * 40, b"b" * 40, author, when))
    assert found == ("a" * 40, ("b" * 40,), "2025-11-26T10:00:00+01:00", expected)


def test_a_header_that_is_none() -> None:
    assert trail.header(b"") == ("", (), "", "")


@pytest.mark.parametrize(
    ("text", "expected"),
    [("0.1.0", (0, 1, 0)), ("12.3.4rc1", (12, 3, 4)), ("1.2", None), ("", None), ("1.2.x", None), ("٣.1.0", None)],
)
def test_version(text: str, expected: tuple[int, ...] | None) -> None:
    assert trail.version(text) == expected
