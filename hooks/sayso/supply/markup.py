"""Read XML: pom.xml and Maven's settings, .NET projects, NuGet's packages and sources.

A document type declaration is refused before anything in it is expanded: no
manifest needs one, and entities are how XML reads other files and grows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from sayso.model import DataError
from sayso.supply import declared
from sayso.supply.declared import SOURCE, Dependency, Entry, Reading

_MOST_DEPTH = 60
_MOST_ELEMENTS = 50_000
_PROPERTY = re.compile(r"\$\{([\w.-]{1,100})\}")
_PACKAGES = frozenset(("PackageReference", "PackageVersion", "GlobalPackageReference", "DotNetCliToolReference"))


class Element:
    """An element with its attributes, its own text and its children."""

    __slots__ = ("attributes", "children", "name", "parts")

    def __init__(self, name: str, attributes: dict[str, str]) -> None:
        self.name, self.attributes = name, attributes
        self.children: list[Element] = []
        self.parts: list[str] = []

    @property
    def text(self) -> str:
        """The text of the element without that of its children."""
        return "".join(self.parts).strip()

    def child(self, name: str) -> str:
        """Return the text of the first child of a name, or ""."""
        return next((item.text for item in self.children if item.name == name), "")

    def walk(self, above: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Element]]:
        """Yield every element with the names above it."""
        yield above, self
        for item in self.children:
            yield from item.walk((*above, self.name))


def parse(text: str, path: str) -> Element:
    """Parse XML; raises ``DataError``, also for a document type, for depth and for sheer size."""
    from xml.parsers import expat  # noqa: PLC0415 - few changes have any; DTDs are refused below

    parser = expat.ParserCreate()
    stack = [Element("", {})]
    count = 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal count
        count += 1
        if len(stack) > _MOST_DEPTH or count > _MOST_ELEMENTS:
            raise DataError(f"{path}: too many levels or elements for a manifest")
        item = Element(name.rpartition(":")[2], attributes)
        stack[-1].children.append(item)
        stack.append(item)

    def end(_: str) -> None:
        stack.pop()

    def characters(data: str) -> None:
        stack[-1].parts.append(data)

    def refuse(*_: Any) -> None:
        raise DataError(f"{path}: declares a document type, which no manifest needs")

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = characters
    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    try:
        parser.Parse(_plain(declared.bounded(text, path)), True)
    except expat.ExpatError as exc:
        raise DataError(f"{path}: not valid XML: {exc}") from exc
    return stack[0]


def _plain(text: str) -> bytes:
    """Return the bytes of a text that was decoded before: what it declares as its encoding no longer holds."""
    declaration = re.match(r"\s{0,100}<\?xml[^>]{0,200}\?>", text)
    return text[declaration.end() if declaration else 0 :].encode("utf-8", "replace")


def pom(text: str, path: str) -> Reading:
    """Read dependencies, plugins, extensions, the parent and the repositories of Maven."""
    root = parse(text, path)
    properties = {
        item.name: item.text
        for above, item in root.walk()
        if above[-1:] == ("properties",) and len(above) < 6  # noqa: PLR2004
    }
    found: list[Dependency] = []
    entries: list[Entry] = []
    for above, item in root.walk():
        if item.name in {"dependency", "plugin", "extension", "parent"} and item.child("artifactId"):
            found.append(_artifact(item, above, properties))
        elif item.name in {"repository", "pluginRepository", "mirror"} and "distributionManagement" not in above:
            address = item.child("url")
            entries += [Entry(SOURCE, item.child("id") or item.name, address, address)] if address else []
    return Reading(tuple(found), tuple(entries))


def _artifact(item: Element, above: tuple[str, ...], properties: dict[str, str]) -> Dependency:
    artifact, system = item.child("artifactId"), item.child("systemPath")
    group = item.child("groupId") or "org.apache.maven.plugins"
    version = _PROPERTY.sub(lambda found: properties.get(found[1], found[0]), item.child("version"))
    origin = declared.REGISTRY if version else declared.MANAGED
    beside = item.name == "parent" and bool(item.child("relativePath"))
    if beside or group.startswith("${project.") or version.startswith("${project."):
        origin = declared.OWN
    kind = "managed" if "dependencyManagement" in above or "pluginManagement" in above else item.name
    found = Dependency(f"{group}:{artifact}", version, "maven", kind, origin, written=artifact)
    if system:
        target = system.replace("${project.basedir}", ".").replace("${basedir}", ".")
        return found._replace(origin=declared.PATH, where=target)
    return found


def project(text: str, path: str) -> Reading:
    """Read package references of .NET projects, of central package versions and of packages.config."""
    found: list[Dependency] = []
    entries: list[Entry] = []
    for above, item in parse(text, path).walk():
        attributes = {key.lower(): value for key, value in item.attributes.items()}
        name = attributes.get("include") or attributes.get("update") or attributes.get("id", "")
        version = attributes.get("version") or attributes.get("versionoverride") or item.child("Version")
        if name and (item.name in _PACKAGES or (item.name == "package" and above[-1:] == ("packages",))):
            dialect = "maven" if item.name == "package" else "nuget"  # packages.config names one version
            origin = declared.REGISTRY if version else declared.MANAGED
            found.append(Dependency(name.lower(), version, dialect, item.name, origin, written=name))
        elif item.name in {"RestoreSources", "RestoreAdditionalProjectSources"}:
            entries += [Entry(SOURCE, item.name, place, place) for place in item.text.split(";") if place.strip()]
    return Reading(tuple(found), tuple(entries))


def nuget_config(text: str, path: str) -> Reading:
    """Read the package sources of NuGet."""
    entries = [
        Entry(SOURCE, item.attributes.get("key", "source"), item.attributes["value"], item.attributes["value"])
        for above, item in parse(text, path).walk()
        if item.name == "add" and above[-1:] == ("packageSources",) and "value" in item.attributes
    ]
    return Reading(entries=tuple(entries))
