"""Read go.mod: what is required, and what is replaced by something else."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sayso.supply import declared
from sayso.supply.declared import Dependency, Reading

_BLOCK = re.compile(r"^(require|replace|exclude|retract|tool|godebug|ignore)\s*\(\s*$")
_MODULE = re.compile(r'"?([\w.~/+-]{1,300})"?\s+"?(v[\w.+-]{1,200})"?')


def go_mod(text: str, path: str) -> Reading:
    """Read the ``require`` and ``replace`` lines; Go takes the lowest version that all agree on, so each is exact."""
    folder = path.rpartition("/")[0]
    found = []
    for verb, line in _directives(declared.bounded(text, path)):
        code, _, comment = line.partition("//")
        if verb == "require":
            module = _MODULE.match(code.strip())
            if module:
                indirect = comment.strip().startswith("indirect")
                found.append(Dependency(module[1], module[2], "go", indirect=indirect, written=module[1]))
        elif verb == "replace" and "=>" in code:
            item = _replaced(code, folder)
            found += [item] if item else []
    return Reading(tuple(found))


def _directives(text: str) -> Iterator[tuple[str, str]]:
    block = ""
    for line in text.splitlines():
        bare = line.strip()
        opened = _BLOCK.match(bare.partition("//")[0].strip())
        if opened:
            block = opened[1]
        elif block and bare.startswith(")"):
            block = ""
        elif block:
            yield block, bare
        else:
            verb, _, rest = bare.partition(" ")
            yield verb, rest.strip()


def _replaced(code: str, folder: str) -> Dependency | None:
    left, _, right = (part.strip() for part in code.partition("=>"))
    name, target = left.split(" ")[0].strip('"'), right.strip('"')
    if not name or not target:
        return None
    found = Dependency(name, "", "go", "replace", written=name, override=True)
    if target.startswith((".", "/")) or re.match(r"[A-Za-z]:", target):
        outside = declared.leaves(folder, target)
        return found._replace(origin=declared.PATH if outside else declared.OWN, where=target)
    module = _MODULE.fullmatch(target)
    if module and module[1] == name:
        return found._replace(spec=module[2])
    where = f"https://{target.split()[0]}"
    return found._replace(origin=declared.GIT, where=where, ref="0" * 40 if module else "", spec=target)
