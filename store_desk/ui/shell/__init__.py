"""The window's frame: rail, top bar, pages, sheets over them, hint bar, commands and key help."""
