"""Tests of the desk's page."""
