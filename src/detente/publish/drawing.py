"""A sheet of marks in pixels, drawn by Altair and turned into theme-aware SVG.

Nothing in a layout depends on measured text, so that every machine draws the same bytes. Colours
are stand-ins that become CSS variables: one picture serves light, dark and print.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt
import vl_convert
from altair.utils.schemapi import debug_mode

Datum = Mapping[str, Any]

# stand-in -> CSS variable; any colour in a picture must be one of these
THEME = {
    "#010101": "--ink", "#020202": "--muted", "#030303": "--rule", "#040404": "--paper", "#050505": "--land",
    "#060606": "--sea", "#070707": "--coast", "#080808": "--mx", "#090909": "--vx", "#0a0a0a": "--mc",
    "#0b0b0b": "--vc", "#0c0c0c": "--neutral",
}  # fmt: skip
INK, MUTED, RULE, PAPER, LAND, SEA, COAST, MX, VX, MC, VC, NEUTRAL = THEME
QUAD_COLOUR = {
    "verbal cooperation": VC, "material cooperation": MC, "verbal conflict": VX, "material conflict": MX,
}  # fmt: skip
FONT = "system-ui, sans-serif"
_LINKS = re.compile(r'<a href="[^"#]*(#[a-z]\d+)?"[^>]*>')  # Vega puts an address of its own before an anchor
_NOISE = re.compile(
    r'<path class="(?:back|fore)ground"[^>]*/>| style="[^"]*"| pointer-events="none"| class="[^"]*"'
    r'| role="graphics-(?:object|symbol)"| aria-roledescription="[^"]*"'
)
_IDS = re.compile(r'(id="|url\(#|href="#)((?:clip|gradient)\d*_?\d*)')


class Sheet:
    """Marks in the order in which they are drawn; x to the right and y down, in pixels."""

    def __init__(self, width: float, height: float) -> None:
        self.width, self.height = width, height
        self._layers: list[alt.Chart] = []
        self._data: dict[str, list[dict[str, Any]]] = {}  # beside the chart: Altair copies what it holds

    def rectangles(self, data: Sequence[Datum]) -> None:
        """Draw data of x, x2, y, y2, fill and optional opacity, label, link."""
        self._add(data, lambda chart: chart.mark_rect(strokeWidth=0), self._box("x", "x2", "y", "y2"))

    def rules(self, data: Sequence[Datum], width: float = 1, dash: Sequence[float] = ()) -> None:
        """Draw straight lines of x, x2, y, y2 and stroke."""
        style = {"strokeDash": list(dash)} if dash else {}
        self._add(
            data, lambda chart: chart.mark_rule(strokeWidth=width, **style), self._box("x", "x2", "y", "y2")
        )

    def points(self, data: Sequence[Datum]) -> None:
        """Draw discs of x, y, area (square pixels), fill, stroke and optional opacity, label, link, shape."""
        extra: dict[str, Any] = {"size": alt.Size("area:Q", scale=None)}
        if data and "shape" in data[0]:
            extra["shape"] = alt.Shape("shape:N", scale=None)
        if data and "angle" in data[0]:
            extra["angle"] = alt.Angle("angle:Q", scale=None)
        self._add(
            data,
            lambda chart: chart.mark_point(strokeWidth=1.4, filled=False, opacity=1),
            {**self._box("x", "y"), **extra},
        )

    def curves(self, data: Sequence[Datum]) -> None:
        """Draw one line per `curve` through points of x, y, in their `order`; stroke and width per line."""
        extra = {
            "detail": alt.Detail("curve:N"), "order": alt.Order("order:Q"),
            "strokeWidth": alt.StrokeWidth("width:Q", scale=None),
        }  # fmt: skip
        self._add(data, lambda chart: chart.mark_line(interpolate="basis"), {**self._box("x", "y"), **extra})

    def texts(
        self, data: Sequence[Datum], size: float = 12, align: str = "left", weight: str = "normal",
        baseline: str = "middle", angle: float = 0, halo: bool = False,
    ) -> None:  # fmt: skip
        """Write data of x, y, text and fill."""
        style = {
            "align": align,
            "baseline": baseline,
            "fontSize": size,
            "fontWeight": weight,
            "angle": angle % 360,
        }
        text = {**self._box("x", "y"), "text": alt.Text("text:N")}
        if halo:
            haloed = [{**datum, "stroke": PAPER, "fill": PAPER} for datum in data]
            self._add(haloed, lambda chart: chart.mark_text(strokeWidth=3, strokeJoin="round", **style), text)
        self._add(data, lambda chart: chart.mark_text(**style), text)

    def areas(
        self, shapes: Sequence[tuple[Sequence[Sequence[tuple[float, float]]], str]], width: float = 0.7
    ) -> None:
        """Fill outlines (rings of pixel points) with land and draw their coast; the text is the label."""
        features = [
            {"type": "Feature", "properties": {"label": label, "fill": LAND, "stroke": COAST},
             "geometry": {"type": "Polygon", "coordinates": [[list(p) for p in ring] for ring in rings]}}
            for rings, label in shapes
        ]  # fmt: skip
        if not features:
            return
        chart = alt.Chart(self._keep(features)).mark_geoshape(strokeWidth=width, aria=False)
        self._layers.append(
            chart.encode(
                fill=alt.Fill("properties.fill:N", scale=None),
                stroke=alt.Stroke("properties.stroke:N", scale=None),
            ).project(type="identity", scale=1, translate=[0, 0])
        )

    def _box(self, *names: str) -> dict[str, Any]:
        across = alt.Scale(domain=[0, self.width], nice=False, zero=False)
        down = alt.Scale(domain=[0, self.height], reverse=True, nice=False, zero=False)
        channels: dict[str, Any] = {}
        for name in names:
            if name in ("x2", "y2"):
                channels[name] = (alt.X2 if name == "x2" else alt.Y2)(name)
            else:
                make, scale = (alt.X, across) if name == "x" else (alt.Y, down)
                channels[name] = make(f"{name}:Q", scale=scale, axis=None)
        return channels

    def _keep(self, values: list[dict[str, Any]]) -> alt.NamedData:
        name = f"d{len(self._data)}"
        self._data[name] = values
        return alt.NamedData(name=name)

    def _add(self, data: Sequence[Datum], mark: Any, channels: dict[str, Any]) -> None:
        if not data:
            return
        first = data[0]
        for name, channel in (("fill", alt.Fill), ("stroke", alt.Stroke)):
            if name in first:
                channels[name] = channel(f"{name}:N", scale=None, legend=None)
        if "opacity" in first:
            channels["fillOpacity"] = alt.FillOpacity("opacity:Q", scale=None, legend=None)
        if "label" in first:
            channels["description"] = alt.Description("label:N")
        if "link" in first:
            channels["href"] = alt.Href("link:N")
        chart = mark(alt.Chart(self._keep([_rounded(datum) for datum in data])))
        if "label" not in first:
            chart.mark.aria = False
        self._layers.append(chart.encode(**channels))

    def to_svg(self, name: str, alt_text: str) -> str:
        """Give the sheet as SVG text that fits in a page: no fixed size, no ids of its own but `name`'s."""
        if not self._layers:
            self.texts([{"x": 0, "y": 10, "text": "", "fill": INK}])
        with debug_mode(
            False
        ):  # the drawings are fixed here and tested: checking each against the schema is slow
            spec = self._spec()
        return _themed(vl_convert.vegalite_to_svg(spec), name, alt_text)

    def _spec(self) -> dict[str, Any]:
        chart = alt.layer(*self._layers).properties(
            width=self.width, height=self.height, autosize="none", padding=0
        )
        chart = chart.configure_view(stroke=None).configure(font=FONT, background="transparent")
        return {**chart.to_dict(validate=False), "datasets": self._data}


def _rounded(datum: Datum) -> dict[str, Any]:
    return {key: round(value, 2) if isinstance(value, float) else value for key, value in datum.items()}


def _themed(svg: str, name: str, alt_text: str) -> str:
    """Let the page's theme colour the picture, and keep its ids apart from those of other pictures."""
    for stand_in, variable in THEME.items():
        svg = svg.replace(f'"{stand_in}"', f'"var({variable})"')
    names: dict[str, str] = {}
    svg = _IDS.sub(lambda m: m[1] + names.setdefault(m[2], f"{name}-{len(names)}"), svg)
    box = re.search(r'viewBox="[^"]+"', svg)
    label = alt_text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {box[0] if box else ""} role="img" aria-label="{label}">'
    body = re.sub(r"^<svg[^>]*>", "", svg, count=1)
    body = _NOISE.sub("", body.replace("xlink:href", "href"))
    return head + _LINKS.sub(r'<a href="\1">', body)
