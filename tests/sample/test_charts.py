"""The charts of docs/sample.md."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from tools.sample_docs import Chart, chart_svg


def test_a_chart_has_two_labelled_bars_a_value() -> None:
    chart = Chart("x", "Nights", ("1", "2"), (0.25, 0.75), (0.5, 0.5), lambda value: f"{value:.0%}")
    root = ElementTree.fromstring(chart_svg(chart))
    texts = ["".join(found.itertext()) for found in root.iter("{http://www.w3.org/2000/svg}text")]
    bars = [
        found for found in root.iter("{http://www.w3.org/2000/svg}rect") if found.get("fill") in ("#aaa", "#2b6cb0")
    ]
    assert len(bars) == 4
    assert {"Nights", "1", "2", "25%", "75%", "50%"} <= set(texts)
    assert float(bars[2].get("height", 0)) == pytest.approx(3 * float(bars[0].get("height", 0)), rel=0.01)
