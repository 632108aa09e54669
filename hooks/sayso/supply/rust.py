"""Read Cargo.toml and Cargo's settings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sayso.supply import declared
from sayso.supply.declared import SCRIPT, SOURCE, UNVERIFIED, Dependency, Entry, Reading, table

_GROUPS = ("dependencies", "dev-dependencies", "build-dependencies", "dev_dependencies", "build_dependencies")


def cargo_toml(text: str, path: str) -> Reading:
    """Read the dependencies of a package, of its targets and of its workspace, what is patched, and a build script."""
    document, folder = declared.toml(text, path), path.rpartition("/")[0]
    found: list[Dependency] = []
    places = [("", document), ("workspace", table(document, "workspace"))]
    places += [(f"target.{name}", table(document, "target", name)) for name in table(document, "target")]
    for prefix, place in places:
        for group in _GROUPS:
            for name, value in table(place, group).items():
                found.append(_dependency(name, value, f"{prefix}.{group}".strip("."), folder))
    for name in table(document, "patch"):
        for package, value in table(document, "patch", name).items():
            found.append(_dependency(package, value, "patch", folder)._replace(override=True))
    for package, value in table(document, "replace").items():
        found.append(_dependency(package.partition(":")[0], value, "replace", folder)._replace(override=True))
    build = table(document, "package").get("build")
    entries = [Entry(SCRIPT, "build", build, "build")] if isinstance(build, str) and build != "build.rs" else []
    return Reading(tuple(found), tuple(entries))


def _dependency(name: str, value: Any, group: str, folder: str) -> Dependency:
    item: Mapping[str, Any] = value if isinstance(value, dict) else {"version": value}
    real = item.get("package")
    found = Dependency(real if isinstance(real, str) else name, "", "cargo", group, written=name)
    found = found._replace(name=found.name.replace("_", "-").lower(), spec=str(item.get("version", "")))
    git, path = item.get("git"), item.get("path")
    if isinstance(git, str):
        ref = next((str(item[key]) for key in ("rev", "tag", "branch") if key in item), "")
        return found._replace(origin=declared.GIT, where=git, ref=ref)
    if isinstance(path, str):
        return found._replace(origin=declared.PATH if declared.leaves(folder, path) else declared.OWN, where=path)
    if item.get("workspace") is True:
        return found._replace(origin=declared.MANAGED)
    return found


def cargo_config(text: str, path: str) -> Reading:
    """Read registries, replaced sources, wrappers that run in place of the compiler, and git without checks."""
    return Reading(entries=tuple(_settings(declared.toml(text, path))))


def _settings(document: Mapping[str, Any]) -> Iterator[Entry]:
    for kind in ("registries", "source"):
        for name in table(document, kind):
            values = table(document, kind, name)
            for key in ("index", "registry", "git", "replace-with", "local-registry"):
                value = values.get(key)
                if isinstance(value, str):
                    yield Entry(SOURCE, f"{kind}.{name}.{key}", value, value)
    for key in ("rustc", "rustc-wrapper", "rustc-workspace-wrapper", "rustdoc"):
        value = table(document, "build").get(key)
        if isinstance(value, str):
            yield Entry(SCRIPT, f"build.{key}", value, key)
    if table(document, "http").get("check-revoke") is False:
        yield Entry(UNVERIFIED, "http.check-revoke", "false", "check-revoke")
