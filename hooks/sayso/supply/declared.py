"""What the readers of manifests, locks and settings speak in.

Readers return values without line numbers; whoever reports one looks for its
``written`` form, first among the added lines. No value here ever reaches a
person with the user name or password of an address: ``clean`` takes them out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from sayso.model import DataError

MOST_CHARS = 1 << 20

REGISTRY, GIT, ADDRESS, PATH, OWN, MANAGED = "registry", "git", "url", "path", "own", "managed"
SCRIPT, SOURCE, UNVERIFIED, SERVER = "script", "source", "unverified", "server"

_SHOWN = 100
_COMMIT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}", re.IGNORECASE)
_SCHEME = re.compile(r"^(?:[a-z][a-z0-9+.-]{0,20}:{1,2}){0,2}//", re.IGNORECASE)
_SCP = re.compile(r"^(?:[a-z]{1,10}\+)?(?:[\w.-]{1,64}@)?([\w.-]{1,255}\.[a-z]{2,24}):(?!//)", re.IGNORECASE)
_ARCHIVE = re.compile(r"\.(?:tgz|tar\.\w{2,3}|zip|whl|jar|gem|nupkg|crate|egg|so|dll|node)$", re.IGNORECASE)


class Dependency(NamedTuple):
    """A package that a file asks for.

    ``origin`` is a registry, git, an address, a path, the project itself, or "managed" where the version stands in
    another place. ``where`` is the address and ``ref`` the revision of what comes from git. ``indirect`` ones are
    asked for by others; an ``override`` only says which version of such a one is taken.
    """

    name: str
    spec: str = ""
    dialect: str = "python"
    group: str = ""
    origin: str = REGISTRY
    where: str = ""
    ref: str = ""
    hashed: bool = False
    indirect: bool = False
    override: bool = False
    written: str = ""


class Entry(NamedTuple):
    """A setting that counts when it is new: what is run, where packages come from, what is no longer verified."""

    kind: str
    name: str
    value: str
    written: str = ""


class Reading(NamedTuple):
    """All that one file says."""

    dependencies: tuple[Dependency, ...] = ()
    entries: tuple[Entry, ...] = ()


def bounded(text: str, path: str) -> str:
    """Return ``text``; raises ``DataError`` if no honest manifest is that long."""
    if len(text) > MOST_CHARS:
        raise DataError(f"{path}: more than {MOST_CHARS >> 20} MiB are too many for a manifest")
    return text


def toml(text: str, path: str) -> dict[str, Any]:
    """Parse TOML; raises ``DataError``."""
    import tomli  # noqa: PLC0415 - few changes have any

    try:
        return tomli.loads(bounded(text, path))
    except (tomli.TOMLDecodeError, RecursionError, ValueError) as exc:
        raise DataError(f"{path}: not valid TOML: {exc}") from exc


def json(text: str, path: str) -> dict[str, Any]:
    """Parse a JSON object strictly; raises ``DataError``, also where a key stands twice."""
    from sayso import jsondoc  # noqa: PLC0415 - as above

    value = jsondoc.read(bounded(text, path).encode("utf-8", "replace"), path).value
    if not isinstance(value, dict):
        raise DataError(f"{path}: not an object")
    return value


def table(of: Any, *keys: str) -> Mapping[str, Any]:
    """Return the table at the end of ``keys``; what is absent or of another type is empty."""
    for key in keys:
        of = of.get(key) if isinstance(of, dict) else None
    return of if isinstance(of, dict) else {}


def texts(value: Any) -> list[str]:
    """Return the strings of a list, or a lone string."""
    values = value if isinstance(value, list) else [value]
    return [item for item in values if isinstance(item, str)]


def tables(value: Any) -> list[dict[str, Any]]:
    """Return the tables of a list."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def is_commit(ref: str) -> bool:
    """Tell whether ``ref`` is a full commit id: the only name of a commit that nobody can move."""
    return bool(_COMMIT.fullmatch(ref))


def host(address: str) -> str:
    """Return the host of an address in lower case, also of ``git@host:path``; "" if it names none."""
    address = address.strip()
    scheme = _SCHEME.match(address)
    if not scheme:
        scp = _SCP.match(address)
        return scp[1].lower() if scp else ""
    authority = re.split(r"[/?#\\]", _bare(address[scheme.end() :]), maxsplit=1)[0]
    return re.sub(r":\d{0,5}$", "", authority.rpartition("@")[2]).lower()


def clean(address: str) -> str:
    """Return an address without user, password, query and fragment, short enough to show."""
    address = address.strip()
    scheme = _SCHEME.match(address)
    if scheme:
        rest = _bare(address[scheme.end() :])
        authority, slash, path = re.split(r"[?#]", rest, maxsplit=1)[0].partition("/")
        address = f"{scheme[0]}{authority.rpartition('@')[2]}{slash}{path}"
    elif _SCP.match(address):
        address = address.rpartition("@")[2]
    return address if len(address) <= _SHOWN else f"{address[:_SHOWN]}…"


def _bare(rest: str) -> str:
    """Take out a password that has a slash or a question mark in it, and so does not end where it should."""
    authority = rest.partition("/")[0].partition("?")[0]
    after = authority.partition(":")[2]
    return rest.rpartition("@")[2] if after and "@" not in authority and not after.isdigit() else rest


def is_address(text: str) -> bool:
    """Tell whether ``text`` names another machine."""
    return bool(host(text))


def is_archive(path: str) -> bool:
    """Tell whether a path leads to something packed, which no reviewer reads."""
    return bool(_ARCHIVE.search(path.partition("#")[0]))


def leaves(folder: str, target: str) -> bool:
    """Tell whether ``target``, as written in a file below ``folder``, lies outside the repository."""
    target = target.replace("\\", "/").removeprefix("file:")
    if target.startswith(("/", "~")) or re.match(r"[A-Za-z]:", target):
        return True
    depth = len([part for part in folder.split("/") if part])
    for part in target.split("/"):
        depth += -1 if part == ".." else 0 if part in {"", "."} else 1
        if depth < 0:
            return True
    return False
