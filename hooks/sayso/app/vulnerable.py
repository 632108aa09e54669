"""Turn what was looked up into a result: what the change brings refuses, what was there or is accepted is shown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sayso.advisories import Advisory
from sayso.app import advice
from sayso.app.dependencies import CHECK, Answer, Looked, day_of, key
from sayso.app.families import Document
from sayso.model import CheckResult, Finding, Outcome, Severity, Skipped
from sayso.policy import OSV_URL, Acceptance, Dependencies, Policy
from sayso.requirements import LOCK, Gap, Pin

_LINK = "https://osv.dev/vulnerability/"


def report(
    looked: Looked, policy: Policy, notes: Iterable[str] = (), flagged: Iterable[Finding] = (), *, waits: str = ""
) -> CheckResult:
    """Return the result, with what else is ``flagged``; ``waits`` says why nothing was asked where that is no fault."""
    findings = (*_findings(looked, policy), *flagged)
    skipped = (*looked.skipped, *_open(looked, policy), *_unanswered(looked, waits))
    accepted = sum("accepted" in dict(finding.detail) for finding in findings)
    said = [*notes, *_described(looked), *_loosened(policy.dependencies), *looked.damaged]
    if any(gap.name and look.is_new(gap) for look in looked.looks for _, gap in look.family.gaps):
        said.append(f"what is not pinned cannot be looked up; {LOCK}")
    if accepted:
        said.append(f"{accepted} accepted by sayso.toml")
    examined = [looked.answers[key(document)] for document in looked.documents if key(document) in looked.answers]
    return CheckResult(
        CHECK,
        _outcome(findings, skipped, bool(examined)),
        findings,
        len(examined),
        tuple(dict.fromkeys(skipped)),
        tuple(dict.fromkeys(answer.evidence.id for answer in examined)),
        tuple(said),
    )


def _outcome(findings: Iterable[Finding], skipped: Iterable[Skipped], examined: bool) -> Outcome:
    if any(finding.severity is Severity.ERROR for finding in findings):
        return Outcome.FOUND
    if any(item.blocks for item in skipped):
        return Outcome.INCONCLUSIVE
    if findings:
        return Outcome.FOUND
    return Outcome.CLEAR if examined else Outcome.NOT_APPLICABLE


def _findings(looked: Looked, policy: Policy) -> Iterator[Finding]:
    new = {
        (document.path, pin)
        for look in looked.looks
        for document in look.family.documents
        for pin in document.listing.pins
        if (pin.name, pin.version) not in look.old_pins
    }
    for document in {item.path: item for look in looked.looks for item in look.family.documents}.values():
        answer = looked.answers.get(key(document))
        for pin in document.listing.pins if answer else ():
            for advisory in answer.found[pin.name, pin.version] if answer else ():
                yield _finding(document, pin, advisory, policy.acceptances, new=(document.path, pin) in new)


def _finding(document: Document, pin: Pin, advisory: Advisory, accepted: Iterable[Acceptance], *, new: bool) -> Finding:
    said = f"{pin.name} {pin.version}: {_named(advisory)}"
    detail = [("advisory", advisory.ids[0]), ("package", pin.name), ("version", pin.version)]
    mine = [item for item in accepted if item.advisory.lower() in {name.lower() for name in advisory.ids}]
    standing = next((item for item in mine if item.expires >= advice.today()), None)
    if standing:
        message = f"accepted until {standing.expires} by {standing.owner}: {standing.reason}: {said}"
        detail.append(("accepted", standing.reason))
        return Finding(advisory.rule, document.path, pin.line, message, Severity.NOTE, tuple(detail))
    if not new:
        message = f"was there before this change: {said}"
        return Finding(advisory.rule, document.path, pin.line, message, Severity.NOTE, (*detail, ("existing", "true")))
    expired = "".join(f"; its acceptance by {item.owner} expired on {item.expires}" for item in mine[:1])
    detail.append(("fix", _fix(pin, advisory)))
    return Finding(advisory.rule, document.path, pin.line, said + expired, Severity.ERROR, tuple(detail))


def _named(advisory: Advisory) -> str:
    first, *others = advisory.ids
    also = f" ({', '.join(others[:3])})" if others else ""
    return f"{first}{also}{f': {advisory.summary}' if advisory.summary else ''}"


def _fix(pin: Pin, advisory: Advisory) -> str:
    about = f"{_LINK}{advisory.ids[0]}"
    if not advisory.fixed:
        return f"no fixed version is known: replace {pin.name}, or see {about}"
    return f"{pin.name} {' or '.join(advisory.fixed[:4])}; {about}"


def _open(looked: Looked, policy: Policy) -> Iterator[Skipped]:
    """Name what no family settles; what the change did not bring is named apart, and stops nobody."""
    for look in looked.looks:
        for path, gap in look.family.gaps:
            shown = gap.name and not policy.dependencies.refuse_unpinned
            before = "" if look.is_new(gap) else "not examined, as before this change: "
            yield Skipped(
                path, f"{before or ('not examined: ' if shown else '')}{words(gap)}", blocks=not (before or shown)
            )


def words(gap: Gap) -> str:
    """Say what is open."""
    return f"{f'line {gap.line}: ' if gap.line else ''}{gap.what} {gap.reason}"


def _unanswered(looked: Looked, waits: str) -> Iterator[Skipped]:
    reason = looked.trouble or waits or "nothing could be asked: no network on the way of a commit, and no osv-export"
    for document in looked.documents:
        if key(document) not in looked.answers:
            yield Skipped(document.path, reason, blocks=bool(looked.trouble) or not waits)


def _described(looked: Looked) -> Iterator[str]:
    """Say of every answer whose it is, and how old."""
    kept: dict[str, list[Answer]] = {}
    fresh = [answer for answer in looked.answers.values() if answer.fresh]
    for answer in looked.answers.values():
        if not answer.fresh:
            kept.setdefault(day_of(answer.evidence), []).append(answer)
    if fresh and looked.source:
        count = len({pin for answer in fresh for pin in answer.found})
        yield f"{_packages(count)} looked up: {looked.source.described}, asked {advice.today()}"
    for day, answers in sorted(kept.items()):
        count = len({pin for answer in answers for pin in answer.found})
        origin = answers[0].evidence.subject.rules.rpartition("@")[0]
        yield f"{_packages(count)} looked up before: advisories of {origin[:23]} on {day} ({advice.aged(day)})"
    loose = [item.path for item in looked.documents if key(item) in looked.answers and not item.listing.whole]
    if loose:
        names = ", ".join(loose[:3]) + (" …" if len(loose) > 3 else "")  # noqa: PLR2004
        yield f"{names}: without hashes nothing says that the list is whole; what it does not list was not examined"


def _packages(count: int) -> str:
    return f"{count} package{'' if count == 1 else 's'}"


def _loosened(settings: Dependencies) -> Iterator[str]:
    default = Dependencies()
    if settings.osv_url != OSV_URL:
        yield f"sayso.toml: advisories are asked of {settings.osv_url}"
    if settings.max_age_days > default.max_age_days:
        yield f"sayso.toml: advisories may be {settings.max_age_days} days old"
    if not settings.refuse_unpinned:
        yield "sayso.toml: what is not pinned is only shown"
