"""What ssh-keygen would read of allowed_signers, we read; what either could misread is an error with its line."""

from __future__ import annotations

import time
from base64 import b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.model import DataError
from sayso.signers import MOST_BYTES, MOST_LINES, Signer, fits, holders, parse

NAMESPACE = "sayso-approval@1"


def raw(kind: str, letter: str) -> bytes:
    return len(kind).to_bytes(4, "big") + kind.encode() + b"\0\0\0\x20" + letter.encode() * 32


def key(letter: str = "k", kind: str = "ssh-ed25519") -> str:
    return f"{kind} {b64encode(raw(kind, letter)).decode()}"


SPAN = 'valid-after="20250101",valid-before="20301231235959Z"'
K = raw("ssh-ed25519", "k")


def read(text: str) -> tuple[Signer, ...]:
    return parse(text.encode(), "signers", NAMESPACE)


@pytest.mark.parametrize(
    ("line", "signer"),
    [
        pytest.param(f"rita@example.org {key()}", Signer(1, ("rita@example.org",), K), id="plain"),
        pytest.param(f"  rita@example.org\t{key()}  ", Signer(1, ("rita@example.org",), K), id="spaces"),
        pytest.param(
            f'rita@example.org {key()} a comment, "quoted"', Signer(1, ("rita@example.org",), K), id="comment"
        ),
        pytest.param(
            f"rita@example.org {key()} ssh-ed25519 AAAA", Signer(1, ("rita@example.org",), K), id="comment-like-a-key"
        ),
        pytest.param(f"a@x.org,b@x.org {key()}", Signer(1, ("a@x.org", "b@x.org"), K), id="two-names"),
        pytest.param(f'"a@x.org,b@x.org" {key()}', Signer(1, ("a@x.org", "b@x.org"), K), id="quoted-names"),
        pytest.param(
            f"*@example.org,!bot@example.org {key()}",
            Signer(1, ("*@example.org", "!bot@example.org"), K),
            id="patterns",
        ),
        pytest.param(f"rita cert-authority {key()}", Signer(1, ("rita",), K, authority=True), id="authority"),
        pytest.param(
            f"rita CERT-AUTHORITY {key()}", Signer(1, ("rita",), K, authority=True), id="authority-in-capitals"
        ),
        pytest.param(
            f'rita namespaces="git,{NAMESPACE}",cert-authority,{SPAN} {key()}',
            Signer(1, ("rita",), K, authority=True, namespaces=("git", NAMESPACE)),
            id="all-options",
        ),
        pytest.param(
            f'rita namespaces="git" {key()}', Signer(1, ("rita",), K, namespaces=("git",)), id="other-namespace"
        ),
        pytest.param(f'* namespaces="git" {key()}', Signer(1, ("*",), K, namespaces=("git",)), id="anybody-elsewhere"),
        pytest.param(
            f"rita {key(kind='sk-ssh-ed25519@openssh.com')}",
            Signer(1, ("rita",), raw("sk-ssh-ed25519@openssh.com", "k")),
            id="hardware-key",
        ),
        pytest.param(f"rita {key(kind='ssh-rsa')}", Signer(1, ("rita",), raw("ssh-rsa", "k")), id="rsa"),
    ],
)
def test_good_lines(line: str, signer: Signer) -> None:
    assert read(line) == (signer,)


def test_comments_and_empty_lines_keep_the_numbers() -> None:
    text = f"# people\r\n\r\n \t\n  # more\nrita {key()}\r\n\ndev {key('d')}"
    assert [(signer.line, signer.patterns) for signer in read(text)] == [(5, ("rita",)), (7, ("dev",))]
    assert read("") == read("# nobody\n") == ()


@pytest.mark.parametrize(
    ("line", "why"),
    [
        pytest.param("rita", "expected NAMES", id="no-key"),
        pytest.param(key(), "expected NAMES", id="no-name"),
        pytest.param(f"rita dsa {key().partition(' ')[2]}", "expected NAMES", id="unknown-type"),
        pytest.param(f"rita {key(kind='ssh-dss')}", "expected NAMES", id="weak-type"),
        pytest.param(f"rita {key(kind='ssh-ed25519-cert-v01@openssh.com')}", "authority", id="certificate"),
        pytest.param("rita ssh-ed25519 ????", "base64", id="not-base64"),
        pytest.param(f"rita ssh-rsa {key().partition(' ')[2]}", "not of the type", id="type-that-lies"),
        pytest.param(f"rita ssh-ed25519 {b64encode(b'x').decode()}", "not of the type", id="key-of-nothing"),
        pytest.param(f"* {key()}", "fits anybody", id="anybody"),
        pytest.param(f"** {key()}", "fits anybody", id="anybody-twice"),
        pytest.param(f"*,!bot@example.org {key()}", "fits anybody", id="anybody-but-one"),
        pytest.param(f"rita,?* {key()}", "fits anybody", id="anybody-in-a-list"),
        pytest.param(f"*@* {key()}", "fits anybody", id="anybody-anywhere"),
        pytest.param(f'"*" {key()}', "fits anybody", id="anybody-quoted"),
        pytest.param(f"* cert-authority {key()}", "fits anybody", id="anybody-by-authority"),
        pytest.param(f'* namespaces="sayso*" {key()}', "fits anybody", id="anybody-in-our-namespace"),
        pytest.param(f"rita namespaces=git {key()}", "options", id="value-without-quotes"),
        pytest.param(f'rita namespaces="git {key()}', "expected NAMES", id="quote-left-open"),
        pytest.param(f'rita namespaces="" {key()}', "not a name", id="no-namespace"),
        pytest.param(f'rita namespaces="a\\"b" {key()}', "expected NAMES", id="escaped-quote"),
        pytest.param(f"rita namespaces {key()}", "needs a value", id="option-without-value"),
        pytest.param(f'rita cert-authority="x" {key()}', "takes no value", id="flag-with-value"),
        pytest.param(f"rita no-touch-required {key()}", "unknown option", id="unknown-option"),
        pytest.param(f"rita cert-authority,cert-authority {key()}", "twice", id="option-twice"),
        pytest.param(f'rita namespaces="a",NAMESPACES="{NAMESPACE}" {key()}', "twice", id="option-twice-in-capitals"),
        pytest.param(f"rita cert-authority, {key()}", "options", id="comma-at-the-end"),
        pytest.param(f'rita valid-before="tomorrow" {key()}', "not a time", id="no-time"),
        pytest.param(f'rita valid-before="20301332" {key()}', "not a time", id="no-such-day"),
        pytest.param(f'rita valid-after="2030-12-31" {key()}', "not a time", id="other-form"),
        pytest.param(f"a,,b {key()}", "not a name", id="empty-name"),
        pytest.param(f"! {key()}", "not a name", id="nobody"),
        pytest.param(f'"a b" {key()}', "not a name", id="name-with-space"),
        pytest.param(f"a*b*c*d {key()}", "stars", id="many-stars"),
        pytest.param(f"{'a,' * 100}b {key()}", "more than 64 names", id="many-names"),
        pytest.param(f"{'a' * 300} {key()}", "not a name", id="long-name"),
        pytest.param(f"rita {key()} {'x' * 20_000}", "in a line", id="long-line"),
        pytest.param(f"rita\u200b {key()}", "cannot be seen", id="zero-width"),
        pytest.param(f"rita {key()} \u202e", "cannot be seen", id="bidi"),
        pytest.param(f"rita\0 {key()}", "cannot be seen", id="nul"),
        pytest.param(f"rita\r{key()}", "cannot be seen", id="carriage-return"),
    ],
)
def test_bad_lines_are_named(line: str, why: str) -> None:
    with pytest.raises(DataError, match=why) as caught:
        read(f"# first\ndev@example.org {key('d')}\n{line}\n")
    assert str(caught.value).startswith("signers:3: ")


@pytest.mark.parametrize(
    ("data", "why"),
    [
        pytest.param(b"#" * (MOST_BYTES + 1), "KiB", id="huge"),
        pytest.param(b"\n" * MOST_LINES, "lines", id="many-lines"),
        pytest.param(b"# a\n\xff", "signers:2: not UTF-8", id="bytes"),
        pytest.param(b"\xff\xfer\0", "not UTF-8", id="utf-16"),
        pytest.param(b"rita " + b'"' * 16_000, "expected", id="quotes"),
        pytest.param(b"rita " + b'a"b"' * 4_000, "expected", id="many-quoted"),
        pytest.param(b"rita " + b"a " * 8_000, "expected", id="many-words"),
        pytest.param(b"rita\t " * 2_700, "expected", id="many-spaces"),
        pytest.param(b"rita " + b"cert-authority," * 1_000 + b" ssh-ed25519 AAAA", "twice", id="many-options"),
    ],
)
def test_a_hostile_file_is_refused_quickly(data: bytes, why: str) -> None:
    begun = time.process_time()
    with pytest.raises(DataError, match=why):
        parse(data, "signers", NAMESPACE)
    assert time.process_time() - begun < 1


@pytest.mark.parametrize(
    ("name", "patterns", "expected"),
    [
        ("rita@example.org", ("rita@example.org",), True),
        ("rita@example.org", ("RITA@example.org",), False),
        ("rita@example.org", ("*@example.org",), True),
        ("rita@example.org.evil.net", ("*@example.org",), False),
        ("rita@a.example.org", ("*@*.example.org",), True),
        ("rita@example.org", ("*@*.example.org",), False),
        ("rita", ("r?ta",), True),
        ("rta", ("r?ta",), False),
        ("rita", ("*", "!rita"), False),
        ("rita", ("!dev", "rita"), True),
        ("rita", ("!dev",), False),
        ("", ("*",), True),
        ("", ("?",), False),
        ("aXbXc", ("a*b*c",), True),
        ("aXcXb", ("a*b*c",), False),
        ("abab", ("*ab",), True),
    ],
)
def test_fits(name: str, patterns: tuple[str, ...], expected: bool) -> None:
    assert fits(name, patterns) is expected


def test_stars_cost_no_more_than_letters() -> None:
    begun = time.process_time()
    assert not fits("a" * 255, ("*a" * 60 + "b",))
    assert time.process_time() - begun < 0.5


def test_holders_are_those_who_share_a_key() -> None:
    text = f"""\
rita,rita@example.org {key()}
ci {key()}
old namespaces="git" {key()}
*@example.org cert-authority {key()}
dev {key("d")}
"""
    assert holders(read(text), K, NAMESPACE) == ("rita", "rita@example.org", "ci")
    assert holders(read(text), raw("ssh-ed25519", "d"), NAMESPACE) == ("dev",)
    assert holders(read(text), b"", NAMESPACE) == ()


WORDS = st.text(alphabet="ab*?!@,.\"'= \t#\\-", max_size=30)


@given(st.lists(WORDS, max_size=3), st.binary(max_size=20))
def test_no_text_makes_it_stumble(words: list[str], tail: bytes) -> None:
    for data in (" ".join(words).encode() + tail, f"{' '.join(words)} {key()}".encode(), tail):
        try:
            found = parse(data, "signers", NAMESPACE)
        except DataError:
            continue
        assert all(signer.key == K and signer.patterns for signer in found)


@given(st.text(alphabet="ab", max_size=8), st.text(alphabet="ab*?", max_size=8))
def test_fits_as_a_regular_expression_would(name: str, pattern: str) -> None:
    import re

    written = pattern.replace("*", ".*").replace("?", ".")
    assert fits(name, (pattern,)) is (re.fullmatch(written, name) is not None)
