"""Draws placed pieces on a PDF page; the only module that knows PDF operators."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from store_desk.domain.slip import Stroke
from store_desk.slips.pieces import Bars, Face, Frame, Ink, Op, Rule, Text, Tick
from store_desk.slips.typeset import Typesetter

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas

# Width of a pen stroke in points without pressure, and at the lightest and the firmest pressure.
_PEN_PLAIN, _PEN_LIGHT, _PEN_FIRM = 1.1, 0.5, 1.9
_PRESSURE_STEPS = 6
# Between two samples of a hand the line is straight enough below this many points.
_WATERMARK_GREY = 0.92


def draw_page(canvas: Canvas, ops: Iterable[Op], *, left: float, top: float) -> None:
    """Draws the things of one page; `top` is the height of the origin above the page's lower edge."""
    texts: list[Text] = []
    for op in ops:
        if isinstance(op, Text):
            texts.append(op)
        elif isinstance(op, Rule):
            _rule(canvas, op, left, top)
        elif isinstance(op, Frame):
            _frame(canvas, op, left, top)
        elif isinstance(op, Bars):
            _bars(canvas, op, left, top)
        elif isinstance(op, Ink):
            _ink(canvas, op, left, top)
        else:
            _tick(canvas, op, left, top)
    _texts(canvas, texts, left, top)


def _texts(canvas: Canvas, texts: list[Text], left: float, top: float) -> None:
    block = canvas.beginText()
    grey = -1.0
    for text in texts:
        if text.grey != grey:
            grey = text.grey
            block.setFillGray(grey)
        block.setTextOrigin(left + text.x, top - text.y)
        for run in text.runs:
            block.setFont(run.font, text.size)
            block.textOut(run.text)
    canvas.drawText(block)


def _rule(canvas: Canvas, rule: Rule, left: float, top: float) -> None:
    canvas.setStrokeGray(rule.grey)
    canvas.setLineWidth(rule.weight)
    canvas.setDash([2, 1.6] if rule.dashed else [])
    canvas.line(left + rule.x, top - rule.y, left + rule.x + rule.width, top - rule.y)


def _frame(canvas: Canvas, frame: Frame, left: float, top: float) -> None:
    canvas.setFillGray(0)
    canvas.setStrokeGray(0)
    canvas.setLineWidth(frame.weight)
    canvas.setDash([])
    x, y = left + frame.x, top - frame.y - frame.height
    kind = {"fill": int(frame.filled), "stroke": int(not frame.filled)}
    if frame.radius:
        canvas.roundRect(x, y, frame.width, frame.height, frame.radius, **kind)
    else:
        canvas.rect(x, y, frame.width, frame.height, **kind)


def _bars(canvas: Canvas, bars: Bars, left: float, top: float) -> None:
    path = canvas.beginPath()
    for x, y, width, height in bars.rects:
        path.rect(left + bars.x + x, top - bars.y - y - height, width, height)
    canvas.setFillGray(0)
    canvas.drawPath(path, stroke=0, fill=1)


def _tick(canvas: Canvas, tick: Tick, left: float, top: float) -> None:
    x, y, side = left + tick.x, top - tick.y, tick.side
    path = canvas.beginPath()
    path.moveTo(x, y - side * 0.55)
    path.lineTo(x + side * 0.36, y - side * 0.92)
    path.lineTo(x + side, y - side * 0.08)
    canvas.setStrokeGray(0)
    canvas.setLineWidth(1.1)
    canvas.setDash([])
    canvas.drawPath(path, stroke=1, fill=0)


def _ink(canvas: Canvas, ink: Ink, left: float, top: float) -> None:
    """The strokes as large as the box allows in their own shape, wider where the hand pressed."""
    points = [point for stroke in ink.strokes for point in stroke]
    if not points:
        return
    low_x, high_x = min(p[0] for p in points), max(p[0] for p in points)
    low_y, high_y = min(p[1] for p in points), max(p[1] for p in points)
    room_x, room_y = ink.width - 2 * _PEN_FIRM, ink.height - 2 * _PEN_FIRM
    scale = min(room_x / max(high_x - low_x, 1e-6), room_y / max(high_y - low_y, 1e-6))
    if high_x - low_x < 1e-6 and high_y - low_y < 1e-6:
        scale = 0.0
    x0 = left + ink.x + (ink.width - (high_x - low_x) * scale) / 2
    y0 = top - ink.y - (ink.height - (high_y - low_y) * scale) / 2
    canvas.saveState()
    canvas.setStrokeGray(0)
    canvas.setDash([])
    canvas.setLineCap(1)
    canvas.setLineJoin(1)
    for stroke in ink.strokes:
        placed = [(x0 + (x - low_x) * scale, y0 - (y - low_y) * scale) for x, y, _, _ in stroke]
        _stroke(canvas, placed, _widths(stroke))
    canvas.restoreState()


def _widths(stroke: Stroke) -> list[float]:
    """The pen's width at each point, in few steps so that a run of one width is one path."""
    pressures = [point[2] for point in stroke]
    if max(pressures, default=0.0) - min(pressures, default=0.0) < 1e-3:
        return [_PEN_PLAIN] * len(stroke)
    steps = (round(min(max(pressure, 0.0), 1.0) * _PRESSURE_STEPS) / _PRESSURE_STEPS for pressure in pressures)
    return [_PEN_LIGHT + (_PEN_FIRM - _PEN_LIGHT) * step for step in steps]


def _stroke(canvas: Canvas, points: list[tuple[float, float]], widths: list[float]) -> None:
    """One stroke as curves through the middles of its samples, so that a slow tablet's corners do not show."""
    if not points:
        return
    if len(points) == 1:
        points, widths = points * 2, widths * 2
    start = 0
    while start < len(points) - 1:
        end = start + 1
        while end < len(points) - 1 and widths[end] == widths[start]:
            end += 1
        path = canvas.beginPath()
        path.moveTo(*_middle(points, start - 1))
        for place in range(start, end):
            _curve(path, _middle(points, place - 1), points[place], _middle(points, place))
        if end == len(points) - 1:
            path.lineTo(*points[end])
        canvas.setLineWidth(widths[start])
        canvas.drawPath(path, stroke=1, fill=0)
        start = end


def _middle(points: list[tuple[float, float]], place: int) -> tuple[float, float]:
    """The middle between a point and the next; before the first point, the first point."""
    if place < 0:
        return points[0]
    (ax, ay), (bx, by) = points[place], points[place + 1]
    return (ax + bx) / 2, (ay + by) / 2


def _curve(path: object, start: tuple[float, float], control: tuple[float, float], end: tuple[float, float]) -> None:
    first = (start[0] + (control[0] - start[0]) * 2 / 3, start[1] + (control[1] - start[1]) * 2 / 3)
    second = (end[0] + (control[0] - end[0]) * 2 / 3, end[1] + (control[1] - end[1]) * 2 / 3)
    path.curveTo(*first, *second, *end)  # type: ignore[attr-defined]


def draw_watermark(canvas: Canvas, setter: Typesetter, text: str, *, width: float, height: float, every: float) -> None:
    """Large light words across the page, again `every` so many points down a roll."""
    size = min(96.0, 0.8 * width / max(setter.width(text, size=1.0, bold=True), 1.0) * 1.15)
    face = Face(size, size, True, _WATERMARK_GREY)
    wide = setter.width(text, size=size, bold=True)
    runs = setter.runs(text, bold=True)
    count = max(1, round(height / every))
    for place in range(count):
        canvas.saveState()
        canvas.translate(width / 2, height * (place + 0.5) / count)
        canvas.rotate(30)
        _texts(canvas, [Text(-wide / 2, size * 0.38, runs, size, face.grey, wide)], 0, 0)
        canvas.restoreState()
