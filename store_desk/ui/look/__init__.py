"""Look of the window: tokens, fonts, icons, painting."""

from store_desk.ui.look.theme import THEME, Theme, install_theme

__all__ = ["THEME", "Theme", "install_theme"]
