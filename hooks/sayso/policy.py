"""The policy in force: built-in defaults, and what ``sayso.toml`` at the top of the repository changes.

Tightening is free. What loosens a default is listed, and shown with every
result that it touches, so that nobody passes by a rule that was quietly moved.
"""

from __future__ import annotations

from typing import NamedTuple

from sayso import tables

FILE = "sayso.toml"
AUTHORSHIP_POLICIES = ("detect", "require", "forbid")
TRAILER_FORMS = ("Assisted-by", "Generated-by", "Co-authored-by")


class Policy(NamedTuple):
    """What a repository asks for.

    Attributes:
        refuse_sensitive: an edit to a sensitive area refuses instead of being flagged.
        authorship: what becomes of AI markers: detect, require (in an accepted form) or forbid.
        accepted: the trailer keys that count as disclosure.
        raise_for_ai: a claim of tier warn refuses if the commit carries an AI marker.
        loosened: a sentence for each default that the file loosens.
    """

    refuse_sensitive: bool = False
    authorship: str = "detect"
    accepted: tuple[str, ...] = TRAILER_FORMS
    raise_for_ai: bool = True
    loosened: tuple[str, ...] = ()


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
    table.done()
    policy = Policy(
        refuse_sensitive=paths.flag("refuse", default=DEFAULT.refuse_sensitive),
        authorship=authorship.choice("policy", AUTHORSHIP_POLICIES, DEFAULT.authorship),
        accepted=authorship.texts("accepted", DEFAULT.accepted),
        raise_for_ai=claims.flag("refuse-warnings-of-ai-commits", default=DEFAULT.raise_for_ai),
    )
    for section in (paths, authorship, claims):
        section.done()
    for form in policy.accepted:
        if form not in TRAILER_FORMS:
            raise authorship.error(f"{form!r} is not one of {', '.join(TRAILER_FORMS)}", "accepted")
    loosened = () if policy.raise_for_ai else (f"{source}: claims of tier warn do not refuse AI-marked commits",)
    return policy._replace(loosened=loosened)
