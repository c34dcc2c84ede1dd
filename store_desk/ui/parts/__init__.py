"""The window's parts: painted from the theme, usable by keyboard and touch, named for screen readers."""
