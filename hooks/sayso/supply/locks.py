"""Read lock files line by line: which packages they name, and which hosts they fetch from.

A lock that changes without its manifest is often a plain update of versions; one
that names packages it did not name before brings in code that nobody asked for.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from sayso.supply import declared

_CRATES = "https://github.com/rust-lang/crates.io-index"
_TOML = re.compile(r'^name\s?=\s?"([^"\n]{1,214})"', re.MULTILINE)
_NAMES: Final[Mapping[str, re.Pattern[str]]] = {
    **dict.fromkeys(("uv.lock", "poetry.lock", "pdm.lock", "pylock.toml", "cargo.lock"), _TOML),
    **dict.fromkeys(
        ("package-lock.json", "npm-shrinkwrap.json"),
        re.compile(r'^\s{0,12}"(?:[^"\n]{0,300}node_modules/)?((?:@[\w.-]{1,100}/)?[\w.-]{1,150})": \{$', re.MULTILINE),
    ),
    "yarn.lock": re.compile(r'^"?((?:@[\w.-]{1,100}/)?[\w.-]{1,150})@[^\n]{1,2000}:$', re.MULTILINE),
    "pnpm-lock.yaml": re.compile(
        r"""^\s{2}["']?/?((?:@[\w.-]{1,100}/)?[\w.-]{1,150})[@/]\d[^\n]{0,1000}:(?:\s\{\})?$""", re.MULTILINE
    ),
    "bun.lock": re.compile(r'^\s{4}"([^"\n]{1,214})": \[', re.MULTILINE),
    "pipfile.lock": re.compile(r'^\s{8}"([\w.-]{1,150})": \{$', re.MULTILINE),
    "go.sum": re.compile(r"^(\S{1,300}) v\S{1,200} h1:", re.MULTILINE),
    **dict.fromkeys(("gemfile.lock", "gems.locked"), re.compile(r"^ {4}([\w.-]{1,150}) \(", re.MULTILINE)),
    "composer.lock": re.compile(r'^\s{12}"name": "([^"\n]{1,200})"', re.MULTILINE),
    "packages.lock.json": re.compile(r'^\s{6}"([\w.-]{1,150})": \{$', re.MULTILINE),
    "gradle.lockfile": re.compile(r"^([\w.-]{1,150}:[\w.-]{1,150}):", re.MULTILINE),
}
_URL = r"""((?:git\+|registry\+|sparse\+)?(?:https?|ssh|git|ftp)://[^\s"'{}<>,#]{1,500})"""
_ADDRESSES: Final[Mapping[str, re.Pattern[str]]] = {
    **dict.fromkeys(
        ("uv.lock", "poetry.lock", "pdm.lock", "pylock.toml"),
        re.compile(rf"""\b(?:url|registry|git|index|repository)\s?=\s?"{_URL}"""),
    ),
    "cargo.lock": re.compile(rf'^source = "{_URL}', re.MULTILINE),
    **dict.fromkeys(
        ("package-lock.json", "npm-shrinkwrap.json"), re.compile(rf'"(?:resolved|version)":\s{{0,4}}"{_URL}')
    ),
    "yarn.lock": re.compile(rf"^\s{{1,8}}resol(?:ved|ution):?\s{{1,4}}[^\n]{{0,220}}?{_URL}", re.MULTILINE),
    "pnpm-lock.yaml": re.compile(rf"\b(?:tarball|repo|registry):\s{{1,4}}['\"]?{_URL}"),
    "bun.lock": re.compile(rf'"(?:[^"\n]{{0,214}}@)?{_URL}'),
    "pipfile.lock": re.compile(rf'"(?:url|git|file)":\s{{0,4}}"{_URL}'),
    **dict.fromkeys(("gemfile.lock", "gems.locked"), re.compile(rf"^\s{{2}}remote: {_URL}", re.MULTILINE)),
    "composer.lock": re.compile(rf'"(?:source|dist)": \{{\s{{1,40}}"type": "\w{{1,10}}",\s{{1,40}}"url": "{_URL}'),
}


def names(path: str, text: str) -> frozenset[str]:
    """Return the packages that a lock file names."""
    pattern = _NAMES.get(path.lower().rpartition("/")[2])
    return frozenset(pattern.findall(text)) if pattern else frozenset()


def hosts(path: str, text: str) -> dict[str, str]:
    """Return the hosts that a lock file fetches from, each with the first address there."""
    pattern = _ADDRESSES.get(path.lower().rpartition("/")[2])
    found: dict[str, str] = {}
    for address in dict.fromkeys(pattern.findall(text)) if pattern else ():
        bare = re.sub(r"^(?:git|registry|sparse)\+", "", address)
        place = declared.host(bare)
        if place and not bare.startswith(_CRATES):
            found.setdefault(place, bare)
    return found


def reads(path: str) -> bool:
    """Tell whether the packages of a lock file can be told."""
    return path.lower().rpartition("/")[2] in _NAMES
