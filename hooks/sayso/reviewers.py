"""Whose reviews count, and whether those that count cover what needs them. Values only.

A signed approval covers the files that it names, as they were. A trailer covers the
commit in whose message it stands, and is a hint: whoever writes the message writes
it. So it counts only for a person whom the policy names, and by default not where a
coding tool took part. No tool's own word counts at all.

People are told apart by the addresses that the policy gives them: two keys of one
person are one person. Where the policy names nobody, each signer is a person.
Separation, where it is asked for, keeps the author from approving, and so does a
second review always; the author is whoever is named so, with co-authors, and with
the committer where a tool is named as the author. All of that is what the commit
says of itself: a false author is found by no hook.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from sayso.approvals import NAMESPACE, REVIEW, ROLES, SECURITY_REVIEW, Item
from sayso.authornames import identity, tool_of
from sayso.authorrules import AuthorRules
from sayso.message import Trailer
from sayso.model import Identity
from sayso.settings import Person
from sayso.settings import Review as Terms

HUMAN_REVIEW = "human-review"
SECOND_REVIEW = "second-review"
KEYS: Mapping[str, str] = {"reviewed-by": REVIEW, "security-reviewed-by": SECURITY_REVIEW}

_MOST_TRAILERS = 100
_MOST_NAMED = 20
_SHOWN = 120


class Review(NamedTuple):
    """A review that counts.

    Attributes:
        person: who, the same for all addresses of one person.
        role: as what.
        evidence: the approval, or the trailer.
        covers: the paths that it covers; None for all of the change.
    """

    person: str
    role: str
    evidence: str
    covers: frozenset[str] | None = None


class Refused(NamedTuple):
    """Something that does not count, by the rule that says why."""

    rule: str
    path: str
    message: str


class Judgement(NamedTuple):
    """Whether a kind of review is met: by what, or why not, and for which paths."""

    met: bool
    reasons: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    uncovered: tuple[str, ...] = ()


class Circle(NamedTuple):
    """Who is who.

    Attributes:
        people: those whose word counts.
        terms: when it does.
        tools: how coding tools are told from people.
        authors: the authors of the change, each by the key of a person.
        open: the policy names nobody: whoever ``allowed_signers`` lets sign may, and nobody else.
    """

    people: tuple[Person, ...]
    terms: Terms
    tools: AuthorRules
    authors: frozenset[str] = frozenset()
    open: bool = False

    def person(self, email: str) -> Person | None:
        """Return the person with this address."""
        plain = _plain(email)
        return next((item for item in self.people if plain in map(_plain, item.emails)), None)

    def key(self, email: str) -> str:
        """Return what is the same for all addresses of a person."""
        person = self.person(email)
        return _plain(person.emails[0]) if person else _plain(email)


def circle(
    people: Sequence[Person],
    terms: Terms,
    tools: AuthorRules,
    by: Sequence[Identity],
    *,
    trailers: Sequence[Trailer] = (),
    lines: Sequence[Sequence[str]] = (),
) -> Circle:
    """Return who is who.

    ``by`` are an author and a committer, and again for each further commit. ``trailers`` may credit co-authors.
    ``lines`` are the names of each line of ``allowed_signers``: where the policy names nobody, they are one person's.
    """
    found = Circle(tuple(people) or _signing(lines), terms, tools, open=not people)
    credited = [identity(item.value) for item in trailers if item.key.lower() == "co-authored-by"]
    aided = any(is_tool(who, tools) for who in credited)
    driven = [who for author, who in zip(by[::2], by[1::2], strict=False) if aided or is_tool(author, tools)]
    everybody = (*by[::2], *credited, *driven)
    return found._replace(authors=frozenset(found.key(who.email) for who in everybody if who.email))


def _signing(lines: Sequence[Sequence[str]]) -> tuple[Person, ...]:
    """Take those for one person who share a name, or a line."""
    groups: list[list[str]] = []
    for line in lines:
        names = [name for name in map(_plain, line) if not set(name) & set("*?!")]
        joined = [group for group in groups if set(group) & set(names)]
        groups = [group for group in groups if group not in joined]
        groups.append(list(dict.fromkeys([name for group in joined for name in group] + names)))
    return tuple(Person(group[0], tuple(group), ROLES) for group in groups if group)


def is_tool(who: Identity, tools: AuthorRules) -> bool:
    """Tell whether a name and an address are those of a coding tool."""
    return bool(tool_of(who.name, who.email, tools, credit=True))


def refusal(who: Identity, role: str, known: Circle, *, signed: bool) -> tuple[str, str]:
    """Return the rule by which somebody's review does not count, and why; ("", "") if it does."""
    shown = (who.email or who.name)[:_SHOWN]
    if is_tool(who, known.tools):
        return "review-by-tool", f"{shown} is a coding tool, and no tool's review is a person's"
    person = known.person(who.email)
    if not (signed if known.open else person):
        return "review-by-stranger", f"the policy does not name {shown} as a reviewer"
    if person and role not in person.may:
        return "review-by-stranger", f"the policy does not let {shown} give a {role}"
    if known.terms.separation and known.key(who.email) in known.authors:
        return "review-of-own-work", f"{shown} is an author of the change, and the policy asks for somebody else"
    return "", ""


def trailer_reviews(
    trailers: Iterable[Trailer], known: Circle, *, ai: bool
) -> tuple[tuple[Review, ...], tuple[Refused, ...]]:
    """Sort the trailers that say that somebody has reviewed into those that count and those that do not."""
    good: list[Review] = []
    bad: list[Refused] = []
    said = [trailer for trailer in trailers if trailer.key.lower() in KEYS]
    for trailer in said[:_MOST_TRAILERS]:
        role, who = KEYS[trailer.key.lower()], identity(trailer.value)
        shown = f"{trailer.key}: {trailer.value}"[:_SHOWN]
        rule, why = refusal(who, role, known, signed=False)
        if not rule and (known.terms.signed == "all" or (known.terms.signed == "ai" and ai)):
            rule, why = "review-unsigned", "anybody can write a trailer, and the policy asks for a signature here"
        if rule:
            bad.append(Refused(rule, "", f"{shown}: {why}"))
        else:
            good.append(Review(known.key(who.email), role, shown))
    if len(said) > _MOST_TRAILERS:
        bad.append(Refused("review-by-stranger", "", f"only the first {_MOST_TRAILERS} such trailers are read"))
    return tuple(good), tuple(bad)


def standing(
    needed: Mapping[str, Item], reviews: Iterable[Review], kind: str, known: Circle, role: str = REVIEW
) -> Judgement:
    """Judge whether each path of ``needed`` has the reviews of ``kind``.

    A security review is a review too. Where ``role`` asks for security reviews, no other counts. A second review is
    two people's, and no author is one of them.
    """
    wanted = (role,) if role == SECURITY_REVIEW else ROLES
    counted = [item for item in reviews if item.role in wanted]
    barred = known.authors if kind == SECOND_REVIEW or known.terms.separation else frozenset()
    own = tuple(item.evidence for item in counted if item.person in barred)
    counted = [item for item in counted if item.person not in barred]
    enough = 2 if kind == SECOND_REVIEW else 1
    voices: dict[str, set[str]] = {path: set() for path in needed}
    for item in counted:
        for path in needed if item.covers is None else item.covers & needed.keys():
            voices[path].add(item.person)
    uncovered = tuple(sorted(path for path, people in voices.items() if len(people) < enough))
    if not uncovered:
        used = (item.evidence for item in counted if item.covers is None or item.covers & needed.keys())
        return Judgement(met=True, evidence=tuple(dict.fromkeys(used)))
    return Judgement(met=False, reasons=_reasons(uncovered, voices, enough, own), uncovered=uncovered)


def _reasons(
    uncovered: Sequence[str], voices: Mapping[str, set[str]], enough: int, own: Sequence[str]
) -> tuple[str, ...]:
    bare = [path for path in uncovered if not voices[path]]
    half = [path for path in uncovered if voices[path]]
    reasons = []
    if bare:
        reasons.append(f"nobody has approved {some(bare)} as {'it is' if len(bare) == 1 else 'they are'}")
    if half:
        reasons.append(f"only one person has approved {some(half)}")
    if own:
        reasons.append(f"the author's own word does not count {'for a second review' if enough > 1 else 'here'}")
    return tuple(reasons)


def some(names: Sequence[str]) -> str:
    """Name the first three of a list, and count the rest."""
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")  # noqa: PLR2004


def shared(holders: Sequence[str], known: Circle) -> str:
    """Return why a key that stands for ``holders`` cannot speak for one person, or "".

    A key that a reviewer shares with a job, a tool or somebody else says nothing of who has read anything.
    """
    owners = dict.fromkeys(known.key(holder) for holder in holders)
    return f"one key stands for {some(list(owners))}" if len(owners) > 1 else ""


def _plain(email: str) -> str:
    return email.strip().casefold()


def steps(
    paths: Sequence[str],
    role: str = REVIEW,
    *,
    span: tuple[str, str] = ("", ""),
    terms: Terms | None = None,
    trusted: bool = True,
    alone: bool = True,
    amended: bool = False,
) -> tuple[str, ...]:
    """Return what gets a review of ``paths``: commands that can be pasted, and as comments what is left to do by hand.

    Args:
        paths: what needs it.
        role: as what.
        span: the start and the end of the range; ("", "") for what is staged.
        terms: the policy's, for the names of its files.
        trusted: there is an ``allowed_signers``; without it no approval counts, and it has to land first.
        alone: the author may approve; otherwise the staged change has to reach somebody else before it is committed.
        amended: the current commit is amended, and its own change needs the review as well.
    """
    terms = terms or Terms()
    named = "" if len(paths) > _MOST_NAMED else "".join(f" {shlex.quote(path)}" for path in paths)
    options = f"{'' if role == REVIEW else f' --role {role}'}{' --amend' if amended else ''}"
    files = f" --{named}" if named else ""
    first = () if trusted else bootstrap(terms)
    add = f"git add -- {shlex.quote(f':/{terms.approvals}')}"
    if span[1] and not span[0].strip("0") and not trusted:
        alone_first = f"push those up to the one that adds {terms.allowed_signers} first, by themselves"
        return (f"# nothing before these commits names a signer: {alone_first}",)
    if span[1]:
        ranged = f" --from-ref {shlex.quote(span[0])} --to-ref {shlex.quote(span[1])}"
        return (*first, f"sayso approve{options}{ranged}{files}", f"{add} && git commit -m Approve")
    commit = f"git commit{' --amend' if amended else ''}"
    if alone:
        return (*first, f"sayso approve{options}{files}", commit)
    base = "HEAD~1" if amended else "HEAD"
    theirs = f"git apply --index review.patch && sayso approve{options.replace(' --amend', '')}{files}"
    return (
        *first,
        f'git diff-index -p --cached --binary --full-index {base} > "$(git rev-parse --git-path review.patch)"',
        f"# a reviewer, in a clone at the same base: {theirs}",
        f"# put the files that this makes into {terms.approvals} here, then: {add} && {commit}",
    )


def bootstrap(terms: Terms) -> tuple[str, ...]:
    """Return the commands that name the first signer. A person commits that by itself, on the base, before the rest."""
    path, folder = shlex.quote(terms.allowed_signers), shlex.quote(terms.allowed_signers.rpartition("/")[0] or ".")
    line = f"""printf '%s namespaces="{NAMESPACE}" %s\\n' "$(git config user.email)" "$(cat ~/.ssh/id_ed25519.pub)\""""
    return (
        'cd "$(git rev-parse --show-toplevel)"',
        "test -e ~/.ssh/id_ed25519.pub || ssh-keygen -t ed25519 -f ~/.ssh/id_ed25519",
        f"mkdir -p {folder} && {line} >> {path}",
        f"git add -- {path} && git commit -m 'Name whose approvals count' -- {path}",
        "# land that commit on the base branch first: CI reads the list there, and not from the change",
    )
