"""Compare a report on dependencies with the file that it is said to be about.

Only what can be read without resolving anything is compared: the names and pins of
a requirements file, and the number of packages that a lock file of npm lists.
"""

from __future__ import annotations

import re

from sayso import jsondoc
from sayso.imports.report import ProofError, Report
from sayso.model import DataError

_REQUIREMENT = re.compile(
    r"\s*([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)\s*(?:\[[^\]]*\])?\s*(?:===?\s*([A-Za-z0-9.!+_-]+)\s*(?=[#\\]|--|$))?"
)
_CONDITION = re.compile(r";|://")
_RUNS = re.compile(r"[-_.]+")
_LOCK_FILES = ("package-lock.json", "npm-shrinkwrap.json")


def compare(report: Report, path: str, data: bytes) -> None:
    """Refuse a report that does not answer for what stands in ``path``.

    Raises:
        ProofError: a pinned requirement is missing from it, or it is about another number of packages.
    """
    name = path.rpartition("/")[2].lower()
    if report.asked and name.endswith((".txt", ".in")):
        answered = {(_normal(package), version) for package, version in report.asked}
        names = {package for package, _ in answered}
        for package, version in _required(data):
            if _normal(package) not in names or (version and (_normal(package), version) not in answered):
                pin = f"{package}=={version}" if version else package
                raise ProofError(f"{path}: the report does not answer for {pin}: run {report.tool} again")
    if report.total and name in _LOCK_FILES:
        listed = _packages(path, data)
        if listed and listed != report.total:
            raise ProofError(
                f"{path}: the report is about {report.total} packages, and the file lists {listed}: "
                f"run {report.tool} again"
            )


def _required(data: bytes) -> list[tuple[str, str]]:
    """Return the names that a requirements file asks for, each with its version where that is pinned.

    Options, addresses, and what stands behind a marker are left out: whether those apply here cannot be told.
    """
    lines = data.decode("utf-8", "replace").splitlines()
    found = (_REQUIREMENT.match(line) for line in lines if not line.lstrip().startswith(("-", "#", ".", "/")))
    plain = [item for item in found if item and not _CONDITION.search(item.string.partition(" #")[0])]
    return [(item[1], item[2] or "") for item in plain]


def _normal(name: str) -> str:
    return _RUNS.sub("-", name).lower()


def _packages(path: str, data: bytes) -> int:
    """Return how many packages a lock file lists besides the project itself, or 0 where it has an old form."""
    try:
        packages = jsondoc.read(data, path).object("packages", optional=True)
    except DataError as exc:
        raise ProofError(f"{path} cannot be compared with the report: {exc}") from exc
    return len([key for key in packages.fields() if key])
