"""Read Gradle: its scripts are code, of which plain coordinates are seen; its version catalog is TOML."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from sayso.supply import declared
from sayso.supply.declared import SOURCE, UNVERIFIED, Dependency, Entry, Reading, table

_COORDINATE = re.compile(
    r"""["']([A-Za-z][\w-]{0,60}(?:\.[\w-]{1,60}){0,8}):([A-Za-z][\w.-]{0,100}):([^"':@\s]{1,100})(?:[:@][\w.-]{1,40})?["']"""
)
_MAP = re.compile(
    r"""\bgroup\s?[:=]\s?["']([\w.-]{1,150})["'],\s?name\s?[:=]\s?["']([\w.-]{1,100})["'](?:,\s?version\s?[:=]\s?["']([^"']{1,60})["'])?"""
)
_PLUGIN = re.compile(r"""\bid[\s(]\s?["']([\w.-]{1,150})["']\)?\s{0,3}version\s?\(?["']([^"']{1,60})["']""")
_ADDRESS = re.compile(
    r"""(?:\burl\b[\s=(]{1,4}|\bmaven\s?\(\s?|\buri\(\s?)(?:uri\()?\s?["'](https?://[^"']{1,300})["']"""
)
_INSECURE = re.compile(r"\b(?:allowInsecureProtocol|isAllowInsecureProtocol)\s?(?:=|\(|\s)\s?true")
_FILES = re.compile(r"""\bfiles\(\s?["']([^"']{1,200}\.(?:jar|aar))["']""")


def script(text: str, path: str) -> Reading:
    """Read build.gradle and its like."""
    folder = path.rpartition("/")[0]
    found: list[Dependency] = []
    entries: list[Entry] = []
    for line in declared.bounded(text, path).splitlines():
        short = line[:1000].strip()
        if short.startswith(("//", "*", "/*")):
            continue
        coordinates = [*_COORDINATE.findall(short), *_MAP.findall(short)]
        found += [_artifact(group, name, version, name) for group, name, version in coordinates]
        found += [_artifact(name, "plugin", version, name) for name, version in _PLUGIN.findall(short)]
        for place in _FILES.findall(short):
            origin = declared.PATH
            outside = "" if declared.leaves(folder, place) else "in the repository"
            found.append(Dependency(place, "", "maven", outside, origin, place, written=place))
        entries += [Entry(SOURCE, "maven", place, place) for place in _ADDRESS.findall(short)]
        if "jcenter()" in short:
            entries.append(Entry(SOURCE, "jcenter", "https://jcenter.bintray.com", "jcenter"))
        if _INSECURE.search(short):
            entries.append(Entry(UNVERIFIED, "allowInsecureProtocol", "true", ""))
    return Reading(tuple(found), tuple(entries))


def _artifact(group: str, name: str, version: str, written: str) -> Dependency:
    dialect = "nuget" if version.startswith(("[", "(")) else "maven"
    return Dependency(f"{group}:{name}", version, dialect, written=written)


def catalog(text: str, path: str) -> Reading:
    """Read the libraries and plugins of a version catalog."""
    return Reading(tuple(_catalogued(declared.toml(text, path))))


def _catalogued(document: Mapping[str, Any]) -> Iterator[Dependency]:
    versions = table(document, "versions")
    for section in ("libraries", "plugins"):
        for alias, value in table(document, section).items():
            if isinstance(value, str):
                module, _, version = value.rpartition(":")
            else:
                item = table({"": value}, "")
                module = str(item.get("module") or item.get("id") or f"{item.get('group')}:{item.get('name')}")
                version = _version(item.get("version", ""), versions)
            name = module if section == "libraries" else f"{module}:plugin"
            yield Dependency(name, version, "maven", written=module if module in str(value) else alias)


def _version(value: Any, versions: Mapping[str, Any]) -> str:
    if isinstance(value, dict) and "ref" in value:
        value = versions.get(str(value["ref"]), "")
    if isinstance(value, dict):
        value = value.get("strictly") or value.get("require") or value.get("prefer") or ""
    return str(value)
