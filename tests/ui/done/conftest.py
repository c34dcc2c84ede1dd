"""Fixtures of the tests of the sheet after a cancellation: the same desk."""

from __future__ import annotations

from tests.ui.cancel.conftest import look, shop, template

__all__ = ["look", "shop", "template"]
