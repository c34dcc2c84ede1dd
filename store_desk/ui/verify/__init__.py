"""Checking a slip: a file, a picture or the QR's text, and the verdict in big words."""
