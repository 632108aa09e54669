"""pip-audit, asking an OSV service: a command line, and an answer that counts only if it is about every pin.

It is given a lock file that we write ourselves, with the pins and nothing else: so
it never sees a line of the scanned repository, resolves nothing, builds nothing,
and two versions of one package can be asked about at once. Silence is what a
clean package looks like, and also what a service looks like that knows nothing.
Therefore one question is added whose answer is known.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from sayso.advisories import Advisory, merged
from sayso.evidence import ScannerError
from sayso.requirements import normal

CHECK = "dependency-scan"
TOOL = "pip-audit"
VERSION = "2.10.1"
CONTROLS = (("pyyaml", "5.3"), ("jinja2", "2.4"))  # weaknesses that have been in every database for years
SECONDS_AN_ANSWER = 10
LOCK_NAME = "pylock.toml"

_HTTP_ERROR = re.compile(r"HTTPError: (\d{3}) ")
_UNREACHABLE = re.compile(r"ConnectionError|ConnectTimeout|Could not connect|Tip: your network|ProxyError|SSLError")
_SLOW = re.compile(r"ReadTimeout|Read timed out")
_PASSED_OVER = re.compile(r"Unsupported OSV schema version|is missing 'affected' list|Skipping ")

Pins = Collection[tuple[str, str]]


def argv(python: str, folder: str, url: str) -> tuple[str, ...]:
    """Return the command that has ``python`` audit the lock file in ``folder``, which also holds its cache."""
    return (
        *(python, "-I", "-m", "pip_audit", "--locked", "--strict", "--format=json", "--desc=on", "--aliases=on"),
        *("--progress-spinner=off", f"--timeout={SECONDS_AN_ANSWER}", f"--cache-dir={folder}/cache"),
        *("--vulnerability-service=osv", f"--osv-url={url}", "--", folder),
    )


def control(pins: Pins) -> tuple[str, str]:
    """Return the question whose answer is known: one that is not among ``pins``."""
    return next((pair for pair in CONTROLS if pair not in pins), CONTROLS[0])


def lock_file(pins: Pins) -> str:
    """Return a lock file with ``pins`` (normalised name, version) and the control question."""
    packages = "".join(
        f'\n[[packages]]\nname = "{name}"\nversion = "{version}"\n' for name, version in sorted({*pins, control(pins)})
    )
    return f'lock-version = "1.0"\ncreated-by = "sayso"\n{packages}'


def parse(out: bytes, err: bytes, pins: Pins, url: str) -> Mapping[tuple[str, str], tuple[Advisory, ...]]:
    """Return the advisories for each pin.

    Raises:
        ScannerError: no answer, one that is not about each pin exactly once, or one of a service that knows nothing.
    """
    said = err.decode("utf-8", "replace")
    host = re.sub(r"^\w+://([^/]*).*", r"\1", url)
    try:
        entries = json.loads(out)["dependencies"] if out.strip() else None
    except (ValueError, TypeError, KeyError, RecursionError):
        entries = None
    if not isinstance(entries, list):
        raise ScannerError(explained(said, host))
    if _PASSED_OVER.search(said):
        raise ScannerError(f"pip-audit passed over a part of what {host} answered: {_last_line(said)}")
    try:
        answers = dict(_answers(entries))
    except (TypeError, KeyError, AttributeError, ValueError) as exc:
        raise ScannerError(f"pip-audit did not print a whole report: {exc}") from exc
    known = {(name, _plain(version)): (name, version) for name, version in {*pins, control(pins)}}
    if len(answers) != len(entries) or answers.keys() != known.keys():
        raise ScannerError(f"{len(known)} packages were asked about and pip-audit answered for {len(entries)}")
    if not answers[control(pins)[0], _plain(control(pins)[1])]:
        package = " ".join(control(pins))
        raise ScannerError(
            f"{host} does not know that {package} is vulnerable, so its silence about others says nothing"
        )
    return {known[key]: found for key, found in answers.items() if known[key] in pins}


def explained(said: str, host: str) -> str:
    """Return in words why pip-audit gave no report, from what it wrote on standard error."""
    status, last = _HTTP_ERROR.search(said), _last_line(said)
    if status:
        return f"the advisory service {host} answered {status[1]}"
    if _SLOW.search(last):
        return f"the advisory service {host} did not answer within {SECONDS_AN_ANSWER} s"
    if _UNREACHABLE.search(last):
        return f"the advisory service {host} cannot be reached (no network?)"
    if "Traceback" in said:
        return f"the advisory service {host} answered something that is no list of advisories ({last})"
    return f"pip-audit gave no report: {last or 'it printed nothing'}"


def _answers(entries: Sequence[Any]) -> Iterator[tuple[tuple[str, str], tuple[Advisory, ...]]]:
    for entry in entries:
        if "skip_reason" in entry:
            raise ValueError(f"{entry['name']} was skipped: {entry['skip_reason']}")
        found = [
            Advisory((item["id"], *sorted(item["aliases"])), _short(item["description"]), tuple(item["fix_versions"]))
            for item in entry["vulns"]
        ]
        yield (normal(entry["name"]), _plain(entry["version"])), merged(found)


def _short(text: str) -> str:
    return " ".join(text.split())[:200]


def _plain(version: str) -> str:
    """Return a version as pip-audit writes it, so that what was asked can be found in what is answered."""
    from packaging.version import Version  # noqa: PLC0415 - pip-audit brings it

    return str(Version(version))


def _last_line(said: str) -> str:
    return next((line.strip()[:200] for line in reversed(said.splitlines()) if line.strip()), "")
