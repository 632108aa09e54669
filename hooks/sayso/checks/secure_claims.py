"""Find statements by which an author vouches for the security of the work: in messages, documents and comments.

Two tiers, because claims are rare and a false refusal costs more than a missed
one: what is of tier "refuse" is narrow, what is of tier "warn" is shown and
stops nobody. A negation, a question, a plan, a condition, a quotation, code or
somebody else's product is no claim; "not vulnerable to X" is one. Of several
claims of one kind in a statement only the weightiest counts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from sayso import prose
from sayso.claimrules import ClaimRule, ClaimRules, Guard, compiled, parse_rules, read_rules
from sayso.model import AddedLine, Snapshot

__all__ = ["Claim", "ClaimRules", "check", "find_claims", "parse_rules", "read_rules"]

_NEAR = 60
_EXCERPT = 160
_CODE_LINE = (
    r"^\s*(?:[\w.]+!?\(|[{}<\[]|(?:const|let|var|return|if|for|echo|print\w*|throw|raise|assert)\b.{0,80}[\"'`(]"
    r"|[\w.\[\]]+\s*(?:=|=>|\+=)\s*[\"'`f{\[]|[\w\"']+\s*:\s*[\"'`].{0,300}[\"'`]\s*,?\s*$"
    r"|\w+=[\"'{]|.{0,80}=>\s*\w+[!.]?\w*[!(]|\.\w+\(|.{0,200}[;{]\s*$)"
)
_COMMENT_MARK = r"(?m)^[ \t]*(?:(?://[/!]?|/\*+|\*/|--|;{1,3}|#+)[ \t]+|\"{3}|'{3})"
_SQUEEZE = {ord(char): None for char in " \t\r*_`~.-\\\"'<>/|"}


class Claim(NamedTuple):
    """A claim: the rule that saw it, its kind and tier, where it starts, and the words, shortened.

    ``cwes`` is for kind "class"; ``tools`` is for kind "scanner" and holds canonical names.
    """

    rule: str
    kind: str
    tier: str
    line: int
    text: str
    cwes: tuple[int, ...] = ()
    tools: tuple[str, ...] = ()


def find_claims(text: str, rules: ClaimRules, context: str) -> list[Claim]:
    """Return the claims of ``text`` in order; ``context`` is "message", "prose" (a document) or "comment"."""
    return [claim for claim, _ in _located(text, rules, context)]


def check(snapshot: Snapshot, rules: ClaimRules, texts: Mapping[str, str]) -> Iterator[tuple[str, Claim]]:
    """Yield path and claim for what ``snapshot`` adds.

    ``texts`` holds the whole new text by path: where a comment or a sentence begins cannot be told from added lines
    alone. A claim counts if any line of its statement is an added one.
    """
    from sayso import comments  # noqa: PLC0415 - a message has none

    for path, added in snapshot.added.items():
        text = texts.get(path)
        if not added or text is None or not _opens(_around(added, text), rules.gate) or not _opens(text, rules.gate):
            continue
        numbers = {line.number for line in added}
        context = "prose" if comments.is_document(path) else "comment"
        for start, block in comments.prose_of(path, text) or ():
            if numbers.isdisjoint(range(start, start + block.count("\n") + 1)):
                continue
            for claim, end in _located(block, rules, context):
                first = claim.line + start - 1
                if not numbers.isdisjoint(range(first, end + start)):
                    yield path, claim._replace(line=first)


def _around(added: Sequence[AddedLine], text: str) -> str:
    """Return the added lines and those near them: no statement is so long that it needs more, and a file is."""
    lines = text.split("\n")
    near: list[str] = []
    end = 0
    for line in added:
        start = max(end, line.number - 1 - _NEAR)
        end = max(end, line.number + _NEAR)
        near += lines[start:end]
    return "\n".join(near)


def _opens(text: str, gate: tuple[str, ...]) -> bool:
    """Tell in microseconds whether ``text`` can hold a claim at all."""
    if not text.isascii():
        text = prose.fold(text)
    if "<" in text:
        text = compiled(r"<[^<>\n]{0,200}>").sub("", text)
    bare = text.lower().translate(_SQUEEZE)
    if "&" in bare and ";" in bare:
        return True
    bare = bare.replace("\n", "")
    return any(word in bare for word in gate)


def _located(text: str, rules: ClaimRules, context: str) -> Iterator[tuple[Claim, int]]:
    gate = rules.gate
    if not _opens(text, gate):
        return
    keep = compiled(rules.kept) if "`" in text else None
    if context == "comment":
        text = compiled(_COMMENT_MARK).sub("", text)
    for statement in prose.statements(
        text, message=context == "message", keep=keep, gate=lambda part: _opens(part, gate)
    ):
        if not statement.pending and not (context == "comment" and compiled(_CODE_LINE).match(statement.text)):
            yield from ((claim, statement.end) for claim in _judge(statement, rules, context))


def _judge(statement: prose.Statement, rules: ClaimRules, context: str) -> list[Claim]:
    best: dict[str, tuple[ClaimRule, str]] = {}
    norm = statement.norm
    for rule in rules.claims:
        tier = "warn" if context in rule.warns_in else rule.tier
        if rule.kind in best and best[rule.kind][1] in (tier, "refuse"):
            continue
        if context in rule.contexts and _may_match(norm, rule) and _matches(norm, rule, rules, context):
            best[rule.kind] = rule, tier
    return [_claim(rule, statement, rules, tier) for rule, tier in best.values()]


def _may_match(norm: str, rule: ClaimRule) -> bool:
    return any(word in norm for word in rule.needs) and (not rule.also or any(word in norm for word in rule.also))


def _matches(norm: str, rule: ClaimRule, rules: ClaimRules, context: str) -> bool:
    for pattern in rule.patterns:
        found = compiled(pattern).search(norm)
        if found is None:
            continue
        guards = [guard for guard in rules.guards if guard.id not in rule.ignores and context in guard.contexts]
        if not any(_holds(guard, norm, found.start(), found.end()) for guard in guards):
            return True
    return False


def _holds(guard: Guard, norm: str, start: int, end: int) -> bool:
    if guard.where == "before":
        norm = norm[max(0, start - guard.reach) : start]
    elif guard.where == "inside":
        norm = norm[start:end]
    elif guard.where == "after":
        norm = norm[end : end + guard.reach]
    if guard.needs and not any(word in norm for word in guard.needs):
        return False
    return any(compiled(pattern).search(norm) for pattern in guard.patterns)


def _classes(norm: str, rules: ClaimRules) -> tuple[int, ...]:
    """Return the CWE numbers of the classes that are named: "SQL injection" is not "injection" as well."""
    places = [(found, named.cwe) for named in rules.classes for found in compiled(named.pattern).finditer(norm)]
    starts = [(found.start(), found.end()) for found, _ in places]
    return tuple(sorted({n for found, cwe in places if not any(a < found.start() < b for a, b in starts) for n in cwe}))


def _claim(rule: ClaimRule, statement: prose.Statement, rules: ClaimRules, tier: str) -> Claim:
    text = statement.text if len(statement.text) <= _EXCERPT else statement.text[: _EXCERPT - 1] + "…"
    cwes: tuple[int, ...] = ()
    tools: tuple[str, ...] = ()
    if rule.kind == "class":
        cwes = _classes(statement.norm, rules)
    if rule.kind == "scanner":
        tools = tuple(named.name for named in rules.tools if compiled(named.pattern).search(statement.norm))
        tools = tuple(name for name in tools if name not in ("sast", "scanner")) or tools[:1]
    return Claim(rule.id, rule.kind, tier, statement.line, text, cwes, tools)
