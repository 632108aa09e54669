"""The worker finds what the library finds, tells no value, and its report is believed only if it is whole."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import sysconfig
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import specimens
from sayso.adapters import secrets_worker
from sayso.app import secret_engine
from sayso.app.scanruns import known_languages
from sayso.app.secret_engine import SecretScan
from sayso.evidence import ScannerError, Spot
from sayso.scanners import detect_secrets
from sayso.scanners.detect_secrets import Hit
from specimens import ROOT

A, B = "/tmp/x/0.py", "/tmp/x/1.py"
RULES = {"secret-one", "secret-two"}
WORKER = secrets_worker.__file__


def report(**changed: Any) -> bytes:
    whole: dict[str, Any] = {
        "version": detect_secrets.VERSION,
        "rules": sorted(RULES),
        "files": {A: [["secret-one", 3, 4, 20], ["secret-one", 1, -1, 20]], B: []},
    }
    whole.update(changed)
    return json.dumps({key: value for key, value in whole.items() if value is not None}).encode()


def test_parse_whole() -> None:
    expected = {A: (Hit("secret-one", 1, -1, 20), Hit("secret-one", 3, 4, 20)), B: ()}
    assert detect_secrets.parse(report(), [A, B], RULES) == expected


@pytest.mark.parametrize(
    ("out", "said"),
    [
        pytest.param(report(version="1.4.0"), "was expected", id="other-version"),
        pytest.param(report(rules=["secret-one"]), "secret-two", id="a-detector-less"),
        pytest.param(report(rules=[*RULES, "secret-three"]), "secret-three", id="a-detector-more"),
        pytest.param(report(files={A: []}), "other files", id="target-missing"),
        pytest.param(report(files={A: [], B: [], "/etc/x": []}), "other files", id="target-not-asked-for"),
        pytest.param(report(version=None), "did not print a report", id="no-version"),
        pytest.param(report(rules=None), "did not print a report", id="no-rules"),
        pytest.param(report(files=None), "did not print a report", id="no-files"),
        pytest.param(report()[:-9], "did not print a report", id="truncated"),
        pytest.param(b"", "did not print a report", id="empty"),
        pytest.param(b"Traceback (most recent call last):", "did not print a report", id="garbage"),
        pytest.param(b"[" * 100_000, "did not print a report", id="deep"),
        pytest.param(b"[1]", "did not print a report", id="list"),
        pytest.param(report(files={A: [["secret-one"]], B: []}), "whole report", id="no-line"),
        pytest.param(report(files={A: [["secret-one", "3", 0, 9]], B: []}), "whole report", id="line-text"),
        pytest.param(report(files={A: [["secret-new", 3, 0, 9]], B: []}), "whole report", id="unknown-rule"),
        pytest.param(report(files={A: [["secret-one", 3]], B: []}), "whole report", id="no-column"),
        pytest.param(report(files={A: 3, B: []}), "whole report", id="no-list"),
    ],
)
def test_parse_refuses(out: bytes, said: str) -> None:
    with pytest.raises(ScannerError, match=said):
        detect_secrets.parse(out, [A, B], RULES)


@given(cut=st.integers(0, len(report()) - 1))
def test_parse_refuses_every_truncation(cut: int) -> None:
    with pytest.raises(ScannerError):
        detect_secrets.parse(report()[:cut], [A, B], RULES)


@pytest.mark.parametrize(
    ("path", "suffix"),
    [
        ("a.py", ".py"),
        ("deep/A.PY", ".py"),
        ("settings.yaml", ".yaml"),
        (".env", ".properties"),
        (".env.production", ".properties"),
        ("prod.env", ".properties"),
        ("environment", ".txt"),
        ("Dockerfile", ".txt"),
        ("app.css", ".txt"),
        ("swagger.svg", ".txt"),
        ("package-lock.json", ".locked"),
        ("sub/Cargo.lock", ".locked"),
        ("go.sum", ".locked"),
        ("my-package-lock.json", ".txt"),
        ("evil.locked", ".txt"),
        ("weird.", ".txt"),
    ],
)
def test_reading(path: str, suffix: str) -> None:
    assert detect_secrets.reading(path) == suffix


def scan(folder: Path, files: dict[str, str]) -> dict[str, tuple[Spot, ...]]:
    """Run the real worker over files by repository path, as the engine names them; the answer is by that path."""
    engine = SecretScan()
    subjects, names = {}, {}
    for number, (name, text) in enumerate(files.items()):
        subject = engine.subject(name, f"{number:040}", known_languages().of(name))
        path = folder / f"{number}{engine.suffix(subject)}"  # type: ignore[arg-type]
        path.write_text(text, encoding="utf-8")
        subjects[str(path)] = subject
        names[str(path)] = name
    found = engine.scan(str(folder), subjects, 0)  # type: ignore[arg-type]
    assert found.failed == {}
    return {names[path]: spots for path, spots in found.spots.items()}


SECRETS = specimens.secrets()


def test_worker_finds_and_places(tmp_path: Path) -> None:
    files = {f"{name}.py": f"# one\n# two\n{line}\n# four\n" for name, (line, _) in SECRETS.items()}
    files["aws.css"] = f"/* {specimens.aws_key()} */\n"
    files["swagger.svg"] = f"<!-- {specimens.aws_key()} -->\n"
    files["pragma.py"] = f'key = "{specimens.aws_key()}"  # pragma: allowlist secret\n'
    files["call.py"] = f'client = Client("{specimens.github_token()}")\n'
    files["default.py"] = f'token = os.environ.get("T", "{specimens.github_token()}")\n'
    files["key.pem"] = specimens.private_key()
    files["prose.md"] = f"The key is {specimens.aws_key()}.\n"
    found = scan(tmp_path, files)
    assert sorted(name for name, spots in found.items() if not spots) == []
    assert {spot.line for name, spots in found.items() if name[:-3] in SECRETS for spot in spots} == {3}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        pytest.param("a.py", "def add(a, b):\n    return a + b\n", id="code"),
        pytest.param("a.py", 'key = os.environ["API_KEY"]\n', id="by-name"),
        pytest.param("a.yml", "password: ${PASSWORD}\n", id="templated"),
        pytest.param("a.py", 'alphabet = "abcdefghijklmnopqrstuvwxyz0123456789"\n', id="sequence"),
        pytest.param("a.py", 'run = "7f1c0e4e-59a5-4c1e-9a1e-2d9a3a6c7b10"\n', id="uuid"),
        pytest.param("empty.py", "", id="empty"),
    ],
)
def test_worker_leaves_alone(tmp_path: Path, name: str, text: str) -> None:
    assert scan(tmp_path, {name: text}) == {name: ()}


def _digests() -> dict[str, str]:
    import base64
    import hashlib

    hexes = {name: hashlib.new(name, b"x").hexdigest() for name in ("sha1", "sha224", "sha256", "sha384", "sha512")}
    integrity = base64.b64encode(hashlib.sha512(b"x").digest()).decode()
    files = {f"{name}.py": f'digest = "{value}"\n' for name, value in hexes.items()}
    files["labelled.yml"] = f'image: "nginx@sha256:{hexes["sha256"]}"\n'
    files["integrity.html"] = f'<script integrity="sha512-{integrity}"></script>\n'
    files["package-lock.json"] = (
        f'{{"integrity": "sha512-{integrity}", "resolved": "{specimens.random_text("lock")}"}}\n'
    )
    files["go.sum"] = f"example.org/x v1.0.0 h1:{base64.b64encode(hashlib.sha256(b'x').digest()).decode()}\n"
    files["poetry.lock"] = f'content-hash = "{hexes["sha256"]}"\n'
    return files


def test_worker_takes_no_digest_for_a_secret(tmp_path: Path) -> None:
    found = scan(tmp_path, _digests())
    assert {name: spots for name, spots in found.items() if spots} == {}


def test_worker_finds_tokens_in_lock_files(tmp_path: Path) -> None:
    found = scan(tmp_path, {"yarn.lock": f'resolved "https://x:{specimens.github_token()}@example.org/"\n'})
    assert "secret-github-token" in {spot.rule for spot in found["yarn.lock"]}


SUFFIXES = (".py", ".js", ".java", ".yaml", ".yml", ".ini", ".cfg", ".properties", ".toml", ".txt", ".go", ".cls")


def _composed(count: int) -> dict[str, str]:
    """Files of every suffix, of shuffled lines with secrets and without."""
    dice = random.Random(7)
    harmless = [
        "# a comment",
        "",
        'name = "value"',
        "items:",
        "  - one",
        "[section]",
        "key: |",
        "    folded",
        "a = b = c",
        "\tindented\twith\ttabs",
        'digit = "1234567890"',
        "password = get_password()",
        "caf\u00e9 = '\u00e9t\u00e9'",
    ]
    made = {}
    for number in range(count):
        lines = [dice.choice(harmless) for _ in range(dice.randrange(12))]
        for line, _ in dice.sample(sorted(SECRETS.values()), dice.randrange(4)):
            lines.insert(dice.randrange(len(lines) + 1), line)
        made[f"{number}{SUFFIXES[number % len(SUFFIXES)]}"] = "\n".join(lines) + "\n" * dice.randrange(2)
    return made


# The library as it is, with our filters of form, on one file after the other: what it finds and what of that stands.
_REFERENCE = """
import json, sys
from detect_secrets.core import scan
from detect_secrets.core.plugins.util import get_mapping_from_secret_type_to_class
from detect_secrets.settings import transient_settings
from sayso.adapters import secrets_worker as worker
from sayso.adapters.resources import read_table
from sayso.credentials.standing import ENTROPY, LOCKED, stands
from sayso.credentials.values import Judge
judge = Judge(read_table("secret_values.toml"))
known = get_mapping_from_secret_type_to_class()
plugins = [{"name": plugin.__name__} for plugin in known.values()]
filters = [{"path": "detect_secrets.filters.heuristic." + name} for name in worker._HEURISTICS]
found = {}
for path in sys.argv[1:]:
    with transient_settings({"plugins_used": plugins, "filters_used": filters}):
        lines = open(path, encoding="utf-8").read().split("\\n")
        found[path] = []
        for secret in scan.scan_file(path):
            name = known[secret.type].__name__
            line = (lines + [""] * secret.line_number)[secret.line_number - 1]
            locked = path.endswith(LOCKED) and name in ENTROPY
            standing = not locked and stands(judge, name, secret.secret_value, line)
            found[path].append((worker.rule_id(secret.type), secret.line_number, standing))
json.dump(found, sys.stdout)
"""


def reference(paths: list[str]) -> dict[str, list[tuple[str, int, bool]]]:
    command = [sys.executable, "-X", "utf8", "-c", _REFERENCE, *paths]
    found: dict[str, list[tuple[str, int, bool]]] = json.loads(
        subprocess.run(command, capture_output=True, check=True).stdout
    )
    return found


def written(folder: Path, texts: dict[str, str]) -> dict[str, str]:
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    return {name: str(folder / name) for name in texts}


def lost(folder: Path, texts: dict[str, str]) -> tuple[list[tuple[str, str, int]], int]:
    """Return what the library finds, and stands, where the whole scan finds nothing; and how much stands."""
    paths = written(folder, texts)
    expected = reference(list(paths.values()))
    (folder / "scan").mkdir()
    found = scan(folder / "scan", texts)
    standing = [(name, rule, line) for name in texts for rule, line, stood in expected[paths[name]] if stood]
    lines = {name: {n for spot in found[name] for n in range(spot.line, spot.end_line + 1)} for name in texts}
    return [(name, rule, line) for name, rule, line in standing if line not in lines[name]], len(standing)


def test_nothing_that_the_library_finds_and_that_stands_is_lost(tmp_path: Path) -> None:
    missing, standing = lost(tmp_path, _composed(240))
    assert missing == []
    assert standing > 200


def test_worker_never_prints_a_value(tmp_path: Path) -> None:
    texts = _composed(len(SUFFIXES) * 4)
    for name, text in texts.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    command = detect_secrets.argv(sys.executable, WORKER, [str(tmp_path / name) for name in texts])
    done = subprocess.run(command, capture_output=True, check=True)
    values = [value for line, value in SECRETS.values() if any(line in text for text in texts.values())]
    assert len(values) == len(SECRETS)
    assert [value for value in values if value.encode() in done.stdout + done.stderr] == []


@pytest.mark.parametrize("locale", ["C", "POSIX", "C.UTF-8", "en_US.ISO-8859-1", "ja_JP.eucJP"])
def test_worker_answers_the_same_in_every_locale(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, locale: str) -> None:
    monkeypatch.setenv("LC_ALL", locale)
    text = f'caf\u00e9 = "\u3042"\nkey = "{specimens.aws_key()}"\n'
    assert Spot(specimens.AWS_RULE, 2, 2) in scan(tmp_path, {"a.py": text})["a.py"]


def test_worker_reads_no_settings_of_the_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".secrets.baseline").write_text(json.dumps({"version": "1.5.0", "plugins_used": [], "results": {}}))
    (tmp_path / "detect_secrets").mkdir()
    (tmp_path / "detect_secrets" / "__init__.py").write_text("raise SystemExit('shadowed')")
    (tmp_path / "requests.py").write_text("raise SystemExit('shadowed')")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    assert scan(tmp_path, {"a.py": f'key = "{specimens.aws_key()}"\n'})["a.py"]


def test_worker_fails_aloud_where_a_file_is_missing(tmp_path: Path) -> None:
    missing = str(tmp_path / "0.py")
    done = subprocess.run(detect_secrets.argv(sys.executable, WORKER, [missing]), capture_output=True, check=False)
    assert done.returncode
    with pytest.raises(ScannerError):
        detect_secrets.parse(done.stdout, [missing], set(SecretScan().rules()))


def test_rules_file_lists_exactly_the_detectors() -> None:
    program = (
        "from detect_secrets.core.plugins.util import get_mapping_from_secret_type_to_class as known;"
        "print(*sorted(known()), sep='\\n')"
    )
    names = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, check=True, text=True
    ).stdout.splitlines()
    listed = [rule["id"] for rule in tomllib.loads((ROOT / "rules" / "secrets.toml").read_text())["rule"]]
    assert listed == sorted(listed)
    assert listed == sorted(secrets_worker.rule_id(name) for name in names)


def test_rules_are_within_the_length_that_a_suppression_can_name() -> None:
    assert max(map(len, SecretScan().rules())) <= 80


def test_worker_is_started_isolated() -> None:
    command = detect_secrets.argv("/venv/bin/python", WORKER, ["/tmp/a"])
    assert command[:2] == ("/venv/bin/python", "-I")
    assert os.path.isabs(command[-2])


@pytest.mark.e2e
def test_nothing_is_lost_of_real_text(tmp_path: Path) -> None:
    """The interpreter's own library: tests of mail, of ciphers and of URLs, and configuration."""
    roots = [Path(sysconfig.get_paths()["stdlib"]), ROOT / "tests", ROOT / "rules"]
    files = [path for root in roots for path in sorted(root.glob("*.[pt][yo]*"))[:60] if path.is_file()]
    texts = {f"{number}{path.suffix}": path.read_text(encoding="utf-8") for number, path in enumerate(files)}
    missing, _ = lost(tmp_path, texts)
    assert len(texts) > 60
    assert missing == []


def test_no_process_is_started_where_the_engine_could_find_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", "/nonexistent/python")
    texts = {"a.py": specimens.SAFE, "b.py": f'token = "{specimens.github_token()}"\n', "c.yml": "password: changeme\n"}
    found = scan(tmp_path, texts)
    assert {name: [spot.rule for spot in spots] for name, spots in found.items()} == {
        "a.py": [],
        "b.py": ["secret-github-token"],
        "c.yml": [],
    }


def test_a_large_batch_is_shared_between_two_processes(tmp_path: Path) -> None:
    line = f'opaque = "{specimens.random_text("entropy")}"\n'
    texts = {f"{number}.py": f"# {'x ' * 40_000}\n{line}" for number in range(6)}
    found = scan(tmp_path, texts)
    assert {tuple(spot.line for spot in spots) for spots in found.values()} == {(2,)}
    sizes = {name: len(text) for name, text in texts.items()}
    shares = secret_engine.shares_of(sizes)
    assert sorted(name for share in shares for name in share) == sorted(texts)
    assert len(shares) == min(2, os.cpu_count() or 1)
    assert secret_engine.shares_of({"a": 10, "b": 10}) == [["a", "b"]]


def test_a_missing_engine_leaves_no_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    with pytest.raises(ScannerError, match="not installed"):
        scan(tmp_path, {"a.py": specimens.SAFE})


def test_lines_are_counted_as_git_counts_them(tmp_path: Path) -> None:
    line = f'opaque = "{specimens.random_text("entropy")}"'
    texts = {"a.py": f"one\rtwo\rthree\nfour\n{line}\n", "b.py": f"one\r\ntwo\r\n{line}\r\n"}
    engine = SecretScan()
    subjects = {}
    for name, text in texts.items():
        path = tmp_path / name
        path.write_bytes(text.encode())
        subjects[str(path)] = engine.subject(name, name * 10, known_languages().of(name))
    found = engine.scan(str(tmp_path), subjects, 0)  # type: ignore[arg-type]
    assert {spot.line for spots in found.spots.values() for spot in spots} == {3}
