"""Fixtures of the customer screen's tests: the desk of the cancel sheet."""

from __future__ import annotations

from tests.ui.cancel.conftest import look, shop, template

__all__ = ["look", "shop", "template"]
