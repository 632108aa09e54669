"""Advisories: which versions they are about, by the OSV schema, and how they are named in findings.

An advisory has several names: what one database calls PYSEC-2021-142, another
calls CVE-2020-14343. They are one finding. Versions are compared as PEP 440 says,
by the ``packaging`` library, which the light hooks do not have and do not need.
Where a record cannot be compared with a version it counts as affecting it: a
doubt must not read as an all-clear.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from sayso.requirements import normal

if TYPE_CHECKING:
    from packaging.version import Version

RULE_PREFIX = "advisory-"
MATCHER = "1"  # a change of how versions are matched changes this, and so makes older evidence another's
SCHEMA = "1"
_ECOSYSTEM = "pypi"
_ORDER = {"introduced": 1, "last_affected": 2}  # at one version an end comes first, unless it includes the version
_RANKS = ("GHSA-", "PYSEC-", "CVE-")


class AdvisoryError(ValueError):
    """A record that is no advisory in the OSV schema."""


class Advisory(NamedTuple):
    """What is known of a weakness in a package: all its names, the best known first, and where it is repaired."""

    ids: tuple[str, ...]
    summary: str = ""
    fixed: tuple[str, ...] = ()

    @property
    def rule(self) -> str:
        """The rule id of a finding: rule ids are lower case."""
        return RULE_PREFIX + self.ids[0].lower()


def id_of(rule: str) -> str:
    """Return the advisory's name from the rule id of a finding: databases write it in capitals, GitHub only in part."""
    name = rule.removeprefix(RULE_PREFIX)
    return f"GHSA-{name[5:]}" if name.startswith("ghsa-") else name.upper()


def merged(advisories: Iterable[Advisory]) -> tuple[Advisory, ...]:
    """Make one advisory of those that share a name, however long the chain, in a stable order."""
    groups: list[list[Advisory]] = []
    for advisory in advisories:
        names = set(advisory.ids)
        same = [group for group in groups if any(not names.isdisjoint(item.ids) for item in group)]
        groups = [group for group in groups if group not in same]
        groups.append([advisory, *(item for group in same for item in group)])
    return tuple(sorted(map(_one, groups)))


def _one(group: list[Advisory]) -> Advisory:
    ids = sorted({name for item in group for name in item.ids}, key=_rank)
    items = sorted(group)
    summary = next((item.summary for item in items if item.summary), "")
    return Advisory(tuple(ids), summary, tuple(dict.fromkeys(version for item in items for version in item.fixed)))


def _rank(name: str) -> tuple[int, str]:
    return next((rank for rank, prefix in enumerate(_RANKS) if name.startswith(prefix)), len(_RANKS)), name


def packages(record: Mapping[str, Any]) -> frozenset[str]:
    """Return the Python packages that a record is about; none if it was withdrawn.

    Raises:
        AdvisoryError: it is no record of the OSV schema, version 1.
    """
    try:
        version = record.get("schema_version", "1.0.0")
        if version.partition(".")[0] != SCHEMA or not record["id"] or not isinstance(record["id"], str):
            raise AdvisoryError(f"{record['id']!r} is of schema {version!r}, and this reads version {SCHEMA}")
        if record.get("withdrawn"):
            return frozenset()
        affected = [item["package"] for item in record.get("affected") or () if "package" in item]
        return frozenset(normal(item["name"]) for item in affected if item["ecosystem"].lower() == _ECOSYSTEM)
    except (AttributeError, KeyError, TypeError) as exc:
        raise AdvisoryError(f"not a record of the OSV schema: {exc!r}") from exc


def about(record: Mapping[str, Any], name: str, version: str) -> Advisory | None:
    """Return the advisory if ``record`` affects package ``name`` (normalised) at ``version``.

    Raises:
        AdvisoryError: the record breaks the schema.
    """
    if name not in packages(record):
        return None
    try:
        entries = [item for item in record["affected"] if "package" in item and _is_about(item["package"], name)]
        if not any(_affects(entry, version) for entry in entries):
            return None
        fixed = tuple(dict.fromkeys(_fixes(entries)))
        ids = sorted({record["id"], *(record.get("aliases") or ())}, key=_rank)
        return Advisory(tuple(ids), " ".join(str(record.get("summary") or "").split())[:200], fixed)
    except (AttributeError, KeyError, TypeError) as exc:
        raise AdvisoryError(f"{record.get('id')}: not a record of the OSV schema: {exc!r}") from exc


def _is_about(package: Mapping[str, Any], name: str) -> bool:
    return package["ecosystem"].lower() == _ECOSYSTEM and normal(package["name"]) == name


def _fixes(entries: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    for entry in entries:
        for span in entry.get("ranges") or ():
            if span["type"] != "GIT":
                yield from (event["fixed"] for event in span["events"] if "fixed" in event)


def _affects(entry: Mapping[str, Any], version: str) -> bool:
    """Tell whether one entry lists ``version``, or has a range that holds it."""
    listed = entry.get("versions") or ()
    spans = [span for span in entry.get("ranges") or () if span["type"] != "GIT"]
    if not listed and not spans:
        return True  # it names no version of the package at all
    wanted = _parsed(version)
    return any(version == item or (wanted is not None and wanted == _parsed(item)) for item in listed) or any(
        _in_range(span, wanted) for span in spans
    )


def _in_range(span: Mapping[str, Any], wanted: Version | None) -> bool:
    """Walk the events of a range in the order of their versions, as the schema's own algorithm does."""
    events = []
    for event in span["events"]:
        ((kind, text),) = event.items()
        lowest = kind == "introduced" and text == "0"
        at = None if lowest else _parsed(text)
        if not lowest and at is None:
            return True
        events.append((at, kind))
    if wanted is None:
        return True
    inside = False
    for at, kind in sorted(events, key=_when):
        if kind == "introduced":
            inside = inside or at is None or wanted >= at
        elif kind in {"fixed", "limit"}:
            inside = inside and at is not None and wanted < at
        elif kind == "last_affected":
            inside = inside and at is not None and wanted <= at
    return inside


def _when(event: tuple[Version | None, str]) -> tuple[bool, Any, int]:
    at, kind = event
    return at is not None, at or 0, _ORDER.get(kind, 0)


def _parsed(text: str) -> Version | None:
    from packaging.version import InvalidVersion, Version  # noqa: PLC0415 - only where something is matched

    try:
        return Version(text)
    except InvalidVersion:
        return None
