"""The settings: one column of rows, saved at once."""
