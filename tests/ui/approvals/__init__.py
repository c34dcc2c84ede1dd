"""Tests of the Approvals page."""
