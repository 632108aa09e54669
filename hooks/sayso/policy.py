"""The policy in force: built-in defaults, the team's policy, and what ``sayso.toml`` at the top of the repository says.

Tightening is free. What loosens a default needs a reason, an owner and an end, is
listed, and shown with every result that it touches, so that nobody passes by a rule
that was quietly moved. Only a repository that has a policy pays for reading one.
"""

from __future__ import annotations

from sayso.settings import (
    AUTHORSHIP_POLICIES,
    DEFAULT,
    OSV_URL,
    TRAILER_FORMS,
    Acceptance,
    Dependencies,
    Policy,
)

__all__ = (
    "AUTHORSHIP_POLICIES",
    "DEFAULT",
    "FILE",
    "OSV_URL",
    "TRAILER_FORMS",
    "Acceptance",
    "Dependencies",
    "Policy",
    "parse",
)

FILE = "sayso.toml"


def parse(text: str, source: str = FILE, today: str = "") -> Policy:
    """Read one policy file over what is built in; ``today`` (YYYY-MM-DD) says which relaxations have run out.

    Raises:
        DataError: not TOML, an unknown key, a value that is not allowed, or one that loosens what is built in without
            a relaxation; the message has file, line and key.
    """
    from sayso import layers, policyfile  # noqa: PLC0415 - most runs have no policy to read

    return layers.merge([policyfile.read(text, source)], today).policy
