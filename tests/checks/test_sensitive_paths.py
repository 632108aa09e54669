from __future__ import annotations

import re
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import tomli
from hypothesis import given
from hypothesis import strategies as st

from sayso import pathwords
from sayso.checks.sensitive_paths import DISGUISE, AreaRules, Flag, areas_of, check, declares_dependencies, parse_rules
from sayso.model import AddedLine, Change, ChangeKind, DataError, Snapshot

TEXT = (Path(__file__).parents[2] / "rules" / "sensitive_areas.toml").read_text(encoding="utf-8")
RULES = parse_rules(TEXT)
AREAS = tomli.loads(TEXT)["area"]
REQUIRED = {
    "authentication",
    "authorization",
    "tenant-isolation",
    "cryptography",
    "secrets",
    "security-headers",
    "sensitive-logging",
    "payments",
    "data-export",
    "file-upload",
    "deserialization",
    "dependencies",
    "query-construction",
    "ci-cd",
    "infrastructure",
    "migrations",
    "network-egress",
    "agent-instructions",
    "gate",
}
SUFFIX = {
    "python": "py",
    "javascript": "ts",
    "jvm": "java",
    "dotnet": "cs",
    "native": "rs",
    "ruby": "rb",
    "shell": "sh",
    "config": "yaml",
    "data": "json",
    "markup": "html",
    "gradle": "gradle",
}


def flags(*changes: Change, added: dict[str, list[str]] | None = None) -> list[Flag]:
    lines = {path: tuple(map(AddedLine, range(1, 1000), texts)) for path, texts in (added or {}).items()}
    return list(check(Snapshot(changes, lines), RULES))


def content(path: str, *lines: str) -> list[tuple[str, int]]:
    found = flags(Change(ChangeKind.MODIFIED, path), added={path: list(lines)})
    return [(flag.area, flag.line) for flag in found if flag.line]


def test_every_area_that_was_asked_for_exists() -> None:
    assert {area["id"] for area in AREAS} >= REQUIRED
    assert [rule.id for rule in RULES.rules] == [f"sensitive-{area['id']}" for area in AREAS]


def test_every_rule_explains_itself() -> None:
    for rule in RULES.rules:
        assert rule.summary, rule.id
        assert rule.why.endswith("."), rule.id
        assert rule.fix.endswith("."), rule.id
        assert rule.since, rule.id
        assert rule.flag, rule.id
        assert rule.passes, rule.id


@pytest.mark.parametrize(
    ("area", "path"), [pytest.param(a["id"], p, id=f"{a['id']}: {p!a}") for a in AREAS for p in a["examples"]["flag"]]
)
def test_example_paths_are_flagged(area: str, path: str) -> None:
    assert area in areas_of(path, RULES)


@pytest.mark.parametrize(
    "path", [pytest.param(p, id=f"{a['id']}: {p!a}") for a in AREAS for p in a["examples"]["pass"]]
)
def test_example_paths_pass(path: str) -> None:
    assert areas_of(path, RULES) == ()


def sample_lines(key: str) -> list[object]:
    return [
        pytest.param(area["id"], signal, line, id=f"{area['id']}: {line}")
        for area in AREAS
        for signal in area.get("signal", ())
        for line in signal[key]
    ]


def file_for(groups: list[str], line: str) -> str:
    """Name an innocent file of a kind in which the signal counts, and in which the line's comment is one."""
    wanted = {"//": "javascript", "--": "sql"}.get(line[:2], "python")
    group = wanted if wanted in groups or not groups else groups[0]
    return f"src/thing.{SUFFIX.get(group, group)}"


@pytest.mark.parametrize(("area", "signal", "line"), sample_lines("flag"))
def test_example_lines_are_flagged(area: str, signal: dict[str, list[str]], line: str) -> None:
    assert (area, 1) in content(file_for(signal.get("files", []), line), line)


@pytest.mark.parametrize(("area", "signal", "line"), sample_lines("pass"))
def test_example_lines_pass(area: str, signal: dict[str, list[str]], line: str) -> None:
    assert (area, 1) not in content(file_for(signal.get("files", []), line), line)


@pytest.mark.parametrize(
    ("path", "areas"),
    [
        pytest.param("src/Auth/x.py", ("authentication",), id="case"),
        pytest.param("src/userAuthHelper.ts", ("authentication",), id="camel"),
        pytest.param("src/XMLHTTPAuth.java", ("authentication",), id="acronyms"),
        pytest.param("src/oauthclient.py", (), id="unsplittable word"),
        pytest.param("src/oauth2_client.py", ("authentication",), id="digits"),
        pytest.param("a/api-keys/b.txt", ("secrets",), id="sequence and plural"),
        pytest.param("a/keys-api/b.txt", (), id="sequence in the wrong order"),
        pytest.param("api/keys/b.txt", (), id="sequence over segments"),
        pytest.param("src/proxy_pool.go", ("network-egress",), id="first word of a name"),
        pytest.param("src/proxy/pool.go", (), id="first word of a name is not a directory"),
        pytest.param("src/\uff41\uff55\uff54\uff48/x.py", ("authentication", "disguise"), id="fullwidth"),
        pytest.param("src/\u0430uth/x.py", ("authentication", "disguise"), id="cyrillic a"),
        pytest.param("src/se\u0301cret.py", ("secrets", "disguise"), id="combining accent, decomposed"),
        pytest.param("src/au\u200bth/x.py", ("authentication", "disguise"), id="zero width space"),
        pytest.param("src/\U0001d41auth/x.py", ("authentication", "disguise"), id="mathematical bold"),
        pytest.param("dir/k8s/prod/web.yaml", ("infrastructure",), id="name below a directory"),
        pytest.param("dir/k8s/prod/README.md", (), id="other name below a directory"),
        pytest.param("migrations", ("migrations",), id="a link or submodule in place of a directory"),
        pytest.param("MIGRATIONS/1.py", ("migrations",), id="directory in another case"),
        pytest.param("Dockerfile", ("infrastructure",), id="name"),
        pytest.param("dockerfiles.md", (), id="longer name"),
        pytest.param("scripts/release/upload.py", (), id="excepted directory"),
        pytest.param("", (), id="empty"),
        pytest.param("/", (), id="slash"),
    ],
)
def test_areas_of(path: str, areas: tuple[str, ...]) -> None:
    assert areas_of(path, RULES) == areas


@pytest.mark.parametrize(
    "path", ["authors.py", "tokenizer.py", "keyboard.ts", "secretary.md", "a/authority.go", "x/blogin.js", "design.md"]
)
def test_look_alike_words_pass(path: str) -> None:
    assert areas_of(path, RULES) == ()


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        pytest.param("src/a\nb.py", "control", id="newline"),
        pytest.param("src/a\tb.py", "control", id="tab"),
        pytest.param("src/a\x1b[31mb.py", "control", id="escape"),
        pytest.param("src/a\u202eyp.b", "direction", id="bidi override"),
        pytest.param("src/a\u2066b.py", "direction", id="bidi isolate"),
        pytest.param("src/a\u2028b.py", "invisible", id="line separator"),
        pytest.param("src/\u3164.py", "invisible", id="hangul filler"),
        pytest.param("src/p\u0430yload.py", "another script", id="cyrillic among latin"),
        pytest.param("src/c\u03bfde.py", "another script", id="greek among latin"),
        pytest.param("src/cafe\u0301.py", "NFC", id="not composed"),
        pytest.param("src/\uff45val.py", "looks like", id="fullwidth"),
        pytest.param("src/\udce9.py", "UTF-8", id="not UTF-8"),
        pytest.param("-rf", "option", id="leading dash"),
        pytest.param("a/:(top)x", "pathspec", id="pathspec magic"),
        pytest.param("a/.GIT/config", ".git", id="git directory in another case"),
        pytest.param("a/.git . /config", ".git", id="git directory with trailing dots and blanks"),
        pytest.param("GIT~1/config", ".git", id="short name of the git directory"),
    ],
)
def test_disguises(path: str, reason: str) -> None:
    assert any(reason in text for text in pathwords.disguises(path))
    assert DISGUISE in areas_of(path, RULES)
    assert [flag.area for flag in flags(Change(ChangeKind.ADDED, path))].count(DISGUISE) == 1


@pytest.mark.parametrize(
    "path",
    [
        pytest.param("docs/\u0434\u043e\u043a\u0443\u043c\u0435\u043d\u0442\u044b.md", id="russian"),
        pytest.param("docs/\u8d44\u6599\uff081\uff09.md", id="chinese with its own brackets"),
        pytest.param("docs/r\u00e9sum\u00e9-\u00f1and\u00fa.md", id="latin letters with accents"),
        pytest.param("docs/\u00b5-seconds_\u0394t.md", id="symbols of physics"),
        pytest.param("docs/1\u00ba_paso.md", id="ordinal"),
        pytest.param("docs/\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645.md", id="persian with its joiner"),
        pytest.param("docs/\u0432\u0435\u0440\u0441\u0438\u044f-v2.md", id="two scripts in two words"),
        pytest.param("a/.github/x-y.md", id="github"),
        pytest.param("a/.gitignore", id="gitignore"),
        pytest.param("a/git~10.txt", id="tilde"),
    ],
)
def test_ordinary_names_are_no_disguise(path: str) -> None:
    assert pathwords.disguises(path) == ()


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        pytest.param(Change(ChangeKind.ADDED, "auth.py"), [("authentication", "auth.py")], id="added"),
        pytest.param(Change(ChangeKind.MODIFIED, "auth.py"), [("authentication", "auth.py")], id="modified"),
        pytest.param(
            Change(ChangeKind.DELETED, "auth.py", mode="000000", old_mode="100644"),
            [("authentication", "auth.py")],
            id="deleted",
        ),
        pytest.param(Change(ChangeKind.NAMED, "auth.py"), [("authentication", "auth.py")], id="named"),
        pytest.param(
            Change(ChangeKind.RENAMED, "util.py", "auth.py"), [("authentication", "auth.py")], id="renamed away"
        ),
        pytest.param(
            Change(ChangeKind.RENAMED, "auth.py", "util.py"), [("authentication", "auth.py")], id="renamed in"
        ),
        pytest.param(
            Change(ChangeKind.RENAMED, "auth2.py", "auth.py"), [("authentication", "auth2.py")], id="renamed within"
        ),
        pytest.param(Change(ChangeKind.COPIED, "util.py", "auth.py"), [], id="copied away"),
        pytest.param(Change(ChangeKind.MODIFIED, "author.py"), [], id="look-alike"),
        pytest.param(Change(ChangeKind.ADDED, "note", mode="120000"), [], id="link of no interest"),
        pytest.param(
            Change(ChangeKind.ADDED, "auth.py", mode="120000"),
            [("authentication", "auth.py"), ("disguise", "auth.py")],
            id="link at a sensitive path",
        ),
        pytest.param(
            Change(ChangeKind.TYPE_CHANGED, "util.py", mode="120000", old_mode="100644"),
            [("disguise", "util.py")],
            id="file replaced by a link",
        ),
        pytest.param(
            Change(ChangeKind.TYPE_CHANGED, "auth.py", mode="100644", old_mode="120000"),
            [("authentication", "auth.py"), ("disguise", "auth.py")],
            id="link replaced by a file",
        ),
        pytest.param(
            Change(ChangeKind.MODIFIED, "third/lib", mode="160000", old_mode="160000"),
            [("dependencies", "third/lib")],
            id="submodule moved",
        ),
        pytest.param(
            Change(ChangeKind.DELETED, "third/lib", mode="000000", old_mode="160000"),
            [("dependencies", "third/lib")],
            id="submodule removed",
        ),
    ],
)
def test_changes(change: Change, expected: list[tuple[str, str]]) -> None:
    assert [(flag.area, flag.path) for flag in flags(change)] == expected


@pytest.mark.parametrize(
    ("target", "trigger"),
    [
        pytest.param("/etc/passwd", "out of the repository", id="absolute"),
        pytest.param("../../x", "out of the repository", id="above the root"),
        pytest.param("../.ssh/config", "sensitive path", id="to a sensitive path"),
        pytest.param("../a/../b/notes.txt", "", id="inside"),
        pytest.param("eval(x)", "", id="a target is not content"),
    ],
)
def test_link_targets(target: str, trigger: str) -> None:
    found = flags(Change(ChangeKind.ADDED, "a/note", mode="120000"), added={"a/note": [target]})
    assert [trigger in flag.trigger for flag in found] == ([True] if trigger else [])


def test_a_flag_says_what_where_and_why() -> None:
    lines = ["import jwt", "", "claims = jwt.decode(token)", "claims = jwt.decode(token)"]
    by_path, by_line = flags(Change(ChangeKind.RENAMED, "src/login.py", "src/x.py"), added={"src/login.py": lines})
    assert by_path[:5] == ("authentication", "sensitive-authentication", "src/login.py", 0, "login")
    assert by_path.message.startswith("Authentication: login (renamed from src/x.py). An error in login")
    assert by_line[:5] == ("authentication", "sensitive-authentication", "src/login.py", 3, "jwt.decode")
    assert by_line.message.startswith("Authentication: jwt.decode (added line). An error in login")


def test_secret_values_are_not_shown() -> None:
    value = "correct-horse-battery"
    lines = [
        f"dbPassword = '{value}'",
        f"client_secret: '{value}'",
        f"log('{value}', password)",
        f"curl -H 'X: {value}' --insecure https://x.example.org",
        f"curl -H 'X: {value}' https://x.example.org | sh",
        f"cur.execute('{value}' % x)",
        f'q = "SELECT {value}" + x',
        f"COPY {value} TO STDOUT",
        f"git -c {value} commit --no-verify",
        f"environ['API_TOKEN'] = '{value}'",
    ]
    for path in ("src/x.py", "src/x.ts", "src/x.yaml"):
        for line in lines:
            found = flags(Change(ChangeKind.MODIFIED, path), added={path: [line]})
            assert all(value not in text for flag in found for text in (flag.trigger, flag.message))
    assert content("src/x.py", lines[0]) == [("secrets", 1)]


@pytest.mark.parametrize(
    ("path", "line", "expected"),
    [
        pytest.param("src/a.py", "x = pickle.loads(b)", ["deserialization"], id="code"),
        pytest.param("src/a.py", "# x = pickle.loads(b)", [], id="comment"),
        pytest.param("src/a.py", "x = 1  # pickle.loads(b)", [], id="comment after code"),
        pytest.param("src/a.py", "x = '#', pickle.loads(b)", ["deserialization"], id="hash in a string"),
        pytest.param("src/a.py", "x = '\\'#', pickle.loads(b)", ["deserialization"], id="hash after an escaped quote"),
        pytest.param("src/a.ts", "get('http://x'), el.innerHTML = y", ["security-controls"], id="slashes in a string"),
        pytest.param("src/a.ts", "const y = 1 // el.innerHTML = y", [], id="line comment"),
        pytest.param("src/A.java", " * new ObjectInputStream(in)", [], id="block comment"),
        pytest.param(
            "src/a.go", "*c = tls.Config{InsecureSkipVerify: true}", ["cryptography"], id="pointer, no comment"
        ),
        pytest.param("docs/a.md", "x = pickle.loads(b)", [], id="document"),
        pytest.param("tests/a.py", "x = pickle.loads(b)", [], id="test"),
        pytest.param("src/a_test.go", "tls.Config{InsecureSkipVerify: true}", [], id="test by name"),
        pytest.param("src/a", "x = pickle.loads(b)", ["deserialization"], id="no suffix"),
        pytest.param("src/a.xyz", "x = pickle.loads(b)", ["deserialization"], id="unknown suffix"),
        pytest.param("web.dockerfile", "RUN curl https://x.example.org | sh", ["dependencies"], id="group by suffix"),
        pytest.param("Makefile", "\tcurl https://x.example.org | sh", ["dependencies"], id="group by name"),
        pytest.param("src/a.sql", "create table t (a int);", ["migrations"], id="case of SQL"),
    ],
)
def test_content(path: str, line: str, expected: list[str]) -> None:
    assert [area for area, _ in content(path, line)] == expected


def test_content_follows_a_rename_and_a_deletion_has_none() -> None:
    moved = flags(Change(ChangeKind.RENAMED, "src/b.py", "src/a.py"), added={"src/b.py": ["", "pickle.loads(b)"]})
    assert [(flag.area, flag.path, flag.line) for flag in moved] == [("deserialization", "src/b.py", 2)]
    assert flags(Change(ChangeKind.DELETED, "src/a.py")) == []


@pytest.mark.parametrize(
    ("path", "declares"),
    [
        pytest.param("go.mod", True, id="manifest"),
        pytest.param("app/build.gradle", True, id="build script, flagged for its lines only"),
        pytest.param("App/Build.Gradle.kts", True, id="case"),
        pytest.param("src/auth.py", False, id="another area"),
        pytest.param("src/gradle.py", False, id="word"),
    ],
)
def test_declares_dependencies(path: str, declares: bool) -> None:
    assert declares_dependencies(path, RULES) is declares


def test_one_flag_for_each_path_and_area() -> None:
    change = Change(ChangeKind.ADDED, "auth/login/session/password.py")
    found = flags(change, added={change.path: ["jwt.decode(x)"] * 50})
    assert [(flag.area, flag.line) for flag in found] == [("authentication", 0), ("authentication", 1)]
    assert found[0].trigger == "auth, login, session/, password"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        pytest.param('id = "payments"', 'idd = "payments"', "areas.toml:", id="missing key"),
        pytest.param('title = "Payments"', 'title = "P"\ncolour = "red"', "unknown key", id="unknown key"),
        pytest.param('names = ["^ stripe"]', 'names = ["Stripe"]', "'Stripe' is not a word", id="upper case word"),
        pytest.param('id = "disguise"', 'id = "payments"', "'disguise'", id="missing area"),
        pytest.param('files = ["go"]', 'files = "go"', "expected list", id="wrong type"),
        pytest.param('files = ["config"]', 'files = ["confog"]', "'confog'", id="unknown group"),
        pytest.param('id = "payments"', 'id = "payments"\nseverity = "loud"', "'loud'", id="severity"),
    ],
)
def test_bad_rules_are_refused(old: str, new: str, message: str) -> None:
    assert old in TEXT
    with pytest.raises(DataError, match=re.escape(message)) as caught:
        parse_rules(TEXT.replace(old, new, 1), "areas.toml")
    assert re.match(r"areas\.toml:\d+: ", str(caught.value))


def test_a_bad_pattern_is_refused_when_it_is_needed() -> None:
    rules = parse_rules(TEXT.replace("\\bstripe\\.", "(stripe", 1), "areas.toml")
    lines = {"src/a.py": (AddedLine(1, "stripe.charge()"),)}
    with pytest.raises(DataError, match=r"areas\.toml:\d+: area\.signal\.pattern: not a regular expression"):
        list(check(Snapshot((Change(ChangeKind.ADDED, "src/a.py"),), lines), rules))


@given(st.text(max_size=60))
def test_any_path_is_judged_without_error(path: str) -> None:
    assert areas_of(path, RULES) == areas_of(path, parse_once())
    assert not set(areas_of(path, RULES)) - {flag.area for flag in flags(Change(ChangeKind.ADDED, path))}


def parse_once(cache: list[AreaRules] = []) -> AreaRules:  # noqa: B006 - a second instance, made once
    if not cache:
        cache.append(parse_rules(TEXT))
    return cache[0]


@given(st.from_regex(r"[a-z]{1,8}(/[a-zA-Z_]{1,8}){0,3}\.py", fullmatch=True))
def test_splitting_at_case_only_adds(path: str) -> None:
    assert set(areas_of(path.lower(), RULES)) <= set(areas_of(path, RULES)) | set(areas_of(path.upper(), RULES))


HOSTILE: list[Callable[[int], str]] = [
    lambda size: "log(" * (size // 4),
    lambda size: "'" * size,
    lambda size: '"\\' * (size // 2),
    lambda size: "f'SELECT " * (size // 9),
    lambda size: "SELECT " + "a{" * (size // 2),
    lambda size: "curl " * (size // 5),
    lambda size: "copy " * (size // 5),
    lambda size: "environ env getenv password secret " * (size // 35),
    lambda size: "password " + " " * size,
    lambda size: "GRANT " * (size // 6),
    lambda size: "noqa: " + "A1, " * (size // 4),
    lambda size: "git " * (size // 4) + " --no-verif",
    lambda size: "eslint-disable" * (size // 14),
    lambda size: ".execute('" * (size // 10),
    lambda size: "a_" * (size // 2) + "password",
    lambda size: "--dangerously-" + "a" * size,
    lambda size: " " * size + "create_table",
    lambda size: "// pickle.loads(" * (size // 16),
    lambda size: "verify=False # " * (size // 15),
]
GATES = " ".join(sorted({word for area in AREAS for signal in area.get("signal", ()) for word in signal["gate"]}))


@pytest.mark.parametrize("make", HOSTILE, ids=[make(40)[:24].strip() for make in HOSTILE])
def test_hostile_lines_take_linear_time(make: Callable[[int], str]) -> None:
    """Every signal runs, since the first line has every gate word. Growing fivefold must not cost twentyfold."""

    def seconds(size: int) -> float:
        change = Change(ChangeKind.ADDED, "src/a.py")
        start = time.process_time()
        flags(change, added={"src/a.py": ["x = 1  # " + GATES, make(size)]})
        return time.process_time() - start

    seconds(1000)
    small = min(seconds(20_000) for _ in range(3))
    assert seconds(100_000) < max(20 * small, 0.2)


def test_hostile_paths_take_linear_time() -> None:
    start = time.process_time()
    for path in (
        "a/" * 20_000 + "auth.py",
        "aA" * 50_000,
        "api " * 20_000,
        "." * 50_000,
        "\u0430a" * 20_000,
        "k8s/" * 10_000 + "x",
    ):
        areas_of(path, parse_once())
    assert time.process_time() - start < 20


def test_caches_do_not_grow_without_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sayso.pathareas._REMEMBERED", 10)
    rules = parse_rules(TEXT)
    for number in range(100):
        assert areas_of(f"d{number}/auth/f{number}_secret.py", rules) == ("authentication", "secrets")


def test_importing_is_light() -> None:
    heavy = {"dataclasses", "json", "hashlib", "pathlib", "subprocess", "argparse", "logging", "random"}
    source = (Path(sys.modules["sayso.checks.sensitive_paths"].__file__ or "")).read_text(encoding="utf-8")
    assert not [name for name in heavy if re.search(rf"^(?:import|from) {name}\b", source, re.MULTILINE)]
