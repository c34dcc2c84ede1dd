"""The third step: the rows that cannot be taken, each with its line, field, value and reason."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QAbstractItemView, QFileDialog, QHBoxLayout, QHeaderView, QTableView, QVBoxLayout, QWidget

from store_desk.domain.errors import DomainError
from store_desk.domain.imports import RefusedRow
from store_desk.ui.bench import Bench
from store_desk.ui.imports.flow import Flow
from store_desk.ui.look.theme import THEME, font
from store_desk.ui.parts.buttons import Button
from store_desk.ui.parts.parts import EmptyState, Hairline
from store_desk.ui.parts.text import TextLabel
from store_desk.ui.tasks import run

# More than this nobody reads on a screen; the file holds them all.
SHOWN_MAX: Final = 1_000
COLUMNS: Final = ("line", "field", "value", "reason")
ROW_HEIGHT: Final = 40
ObjectRole: Final = Qt.ItemDataRole.UserRole
_Index = QModelIndex | QPersistentModelIndex


class RefusedModel(QAbstractTableModel):
    """Refused rows as a table; the row itself under ObjectRole."""

    def __init__(self, bench: Bench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bench = bench
        self._rows: tuple[RefusedRow, ...] = ()

    def set_rows(self, rows: tuple[RefusedRow, ...]) -> None:
        """Shows other rows."""
        self.beginResetModel()
        self._rows = rows[:SHOWN_MAX]
        self.endResetModel()

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # Qt's own default
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # Qt's own default
        return len(COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self._bench.language.say(f"ui_imports.check.{COLUMNS[section]}")
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        return None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row = self._rows[index.row()]
        if role == ObjectRole:
            return row
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return self._words(row, COLUMNS[index.column()])
        if role == Qt.ItemDataRole.ForegroundRole and COLUMNS[index.column()] != "reason":
            return THEME.colour("text2")
        return None

    def _words(self, row: RefusedRow, column: str) -> str:
        say = self._bench.language.say
        if column == "line":
            return f"{row.line:,}"
        if column == "field":
            return say(f"imports.field.{row.field}") if row.field else ""
        if column == "value":
            return " ".join(row.value.split())
        return say(f"imports.refused.{row.code}", value=row.value, field=self._words(row, "field"), line=row.line)


class CheckPane(QWidget):
    """The list, or the news that there is none; a button saves it as a file."""

    def __init__(self, bench: Bench, flow: Flow, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bench, self._flow = bench, flow
        say = bench.language.say
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._head = QHBoxLayout()
        self._title = TextLabel("", "label", "text2")
        self._saved = TextLabel("", "small", "text2", elide=True, align=Qt.AlignmentFlag.AlignRight)
        self.save = Button(say("ui_imports.check.save"), icon="save", key="Ctrl S", size="small")
        self.save.clicked.connect(self.choose_file)
        self._head.addWidget(self._title)
        self._head.addWidget(self._saved, 1)
        self._head.addWidget(self.save)
        column.addLayout(self._head)
        column.addWidget(Hairline())
        self.model = RefusedModel(bench, self)
        self.table = self._build_table()
        self._body = QHBoxLayout()
        self._body.addWidget(self.table)
        column.addLayout(self._body, 1)
        hint = TextLabel(say("ui_imports.check.none.hint"), "small", "text2")
        self._none = EmptyState("circle-check", say("ui_imports.check.none"), steps=(hint,))
        column.addWidget(self._none, 1)
        self.set_pad(32)

    def _build_table(self) -> QTableView:
        table = QTableView()
        table.setModel(self.model)
        table.setFont(font("small"))
        table.setShowGrid(False)
        table.setFrameShape(QTableView.Shape.NoFrame)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setTabKeyNavigation(False)
        table.setWordWrap(False)
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)
        header = table.horizontalHeader()
        header.setFont(font("captionb"))
        header.setHighlightSections(False)
        header.setStretchLastSection(True)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        for at, width in enumerate((72, 120, 220)):
            header.resizeSection(at, width)
        table.setAccessibleName(self._bench.language.say("ui_imports.check.refused_name"))
        return table

    def set_pad(self, pad: int) -> None:
        """The pane's side padding."""
        self._head.setContentsMargins(pad, 0, pad, 8)
        self._body.setContentsMargins(pad - 9, 0, pad - 9, 8)

    def show_flow(self) -> None:
        """Lists what the check refused."""
        check, say = self._flow.check, self._bench.language.say
        refused = check.refused if check is not None else ()
        self.model.set_rows(refused)
        total = max(len(refused), check.counts.refused) if check is not None else 0
        shown = min(SHOWN_MAX, len(refused))
        key = "check.refused" if shown == total else "check.refused_first"
        self._title.set_text(say(f"ui_imports.{key}", n=total, shown=shown) if total else "")
        for widget in (self.table, self.save):
            widget.setVisible(total > 0)
        self._none.setVisible(check is not None and total == 0)
        self.restyle()

    def restyle(self) -> None:
        """Takes the scheme's colours; Qt paints this table itself."""
        palette = self.table.palette()
        for role, token in (
            (QPalette.ColorRole.Base, "surface"),
            (QPalette.ColorRole.Text, "text"),
            (QPalette.ColorRole.Window, "surface"),
            (QPalette.ColorRole.Button, "surface"),
            (QPalette.ColorRole.ButtonText, "text2"),
            (QPalette.ColorRole.Highlight, "accent_soft"),
            (QPalette.ColorRole.HighlightedText, "text"),
        ):
            palette.setColor(role, THEME.colour(token))
        self.table.setPalette(palette)
        line, text, text2 = THEME.hex("line"), THEME.hex("text"), THEME.hex("text2")
        surface, chosen = THEME.hex("surface"), THEME.hex("accent_soft")
        self.table.setStyleSheet(
            f"QTableView {{ background: {surface}; border: none;"
            f" selection-background-color: {chosen}; selection-color: {text}; }}"
            f"QTableView::item {{ border-bottom: 1px solid {line}; padding: 0 6px; }}"
            f"QHeaderView::section {{ background: {surface}; color: {text2}; border: none;"
            f" border-bottom: 1px solid {line}; padding: 8px 9px; }}"
        )

    def choose_file(self) -> None:
        """Asks where the list goes."""
        if self.save.isHidden():
            return
        path = self._flow.path
        dialog = QFileDialog(self, self._bench.language.say("ui_imports.check.save.dialog"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("csv")
        dialog.selectFile(f"{path.stem if path is not None else 'import'}-refused.csv")
        dialog.fileSelected.connect(self.save_to)
        dialog.open()

    def save_to(self, file: str) -> None:
        """Writes the refused rows, on the file lane."""
        check = self._flow.check
        if check is None:
            return
        refused = check.refused
        importing = self._bench.importing

        def work() -> str:
            importing.save_refused(refused, Path(file))
            return file

        run(self, self._bench.files, work, then=self._on_saved, refused=self._on_not_saved)

    def _on_saved(self, file: str) -> None:
        self._saved.set_look(colour="text2")
        self._saved.set_text(self._bench.language.say("ui_imports.check.saved", file=file))

    def _on_not_saved(self, error: DomainError) -> None:
        self._saved.set_look(colour="bad")
        self._saved.set_text(self._bench.language.error(error))
