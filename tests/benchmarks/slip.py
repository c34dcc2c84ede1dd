"""A warm slip beside a bare ReportLab page that draws the same words without laying them out."""

from __future__ import annotations

import io
import time
from collections.abc import Callable

from store_desk.domain.slip import Copy, Paper
from store_desk.resources import resource
from store_desk.slips.render import render_slip, warm
from tests.benchmarks.result import Result, median, p99
from tests.slips.samples import usual

ROUNDS = 60
GOALS = {Paper.A5: 20.0, Paper.MM80: 15.0, Paper.A4: 20.0, Paper.MM58: 15.0}


def measure_all(size: int) -> list[Result]:
    """One row a paper; `size` does not matter here."""
    warm()
    data = usual()
    texts = [text for text in _texts(data) if text]
    _register()
    limit = median(_times(lambda: _bare(texts))[1])
    results = []
    for paper, goal in GOALS.items():
        wall, cpu = _times(lambda paper=paper: render_slip(data, paper=paper, copies=(Copy.CUSTOMER,)))  # type: ignore[misc]
        name = f"slip {paper.value}, warm"
        results.append(
            Result(
                name,
                median(wall),
                p99(wall),
                p99(cpu),
                limit,
                median(cpu) / limit,
                f"<= {goal:.0f} ms",
                median(cpu) <= goal,
            )
        )
    return results


def _times(work: Callable[[], object]) -> tuple[list[float], list[float]]:
    wall, cpu = [], []
    for _ in range(ROUNDS):
        at, spent = time.perf_counter(), time.thread_time()
        work()
        cpu.append((time.thread_time() - spent) * 1000)
        wall.append((time.perf_counter() - at) * 1000)
    return wall[5:], cpu[5:]


def _texts(value: object) -> list[str]:
    from dataclasses import fields, is_dataclass

    if isinstance(value, str):
        return [value]
    if isinstance(value, tuple):
        return [text for part in value for text in _texts(part)]
    if is_dataclass(value) and not isinstance(value, type):
        return [text for item in fields(value) if item.name != "strokes" for text in _texts(getattr(value, item.name))]
    return []


def _register() -> None:
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    pdfmetrics.registerFont(TTFont("BareNoto", str(resource("fonts", "slip", "NotoSansSC-Regular-GB2312.ttf"))))


def _bare(texts: list[str]) -> bytes:
    from reportlab.lib.pagesizes import A5
    from reportlab.pdfgen.canvas import Canvas

    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A5, invariant=True, initialFontName="BareNoto")
    canvas.setFont("BareNoto", 7)
    for index, text in enumerate(texts):
        canvas.drawString(30, 560 - 8 * (index % 66), text)
    canvas.showPage()
    canvas.save()
    return out.getvalue()
