"""Tell from a file's text alone which rules cannot match there, so that the engine need not be started for them.

The engine derives a filter from each rule: words and regular expressions that
every match needs. We ship those filters and evaluate them here. A filter may let
through a file in which the rule finds nothing, never the reverse: whatever is
simplified, here or when the filters are made, is simplified towards "may match".

A filter is a number (a word if it is 0 or more, else a regular expression,
counted from -1), ``["&", ...]``, ``["|", ...]`` or a constant.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any, NamedTuple

_TOKEN = re.compile(r"\w+")
_CASELESS_TWINS = re.compile("[\u017f\u212a]")  # these match s and k where case does not count


class Pattern(NamedTuple):
    """A regular expression, and words one of which is in every text that it matches.

    ``first``: every match begins with one of the words. ``folded``: in any case.
    """

    source: str
    words: tuple[str, ...]
    first: bool
    folded: bool


class Prefilter:
    """The filters of one set of rules."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        """Take the document that ``rules/semgrep/filters`` holds for the set."""
        self._words = [(word, word.isidentifier()) for word in document["words"]]
        self._patterns = [Pattern(*pattern) for pattern in document["patterns"]]
        self._rules: Mapping[str, Any] = document["rules"]  # by analyzer, then by id
        self._compiled: dict[int, re.Pattern[str]] = {}

    def may_match(self, text: str, analyzer: str, only: Collection[str] | None = None) -> dict[str, tuple[str, ...]]:
        """Return the ids of the rules, or of those of ``only``, that may match somewhere in ``text``.

        By the analyzer that they need: ``analyzer``, or "regex" for those that read any text as it is.
        """
        known = _Text(self, text)
        chosen = {how: self._rules.get(how, {}) for how in (analyzer, "regex")}
        if only is not None:
            chosen = {how: {rule: rules[rule] for rule in only if rule in rules} for how, rules in chosen.items()}
        return {how: tuple(known.passing(rules)) for how, rules in chosen.items()}

    def word(self, number: int) -> tuple[str, bool]:
        """Return a word by its number, and whether it can only be part of one token."""
        return self._words[number]

    def pattern(self, number: int) -> Pattern:
        """Return a pattern by its number, counted from -1."""
        return self._patterns[~number]

    def compiled(self, number: int) -> re.Pattern[str]:
        """Compile a pattern as the engine does: line by line for ``^`` and ``$``, and with ASCII words only."""
        found = self._compiled.get(number)
        if found is None:
            found = self._compiled[number] = re.compile(self.pattern(number).source, re.MULTILINE | re.ASCII)
        return found


class _Text:
    """One text and what is known of it: no word or pattern is looked for twice.

    A word that could only be part of one token is looked for among the distinct tokens, which are few.
    """

    def __init__(self, filters: Prefilter, text: str) -> None:
        self._filters = filters
        self._text = text
        self._tokens = "\n".join(set(_TOKEN.findall(text)))
        self._folded = self._folded_tokens = ""
        self._known: dict[int, bool] = {}

    def passing(self, rules: Mapping[str, Any]) -> list[str]:
        return [rule for rule, formula in rules.items() if self._holds(formula)]

    def _holds(self, formula: Any) -> bool:
        if formula is True or formula is False:
            return bool(formula)
        if isinstance(formula, int):
            known = self._known.get(formula)
            if known is None:
                known = self._known[formula] = self._has(formula) if formula >= 0 else self._matches(formula)
            return known
        kind, *parts = formula
        return all(map(self._holds, parts)) if kind == "&" else any(map(self._holds, parts))

    def _has(self, number: int) -> bool:
        word, one_token = self._filters.word(number)
        return word in (self._tokens if one_token else self._text)

    def _matches(self, number: int) -> bool:
        pattern = self._filters.pattern(number)
        if pattern.folded and self._twisted():
            return True
        tokens, text = (self._lower_tokens(), self._lower()) if pattern.folded else (self._tokens, self._text)
        present = [word for word in pattern.words if word in (tokens if word.isidentifier() else text)]
        if pattern.words and not present:
            return False
        compiled = self._filters.compiled(number)
        if not pattern.first:
            return compiled.search(self._text) is not None
        return any(compiled.match(self._text, place) for word in present for place in _places(word, text))

    def _twisted(self) -> bool:
        """Tell whether the text holds letters for which lower case is not one to one."""
        return len(self._lower()) != len(self._text) or _CASELESS_TWINS.search(self._text) is not None

    def _lower(self) -> str:
        if not self._folded:
            self._folded = self._text.lower()
        return self._folded

    def _lower_tokens(self) -> str:
        if not self._folded_tokens:
            self._folded_tokens = self._tokens.lower()
        return self._folded_tokens


def _places(word: str, text: str) -> Iterator[int]:
    """Yield where ``word`` begins: trying a pattern there only is much faster than searching for it."""
    place = text.find(word)
    while place >= 0:
        yield place
        place = text.find(word, place + 1)
