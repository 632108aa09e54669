from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sayso.evidence import IMPORT, Evidence, EvidenceError, Spot, Subject, decode, encode, short
from sayso.model import Outcome

SUBJECT = Subject("code-scan", "semgrep", "1.0", "a" * 64, "native", "b" * 40, "python")
EVIDENCE = Evidence(SUBJECT, (Spot("python-one", 3, 4),))

subjects = st.builds(Subject, *[st.text(max_size=12)] * 7)
spots = st.builds(Spot, st.text(max_size=12), st.integers(0, 10**6), st.integers(0, 10**6))
records = st.builds(Evidence, subjects, st.lists(spots, max_size=5).map(tuple))


def test_golden() -> None:
    assert encode(EVIDENCE) == (
        b'{"format":1,"outcome":"found","spots":[{"end_line":4,"line":3,"rule":"python-one"}],"subject":{"blob":"'
        + b"b" * 40
        + b'","check":"code-scan","language":"python","options":"native","rules":"'
        + b"a" * 64
        + b'","tool":"semgrep","version":"1.0"}}'
    )
    assert EVIDENCE.id == "aa0bdcb70fd7f9eb7ac840d75b63b470f225349398621c2c4962fae594bbd314"
    assert short(EVIDENCE.id) == EVIDENCE.id[:12]


@given(records)
def test_round_trip(record: Evidence) -> None:
    assert decode(encode(record)) == record


@given(records)
def test_canonical_bytes_are_ascii_and_on_one_line(record: Evidence) -> None:
    data = encode(record)
    assert data.isascii()
    assert b"\n" not in data
    assert json.dumps(json.loads(data), sort_keys=True, separators=(",", ":")).encode() == data


@given(records, records)
def test_ids_differ_where_records_differ(one: Evidence, other: Evidence) -> None:
    assert (one.id == other.id) == (one == other)
    assert (one.subject.key == other.subject.key) == (one.subject == other.subject)


@given(record=records, seed=st.integers(0, 10**9), byte=st.integers(1, 255))
@settings(max_examples=300)
def test_a_changed_byte_is_refused_or_another_record(record: Evidence, seed: int, byte: int) -> None:
    data = bytearray(encode(record))
    data[seed % len(data)] ^= byte
    try:
        found = decode(bytes(data))
    except EvidenceError:
        return
    assert found != record
    assert encode(found) == bytes(data)


def test_every_change_of_the_ledger_form_is_refused() -> None:
    """With the digest that the ledger writes before the record, no changed byte at all is believed."""
    import hashlib

    body = encode(EVIDENCE)
    stored = hashlib.sha256(body).hexdigest().encode() + b"\n" + body
    for position in range(len(stored)):
        changed = bytearray(stored)
        changed[position] ^= 1
        digest, _, rest = bytes(changed).partition(b"\n")
        assert hashlib.sha256(rest).hexdigest().encode() != digest


def test_every_truncation_is_refused() -> None:
    data = encode(EVIDENCE)
    for length in range(len(data)):
        with pytest.raises(EvidenceError):
            decode(data[:length])


def document(**changed: object) -> bytes:
    return json.dumps(json.loads(encode(EVIDENCE)) | changed, sort_keys=True, separators=(",", ":")).encode()


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"null", id="null"),
        pytest.param(b"[]", id="list"),
        pytest.param(b"[" * 100_000, id="deep"),
        pytest.param(b"\xff", id="bytes"),
        pytest.param(encode(EVIDENCE) + b"\n", id="longer"),
        pytest.param(b" " + encode(EVIDENCE), id="space"),
        pytest.param(encode(EVIDENCE).replace(b'"found"', b'"clear"'), id="outcome-that-hides-a-finding"),
        pytest.param(document(format=2), id="format"),
        pytest.param(document(extra=1), id="extra-key"),
        pytest.param(document(spots=[]), id="found-nothing"),
        pytest.param(document(spots=[{"rule": "r", "line": "3", "end_line": 4}]), id="line-text"),
        pytest.param(document(spots=[{"rule": "r", "line": True, "end_line": 4}]), id="line-boolean"),
        pytest.param(document(spots=[{"rule": "r", "line": 3}]), id="no-end"),
        pytest.param(document(spots=[{"rule": 1, "line": 3, "end_line": 4}]), id="rule-number"),
        pytest.param(document(spots={}), id="spots-mapping"),
        pytest.param(document(subject={}), id="no-subject"),
        pytest.param(document(subject=None), id="null-subject"),
        pytest.param(document(subject={**SUBJECT._asdict(), "path": "a"}), id="subject-with-a-path"),
        pytest.param(document(subject={**SUBJECT._asdict(), "blob": 1}), id="blob-number"),
        pytest.param(b"x" * ((4 << 20) + 1), id="huge"),
    ],
)
def test_decode_refuses(data: bytes) -> None:
    with pytest.raises(EvidenceError):
        decode(data)


@given(st.binary(max_size=200))
def test_any_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(EvidenceError):
        decode(data)


def test_outcome() -> None:
    assert (EVIDENCE.outcome, EVIDENCE._replace(spots=()).outcome) == (Outcome.FOUND, Outcome.CLEAR)


@pytest.mark.parametrize("field", Subject._fields)
def test_every_field_of_the_subject_counts(field: str) -> None:
    assert SUBJECT._replace(**{field: "other"}).key != SUBJECT.key


@pytest.mark.parametrize("field", Subject._fields)
def test_an_imported_answer_is_kept_by_tool_and_content_and_known_by_all_of_it(field: str) -> None:
    one = SUBJECT._replace(check=IMPORT)
    other = one._replace(**{field: "other"})
    assert (other.key == one.key) == (field in {"version", "rules", "options", "language"})
    assert Evidence(other, ()).id != Evidence(one, ()).id


def test_a_gap_is_part_of_the_record() -> None:
    whole, partial = Evidence(SUBJECT, ()), Evidence(SUBJECT, (), "cannot parse it from line 7")
    assert (whole.outcome, partial.outcome) == (Outcome.CLEAR, Outcome.INCONCLUSIVE)
    assert Evidence(SUBJECT, (Spot("a", 1, 1),), "x").outcome is Outcome.FOUND
    assert whole.id != partial.id
    assert decode(encode(partial)) == partial
    with pytest.raises(EvidenceError):
        decode(encode(partial).replace(b'"gap"', b'"hap"'))
