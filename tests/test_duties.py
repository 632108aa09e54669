"""What a change owes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso import duties, quiet
from sayso.adapters.resources import read_table
from sayso.model import SUBMODULE_MODE, SYMLINK_MODE, AddedLine, Change, ChangeKind, DataError, Snapshot
from sayso.policy import DEFAULT, Policy, parse
from sayso.settings import FILE_KINDS, KINDS, Duty, Relaxation
from sayso.tables import parse as parse_table

BUILT_IN = duties.read_rules(read_table(duties.FILE))
SCANS = ["code-scan", "secret-scan"]
AUTH, AUTHZ = "sensitive-authentication", "sensitive-authorization"


def owed(
    *parts: str, ai: bool = False, policy: Policy = DEFAULT, changes: list[Change] | None = None, quiet: str = ""
) -> dict[str, duties.Owed]:
    """What is owed for parts "RULE PATH", "- PATH" or "ai"."""
    signals, paths = [], []
    for part in parts:
        rule, _, path = part.rpartition(" ")
        if part == "ai":
            ai = True
        else:
            paths.append(path)
            signals += [] if rule.strip("- ") == "" else [(rule, path, 1)]
    if changes is None:
        changes = [Change(ChangeKind.MODIFIED, path) for path in dict.fromkeys(paths)]
    found = duties.owed(signals, changes, ai, BUILT_IN, policy, frozenset(filter(None, [quiet])))
    return {item.kind: item for item in found}


@pytest.mark.parametrize(
    ("duty", "example", "flagged"),
    [
        pytest.param(rule.id, text, which, id=f"{rule.id}: {text}")
        for rule in BUILT_IN.examples
        for which, texts in ((True, rule.flag), (False, rule.passes))
        for text in texts
    ],
)
def test_examples(duty: str, example: str, *, flagged: bool) -> None:
    found = owed(*example.split(" + "))
    assert any(duty in item.duties for item in found.values()) == flagged


@pytest.mark.parametrize(
    ("parts", "kinds"),
    [
        pytest.param(["- README.md"], SCANS, id="text"),
        pytest.param(["- web/site.css", "- logo.png"], SCANS, id="style"),
        pytest.param(["ai", "- README.md"], SCANS, id="text-by-a-tool"),
        pytest.param(["- src/a.py"], SCANS, id="plain-code"),
        pytest.param(["ai", "- src/a.py"], SCANS, id="plain-code-by-a-tool"),
        pytest.param([f"{AUTH} docs/auth/README.md"], SCANS, id="document-of-an-area"),
        pytest.param(["ai", f"{AUTH} docs/auth/README.md"], SCANS, id="document-of-an-area-by-a-tool"),
        pytest.param([f"{AUTH} src/auth/login.py"], [*SCANS, "tests:unit", "tests:e2e"], id="login"),
        pytest.param(
            ["ai", f"{AUTH} src/auth/login.py"], [*SCANS, "tests:unit", "tests:e2e", "human-review"], id="by-a-tool"
        ),
        pytest.param(["sensitive-deserialization src/load.py"], [*SCANS, "tests:unit"], id="parsing"),
        pytest.param(["sensitive-dependencies go.mod"], [*SCANS, "dependency-scan"], id="manifest"),
        pytest.param(["ai", "sensitive-agent-instructions AGENTS.md"], [*SCANS, "human-review"], id="instructions"),
        pytest.param(["sensitive-ci-cd .github/workflows/ci.yml"], SCANS, id="workflow"),
        pytest.param(["sensitive-migrations db/migrate/1.sql"], SCANS, id="migration"),
        pytest.param(
            ["ai", "sensitive-migrations db/migrate/1.sql"], [*SCANS, "human-review"], id="migration-by-a-tool"
        ),
        pytest.param([f"{AUTH} src/auth/login.py", "- README.md"], [*SCANS, "tests:unit", "tests:e2e"], id="mixed"),
        pytest.param([f"{AUTH} src/auth/x.unheard-of"], [*SCANS, "tests:unit", "tests:e2e"], id="unknown-is-code"),
        pytest.param([f"{AUTH} src/auth/l\u043egin.md"], [*SCANS, "tests:unit", "tests:e2e"], id="disguised-is-code"),
    ],
)
def test_by_type_of_change(parts: list[str], kinds: list[str]) -> None:
    assert list(owed(*parts)) == kinds


def test_cases_are_those_of_the_kind() -> None:
    found = owed(f"{AUTHZ} src/roles.py", f"{AUTH} src/login.py")
    assert found["tests:unit"].cases == ("allow", "deny")
    assert found["tests:e2e"].cases == ("deny", "login", "logout", "expiry")
    assert found["code-scan"].cases == ()


def test_what_several_duties_ask_for_is_owed_once_with_all_reasons() -> None:
    unit = owed(f"{AUTHZ} src/roles.py", f"{AUTH} src/login.py", "- src/b.py")["tests:unit"]
    assert unit.duties == ("authorization-tests", "authentication-tests")
    assert unit.because == (AUTHZ, AUTH)
    assert unit.paths == ("src/login.py", "src/roles.py")


@pytest.mark.parametrize(
    ("change", "tests"),
    [
        pytest.param(Change(ChangeKind.DELETED, "docs/auth/a.md"), False, id="document-deleted"),
        pytest.param(Change(ChangeKind.DELETED, "src/auth/a.py"), True, id="code-deleted"),
        pytest.param(Change(ChangeKind.RENAMED, "docs/auth/a.md", "src/auth/a.py"), True, id="code-becomes-document"),
        pytest.param(Change(ChangeKind.RENAMED, "src/auth/a.py", "docs/auth/a.md"), True, id="document-becomes-code"),
        pytest.param(Change(ChangeKind.RENAMED, "tests/auth/a.py", "src/auth/a.py"), True, id="code-becomes-test"),
        pytest.param(Change(ChangeKind.RENAMED, "docs/auth/b.md", "docs/auth/a.md"), False, id="document-moves"),
        pytest.param(Change(ChangeKind.ADDED, "docs/auth/a.md", mode=SYMLINK_MODE), True, id="link"),
        pytest.param(Change(ChangeKind.MODIFIED, "docs/auth.md", mode=SUBMODULE_MODE), True, id="submodule"),
        pytest.param(Change(ChangeKind.ADDED, "docs/auth/a.txt", mode="100755"), True, id="document-to-be-executed"),
        pytest.param(Change(ChangeKind.MODIFIED, "tests/auth/a.py", mode="100755"), False, id="test-to-be-executed"),
        pytest.param(Change(ChangeKind.TYPE_CHANGED, "docs/auth/a.md", old_mode=SYMLINK_MODE), True, id="was-a-link"),
    ],
)
def test_names_and_modes(change: Change, *, tests: bool) -> None:
    assert ("tests:e2e" in owed(f"{AUTH} {change.path}", changes=[change])) == tests


def test_a_signal_of_the_message_counts_where_no_file_is_asked_for() -> None:
    policy = parse("[[duty]]\nid = 'note-it'\nwhen = ['claim-*']\nevidence = ['threat-note']\n")
    found = duties.owed([("claim-general", "", 1)], [Change(ChangeKind.ADDED, "a.py")], False, BUILT_IN, policy)
    assert found[-1] == duties.Owed("threat-note", ("note-it",), ("claim-general",))


def test_duties_of_the_policy_come_on_top() -> None:
    text = "[[duty]]\nid = 'two-of-us'\npaths = ['money/**']\nexcept = ['**/*.md']\n"
    text += "evidence = ['second-review', 'types']\n"
    found = owed("- money/rates.py", "- money/README.md", policy=parse(text))
    assert list(found) == [*SCANS, "types", "second-review"]
    assert found["types"] == duties.Owed("types", ("two-of-us",), ("money/rates.py",), ("money/rates.py",))
    assert list(owed("- money/README.md", policy=parse(text))) == SCANS


def test_all_signals_must_be_there() -> None:
    policy = DEFAULT._replace(duties=(Duty("both-of-them", (AUTH, AUTHZ), (), ("lint",)),))
    assert "lint" not in owed(f"{AUTH} a.py", policy=policy)
    assert owed(f"{AUTH} a.py", f"{AUTHZ} b.py", policy=policy)["lint"].paths == ("a.py", "b.py")


def test_a_relaxed_duty_is_not_owed_and_others_are() -> None:
    policy = DEFAULT._replace(relaxed=(Relaxation("authentication-tests", "a trial", "Dev Eloper", "2026-12-31"),))
    found = owed(f"{AUTHZ} src/auth/roles.py", f"{AUTH} src/auth/login.py", policy=policy)
    assert found["tests:e2e"].duties == ("authorization-tests",)


def test_no_file_is_forgotten_among_many() -> None:
    many = [f"{AUTH} src/auth/step_{number}.py" for number in range(1500)]
    assert len(owed("ai", *many)["human-review"].paths) == len(many)


def test_nothing_is_owed_for_nothing() -> None:
    assert duties.owed([("sensitive-gate", "x", 0)], [], True, BUILT_IN, DEFAULT) == ()


def test_comments_owe_no_tests_but_a_review() -> None:
    found = owed("ai", f"{AUTH} src/auth/login.py", quiet="src/auth/login.py")
    assert list(found) == [*SCANS, "human-review"]


@pytest.mark.parametrize(
    ("path", "old", "new", "is_quiet"),
    [
        pytest.param("a.py", "x = 1\n", "x = 1  # why\n", True, id="comment-added"),
        pytest.param("a.py", "# a\nx = 1\n", "\n# b\n\nx = 1\n", True, id="comment-changed"),
        pytest.param("a.py", "if x:\n    y()\n", "if x:\n    pass\ny()\n", False, id="code"),
        pytest.param("a.py", "if x:\n    a()\n    y()\n", "if x:\n    a()\ny()\n", False, id="indentation"),
        pytest.param("a.py", "x = '# a'\n", "x = '# b'\n", False, id="string"),
        pytest.param("a.py", "x = '''\n# a\n'''\n", "x = '''\n# b\n'''\n", False, id="long-string"),
        pytest.param("a.py", "def f():\n    '''A.'''\n", "def f():\n    '''B.'''\n", True, id="docstring"),
        pytest.param("a.py", "x = eval(y)\n", "x = eval(y)  # nosec\n", False, id="suppression"),
        pytest.param("a.py", "x = 1  # type: ignore\n", "x = 1\n", False, id="suppression-removed"),
        pytest.param("a.py", "# a\n", "# -*- coding: utf-7 -*-\n", False, id="encoding"),
        pytest.param("a.py", "x = 1\n", "x = 1\r# y\n", False, id="lone-carriage-return"),
        pytest.param("a.py", "# coding: utf-7\n# a\n", "# coding: utf-7\n# +AAo-b()\n", False, id="other-encoding"),
        pytest.param("a.py", "# coding: utf-8\n# a\n", "# coding: utf-8\n# b\n", True, id="same-encoding"),
        pytest.param("a.go", "package a\n", "//go:build evil\npackage a\n", False, id="build-tag"),
        pytest.param("a.go", "x := 1\n", "x := 1 // why\n", True, id="go"),
        pytest.param("a.js", "x = 1\n", "x = 1 // why\n", False, id="language-with-regular-expressions"),
        pytest.param("a.rs", 'x = "\n//a\n";\n', 'x = "\n//b\n";\n', False, id="language-with-strings-over-lines"),
        pytest.param("a.c", "// a\ncheck();\n", "// a \\\ncheck();\n", False, id="comment-goes-on-in-the-next-line"),
        pytest.param("a.c", "// a\ncheck();\n", "// a \\ \ncheck();\n", False, id="and-with-a-space-behind"),
        pytest.param("a.c", "// a\ncheck();\n", "// a ??/\ncheck();\n", False, id="and-as-a-trigraph"),
        pytest.param("a.c", 'x = "a\\\n//b";\n', 'x = "a\\\n//c";\n', False, id="string-goes-on-in-the-next-line"),
        pytest.param("a.py", 'x = "a\\\n# b"\n', 'x = "a\\\n# c"\n', False, id="string-of-python-goes-on"),
        pytest.param("a.h", 'x = R"(\n// a\n)";\n', 'x = R"(\n// b\n)";\n', False, id="raw-string"),
        pytest.param("a.c", "#define X \\\n  1\n// a\n", "#define X \\\n  1\n// b\n", True, id="macro-over-lines"),
        pytest.param("a.py", 'f"{x["#a"]}"\n', 'f"{x["#b"]}"\n', False, id="string-in-a-string"),
        pytest.param("a.py", "# /// x\n# a\n# ///\n", "# /// x\n# b\n# ///\n", False, id="what-a-script-needs"),
        pytest.param("a.go", '/*\nint a;\n*/\nimport "C"\n', '/*\nint b;\n*/\nimport "C"\n', False, id="c-in-go"),
        pytest.param("a.go", "// a\n", "//export F\n", False, id="export-to-c"),
        pytest.param("a.go", "// a\n", "// +kubebuilder:rbac:groups=*\n", False, id="marker"),
        pytest.param("a.go", "// Output:\n// a\n", "// Output:\n// b\n", False, id="output-of-an-example"),
        pytest.param("a.unknown", "x\n", "x\n", False, id="unknown-language"),
    ],
)
def test_quiet(path: str, old: str, new: str, *, is_quiet: bool) -> None:
    change = Change(ChangeKind.MODIFIED, path, old_mode="100644", blob="b", old_blob="a")
    snapshot = Snapshot((change,), {path: (AddedLine(1, ""),)}, {path: new}, {path: old})
    assert (path in quiet.paths(snapshot)) == is_quiet


DOCUMENTED = '''"""Check who comes in.

They have a key.
"""
# Said once.
import hmac


class Door:
    "A door."

    async def opens(self, key: str) -> bool:  # type: ignore
        r"""Say whether \\d fits."""
        # nosec
        return hmac.compare_digest(key, "text")  # as it must

    def shut(self) -> None: "Shut it."
'''


@pytest.mark.parametrize(
    ("old", "new", "is_quiet"),
    [
        pytest.param("They have a key.\n", "They have two keys,\nor three.\n", True, id="module"),
        pytest.param('"""Check who comes in.\n\nThey have a key.\n"""\n', "", True, id="removed"),
        pytest.param('"A door."', '"A gate."  # with two wings', True, id="class"),
        pytest.param('    "A door."\n\n', "", True, id="removed-from-a-class"),
        pytest.param("\\d fits", "\\d+ fits: # not a comment", True, id="method"),
        pytest.param('"Shut it."', '"""Shut it,\n\n    please."""', False, id="behind-a-colon"),
        pytest.param("# Said once.", "# Said\n# twice.", True, id="comment"),
        pytest.param("They have a key.\n", "They have a key.\r\n", True, id="line-end"),
        pytest.param("  # type: ignore", "", False, id="type-comment"),
        pytest.param("        # nosec\n", "", False, id="suppression"),
        pytest.param("bool:  # type: ignore\n", "bool:\n        # type: ignore\n", False, id="type-comment-moved"),
        pytest.param("They have a key.", "# flake8: noqa", False, id="obeyed-line-of-a-docstring"),
        pytest.param('"Shut it."', "pass", False, id="nothing-but-code"),
        pytest.param(' "Shut it."\n', "\n", False, id="empty-body"),
        pytest.param('"Shut it."', 'f"{exit()}"', False, id="formatted"),
        pytest.param('"Shut it."', '"""Shut""" f"""{exit()}"""', False, id="formatted-in-part"),
        pytest.param('"Shut it."', 'b"Shut it."', False, id="bytes"),
        pytest.param('"Shut it."', '"Shut it." % exit()', False, id="expression"),
        pytest.param('"Shut it."', '"Shut it."; exit()', False, id="statement-behind"),
        pytest.param("They have a key.\n", 'They have """, exit(), """ a key.\n', False, id="closed-and-opened"),
        pytest.param('"text")', '"other")', False, id="value"),
        pytest.param("# Said once.", '"""Said\nonce."""', False, id="second-string"),
        pytest.param("# as it must", "# as it must\n    x = (", False, id="no-python"),
        pytest.param("They have a key.", "# coding: utf-7", False, id="encoding-where-none-is-read"),
        pytest.param('"""Check', '# coding: utf-7\n"""Check', False, id="encoding"),
        pytest.param("They have a key.", ">>> 1 + 1\n2", False, id="example"),
        pytest.param("They have a key.", "Usage: docopt", False, id="docopt"),
        pytest.param("They have a key.", "-" * 300_000, False, id="too-long-to-parse"),
    ],
)
def test_a_docstring_is_quiet_too(old: str, new: str, *, is_quiet: bool) -> None:
    assert DOCUMENTED.count(old) == 1
    texts = (DOCUMENTED, DOCUMENTED.replace(old, new))
    change = Change(ChangeKind.MODIFIED, "a.py", old_mode="100644", blob="b", old_blob="a")
    for before, after in (texts, texts[::-1]):
        assert bool(quiet.paths(Snapshot((change,), texts={"a.py": after}, before={"a.py": before}))) == is_quiet


@pytest.mark.parametrize(
    "line",
    [
        *(
            "print(__doc__)",
            "from docopt import docopt",
            "import ply.yacc as yacc",
            "from ply import lex",
            "import doctest",
        ),
        *("x = inspect.getdoc(f)", "def p_rule(p): ...", "from langchain_core.tools import tool", "import outlines"),
        *('m = importlib.import_module("dspy")', "@ai.prompt", "x = ast.get_docstring(y)", "@function_tool"),
    ],
)
def test_a_docstring_that_a_program_may_obey_is_code(line: str) -> None:
    change = Change(ChangeKind.MODIFIED, "a.py", old_mode="100644", blob="b", old_blob="a")
    before, after = (f'def f():\n    """{word}"""\n\n\n{line}\n' for word in ("One.", "Two."))
    assert not quiet.paths(Snapshot((change,), texts={"a.py": after}, before={"a.py": before}))
    harmless = [text.replace(line, "prompt = get_document('tokenize')") for text in (before, after)]
    assert quiet.paths(Snapshot((change,), texts={"a.py": harmless[0]}, before={"a.py": harmless[1]}))


@pytest.mark.parametrize("deep", ["-" * 100_000 + "1", "(" * 1000, "a" + ".b" * 80_000, "9" * 5000, "a\0", "if x"])
def test_what_python_cannot_read_is_code(deep: str) -> None:
    change = Change(ChangeKind.MODIFIED, "a.py", old_mode="100644", blob="b", old_blob="a")
    before, after = (f'"""{word}"""\nx = {deep}\n' for word in ("One.", "Two."))
    assert not quiet.paths(Snapshot((change,), texts={"a.py": after}, before={"a.py": before}))


@pytest.mark.parametrize(
    ("path", "text", "is_quiet"),
    [
        pytest.param("src/auth/__init__.py", "", True, id="empty"),
        pytest.param("src/auth/__init__.py", "# Copyright\n\n", True, id="comment-alone"),
        pytest.param("src/auth/__init__.py", '"""Words."""\n', False, id="docstring"),
        pytest.param("src/auth/__init__.py", "# -*- coding: utf-7 -*-\n", False, id="comment-that-is-obeyed"),
        pytest.param("src/auth/rules", "", False, id="unknown-language"),
    ],
)
def test_a_new_file_without_code_is_quiet(path: str, text: str, *, is_quiet: bool) -> None:
    added = Change(ChangeKind.ADDED, path, blob="b")
    assert (path in quiet.paths(Snapshot((added,), texts={path: text}))) == is_quiet
    program = added._replace(mode="100755")
    assert not quiet.paths(Snapshot((program,), texts={path: text}))


@pytest.mark.parametrize(
    "change",
    [
        Change(ChangeKind.ADDED, "a.py"),
        Change(ChangeKind.MODIFIED, "a.py", mode="100755", old_mode="100644"),
        Change(ChangeKind.RENAMED, "a.py", "a.pyw", old_mode="100644"),
        Change(ChangeKind.RENAMED, "a.py", "a.txt", old_mode="100644"),
    ],
    ids=["added", "mode", "kind", "was-text"],
)
def test_what_is_never_quiet(change: Change) -> None:
    assert not quiet.paths(Snapshot((change,), texts={"a.py": "x\n"}, before={"a.py": "x\n"}))


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("README", "text"),
        ("docs/a.MD", "text"),
        ("requirements-dev.txt", "code"),
        ("sub/CMakeLists.txt", "code"),
        ("a.css", "style"),
        ("a.svg", "code"),
        ("a.html", "code"),
        ("x/.env", "data"),
        (".env.local", "data"),
        ("a.yaml", "data"),
        ("tests/a.yaml", "test"),
        ("tests/README.md", "text"),
        ("src/LoginTest.java", "test"),
        ("src/login.spec.ts", "test"),
        ("src/contest.py", "code"),
        ("Makefile", "code"),
        ("a", "code"),
        ("-x.md", "code"),
    ],
)
def test_kinds(path: str, kind: str) -> None:
    assert BUILT_IN.kinds.of(path) == kind


def test_every_duty_has_reasons_and_a_change_that_owes_it() -> None:
    for duty, rule in zip(BUILT_IN.duties, BUILT_IN.examples, strict=True):
        assert duty.title, duty.id
        assert len(duty.why) > 20, duty.id
        assert rule.flag, duty.id
    assert len({duty.id for duty in BUILT_IN.duties}) == len(BUILT_IN.duties)


def test_a_wrong_file_names_the_line() -> None:
    with pytest.raises(DataError, match=r"d\.toml:1: files\.text: missing key 'suffixes'"):
        duties.read_rules(parse_table("[files.text]\n", "d.toml"))


_PATHS = st.sampled_from(["src/auth/a.py", "docs/a.md", "tests/t.py", "x.css", "a.yaml", ""])
_SIGNALS = st.lists(st.tuples(st.sampled_from([AUTH, AUTHZ, "sensitive-gate", "agent-x"]), _PATHS, st.integers(0, 9)))


@given(signals=_SIGNALS, ai=st.booleans(), seed=st.randoms())
def test_order_does_not_matter_and_more_signals_never_owe_less(signals: list, ai: bool, seed: object) -> None:  # type: ignore[type-arg]
    changes = [Change(ChangeKind.MODIFIED, path) for path in ("src/auth/a.py", "docs/a.md", "tests/t.py", "a.yaml")]
    found = duties.owed(signals, changes, ai, BUILT_IN, DEFAULT)
    shuffled = list(signals)
    seed.shuffle(shuffled)  # type: ignore[attr-defined]
    assert duties.owed(shuffled, list(reversed(changes)), ai, BUILT_IN, DEFAULT) == found
    fewer = {item.kind for item in duties.owed(signals[1:], changes, ai, BUILT_IN, DEFAULT)}
    assert fewer <= {item.kind for item in found} <= set(KINDS)


def test_kinds_of_files_are_those_that_a_policy_may_name() -> None:
    assert {BUILT_IN.kinds.of(path) for path in ("a.py", "tests/a.py", "a.json", "a.md", "a.css", "a.png")} == set(
        FILE_KINDS
    )


def test_every_duty_speaks_of_rules_that_there_are() -> None:
    from sayso.app import rulebook

    ids = {duty.id for duty in BUILT_IN.duties}
    known = rulebook.rules()
    assert {name for name in ids if known[name].hook != "commit-gate"} == set()
    rules = [*(known.keys() - ids), "ai"]
    for duty in BUILT_IN.duties:
        for pattern in duty.when:
            assert any(rule.startswith(pattern[:-1]) if pattern[-1] == "*" else rule == pattern for rule in rules), (
                pattern
            )
