"""Read what Python projects ask for: pyproject.toml, requirements, Pipfile, setup.cfg, pip's and uv's settings."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from sayso.model import DataError
from sayso.requirements import normal
from sayso.supply import declared
from sayso.supply.declared import SCRIPT, SOURCE, UNVERIFIED, Dependency, Entry, Reading, table, tables, texts

_REQUIREMENT = re.compile(r"([A-Za-z0-9][\w.-]{0,200})\s*(?:\[[^\]]{0,300}\])?\s*(.*)", re.DOTALL)
_COMMENT = re.compile(r"(?:^|\s)#.*$")
_EGG = re.compile(r"[#&]egg=([\w.-]{1,200})")
_INDEX = re.compile(
    r"(?:-i|-f|--(?:extra-)?index-url|--pypi-url|--find-links)[\s=]\s*(\S+)"
    r"|(?:-[rc]|--requirement|--constraint)[\s=]*(\w{3,5}://\S+)"
)
_SETTING = re.compile(r"^\s*(index-url|extra-index-url|find-links|trusted-host|index|url)\s*=\s*(.*)$", re.IGNORECASE)
_AT_INSTALL = re.compile(
    r"\bcmdclass\b|\bos\.(?:system|popen|exec\w{1,3}|spawn\w{1,3})\(|\bsubprocess\.\w+\(|(?<![\w.])(?:exec|eval)\("
    r"|\burl(?:open|retrieve)\(|\brequests\.\w+\(|\bsetup_requires\b"
)


def requirement(text: str, group: str, folder: str = "") -> Dependency | None:
    """Read one requirement as PEP 508 writes it, or an address or path in place of one."""
    text = text.strip()
    named = _REQUIREMENT.fullmatch(text)
    address = declared.is_address(text.removeprefix("git+")) or text.startswith((".", "/", "file:"))
    if address or not named or (not named[2] and declared.is_archive(text)):
        egg = _EGG.search(text)
        return _from(egg[1] if egg else declared.clean(text), text, group, folder) if text else None
    rest = named[2].strip()
    if rest.startswith("@"):
        return _from(named[1], rest[1:].partition(" ;")[0].strip(), group, folder)
    spec = rest.partition(";")[0].strip().strip("()")
    return Dependency(normal(named[1]), spec, "python", group, written=named[1])


def _from(name: str, address: str, group: str, folder: str) -> Dependency:
    """Return a dependency that is taken from an address, git or a path."""
    found = Dependency(normal(name) if name[:1].isalnum() else name, "", "python", group, written=name)
    if address.startswith("git+") or address.endswith(".git") or ".git@" in address:
        place = address.partition("#")[0]
        ref = place.rpartition("@")[2] if "@" in place.rpartition("/")[2] or ".git@" in place else ""
        where = place.removeprefix("git+").removesuffix(f"@{ref}" if ref else "")
        return found._replace(origin=declared.GIT, where=where, ref=ref)
    if declared.is_address(address) and not address.startswith("file:"):
        return found._replace(origin=declared.ADDRESS, where=address, hashed="#sha256=" in address)
    return _local(found, address, folder)


def _local(found: Dependency, path: str, folder: str) -> Dependency:
    """Take what stands in the repository for its own: it is reviewed with it. An archive is not."""
    foreign = declared.leaves(folder, path.removeprefix("file://")) or declared.is_archive(path)
    return found._replace(origin=declared.PATH if foreign else declared.OWN, where=path)


def source(found: Dependency, values: Mapping[str, Any], folder: str) -> Dependency:
    """Apply what a table says of where a package comes from, as uv, poetry and pipenv write it."""
    git, path = values.get("git"), values.get("path", values.get("file"))
    if isinstance(git, str):
        ref = next((str(values[key]) for key in ("rev", "ref", "tag", "branch") if key in values), "")
        return found._replace(origin=declared.GIT, where=git, ref=ref)
    if isinstance(values.get("url"), str):
        return found._replace(origin=declared.ADDRESS, where=values["url"])
    if values.get("workspace") is True:
        return found._replace(origin=declared.OWN)
    return _local(found, path, folder) if isinstance(path, str) else found


def requirements(text: str, path: str) -> Reading:
    """Read a requirements or constraints file."""
    folder = path.rpartition("/")[0]
    found: list[Dependency] = []
    entries: list[Entry] = []
    constraints = "constraint" in path.lower().rpartition("/")[2]
    for line in _logical(declared.bounded(text, path)):
        entries += _indexes(line)
        if line.startswith("-") and not line.startswith(("-e", "--editable")):
            if line.startswith("--require-hashes"):
                entries.append(Entry("demand", "--require-hashes", "", "--require-hashes"))
            continue
        bare = re.sub(r"^(?:-e|--editable)[\s=]?\s*", "", line)
        item = requirement(re.split(r"\s--?[A-Za-z]", bare, maxsplit=1)[0], "", folder)
        if item:
            found.append(item._replace(hashed="--hash" in line or item.hashed, override=constraints))
    return Reading(tuple(found), tuple(entries))


def _indexes(line: str) -> Iterator[Entry]:
    for index, listed in _INDEX.findall(line) if line.startswith("-") else ():
        yield Entry(SOURCE, "index" if index else "a list of requirements", index or listed, index or listed)
    if line.startswith("--trusted-host"):
        yield Entry(UNVERIFIED, "--trusted-host", line, "--trusted-host")


def _logical(text: str) -> Iterator[str]:
    parts: list[str] = []
    for line in [*text.splitlines(), ""]:
        if line.endswith("\\") and not line.lstrip().startswith("#"):
            parts.append(line[:-1])
            continue
        parts.append(_COMMENT.sub("", line))
        whole = "".join(parts).strip()
        if whole:
            yield whole
        parts = []


def pyproject(text: str, path: str) -> Reading:
    """Read [project], dependency groups, the build system, and the tables of uv, pdm and poetry."""
    document, folder = declared.toml(text, path), path.rpartition("/")[0]
    project, tool = table(document, "project"), table(document, "tool")
    itself = normal(str(project.get("name", "")))
    sources = {normal(name): value for name, value in table(tool, "uv", "sources").items()}
    found: list[Dependency] = []
    for group, written in _listed(document, project, tool):
        item = requirement(written, group, folder)
        if item and item.name != itself:
            for place in tables(sources[item.name]) or [sources[item.name]] if item.name in sources else ():
                item = source(item, place if isinstance(place, dict) else {}, folder)
            found.append(item)
    found += _poetry(table(tool, "poetry"), folder)
    return Reading(tuple(found), (*_builds(table(document, "build-system")), *_sources(tool)))


def _listed(document: Any, project: Any, tool: Any) -> Iterator[tuple[str, str]]:
    for written in texts(project.get("dependencies")):
        yield "", written
    uv = table(tool, "uv")
    lists = [table(project, "optional-dependencies"), table(tool, "pdm", "dev-dependencies")]
    lists += [table(document, "dependency-groups"), {"dev": uv.get("dev-dependencies")}]
    for groups in lists:
        for group, values in groups.items():
            for written in texts(values):
                yield str(group), written
    for written in texts(table(document, "build-system").get("requires")):
        yield "build", written


def _poetry(poetry: Mapping[str, Any], folder: str) -> Iterator[Dependency]:
    groups = [("", poetry.get("dependencies")), ("dev", poetry.get("dev-dependencies"))]
    groups += [(name, table(poetry, "group", name).get("dependencies")) for name in table(poetry, "group")]
    for group, values in groups:
        for name, value in table({"": values}, "").items():
            if name == "python":
                continue
            for item in tables(value) or [value if isinstance(value, dict) else {"version": value}]:
                version = item.get("version", "")
                found = Dependency(normal(name), str(version), "poetry", group, written=name)
                yield source(found, item, folder)


def _builds(system: Mapping[str, Any]) -> Iterator[Entry]:
    if isinstance(system.get("build-backend"), str):
        yield Entry(SCRIPT, "build-backend", system["build-backend"], "build-backend")
    for path in texts(system.get("backend-path", [])):
        yield Entry(SCRIPT, "backend-path", path, "backend-path")


def _sources(tool: Mapping[str, Any]) -> Iterator[Entry]:
    uv = table(tool, "uv")
    yield from _uv(uv)
    for item in [*tables(table(tool, "poetry").get("source")), *tables(table(tool, "pdm").get("source"))]:
        yield from _source(item)


def _uv(uv: Mapping[str, Any]) -> Iterator[Entry]:
    for item in tables(uv.get("index")):
        yield from _source(item)
    for key in ("index-url", "extra-index-url", "find-links"):
        for place in texts([*texts(uv.get(key)), *texts(table(uv, "pip").get(key))]):
            yield Entry(SOURCE, "index", place, place)
    for name in texts(uv.get("allow-insecure-host", [])):
        yield Entry(UNVERIFIED, "allow-insecure-host", name, "allow-insecure-host")


def _source(item: Mapping[str, Any]) -> Iterator[Entry]:
    place = item.get("url")
    if isinstance(place, str):
        yield Entry(SOURCE, str(item.get("name", "index")), place, place)
    if item.get("verify_ssl") is False:
        yield Entry(UNVERIFIED, "verify_ssl", "false", "verify_ssl")


def uv_settings(text: str, path: str) -> Reading:
    """Read uv.toml."""
    return Reading(entries=tuple(_uv(declared.toml(text, path))))


def pipfile(text: str, path: str) -> Reading:
    """Read a Pipfile: every table but its own settings is a group of packages."""
    document, folder = declared.toml(text, path), path.rpartition("/")[0]
    found = []
    for group, values in document.items():
        if group in {"source", "requires", "scripts", "pipenv"} or not isinstance(values, dict):
            continue
        for name, value in values.items():
            item = value if isinstance(value, dict) else {"version": value}
            one = Dependency(normal(name), str(item.get("version", "")), "python", group, written=name)
            found.append(source(one, item, folder))
    entries = [entry for item in tables(document.get("source")) for entry in _source(item)]
    return Reading(tuple(found), tuple(entries))


def setup_cfg(text: str, path: str) -> Reading:
    """Read what setuptools takes from setup.cfg."""
    import configparser  # noqa: PLC0415 - few changes have one

    parser = configparser.RawConfigParser(strict=True)
    try:
        parser.read_string(declared.bounded(text, path), path)
    except configparser.Error as exc:
        raise DataError(f"{path}: not readable: {str(exc).splitlines()[0]}") from exc
    lists = [("", parser.get("options", "install_requires", fallback=""))]
    lists.append(("build", parser.get("options", "setup_requires", fallback="")))
    if parser.has_section("options.extras_require"):
        lists += parser.items("options.extras_require")
    found = [
        requirement(_COMMENT.sub("", line), group)
        for group, value in lists
        for line in re.split(r"\n|(?<=[\w\]]);(?=\s*$)", value or "")
        if line.strip() and not line.strip().startswith(("#", "file:"))
    ]
    return Reading(tuple(item for item in found if item))


def setup_py(text: str, path: str) -> Reading:
    """Read which lines of setup.py do more than describe: they run wherever the project is installed from source."""
    lines = [line.strip() for line in declared.bounded(text, path).splitlines()]
    telling = [(line, _AT_INSTALL.search(line[:500])) for line in lines if not line.startswith("#")]
    found = [Entry(SCRIPT, what[0].rstrip("("), line, what[0].rstrip("(")) for line, what in telling if what]
    return Reading(entries=tuple(found))


def pip_conf(text: str, path: str) -> Reading:
    """Read pip's settings."""
    entries, key = [], ""
    for line in declared.bounded(text, path).splitlines():
        setting = _SETTING.match(line)
        more = line[:1].isspace() and not setting and key
        key = setting[1].lower() if setting else key if more else ""
        for value in (setting[2] if setting else line if more else "").split():
            kind = UNVERIFIED if key == "trusted-host" else SOURCE
            entries.append(Entry(kind, key, value, value))
    return Reading(entries=tuple(entries))
