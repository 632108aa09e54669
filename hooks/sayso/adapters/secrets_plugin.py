"""Our token detectors as a plugin of detect-secrets, for those who run it themselves.

``detect-secrets scan -p PATH`` of this file adds them to its own. They are the
detectors of ``rules/secret_tokens.toml``, found by the function that the hook uses.
The hook does not need the plugin: it has looked already, before the engine starts.
"""

from __future__ import annotations

from collections.abc import Generator
from functools import cache

from detect_secrets.plugins.base import BasePlugin

from sayso.adapters.resources import read_table
from sayso.credentials import tokens
from sayso.credentials.values import Judge


@cache
def _detectors() -> tuple[tuple[tokens.Detector, ...], Judge]:
    return tokens.load(read_table("secret_tokens.toml")), Judge(read_table("secret_values.toml"))


class SaysoTokenDetector(BasePlugin):
    """Finds tokens by their form, and verifies it."""

    secret_type = "Sayso Token"  # noqa: S105 - the library's name for a kind of secret

    def analyze_string(self, string: str) -> Generator[str, None, None]:
        """Yield the tokens in a line."""
        detectors, judge = _detectors()
        for place in tokens.find(detectors, judge, string):
            yield string[place.start : place.end]
