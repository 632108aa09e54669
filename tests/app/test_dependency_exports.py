"""``dependency-scan`` without a network: advisories that the user has fetched, beside what the real pip-audit says."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import specimens
from specimens import SAFE, Ask
from tools.osv import Record, advisory, serving
from tools.repo import Repo

HOOK = "dependency-scan"
Form = Callable[[Path, Iterable[Record]], Path]


def day(back: int) -> str:
    return (datetime.now(UTC) - timedelta(days=back)).strftime("%Y-%m-%d")


def dated(record: Record, back: int = 0) -> Record:
    return record | {"modified": f"{day(back)}T01:02:03Z"}


def as_zip(folder: Path, records: Iterable[Record]) -> Path:
    with zipfile.ZipFile(folder / "all.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for record in records:
            archive.writestr(f"{record['id']}.json", json.dumps(record, indent=1))
    return folder / "all.zip"


def as_folder(folder: Path, records: Iterable[Record]) -> Path:
    for number, record in enumerate(records):
        path = folder / "osv" / str(number % 2) / f"{record['id']}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(record))
    return folder / "osv"


def as_lines(folder: Path, records: Iterable[Record]) -> Path:
    path = folder / "all.jsonl"
    path.write_text("".join(json.dumps(record) + "\n" for record in records))
    return path


FORMS = [pytest.param(form, id=form.__name__) for form in (as_zip, as_folder, as_lines)]
SAMPLE = advisory("GHSA-aaaa-bbbb-cccc", "Demo.Web", ["1.0", "1.1"], fixed="1.2", aliases=["CVE-2999-0001"])
OTHER = advisory("PYSEC-2999-5", "elsewhere", ["1"])
RULE = "advisory-ghsa-aaaa-bbbb-cccc"
ON_A_COMMIT: dict[str, Any] = {"GIT_INDEX_FILE": ".git/index"}


def rely_on(repo: Repo, path: Path, more: str = "") -> None:
    """Have the policy name an export, and a service that is not there."""
    text = f'[dependency-scan]\nosv-export = "{path}"\nosv-url = "http://127.0.0.1:9/v1/query"\n{more}'
    repo.stage("sayso.toml", text)


def places(report: dict[str, Any]) -> list[tuple[str, int, str]]:
    return [(item["path"], item["line"], item["rule"]) for item in report["findings"] if item["severity"] == "error"]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("hook", [HOOK, "sayso"])
def test_an_export_serves_a_commit_without_a_network(
    repo: Repo, ask: Ask, tmp_path: Path, form: Form, hook: str
) -> None:
    rely_on(repo, form(tmp_path, [dated(OTHER, 3), dated(SAMPLE, 2)]))
    repo.stage("requirements.txt", "demo-web==1.1\nother==2\n")
    code, report = ask(hook, **ON_A_COMMIT)
    assert (code, places(report)) == (1, [("requirements.txt", 1, RULE)])
    repo.stage("requirements.txt", "demo-web==1.2\nother==2\n")
    code, report = ask(hook, **ON_A_COMMIT)
    assert (code, places(report)) == (0, [])
    said = f"2 packages looked up: 2 advisories for 2 packages in {tmp_path}"
    assert any(note.startswith(said) and f"the newest of {day(2)} (2 days old)" in note for note in report["notes"])


@pytest.mark.parametrize("form", FORMS)
def test_the_age_of_an_export_is_bounded(repo: Repo, tmp_path: Path, form: Form) -> None:
    path = form(tmp_path, [dated(SAMPLE, 9), dated(OTHER, 8)])
    rely_on(repo, path)
    repo.stage("requirements.txt", "demo-web==1.2\n")
    code, said = repo.output("sayso", HOOK)
    assert code == 3
    assert f"is of {day(8)}, 8 days old, and max-age-days is 7: fetch https://" in said
    rely_on(repo, path, f"max-age-days = 8\n{specimens.relaxed('dependency-scan.max-age-days')}")
    code, said = repo.output("sayso", HOOK)
    assert (code, "sayso.toml: advisories may be 8 days old" in said) == (0, True)


def nothing(_: Path) -> None:
    """Leave an export as it is."""


def cut(path: Path) -> None:
    """Cut the end off."""
    path.write_bytes(path.read_bytes()[:-40])


def flip(path: Path) -> None:
    """Change a byte in the middle of the first document."""
    data = bytearray(path.read_bytes())
    data[90] ^= 0xFF
    path.write_bytes(bytes(data))


FUTURE = SAMPLE | {"modified": "2999-01-01T00:00:00Z"}
NPM = dated(SAMPLE) | {"affected": [{"package": {"ecosystem": "npm", "name": "demo-web"}}]}
WITHDRAWN = dated(SAMPLE) | {"withdrawn": "2026-01-01T00:00:00Z"}


@pytest.mark.parametrize(
    ("form", "records", "damage", "said"),
    [
        pytest.param(as_zip, [dated(SAMPLE)], cut, "is damaged, fetch it again", id="zip-cut-off"),
        pytest.param(as_zip, [dated(SAMPLE)], flip, "is damaged, fetch it again", id="zip-with-another-byte"),
        pytest.param(as_lines, [dated(SAMPLE)], cut, "is damaged, fetch it again: all.jsonl:1", id="lines-cut-off"),
        pytest.param(as_lines, [], nothing, "holds no advisory for Python packages", id="empty"),
        pytest.param(as_lines, [NPM], nothing, "holds no advisory for Python packages", id="other-ecosystem"),
        pytest.param(as_lines, [WITHDRAWN], nothing, "holds no advisory for Python packages", id="all-withdrawn"),
        pytest.param(as_lines, [FUTURE], nothing, "has advisories of the future", id="future"),
        pytest.param(as_lines, [SAMPLE | {"modified": ""}], nothing, "is no date", id="no-date"),
        pytest.param(as_lines, [SAMPLE | {"modified": "yesterday"}], nothing, "is no date", id="words-for-a-date"),
        pytest.param(as_lines, [dated(SAMPLE) | {"id": None}], nothing, "is damaged", id="no-id"),
        pytest.param(
            as_lines, [dated(SAMPLE), {"results": []}], nothing, "all.jsonl:2: not a record", id="no-advisory"
        ),
        pytest.param(as_lines, [dated(SAMPLE)], Path.unlink, "cannot read the advisories in", id="missing"),
    ],
)
@pytest.mark.parametrize("hook", [HOOK, "sayso"])
def test_an_export_that_cannot_be_relied_on_is_never_a_pass(  # noqa: PLR0917 - two fixtures, the rest parameters
    repo: Repo, tmp_path: Path, form: Form, records: list[Record], damage: Callable[[Path], None], said: str, hook: str
) -> None:
    path = form(tmp_path, records)
    damage(path)
    rely_on(repo, path)
    repo.stage("requirements.txt", "demo-web==1.2\n")
    code, printed = repo.output("sayso", hook, **ON_A_COMMIT)
    assert (code, said in printed) == (3, True), printed
    assert "COULD NOT DECIDE" in printed


def test_without_the_library_that_compares_versions(
    repo: Repo, tmp_path: Path, without_scanners: dict[str, Any]
) -> None:
    rely_on(repo, as_lines(tmp_path, [dated(SAMPLE)]))
    repo.stage("requirements.txt", "demo-web==1.2\n")
    code, said = repo.output("sayso", HOOK, **without_scanners)
    assert (code, "versions cannot be compared" in said) == (3, True), said


def test_an_export_in_the_repository_is_named_from_the_top(repo: Repo, ask: Ask) -> None:
    (repo.path / "vendor").mkdir()
    as_lines(repo.path / "vendor", [dated(SAMPLE)])
    rely_on(repo, Path("vendor/all.jsonl"))
    repo.stage("sub/requirements.txt", "demo-web==1.1\n")
    repo.path /= "sub"
    assert places(ask(HOOK)[1]) == [("sub/requirements.txt", 1, RULE)]


def test_online_asks_the_service_all_the_same(repo: Repo, ask: Ask, tmp_path: Path) -> None:
    with serving([]) as service:
        repo.stage(
            "sayso.toml",
            f'[dependency-scan]\nosv-export = "{as_lines(tmp_path, [dated(SAMPLE)])}"\nosv-url = "{service.url}"\n',
        )
        repo.stage("requirements.txt", "demo-web==1.1\n")
        assert (ask(HOOK)[0], service.asked) == (1, [])
        assert ask(HOOK, "--online")[0] == 0
        assert len(service.asked) == 2


def test_evidence_names_the_bytes_and_the_day_of_the_advisories(repo: Repo, ask: Ask, tmp_path: Path) -> None:
    rely_on(repo, as_lines(tmp_path, [dated(SAMPLE, 1)]))
    repo.stage("requirements.txt", "demo-web==1.2\n")
    first = ask(HOOK)[1]["evidence"]
    assert ask(HOOK)[1]["evidence"] == first
    shown = json.loads(repo.sayso("evidence", "show", first[0], "--format", "json").stdout)
    assert (shown["tool"], shown["rules"].startswith("sha256:"), shown["rules"][-11:]) == (
        "osv-export",
        True,
        f"@{day(1)}",
    )
    as_lines(tmp_path, [dated(SAMPLE, 1), dated(OTHER, 1)])
    assert ask(HOOK)[1]["evidence"] != first


def test_claims_rest_on_an_export_but_not_as_if_pip_audit_had_spoken(repo: Repo, ask: Ask, tmp_path: Path) -> None:
    rely_on(repo, as_lines(tmp_path, [dated(SAMPLE, 1)]))
    repo.stage("a.py", SAFE)
    repo.stage("requirements.txt", "demo-web==1.2\n")
    repo.sayso("sayso", **ON_A_COMMIT)
    message = repo.path / ".git" / "COMMIT_EDITMSG"
    for words, status in (
        ("No vulnerable dependencies.", "supported"),
        ("This is secure.", "supported"),
        ("pip-audit clean", "unsupported"),
    ):
        message.write_text(f"A change\n\n{words}\n")
        report = ask("secure-claims", str(message))[1]
        assert [item["status"] for item in report["findings"]] == [status]


# Each with every version that is affected among those that are pinned below.
BOTH = [
    advisory("GHSA-0000-0000-0001", "one", ["0.9", "1.0", "1.0rc1", "1.1"], fixed="1.2", aliases=["CVE-2999-1"]),
    advisory("PYSEC-2999-1", "one", ["0.9", "1.0", "1.0rc1", "1.1"], fixed="1.2", aliases=["CVE-2999-1"]),
    advisory("PYSEC-2999-2", "one", ["1.0", "1.1", "1.2", "1.10"], introduced="1.0"),
    advisory("GHSA-0000-0000-0003", "two", ["2.0.post1", "2.0"], introduced="2.0", fixed="2.1.dev1"),
    advisory("CVE-2999-4", "two", ["1!0.5"], introduced="1!0", fixed="1!1"),
    advisory("GHSA-0000-0000-0005", "two", ["2.0"], withdrawn="2026-01-01T00:00:00Z"),
]
PINS = [
    *(f"one=={version}" for version in ("0.9", "1.0rc1", "1.0", "1.1", "1.2", "1.10")),
    *(f"Two=={version}" for version in ("1.9", "2.0", "2.0.post1", "2.1.dev1", "2.1", "1!0.5", "1!1.0")),
]


def without(key: str) -> list[Record]:
    """Return the records without their ``versions``, or without their ``ranges``."""
    return [
        dated({**record, "affected": [{name: item for name, item in entry.items() if name != key}]})
        for record in BOTH
        for entry in record["affected"]
    ]


@pytest.mark.parametrize("key", ["versions", "ranges"])
def test_our_matching_says_what_pip_audit_says(repo: Repo, ask: Ask, tmp_path: Path, key: str) -> None:
    repo.stage("requirements.txt", "".join(f"{pin}\n" for pin in PINS))
    with serving(BOTH) as service:
        repo.stage("sayso.toml", f'[dependency-scan]\nosv-url = "{service.url}"\n')
        theirs = places(ask(HOOK)[1])
    assert len(theirs) == 11
    rely_on(repo, as_zip(tmp_path, without(key)))
    assert places(ask(HOOK)[1]) == theirs


@pytest.mark.parametrize("form", FORMS)
def test_an_export_that_is_known_says_the_same_again(repo: Repo, ask: Ask, tmp_path: Path, form: Form) -> None:
    path = form(tmp_path, [dated(OTHER, 3), dated(SAMPLE, 2)])
    rely_on(repo, path)
    repo.stage("requirements.txt", "demo-web==1.1\nother==2\n")
    first = ask(HOOK)
    assert first == ask(HOOK)
    (kept,) = (repo.path / ".git" / "sayso" / "exports").iterdir()
    for content in ("", "x", "1\n2\n"):
        kept.write_text(content)
        assert first == ask(HOOK)
    form(tmp_path, [dated(OTHER, 3), dated(SAMPLE, 1)])
    code, report = ask(HOOK)
    assert (code, any(f"the newest of {day(1)}" in note for note in report["notes"])) == (1, True)


def test_a_name_that_is_written_in_escapes_is_found_again(repo: Repo, ask: Ask, tmp_path: Path) -> None:
    path = as_lines(tmp_path, [dated(SAMPLE), dated(OTHER)])
    path.write_text(path.read_text().replace('"Demo.Web"', '"Dem\\u006f.Web"'))
    rely_on(repo, path)
    repo.stage("requirements.txt", "demo-web==1.1\n")
    assert [ask(HOOK)[0] for _ in range(2)] == [1, 1]
