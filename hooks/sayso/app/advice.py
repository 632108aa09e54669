"""Where advisories come from: an OSV service, which pip-audit asks, or an export that the user has fetched.

A source has an identity, which stands in the evidence: whose advisories, and of
which day. The clock is read here and nowhere else.
"""

from __future__ import annotations

import json
import os
import re
import signal
import sys
import time
from collections.abc import Collection, Iterator, Mapping
from typing import Any, NamedTuple, Protocol

from sayso import advisories
from sayso.adapters import exports, process
from sayso.adapters.exports import Summary
from sayso.adapters.git import Repository
from sayso.advisories import Advisory, AdvisoryError
from sayso.evidence import ScannerError
from sayso.policy import Dependencies
from sayso.requirements import normal
from sayso.scanners import pip_audit

DAY = 86400
_NAMED = re.compile(rb'"name"\s*:\s*"([^"]*)"')
_FETCH = "https://osv-vulnerabilities.storage.googleapis.com/PyPI/all.zip"
_BASE_SECONDS, _SECONDS_A_PACKAGE = 30.0, 1.5
_NETWORK = ("HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY", "ALL_PROXY", "REQUESTS_CA_BUNDLE", "SSL_CERT_FILE", "SSL_CERT_DIR")
_SITE = ("lib", f"python{sys.version_info[0]}.{sys.version_info[1]}", "site-packages")

Pins = Collection[tuple[str, str]]
Advice = Mapping[tuple[str, str], tuple[Advisory, ...]]


class Identity(NamedTuple):
    """Tool and version that an answer comes from, whose advisories it rests on, and their day."""

    tool: str
    version: str
    origin: str
    day: str

    @property
    def rules(self) -> str:
        """What stands in the evidence."""
        return f"{self.origin}@{self.day}"


class Source(Protocol):
    """Something that knows advisories."""

    @property
    def identity(self) -> Identity:
        """Whose answer it would be."""

    @property
    def described(self) -> str:
        """Say in words where the advisories come from, and how old they are."""

    def ask(self, pins: Pins) -> Advice:
        """Return what is known of each of ``pins``; raises ``SaysoError`` unless it is the whole answer."""


def today(back: int = 0) -> str:
    """Return the date, in UTC, ``back`` days ago."""
    return time.strftime("%Y-%m-%d", time.gmtime(time.time() - back * DAY))


def days_since(day: str) -> int:
    """Return how many days ago ``day`` was; negative for the future."""
    try:
        then = time.mktime(time.strptime(f"{day} UTC", "%Y-%m-%d %Z"))
        now = time.mktime(time.strptime(f"{today()} UTC", "%Y-%m-%d %Z"))
    except (ValueError, OverflowError) as exc:
        raise ScannerError(f"{day!r} is no date") from exc
    return round((now - then) / DAY)


def aged(day: str) -> str:
    """Say how old what is of ``day`` is."""
    age = days_since(day)
    return "today" if age <= 0 else "1 day old" if age == 1 else f"{age} days old"


def installed() -> bool:
    """Tell whether this environment has pip-audit, at the version that evidence will name."""
    return os.path.isdir(os.path.join(sys.prefix, *_SITE, f"pip_audit-{pip_audit.VERSION}.dist-info"))


class Service:
    """An OSV service on the network, asked by pip-audit."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._host = url.partition("://")[2].partition("/")[0]

    @property
    def identity(self) -> Identity:
        """Whatever is asked now is the answer of today."""
        return self.on(today())

    def on(self, day: str) -> Identity:
        """Return whose answer one of an earlier day would be."""
        return Identity(pip_audit.TOOL, pip_audit.VERSION, self._host, day)

    @property
    def described(self) -> str:
        """Say which service."""
        return f"pip-audit {pip_audit.VERSION}, advisories of {self._host}"

    def ask(self, pins: Pins) -> Advice:
        """Ask once about all ``pins``."""
        from tempfile import TemporaryDirectory  # noqa: PLC0415 - only where something is asked

        if not installed():
            raise ScannerError(f"pip-audit=={pip_audit.VERSION} is not installed in the environment of this hook")
        signal.signal(signal.SIGTERM, _interrupt)
        try:
            with TemporaryDirectory(prefix="sayso-") as folder:
                with open(os.path.join(folder, pip_audit.LOCK_NAME), "x", encoding="ascii") as file:
                    file.write(pip_audit.lock_file(pins))
                done = process.run(
                    pip_audit.argv(sys.executable, folder, self._url),
                    env=_environment(folder),
                    timeout=_BASE_SECONDS + _SECONDS_A_PACKAGE * len(pins),
                )
        except OSError as exc:
            raise ScannerError(f"cannot write a file for pip-audit: {exc.strerror}") from exc
        return pip_audit.parse(done.out, done.err, pins, self._url)


def _interrupt(_number: int, _frame: object) -> None:
    """End as Ctrl-C does: the process is killed and the folder removed on the way out."""
    raise KeyboardInterrupt


def _environment(home: str) -> dict[str, str]:
    """Return the environment for pip-audit.

    It starts ``python -m pip``, which would import a ``pip`` from the current folder, that is
    from the scanned repository: PYTHONSAFEPATH forbids it. Of the user's variables it gets
    what leads to the network, and none that configures pip.
    """
    names = [name for key in _NETWORK for name in (key, key.lower())]
    network = {name: os.environ[name] for name in names if name in os.environ}
    isolated = {"PYTHONSAFEPATH": "1", "PYTHONNOUSERSITE": "1", "PIP_CONFIG_FILE": os.devnull, "PIP_NO_INPUT": "1"}
    return process.scrubbed(home) | network | isolated


class Export:
    """Advisories that the user has fetched, matched here: no process, no network.

    The first time every document is read, and one that is no advisory is an error. What
    that showed is kept under the digest; from then on only documents that hold the name of a
    package that is asked about are read.
    """

    def __init__(self, path: str, most_days: int, common_dir: str) -> None:
        self._path = path
        self._digest, documents = exports.read(path)
        self._documents: Iterator[tuple[str, bytes]] | None = documents
        known = exports.recall(common_dir, self._digest)
        if known is None:
            known = self._summed()
            exports.remember(common_dir, self._digest, known)
        self._summary = known
        self._check_age(most_days)

    def _summed(self) -> Summary:
        count, day, packages = 0, "", set[str]()
        for record in self._parsed():
            count += 1
            day = max(day, _modified(record))
            packages |= advisories.packages(record)
        return Summary(count, len(packages), day)

    def _parsed(self, names: Collection[str] = ()) -> Iterator[dict[str, Any]]:
        documents, self._documents = self._documents or self._again(), None
        for name, data in documents:
            if names and not any(b"\\" in found or _plain(found) in names for found in _NAMED.findall(data)):
                continue
            try:
                record = json.loads(data)
                advisories.packages(record)
            except (ValueError, RecursionError, AdvisoryError) as exc:
                raise ScannerError(f"{self._path} is damaged, fetch it again: {name}: {exc}") from exc
            yield record

    def _again(self) -> Iterator[tuple[str, bytes]]:
        digest, documents = exports.read(self._path)
        if digest != self._digest:
            raise ScannerError(f"{self._path} has changed while it was being read: try again")
        return documents

    def _check_age(self, most_days: int) -> None:
        if not self._summary.packages:
            raise ScannerError(f"{self._path} holds no advisory for Python packages: fetch {_FETCH}")
        day = self._summary.day
        age = days_since(day)
        if age < -1:
            raise ScannerError(f"{self._path} has advisories of the future ({day}): its age cannot be told")
        if age > most_days:
            raise ScannerError(
                f"the newest advisory in {self._path} is of {day}, {age} days old, and max-age-days is"
                f" {most_days}: fetch {_FETCH}"
            )

    @property
    def identity(self) -> Identity:
        """The bytes of the export, and the day of its newest advisory."""
        return Identity("osv-export", advisories.MATCHER, f"sha256:{self._digest}", self._summary.day)

    @property
    def described(self) -> str:
        """Say how much there is, and how old it is."""
        count, packages, day = self._summary
        return f"{count} advisories for {packages} packages in {self._path}, the newest of {day} ({aged(day)})"

    def ask(self, pins: Pins) -> Advice:
        """Match every pin."""
        found: dict[tuple[str, str], list[Advisory]] = {pin: [] for pin in pins}
        versions: dict[str, list[str]] = {}
        for name, version in found:
            versions.setdefault(name, []).append(version)
        try:
            for record in self._parsed(versions):
                for name in advisories.packages(record) & versions.keys():
                    for version in versions[name]:
                        advisory = advisories.about(record, name, version)
                        found[name, version] += [advisory] if advisory else []
        except AdvisoryError as exc:
            raise ScannerError(f"{self._path} is damaged, fetch it again: {exc}") from exc
        except ImportError as exc:
            raise ScannerError("versions cannot be compared: pip-audit is not in the environment of this hook") from exc
        return {pin: advisories.merged(items) for pin, items in found.items()}


def _plain(name: bytes) -> str:
    return normal(name.decode("utf-8", "replace"))


def _modified(record: Mapping[str, Any]) -> str:
    day = record.get("modified", "")
    return day[:10] if isinstance(day, str) and not record.get("withdrawn") else ""


def source(settings: Dependencies, repo: Repository, *, online: bool, live: bool) -> Source | None:
    """Return the source that policy names: the export, unless ``live``; else the service, if ``online``.

    Raises:
        SaysoError: the export cannot be used.
    """
    if settings.osv_export and not live:
        path = os.path.expanduser(settings.osv_export)
        return Export(os.path.join(repo.top, path), settings.max_age_days, repo.common_dir)
    return Service(settings.osv_url) if online else None
