"""The round of the Tab key over a sheet, read anew at every press: sections make and drop fields in use."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QWidget

from store_desk.ui.parts.parts import Pane

# Things whose middles are this close in height stand on one line, in pixels.
LINE = 12


class TabRound(Pane):
    """A pane whose Tab key goes over its groups in their order, within each from top to bottom and left to right.

    A group with a method `tab_stops` says its own order. At the end the round begins again: what lies under the sheet
    is not reached.
    """

    tab_groups: tuple[QWidget, ...] = ()

    def focusNextPrevChild(self, forward: bool, /) -> bool:
        """Qt: the Tab key was pressed on something in here."""
        stops = [stop for group in self.tab_groups for stop in stops_of(group)]
        if not stops:
            return super().focusNextPrevChild(forward)
        now = QApplication.focusWidget()
        at = stops.index(now) if now in stops else -1 if forward else 0
        reason = Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason
        stops[(at + (1 if forward else -1)) % len(stops)].setFocus(reason)
        return True


def stops_of(group: QWidget) -> list[QWidget]:
    """Where the Tab key stops in this group now; the group itself when it takes the focus."""
    if not group.isVisible():
        return []
    own = getattr(group, "tab_stops", None)
    if own is not None:
        return [stop for stop in own() if _takes_focus(stop, group)]
    found = [stop for stop in (group, *group.findChildren(QWidget)) if _takes_focus(stop, group)]
    return _as_read(found, group)


def _takes_focus(widget: QWidget, group: QWidget) -> bool:
    # A drop-down's list is a window of its own.
    tabs = bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus) and widget.focusProxy() is None
    return tabs and widget.isVisible() and widget.isEnabled() and widget.window() is group.window()


def _as_read(widgets: list[QWidget], group: QWidget) -> list[QWidget]:
    places = sorted(((_middle(widget, group), widget) for widget in widgets), key=lambda each: each[0].y())
    lines: list[list[tuple[QPoint, QWidget]]] = []
    for place, widget in places:
        if lines and place.y() - lines[-1][0][0].y() < LINE:
            lines[-1].append((place, widget))
        else:
            lines.append([(place, widget)])
    return [widget for line in lines for _, widget in sorted(line, key=lambda each: each[0].x())]


def _middle(widget: QWidget, group: QWidget) -> QPoint:
    return widget.mapTo(group, widget.rect().center()) if widget is not group else widget.rect().center()
