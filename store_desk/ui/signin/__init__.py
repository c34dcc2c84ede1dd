"""Signing in, the lock, and the way back for somebody who forgot a PIN."""
