from __future__ import annotations

import pytest

from sayso.pathareas import AreaPaths, PathIndex

INDEX = PathIndex(
    [
        AreaPaths(
            words=("key", "policy", "access token"),
            names=("^ proxy", "hook"),
            paths=("*.pem", "/top.txt", "exact", "a*b*c", "/root/dir/", "any/dir/", "infra/*.{yml,yaml}", "/etc/x.*"),
            except_words=("board",),
            except_paths=("*.md", "vendor/"),
        ),
        AreaPaths(words=("board",)),
    ]
)


@pytest.mark.parametrize(
    ("path", "reasons"),
    [
        pytest.param("x/key/y", ("key",), id="word"),
        pytest.param("x/KeyRing/y", ("key",), id="word by case"),
        pytest.param("policies/y", ("policies",), id="plural in ies"),
        pytest.param("a/my_access_tokens.py", ("access tokens",), id="sequence, plural"),
        pytest.param("a/AccessTokenAccessToken.py", ("access token",), id="sequence twice"),
        pytest.param("a/ProxyPool.go", ("^ proxy",), id="first word"),
        pytest.param("a/Hook.go", ("hook",), id="name"),
        pytest.param("x/y.PEM", ("*.pem",), id="suffix"),
        pytest.param("top.txt", ("/top.txt",), id="file tied to the root"),
        pytest.param("x/Exact", ("Exact",), id="exact name"),
        pytest.param("x/a1b2c", ("a*b*c",), id="two stars"),
        pytest.param("root/dir/x/y", ("/root/dir/",), id="directory tied to the root"),
        pytest.param("x/any/dir/y", ("any/dir/",), id="directory anywhere"),
        pytest.param("x/any/dir", ("any/dir/",), id="directory itself"),
        pytest.param("x/infra/deep/y.yaml", ("infra/*.yaml",), id="name below a directory"),
        pytest.param("infra/infra/y.yml", ("infra/*.yml",), id="name below a directory twice"),
        pytest.param("etc/x.conf", ("/etc/x.*",), id="name below a directory tied to the root"),
        pytest.param("any/dir/key/key.pem", ("any/dir/", "key", "*.pem"), id="several"),
    ],
)
def test_belongs(path: str, reasons: tuple[str, ...]) -> None:
    assert INDEX.mask(path) & 1
    assert INDEX.reasons(path, 0) == reasons


@pytest.mark.parametrize(
    "path",
    [
        pytest.param("x/keyring/y", id="longer word"),
        pytest.param("access/token", id="sequence over segments"),
        pytest.param("x/reverse_proxy.go", id="not the first word"),
        pytest.param("proxy/x.go", id="a name as directory"),
        pytest.param("x/pem", id="suffix without dot"),
        pytest.param("x/top.txt", id="file tied to the root, elsewhere"),
        pytest.param("x/exactly", id="longer name"),
        pytest.param("abx", id="wrong end"),
        pytest.param("a-c", id="middle is missing"),
        pytest.param("xabc", id="wrong start"),
        pytest.param("x/root/dir/y", id="directory tied to the root, elsewhere"),
        pytest.param("any/x/dir/y", id="directories apart"),
        pytest.param("infra/y.txt", id="other name below a directory"),
        pytest.param("infra", id="directory of a name pattern"),
        pytest.param("x/etc/x.conf", id="name below a root directory, elsewhere"),
        pytest.param("key/x.md", id="excepted name"),
        pytest.param("vendor/x/key.pem", id="excepted directory"),
        pytest.param("x/key_board.py", id="excepted word"),
    ],
)
def test_does_not_belong(path: str) -> None:
    assert not INDEX.mask(path) & 1


def test_an_excepted_word_rules_out_its_own_area_only() -> None:
    assert INDEX.mask("x/key_board.py") == 2


def test_overlong_paths_are_judged_and_not_remembered() -> None:
    path = "deep/" * 2000 + "any/dir/key.pem"
    assert INDEX.mask(path) == 1
    assert INDEX.reasons(path, 0) == ("any/dir/", "key", "*.pem")
