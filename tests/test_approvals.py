"""There is one way to write an approval, and whatever is written otherwise is refused in bounded time."""

from __future__ import annotations

import json
import time
from base64 import b64encode
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.approvals import (
    MOST_BYTES,
    MOST_NOTE,
    MOST_PATHS,
    MOST_SIGNATURE,
    NAMESPACE,
    Item,
    Statement,
    decode,
    encode,
    exempt,
    faults,
    header,
    identifier,
    is_file_name,
    is_path,
    is_principal,
    items_of,
    matching,
)
from sayso.model import NO_MODE, Change, ChangeKind, DataError

BLOB, OTHER = "a" * 40, "b" * 40
ITEM = Item("src/auth.py", "100644", BLOB)
GOOD = Statement("review", "rita@example.org", "2026-11-26T12:00:00Z", "c" * 40, (ITEM,), "read twice")
FOLDER = ".sayso/approvals"


def document(**changed: Any) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(encode(GOOD))
    return loaded | changed


def written(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode() + b"\n"


def test_what_is_written_reads_the_same() -> None:
    assert decode(encode(GOOD), "x") == GOOD
    assert encode(GOOD) == written(document())
    assert GOOD.id == identifier(encode(GOOD))
    assert is_file_name(f"{GOOD.id}.json")


@pytest.mark.parametrize(
    "item",
    [
        pytest.param(Item("gone.py", NO_MODE, ""), id="deleted"),
        pytest.param(Item("run.sh", "100755", BLOB), id="executable"),
        pytest.param(Item("link", "120000", BLOB), id="symlink"),
        pytest.param(Item("sub", "160000", BLOB), id="submodule"),
        pytest.param(Item("a.py", "100644", "d" * 64), id="sha256"),
        pytest.param(Item("caf\udce9.py", "100644", BLOB), id="name-not-utf-8"),
        pytest.param(Item("café\u202e.py", "100644", BLOB), id="name-beyond-ascii"),
        pytest.param(Item("a\nb.py", "100644", BLOB), id="name-with-newline"),
        pytest.param(Item("pages/[id]{x}.tsx", "100644", BLOB), id="name-with-brackets"),
        pytest.param(Item("..a/b..", "100644", BLOB), id="dots-that-do-not-walk"),
    ],
)
def test_every_path_that_git_can_have(item: Item) -> None:
    statement = GOOD._replace(items=(item,))
    assert decode(encode(statement), "x") == statement


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"{}\n", id="no-keys"),
        pytest.param(b"[" * 100_000, id="deep"),
        pytest.param(b'{"a":' * 50_000 + b"1" + b"}" * 50_000, id="deep-objects"),
        pytest.param(b" " * (MOST_BYTES + 1), id="huge"),
        pytest.param(encode(GOOD)[:-1], id="no-line-end"),
        pytest.param(encode(GOOD) + b"\n", id="a-line-more"),
        pytest.param(encode(GOOD).replace(b'"role"', b'"role":"review","role"'), id="duplicate-key"),
        pytest.param(
            encode(GOOD).replace(b'"role"', b'"role":"security-review","role"'), id="duplicate-key-other-value"
        ),
        pytest.param(json.dumps(document(), indent=2).encode() + b"\n", id="formatted"),
        pytest.param(encode(GOOD).replace(b"src", b"\\u0073rc"), id="escaped-otherwise"),
        pytest.param(b"\xef\xbb\xbf" + encode(GOOD), id="byte-order-mark"),
        pytest.param(encode(GOOD).replace(b"rita", b"r\xefta"), id="not-utf-8"),
        pytest.param(written(document(format=2)), id="other-format"),
        pytest.param(written(document(format=True)), id="format-is-true"),
        pytest.param(written(document(format=1e0)), id="format-is-a-fraction"),
        pytest.param(written(document(type="sayso-evidence")), id="other-type"),
        pytest.param(written(document(role="ci")), id="other-role"),
        pytest.param(written(document(more=1)), id="unknown-key"),
        pytest.param(written({k: v for k, v in document().items() if k != "note"}), id="missing-key"),
        pytest.param(written(document(note="x" * (MOST_NOTE + 1))), id="long-note"),
        pytest.param(written(document(note="\ud800")), id="half-a-surrogate"),
        pytest.param(written(document(principal="*")), id="principal-pattern"),
        pytest.param(written(document(principal="-f/etc/passwd")), id="principal-option"),
        pytest.param(written(document(principal="")), id="no-principal"),
        pytest.param(written(document(made="2026-11-26")), id="day-only"),
        pytest.param(written(document(made="2026-13-26T12:00:00Z")), id="no-such-month"),
        pytest.param(written(document(made="2026-11-26T12:00:00+01:00")), id="not-utc"),
        pytest.param(written(document(made="٢٠٢٦-11-26T12:00:00Z")), id="other-digits"),
        pytest.param(written(document(repository="HEAD")), id="repository-no-id"),
        pytest.param(written(document(paths=[])), id="no-paths"),
        pytest.param(written(document(paths={})), id="paths-no-list"),
        pytest.param(written(document(paths=["src/auth.py"])), id="path-no-object"),
        pytest.param(written(document(paths=[ITEM._asdict()] * 2)), id="path-twice"),
        pytest.param(written(document(paths=[ITEM._asdict() | {"extra": 1}])), id="path-with-more"),
        pytest.param(written(document(paths=[ITEM._asdict() | {"path": 7}])), id="path-no-text"),
        pytest.param(
            written(document(paths=[Item("b", "100644", BLOB)._asdict(), ITEM._replace(path="a")._asdict()])),
            id="out-of-order",
        ),
        pytest.param(
            written(document(paths=[Item(f"{n:06}", NO_MODE, "")._asdict() for n in range(MOST_PATHS + 1)])),
            id="too-many-paths",
        ),
    ],
)
def test_anything_else_is_refused_quickly(data: bytes) -> None:
    begun = time.process_time()
    with pytest.raises(DataError, match=r"^x"):
        decode(data, "x")
    assert time.process_time() - begun < 1


@pytest.mark.parametrize(
    ("path", "good"),
    [
        pytest.param("a", True, id="plain"),
        pytest.param("a/b c/ü", True, id="folders"),
        pytest.param("", False, id="empty"),
        pytest.param("/etc/passwd", False, id="absolute"),
        pytest.param("../a", False, id="climbs"),
        pytest.param("a/../b", False, id="climbs-inside"),
        pytest.param("a/./b", False, id="stands-still"),
        pytest.param("a//b", False, id="empty-part"),
        pytest.param("a/", False, id="folder"),
        pytest.param(".", False, id="top"),
        pytest.param("a\0b", False, id="nul"),
        pytest.param("a\ud800", False, id="surrogate-that-no-byte-gives"),
        pytest.param("caf\udcc3\udca9", False, id="surrogates-for-a-letter"),
        pytest.param("x" * 5000, False, id="long"),
    ],
)
def test_paths(path: str, good: bool) -> None:
    assert is_path(path) is good
    assert (faults(GOOD._replace(items=(ITEM._replace(path=path),))) == "") is good


@pytest.mark.parametrize(
    ("item", "good"),
    [
        pytest.param(Item("a", "100644", ""), False, id="no-object"),
        pytest.param(Item("a", NO_MODE, BLOB), False, id="deleted-with-object"),
        pytest.param(Item("a", NO_MODE, "junk"), False, id="deleted-with-junk"),
        pytest.param(Item("a", "040000", BLOB), False, id="tree"),
        pytest.param(Item("a", "100664", BLOB), False, id="mode-git-has-not"),
        pytest.param(Item("a", "100644", BLOB.upper()), False, id="upper-case"),
        pytest.param(Item("a", "100644", BLOB[:12]), False, id="short"),
        pytest.param(Item("a", "100644", BLOB), True, id="good"),
    ],
)
def test_items(item: Item, good: bool) -> None:
    assert (faults(GOOD._replace(items=(item,))) == "") is good


@pytest.mark.parametrize(
    ("name", "good"),
    [
        ("rita@example.org", True),
        ("Rita", True),
        ("rita+x@例え.jp", True),
        ("a b", False),
        ('"', False),
        ("a,b", False),
        ("!rita", False),
        ("#x", False),
        ("r?", False),
        ("a\n", False),
        ("-n", False),
        ("x" * 300, False),
        ("\ud800", False),
    ],
)
def test_principals(name: str, good: bool) -> None:
    assert is_principal(name) is good


def test_what_a_change_consists_of() -> None:
    changes = [
        Change(ChangeKind.MODIFIED, "b.py", blob=BLOB),
        Change(ChangeKind.DELETED, "gone.py", mode=NO_MODE, old_blob=BLOB),
        Change(ChangeKind.RENAMED, "new.py", "old.py", blob=OTHER),
        Change(ChangeKind.COPIED, "copy.py", "b.py", blob=BLOB),
        Change(ChangeKind.ADDED, f"{FOLDER}/{GOOD.id}.json", blob=BLOB),
        Change(ChangeKind.RENAMED, f"{FOLDER}/x.py", "moved.py", blob=OTHER),
    ]
    assert items_of(changes, FOLDER) == {
        "b.py": Item("b.py", "100644", BLOB),
        "gone.py": Item("gone.py", NO_MODE, ""),
        "old.py": Item("old.py", NO_MODE, ""),
        "new.py": Item("new.py", "100644", OTHER),
        "copy.py": Item("copy.py", "100644", BLOB),
        "moved.py": Item("moved.py", NO_MODE, ""),
    }


def test_a_rename_onto_a_name_that_is_freed_keeps_the_new_content() -> None:
    changes = [
        Change(ChangeKind.RENAMED, "b", "a", blob=BLOB),
        Change(ChangeKind.RENAMED, "a", "b", blob=OTHER),
    ]
    assert items_of(changes, FOLDER) == {"a": Item("a", "100644", OTHER), "b": Item("b", "100644", BLOB)}
    assert items_of(reversed(changes), FOLDER) == items_of(changes, FOLDER)


@pytest.mark.parametrize(
    ("path", "is_exempt"),
    [
        (f"{FOLDER}/a.json", True),
        (f"{FOLDER}/sub/a.json", True),
        (FOLDER, False),
        (f"{FOLDER}x/a.json", False),
        (".sayso/allowed_signers", False),
        (f"x/{FOLDER}/a", False),
        (f"{FOLDER.upper()}/a", False),
    ],
)
def test_only_the_folder_itself_is_exempt(path: str, is_exempt: bool) -> None:
    assert exempt(path, FOLDER) is is_exempt


@pytest.mark.parametrize(
    ("there", "covered"),
    [
        pytest.param(ITEM, True, id="the-same"),
        pytest.param(ITEM._replace(blob=OTHER), False, id="other-bytes"),
        pytest.param(ITEM._replace(mode="100755"), False, id="made-executable"),
        pytest.param(ITEM._replace(mode="120000"), False, id="made-a-link"),
        pytest.param(Item(ITEM.path, NO_MODE, ""), False, id="deleted"),
        pytest.param(ITEM._replace(path="src/Auth.py"), False, id="other-name"),
    ],
)
def test_an_approval_is_of_exactly_this(there: Item, covered: bool) -> None:
    assert matching(GOOD, {there.path: there}) == ((ITEM.path,) if covered else ())


def test_names_of_files() -> None:
    good = [f"{GOOD.id}.json", f"{GOOD.id}.json.sig"]
    assert all(map(is_file_name, good))
    bad = [
        "x.py",
        f"{GOOD.id}",
        f"{GOOD.id}.py",
        f"{GOOD.id.upper()}.json",
        f"{GOOD.id}.json\n",
        f"a{GOOD.id}.json",
        "",
    ]
    assert not any(map(is_file_name, bad))


def packed(*parts: bytes) -> bytes:
    return b"".join(len(part).to_bytes(4, "big") + part for part in parts)


KEY = packed(b"ssh-ed25519", b"k" * 32)


def armoured(raw: bytes) -> bytes:
    text = b64encode(raw).decode()
    lines = [text[at : at + 70] for at in range(0, len(text), 70)]
    return "\n".join(["-----BEGIN SSH SIGNATURE-----", *lines, "-----END SSH SIGNATURE-----", ""]).encode()


SIGNATURE = b"SSHSIG\0\0\0\1" + packed(KEY, NAMESPACE.encode(), b"", b"sha512", b"s" * 64)


def test_header_of_a_signature() -> None:
    assert header(armoured(SIGNATURE), "x")[:] == (KEY, "ssh-ed25519", NAMESPACE)
    assert header(armoured(SIGNATURE).replace(b"\n", b"\r\n"), "x").namespace == NAMESPACE
    assert header(armoured(SIGNATURE), "x").fingerprint.startswith("SHA256:")


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"print('hello')\n" + armoured(SIGNATURE), id="code-before"),
        pytest.param(armoured(SIGNATURE) + b"print('hello')\n", id="code-behind"),
        pytest.param(armoured(SIGNATURE) * 2, id="two"),
        pytest.param(armoured(SIGNATURE[:-1]), id="cut-off"),
        pytest.param(armoured(SIGNATURE + b"x"), id="longer"),
        pytest.param(armoured(b"SSHSIG\0\0\0\2" + SIGNATURE[10:]), id="other-version"),
        pytest.param(armoured(SIGNATURE[:10] + b"\xff\xff\xff\xff" + SIGNATURE[14:]), id="length-that-lies"),
        pytest.param(armoured(b"x"), id="short"),
        pytest.param(armoured(SIGNATURE).replace(b"U", b"\xc3\xbc"), id="not-ascii"),
        pytest.param(armoured(SIGNATURE).replace(b"=", b""), id="no-padding"),
        pytest.param(armoured(b"x" * MOST_SIGNATURE), id="huge"),
        pytest.param(b"-----BEGIN SSH SIGNATURE-----\n" + b"A\n" * 1_000_000, id="many-lines"),
    ],
)
def test_what_is_no_signature(data: bytes) -> None:
    begun = time.process_time()
    with pytest.raises(DataError, match="not an SSH signature"):
        header(data, "x")
    assert time.process_time() - begun < 1


BYTES = st.binary(min_size=1, max_size=20).map(lambda data: data.decode("utf-8", "surrogateescape"))
PATHS = st.lists(BYTES, min_size=1, max_size=4).map("/".join).filter(is_path)
ITEMS = st.builds(Item, PATHS, st.sampled_from(("100644", "100755", "120000")), st.sampled_from((BLOB, OTHER)))
STATEMENTS = st.builds(
    Statement,
    st.sampled_from(("review", "security-review")),
    st.text(min_size=1, max_size=30).filter(is_principal),
    st.just("2026-11-26T12:00:00Z"),
    st.sampled_from(("", "c" * 40, "d" * 64)),
    st.lists(ITEMS, min_size=1, max_size=5, unique_by=lambda item: item.path).map(lambda items: tuple(sorted(items))),
    st.text(max_size=30, alphabet=st.characters(exclude_categories=["Cs"])),
)


@given(STATEMENTS)
def test_every_statement_survives(statement: Statement) -> None:
    assert faults(statement) == ""
    assert decode(encode(statement), "x") == statement


@given(STATEMENTS, st.data())
def test_no_two_byte_strings_are_the_same_statement(statement: Statement, data: st.DataObject) -> None:
    good = bytearray(encode(statement))
    at = data.draw(st.integers(0, len(good) - 1))
    good[at] = data.draw(st.integers(0, 255).filter(lambda byte: byte != good[at]))
    try:
        assert decode(bytes(good), "x") != statement
    except DataError:
        return


@given(st.binary(max_size=400) | st.recursive(st.none() | st.text() | st.integers(), st.lists).map(written))
def test_no_bytes_make_it_stumble(data: bytes) -> None:
    for read in (decode, header):
        try:
            read(data, "x")
        except DataError:
            continue
        raise AssertionError
