"""Sources and their tests, told by names alone."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso import tables, testmap
from sayso.model import DataError
from sayso.settings import TestMap as Map
from sayso.testmap import Untested, fits, is_e2e, is_test, untested
from specimens import ROOT

RULES = testmap.read_rules(tables.parse((ROOT / "rules" / testmap.FILE).read_text(), testmap.FILE))


@pytest.mark.parametrize(
    ("source", "test"),
    [
        ("src/a/b.py", "tests/a/test_b.py"),
        ("src/a/b.py", "tests/test_b.py"),
        ("src/a/b.py", "tests/test_b_limits.py"),
        ("src/a/b.py", "src/a/b_test.py"),
        ("b.py", "test_b.py"),
        ("shop/views.py", "shop/tests.py"),
        ("src/_private.py", "tests/test_private.py"),
        ("src/pay/__init__.py", "tests/test_pay.py"),
        ("src/b.ts", "src/b.test.ts"),
        ("src/Login.tsx", "src/__tests__/Login.tsx"),
        ("src/Login.tsx", "src/Login.spec.tsx"),
        ("src/login/index.ts", "src/login/login.test.ts"),
        ("src/user.service.ts", "src/user.service.spec.ts"),
        ("lib/b.js", "test/b.js"),
        ("web/Login.vue", "cypress/Login.cy.ts"),
        ("pkg/b.go", "pkg/b_test.go"),
        ("pkg/b.go", "pkg/other_test.go"),
        ("src/main/java/org/example/Foo.java", "src/test/java/org/example/FooTest.java"),
        ("src/main/java/org/example/Foo.java", "src/test/java/org/example/FooParsingTest.java"),
        ("src/main/kotlin/Foo.kt", "src/test/kotlin/FooTest.kt"),
        ("src/Shop/Cart.cs", "test/Shop.Tests/CartTests.cs"),
        ("app/models/user.rb", "spec/models/user_spec.rb"),
        ("lib/user.rb", "test/user_test.rb"),
        ("src/User.php", "tests/Unit/UserTest.php"),
        ("src/parse.rs", "tests/parsing.rs"),
        ("bin/deploy.sh", "test/deploy.bats"),
        ("src/parse.c", "tests/test_parse.c"),
        ("src/parse.cpp", "src/parse_test.cc"),
        ("lib/user.dart", "test/user_test.dart"),
        ("Sources/User.swift", "Tests/UserTests.swift"),
        ("lib/user.ex", "test/user_test.exs"),
    ],
)
def test_a_source_and_its_test(source: str, test: str) -> None:
    assert any(fits(test, glob) for glob in testmap.tests_for(source, (), RULES))
    assert (is_test(source, RULES), is_test(test, RULES)) == (False, True)
    assert untested([source, test], (), RULES) == ()
    assert [item.path for item in untested([source], (), RULES)] == [source]


@pytest.mark.parametrize(
    ("source", "other"),
    [
        ("src/a/b.py", "tests/test_c.py"),
        ("src/a/b.py", "tests/test_bb.py"),
        ("src/a/b.py", "src/a/test_b.txt"),
        ("src/a/b.py", "docs/b.md"),
        ("src/b.ts", "src/c.test.ts"),
        ("pkg/b.go", "pkg/sub/b_test.go"),
        ("src/main/java/Foo.java", "src/test/java/BarTest.java"),
        ("app/user.rb", "spec/account_spec.rb"),
        ("src/*.py", "tests/test_b.py"),
        ("src/[id].tsx", "src/i.test.tsx"),
    ],
)
def test_a_source_and_what_does_not_test_it(source: str, other: str) -> None:
    assert source in [item.path for item in untested([source, other], (), RULES)]


@pytest.mark.parametrize(
    "path",
    [
        *("README.md", "Makefile", "data.json", "tests/test_b.py", "tests/helpers.py", "src/b.test.ts", "conftest.py"),
        *("types/b.d.ts", "api/b_pb2.py", "setup.py", "shop/migrations/0001_initial.py", "vendor/x/y.go", "a.pyi"),
        *("x" * 5000 + ".py",),
    ],
)
def test_no_test_is_asked_for(path: str) -> None:
    assert testmap.tests_for(path, (), RULES) == ()
    assert untested([path], (), RULES) == ()


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("tests/e2e/test_login.py", True),
        ("e2e/login.spec.ts", True),
        ("cypress/login.cy.ts", True),
        ("src/login.e2e.ts", True),
        ("tests/integration/test_login.py", True),
        ("tests/test_end_to_end.py", True),
        ("src/test/java/LoginIT.java", True),
        ("tests/functional/LoginTest.php", True),
        ("src/integration/client.py", False),
        ("tests/test_login.py", False),
        ("tests/test_disintegration.py", False),
    ],
)
def test_tests_of_the_whole(path: str, *, expected: bool) -> None:
    assert is_e2e(path, RULES) is expected


def test_the_policys_own_table_comes_first() -> None:
    maps = (Map("core/**", ("checks/{dir}/{name}.check",)), Map("*.sql", ("sql/test_{name}.sql",)))
    assert testmap.tests_for("core/a/b.py", maps, RULES) == ("checks/core/a/b.check",)
    assert untested(["core/a/b.py", "tests/test_b.py"], maps, RULES) == (
        Untested("core/a/b.py", ("checks/core/a/b.check",)),
    )
    assert untested(["core/a/b.py", "checks/core/a/b.check"], maps, RULES) == ()
    assert testmap.tests_for("q.sql", maps, RULES) == ("sql/test_q.sql",)
    assert testmap.tests_for("db/q.sql", maps, RULES) == ()
    assert testmap.tests_for("other/b.py", maps, RULES) == testmap.tests_for("other/b.py", (), RULES)


def test_a_file_is_no_test_of_itself() -> None:
    maps = (Map("**", ("**/*.py",)),)
    assert [item.path for item in untested(["a.py"], maps, RULES)] == ["a.py"]
    assert untested(["a.py", "b.py"], maps, RULES) == ()


def test_a_source_may_hold_its_own_tests() -> None:
    text = "pub fn f() {}\n#[cfg(test)]\nmod tests {}\n"
    assert untested(["src/f.rs"], (), RULES, {"src/f.rs": text}) == ()
    assert untested(["src/f.rs"], (), RULES, {"src/f.rs": "pub fn f() {}"}) != ()
    assert untested(["src/f.py"], (), RULES, {"src/f.py": text}) != ()


@pytest.mark.parametrize(
    ("glob", "yes", "no"),
    [
        ("*.py", ("a.py", ".py"), ("a/b.py", "a.pyc", "a")),
        ("**/*.py", ("a.py", "a/b.py", "a/b/c.py"), ("a.pyc",)),
        ("a/**/b", ("a/b", "a/x/b", "a/x/y/b"), ("b", "a", "x/a/b", "a/b/c")),
        ("a/**", ("a/b", "a/b/c"), ("a", "b/a")),
        ("a/", ("a/b", "a/b/c"), ("a", "b/a")),
        ("/a", ("a",), ("b/a",)),
        ("./a", ("a",), ("b/a",)),
        ("a?c", ("abc",), ("ac", "a/c", "abbc")),
        ("**/a/**/b/*.c", ("a/b/x.c", "x/a/y/b/z.c", "a/b/a/b/x.c"), ("a/x.c", "b/a/x.c")),
        ("*a*b*", ("ab", "xaxbx", "aab"), ("ba", "a")),
        ("**", ("a", "a/b"), ()),
        ("a.b+c(d)[e]", ("a.b+c(d)[e]",), ("aXb+c(d)[e]", "a.b+c(d)e")),
    ],
)
def test_globs(glob: str, yes: tuple[str, ...], no: tuple[str, ...]) -> None:
    assert [path for path in yes if not fits(path, glob)] == []
    assert [path for path in no if fits(path, glob)] == []


parts = st.text("ab*?/", max_size=12)


@given(parts, parts)
def test_any_glob_is_answered(path: str, glob: str) -> None:
    assert fits(path, glob) in {True, False}


@given(st.lists(st.sampled_from(["a.py", "b.py", "test_a.py", "tests/test_b.py", "x/b_test.py", "c.go", "c_test.go"])))
def test_the_index_finds_what_a_search_finds(changed: list[str]) -> None:
    plain = tuple(
        item
        for item in (Untested(path, testmap.tests_for(path, (), RULES)) for path in changed)
        if item.globs and not any(fits(other, glob) for other in changed if other != item.path for glob in item.globs)
    )
    assert untested(changed, (), RULES) == plain


def test_hostile_globs_and_thousands_of_files_take_little_time() -> None:
    before = time.process_time()
    assert not fits("a" * 4000, "*a" * 200 + "b")
    assert not fits("a/" * 2000 + "a", "**/a/" * 100 + "b")
    changed = [f"src/p{n}/mod{n}.py" for n in range(2000)] + [f"tests/p{n}/test_mod{n}.py" for n in range(0, 2000, 2)]
    assert len(untested(changed, (), RULES)) == 1000
    changed = [f"src/m{n}.{suffix}" for n in range(400) for suffix in ("rs", "go", "ts", "java", "rb")]
    assert len(untested(changed, (), RULES)) == 2000
    assert time.process_time() - before < 20


def test_an_unknown_key_is_an_error() -> None:
    text = (ROOT / "rules" / testmap.FILE).read_text()
    with pytest.raises(DataError, match="unknown key"):
        testmap.read_rules(tables.parse(f'{text}\n[[convention]]\nlanguage="x"\nsuffixes=[]\ntests=[]\nmore=1\n', "t"))
