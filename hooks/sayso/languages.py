"""Tell what a file is from its name and first line: which language, and whether a scanner has business with it.

An unknown name is "unknown", never "harmless": what nobody can classify cannot
support a claim.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from sayso import tables

KINDS = ("code", "text", "media")
UNKNOWN = "unknown"

_SHEBANG = re.compile(
    rb"#![ \t]{0,9}(?:\S{0,99}/)?(?:env(?:[ \t]{1,9}(?:-|\w{1,40}=)\S{0,40}){0,4}[ \t]{1,9}(?:\S{0,99}/)?)?"
    rb"([A-Za-z]+)[\d.]*(?:\s|$)"
)


class Language(NamedTuple):
    """A kind of file. ``rules`` names the semgrep rule set that examines it, or is empty.

    ``partly`` says that ordinary files of the kind hold what no parser can make sense of, such as macros and templates.
    """

    id: str
    kind: str
    rules: str = ""
    suffix: str = ""
    partly: bool = False


class Languages:
    """The table of languages, looked up by whole name, suffix, prefix or interpreter."""

    def __init__(self, table: tables.Table) -> None:
        self._names: dict[str, Language] = {}
        self._suffixes: dict[str, Language] = {}
        self._prefixes: dict[str, Language] = {}
        self._interpreters: dict[bytes, Language] = {}
        self._by_id: dict[str, Language] = {}
        for entry in table.tables("language"):
            suffixes = entry.texts("suffixes", ())
            language = Language(
                entry.text("id"),
                entry.choice("kind", KINDS),
                entry.text("rules", ""),
                suffixes[0] if suffixes else "",
                entry.flag("partly", default=False),
            )
            self._by_id[language.id] = language
            self._suffixes.update(dict.fromkeys(suffixes, language))
            self._names.update(dict.fromkeys(entry.texts("names", ()), language))
            for prefix in entry.texts("prefixes", ()):
                self._prefixes.update(dict.fromkeys((prefix + ".", prefix + "-", prefix + "_"), language))
            self._interpreters.update({name.encode(): language for name in entry.texts("interpreters", ())})
            entry.done()
        table.done()

    @property
    def rule_sets(self) -> tuple[str, ...]:
        """The names of the rule sets that some language has, each once."""
        return tuple(dict.fromkeys(language.rules for language in self._by_id.values() if language.rules))

    def rules(self, language_id: str) -> str:
        """Return the name of the rule set of a language."""
        return self._by_id[language_id].rules

    def partly(self, language_id: str) -> bool:
        """Tell whether a file of a language may be examined in part."""
        return self._by_id[language_id].partly

    def suffix(self, language_id: str) -> str:
        """Return the first suffix of a language."""
        return self._by_id[language_id].suffix

    def of(self, path: str, head: bytes = b"") -> Language:
        """Classify ``path``; ``head`` are the first bytes of the file, for a name that says nothing."""
        name = path.rpartition("/")[2].lower()
        if name in self._names:
            return self._names[name]
        parts = name.split(".")
        for start in range(1, len(parts)):
            found = self._suffixes.get("." + ".".join(parts[start:]))
            if found:
                return found
        for prefix, language in self._prefixes.items():
            if name.startswith(prefix):
                return language
        script = _SHEBANG.match(head)
        return self._interpreters.get(script[1], _UNKNOWN) if script else _UNKNOWN


_UNKNOWN = Language(UNKNOWN, UNKNOWN)


def parse(text: str, source: str = "languages.toml") -> Languages:
    """Parse the table; raises ``DataError``."""
    return Languages(tables.parse(text, source))
