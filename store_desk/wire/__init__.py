"""The messages between desk and head office, as they travel."""
