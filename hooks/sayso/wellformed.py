"""Doubt whether a file is well-formed, cheaply, so that the engine is asked to parse those that may not be.

A doubt is no finding: it only has the engine look, which alone decides. Files
about which there is none, and in which no rule can match, are not parsed at all.
"""

from __future__ import annotations

import re
import warnings

_BRACKETS = ("()", "[]", "{}")
_CONFLICT = re.compile(r"^<{7} |^>{7} ", re.MULTILINE)
_BRACKETED = frozenset(("javascript", "typescript", "java", "csharp", "go", "php", "ruby"))
_MOST_COMPILED = 1 << 20
_ONLY_AST = 0x400


def doubtful(text: str, language: str) -> bool:
    """Tell whether ``text`` may fail to parse: Python by its own parser, the rest by brackets and conflict markers.

    Shell scripts, C with its preprocessor, and data formats are unbalanced by design and raise no doubt.
    """
    if _CONFLICT.search(text):
        return True
    if language == "python":
        return not _is_python(text)
    if language in _BRACKETED:
        return any(text.count(pair[0]) != text.count(pair[1]) for pair in _BRACKETS)
    return False


def _is_python(text: str) -> bool:
    if len(text) > _MOST_COMPILED:
        return False
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            compile(text, "", "exec", _ONLY_AST, dont_inherit=True)
        except (SyntaxError, ValueError, OverflowError, MemoryError, RecursionError):
            return False
    return True
