"""Every painted part on a few boards, in both schemes and languages, to be looked at beside the design.

Usage: python -m tests.ui.parts.gallery FOLDER
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from store_desk.ui.look.theme import THEME, install_theme
from store_desk.ui.parts.buttons import Button, Chip, IconButton, LinkButton
from store_desk.ui.parts.frame import HintBar, Rail
from store_desk.ui.parts.inputs import CheckBox, LineEdit, SearchField, Segmented, Select, TextArea, Toggle
from store_desk.ui.parts.parts import (
    Avatar,
    Banner,
    EmptyState,
    Hairline,
    Ladder,
    Pane,
    Panel,
    PlanRow,
    ProgressBar,
    ProgressLine,
    SectionHead,
    SettingRow,
    Skeleton,
    Tile,
)
from store_desk.ui.parts.pin import Keypad, PinBoxes
from store_desk.ui.parts.signature import SignaturePad
from store_desk.ui.parts.text import Run, Runs, TextLabel

SCHEMES = ("light", "dark")
LANGUAGES = ("zh", "en")
RUNGS = (
    "submitted",
    "in_review",
    "approved",
    "assigned",
    "in_progress",
    "to_confirm",
    "closed",
    "cancelled",
    "rejected",
)


def _row(*parts: QWidget, gap: int = 8) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(gap)
    for part in parts:
        row.addWidget(part)
    row.addStretch(1)
    return row


def _board(colour: str = "surface") -> tuple[Pane, QVBoxLayout]:
    board = Pane(colour)
    column = QVBoxLayout(board)
    column.setContentsMargins(24, 20, 24, 20)
    column.setSpacing(12)
    return board, column


def asking(zh: bool) -> QWidget:
    """The first column of the cancel sheet."""
    board, column = _board()
    head = SectionHead(1, "谁提出撤销" if zh else "Who is asking")
    head.set_state("done")
    column.addWidget(head)
    options = (
        ("counter", "柜台" if zh else "At the counter", "store", "Alt C"),
        ("phone", "电话" if zh else "On the phone", "phone", "Alt P"),
    )
    column.addWidget(Segmented(options, value="counter", stretch=True))
    caption = (
        Run("身份核对" if zh else "Identity check", "label"),
        Run("一项即可" if zh else "one is enough", "small", "text2"),
    )
    column.addWidget(Runs(caption, height=18))
    entry = LineEdit(icon="phone")
    entry.setText("6021")
    entry.set_tone("ok")
    entry.setFixedWidth(128)
    wrong = LineEdit(icon="phone")
    wrong.setText("王秀兰 6021")
    wrong.set_tone("bad")
    ways = ("手机尾号", "小票", "会员卡") if zh else ("Phone last 4", "Receipt", "Card")
    column.addLayout(_row(entry, Segmented(tuple((w, w, "", "") for w in ways), value=ways[0], stretch=True)))
    column.addWidget(wrong)
    head = SectionHead(2, "撤销原因" if zh else "Reason", right="F3，再按数字" if zh else "F3, then a digit")
    head.set_state("current")
    column.addWidget(head)
    grid = QGridLayout()
    grid.setSpacing(8)
    words = [
        ("已自行解决", "", "Already solved", ""),
        ("重复工单", "需保留的单号", "Duplicate ticket", "needs the ticket kept"),
        ("已协商一致", "需协商记录", "Agreed another fix", "needs a record"),
        ("信息有误，将重提", "", "Wrong details, refiling", ""),
        ("对服务不满", "需备注", "Unhappy with service", "needs a note"),
        ("其他原因", "需备注", "Other reason", "needs a note"),
    ]
    for index, (zh_name, zh_need, en_name, en_need) in enumerate(words):
        name, need = (zh_name, zh_need) if zh else (en_name, en_need)
        tile = Tile(str(index + 1), name, need_icon="link" if index == 1 else "message-square", need=need)
        tile.set_selected(index == 0)
        tile.setEnabled(index != 5)
        grid.addWidget(tile, index // 2, index % 2)
    column.addLayout(grid)
    note = LineEdit()
    note.setText("清理门封圈异物后不再漏水" if zh else "Door seal cleaned, no more leak")
    column.addWidget(note)
    column.addWidget(TextArea(placeholder="备注，印在撤销单上" if zh else "A note, printed on the slip"))
    column.addStretch(1)
    board.resize(466, 760)
    return board


def plan(zh: bool) -> QWidget:
    """The second column of the cancel sheet."""
    board, column = _board()
    head = SectionHead(3, "将要执行" if zh else "What will happen", right="共 5 步" if zh else "5 steps")
    head.set_state("done")
    column.addWidget(head)
    rows = QVBoxLayout()
    rows.setSpacing(0)
    auto = "自动" if zh else "Auto"
    rows.addWidget(
        PlanRow(
            "bell-ring",
            "通知调度停止 15:00 上门" if zh else "Tell dispatch to stop the 15:00 visit",
            "短信与 App 通知技师 周启明" if zh else "Text and app message to Zhou Qiming",
            right=auto,
            right_icon="zap",
        )
    )
    rows.addWidget(
        PlanRow(
            "coins",
            "收回补偿：交通补贴" if zh else "Collect back travel allowance",
            "5 月 12 日现金发放" if zh else "Paid in cash on 12 May",
            right="¥120.00",
            tone="warn",
            bold_right=True,
        )
    )
    rows.addWidget(
        PlanRow(
            "receipt-text",
            "上门费" if zh else "Visit fee",
            "14:30 前撤销免收" if zh else "Waived before 14:30",
            right="¥0.00",
            bold_right=True,
            line=False,
        )
    )
    column.addLayout(rows)
    panel = Panel("sunken")
    inside = QHBoxLayout(panel)
    inside.setContentsMargins(14, 8, 14, 8)
    inside.addWidget(TextLabel("顾客现在应付" if zh else "Customer pays now", "strong"), 1)
    inside.addWidget(TextLabel("¥120.00", "heading"))
    box = CheckBox("现金已收" if zh else "Cash received")
    box.setChecked(True)
    inside.addWidget(box)
    column.addWidget(panel)
    head = SectionHead(4, "主管批准" if zh else "Supervisor approval")
    head.set_state("current")
    column.addWidget(head)
    pins = PinBoxes()
    for digit in "123":
        pins.type_digit(digit)
    wrong = PinBoxes()
    wrong.set_wrong(True)
    column.addLayout(_row(Avatar("陈", side=36), TextLabel("陈国栋" if zh else "Chen Guodong", "strong"), pins))
    column.addLayout(_row(Avatar("方", side=36, quiet=True), wrong))
    column.addWidget(SectionHead(5, "顾客签字" if zh else "Customer signature"))
    pad = SignaturePad()
    pad.set_words(
        hint="请顾客在此签字：触屏、手写板或鼠标" if zh else "Customer signs here: touch, pad or mouse",
        name="王秀兰",
        moment="14:21",
    )
    column.addWidget(pad)
    signed = SignaturePad(height=100)
    signed.set_words(hint="", name="王秀兰", moment="14:21")
    signed.set_strokes((tuple((0.3 + i / 200, 0.08 + (i % 7) / 90, 0.5, i * 20) for i in range(50)),))
    column.addWidget(signed)
    column.addStretch(1)
    board.resize(472, 760)
    return board


def buttons(zh: bool) -> QWidget:
    """Buttons in all kinds and sizes, enabled and not, chips and banners."""
    board, column = _board("canvas")
    cancel = "撤销工单…" if zh else "Cancel ticket…"
    for kind in ("primary", "secondary", "ghost", "danger"):
        first = Button(cancel, key="F8", kind=kind)  # type: ignore[arg-type]
        off = Button(cancel, key="Ctrl ↵", kind=kind, size="large")  # type: ignore[arg-type]
        off.set_reason("还差两项" if zh else "2 left")
        large = Button(cancel, key="Ctrl ↵", kind=kind, size="large")  # type: ignore[arg-type]
        icon = Button("打印" if zh else "Print", icon="printer", key="F9", kind=kind)  # type: ignore[arg-type]
        small = Button("打印" if zh else "Print", icon="printer", kind=kind, size="small")  # type: ignore[arg-type]
        column.addLayout(_row(first, large, off, icon, small))
    column.addLayout(
        _row(
            Button("确认撤销" if zh else "Cancel this ticket", kind="primary", size="customer"),
            IconButton("ellipsis", "更多" if zh else "More", outline=True),
            IconButton("lock", "锁定" if zh else "Lock"),
            LinkButton("忘记 PIN" if zh else "Forgot PIN"),
            LinkButton("另有 2 张工单" if zh else "2 other tickets", icon="layers"),
        )
    )
    tones = ("neutral", "line", "accent", "ok", "warn", "bad")
    chips = [Chip("维修" if zh else "Repair", icon="wrench", tone=tone) for tone in tones]  # type: ignore[arg-type]
    column.addLayout(_row(*chips, Chip("处理中" if zh else "In progress", glyph="in_progress", tone="accent")))
    column.addLayout(_row(*[Runs((Run(glyph=rung), Run(rung, "small")), height=24) for rung in RUNGS]))
    for tone, icon in (("warn", "cloud-off"), ("bad", "triangle-alert"), ("ok", "circle-check")):
        column.addWidget(
            Banner(
                tone,  # type: ignore[arg-type]
                icon,
                "离线 13:58 起" if zh else "Offline since 13:58",
                "可以照常撤销和打印，3 项已存在本机，联网后自动发送。"
                if zh
                else "Keep working: cancelling and printing work as usual. 3 items are stored here.",
                buttons=(Button("再试" if zh else "Try again", size="small"),),
            )
        )
    bar = ProgressBar()
    bar.set_share(0.4)
    line = ProgressLine()
    line.show()
    column.addWidget(bar)
    column.addWidget(line)
    column.addWidget(Skeleton())
    column.addStretch(1)
    board.resize(1000, 720)
    return board


def settings(zh: bool) -> QWidget:
    """Setting rows with their controls, the search field, the ladder."""
    board, column = _board()
    column.setSpacing(0)
    search = SearchField()
    search.setPlaceholderText(
        "扫码或输入：工单号、订单号、手机、姓名、序列号" if zh else "Scan or type: ticket, order, phone, name, serial"
    )
    column.addWidget(search)
    ready = Chip("就绪" if zh else "Ready", icon="circle-check", tone="ok")
    select = Select((("a", "Office laser M132"), ("b", "柜台 T82")), value="a", name="A5")
    select.setFixedWidth(220)
    column.addWidget(SettingRow("A5 打印机" if zh else "A5 printer", "Office laser M132 · ready", select, extra=ready))
    paper = Segmented((("a5", "A5", "", ""), ("80", "80 毫米" if zh else "80 mm", "", "")), value="a5", height=36)
    column.addWidget(SettingRow("默认纸张" if zh else "Default paper", "Alt 8", paper))
    toggle = Toggle(on="开" if zh else "On", off="关" if zh else "Off", name="auto")
    toggle.setChecked(True)
    column.addWidget(SettingRow("确认后立即打印" if zh else "Print as soon as confirmed", "F9", toggle))
    off = Toggle(on="开" if zh else "On", off="关" if zh else "Off", name="auto")
    column.addWidget(SettingRow("电话撤销也打印" if zh else "Print for phone cancellations", "", off))
    column.addSpacing(20)
    ladder = Ladder()
    zh_names = ("待审核", "审核中", "已通过", "已分配", "处理中", "待确认", "已完成")
    en_names = ("Submitted", "In review", "Approved", "Assigned", "In progress", "To confirm", "Closed")
    moments = ("12 May 10:26", "10:40", "15:05", "13 May 09:30", "Today 09:10", "", "")
    ladder.set_steps(tuple(zip(zh_names if zh else en_names, moments, strict=True)), 4, spoken="5 / 7")
    column.addWidget(ladder)
    column.addWidget(Hairline())
    column.addWidget(
        EmptyState(
            "search-x",
            "没有找到 “AS-9”" if zh else "Nothing found for “AS-9”",
            steps=(Button("新建工单" if zh else "New ticket", icon="plus", key="Ctrl N"),),
        ),
        1,
    )
    board.resize(864, 720)
    return board


def sign_in(zh: bool) -> QWidget:
    """Rail, hint bar, keypad."""
    board = Pane("surface")
    column = QVBoxLayout(board)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    row = QHBoxLayout()
    rail = Rail("禾")
    names = (
        ("工单", "回访", "审批", "同步", "分析", "设置")
        if zh
        else ("Desk", "Callbacks", "Approvals", "Sync", "Insights", "Settings")
    )
    icons = ("search", "phone-call", "shield-check", "refresh-cw", "chart-column", "settings")
    rail.set_items(tuple((n, i, n, b) for n, i, b in zip(names, icons, (0, 4, 3, 1, 0, 0), strict=True)))
    rail.set_current(names[0])
    rail.set_urgent(frozenset({names[3]}))
    row.addWidget(rail)
    pad = QVBoxLayout()
    pad.addStretch(1)
    pad.addWidget(TextLabel("输入 PIN" if zh else "Enter PIN", "heading", align=Qt.AlignmentFlag.AlignHCenter))
    pins = PinBoxes(side=40)
    pins.type_digit("1")
    pad.addWidget(pins, 0, Qt.AlignmentFlag.AlignHCenter)
    pad.addWidget(Keypad("清除" if zh else "Clear"), 0, Qt.AlignmentFlag.AlignHCenter)
    pad.addStretch(1)
    row.addLayout(pad, 1)
    column.addLayout(row, 1)
    hints = HintBar()
    hints.set_hints(
        [
            (("↑", "↓"), "选择" if zh else "Move"),
            (("Enter",), "打开" if zh else "Open"),
            (("F8",), "撤销工单" if zh else "Cancel ticket"),
            (("Ctrl", "↵"), "确认" if zh else "Confirm"),
        ]
    )
    hints.set_right("printer", "A5 打印机就绪" if zh else "A5 printer ready")
    hints.set_clock("14:12")
    column.addWidget(hints)
    board.resize(900, 700)
    return board


BOARDS = {"asking": asking, "plan": plan, "buttons": buttons, "settings": settings, "sign_in": sign_in}


def boards() -> Iterator[tuple[str, QWidget]]:
    """Every board in every scheme and language; the scheme stays on while the board is out."""
    for scheme in SCHEMES:
        THEME.set_scheme(scheme)  # type: ignore[arg-type]
        for language in LANGUAGES:
            for name, make in BOARDS.items():
                yield f"{name}-{scheme}-{language}", make(language == "zh")


def main(folder: Path) -> None:
    """Writes every board as a picture."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    app = QApplication([])
    install_theme(app)
    folder.mkdir(parents=True, exist_ok=True)
    for name, board in boards():
        board.show()
        app.processEvents()
        board.grab().save(str(folder / f"{name}.png"))
        board.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
