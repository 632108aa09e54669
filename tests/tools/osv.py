"""An OSV service on this machine for tests: it answers for sample advisories, or fails in a way that is asked for.

It matches a version by looking it up in the list of versions that each sample
writes out, and in nothing else. So it is no copy of what it is to test: the matching of ranges.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Record = dict[str, Any]
Fault = Callable[["Handler", dict[str, Any]], bool]


def advisory(
    name: str,
    package: str,
    versions: Iterable[str],
    *,
    introduced: str = "0",
    fixed: str = "",
    aliases: Iterable[str] = (),
    **more: Any,
) -> Record:
    """Return a sample advisory of the OSV schema, with its versions both as a range and written out."""
    events = [{"introduced": introduced}, *([{"fixed": fixed}] if fixed else ())]
    return {
        "schema_version": "1.7.0",
        "id": name,
        "modified": "2026-11-01T00:00:00Z",
        "aliases": list(aliases),
        "summary": f"A sample weakness of {package}",
        "affected": [
            {
                "package": {"ecosystem": "PyPI", "name": package},
                "ranges": [{"type": "ECOSYSTEM", "events": events}],
                "versions": list(versions),
            }
        ],
        **more,
    }


CONTROLS = (
    advisory("PYSEC-2999-1", "pyyaml", ["5.1", "5.2", "5.3"], fixed="5.4"),
    advisory("PYSEC-2999-2", "jinja2", ["2.3", "2.4"], fixed="2.5"),
)


class Service(ThreadingHTTPServer):
    """The server, and the questions that it was asked."""

    daemon_threads = True

    def __init__(self, records: Iterable[Record], fault: Fault | None = None) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.records = list(records)
        self.fault = fault
        self.asked: list[tuple[str, str]] = []

    @property
    def url(self) -> str:
        """Where to ask."""
        return f"http://127.0.0.1:{self.server_port}/v1/query"

    def about(self, query: dict[str, Any]) -> list[Record]:
        """Return the records that list the version that is asked about."""
        name, version = query["package"]["name"], query["version"]
        return [
            record
            for record in self.records
            if any(item["package"]["name"] == name and version in item["versions"] for item in record["affected"])
        ]


class Handler(BaseHTTPRequestHandler):
    """``/v1/query``, ``/v1/querybatch`` and ``/v1/vulns/ID``."""

    server: Service

    def do_POST(self) -> None:
        """Answer a query, or a batch of them."""
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.path == "/v1/query":
            self.server.asked.append((body["package"]["name"], body["version"]))
            if self.server.fault and self.server.fault(self, body):
                return
            found = self.server.about(body)
            self.answer(200, {"vulns": found} if found else {})
        elif self.path == "/v1/querybatch":
            brief = [[{"id": item["id"]} for item in self.server.about(query)] for query in body["queries"]]
            self.answer(200, {"results": [{"vulns": item} if item else {} for item in brief]})
        else:
            self.answer(404, {"code": 5, "message": "Not found"})

    def do_GET(self) -> None:
        """Answer with one advisory."""
        name = self.path.removeprefix("/v1/vulns/")
        found = next((record for record in self.server.records if record["id"] == name), None)
        self.answer(200, found) if found else self.answer(404, {"code": 5, "message": "Bug not found."})

    def answer(self, status: int, document: Any) -> None:
        """Send a JSON document."""
        self.raw(status, json.dumps(document).encode())

    def raw(self, status: int, body: bytes, length: int | None = None) -> None:
        """Send bytes; ``length`` lets the header promise another number of them."""
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body) if length is None else length))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name that http.server gives it
        """Say nothing."""


@contextmanager
def serving(records: Iterable[Record] = (), fault: Fault | None = None) -> Iterator[Service]:
    """Serve ``records``, and advisories for the control questions."""
    service = Service([*CONTROLS, *records], fault)
    thread = threading.Thread(target=service.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield service
    finally:
        service.shutdown()
        service.server_close()
        thread.join()


def status(code: int) -> Fault:
    """Answer every question with an HTTP error."""

    def fault(handler: Handler, _: dict[str, Any]) -> bool:
        handler.answer(code, {"code": code, "message": "no"})
        return True

    return fault


def always(body: bytes, length: int | None = None) -> Fault:
    """Answer every question with the same bytes."""

    def fault(handler: Handler, _: dict[str, Any]) -> bool:
        handler.raw(200, body, length)
        return True

    return fault


def only_for(name: str, fault: Fault) -> Fault:
    """Fail where one package is asked about; answer all other questions truthfully."""
    return lambda handler, body: body["package"]["name"] == name and fault(handler, body)


def hanging(seconds: float) -> Fault:
    """Take a question and say nothing for a while."""

    def fault(_: Handler, __: dict[str, Any]) -> bool:
        time.sleep(seconds)
        return True

    return fault
