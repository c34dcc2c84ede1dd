"""Tests of joining a head office."""
