"""Tell dependency manifests and lock files by their names, and say how to make the foreign ones examinable.

What ``dependency-scan`` can read has a format; what it cannot read has a way
out; every other file is none of its business.
"""

from __future__ import annotations

REQUIREMENTS = "requirements"
PYLOCK = "pylock"
PYPROJECT = "pyproject"

_IMPORT = "scan it with a tool of its ecosystem and take in the report: `sayso import REPORT`"
_NPM = "npm audit --json > audit.json, then `sayso import audit.json`"
_OSV_SCANNER = "osv-scanner --format json > osv.json, then `sayso import osv.json`"
FOREIGN = {
    "uv.lock": "uv export --format pylock.toml -o pylock.toml",
    "poetry.lock": "poetry export -f requirements.txt -o requirements.txt",
    "pdm.lock": "pdm export -f pylock -o pylock.toml",
    "pipfile.lock": "pipenv requirements --hash > requirements.txt",
    "pipfile": "pipenv lock && pipenv requirements --hash > requirements.txt",
    "setup.py": "pip-compile --generate-hashes -o requirements.txt",
    "setup.cfg": "pip-compile --generate-hashes -o requirements.txt",
    "environment.yml": _OSV_SCANNER,
    "environment.yaml": _OSV_SCANNER,
    "package.json": _NPM,
    "package-lock.json": _NPM,
    "npm-shrinkwrap.json": _NPM,
    **dict.fromkeys(("yarn.lock", "pnpm-lock.yaml", "bun.lock", "bun.lockb", "deno.lock"), _OSV_SCANNER),
    **dict.fromkeys(("go.mod", "go.sum", "cargo.toml", "cargo.lock", "gemfile", "gemfile.lock"), _OSV_SCANNER),
    **dict.fromkeys(("gems.locked", "composer.json", "composer.lock", "pom.xml", "gradle.lockfile"), _OSV_SCANNER),
    **dict.fromkeys(("packages.lock.json", "packages.config", "mix.lock", "pubspec.lock", "renv.lock"), _OSV_SCANNER),
    **dict.fromkeys(("conan.lock", "podfile.lock", "package.resolved"), _IMPORT),
}
_LOCKED_BY = {
    "package.json": ("package-lock.json", "npm-shrinkwrap.json", "yarn.lock", "pnpm-lock.yaml", "bun.lock"),
    "cargo.toml": ("cargo.lock",),
    "gemfile": ("gemfile.lock",),
    "composer.json": ("composer.lock",),
    "pipfile": ("pipfile.lock",),
    "go.sum": ("go.mod",),  # which the scanners read, and which names every module at its version
}


def format_of(path: str) -> str:
    """Return the format in which ``dependency-scan`` reads a file: requirements, pylock, pyproject, or ""."""
    folder, _, name = path.lower().rpartition("/")
    stem, _, suffix = name.rpartition(".")
    if name == "pyproject.toml":
        return PYPROJECT
    if suffix == "toml" and (stem == "pylock" or (stem.startswith("pylock.") and stem.count(".") == 1)):
        return PYLOCK
    listed = stem.startswith("requirements") and suffix in {"txt", "in", "lock"}
    listed |= suffix in {"txt", "in"} and (stem.endswith("requirements") or folder.rpartition("/")[2] == "requirements")
    listed |= suffix == "txt" and stem.startswith("constraints")
    return REQUIREMENTS if listed else ""


def way_out(path: str) -> str:
    """Return what makes the dependencies of a file examinable that this scan cannot read; "" for any other file."""
    return FOREIGN.get(path.lower().rpartition("/")[2], "")


def speaks_for(lock: str, path: str) -> bool:
    """Tell whether what is known of ``lock`` is all there is to know of the dependencies that ``path`` declares."""
    (folder, _, name), (other, _, manifest) = lock.lower().rpartition("/"), path.lower().rpartition("/")
    return lock == path or (folder == other and name in _LOCKED_BY.get(manifest, ()))


def concerns(path: str) -> bool:
    """Tell whether ``dependency-scan`` has anything to say of a file, if only that it cannot read it."""
    return bool(format_of(path) or way_out(path))


def may_be_included(path: str) -> bool:
    """Tell whether a file that is no manifest by its name may be one because a manifest includes it."""
    name = path.lower().rpartition("/")[2]
    return name.endswith((".txt", ".in", ".pip", ".lock", ".reqs")) and not concerns(path)


def locks_beside(path: str) -> tuple[str, ...]:
    """Return the names of files whose pins may settle what ``path`` leaves open, in the same folder."""
    folder, slash, name = path.rpartition("/")
    stem, _, suffix = name.rpartition(".")
    names: tuple[str, ...] = ()
    if name.lower() == "pyproject.toml":
        names = ("pylock.toml", "requirements.txt", "requirements.lock")
    elif suffix.lower() == "in":
        names = (f"{stem}.txt", "pylock.toml")
    return tuple(f"{folder}{slash}{item}" for item in names)
