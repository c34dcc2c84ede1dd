"""Roles of painted parts for screen readers.

A part that is no Qt button or label carries `accessible_role`, and `spoken_value()` where it holds a value.
"""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from PySide6.QtCore import QObject
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QAccessibleWidget, QWidget
from shiboken6 import isValid


@runtime_checkable
class Valued(Protocol):
    """A part whose value is read out."""

    def spoken_value(self) -> str:
        """The value in words."""


class SpokenPart(QAccessibleWidget):
    """What a screen reader is told of a painted part."""

    def __init__(self, part: QWidget, role: QAccessible.Role) -> None:
        super().__init__(part, role, "")
        self._part = part

    def text(self, kind: QAccessible.Text, /) -> str:
        if kind == QAccessible.Text.Value and isValid(self._part) and isinstance(self._part, Valued):
            return self._part.spoken_value()
        return super().text(kind)


def _interface(key: str, thing: QObject) -> SpokenPart | None:
    role = getattr(type(thing), "accessible_role", None)
    if isinstance(role, QAccessible.Role) and isinstance(thing, QWidget):
        return SpokenPart(thing, role)
    return None


_installed = False


def install_roles() -> None:
    """Tells Qt the roles of painted parts; once for the whole program."""
    global _installed
    if not _installed:
        _installed = True
        QAccessible.installFactory(_interface)
