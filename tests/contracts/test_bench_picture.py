"""The picture in the README is what the measured figures say."""

from __future__ import annotations

import json
from xml.etree import ElementTree as ET

from tools.chart import DATA, PICTURE, svg
from tools.scratch import ROOT


def test_the_picture_is_drawn_from_the_data() -> None:
    assert PICTURE.read_text(encoding="utf-8") == svg(json.loads(DATA.read_text(encoding="utf-8")))
    assert "(docs/bench.svg)" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_picture_is_well_formed_and_names_machine_and_versions() -> None:
    drawn = ET.fromstring(PICTURE.read_text(encoding="utf-8"))
    words = " ".join(text.text or "" for text in drawn.iter("{http://www.w3.org/2000/svg}text"))
    assert "cores" in words
    assert "semgrep 1." in words
    assert "detect-secrets" in words
