"""Find the marks that coding tools leave in a commit, and judge them by policy.

Marks are looked for in author and committer, in the message (once as git parses
trailers, once as a person reads it) and in the environment by which agents
announce themselves. A mark tells that a tool took part. Its absence tells
nothing: it is reported as "no marker", and never as anything else.

Policies: ``detect`` shows, ``forbid`` refuses every mark in the commit itself,
``require`` asks for one trailer of an accepted form, found by git's own parser,
that names a tool, as soon as there is any mark. Under ``require`` a credit of a
form that is not accepted is refused too (so "Assisted-by, and no co-authors" is
``require`` with ``accepted = ["Assisted-by"]``), and so is a tool's sign-off:
only a person can certify origin. Session links and footers beside the accepted
trailer pass. The trailer may name another tool than the mark does: agents run
models of several vendors.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple

from sayso.authorlines import tool_of_line
from sayso.authornames import identity, tool_of, weigh
from sayso.authorrules import AuthorRules, parse_rules, read_rules
from sayso.message import Trailer, loose_lines, loose_trailers, parse_trailers, readable
from sayso.model import Finding, Identity, Severity

__all__ = ["NO_MARKER", "AuthorRules", "Marker", "find_markers", "identity", "judge", "parse_rules", "read_rules"]

NO_MARKER = "no marker of a coding tool; that tells nothing about who wrote the change"
IN_COMMIT = ("trailer", "body", "footer", "author", "committer")
_EXCERPT = 160
_NOTHING: Mapping[str, str] = MappingProxyType({})


class Marker(NamedTuple):
    """One mark: rule and tool by id, where it stands, its line in the message (or 0), and an excerpt.

    ``where`` is trailer (git's own parser sees it), body or footer (only the
    loose reading does), author, committer, or environment.
    """

    rule: str
    tool: str
    where: str
    line: int
    text: str


def find_markers(
    message: str,
    author: Identity,
    committer: Identity,
    rules: AuthorRules,
    environ: Mapping[str, str] = _NOTHING,
) -> list[Marker]:
    """Return the marks of one commit; ``message`` is what ``clean_message`` returned."""
    found = [
        Marker("ai-identity", tool, where, 0, f"{who.name} <{who.email}>"[:_EXCERPT])
        for where, who in (("author", author), ("committer", committer))
        if (tool := _identity_tool(who, rules))
    ]
    if _opens(message, rules):
        found += _in_message(message, rules)
    found += _in_environment(environ, rules)
    return found


def judge(
    markers: list[Marker],
    trailers: tuple[Trailer, ...],
    policy: str,
    accepted: tuple[str, ...],
    rules: AuthorRules,
) -> list[Finding]:
    """Turn marks into findings under ``policy``; ``trailers`` are those that git itself finds in the message."""
    if policy == "forbid":
        return [_forbidden(m, rules) if m.where in IN_COMMIT else _shown(m, rules) for m in markers]
    findings = [_shown(marker, rules) for marker in markers]
    if policy == "require" and markers:
        findings += _required(markers, trailers, accepted or ("Assisted-by",), rules)
    return findings


def _identity_tool(who: Identity, rules: AuthorRules) -> str:
    return tool_of(who.name, who.email, rules, credit=False)


def _opens(message: str, rules: AuthorRules) -> bool:
    """Tell cheaply whether the message holds any word that a mark could hold."""
    low = (message if message.isascii() else readable(message)).lower()
    return any(gate in low for gate in rules.gates) or bool(_short(rules.short).search(low))


def _in_message(message: str, rules: AuthorRules) -> list[Marker]:
    found: list[Marker] = []
    seen: set[tuple[str, int]] = set()
    for where, trailers in (("trailer", parse_trailers(message)), ("body", loose_trailers(message))):
        for trailer in trailers:
            hit = None if ("", trailer.line) in seen else _of_trailer(trailer, rules, loose=where == "body")
            if hit:
                seen.add(("", trailer.line))
                rule, tool = hit
                found.append(Marker(rule, tool, where, trailer.line, f"{trailer.key}: {trailer.value}"[:_EXCERPT]))
    for number, line in loose_lines(message):
        tool, rule = ("", "") if ("", number) in seen else tool_of_line(line, rules)
        if tool and (tool, number) not in seen:
            seen.add((tool, number))
            where = "footer" if rule == "ai-footer" else "body"
            found.append(Marker(rule, tool, where, number, line[:_EXCERPT]))
    return sorted(found, key=lambda marker: marker.line)


def _of_trailer(trailer: Trailer, rules: AuthorRules, *, loose: bool) -> tuple[str, str] | None:
    key, value = trailer.key.lower(), trailer.value.strip()
    for start, tool in rules.trailers.get(key, ()):
        if value and value.lower().startswith(start):
            return "ai-session", tool
    letters = _letters().sub("", key)
    generic = letters in rules.keys["generic"]
    if generic and value.lower().split(" ")[0].strip(".,;") in rules.keys["no"]:
        return None
    fields = letters in rules.keys["fields"] and not loose
    credit = generic or letters in rules.keys["credit"] or letters.endswith(_CREDIT_ENDS)
    if credit or fields or letters in rules.keys["people"] or (letters.endswith("by") and not loose):
        tool = _value_tool(value, rules, credit=credit, loose=loose)
        if tool or (generic and value):
            return "ai-trailer", tool or "generic"
    return _own_key(key, rules)


_CREDIT_ENDS = ("assistedby", "authoredby", "generatedby", "writtenby", "coauthor")


def _own_key(key: str, rules: AuthorRules) -> tuple[str, str] | None:
    """Recognise "Codex-Thread-Id" and the like: a tool's word and a word for its session, and nothing else."""
    words = key.split("-")
    if len(words) in (2, 3) and words[1] in _SESSION_WORDS and words[-1] in (*_SESSION_WORDS, "id", "url", "link"):
        found = rules.brands.get(words[0])
        return ("ai-session", found[0]) if found else None
    return None


_SESSION_WORDS = ("session", "thread", "task", "conversation", "run", "transcript")


def _value_tool(value: str, rules: AuthorRules, *, credit: bool, loose: bool) -> str:
    """Return the tool that a trailer's value names; the value may hold several people, and lack the brackets."""
    value = value if value.isascii() else readable(value)
    rest = value
    for match in _person().finditer(value):
        name, email = match[1].strip(" \t,;*_\"'"), match[2].strip()
        tool = tool_of(name, email if "@" in email and " " not in email else "", rules, credit=credit)
        rest = value[match.end() :]
        if tool and not (loose and _prose().match(rest)):
            return tool
    if "<" in value and not _person().search(rest):
        return ""
    bare = _address().search(value)
    if bare:
        tail = value[bare.end() :]
        return "" if loose and _prose().match(tail) else tool_of(value[: bare.start()], bare[0], rules, credit=credit)
    return tool_of(value.strip(" \t.*_"), "", rules, credit=credit)


def _in_environment(environ: Mapping[str, str], rules: AuthorRules) -> Iterator[Marker]:
    for name, wanted, tool in rules.environment:
        value = environ.get(name, "")
        if value.lower() in _OFF or (wanted and value != wanted):
            continue
        yield Marker("ai-environment", _announced(value, rules) or tool, "environment", 0, name)
    named = _announced(environ.get("AGENT", ""), rules)
    if named:
        yield Marker("ai-environment", named, "environment", 0, "AGENT")


_OFF = ("", "0", "false", "no", "off")


def _announced(value: str, rules: AuthorRules) -> str:
    """Return the tool named by the value of a variable that tools share; paths and sentences name none."""
    return (
        weigh(value.replace("_", "-"), rules).tool
        if value and value.replace("-", "").replace("_", "").isalnum()
        else ""
    )


def _place(marker: Marker) -> str:
    return "commit message" if marker.line else marker.where


def _shown(marker: Marker, rules: AuthorRules) -> Finding:
    severity = next((rule.severity for rule in rules.rules if rule.id == marker.rule), Severity.WARNING)
    message = f"{_name(marker, rules)} in the {_WHERE[marker.where]}: {marker.text}"
    detail = (("tool", marker.tool), ("where", marker.where))
    return Finding(marker.rule, _place(marker), marker.line, message, severity, detail)


_WHERE = {
    "trailer": "trailers",
    "body": "body",
    "footer": "body",
    "author": "author",
    "committer": "committer",
    "environment": "environment",
}


def _name(marker: Marker, rules: AuthorRules) -> str:
    tool = rules.tools.get(marker.tool)
    return tool.name if tool else marker.tool


def _error(rule: str, marker: Marker, message: str) -> Finding:
    detail = (("tool", marker.tool), ("where", marker.where))
    return Finding(rule, _place(marker), marker.line, message, Severity.ERROR, detail)


def _forbidden(marker: Marker, rules: AuthorRules) -> Finding:
    name = _name(marker, rules)
    if marker.where == "author":
        fix = "commit as yourself: git commit --amend --reset-author"
    elif marker.where == "committer":
        fix = 'set your own identity: git config user.name "..." and user.email, then commit again'
    else:
        fix = f"remove line {marker.line} from the message: {marker.text}"
    return _error("ai-forbidden", marker, f"this project accepts no mark of {name}; {fix}")


def _required(
    markers: list[Marker], trailers: tuple[Trailer, ...], accepted: tuple[str, ...], rules: AuthorRules
) -> Iterator[Finding]:
    forms = {form.lower() for form in accepted}
    misformed = [m for m in markers if m.rule == "ai-trailer" and _claims(m, rules) and _key(m) not in forms]
    for marker in misformed:
        better = f"{accepted[0]}: {_credit(marker, rules)}"
        yield _error("ai-form", marker, f"replace line {marker.line} by a line in the last paragraph: {better}")
    if any(t.key.lower() in forms and _value_tool(t.value, rules, credit=True, loose=False) for t in trailers):
        return
    stray = next((m for m in markers if m.where == "body" and m.rule == "ai-trailer" and _key(m) in forms), None)
    if stray:
        moved = f"git finds no trailer on line {stray.line}; move it to the last paragraph, which holds nothing else"
        yield _error("ai-undisclosed", stray, f"{moved}: {stray.text}")
    elif not misformed:
        first = next((m for m in markers if m.where in IN_COMMIT), markers[0])
        wanted = f"{accepted[0]}: {_credit(first, rules)}"
        seen = f"{_name(first, rules)} shows in the {_WHERE[first.where]} and no trailer of an accepted form says so"
        yield _error("ai-undisclosed", first, f"{seen}; add to the last paragraph of the message: {wanted}")


def _claims(marker: Marker, rules: AuthorRules) -> bool:
    return _letters().sub("", _key(marker)) in rules.keys["claims"]


def _key(marker: Marker) -> str:
    return marker.text.partition(":")[0].lower()


def _credit(marker: Marker, rules: AuthorRules) -> str:
    """Return what to write after the key: the mark's own words where they are a credit already."""
    value = marker.text.partition(": ")[2] if marker.rule == "ai-trailer" else ""
    return value if value and len(marker.text) < _EXCERPT else _name(marker, rules)


@lru_cache(2)
def _short(words: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![^\W_])(?:{words})(?![^\W\d_])")


@lru_cache(1)
def _letters() -> re.Pattern[str]:
    return re.compile(r"[^a-z]+")


@lru_cache(1)
def _person() -> re.Pattern[str]:
    return re.compile(r"([^<>]{0,120})<([^<>]{0,120})(?:>|$)")


@lru_cache(1)
def _address() -> re.Pattern[str]:
    return re.compile(r"[^\s<>()\[\],;:]{1,64}(?:\[bot\])?@[\w.-]{3,80}")


@lru_cache(1)
def _prose() -> re.Pattern[str]:
    """Match what goes on after an address as a sentence does."""
    return re.compile(r"[\s\"'`.)]{0,4}\s(?!and\b|via\b|with\b|co-)[a-z]{2,}", re.IGNORECASE)
