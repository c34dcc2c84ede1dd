"""A picture of a ticket shown over the desk, without leaving the program."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QImage, QImageReader, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QVBoxLayout, QWidget

from store_desk.ui.bench import Bench
from store_desk.ui.look.theme import THEME
from store_desk.ui.look.tokens import RADIUS
from store_desk.ui.parts.buttons import Button
from store_desk.ui.parts.painting import frame
from store_desk.ui.parts.text import TextLabel

MARGIN: Final = 32
PAD: Final = 20
# More than any screen shows; a picture that says it is larger is read smaller.
SIDE_MAX: Final = 2_400


def picture_of(content: bytes) -> QImage:
    """The picture, turned upright, no larger than a screen; a null image where Qt cannot read it."""
    buffer = QBuffer()
    buffer.setData(QByteArray(content))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer)
    reader.setDecideFormatFromContent(True)
    reader.setAutoTransform(True)
    size = reader.size()
    if size.isValid() and max(size.width(), size.height()) > SIDE_MAX:
        reader.setScaledSize(size.scaled(SIDE_MAX, SIDE_MAX, Qt.AspectRatioMode.KeepAspectRatio))
    return reader.read()


class Preview(QWidget):
    """Signals: closed(whether it had the focus), outside_asked(). Esc or a click beside the picture closes it."""

    closed = Signal(bool)
    outside_asked = Signal()

    def __init__(self, bench: Bench, over: QWidget) -> None:
        super().__init__(over)
        self._bench = bench
        self._over = over
        self._image = QImage()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._name = TextLabel("", "subhead", elide=True)
        self._facts = TextLabel("", "small", "text2", elide=True)
        self.outside = Button("", icon="external-link")
        self.close_it = Button("", key="Esc")
        self.outside.clicked.connect(self.outside_asked)
        self.close_it.clicked.connect(self.shut)
        column = QVBoxLayout(self)
        column.setContentsMargins(MARGIN + PAD, MARGIN + 16, MARGIN + PAD, MARGIN + PAD)
        texts = QVBoxLayout()
        texts.setSpacing(0)
        texts.addWidget(self._name)
        texts.addWidget(self._facts)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addLayout(texts, 1)
        head.addWidget(self.outside)
        head.addWidget(self.close_it)
        column.addLayout(head)
        column.addStretch(1)
        self._head = head
        self.hide()

    def show_picture(self, image: QImage, *, name: str, facts: str) -> None:
        """Shows this picture over the desk."""
        say = self._bench.language.say
        self._image = image
        self._name.set_text(name)
        self._facts.set_text(facts)
        self.outside.set_text(say("ui_files.preview.outside"))
        self.close_it.set_text(say("ui_files.preview.close"))
        self.setAccessibleName(say("ui_files.preview.picture", file=name))
        self.setGeometry(self._over.rect())
        self.show()
        self.raise_()
        self.close_it.setFocus(Qt.FocusReason.OtherFocusReason)

    def shut(self) -> None:
        """Takes the picture away and forgets it."""
        if self.isHidden():
            return
        focused = QApplication.focusWidget()
        within = focused is not None and (focused is self or self.isAncestorOf(focused))
        self.hide()
        self._image = QImage()
        self.closed.emit(within)

    def sizeHint(self) -> QSize:
        return self._over.size()

    def _card(self) -> QRect:
        return self.rect().adjusted(MARGIN, MARGIN, -MARGIN, -MARGIN)

    def _room(self) -> QRect:
        top = self._head.geometry().bottom() + 17
        card = self._card()
        return QRect(card.left() + PAD, top, card.width() - 2 * PAD, card.bottom() - PAD - top)

    def focusNextPrevChild(self, forward: bool, /) -> bool:
        # What lies under the picture cannot be seen, so Tab stays here.
        (self.close_it if self.outside.hasFocus() else self.outside).setFocus(Qt.FocusReason.TabFocusReason)
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.shut()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if not self._card().contains(event.position().toPoint()):
            self.shut()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), THEME.colour("scrim"))
        frame(painter, QRectF(self._card()), RADIUS["panel"], fill="surface", line="line")
        room = self._room()
        if self._image.isNull() or room.isEmpty():
            return
        size = self._image.size()
        if size.width() > room.width() or size.height() > room.height():
            size = size.scaled(room.size(), Qt.AspectRatioMode.KeepAspectRatio)
        at = room.center() - QPoint(size.width() // 2, size.height() // 2)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(QRect(at, size), self._image)
