from __future__ import annotations

from typing import Any

import pytest

from sayso.advisories import Advisory, AdvisoryError, about, id_of, merged, packages


def record(*events: dict[str, str], **more: Any) -> dict[str, Any]:
    """Return an advisory about ``demo`` with one range of ``events``."""
    package = {"ecosystem": "PyPI", "name": "Demo_Pkg"}
    spans = [{"type": "ECOSYSTEM", "events": list(events)}] if events else []
    return {"id": "PYSEC-2999-1", "affected": [{"package": package, "ranges": spans, **more}]}


def affects(entry: dict[str, Any], version: str) -> bool:
    return about(entry, "demo-pkg", version) is not None


@pytest.mark.parametrize(
    ("events", "inside", "outside"),
    [
        pytest.param(
            [("introduced", "0"), ("fixed", "1.2")], ["0.1", "1.1.9", "1.2rc1"], ["1.2", "1.2.0", "2"], id="fixed"
        ),
        pytest.param([("introduced", "0")], ["0", "99"], [], id="never-fixed"),
        pytest.param([("introduced", "1.0"), ("fixed", "1.2")], ["1.0", "1"], ["0.9", "1.0rc1", "1.0.dev1"], id="from"),
        pytest.param(
            [("introduced", "1"), ("last_affected", "1.2")], ["1.2", "1.2.0"], ["1.2.post1", "1.2.1"], id="last"
        ),
        pytest.param(
            [("introduced", "0"), ("fixed", "1.2"), ("introduced", "2.0"), ("fixed", "2.1")],
            ["1.1", "2.0", "2.0.5"],
            ["1.2", "1.9", "2.1"],
            id="two-spans",
        ),
        pytest.param(
            [("fixed", "2.1"), ("introduced", "2.0"), ("fixed", "1.2"), ("introduced", "0")],
            ["1.1", "2.0"],
            ["1.2", "2.1"],
            id="in-any-order",
        ),
        pytest.param([("introduced", "1.9"), ("fixed", "1.10")], ["1.9.9"], ["1.10", "1.8"], id="numbers-not-text"),
        pytest.param([("introduced", "1!1.0"), ("fixed", "1!2.0")], ["1!1.5"], ["1.5", "1!2.0"], id="epoch"),
        pytest.param([("introduced", "1.0"), ("limit", "2.0")], ["1.5"], ["2.0"], id="limit"),
        pytest.param([("introduced", "1"), ("last_affected", "1")], ["1.0"], ["1.1", "0.9"], id="one-version"),
        pytest.param([("introduced", "0"), ("fixed", "2004d")], ["1.0", "9"], [], id="what-cannot-be-compared-affects"),
    ],
)
def test_ranges(events: list[tuple[str, str]], inside: list[str], outside: list[str]) -> None:
    entry = record(*({kind: version} for kind, version in events))
    assert [version for version in [*inside, *outside] if affects(entry, version)] == inside


@pytest.mark.parametrize(
    ("listed", "version", "hit"),
    [
        (["1.0", "1.1"], "1.0", True),
        (["1.0"], "1", True),
        (["1.0rc1"], "1.0-RC.1", True),
        (["1.0"], "1.01", False),
        (["2004d"], "2004d", True),
        (["2004d"], "2004e", False),
    ],
)
def test_listed_versions(listed: list[str], version: str, hit: bool) -> None:
    assert affects(record(versions=listed), version) is hit


def test_a_record_that_names_no_version_affects_them_all() -> None:
    assert affects(record(), "1.0")
    assert affects(record(ranges=[{"type": "GIT", "events": [{"introduced": "0"}]}]), "1.0")


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"withdrawn": "2026-01-01T00:00:00Z"}, id="withdrawn"),
        pytest.param({"affected": [{"package": {"ecosystem": "npm", "name": "demo-pkg"}}]}, id="other-ecosystem"),
        pytest.param({"affected": [{"package": {"ecosystem": "PyPI", "name": "demo"}}]}, id="other-package"),
        pytest.param({"affected": None}, id="nothing-affected"),
    ],
)
def test_what_an_advisory_is_not_about(change: dict[str, Any]) -> None:
    assert not affects(record({"introduced": "0"}) | change, "1.0")


@pytest.mark.parametrize(
    "broken",
    [
        pytest.param({"id": ""}, id="no-id"),
        pytest.param({"id": 5}, id="number-for-an-id"),
        pytest.param({"schema_version": "2.0.0"}, id="schema-of-the-future"),
        pytest.param({"affected": {"package": 1}}, id="affected"),
        pytest.param({"affected": [{"package": {"name": "demo-pkg"}}]}, id="no-ecosystem"),
        pytest.param([], id="list"),
    ],
)
def test_a_record_that_breaks_the_schema_is_an_error(broken: Any) -> None:
    with pytest.raises(AdvisoryError):
        packages(record({"introduced": "0"}) | broken if isinstance(broken, dict) else broken)


def test_a_range_that_breaks_the_schema_is_an_error() -> None:
    with pytest.raises(AdvisoryError):
        affects(record(ranges=[{"type": "ECOSYSTEM"}]), "1.0")


def test_names_of_one_advisory_make_one_finding() -> None:
    parts = [
        Advisory(("PYSEC-2999-1", "CVE-2999-1"), "", ("1.2",)),
        Advisory(("GHSA-zzzz-zzzz-zzzz",), "other"),
        Advisory(("GHSA-aaaa-aaaa-aaaa", "BIT-1"), "why"),
        Advisory(("CVE-2999-1", "BIT-1"), "", ("1.2", "0.9")),
    ]
    whole = Advisory(("GHSA-aaaa-aaaa-aaaa", "PYSEC-2999-1", "CVE-2999-1", "BIT-1"), "why", ("1.2", "0.9"))
    for turn in range(len(parts)):
        found = merged(parts[turn:] + parts[:turn])
        assert [item.ids for item in found] == [whole.ids, ("GHSA-zzzz-zzzz-zzzz",)]
        assert (found[0].summary, sorted(found[0].fixed)) == ("why", ["0.9", "1.2"])


@pytest.mark.parametrize("name", ["GHSA-8q59-q68h-6hv4", "PYSEC-2021-142", "CVE-2020-14343", "MAL-2024-1"])
def test_the_name_of_an_advisory_can_be_told_from_its_rule(name: str) -> None:
    assert id_of(Advisory((name,)).rule) == name
