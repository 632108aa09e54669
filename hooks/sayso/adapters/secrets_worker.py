"""Run every detector of detect-secrets over the files named on the command line; print one JSON report.

Started as a process of its own with ``python -I``. It prints rules and places and
never a value. What it finds is judged here, because only here the values are known.
It has no network client at all: ``requests``, which the library
imports to try out what it finds, is replaced by an empty module, which also
saves half of the start.
"""

from __future__ import annotations

import json
import re
import sys
import types
from collections.abc import Iterator
from typing import Any

from sayso.credentials.standing import ENTROPY, LOCKED, stands

_HEURISTICS = (
    "is_sequential_string",
    "is_potential_uuid",
    "is_likely_id_string",
    "is_templated_secret",
    "is_prefixed_with_dollar_sign",
    "is_not_alphanumeric_string",
)


class _NoNetwork(types.ModuleType):
    """A stand-in for ``requests`` that has every name and no function."""

    exceptions = types.SimpleNamespace(RequestException=OSError)

    def __getattr__(self, name: str) -> type:
        return object


def rule_id(secret_type: str) -> str:
    """Return our rule id for a detector's own name of what it finds."""
    words = re.sub(r"[^a-z0-9]+", "-", secret_type.lower()).strip("-").removeprefix("secret-").removesuffix("-detector")
    return f"secret-{words}"


def main(paths: list[str]) -> None:
    """Scan ``paths`` and print the report."""
    sys.modules["requests"] = _NoNetwork("requests")
    from detect_secrets.__version__ import VERSION  # noqa: PLC0415 - only after requests is out of the way
    from detect_secrets.core.plugins.util import get_mapping_from_secret_type_to_class  # noqa: PLC0415
    from detect_secrets.settings import get_plugins, transient_settings  # noqa: PLC0415

    from sayso.adapters.resources import read_table  # noqa: PLC0415
    from sayso.credentials.values import Judge  # noqa: PLC0415

    judge = Judge(read_table("secret_values.toml"))
    known: dict[str, Any] = dict(get_mapping_from_secret_type_to_class())
    plugins = [{"name": plugin.__name__} for plugin in known.values()]
    filters = [{"path": f"detect_secrets.filters.heuristic.{name}"} for name in _HEURISTICS]
    with transient_settings({"plugins_used": plugins, "filters_used": filters}):
        detectors = get_plugins()
        report = {
            "version": VERSION,
            "rules": sorted(rule_id(detector.secret_type) for detector in detectors),
            "files": {path: sorted(set(_scan(path, detectors, judge))) for path in paths},
        }
    json.dump(report, sys.stdout)


def _scan(path: str, detectors: Any, judge: Any) -> Iterator[tuple[str, int, int, int]]:
    from detect_secrets.core.scan import _get_lines_from_file  # noqa: PLC0415 - as the detectors expect lines

    with open(path, encoding="utf-8") as file:
        raw = file.read().split("\n")
    for lines in _get_lines_from_file(path):
        found = False
        for name, rule, number, value, line in _scan_lines(path, [line.rstrip() for line in lines], detectors):
            if stands(judge, name, value, line):
                found = True
                yield rule, number, raw[number - 1].find(value) if number <= len(raw) else -1, len(value)
        if found:
            break


def _scan_lines(path: str, lines: list[str], detectors: Any) -> Iterator[tuple[str, str, int, str, str]]:
    from detect_secrets.core.scan import _is_filtered_out  # noqa: PLC0415
    from detect_secrets.util.code_snippet import get_code_snippet  # noqa: PLC0415

    text = "\n".join(lines)
    for detector in detectors:
        name = type(detector).__name__
        if path.endswith(LOCKED) and name in ENTROPY:
            continue
        rule = rule_id(detector.secret_type)
        for number, line in _candidates(detector, lines, text):
            context = get_code_snippet(lines, number)
            for secret in detector.analyze_line(filename=path, line=line, line_number=number, context=context):
                value = secret.secret_value
                facts = {"filename": path, "secret": value, "plugin": detector, "line": line}
                if not _is_filtered_out(["secret"], **facts):
                    yield name, rule, secret.line_number, value, line


def _candidates(detector: Any, lines: list[str], text: str) -> Iterator[tuple[int, str]]:
    """Leave out what cannot match: a pattern that is not in the whole text is in none of its lines."""
    patterns = getattr(detector, "denylist", None)
    numbered = enumerate(lines, 1)
    if patterns is not None:
        return iter(numbered) if any(pattern.search(text) for pattern in patterns) else iter(())
    if type(detector).__name__ == "KeywordDetector":
        from detect_secrets.plugins.keyword import DENYLIST  # noqa: PLC0415

        keyword = re.compile("|".join(DENYLIST), re.IGNORECASE)
        return ((number, line) for number, line in numbered if keyword.search(line))
    return iter(numbered)


if __name__ == "__main__":
    main(sys.argv[1:])
