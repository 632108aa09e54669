"""The values of a policy: what a team or a repository may set, with the defaults that are built in.

``sayso.policyfile`` reads them from TOML, ``sayso.layers`` merges what several files say. A check or a judge takes
them as they are here, so that its test needs no file.
"""

from __future__ import annotations

from typing import NamedTuple

ENFORCED = ("all", "ai", "none")
UNVERIFIED = ("off", "warn", "refuse")
DUTIES = ("review", "security-review")
AUTHORSHIP_POLICIES = ("detect", "require", "forbid")
TRAILER_FORMS = ("Assisted-by", "Generated-by", "Co-authored-by")
OSV_URL = "https://api.osv.dev/v1/query"
KINDS = (
    *("code-scan", "secret-scan", "dependency-scan", "license", "tests:unit", "tests:e2e", "types", "lint"),
    *("human-review", "second-review", "threat-note"),
)
"""The kinds of evidence that a change can owe, in the order in which they are shown."""
FILE_KINDS = ("code", "test", "data", "text", "style", "media")
"""What ``sayso.duties`` takes a file for, by its name."""


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
        cases: what the tests must show, by name of the case, such as ``deny``; ``e2e:deny`` asks one kind of test.
        excluded: globs of files for which the duty does not hold, as ``except`` in the file.
        files: the kinds of file that the duty holds for. Empty: all.
        title: what it is, in a few words.
        why: why it is owed.
    """

    id: str
    when: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    cases: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    title: str = ""
    why: str = ""


class Gate(NamedTuple):
    """How strict the gate is.

    Attributes:
        enforce: whose commits are refused where something owed is missing: ``all``, ``ai`` or ``none``.
        unverified: what becomes of a commit whose tree no hook has examined: ``off``, ``warn`` or ``refuse``.
        required_hooks: the hook ids that must have reported.
        minimum_rev: the version of sayso below which a ``.pre-commit-config.yaml`` may not go, or "".
        tests_change: whose code owes that its tests change with it, beside that they ran: ``all``, ``ai`` or ``none``.
    """

    enforce: str = "all"
    unverified: str = "warn"
    required_hooks: tuple[str, ...] = ()
    minimum_rev: str = ""
    tests_change: str = "all"


class Relaxation(NamedTuple):
    """A rule, duty or setting that somebody loosens for a while: ``expires`` is YYYY-MM-DD, the last day."""

    rule: str
    reason: str
    owner: str
    expires: str


class Dependencies(NamedTuple):
    """How dependencies are looked up.

    Attributes:
        osv_export: advisories that the user has fetched, or "": absolute, with ``~``, or from the top.
        osv_url: where the service answers that is asked otherwise.
        max_age_days: how old advisories, and evidence that rests on them, may be.
        refuse_unpinned: a requirement that nothing pins could not be decided, instead of being shown.
    """

    osv_export: str = ""
    osv_url: str = OSV_URL
    max_age_days: int = 7
    refuse_unpinned: bool = True


class Acceptance(NamedTuple):
    """An advisory that somebody has decided to live with, until a day."""

    advisory: str
    reason: str
    owner: str
    expires: str


class Example(NamedTuple):
    """A change, and the verdict that a team expects of its policy.

    Attributes:
        name: what the example shows.
        paths: the files of the change with what they add.
        message: the commit message.
        author: ``Name <mail>``.
        ai: a tool wrote it, whether or not the message says so.
        evidence: the kinds for which there is good evidence.
        expect: ``pass`` or ``refuse``.
        owed: the kinds that the change must owe, and no others; None where the example does not say.
    """

    name: str
    paths: tuple[tuple[str, str], ...]
    message: str
    author: str
    ai: bool
    evidence: tuple[str, ...]
    expect: str
    owed: tuple[str, ...] | None


class Policy(NamedTuple):
    """What a repository asks for.

    Attributes:
        refuse_sensitive: an edit to a sensitive area refuses instead of being flagged.
        authorship: what becomes of AI markers: detect, require (in an accepted form) or forbid.
        accepted: the trailer keys that count as disclosure.
        raise_for_ai: a claim of tier warn refuses if the commit carries an AI marker.
        dependencies: how dependencies are looked up.
        acceptances: the advisories that are accepted, each with reason, owner and expiry.
        loosened: a sentence for each default that is loosened, and for each relaxation in force.
        gate: how strict the gate is.
        review: when a human review counts.
        people: whose review counts.
        limits: how large a change may be.
        duties: what changes owe beyond the built-in duties.
        tests: which tests belong to which source, beyond the built-in conventions.
        relaxed: what is loosened for a while, without what has run out.
        lapsed: a sentence for each relaxation that has run out.
        teams: the team policies that are in force, each with its SHA-256.
    """

    refuse_sensitive: bool = False
    authorship: str = "detect"
    accepted: tuple[str, ...] = TRAILER_FORMS
    raise_for_ai: bool = True
    dependencies: Dependencies = Dependencies()
    acceptances: tuple[Acceptance, ...] = ()
    loosened: tuple[str, ...] = ()
    gate: Gate = Gate()
    review: Review = Review()
    people: tuple[Person, ...] = ()
    limits: Limits = Limits()
    duties: tuple[Duty, ...] = ()
    tests: tuple[TestMap, ...] = ()
    relaxed: tuple[Relaxation, ...] = ()
    lapsed: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()


DEFAULT = Policy()
