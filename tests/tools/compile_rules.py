"""Compile the semgrep rules from YAML, which people write, to JSON, which the engine and our light code read fast.

    python tests/tools/compile_rules.py            # write rules/semgrep/{compiled,filters}/<set>.json
    python tests/tools/compile_rules.py --check    # exit 1 if one of them is not what its sources say

The filters are the engine's own (see compile_filters.py).

A file whose name starts with an underscore holds fragments: lists under a name. ``- use: NAME`` anywhere in a list of
a rule is replaced by the items of that fragment, so that "what counts as request data" is written once. ``%{NAME}`` in
a text is replaced by that fragment's one item, so that a regular expression is put together from named pieces.

``only-where``, which the engine does not know, lists regular expressions each of which must occur somewhere in the text
of a file for the rule to have any business there. They become conditions on the whole file, from which the engine
derives its literal filter: a file without them is neither parsed nor searched for the rule's sake. They are written to
let through every text that the patterns could match, and as little else as can be.

Rules in the engine's language ``regex`` parse nothing, so that a template or a dialect hides nothing from them; but the
engine would run them on every file. They are given the suffixes that ``languages.toml`` names for their set.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from tools.compile_filters import filters_text

RULES = Path(__file__).resolve().parents[2] / "rules" / "semgrep"
COMPILED = RULES / "compiled"
FILTERS = RULES / "filters"
LANGUAGES = RULES.parent / "languages.toml"
_PIECE = re.compile(r"%\{(\w+)\}")
_SEARCHES = frozenset({"pattern", "patterns", "pattern-either", "pattern-regex"})


class RuleSourceError(ValueError):
    """A rules file is not what this compiler understands."""


def languages() -> tuple[str, ...]:
    """Names of the directories that hold rules."""
    return tuple(sorted(path.name for path in RULES.iterdir() if path.is_dir() and any(path.glob("*.yaml"))))


def load(language: str) -> list[dict[str, Any]]:
    """All rules of ``language`` with fragments filled in, in order of their ids."""
    directory = RULES / language
    fragments: dict[str, list[Any]] = {}
    for path in sorted(directory.glob("_*.yaml")):
        fragments.update(_mapping(path))
    rules = [
        _confined(_anchored(_expand(rule, fragments)), language)
        for path in sorted(directory.glob("[!_]*.yaml"))
        for rule in _rules_of(path)
    ]  # fmt: skip
    ids = [rule["id"] for rule in rules]
    if len(ids) != len(set(ids)):
        raise RuleSourceError(f"{language}: duplicate ids: {sorted({i for i in ids if ids.count(i) > 1})}")
    return sorted(rules, key=lambda rule: str(rule["id"]))


def compiled_text(language: str) -> str:
    """The compiled file's content: one line, keys sorted, the same bytes for the same rules."""
    return json.dumps({"rules": load(language)}, sort_keys=True, separators=(",", ":"), ensure_ascii=True) + "\n"


def _mapping(path: Path) -> dict[str, Any]:
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    if not isinstance(data, dict):
        raise RuleSourceError(f"{path.name}: not a mapping")
    return data


def _rules_of(path: Path) -> Iterator[dict[str, Any]]:
    data = _mapping(path)
    if set(data) != {"rules"} or not isinstance(data["rules"], list):
        raise RuleSourceError(f"{path.name}: expected exactly one key, 'rules', with a list")
    yield from data["rules"]


def _confined(rule: dict[str, Any], language: str) -> dict[str, Any]:
    """``rule``, limited to the files of ``language`` if the engine would not do so by itself."""
    if rule["languages"] != ["regex"]:
        return rule
    entries = tomllib.loads(LANGUAGES.read_text(encoding="utf-8"))["language"]
    suffixes = next(entry["suffixes"] for entry in entries if entry["id"] == language)
    return rule | {"paths": {"include": [f"*{suffix}" for suffix in suffixes]}}


def _expand(node: Any, fragments: Mapping[str, list[Any]]) -> Any:
    if isinstance(node, dict):
        return {key: _expand(value, fragments) for key, value in node.items()}
    if isinstance(node, str) and "%{" in node:
        filled = _PIECE.sub(lambda found: str(fragments[found[1]][0]) if found[1] in fragments else found[0], node)
        return filled if filled == node else _expand(filled, fragments)
    if not isinstance(node, list):
        return node
    items: list[Any] = []
    for item in node:
        if isinstance(item, dict) and set(item) == {"use"}:
            if item["use"] not in fragments:
                raise RuleSourceError(f"no fragment named {item['use']!r}")
            items.extend(_expand(fragments[item["use"]], fragments))
        else:
            items.append(_expand(item, fragments))
    return items


def _anchored(rule: dict[str, Any]) -> dict[str, Any]:
    """``rule`` with ``only-where`` rewritten as conditions of its pattern, or of its sources and each of its sinks."""
    anchors = [_anywhere(text) for text in rule.get("only-where", ())]
    rest = {key: value for key, value in rule.items() if key != "only-where"}
    if not anchors:
        return rest
    if rest.get("mode") == "taint":
        sinks = [_anchored_sink(sink, anchors) for sink in rest["pattern-sinks"]]
        plain = [source for source in rest["pattern-sources"] if source.keys() <= _SEARCHES]
        others = [source for source in rest["pattern-sources"] if source not in plain]
        if others:
            raise RuleSourceError(f"{rule['id']}: sources with keys of their own cannot be anchored")
        return rest | {"pattern-sources": [_guarded(plain, anchors)], "pattern-sinks": sinks}
    search = {key: value for key, value in rest.items() if key in _SEARCHES}
    return {key: value for key, value in rest.items() if key not in _SEARCHES} | _guarded([search], anchors)


def _anywhere(text: str) -> dict[str, Any]:
    """A condition on the whole file. A match reaches to the end, since a second one would only repeat every finding."""
    if re.compile(text).groups:
        raise RuleSourceError(f"a group that captures would take part in the match: {text}")
    return {"semgrep-internal-pattern-anywhere": {"pattern-regex": f"(?:{text})(?s:.*)"}}


def _guarded(formulas: list[dict[str, Any]], anchors: list[dict[str, Any]]) -> dict[str, Any]:
    """Any of ``formulas``, and ``anchors``.

    The alternative that never matches makes the engine try the anchors first in its filter: it sorts conditions, and
    would otherwise look for every word of every pattern before.
    """
    return {"patterns": [*anchors, {"pattern-either": [*formulas, {"pattern-regex": "(?!)"}]}]}


def _anchored_sink(sink: dict[str, Any], anchors: list[dict[str, Any]]) -> dict[str, Any]:
    """A sink that also asks for ``anchors``; its focus has to stay where it is, or the engine takes it for inexact."""
    kinds = [kind for kind in _SEARCHES if kind in sink]
    if len(kinds) != 1:
        raise RuleSourceError(f"expected exactly one of {', '.join(sorted(_SEARCHES))}")
    conjuncts = sink["patterns"] if kinds == ["patterns"] else [{kinds[0]: sink[kinds[0]]}]
    return {key: value for key, value in sink.items() if key not in kinds} | {"patterns": [*anchors, *conjuncts]}


def _texts(language: str) -> dict[Path, str]:
    """What the compiled file and the filters of one set should hold, by path."""
    made, text = COMPILED / f"{language}.json", compiled_text(language)
    with tempfile.NamedTemporaryFile("w", suffix=".json", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        return {made: text, FILTERS / made.name: filters_text(Path(file.name))}


def main(argv: list[str]) -> int:
    """Write the compiled files and the filters, or with ``--check`` say which are out of date."""
    stale, failed = [], []
    for language in languages():
        try:
            texts = _texts(language)
        except (RuleSourceError, yaml.YAMLError, subprocess.CalledProcessError, ValueError) as exc:
            failed.append(f"{language}: {exc}")
            continue
        for target, text in texts.items():
            if target.exists() and target.read_text(encoding="utf-8") == text:
                continue
            stale.append(f"{target.parent.name}/{target.name}")
            if "--check" not in argv:
                target.parent.mkdir(exist_ok=True)
                target.write_text(text, encoding="utf-8")
    written = [*COMPILED.glob("*.json"), *FILTERS.glob("*.json")]
    orphans = sorted(f"{path.parent.name}/{path.name}" for path in written if path.stem not in languages())
    for name in stale:
        sys.stdout.write(f"{name}: {'out of date' if '--check' in argv else 'written'}\n")
    for name in orphans:
        sys.stdout.write(f"{name}: no such rules\n")
    for message in failed:
        sys.stdout.write(f"{message}\n")
    return 1 if failed or orphans or ("--check" in argv and stale) else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
