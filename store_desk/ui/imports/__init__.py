"""Bringing tickets in from a file, in four steps."""
