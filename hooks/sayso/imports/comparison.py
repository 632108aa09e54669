"""Compare a report on dependencies with the file that it is said to be about.

Only what can be read without resolving anything is compared: pinned requirements,
and the number of packages that a lock file of npm lists.
"""

from __future__ import annotations

import re

from sayso import jsondoc
from sayso.imports.report import ProofError, Report
from sayso.model import DataError

_PIN = re.compile(r"\s*([A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:\[[^\]]*\])?\s*===?\s*([A-Za-z0-9.!+_-]+)\s*(?:[;#\\-].*)?$")
_RUNS = re.compile(r"[-_.]+")


def compare(report: Report, path: str, data: bytes) -> None:
    """Refuse a report that does not answer for what stands in ``path``.

    Raises:
        ProofError: a pinned requirement is missing from it, or it is about another number of packages.
    """
    name = path.rpartition("/")[2].lower()
    if report.asked and name.endswith((".txt", ".in")):
        answered = {(_normal(package), version) for package, version in report.asked}
        for package, version in _pins(data):
            if (_normal(package), version) not in answered:
                raise ProofError(
                    f"{path}: the report does not answer for {package}=={version}: run {report.tool} again"
                )
    if report.total and name in {"package-lock.json", "npm-shrinkwrap.json"}:
        listed = _packages(path, data)
        if listed and listed != report.total:
            raise ProofError(
                f"{path}: the report is about {report.total} packages, and the file lists {listed}: "
                f"run {report.tool} again"
            )


def _pins(data: bytes) -> list[tuple[str, str]]:
    """Return the requirements that are pinned without a marker: with one, they may not apply here."""
    lines = data.decode("utf-8", "replace").splitlines()
    found = (_PIN.match(line) for line in lines if ";" not in line)
    return [(pin[1], pin[2]) for pin in found if pin]


def _normal(name: str) -> str:
    return _RUNS.sub("-", name).lower()


def _packages(path: str, data: bytes) -> int:
    """Return how many packages a lock file lists besides the project itself, or 0 where it has an old form."""
    try:
        packages = jsondoc.read(data, path).object("packages", optional=True)
    except DataError as exc:
        raise ProofError(f"{path} cannot be compared with the report: {exc}") from exc
    return len([key for key in packages.fields() if key])
