"""Tests of head office's administration pages."""
