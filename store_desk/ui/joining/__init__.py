"""Joining a head office: the form, and the test of the way there; in the first run and in the settings."""
