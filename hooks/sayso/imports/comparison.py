"""Compare a report with the content that it is said to be about.

Of a report on dependencies, only what can be read without resolving anything is compared: the names and pins of
a requirements file, and the number of packages that a lock file of npm lists.
"""

from __future__ import annotations

import hashlib

from sayso import jsondoc, manifests, requirements
from sayso.imports.report import File, ProofError, Report, ReportError
from sayso.model import DataError
from sayso.requirements import normal

_ALGORITHMS = ("md5", "sha1", "sha224", "sha256", "sha384", "sha512")
_LOCK_FILES = ("package-lock.json", "npm-shrinkwrap.json")


def compare(report: Report, path: str, data: bytes, last: int = 0) -> None:
    """Refuse a report that is about other content than ``data``; ``last`` is the last line in which it has a result.

    Raises:
        ProofError: the content is another, or the report does not answer for all that stands in it.
        ReportError: it has a result in a line that is not there.
    """
    file = report.files.get(path, File())
    changed = f"{path}: its content is not what {report.tool} examined"
    for name, digest in file.hashes:
        algorithm = name.lower().replace("-", "")
        if algorithm not in _ALGORITHMS:
            raise ProofError(f"{path}: its {name[:40]} cannot be compared: {', '.join(_ALGORITHMS)} can be")
        if hashlib.new(algorithm, data, usedforsecurity=False).hexdigest() != digest:
            raise ProofError(f"{changed}: the report has another {name}: stage what was scanned, or scan again")
    if file.length not in {-1, len(data)}:
        raise ProofError(f"{changed}: the report has {file.length} bytes, and there are {len(data)}: scan again")
    if file.text is not None and file.text.encode("utf-8").splitlines() != data.splitlines():
        raise ProofError(f"{changed}: the report has another text: stage what was scanned, or scan again")
    lines = data.count(b"\n") + data.count(b"\r") + data.count(b"\f") + 1
    if last > lines + 1:
        raise ReportError(f"{changed}: the report has a result in line {last}, and there are {lines} lines")
    if report.dependencies:
        _answers(report, path, data)


def _answers(report: Report, path: str, data: bytes) -> None:
    """Refuse a report on dependencies that misses a requirement, or that is about another number of packages."""
    name = path.rpartition("/")[2].lower()
    if report.asked and manifests.format_of(path) == manifests.REQUIREMENTS:
        answered: dict[str, set[str]] = {}
        for package, version in report.asked:
            answered.setdefault(normal(package), {""}).add(version.partition("+")[0])
        for package, version in _required(data):
            if version not in answered.get(package, ()):
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

    What stands behind a marker is left out: whether it applies where the tool ran cannot be told.
    """
    listing = requirements.read(data.decode("utf-8", "replace"))
    pinned = [(pin.name, pin.version) for pin in listing.pins if pin.always]
    return [*pinned, *((gap.name, "") for gap in listing.gaps if gap.name and ";" not in gap.what)]


def _packages(path: str, data: bytes) -> int:
    """Return how many packages a lock file lists besides the project itself, or 0 where it has an old form."""
    try:
        packages = jsondoc.read(data, path).object("packages", optional=True)
    except DataError as exc:
        raise ProofError(f"{path} cannot be compared with the report: {exc}") from exc
    return len([key for key in packages.fields() if key])
