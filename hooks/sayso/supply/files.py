"""Tell by its path which reader a file has, which lock belongs to which manifest, and what is only a sample."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final, NamedTuple

_MOST_FOLDERS = 12
_SAMPLES = frozenset(
    ("fixtures", "__fixtures__", "testdata", "test-data", "test_data", "snapshots", "__snapshots__", "cassettes")
)


class Format(NamedTuple):
    """The module of ``sayso.supply`` and its function that read a file, and the ecosystem that it belongs to."""

    module: str
    reader: str
    ecosystem: str = ""


_NAMES: Final[Mapping[str, Format]] = {
    "pyproject.toml": Format("python", "pyproject", "python"),
    "uv.toml": Format("python", "uv_settings"),
    "pipfile": Format("python", "pipfile", "pipenv"),
    "setup.cfg": Format("python", "setup_cfg", "python"),
    "setup.py": Format("python", "setup_py", "python"),
    "pip.conf": Format("python", "pip_conf"),
    "pip.ini": Format("python", "pip_conf"),
    "package.json": Format("node", "package_json", "node"),
    "pnpm-workspace.yaml": Format("node", "pnpm_workspace", "node"),
    ".npmrc": Format("node", "npmrc"),
    ".yarnrc": Format("node", "npmrc"),
    ".yarnrc.yml": Format("node", "npmrc"),
    "bunfig.toml": Format("node", "npmrc"),
    "go.mod": Format("golang", "go_mod", "go"),
    "cargo.toml": Format("rust", "cargo_toml", "rust"),
    "pom.xml": Format("markup", "pom", "maven"),
    "settings.xml": Format("markup", "pom"),
    "packages.config": Format("markup", "project", "dotnet"),
    "nuget.config": Format("markup", "nuget_config"),
    "gemfile": Format("ruby", "gemfile", "ruby"),
    "gems.rb": Format("ruby", "gemfile", "ruby"),
    "composer.json": Format("php", "composer_json", "php"),
    "libs.versions.toml": Format("gradle", "catalog", "gradle"),
    ".gitmodules": Format("submodules", "gitmodules"),
    ".mcp.json": Format("servers", "json_servers"),
    "mcp.json": Format("servers", "json_servers"),
    "mcp_config.json": Format("servers", "json_servers"),
    "mcp_settings.json": Format("servers", "json_servers"),
    "mcp-config.json": Format("servers", "json_servers"),
    "cline_mcp_settings.json": Format("servers", "json_servers"),
    "claude_desktop_config.json": Format("servers", "json_servers"),
    "opencode.json": Format("servers", "json_servers"),
    "opencode.jsonc": Format("servers", "json_servers"),
}
_ENDINGS: Final[Mapping[str, Format]] = {
    ".gemspec": Format("ruby", "gemfile", "ruby"),
    ".csproj": Format("markup", "project", "dotnet"),
    ".fsproj": Format("markup", "project", "dotnet"),
    ".vbproj": Format("markup", "project", "dotnet"),
    ".props": Format("markup", "project", "dotnet"),
    ".targets": Format("markup", "project", "dotnet"),
    ".gradle": Format("gradle", "script", "gradle"),
    ".gradle.kts": Format("gradle", "script", "gradle"),
}
_SETTINGS: Final[Mapping[str, Format]] = {
    ".cargo/config.toml": Format("rust", "cargo_config"),
    ".cargo/config": Format("rust", "cargo_config"),
    ".codex/config.toml": Format("servers", "toml_servers"),
    ".continue/config.yaml": Format("servers", "yaml_servers"),
    **dict.fromkeys(
        (".gemini/settings.json", ".qwen/settings.json", ".vscode/settings.json", ".zed/settings.json"),
        Format("servers", "json_servers"),
    ),
    **dict.fromkeys(("zed/settings.json", ".claude/settings.json"), Format("servers", "json_servers")),
}
_REQUIREMENTS = Format("python", "requirements", "requirements")

LOCKS: Final[Mapping[str, str]] = {
    **dict.fromkeys(("uv.lock", "poetry.lock", "pdm.lock", "pylock.toml"), "python"),
    "pipfile.lock": "pipenv",
    **dict.fromkeys(("package-lock.json", "npm-shrinkwrap.json", "yarn.lock", "pnpm-lock.yaml"), "node"),
    **dict.fromkeys(("bun.lock", "bun.lockb"), "node"),
    "go.sum": "go",
    "cargo.lock": "rust",
    "gemfile.lock": "ruby",
    "gems.locked": "ruby",
    "composer.lock": "php",
    "packages.lock.json": "dotnet",
    "gradle.lockfile": "gradle",
}
_SPELLED = {"pipfile.lock": "Pipfile.lock", "cargo.lock": "Cargo.lock", "gemfile.lock": "Gemfile.lock"}
_MANIFESTS: Final[Mapping[str, tuple[str, ...]]] = {
    "python": ("pyproject.toml", "setup.cfg", "setup.py"),
    "pipenv": ("Pipfile",),
    "node": ("package.json",),
    "go": ("go.mod",),
    "rust": ("Cargo.toml",),
    "ruby": ("Gemfile", "gems.rb"),
    "php": ("composer.json",),
}
_ALSO = {".npmrc": "node", ".yarnrc.yml": "node", ".pnpmfile.cjs": "node", "go.work": "go"}


def format_of(path: str) -> Format | None:
    """Return how a file is read, or None for what is neither a manifest nor a setting of this kind."""
    lower = path.lower()
    folder, _, name = lower.rpartition("/")
    found = _NAMES.get(name)
    if found and not (name == "settings.xml" and ".mvn" not in folder and "maven" not in folder):
        return found
    if name.endswith((".txt", ".in", ".pip")) and _is_requirements(folder.rpartition("/")[2], name):
        return _REQUIREMENTS
    dot = name.find(".")
    if dot >= 0:
        for ending in (name[name.rfind(".") :], name[dot:]):
            if ending in _ENDINGS:
                return _ENDINGS[ending]
    short = f"{folder.rpartition('/')[2]}/{name}"
    if short in _SETTINGS:
        return _SETTINGS[short]
    inside = folder.endswith(".continue/mcpservers") and name.endswith((".yaml", ".yml"))
    return Format("servers", "yaml_servers") if inside else None


def _is_requirements(folder: str, name: str) -> bool:
    stem = name.rpartition(".")[0]
    words = stem.replace("_", "-").replace(".", "-").split("-")
    known = {"requirements", "constraints", "requirement"}
    return bool(known & {words[0], words[-1]}) or (folder == "requirements" and not name.startswith("readme"))


def lock_of(path: str) -> str:
    """Return the ecosystem of a lock file, or ""."""
    return LOCKS.get(path.lower().rpartition("/")[2], "")


def ecosystem_of(path: str) -> str:
    """Return the ecosystem of a manifest, or of a setting that changes what a lock holds; "" for any other file."""
    found = format_of(path)
    return (found.ecosystem if found else "") or _ALSO.get(path.lower().rpartition("/")[2], "")


def is_sample(path: str) -> bool:
    """Tell whether a file is test data, which nothing installs."""
    return not _SAMPLES.isdisjoint(path.lower().split("/")[:-1])


def locks_for(path: str) -> Iterator[str]:
    """Yield the places where a lock file for a manifest may stand: beside it, or above where a workspace has one."""
    ecosystem = ecosystem_of(path)
    folder, slash, name = path.rpartition("/")
    if ecosystem == "requirements":
        if name.endswith(".in"):
            yield f"{folder}{slash}{name.removesuffix('.in')}.txt"
        return
    names = [_SPELLED.get(lock, lock) for lock, of in LOCKS.items() if of == ecosystem]
    for above in _upwards(folder):
        for lock in names:
            yield f"{above}{lock}"


def manifests_for(lock: str) -> Iterator[str]:
    """Yield the places of the manifest beside a lock file."""
    folder, slash, _ = lock.rpartition("/")
    for name in _MANIFESTS.get(lock_of(lock), ()):
        yield f"{folder}{slash}{name}"


def asks(paths: Iterable[tuple[str, bool]]) -> Iterator[str]:
    """Yield what must be known to be there or not; with each path stands whether it is deleted."""
    for path, gone in paths:
        if not gone and ecosystem_of(path):
            yield from locks_for(path)
        elif lock_of(path):
            for manifest in manifests_for(path):
                yield manifest
                if gone:
                    yield from locks_for(manifest)


def _upwards(folder: str) -> Iterator[str]:
    """Yield a folder and those above it, each with its slash, and "" for the top."""
    parts = [part for part in folder.split("/") if part][:_MOST_FOLDERS]
    for count in range(len(parts), -1, -1):
        yield "".join(f"{part}/" for part in parts[:count])
