from __future__ import annotations

import pytest

from sayso import manifests
from sayso.adapters.resources import read_table
from sayso.checks import sensitive_paths


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("requirements.txt", "requirements"),
        ("Requirements-Dev.TXT", "requirements"),
        ("a/requirements.in", "requirements"),
        ("a/requirements.lock", "requirements"),
        ("a/requirements/prod.txt", "requirements"),
        ("test-requirements.txt", "requirements"),
        ("constraints-3.12.txt", "requirements"),
        ("pylock.toml", "pylock"),
        ("a/pylock.dev.toml", "pylock"),
        ("a/pyproject.toml", "pyproject"),
        ("pylock.a.b.toml", ""),
        ("pylocked.toml", ""),
        ("requirements.md", ""),
        ("requirements/readme.md", ""),
        ("prerequirements/prod.txt", ""),
        ("my-pyproject.toml", ""),
        ("uv.lock", ""),
    ],
)
def test_formats(path: str, form: str) -> None:
    assert manifests.format_of(path) == form


@pytest.mark.parametrize("path", ["uv.lock", "web/package-lock.json", "Cargo.lock", "a/Pipfile.lock", "go.sum"])
def test_what_cannot_be_read_has_a_way_out(path: str) -> None:
    assert manifests.way_out(path)
    assert manifests.concerns(path)
    assert not manifests.format_of(path)


def test_what_is_a_manifest_here_is_one_for_claims_too() -> None:
    rules = sensitive_paths.read_rules(read_table("sensitive_areas.toml"))
    names = [
        *manifests.FOREIGN,
        "requirements.txt",
        "pylock.toml",
        "pylock.a.toml",
        "pyproject.toml",
        "constraints.txt",
    ]
    assert [name for name in names if not sensitive_paths.declares_dependencies(name, rules)] == []


@pytest.mark.parametrize(
    ("lock", "path", "speaks"),
    [
        ("package-lock.json", "package.json", True),
        ("web/package-lock.json", "web/package.json", True),
        ("web/package-lock.json", "package.json", False),
        ("package.json", "package-lock.json", False),
        ("cargo.lock", "package.json", False),
        ("uv.lock", "uv.lock", True),
    ],
)
def test_a_lock_speaks_for_its_manifest(lock: str, path: str, speaks: bool) -> None:
    assert manifests.speaks_for(lock, path) is speaks


def test_locks_beside() -> None:
    assert manifests.locks_beside("a/dev.in") == ("a/dev.txt", "a/pylock.toml")
    assert manifests.locks_beside("pyproject.toml")[0] == "pylock.toml"
    assert manifests.locks_beside("requirements.txt") == ()
