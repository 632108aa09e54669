"""Recognise a line of a message that credits a coding tool without being a trailer.

Footers ("Generated with ..."), session links, and sentences that disclose. Only
lines that consist of the credit count: a sentence about footers carries none.
"""

from __future__ import annotations

import re
from functools import lru_cache

from sayso.authornames import is_ai_link, is_link_of, weigh
from sayso.authorrules import AuthorRules, Class


def tool_of_line(line: str, rules: AuthorRules) -> tuple[str, str]:
    """Return tool and rule of a line that is no trailer: a footer, a session link, a sentence that discloses."""
    low = line.lower()
    for start, tool in rules.footers:
        if low.lstrip("*_").startswith(start):
            return tool, "ai-footer"
    for start, tool in rules.links if "://" in low else ():
        at = low.find(start)
        if at >= 0 and _session().match(low, at + len(start)) and not _sentence().search(line[:at]):
            return tool, "ai-session"
    match = _made().match(line) or _says().search(line)
    if not match:
        return "", ""
    robot = "\U0001f916" in line and (link := _link().match(match[1])) and is_ai_link(link[2])
    return _maker(match[1], rules) or ("generic" if robot else ""), "ai-footer"


def _maker(text: str, rules: AuthorRules) -> str:
    """Return the tool that stands after "generated with"."""
    link = _link().match(text)
    if link:
        verdict = weigh(link[1], rules)
        return verdict.tool if verdict.pure and verdict.strength else is_link_of(link[2], rules)
    name = _ends().split(text, maxsplit=1)[0].strip()
    whole = weigh(name, rules)
    if whole.pure and whole.strength:
        return whole.tool if whole.strength is Class.BRAND or name[:1].isupper() else ""
    words = name.split()
    for count in range(min(len(words), 5), 0, -1):
        head = weigh(" ".join(words[:count]), rules)
        if head.pure and head.strength is Class.BRAND:
            return head.tool
    return ""


@lru_cache(1)
def _sentence() -> re.Pattern[str]:
    """Several words in a row: a link or a footer amid them is spoken of, not carried."""
    return re.compile(
        r"(?:[^\W\d_][\w'-]{0,30}[ \t]{1,3}){5}|`|\bsuch\b|\blike\b|\be\.g\.|"
        r"\S[ \t]{1,3}[a-z]{2,20}[ \t]{1,3}[a-z]{2,20}$"
    )


@lru_cache(1)
def _session() -> re.Pattern[str]:
    """Match the id of a session; without one, the link leads to a product page."""
    return re.compile(r"[\w/?=&%.-]{0,60}\d")


@lru_cache(1)
def _made() -> re.Pattern[str]:
    return re.compile(
        rf"\W{{0,12}}(?:{_BEFORE}[ \t]){{0,4}}(?:(?:ai[- ]|auto[- ]?|co-?|vibe[- ]?)?{_VERBS}[ \t]{{1,3}}"
        rf"(?:entirely |mostly |partly |automatically )?(?:by|with|using|via){_HELP}|{_HELP_ONLY})"
        r"[ \t]{0,3}:?[ \t*_]{0,4}(\S.{0,200})",
        re.IGNORECASE,
    )


@lru_cache(1)
def _says() -> re.Pattern[str]:
    """Match "this commit was written with the help of ..."."""
    return re.compile(
        r"\b(?:this|the) (?:commit|change|changeset|patch|pr|pull request|fix|code|implementation|message|work)s?"
        r"(?: \w{1,12}){0,4}? (?:was|were|is|are|has been|have been)(?: \w{1,12}){0,2}?"
        rf" {_VERBS} (?:by|with|using|via){_HELP} (\S.{{0,200}})",
        re.IGNORECASE,
    )


_BEFORE = (
    "(?:this|these|the|all|code|commit|message|change|changes|patch|pr|was|is|were|partially|mostly|automatically)"
)
_VERBS = (
    "(?:generated|created|made|built|written|authored|produced|implemented|developed|coded|assisted|drafted|refactored|"
    "fixed|pair(?:ed|[- ]?programmed))"
)
_HELP = r"(?: (?:the )?(?:help|assistance|aid|support) (?:of|from))?"
_HELP_ONLY = r"with (?:the )?(?:help|assistance|aid|support) (?:of|from)"


@lru_cache(1)
def _link() -> re.Pattern[str]:
    return re.compile(r"\[([^\]]{1,80})\]\(([^)\s]{1,200})\)?")


@lru_cache(1)
def _ends() -> re.Pattern[str]:
    return re.compile(
        r"[,;!()\[\]|<>\u2014\u2013]| - |\.(?:\s|$)|: | (?:and|for|on|at|to|in|from|as|https?:)\b|https?:"
    )
