from __future__ import annotations

import json
import tomllib
from typing import Any

import pytest

from sayso.advisories import Advisory
from sayso.evidence import ScannerError
from sayso.scanners.pip_audit import CONTROLS, VERSION, argv, control, lock_file, parse

URL = "https://osv.example.org/v1/query"
PINS = {("demo", "1.0"), ("demo", "2.0-rc1")}
VULN = {"id": "PYSEC-2999-1", "aliases": ["CVE-2999-1"], "fix_versions": ["1.2"], "description": "It\n is  bad"}
CONTROL = {"name": "pyyaml", "version": "5.3", "vulns": [VULN]}
FIRST = {"name": "demo", "version": "1.0", "vulns": [VULN]}
SECOND = {"name": "demo", "version": "2.0rc1", "vulns": []}


def report(*entries: dict[str, Any]) -> bytes:
    return json.dumps({"dependencies": entries, "fixes": []}).encode()


def test_a_whole_report() -> None:
    assert parse(report(CONTROL, FIRST, SECOND), b"No problem", PINS, URL) == {
        ("demo", "1.0"): (Advisory(("PYSEC-2999-1", "CVE-2999-1"), "It is bad", ("1.2",)),),
        ("demo", "2.0-rc1"): (),
    }


@pytest.mark.parametrize(
    ("out", "err", "said"),
    [
        pytest.param(
            report(FIRST, SECOND), "", "3 packages were asked about and pip-audit answered for 2", id="no-control"
        ),
        pytest.param(report(CONTROL, FIRST), "", "answered for 2", id="one-missing"),
        pytest.param(report(CONTROL, FIRST, SECOND, FIRST), "", "answered for 4", id="twice"),
        pytest.param(report(CONTROL, FIRST, SECOND | {"version": "3"}), "", "answered for 3", id="another-version"),
        pytest.param(report(CONTROL, FIRST, SECOND | {"name": "x"}), "", "answered for 3", id="another-package"),
        pytest.param(
            report(CONTROL | {"vulns": []}, FIRST, SECOND),
            "",
            "osv.example.org does not know that pyyaml 5.3 is vulnerable",
            id="service-that-knows-nothing",
        ),
        pytest.param(
            report(CONTROL, FIRST, {"name": "demo", "skip_reason": "why not"}), "", "demo was skipped", id="skipped"
        ),
        pytest.param(report(CONTROL, FIRST, {"name": "demo"}), "", "a whole report", id="no-version"),
        pytest.param(report(CONTROL, FIRST, SECOND | {"version": "?"}), "", "a whole report", id="no-such-version"),
        pytest.param(report(CONTROL, FIRST | {"vulns": [{}]}, SECOND), "", "a whole report", id="nameless"),
        pytest.param(
            report(CONTROL, FIRST, SECOND), "WARNING: Unsupported OSV schema version: 2", "passed over", id="2"
        ),
        pytest.param(b"", "", "it printed nothing", id="nothing"),
        pytest.param(b"[]", "ERROR: odd", "pip-audit gave no report: ERROR: odd", id="array"),
        pytest.param(b'{"dependencies": {}}', "", "gave no report", id="object"),
        pytest.param(b'{"dependencies": [', "", "gave no report", id="cut-off"),
        pytest.param(
            b"",
            "Traceback\nrequests.exceptions.HTTPError: 403 Client Error: x\n\nTraceback\nServiceError\n",
            "osv.example.org answered 403",
            id="http-error",
        ),
        pytest.param(b"", "requests.exceptions.SSLError: x", "cannot be reached", id="certificate"),
        pytest.param(b"", "requests.exceptions.ProxyError: x", "cannot be reached", id="proxy"),
    ],
)
def test_what_is_not_the_whole_answer_is_an_error(out: bytes, err: str, said: str) -> None:
    with pytest.raises(ScannerError, match=said.replace("?", ".")):
        parse(out, err.encode(), PINS, URL)


def test_the_lock_file_has_the_pins_and_a_control_and_nothing_else() -> None:
    document = tomllib.loads(lock_file(PINS))
    assert document["lock-version"] == "1.0"
    assert {(item["name"], item["version"]) for item in document["packages"]} == {*PINS, CONTROLS[0]}


def test_a_control_that_is_asked_about_anyway_is_not_the_control() -> None:
    assert control([CONTROLS[0]]) == CONTROLS[1]
    both = report(CONTROL, {"name": "jinja2", "version": "2.4", "vulns": []})
    with pytest.raises(ScannerError, match=r"does not know that jinja2 2\.4"):
        parse(both, b"", [CONTROLS[0]], URL)


def test_where_both_controls_are_asked_about_the_first_must_be_known() -> None:
    both = report(CONTROL, {"name": "jinja2", "version": "2.4", "vulns": []})
    assert len(parse(both, b"", CONTROLS, URL)) == 2


def test_the_command_reads_one_folder_and_asks_one_service() -> None:
    command = argv("/bin/python", "/tmp/private", URL)
    assert command[:4] == ("/bin/python", "-I", "-m", "pip_audit")
    assert command[-2:] == ("--", "/tmp/private")
    assert f"--osv-url={URL}" in command
    assert not {"--fix", "-r", "--requirement", "--local"} & set(command)
    assert VERSION.count(".") == 2
