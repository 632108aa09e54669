"""The coverage table says what the rules say, and every language and class that was promised has rules."""

from __future__ import annotations

import pytest

from tools.coverage_table import PAGE, counts, page, titles

SIZES, ROWS = counts()
CODE = ("python", "javascript", "java", "csharp", "go", "php", "ruby")


def test_the_page_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run: make rules"


def test_every_weakness_has_a_title() -> None:
    assert {cwe for cwe, _ in ROWS} <= titles().keys()


@pytest.mark.parametrize(
    "classes",
    [
        *[(number,) for number in (22, 78, 79, 89, 295, 327, 502, 601, 918)],
        pytest.param((321, 798), id="hard-coded"),
        pytest.param((326, 327, 328), id="weak-crypto"),
        pytest.param((330, 338), id="randomness"),
    ],
)
def test_the_chief_classes_are_covered_in_every_language(classes: tuple[int, ...]) -> None:
    missing = [name for name in CODE if not any(ROWS[number, name] for number in classes)]
    assert missing == []


@pytest.mark.parametrize(
    "number",
    [
        *(
            22,
            78,
            79,
            89,
            90,
            94,
            95,
            113,
            117,
            200,
            209,
            215,
            489,
            276,
            732,
            295,
            312,
            532,
            319,
            321,
            798,
            326,
            327,
            328,
        ),
        *(329, 1204, 330, 338, 347, 352, 377, 384, 400, 1333, 434, 502, 522, 256, 601, 611, 776, 614, 1004, 643, 759),
        *(760, 916, 915, 918, 942, 943, 1321, 1336),
    ],
)
def test_every_promised_class_is_looked_for_somewhere(number: int) -> None:
    assert any(count for (cwe, _), count in ROWS.items() if cwe == number)


@pytest.mark.parametrize("name", [*CODE, "c", "shell", "yaml", "dockerfile", "terraform"])
def test_every_promised_language_has_rules(name: str) -> None:
    assert SIZES.get(name, 0) > 0
