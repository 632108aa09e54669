"""What could be a credential, and what only stands in its place."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

import specimens
from sayso.adapters.resources import read_table
from sayso.credentials.values import Judge, Strength, is_repetitive, looks_random

JUDGE = Judge(read_table("secret_values.toml"))

NONE = (
    *(
        "",
        "a",
        "abc",
        "12345",
        "123456",
        "password",
        "Password",
        "PASSWORD1",
        "secret",
        "my-password",
        "changeme",
        "changeMe123",
    ),
    *(
        "test",
        "test1234",
        "TEST_TOKEN",
        "dev",
        "xxx",
        "xxxxxxxx",
        "XXXX-XXXX",
        "********",
        "....",
        "your-api-key",
        "YOUR_API_KEY",
    ),
    *(
        "<your-key>",
        "<password>",
        "[password]",
        "${PASSWORD}",
        "$PASSWORD",
        "$(pass show x)",
        "{{ password }}",
        "{{password}}",
    ),
    *(
        "#{password}",
        "%(password)s",
        "%s",
        "{0}",
        "{}",
        "%PASSWORD%",
        "@PASSWORD@",
        "__PASSWORD__",
        "<%= pw %>",
        "$ctrl.password",
    ),
    *(
        "os.environ['X']",
        "process.env.SECRET",
        "settings.SECRET_KEY",
        "self.password",
        "getPassword()",
        "config.get(",
        "Foo::BAR",
    ),
    *(
        "password_confirmation",
        "client-secret",
        "client.secret",
        "accessToken",
        "resetPasswordToken",
        "API_KEY_2",
        "mysecretpassword",
    ),
    *(
        "/run/secrets/db",
        "./key.pem",
        "~/.ssh/id_rsa",
        "C:\\keys\\a",
        "secrets/prod/key.json",
        "id_rsa.pub",
        "config.yaml",
    ),
    *(
        "https://example.org/x",
        "example.com",
        "user@example.org",
        "1.2.3",
        "v1.20.3",
        "127.0.0.1",
        "2024-01-31",
        "0.0.0.0:80",
        "#ffcc00",
    ),
    *(
        "Enter your password",
        "two words",
        "Passwort eingeben:",
        "contraseña",
        "пароль",
        "true",
        "None",
        "null",
        "undefined",
        "string",
    ),
    *(
        "7f1c0e4e-59a5-4c1e-9a1e-2d9a3a6c7b10",
        "abcdefghijklmnopqrstuvwxyz",
        "0123456789abcdef",
        "qwertyuiop",
        "aaaaaaaaaa",
    ),
    *("%5B%7F", "pass%20word", "$2b$12$" + "abcdefghijklmnopqrstuv", "pbkdf2_sha256$1000$x$y"),
)
PLAIN = ("swordfish", "pygmalion", "admin", "root", "hunter", "laradock", "tr0ub", "lalaland99", "6742530")
STRONG = (
    *("P4ssw0rd!", "RockIt4Us!", "Adm1nP@ss", "xK9#mQ2$vL", "my;Secure*1", "hunter2-" + specimens.random_text("v", 8)),
    *(
        specimens.random_text("a", 20),
        specimens.random_text("b", 40),
        hashlib.sha1(b"x").hexdigest(),
        hashlib.md5(b"y").hexdigest(),
    ),
    "zh!=!gq(w^_t[sBR29954x)HI+$ehwss*xYNQ" + "eu([xcWMhdzzr",
    "MW1pxMctoyA(>M%0Vl 2(#o0|2$cB+K|.G$hB~4J" + "uw@]:(5;oVUl",
)


@pytest.mark.parametrize("value", NONE)
def test_no_secret(value: str) -> None:
    assert JUDGE.strength(value) is Strength.NONE


@pytest.mark.parametrize("value", PLAIN)
def test_a_word_is_a_plain_password(value: str) -> None:
    assert JUDGE.strength(value) is Strength.PLAIN


@pytest.mark.parametrize("value", STRONG)
def test_what_nobody_would_guess_is_strong(value: str) -> None:
    assert JUDGE.strength(value) is Strength.STRONG


@pytest.mark.parametrize(
    ("value", "random"),
    [
        (specimens.random_text("r", 32), True),
        (hashlib.sha256(b"z").hexdigest(), True),
        (specimens.drawn("base32", 52, "z"), True),
        ("org/apache/commons/lang3/StringUtils", False),
        ("ephemeral_5m_input_tokens", False),
        ("getElementsByTagNameAndClassName", False),
        ("application/vnd.oasis.opendocument", False),
        ("this-is-a-rather-long-identifier-2", False),
        ("SHA512-CRYPT", False),
    ],
)
def test_looks_random(value: str, random: bool) -> None:
    assert looks_random(value) is random


@pytest.mark.parametrize(
    "value", ["1234567890abcdef", "abcabcabcabcabcabc", "deadbeefdeadbeefdeadbeef", "ABCDEFGHIJKLMNOP", "x" * 40]
)
def test_repetitive(value: str) -> None:
    assert is_repetitive(value)


def test_most_random_values_look_random() -> None:
    values = [specimens.drawn(name, 32, f"{n}") for name in ("base62", "hex", "base32") for n in range(300)]
    assert sum(map(looks_random, values)) > len(values) * 0.9
    assert not any(map(is_repetitive, values))


@given(st.text(max_size=300))
def test_any_text_is_judged(value: str) -> None:
    assert JUDGE.strength(value) in Strength


@pytest.mark.parametrize(
    "value", ["a" * 4000 + "!", "aA" * 2000, "aB." * 1300, "Ab" * 2000 + "!", "$" * 4000, "a-" * 2000, "(" * 4000]
)
def test_no_value_makes_a_pattern_run_away(value: str) -> None:
    assert JUDGE.strength(value) in Strength
    assert looks_random(value) in {True, False}
