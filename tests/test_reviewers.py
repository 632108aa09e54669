"""Whose word counts, for what, and whether those that count are enough."""

from __future__ import annotations

import shlex
import subprocess
from pathlib import Path

import pytest

from sayso.adapters.resources import read_table
from sayso.approvals import REVIEW, SECURITY_REVIEW, Item
from sayso.checks.ai_authorship import read_rules
from sayso.message import parse_trailers
from sayso.model import Identity
from sayso.reviewers import (
    HUMAN_REVIEW,
    SECOND_REVIEW,
    Circle,
    Review,
    bootstrap,
    circle,
    refusal,
    shared,
    standing,
    steps,
    trailer_reviews,
)
from sayso.settings import Person
from sayso.settings import Review as Terms

TOOLS = read_rules(read_table("ai_authors.toml"))
DEV, RITA = Identity("Dev Eloper", "dev@example.org"), Identity("Rita Viewer", "rita@example.org")
CLAUDE = Identity("Claude", "noreply@anthropic.com")
PEOPLE = (
    Person("Rita Viewer", ("rita@example.org", "rita@home.example"), (REVIEW, SECURITY_REVIEW)),
    Person("Dev Eloper", ("dev@example.org",)),
    Person("Sec Urity", ("sec@example.org",), (SECURITY_REVIEW,)),
)
DEFAULT = Terms()
APART = Terms(separation=True)


def around(
    terms: Terms = DEFAULT,
    by: tuple[Identity, ...] = (DEV, DEV),
    people: tuple[Person, ...] = PEOPLE,
    message: str = "",
    lines: tuple[tuple[str, ...], ...] = (),
) -> Circle:
    return circle(people, terms, TOOLS, by, trailers=parse_trailers(message), lines=lines)


def told(*lines: str) -> str:
    return "\n".join(["Subject", "", *lines, ""])


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        pytest.param("Reviewed-by: Rita Viewer <rita@example.org>", "", id="named"),
        pytest.param("Reviewed-by: Somebody Else <Rita@Example.org>", "", id="the-address-decides"),
        pytest.param("Reviewed-by: Rita Viewer <rita@home.example>", "", id="second-address"),
        pytest.param("reviewed-BY: Rita Viewer <rita@example.org>", "", id="any-case"),
        pytest.param("Security-Reviewed-by: Rita Viewer <rita@example.org>", "", id="security"),
        pytest.param("Reviewed-by: Dev Eloper <dev@example.org>", "", id="author-without-separation"),
        pytest.param("Reviewed-by: Rita Viewer <rita@example.com>", "review-by-stranger", id="other-address"),
        pytest.param("Reviewed-by: Rita Viewer", "review-by-stranger", id="no-address"),
        pytest.param("Reviewed-by:", "review-by-stranger", id="empty"),
        pytest.param("Reviewed-by: Sec Urity <sec@example.org>", "review-by-stranger", id="other-duty"),
        pytest.param("Security-Reviewed-by: Dev Eloper <dev@example.org>", "review-by-stranger", id="no-security-duty"),
        pytest.param("Reviewed-by: Claude <noreply@anthropic.com>", "review-by-tool", id="tool"),
        pytest.param("Reviewed-by: Claude", "review-by-tool", id="tool-without-address"),
        pytest.param("Reviewed-by: Rita Viewer <noreply@anthropic.com>", "review-by-tool", id="tool-in-disguise"),
        pytest.param("Reviewed-by: Copilot <rita@example.org>", "review-by-tool", id="tool-with-a-person's-address"),
    ],
)
def test_trailers(line: str, rule: str) -> None:
    good, bad = trailer_reviews(parse_trailers(told(line)), around(), ai=False)
    assert [item.rule for item in bad] == ([rule] if rule else [])
    assert len(good) == (not rule)
    assert all(item.covers is None for item in good)


@pytest.mark.parametrize(
    "line",
    [
        "Approved-by: Rita Viewer <rita@example.org>",
        "Acked-by: Rita Viewer <rita@example.org>",
        "Signed-off-by: Rita Viewer <rita@example.org>",
        "Tested-by: Rita Viewer <rita@example.org>",
    ],
)
def test_other_trailers_are_no_reviews(line: str) -> None:
    assert trailer_reviews(parse_trailers(told(line)), around(), ai=False) == ((), ())


def test_only_what_git_takes_for_a_trailer_counts() -> None:
    for text in (
        "Reviewed-by: Rita Viewer <rita@example.org>",
        told("Reviewed-by: Rita <rita@example.org>", "", "More."),
    ):
        assert trailer_reviews(parse_trailers(text), around(), ai=False) == ((), ())


@pytest.mark.parametrize(
    ("signed", "ai", "counts"),
    [("none", True, True), ("none", False, True), ("ai", False, True), ("ai", True, False), ("all", False, False)],
)
def test_where_a_signature_is_asked_for_a_trailer_does_not_count(signed: str, ai: bool, counts: bool) -> None:
    trailers = parse_trailers(told("Reviewed-by: Rita Viewer <rita@example.org>"))
    good, bad = trailer_reviews(trailers, around(Terms(signed=signed)), ai=ai)
    assert (len(good), [item.rule for item in bad]) == ((1, []) if counts else (0, ["review-unsigned"]))


def test_trailers_without_end_are_cut_off_and_said_so() -> None:
    lines = [f"Reviewed-by: X <x{number}@example.org>" for number in range(500)]
    _, bad = trailer_reviews(parse_trailers(told(*lines)), around(), ai=False)
    assert len(bad) == 101
    assert "first 100" in bad[-1].message


@pytest.mark.parametrize(
    ("by", "message", "barred"),
    [
        pytest.param((DEV, RITA), "", "dev@example.org", id="author"),
        pytest.param((Identity("D", "DEV@example.org "), RITA), "", "dev@example.org", id="author-in-capitals"),
        pytest.param((CLAUDE, DEV), "", "dev@example.org", id="whoever-commits-for-a-tool"),
        pytest.param(
            (RITA, RITA), told("Co-authored-by: Dev Eloper <dev@example.org>"), "dev@example.org", id="co-author"
        ),
        pytest.param(
            (DEV, RITA),
            told("Co-authored-by: Claude <noreply@anthropic.com>"),
            "rita@example.org",
            id="tool-as-co-author",
        ),
        pytest.param((DEV, DEV, RITA, DEV), "", "rita@example.org", id="author-of-a-further-commit"),
        pytest.param(
            (Identity("R", "rita@home.example"), DEV), "", "rita@example.org", id="other-address-of-the-author"
        ),
        pytest.param((DEV, RITA), "", "", id="committer"),
    ],
)
def test_separation(by: tuple[Identity, ...], message: str, barred: str) -> None:
    known = around(APART, by, message=message)
    for email in ("dev@example.org", "rita@example.org") if barred else ("rita@example.org",):
        rule, _ = refusal(Identity("", email), REVIEW, known, signed=True)
        if email == barred or not barred:
            assert rule == ("review-of-own-work" if barred else "")
        assert refusal(Identity("", email), REVIEW, around(Terms(), by, message=message), signed=True)[0] == ""


def test_where_the_policy_names_nobody_a_signature_counts_and_a_trailer_does_not() -> None:
    known = around(people=(), lines=(("rita@example.org", "rita@home.example"), ("dev@example.org",)))
    assert refusal(RITA, SECURITY_REVIEW, known, signed=True) == ("", "")
    assert refusal(RITA, REVIEW, known, signed=False)[0] == "review-by-stranger"
    assert refusal(Identity("", "by-certificate@example.org"), REVIEW, known, signed=True) == ("", "")


@pytest.mark.parametrize(
    ("lines", "one", "other", "same"),
    [
        pytest.param((("a", "b"),), "a", "b", True, id="one-line"),
        pytest.param((("a",), ("b",)), "a", "b", False, id="two-lines"),
        pytest.param((("a", "b"), ("b", "c")), "a", "c", True, id="a-name-in-common"),
        pytest.param((("a",), ("c",), ("a", "c")), "a", "c", True, id="joined-later"),
        pytest.param((("*@x.org", "a"), ("*@x.org", "b")), "a", "b", False, id="patterns-name-nobody"),
        pytest.param((("*@x.org",),), "a@x.org", "b@x.org", False, id="only-a-pattern"),
    ],
)
def test_names_of_a_line_are_one_person(lines: tuple[tuple[str, ...], ...], one: str, other: str, same: bool) -> None:
    known = around(people=(), lines=lines)
    assert (known.key(one) == known.key(other)) is same


@pytest.mark.parametrize(
    ("names", "problem"),
    [
        pytest.param(("rita@example.org", "rita@home.example"), False, id="one-person"),
        pytest.param(("rita@example.org",), False, id="one-name"),
        pytest.param(("rita@example.org", "dev@example.org"), True, id="two-people"),
        pytest.param(("rita@example.org", "ci@example.org"), True, id="a-job"),
        pytest.param(("rita@example.org", "*@example.org"), True, id="a-pattern"),
    ],
)
def test_a_shared_key_speaks_for_nobody(names: tuple[str, ...], problem: bool) -> None:
    assert bool(shared(names, around())) is problem


A, B = Item("a.py", "100644", "a" * 40), Item("b.py", "100644", "b" * 40)
NEEDED = {"a.py": A, "b.py": B}


def said(person: str, *paths: str, role: str = REVIEW) -> Review:
    return Review(person, role, f"by {person}", frozenset(paths) if paths else None)


@pytest.mark.parametrize(
    ("reviews", "kind", "terms", "uncovered"),
    [
        pytest.param([], HUMAN_REVIEW, Terms(), ("a.py", "b.py"), id="nobody"),
        pytest.param([said("r")], HUMAN_REVIEW, Terms(), (), id="all"),
        pytest.param([said("r", "a.py")], HUMAN_REVIEW, Terms(), ("b.py",), id="half"),
        pytest.param([said("r", "a.py"), said("s", "b.py")], HUMAN_REVIEW, Terms(), (), id="together"),
        pytest.param([said("r", "a.py", "b.py", "c.py")], HUMAN_REVIEW, Terms(), (), id="more-than-asked"),
        pytest.param([said("r", role=SECURITY_REVIEW)], HUMAN_REVIEW, Terms(), (), id="security-review-is-one"),
        pytest.param([said("dev@example.org")], HUMAN_REVIEW, Terms(), (), id="own-word"),
        pytest.param([said("dev@example.org")], HUMAN_REVIEW, APART, ("a.py", "b.py"), id="own-word-apart"),
        pytest.param([said("r")], SECOND_REVIEW, Terms(), ("a.py", "b.py"), id="one-of-two"),
        pytest.param([said("r"), said("r")], SECOND_REVIEW, Terms(), ("a.py", "b.py"), id="one-person-twice"),
        pytest.param([said("r"), said("s")], SECOND_REVIEW, Terms(), (), id="two"),
        pytest.param([said("r"), said("s", "a.py")], SECOND_REVIEW, Terms(), ("b.py",), id="two-for-half"),
        pytest.param(
            [said("r"), said("dev@example.org")], SECOND_REVIEW, Terms(), ("a.py", "b.py"), id="author-is-no-second"
        ),
        pytest.param(
            [said("dev@example.org"), said("r"), said("s")], SECOND_REVIEW, Terms(), (), id="two-beside-the-author"
        ),
    ],
)
def test_standing(reviews: list[Review], kind: str, terms: Terms, uncovered: tuple[str, ...]) -> None:
    judged = standing(NEEDED, reviews, kind, around(terms))
    assert judged.uncovered == uncovered
    assert judged.met is (not uncovered)
    assert bool(judged.reasons) is bool(uncovered)
    assert bool(judged.evidence) is judged.met
    assert standing(NEEDED, reversed(reviews), kind, around(terms)).uncovered == uncovered


def test_a_security_review_is_asked_for_by_its_name() -> None:
    reviews = [said("r"), said("s", role=SECURITY_REVIEW)]
    assert standing(NEEDED, reviews[:1], HUMAN_REVIEW, around(), SECURITY_REVIEW).uncovered == ("a.py", "b.py")
    assert standing(NEEDED, reviews, HUMAN_REVIEW, around(), SECURITY_REVIEW).evidence == ("by s",)


def test_reasons_speak_of_several_as_several() -> None:
    assert standing(NEEDED, [], HUMAN_REVIEW, around()).reasons == ("nobody has approved a.py, b.py as they are",)


def test_reasons_tell_half_from_nothing() -> None:
    judged = standing(NEEDED, [said("r", "a.py"), said("dev@example.org")], SECOND_REVIEW, around())
    assert judged.reasons == (
        "nobody has approved b.py as it is",
        "only one person has approved a.py",
        "the author's own word does not count for a second review",
    )


@pytest.mark.parametrize(
    ("options", "commands"),
    [
        pytest.param({}, ["sayso approve -- 'a b.py' -- c", "git commit"], id="staged"),
        pytest.param({"role": SECURITY_REVIEW}, ["sayso approve --role security-review", "git commit"], id="security"),
        pytest.param(
            {"span": ("origin/main", "HEAD")},
            ["sayso approve --from-ref origin/main --to-ref HEAD --", "git add -- :/.sayso/approvals && git commit -m"],
            id="range",
        ),
        pytest.param(
            {"span": ("", "HEAD"), "trusted": False},
            ["# nothing before these commits names a signer: "],
            id="first-push",
        ),
        pytest.param({"amended": True}, ["sayso approve --amend -- ", "git commit --amend"], id="amended"),
        pytest.param(
            {"trusted": False}, ["cd ", "test -e", "mkdir", "git add", "# land ", "sayso", "git commit"], id="bootstrap"
        ),
        pytest.param(
            {"alone": False, "amended": True},
            ["git diff-index -p --cached --binary --full-index HEAD~1", "# a reviewer, in a clone", "# put the files"],
            id="amended-somebody-else",
        ),
        pytest.param(
            {"alone": False},
            ["git diff-index -p --cached --binary", "# a reviewer, in a clone", "# put the files"],
            id="somebody-else",
        ),
    ],
)
def test_steps(options: dict[str, object], commands: list[str]) -> None:
    found = steps(["a b.py", "-- c"], **options)  # type: ignore[arg-type]
    assert len(found) == len(commands)
    assert [line for line in found if not shlex.split(line) or "#" in line[1:]] == []
    for line, start in zip(found, commands, strict=True):
        assert line.startswith(start.replace("-- 'a b.py' -- c", "-- 'a b.py' '-- c'"))


def test_steps_name_no_more_paths_than_fit_on_a_line() -> None:
    assert steps([f"f{number}.py" for number in range(50)])[0] == "sayso approve"


def test_bootstrap_can_be_pasted(tmp_path: Path) -> None:
    home = tmp_path / "home"
    (home / ".ssh").mkdir(parents=True)
    top = tmp_path / "repo"
    top.mkdir()
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", home / ".ssh" / "id_ed25519"], check=True)
    setup = ("set -e", "git init -q", "git config user.email rita@example.org", "git config user.name Rita")
    script = "\n".join((*setup, *bootstrap(Terms())[:-1]))
    subprocess.run(["sh", "-c", script], cwd=top, env={"HOME": str(home), "PATH": "/usr/bin:/bin"}, check=True)
    shown = subprocess.run(
        ["git", "show", "HEAD:.sayso/allowed_signers"], cwd=top, check=True, capture_output=True
    ).stdout
    assert shown.decode().startswith('rita@example.org namespaces="sayso-approval@1" ssh-ed25519 AAAA')
    assert shown.endswith(b"\n")
