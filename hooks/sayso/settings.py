"""The values of a policy: what a team or a repository may set, with the defaults that are built in.

``sayso.policy`` reads them from TOML. A check or a judge takes them as they are
here, so that its test needs no file.
"""

from __future__ import annotations

from typing import NamedTuple

ENFORCED = ("all", "ai", "none")
UNVERIFIED = ("off", "warn", "refuse")
DUTIES = ("review", "security-review")


class Person(NamedTuple):
    """Somebody whose review counts.

    Attributes:
        name: what the person is called.
        emails: the addresses that stand in trailers, in ``author``, and as principals in ``allowed_signers``.
        may: the duties that the person's review satisfies.
    """

    name: str
    emails: tuple[str, ...]
    may: tuple[str, ...] = ("review",)


class Review(NamedTuple):
    """When a human review counts.

    Attributes:
        allowed_signers: the file of ``ssh-keygen``'s form that names whose signatures count, from the top.
        approvals: the folder of signed approvals, from the top.
        separation: the author of a change cannot approve it.
        signed: whose changes need a signature and not a trailer: ``all``, ``ai`` or ``none``.
        max_age_days: how old a signed approval may be.
    """

    allowed_signers: str = ".sayso/allowed_signers"
    approvals: str = ".sayso/approvals"
    separation: bool = False
    signed: str = "ai"
    max_age_days: int = 90


class Limits(NamedTuple):
    """How much can be reviewed line by line: added lines, files, and sensitive areas at once; less where a tool wrote.

    Generated and vendored files do not count.
    """

    lines: int = 600
    files: int = 40
    areas: int = 4
    ai_lines: int = 300
    ai_files: int = 20
    ai_areas: int = 3


class TestMap(NamedTuple):
    """Which tests belong to which source: globs; ``{name}`` and ``{dir}`` in ``tests`` are those of the source."""

    source: str
    tests: tuple[str, ...]


class Duty(NamedTuple):
    """What a change owes.

    Attributes:
        id: its name, by which a relaxation speaks of it.
        when: signals, each a rule id or its beginning with ``*``, or ``ai``; all must be there. Empty: always.
        paths: globs; the duty holds for the files that match. Empty: for those that gave the signals.
        evidence: the kinds that are owed.
        cases: what the tests must show, by name of the case, such as ``denied``.
    """

    id: str
    when: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    cases: tuple[str, ...] = ()


class Gate(NamedTuple):
    """How strict the gate is.

    Attributes:
        enforce: whose commits are refused where something owed is missing: ``all``, ``ai`` or ``none``.
        unverified: what becomes of a commit whose tree no hook has examined: ``off``, ``warn`` or ``refuse``.
        required_hooks: the hook ids that must have reported.
        minimum_rev: the version of sayso below which a ``.pre-commit-config.yaml`` may not go, or "".
    """

    enforce: str = "all"
    unverified: str = "warn"
    required_hooks: tuple[str, ...] = ()
    minimum_rev: str = ""


class Relaxation(NamedTuple):
    """A rule, duty or setting that somebody loosens for a while: ``expires`` is YYYY-MM-DD, the last day."""

    rule: str
    reason: str
    owner: str
    expires: str
