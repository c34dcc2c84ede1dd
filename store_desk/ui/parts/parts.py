"""Pieces of pages under one name: areas, steps and signs."""

from store_desk.ui.parts.areas import PANELS, Banner, EmptyState, Hairline, Pane, Panel, PanelTone, SettingRow
from store_desk.ui.parts.signs import Avatar, ProgressBar, ProgressLine, Skeleton
from store_desk.ui.parts.steps import Ladder, PlanRow, SectionHead, SectionState, Tile

__all__ = [
    "Avatar",
    "Banner",
    "EmptyState",
    "Hairline",
    "Ladder",
    "PANELS",
    "Pane",
    "Panel",
    "PanelTone",
    "PlanRow",
    "ProgressBar",
    "ProgressLine",
    "SectionHead",
    "SectionState",
    "SettingRow",
    "Skeleton",
    "Tile",
]
