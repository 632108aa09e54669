"""The data of ``ai-authorship``: read from TOML and indexed by what is looked up.

``rules/ai_authors.toml`` explains its keys. Nothing is compiled here: a commit
that holds none of ``gates`` is done with before any pattern exists.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import IntEnum
from typing import NamedTuple

from sayso import ruletables, tables
from sayso.model import Rule

_SHORT = 5  # shorter words are found inside others ("amp" in "example"), so they are searched as whole words
_GENERIC_GATES = ("[bot]", "ai-", "ai_", "\U0001f916")


class Tool(NamedTuple):
    """What is known of one tool; the keys of ``[[tool]]``, which the data file explains."""

    id: str
    name: str
    brands: tuple[str, ...] = ()
    nouns: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    shared: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()
    trailers: tuple[str, ...] = ()
    footers: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    suffixes: tuple[str, ...] = ()
    environment: tuple[str, ...] = ()
    flag: tuple[str, ...] = ()
    passes: tuple[str, ...] = ()


class Class(IntEnum):
    """How far a word, or a name made of such words, points to a tool."""

    NONE = 0
    PERSON = 1
    NOUN = 2
    BRAND = 3


class AuthorRules(NamedTuple):
    """The parsed data. Only ``rules`` and ``tools`` are for others to read."""

    rules: tuple[Rule, ...]
    tools: Mapping[str, Tool]
    titles: Mapping[str, str]
    brands: Mapping[str, tuple[str, Class]]
    phrases: Mapping[str, str]
    words: frozenset[str]
    vendors: frozenset[str]
    joins: frozenset[str]
    silent: frozenset[str]
    plain: frozenset[str]
    keys: Mapping[str, frozenset[str]]
    addresses: Mapping[str, str]
    domains: Mapping[str, tuple[tuple[str, bool], ...]]
    accounts: Mapping[str, str]
    trailers: Mapping[str, tuple[tuple[str, str], ...]]
    footers: tuple[tuple[str, str], ...]
    links: tuple[tuple[str, str], ...]
    suffixes: tuple[tuple[str, str], ...]
    environment: tuple[tuple[str, str, str], ...]
    gates: tuple[str, ...]
    short: str


def parse_rules(text: str, source: str = "ai_authors.toml") -> AuthorRules:
    """Read the data file.

    Raises:
        DataError: not TOML, an unknown or missing key, a wrong type; the message has file, line and key.
    """
    return read_rules(tables.parse(text, source))


def read_rules(table: tables.Table) -> AuthorRules:
    """Read the data from a table that was parsed already; raises ``DataError``."""
    rules = ruletables.rules(table)
    names, keys = table.table("names"), table.table("keys")
    words = {key: frozenset(names.texts(key)) for key in ("words", "vendors", "joins", "silent", "plain")}
    key_sets = {key: frozenset(keys.texts(key)) for key in ("credit", "people", "generic", "fields", "claims", "no")}
    tools: dict[str, Tool] = {}
    for entry in table.tables("tool"):
        tool = _tool(entry)
        if tool.id in tools:
            raise entry.error(f"a second tool {tool.id!r}", "id")
        tools[tool.id] = tool
    for part in (names, keys, table):
        part.done()
    return _indexed(rules, tools, words, key_sets)


def _tool(entry: tables.Table) -> Tool:
    examples = entry.table("examples")
    lists = {key: entry.texts(key, ()) for key in Tool._fields[2:-2]}
    tool = Tool(
        entry.text("id"), entry.text("name"), **lists, flag=examples.texts("flag"), passes=examples.texts("pass")
    )
    examples.done()
    entry.done()
    return tool


def _indexed(
    rules: tuple[Rule, ...],
    tools: Mapping[str, Tool],
    words: Mapping[str, frozenset[str]],
    keys: Mapping[str, frozenset[str]],
) -> AuthorRules:
    brands: dict[str, tuple[str, Class]] = {}
    domains: dict[str, tuple[tuple[str, bool], ...]] = {}
    trailers: dict[str, tuple[tuple[str, str], ...]] = {}
    for tool in tools.values():
        for key, strength in (("people", Class.PERSON), ("nouns", Class.NOUN), ("brands", Class.BRAND)):
            brands.update((word, (tool.id, strength)) for word in getattr(tool, key))
        for host in (*tool.domains, *tool.shared):
            domains[host] = (*domains.get(host, ()), (tool.id, host in tool.shared))
        for trailer in tool.trailers:
            key, _, start = trailer.lower().partition(": ")
            trailers[key] = (*trailers.get(key, ()), (start, tool.id))
    every = tools.values()
    short = [word for word in brands if len(word) <= _SHORT]
    gates = [word for word in brands if len(word) > _SHORT]
    gates += [form for t in every for text in t.phrases for form in (text, text.replace(" ", "-"))]
    gates += [text.lower() for t in every for text in (*t.addresses, *t.footers, *t.links)]
    gates += [login for t in every for login in t.accounts if not login.isdigit() and not login.endswith("[bot]")]
    gates += [*(host for t in every for host in t.domains), *trailers, *_GENERIC_GATES]
    return AuthorRules(
        rules=rules,
        tools=tools,
        titles={t.name.lower(): t.id for t in every},
        brands=brands,
        phrases={phrase: t.id for t in every for phrase in t.phrases},
        **words,
        keys=keys,
        addresses={text: t.id for t in every for text in t.addresses},
        domains=domains,
        accounts={text.lower(): t.id for t in every for text in t.accounts},
        trailers=trailers,
        footers=tuple((text.lower(), t.id) for t in every for text in t.footers),
        links=tuple((text.lower(), t.id) for t in every for text in t.links),
        suffixes=tuple((text.lower(), t.id) for t in every for text in t.suffixes),
        environment=tuple((*_variable(text), t.id) for t in every for text in t.environment),
        gates=tuple(dict.fromkeys(gates)),
        short="|".join(map(re.escape, short)),
    )


def _variable(text: str) -> tuple[str, str]:
    name, _, value = text.partition("=")
    return name, value
