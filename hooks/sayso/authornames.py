"""Who is meant by a name and an address: a coding tool, or a person.

One word never decides. People are called Claude, Devin and Jules, work at AI
vendors, and put plus-tags in their addresses; tools use addresses of other
vendors or none. So a name is weighed first (nothing but words of a tool, or
such words beside a person's), and a name that leaves doubt needs an address
that no person reads. The data is ``rules/ai_authors.toml``.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from sayso.authorrules import AuthorRules, Class
from sayso.model import Identity

_NOREPLY_HOST = "users.noreply.github.com"
_EXAMPLE_HOSTS = ("example.com", "example.org", "example.net")
_LOCAL_HOSTS = ("localhost", "local", "invalid", "test")
_WORD = r"[^\W_]+(?:\.\d+)*"


class Verdict(NamedTuple):
    """The tool that a name points to, how far, and whether the name holds nothing else."""

    tool: str
    strength: Class
    pure: bool


NOBODY = Verdict("", Class.NONE, pure=False)


def identity(text: str) -> Identity:
    """Read "Name <mail>", with or without the date that ``git var GIT_AUTHOR_IDENT`` appends."""
    head, opened, tail = text.rpartition("<")
    if not opened:
        return Identity(text.strip(), "")
    return Identity(head.strip(), tail.partition(">")[0].strip())


def tool_of(name: str, email: str, rules: AuthorRules, *, credit: bool) -> str:
    """Return the id of the tool that ``name`` and ``email`` stand for, or "".

    ``credit`` says that the two stand where the maker of the work is named: a
    bare "Claude" without an address is a tool there, and only there.
    """
    plain = email.strip().lower()
    if credit and not plain and name.lower() in rules.titles:
        return rules.titles[name.lower()]
    named = weigh(name, rules)
    account = _account(plain, rules)
    if account:
        return account
    if plain in rules.addresses:
        return named.tool or rules.addresses[plain]
    low = name.rstrip().lower()
    for suffix, tool in rules.suffixes:
        if low.endswith(suffix):
            return tool
    if _is_tool(named, plain, rules, credit=credit):
        return named.tool
    if not named.strength:
        return _vendor_robot(plain, rules)
    for part in _parts(name):
        verdict = weigh(part, rules)
        if _is_clear(verdict) or (verdict.pure and credit and not plain and not _has_person(name, part)):
            return verdict.tool
    return ""


def weigh(name: str, rules: AuthorRules) -> Verdict:
    """Weigh a name by its words: what tool they point to, and whether a stranger is among them."""
    words = _words().findall(name.lower().replace("'s ", " "))
    if not words or len(words) > 12:  # noqa: PLR2004 - no name, but a sentence
        return NOBODY
    tool, strength, extra, strangers, versions = "", Class.NONE, 0, 0, 0
    for word in words:
        found = rules.brands.get(word) or (
            rules.brands.get(word.rstrip("v.0123456789")) if word[-1].isdigit() else None
        )
        if found and (word in rules.brands or found[1] is Class.BRAND):
            extra += bool(tool) and max(found[1], strength) > Class.PERSON
            tool = found[0] if tool in ("", "generic") else tool
            strength = max(strength, found[1])
        elif word in rules.words:
            extra += 1
        elif _version().fullmatch(word):
            versions += 1
        elif word not in rules.vendors and word not in rules.joins:
            strangers += 1
    extra += bool(tool) and any(word in rules.vendors for word in words)
    low = " ".join(words)
    for phrase, owner in rules.phrases.items():
        if phrase in low:
            return Verdict(owner, Class.BRAND, pure=True)
    if tool and versions and (strangers <= 1 or ":" in name):
        return Verdict(tool, Class.BRAND, pure=True)
    if tool and not strangers and extra:
        return Verdict(tool, Class.BRAND, pure=True)
    return Verdict(tool, strength, pure=not strangers) if tool else NOBODY


def is_link_of(url: str, rules: AuthorRules) -> str:
    """Return the tool to whose own domain ``url`` leads, or ""."""
    return next((tool for tool, shared in _owners(_host(url), rules) if not shared), "")


def is_ai_link(url: str) -> bool:
    """Tell a link to a domain under ``.ai``: no proof by itself, but a good hint beside a robot's face."""
    return _host(url).endswith(".ai")


def _host(url: str) -> str:
    return url.lower().partition("://")[2].partition("/")[0]


def _is_clear(verdict: Verdict) -> bool:
    return verdict.strength is Class.BRAND and verdict.pure


def _is_tool(named: Verdict, email: str, rules: AuthorRules, *, credit: bool) -> bool:
    """Decide for a name that points to a tool, with an address that is not known by itself."""
    if named.strength is Class.BRAND:
        return named.pure or (not _is_personal(email, rules) and bool(email or credit))
    if not named.pure or not named.strength:
        return False
    local, _, host = email.partition("@")
    if not host:
        return credit
    if host == _NOREPLY_HOST:
        return local in _known(named, rules) or _is_robot(local.partition("+")[2] or local, named, rules)
    owners = _owners(host, rules)
    if any(not shared and rules.brands[word][0] == tool for tool, shared in owners for word in _known(named, rules)):
        return True
    if _is_silent(local, rules) or host.startswith("noreply.") or (named.strength is Class.NOUN and owners):
        return True
    if local in _known(named, rules) and (host in _EXAMPLE_HOSTS or host.rpartition(".")[2] in _LOCAL_HOSTS):
        return named.strength is Class.NOUN or host not in _EXAMPLE_HOSTS
    return _is_robot(local, named, rules) or (credit and named.tool in rules.plain)


def _known(named: Verdict, rules: AuthorRules) -> tuple[str, ...]:
    tool = rules.tools[named.tool]
    return (*tool.nouns, *tool.people, *tool.brands)


def _is_personal(email: str, rules: AuthorRules) -> bool:
    local, _, host = email.partition("@")
    return bool(host) and not _is_silent(local, rules)


def _is_silent(local: str, rules: AuthorRules) -> bool:
    return local.replace("-", "").replace("_", "").replace(".", "") in rules.silent


def _is_robot(local: str, named: Verdict, rules: AuthorRules) -> bool:
    """Tell "cursor-agent" and "claude[bot]" from "claude" and "claude.eloper"."""
    words = [word for word in _words().findall(local) if word not in _known(named, rules)]
    return bool(words) and all(word in rules.words or word in rules.silent for word in words)


def _vendor_robot(email: str, rules: AuthorRules) -> str:
    """Recognise an address at a vendor's own domain that no person reads, whatever the name beside it."""
    local, _, host = email.partition("@")
    for tool, shared in _owners(host, rules):
        if not shared and (_is_silent(local, rules) or local in (*rules.tools[tool].brands, *rules.tools[tool].nouns)):
            return tool
    return ""


def _account(email: str, rules: AuthorRules) -> str:
    """Recognise a GitHub account by its number or login, and a bot by a login that holds only a tool's words."""
    local, _, host = email.partition("@")
    if host != _NOREPLY_HOST:
        return ""
    number, plus, login = local.partition("+")
    login = login if plus else local
    found = rules.accounts.get(login, "") or (rules.accounts.get(number, "") if plus else "")
    if not found and login.endswith("[bot]"):
        verdict = weigh(login, rules)
        found = verdict.tool if _is_clear(verdict) else ""
    return found


def _owners(host: str, rules: AuthorRules) -> tuple[tuple[str, bool], ...]:
    while host:
        if host in rules.domains:
            return rules.domains[host]
        host = host.partition(".")[2]
    return ()


def _parts(name: str) -> list[str]:
    """Split "Dev Eloper (aider)" and "X via Codex"; the whole name alone is no part."""
    parts = [part.strip() for part in _between().split(name)]
    return [part for part in parts if part] if len(parts) > 1 else []


def _has_person(name: str, part: str) -> bool:
    """Tell "Claude and Dev Eloper" (the tool took part) from "Claude (Dev) Eloper"."""
    return "(" in name and not name.rstrip().endswith(")") and part not in name.partition("(")[0]


@lru_cache(1)
def _words() -> re.Pattern[str]:
    return re.compile(_WORD)


@lru_cache(1)
def _version() -> re.Pattern[str]:
    return re.compile(r"[a-z]{0,2}\d{1,3}(?:\.\d{1,3}){0,3}[a-z]?|20[2-9]\d(?:\d{4})?")


@lru_cache(1)
def _between() -> re.Pattern[str]:
    return re.compile(r"[(),;/&+|]|\b(?:and|by|for|from|in|on|through|to|using|via|with)\b", re.IGNORECASE)
