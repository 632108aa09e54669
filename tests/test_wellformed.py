from __future__ import annotations

import pytest

from sayso.wellformed import doubtful

CONFLICT = "a = 1\n<<<<<<< ours\nb = 2\n=======\nb = 3\n>>>>>>> theirs\n"


@pytest.mark.parametrize(
    ("language", "text"),
    [
        pytest.param("python", "def f(:\n", id="python"),
        pytest.param("python", "x = '\\d'\nprint 'x'\n", id="python-2"),
        pytest.param("python", "x = 1\0\n", id="nul"),
        pytest.param("python", "(" * 10_000, id="deep"),
        pytest.param("python", "x = 1\n" * 200_000, id="too-large-to-tell"),
        pytest.param("java", "class A { void f() { }\n", id="open-brace"),
        pytest.param("go", "func f( {}\n", id="open-parenthesis"),
        pytest.param("ruby", "a = [1\n", id="open-bracket"),
        pytest.param("python", CONFLICT, id="conflict-python"),
        pytest.param("yaml", CONFLICT, id="conflict-elsewhere"),
    ],
)
def test_doubtful(language: str, text: str) -> None:
    assert doubtful(text, language)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        pytest.param("python", "", id="empty"),
        pytest.param("python", "x = '\\d'\n", id="invalid-escape-is-only-a-warning"),
        pytest.param("python", "match x:\n    case {'a': (b, _)}:\n        pass\n", id="python"),
        pytest.param("java", "class A { void f() { } }\n", id="java"),
        pytest.param("shell", "case $x in\n a) echo ;;\nesac\n", id="shell-is-unbalanced-by-design"),
        pytest.param("c", "#ifdef X\nif (a) {\n#else\nif (b) {\n#endif\n}\n", id="preprocessor"),
        pytest.param("python", "x = '''\n=======\n'''\n", id="heading"),
    ],
)
def test_not_doubtful(language: str, text: str) -> None:
    assert not doubtful(text, language)


def test_a_warning_of_the_parser_is_not_shown(recwarn: pytest.WarningsRecorder) -> None:
    assert not doubtful("x = '\\d' is 1\n", "python")
    assert len(recwarn) == 0
