"""Read .gitmodules: code from another repository, at the commit that the tree names."""

from __future__ import annotations

import re

from sayso.supply import declared
from sayso.supply.declared import Dependency, Reading

_SECTION = re.compile(r"\[submodule\s+\"([^\"]{1,300})\"\s*\]")
_URL = re.compile(r"url\s*=\s*\"?([^\"]+?)\"?$")
_PINNED = "0" * 40


def gitmodules(text: str, path: str) -> Reading:
    """Read the submodules; one that lies beside this repository on the same host has a relative address."""
    found: list[Dependency] = []
    name = ""
    for line in declared.bounded(text, path).splitlines():
        bare = line.strip()
        section, url = _SECTION.match(bare), _URL.match(bare)
        if section:
            name = section[1]
        elif url and name:
            origin = declared.OWN if url[1].startswith(("./", "../")) else declared.GIT
            found.append(Dependency(name, "", "", "", origin, url[1], _PINNED, written=name))
    return Reading(tuple(found))
