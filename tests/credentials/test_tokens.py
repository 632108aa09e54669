"""Every detector finds its own form wherever tokens stand, and nothing that only resembles one."""

from __future__ import annotations

import tomllib
import zlib
from typing import Any

import pytest

import specimens
from sayso.adapters.resources import read_table
from sayso.credentials import structure, tokens
from sayso.credentials.values import Judge
from specimens import ROOT

DETECTORS = tokens.load(read_table("secret_tokens.toml"))
JUDGE = Judge(read_table("secret_values.toml"))
DATA: dict[str, Any] = tomllib.loads((ROOT / "rules" / "secret_tokens.toml").read_text())
BY_RULE = {detector.rule: detector for detector in DETECTORS}
PREFIXED = [detector for detector in DETECTORS if not detector.whole and not detector.trust]


def found(text: str) -> set[str]:
    return {place.rule for place in tokens.find(DETECTORS, JUDGE, text)}


def named(detector: tokens.Detector) -> str:
    return detector.rule.removeprefix("secret-")


@pytest.mark.parametrize("detector", DETECTORS, ids=named)
@pytest.mark.parametrize("seed", ["one", "two", "three"])
def test_a_detector_finds_its_example(detector: tokens.Detector, seed: str) -> None:
    assert detector.rule in found(specimens.token(detector.example, seed))


CONTEXTS = (
    'key = "{}"',
    "KEY={}",
    "key: {} # comment",
    "call('{}');",
    '{{"key": "{}"}}',
    '"{{\\"key\\":\\"{}\\"}}"',
    "a\\n{}\\n",
    "https://example.org/?k={}&b=1",
    "https://x:{}@example.org/",
    "%22{}%22",
    "<b>{}</b>",
    "`{}`",
)


@pytest.mark.parametrize("context", CONTEXTS)
@pytest.mark.parametrize("detector", PREFIXED, ids=named)
def test_a_detector_finds_its_example_wherever_it_stands(detector: tokens.Detector, context: str) -> None:
    token = specimens.token(detector.example)
    text = f"first line\n{context.format(token)}\nlast line\n"
    places = [place for place in tokens.find(DETECTORS, JUDGE, text) if place.rule == detector.rule]
    assert [text[place.start : place.end] for place in places] == [token]


@pytest.mark.parametrize("detector", PREFIXED, ids=named)
def test_a_longer_word_is_no_token(detector: tokens.Detector) -> None:
    assert detector.rule not in found(f"word{specimens.token(detector.example)}")


@pytest.mark.parametrize("detector", PREFIXED, ids=named)
def test_what_repeats_itself_is_no_token(detector: tokens.Detector) -> None:
    parts = [
        part if part[0] != "=" or part[-1] == ":" else "x" * int(part.partition(":")[2]) for part in detector.example
    ]
    if not any(part.startswith("=") for part in parts):
        assert detector.rule not in found("".join(parts))


def test_documented_examples_are_no_tokens() -> None:
    assert found("AKIA" + "IOSFODNN7" + "EXAMPLE") == set()
    assert found("aws_secret_access_key = " + "wJalrXUtnFEMI/K7MDENG/" + "bPxRfiCYEXAMPLEKEY") == set()
    assert found("ghp_" + "x" * 36) == set()
    assert found("sk-" + "your-api-key-here-your-api-key-here-1234") == set()


def checked(prefix: str, body: str) -> str:
    return prefix + body + structure.base62(zlib.crc32(body.encode()))


@pytest.mark.parametrize(("prefix", "rule"), [("ghp_", "secret-github-token"), ("npm_", "secret-npm-tokens")])
def test_a_checksum_that_fits_proves_a_token_that_looks_made_up(prefix: str, rule: str) -> None:
    dull = "abcdefghij" * 3
    assert rule in found(checked(prefix, dull))
    assert rule not in found(prefix + dull + "abcdef")


def flipped(text: str) -> str:
    middle = len(text) // 2
    return text[:middle] + ("A" if text[middle] != "A" else "B") + text[middle + 1 :]


@pytest.mark.parametrize("rule", ["secret-nats-seed", "secret-stellar-seed", "secret-bitcoin-key"])
def test_a_checksum_that_does_not_fit_rules_out(rule: str) -> None:
    assert rule not in found(flipped(specimens.token(BY_RULE[rule].example)))


@pytest.mark.parametrize(
    ("text", "flagged"),
    [
        pytest.param(specimens.jwt(), True, id="signed"),
        pytest.param(specimens.jwt(header='{"alg":"none"}'), False, id="unsigned"),
        pytest.param(specimens.jwt(header='{"typ":"JWT"}'), False, id="no-algorithm"),
        pytest.param(specimens.jwt(header="no json at all, but long"), False, id="no-header"),
        pytest.param(specimens.jwt().rpartition(".")[0], False, id="no-signature"),
    ],
)
def test_a_web_token_has_a_header_and_a_signature(text: str, flagged: bool) -> None:
    assert ("secret-json-web-token" in found(f'"{text}"')) == flagged


KEY = "-----BEGIN {} KEY-----".format("PRIVATE")
BODY = specimens.random_text("body", 64)


@pytest.mark.parametrize(
    ("text", "flagged"),
    [
        pytest.param(f"{KEY}\n{BODY}\n{BODY}\n", True, id="file"),
        pytest.param(f"key: |\n    {KEY}\n    {BODY}\n    {BODY}\n", True, id="yaml"),
        pytest.param(f'"{KEY}\\n{BODY}\\n{BODY}\\n"', True, id="json"),
        pytest.param(f'    "{KEY}\\n" +\n    "{BODY}\\n" +\n    "{BODY}\\n";', True, id="java"),
        pytest.param(f"{KEY}\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\n{BODY}\n", True, id="encrypted"),
        pytest.param(f"# {KEY}\n# {BODY}\n# {BODY}\n", True, id="comment"),
        pytest.param(f'if "{KEY}" in text:\n    return True\n', False, id="header-alone"),
        pytest.param(f'"{KEY}\\n...\\n-----END"', False, id="ellipsis"),
        pytest.param(f"{KEY}\n<your key here>\n", False, id="placeholder"),
        pytest.param(f"-----BEGIN PUBLIC KEY-----\n{BODY}\n{BODY}\n", False, id="public"),
        pytest.param(f"-----BEGIN CERTIFICATE-----\n{BODY}\n{BODY}\n", False, id="certificate"),
    ],
)
def test_a_private_key_has_a_body(text: str, flagged: bool) -> None:
    assert ("secret-private-key" in found(text)) == flagged


def test_every_detector_has_a_rule() -> None:
    listed = {rule["id"] for rule in tomllib.loads((ROOT / "rules" / "secrets.toml").read_text())["rule"]}
    assert {entry["id"] for entry in DATA["more"]} <= listed
    assert not {entry["id"] for entry in DATA["rule"]} & listed


def test_the_rules_hold_nothing_that_they_find() -> None:
    text = (ROOT / "rules" / "secret_tokens.toml").read_text()
    assert found(text) == set()


def test_what_gates_a_detector_is_in_its_example() -> None:
    silent = [d.rule for d in DETECTORS if not any(word in specimens.token(d.example) for word in d.literals)]
    assert silent == []
