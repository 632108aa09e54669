"""Read composer.json."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from sayso.supply import declared
from sayso.supply.declared import SCRIPT, SOURCE, UNVERIFIED, Dependency, Entry, Reading, table

_PLATFORM = re.compile(r"(?:php|hhvm|composer|composer-\w+-api|ext-[\w-]+|lib-[\w-]+|php-\w+)$")
_AT_INSTALL = re.compile(
    r"(?:pre|post)-(?:install|update|autoload|package|status|archive|root-package|create-project|dependencies)[\w-]{0,20}$"
    r"|(?:init|command|pre-file-download|post-file-download|pre-pool-create|pre-operations-exec|pre-command-run)$"
)
_LESS_STABLE = ("RC", "beta", "alpha", "dev")


def composer_json(text: str, path: str) -> Reading:
    """Read packages, repositories, scripts that run on install, and plugins that are allowed to."""
    document = declared.json(text, path)
    found = [
        _dependency(name, spec, group)
        for group in ("require", "require-dev")
        for name, spec in table(document, group).items()
        if isinstance(spec, str) and not _PLATFORM.match(name)
    ]
    return Reading(tuple(found), tuple(_entries(document)))


def _dependency(name: str, spec: str, group: str) -> Dependency:
    found = Dependency(name.lower(), spec, "composer", group, written=name)
    branch = re.match(r"dev-([^#\s]+)(?:#(\w+))?|[\w.]+-dev(?:#(\w+))?$", spec.strip())
    if branch:
        return found._replace(origin=declared.GIT, where="", ref=branch[2] or branch[3] or branch[1] or spec, spec="")
    return found


def _entries(document: Mapping[str, Any]) -> Iterator[Entry]:
    repositories = document.get("repositories")
    values = repositories.values() if isinstance(repositories, dict) else repositories
    for item in values if values and not isinstance(values, (str, int)) else ():
        address = item.get("url") if isinstance(item, dict) else None
        if isinstance(address, str) and item.get("type") != "path":
            yield Entry(SOURCE, str(item.get("type", "repository")), address, address)
        elif isinstance(item, dict) and item.get("type") == "package":
            yield Entry(SOURCE, "package", str(table(item, "package").get("name", "")), "package")
    for name, value in table(document, "scripts").items():
        if _AT_INSTALL.match(name):
            for command in value if isinstance(value, list) else [value]:
                yield Entry(SCRIPT, name, str(command), name)
    config = table(document, "config")
    allowed = config.get("allow-plugins")
    for name, value in allowed.items() if isinstance(allowed, dict) else [("*", allowed)]:
        if value is True:
            yield Entry(SCRIPT, f"plugin {name}", "allowed", name if name != "*" else "allow-plugins")
    if config.get("secure-http") is False:
        yield Entry(UNVERIFIED, "secure-http", "false", "secure-http")
    if config.get("disable-tls") is True:
        yield Entry(UNVERIFIED, "disable-tls", "true", "disable-tls")
    stability = document.get("minimum-stability", "stable")
    if stability in _LESS_STABLE:
        yield Entry(UNVERIFIED, "minimum-stability", stability, "minimum-stability")
