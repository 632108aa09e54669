"""Read what JavaScript projects ask for: package.json, catalogs of pnpm, and the settings of npm and yarn."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from sayso.supply import declared
from sayso.supply.declared import SCRIPT, SOURCE, UNVERIFIED, Dependency, Entry, Reading, table, texts

_GROUPS = ("dependencies", "devDependencies", "optionalDependencies", "peerDependencies")
_AT_INSTALL = ("preinstall", "install", "postinstall", "prepare", "preprepare", "postprepare", "prepublish")
_HOSTED = re.compile(r"(?:(github|gitlab|bitbucket|gist):)?([\w.-]{1,100}/[\w.-]{1,100})(?:#(.{0,200}))?")
_ALIAS = re.compile(r"npm:(@?[^@\s]{1,214})(?:@(.{0,100}))?")
_BUILDS_NOTHING = re.compile(r"^(?:is-ci \|\| )?husky(?: install)?(?: \.?[\w./-]{1,40})?$|^lefthook install$")
_OWN = ("workspace:", "link:", "portal:", "catalog:")
_REGISTRY = re.compile(
    r"""["']?((?:@[\w.-]{1,100}:)?registry|npmRegistryServer|npmPublishRegistry)["']?\s*[=:\s]\s*["']?([^\s"']+)"""
)
_SCRIPTS_ON = re.compile(r"""^\s*["']?(ignore-scripts|enableScripts)["']?\s*[=:\s]\s*["']?(\w+)""")
_UNVERIFIED = re.compile(r"""^\s*["']?(strict-ssl|enableStrictSsl|checksumBehavior)["']?\s*[=:\s]\s*["']?(\w+)""")
_OFF = {"strict-ssl": "false", "enableStrictSsl": "false", "checksumBehavior": "ignore"}


def package_json(text: str, path: str) -> Reading:
    """Read every field that names packages, and the scripts that run on install."""
    document, folder = declared.json(text, path), path.rpartition("/")[0]
    found = []
    optional = table(document, "peerDependenciesMeta")
    for group in _GROUPS:
        for name, spec in table(document, group).items():
            if isinstance(spec, str) and not (group == "peerDependencies" and table(optional, name)):
                found.append(_dependency(name, spec, group, folder))
    for keys in (("overrides",), ("resolutions",), ("pnpm", "overrides")):
        found += _overrides(table(document, *keys), folder)
    allowed = [*texts(document.get("trustedDependencies", []))]
    allowed += texts(table(document, "pnpm").get("onlyBuiltDependencies", []))
    entries = [Entry(SCRIPT, f"install scripts of {name}", name, name) for name in allowed]
    registry = table(document, "publishConfig").get("registry")
    entries += [Entry(SOURCE, "publishConfig", registry, registry)] if isinstance(registry, str) else []
    return Reading(tuple(found), (*_scripts(table(document, "scripts")), *entries))


def _scripts(scripts: Mapping[str, Any]) -> Iterator[Entry]:
    for name in _AT_INSTALL:
        command = scripts.get(name)
        if isinstance(command, str) and not _BUILDS_NOTHING.match(command.strip()):
            yield Entry(SCRIPT, name, command, name)


def _overrides(values: Mapping[str, Any], folder: str, depth: int = 0) -> Iterator[Dependency]:
    for key, value in values.items():
        name = re.sub(
            r"(?<=[^@/])@[^/]*$", "", re.split(r"[>]|(?<=[\w*])/(?=[\w@])(?!.*@)", key[-300:])[-1].strip("*/ ")
        )
        if isinstance(value, str) and not value.startswith("$"):
            yield _dependency(name or key, value, "overrides", folder)._replace(override=True)
        elif isinstance(value, dict) and depth < 8:  # noqa: PLR2004 - deeper than any real one
            yield from _overrides(value, folder, depth + 1)


def _dependency(name: str, spec: str, group: str, folder: str) -> Dependency:
    found = Dependency(name, spec.strip(), "npm", group, written=name)
    spec = found.spec
    alias = _ALIAS.fullmatch(spec)
    if alias:
        return found._replace(name=alias[1], spec=alias[2] or "")
    if spec.startswith(_OWN):
        target = spec.partition(":")[2]
        outside = spec.startswith(("link:", "portal:")) and declared.leaves(folder, target)
        origin = declared.MANAGED if spec.startswith("catalog:") else declared.PATH if outside else declared.OWN
        return found._replace(origin=origin, where=target, spec="")
    if spec.startswith(("file:", ".", "/", "~/")) or (declared.is_archive(spec) and not declared.is_address(spec)):
        target = spec.removeprefix("file:")
        foreign = declared.leaves(folder, target) or declared.is_archive(target)
        return found._replace(origin=declared.PATH if foreign else declared.OWN, where=target, spec="")
    hosted = _HOSTED.fullmatch(spec)
    if hosted:
        kind = hosted[1] or "github"
        where = f"https://{kind}.{'org' if kind == 'bitbucket' else 'com'}/{hosted[2]}"
        return found._replace(origin=declared.GIT, where=where, ref=_ref(hosted[3] or ""), spec="")
    if spec.startswith(("git+", "git:", "git@", "ssh:")) or re.search(r"\.git(?:#|$)", spec):
        where, _, ref = spec.removeprefix("git+").partition("#")
        return found._replace(origin=declared.GIT, where=where, ref=_ref(ref), spec="")
    if declared.is_address(spec):
        return found._replace(origin=declared.ADDRESS, where=spec, spec="")
    return found


def _ref(fragment: str) -> str:
    return re.sub(r"^commit[=:]", "", fragment)


def pnpm_workspace(text: str, path: str) -> Reading:
    """Read the catalogs and overrides of a pnpm workspace."""
    from sayso import yamldoc  # noqa: PLC0415 - few changes have one

    document, folder = yamldoc.read(declared.bounded(text, path), path), path.rpartition("/")[0]
    catalogs = {"catalog": table(document, "catalog"), **table(document, "catalogs")}
    found = [
        _dependency(str(name), str(spec), str(group), folder)
        for group, values in catalogs.items()
        for name, spec in table({"": values}, "").items()
    ]
    found += _overrides(table(document, "overrides"), folder)
    allowed = texts(document.get("onlyBuiltDependencies", [])) if isinstance(document, dict) else []
    return Reading(tuple(found), tuple(Entry(SCRIPT, f"install scripts of {name}", name, name) for name in allowed))


def npmrc(text: str, path: str) -> Reading:
    """Read the registries that npm, yarn and bun are told of, and whether packages may run scripts."""
    entries: list[Entry] = []
    for line in declared.bounded(text, path).splitlines():
        short = line[:1000]
        if short.lstrip().startswith(("#", ";")):
            continue
        registry, scripts, verified = (_REGISTRY.search(short), _SCRIPTS_ON.match(short), _UNVERIFIED.match(short))
        if registry:
            entries.append(Entry(SOURCE, registry[1], registry[2], registry[2]))
        if scripts and scripts[2] == ("true" if scripts[1] == "enableScripts" else "false"):
            entries.append(Entry(SCRIPT, scripts[1], scripts[2], scripts[1]))
        if verified and verified[2].lower() == _OFF[verified[1]]:
            entries.append(Entry(UNVERIFIED, verified[1], verified[2], verified[1]))
    return Reading(entries=tuple(entries))
