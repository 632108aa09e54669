"""The policy in force: built-in defaults, and what ``sayso.toml`` at the top of the repository changes.

Tightening is free. What loosens a default is listed, and shown with every
result that it touches, so that nobody passes by a rule that was quietly moved.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from sayso import tables
from sayso.settings import Duty, Gate, Limits, Person, Relaxation, Review, TestMap

FILE = "sayso.toml"
AUTHORSHIP_POLICIES = ("detect", "require", "forbid")
TRAILER_FORMS = ("Assisted-by", "Generated-by", "Co-authored-by")
OSV_URL = "https://api.osv.dev/v1/query"

_SERVICE = re.compile(r"https://[^\s@/]+/\S*|http://(?:127\.0\.0\.1|\[::1\])(?::\d{1,5})?/\S*")
_ADVISORY = re.compile(r"[A-Za-z][A-Za-z0-9]{1,15}-[A-Za-z0-9-]{3,60}")


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


class Policy(NamedTuple):
    """What a repository asks for.

    Attributes:
        refuse_sensitive: an edit to a sensitive area refuses instead of being flagged.
        authorship: what becomes of AI markers: detect, require (in an accepted form) or forbid.
        accepted: the trailer keys that count as disclosure.
        raise_for_ai: a claim of tier warn refuses if the commit carries an AI marker.
        dependencies: how dependencies are looked up.
        acceptances: the advisories that are accepted, each with reason, owner and expiry.
        loosened: a sentence for each default that the file loosens.
        gate: how strict the gate is.
        review: when a human review counts.
        people: whose review counts.
        limits: how large a change may be.
        duties: what changes owe beyond the built-in duties.
        tests: which tests belong to which source, beyond the built-in conventions.
        relaxed: what is loosened for a while.
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


DEFAULT = Policy()


def parse(text: str, source: str = FILE) -> Policy:
    """Read a policy file.

    Raises:
        DataError: not TOML, an unknown key, or a value that is not allowed; the message has file, line and key.
    """
    table = tables.parse(text, source)
    paths, authorship, claims = (
        table.table("sensitive-paths"),
        table.table("ai-authorship"),
        table.table("secure-claims"),
    )
    dependencies, accepted = table.table("dependency-scan"), tuple(map(_acceptance, table.tables("accept")))
    table.done()
    policy = Policy(
        refuse_sensitive=paths.flag("refuse", default=DEFAULT.refuse_sensitive),
        authorship=authorship.choice("policy", AUTHORSHIP_POLICIES, DEFAULT.authorship),
        accepted=authorship.texts("accepted", DEFAULT.accepted),
        raise_for_ai=claims.flag("refuse-warnings-of-ai-commits", default=DEFAULT.raise_for_ai),
        dependencies=_dependencies(dependencies),
        acceptances=accepted,
    )
    for section in (paths, authorship, claims):
        section.done()
    for form in policy.accepted:
        if form not in TRAILER_FORMS:
            raise authorship.error(f"{form!r} is not one of {', '.join(TRAILER_FORMS)}", "accepted")
    loosened = () if policy.raise_for_ai else (f"{source}: claims of tier warn do not refuse AI-marked commits",)
    return policy._replace(loosened=loosened)


def _dependencies(section: tables.Table) -> Dependencies:
    default = Dependencies()
    found = Dependencies(
        section.text("osv-export", default.osv_export),
        section.text("osv-url", default.osv_url),
        section.number("max-age-days", default.max_age_days),
        section.flag("refuse-unpinned", default=default.refuse_unpinned),
    )
    section.done()
    if not _SERVICE.fullmatch(found.osv_url):
        raise section.error("expected an https:// address, such as the default, or http:// on this machine", "osv-url")
    if found.max_age_days < 0:
        raise section.error("expected a number of days, not less than 0", "max-age-days")
    return found


def _acceptance(entry: tables.Table) -> Acceptance:
    found = Acceptance(entry.text("advisory"), entry.text("reason"), entry.text("owner"), entry.date("expires"))
    entry.done()
    if not _ADVISORY.fullmatch(found.advisory):
        raise entry.error(f"{found.advisory!r} is not the id of an advisory, such as GHSA-… or CVE-…", "advisory")
    for key in ("reason", "owner"):
        if not getattr(found, key).strip():
            raise entry.error("is empty", key)
    return found
