from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.comments import comments_by_line, is_document, prose_of


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        pytest.param("a.py", "x = 1  # one\n", [(1, "one")], id="python-trailing"),
        pytest.param("a.py", "# one\n# two\n\n# three", [(1, "one\ntwo"), (4, "three")], id="python-blocks"),
        pytest.param("a.py", 's = "# no"\n', [], id="python-string"),
        pytest.param("a.py", '"""Module\ndoc."""\n', [(1, "Module\ndoc.")], id="python-module"),
        pytest.param("a.py", 'def f():\n    """Doc."""\n', [(2, "Doc.")], id="python-function"),
        pytest.param("a.py", "def f():\n    'Doc.'\n", [(2, "Doc.")], id="python-short-docstring"),
        pytest.param("a.py", 'x = """no\n# no"""\n', [], id="python-value"),
        pytest.param("a.py", 'f(\n    """no"""\n)\n', [], id="python-argument"),
        pytest.param("a.py", 'x = """open\n# yes', [(2, "yes")], id="python-unclosed"),
        pytest.param("a.js", 'u = "http://x"; // yes', [(1, "yes")], id="js-url"),
        pytest.param("a.ts", "/** One\n * two\n */", [(1, "One\ntwo\n")], id="ts-doc"),
        pytest.param("a.js", "x.replace(/\"/g, '') // yes", [(1, "yes")], id="js-regex"),
        pytest.param("a.js", "x = `// no ${a}\n// no` // yes", [(2, "yes")], id="js-template"),
        pytest.param("a.js", "x = `open\n// yes", [(2, "yes")], id="js-unclosed-template"),
        pytest.param("a.go", "// one\n// two\nx", [(1, "one\ntwo")], id="go"),
        pytest.param("a.java", "/* open\nend", [(1, "open\nend")], id="java-unclosed"),
        pytest.param("a.rs", "fn f<'a>(x: &'a str) {} /// doc", [(1, "doc")], id="rust-lifetime"),
        pytest.param("a.rs", 'let s = r#"// no"#; // yes', [(1, "yes")], id="rust-raw-string"),
        pytest.param("a.c", "char c = '\"'; // yes", [(1, "yes")], id="c-char"),
        pytest.param("a.cs", "/// <summary>One</summary>", [(1, "<summary>One</summary>")], id="csharp"),
        pytest.param("a.php", "$a = '#no'; # one\n// two", [(1, "one"), (2, "two")], id="php"),
        pytest.param("a.sh", 'echo "# no" $# ${x#y} # yes', [(1, "yes")], id="shell"),
        pytest.param("a.yml", "a: b#no # yes\n", [(1, "yes")], id="yaml"),
        pytest.param("a.toml", 'a = "# no" # yes', [(1, "yes")], id="toml"),
        pytest.param("a.rb", 'x = "#{no}" # yes', [(1, "yes")], id="ruby"),
        pytest.param("Dockerfile", "# one\nRUN x", [(1, "one")], id="dockerfile"),
        pytest.param("main.tf", "# one\n// two\n/* three */", [(1, "one\ntwo"), (3, "three")], id="terraform"),
        pytest.param("a.ps1", "<# one #> # two", [(1, "one"), (1, "two")], id="powershell"),
        pytest.param("a.sql", "select '--no' -- yes\n/* two */", [(1, "yes"), (2, "two")], id="sql"),
        pytest.param("a.lua", "--[[ one ]] x -- two", [(1, "one"), (1, "two")], id="lua"),
        pytest.param("a.hs", "{- one -} x -- two", [(1, "one"), (1, "two")], id="haskell"),
        pytest.param("a.ini", "; one\na=b;no\n# two", [(1, "one"), (3, "two")], id="ini"),
        pytest.param("a.xml", "<a>// no?</a><!-- yes -->", [(1, "yes")], id="xml"),
        pytest.param("a.vue", "<!-- one -->\n// two", [(1, "one"), (2, "two")], id="vue"),
        pytest.param("README.md", "# t\n", [(1, "# t\n")], id="markdown"),
        pytest.param("docs/CHANGELOG", "x", [(1, "x")], id="no-ending"),
        pytest.param("a.html", "<p>x</p><script>\ny</script>z", [(1, "<p>x</p>\nz")], id="html"),
        pytest.param("run", "#!/bin/sh\n\n# one", [(3, "one")], id="shebang"),
        pytest.param("a.json", '{"a": "// no"}', [], id="json"),
    ],
)
def test_prose_of(path: str, text: str, expected: list[tuple[int, str]]) -> None:
    assert prose_of(path, text) == expected


@pytest.mark.parametrize("path", ["a.unknown", "blob", "x.bin"])
def test_an_unknown_type_is_told_apart_from_no_prose(path: str) -> None:
    assert prose_of(path, "# x") is None


@pytest.mark.parametrize(
    ("path", "expected"), [("a.md", True), ("CHANGES", True), ("history.py", False), ("requirements.txt", False)]
)
def test_is_document(path: str, expected: bool) -> None:
    assert is_document(path) is expected


@given(st.sampled_from(["a.py", "a.js", "a.rs", "a.sh", "a.sql", "a.vue", "a.lua", "a.php", "a.html"]), st.text())
def test_broken_code_is_taken(path: str, text: str) -> None:
    for line, block in prose_of(path, text) or []:
        assert 1 <= line <= line + block.count("\n") <= text.count("\n") + 1


@pytest.mark.parametrize("piece", ["'", '"', '"""', "`", "/*", "//", "\\'", "\\`", "(/", "[/[", "#", "<!--", "r#"])
@pytest.mark.parametrize("path", ["a.py", "a.js", "a.rs", "a.sh", "a.vue"])
def test_hostile_code_costs_no_more_than_its_length(path: str, piece: str) -> None:
    def spent(count: int) -> float:
        start = time.process_time()
        prose_of(path, piece * count)
        return time.process_time() - start

    spent(10)
    small, large = spent(4_000), spent(32_000)
    assert large < max(0.5, small * 40)


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        pytest.param("a.py", "x = 1  # one\n# two\n'''# no'''\n", {1: "# one", 2: "# two"}, id="python"),
        pytest.param("a.py", "'# no'  # yes\n", {1: "# yes"}, id="string"),
        pytest.param("a.js", "a /* b\n c */ d // e\n", {1: "/* b", 2: " c */// e"}, id="block-and-line"),
        pytest.param("a.json", '{"a": "// b"}\n', {}, id="no-comments"),
        pytest.param("Dockerfile", "# a\nRUN b\n", {1: "# a"}, id="by-name"),
        pytest.param("run", "#!/bin/sh\necho # a\n", {2: "# a"}, id="by-first-line"),
        pytest.param("a.unknown", "# a\n", None, id="unknown"),
        pytest.param("a.md", "# a\n", None, id="document"),
    ],
)
def test_comments_by_line(path: str, text: str, expected: dict[int, str] | None) -> None:
    assert comments_by_line(path, text) == expected
