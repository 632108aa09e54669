from __future__ import annotations

import pytest

from sayso.model import DataError
from sayso.policy import DEFAULT, Acceptance, Dependencies, Policy, parse
from sayso.settings import Relaxation

ALL = """\
[sensitive-paths]
refuse = true

[ai-authorship]
policy = "require"
accepted = ["Assisted-by"]

[secure-claims]
refuse-warnings-of-ai-commits = true

[dependency-scan]
osv-export = "~/osv/all.zip"
osv-url = "https://osv.example.org/v1/query"
max-age-days = 2
refuse-unpinned = false

[[accept]]
advisory = "GHSA-aaaa-bbbb-cccc"
reason = "the parser is never fed from outside"
owner = "Dev Eloper"
expires = 2026-12-31

[[relax]]
rule = "dependency-scan.refuse-unpinned"
reason = "the ranges are pinned next month"
owner = "Dev Eloper"
expires = 2026-11-30
"""

UNPINNED = Relaxation("dependency-scan.refuse-unpinned", "the ranges are pinned next month", "Dev Eloper", "2026-11-30")
ACCEPTED = "[[accept]]\nadvisory = 'CVE-1999-0001'\nreason = 'never'\nowner = 'Dev Eloper'\nexpires = 2026-12-31\n"


def test_everything() -> None:
    assert parse(ALL) == Policy(
        refuse_sensitive=True,
        authorship="require",
        accepted=("Assisted-by",),
        dependencies=Dependencies("~/osv/all.zip", "https://osv.example.org/v1/query", 2, refuse_unpinned=False),
        acceptances=(
            Acceptance("GHSA-aaaa-bbbb-cccc", "the parser is never fed from outside", "Dev Eloper", "2026-12-31"),
        ),
        loosened=(f"sayso.toml: {UNPINNED.rule} is relaxed until 2026-11-30 by Dev Eloper: {UNPINNED.reason}",),
        relaxed=(UNPINNED,),
    )


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
    rule = "secure-claims.refuse-warnings-of-ai-commits"
    relax = f"[[relax]]\nrule = '{rule}'\nreason = 'a trial'\nowner = 'Dev Eloper'\nexpires = 2026-12-31\n"
    policy = parse(f"[secure-claims]\nrefuse-warnings-of-ai-commits = false\n{relax}", "team.toml")
    assert not policy.raise_for_ai
    assert policy.loosened == (
        "team.toml: claims of tier warn do not refuse AI-marked commits",
        f"team.toml: {rule} is relaxed until 2026-12-31 by Dev Eloper: a trial",
    )


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
        pytest.param(
            "[dependency-scan]\nosv_export = ''\n",
            "sayso.toml:2: dependency-scan.osv_export: unknown key, did you mean 'osv-export'?",
            id="dependency-key",
        ),
        *(
            pytest.param(
                f"[dependency-scan]\nosv-url = '{url}'\n",
                "sayso.toml:2: dependency-scan.osv-url: expected an https:// address",
                id=url or "no-address",
            )
            for url in (
                "",
                "http://osv.example.org/v1/query",
                "file:///tmp/x",
                "http://127.0.0.1:80@example.org/",
                "http://127.0.0.1.example.org/",
                "https://user@example.org/",
            )
        ),
        pytest.param(
            "[dependency-scan]\nmax-age-days = -1\n",
            "sayso.toml:2: dependency-scan.max-age-days: expected a number of days",
            id="negative-age",
        ),
        *(
            pytest.param(
                "\n".join(line for line in ACCEPTED.splitlines() if not line.startswith(key)),
                f"sayso.toml:1: accept: missing key '{key}'",
                id=f"accepted-without-{key}",
            )
            for key in ("advisory", "reason", "owner", "expires")
        ),
        pytest.param(
            ACCEPTED.replace("2026-12-31", "'2026-12-31'"),
            "sayso.toml:5: accept.expires: expected date, got string",
            id="expiry-as-text",
        ),
        pytest.param(
            ACCEPTED.replace("2026-12-31", "2026-12-31T00:00:00Z"),
            "sayso.toml:5: accept.expires: expected a date without a time",
            id="expiry-with-a-time",
        ),
        pytest.param(ACCEPTED.replace("'never'", "' '"), "sayso.toml:3: accept.reason: is empty", id="empty-reason"),
        pytest.param(
            ACCEPTED.replace("CVE-1999-0001", "all"),
            "sayso.toml:2: accept.advisory: 'all' is not the id of an advisory",
            id="accept-all",
        ),
        pytest.param(f"{ACCEPTED}rule = 'x'\n", "sayso.toml:6: accept.rule: unknown key", id="accepted-key"),
    ],
)
def test_errors_name_file_line_key_and_the_nearest_name(text: str, said: str) -> None:
    with pytest.raises(DataError) as caught:
        parse(text)
    assert str(caught.value).startswith(said)
    assert caught.value.code == 2
