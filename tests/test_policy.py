from __future__ import annotations

import pytest

from sayso.model import DataError
from sayso.policy import DEFAULT, Policy, parse

ALL = """\
[sensitive-paths]
refuse = true

[ai-authorship]
policy = "require"
accepted = ["Assisted-by"]

[secure-claims]
refuse-warnings-of-ai-commits = true
"""


def test_everything() -> None:
    assert parse(ALL) == Policy(refuse_sensitive=True, authorship="require", accepted=("Assisted-by",))


@pytest.mark.parametrize(
    "text", ["", "\n", "# words\n", "[sensitive-paths]\n", "[ai-authorship]\n[secure-claims]\n"], ids=ascii
)
def test_nothing_is_the_default(text: str) -> None:
    assert parse(text) == DEFAULT


def test_the_default_flags_and_raises() -> None:
    assert (DEFAULT.refuse_sensitive, DEFAULT.authorship, DEFAULT.raise_for_ai, DEFAULT.loosened) == (
        False,
        "detect",
        True,
        (),
    )


def test_loosening_is_listed() -> None:
    policy = parse("[secure-claims]\nrefuse-warnings-of-ai-commits = false\n", "team.toml")
    assert not policy.raise_for_ai
    assert policy.loosened == ("team.toml: claims of tier warn do not refuse AI-marked commits",)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("x = 1\n", "sayso.toml:1: x: unknown key", id="key-at-the-top"),
        pytest.param(
            "[sensitive-path]\n",
            "sayso.toml:1: sensitive-path: unknown key, did you mean 'sensitive-paths'?",
            id="table",
        ),
        pytest.param(
            "[sensitive-paths]\n\nrefused = true\n",
            "sayso.toml:3: sensitive-paths.refused: unknown key, did you mean 'refuse'?",
            id="key",
        ),
        pytest.param(
            "[sensitive-paths]\nrefuse = 1\n",
            "sayso.toml:2: sensitive-paths.refuse: expected boolean, got integer",
            id="boolean",
        ),
        pytest.param(
            "[ai-authorship]\npolicy = 'allow'\n",
            "sayso.toml:2: ai-authorship.policy: 'allow' is not one of detect, require, forbid",
            id="choice",
        ),
        pytest.param(
            "[ai-authorship]\naccepted = 'Assisted-by'\n",
            "sayso.toml:2: ai-authorship.accepted: expected list, got string",
            id="list",
        ),
        pytest.param(
            "[ai-authorship]\npolicy = 'require'\naccepted = ['Made-by']\n",
            "sayso.toml:3: ai-authorship.accepted: 'Made-by' is not one of Assisted-by",
            id="form",
        ),
        pytest.param(
            "[secure-claims]\nrefuse-warnings-of-ai-commit = false\n",
            "sayso.toml:2: secure-claims.refuse-warnings-of-ai-commit: unknown key, did you mean "
            "'refuse-warnings-of-ai-commits'?",
            id="loosening-with-a-typing-error",
        ),
        pytest.param(
            "[[sensitive-paths]]\nrefuse = true\n",
            "sayso.toml:1: sensitive-paths: expected table, got list",
            id="array",
        ),
        pytest.param("[sensitive-paths\n", "sayso.toml:1: not valid TOML", id="syntax"),
    ],
)
def test_errors_name_file_line_key_and_the_nearest_name(text: str, said: str) -> None:
    with pytest.raises(DataError) as caught:
        parse(text)
    assert str(caught.value).startswith(said)
    assert caught.value.code == 2
