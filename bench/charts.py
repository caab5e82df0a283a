"""Charts as SVG: bars on a scale of tens, lines over sizes. They read in light and in dark, and say everything in words too."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import ceil, floor, log10
from xml.sax.saxutils import escape

_STYLE = """
  text { font: 13px system-ui, sans-serif; fill: #1f2328 }
  .small { font-size: 11px; fill: #59636e }
  .grid { stroke: #d1d9e0 }
  .bar { fill: #8c959f } .ours { fill: #d4451a }
  .line0 { stroke: #d4451a; fill: #d4451a } .line1 { stroke: #0969da; fill: #0969da } .line2 { stroke: #1a7f37; fill: #1a7f37 }
  .line3 { stroke: #8250df; fill: #8250df } .line4 { stroke: #59636e; fill: #59636e }
  path { fill: none !important; stroke-width: 2 }
  @media (prefers-color-scheme: dark) {
    text { fill: #f0f6fc } .small { fill: #9198a1 } .grid { stroke: #3d444d } .bar { fill: #656c76 } .ours { fill: #ff7b54 }
    .line0 { stroke: #ff7b54; fill: #ff7b54 } .line1 { stroke: #4493f8; fill: #4493f8 } .line2 { stroke: #3fb950; fill: #3fb950 }
    .line3 { stroke: #ab7df8; fill: #ab7df8 } .line4 { stroke: #9198a1; fill: #9198a1 }
  }
"""
_LEFT, _WIDTH, _ROW = 210, 720, 30


def bars(title: str, unit: str, values: Mapping[str, float], *, ours: str) -> str:
    """A bar a name, on a scale of tens; `ours` stands out."""
    low, high = _tens(values.values())
    top, height = 40, 40 + _ROW * len(values) + 34

    def x(value: float) -> float:
        return _LEFT + (log10(value) - low) / (high - low) * (_WIDTH - _LEFT - 90)

    def drawn() -> Iterator[str]:
        for ten in range(low, high + 1):
            at = x(10.0**ten)
            yield f'<line class="grid" x1="{at:.1f}" y1="{top - 6}" x2="{at:.1f}" y2="{height - 24}"/>'
            yield f'<text class="small" x="{at:.1f}" y="{height - 8}" text-anchor="middle">{_number(10.0**ten)} {unit}</text>'
        for row, (name, value) in enumerate(values.items()):
            y = top + row * _ROW
            kind = "ours" if name == ours else "bar"
            yield f'<text x="{_LEFT - 8}" y="{y + 15}" text-anchor="end">{escape(name)}</text>'
            yield f'<rect class="{kind}" x="{_LEFT}" y="{y}" width="{max(2.0, x(value) - _LEFT):.1f}" height="20" rx="2"/>'
            yield f'<text x="{x(value) + 6:.1f}" y="{y + 15}">{_number(value)} {unit}</text>'

    said = "; ".join(f"{name}: {_number(value)} {unit}" for name, value in values.items())
    return _svg(title, said, height, drawn())


def lines(title: str, unit: str, sizes: Sequence[int], series: Mapping[str, Sequence[float]]) -> str:
    """A line a name over numbers of users, both on scales of tens."""
    low, high = _tens([value for values in series.values() for value in values])
    left, right, top, bottom = 70, 500, 40, 300

    def x(size: int) -> float:
        span = log10(sizes[-1]) - log10(sizes[0])
        return left + (log10(size) - log10(sizes[0])) / span * (right - left)

    def y(value: float) -> float:
        return bottom - (log10(value) - low) / (high - low) * (bottom - top)

    def drawn() -> Iterator[str]:
        for ten in range(low, high + 1):
            at = y(10.0**ten)
            yield f'<line class="grid" x1="{left}" y1="{at:.1f}" x2="{right}" y2="{at:.1f}"/>'
            yield f'<text class="small" x="{left - 8}" y="{at + 4:.1f}" text-anchor="end">{_number(10.0**ten)} {unit}</text>'
        for size in sizes:
            yield f'<text class="small" x="{x(size):.1f}" y="{bottom + 20}" text-anchor="middle">{size:,}</text>'
        for place, (name, values) in enumerate(series.items()):
            points = [(x(size), y(value)) for size, value in zip(sizes, values, strict=True)]
            path = " L".join(f"{px:.1f},{py:.1f}" for px, py in points)
            yield f'<path class="line{place % 5}" d="M{path}"/>'
            yield from (f'<circle class="line{place % 5}" cx="{px:.1f}" cy="{py:.1f}" r="3.5"/>' for px, py in points)
            yield f'<text x="{right + 10}" y="{points[-1][1] + 4:.1f}">{escape(name)}</text>'

    said = "; ".join(
        f"{name}: " + ", ".join(f"{_number(v)} {unit} at {s:,}" for s, v in zip(sizes, values, strict=True))
        for name, values in series.items()
    )
    return _svg(title, said, bottom + 40, drawn())


def _svg(title: str, said: str, height: int, drawn: Iterator[str]) -> str:
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" role="img" aria-labelledby="t d">'
    named = f'<title id="t">{escape(title)}</title>\n<desc id="d">{escape(said)}</desc>'
    heading = f'<text x="8" y="20" font-weight="600">{escape(title)}</text>'
    return "\n".join([head, named, f"<style>{_STYLE}</style>", heading, *drawn, "</svg>"]) + "\n"


def _tens(values: Iterable[float]) -> tuple[int, int]:
    found = [value for value in values if value > 0]
    low, high = floor(log10(min(found))), ceil(log10(max(found)))
    return low, max(high, low + 1)


def _number(value: float) -> str:
    digits = 0 if value >= 100 else 1 if value >= 10 else 2 if value >= 0.1 else 3
    return f"{value:,.{digits}f}".rstrip("0").rstrip(".") if digits else f"{value:,.0f}"
