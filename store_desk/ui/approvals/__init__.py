"""Approvals: who waits for a second person, and cancellations that deserve a second look."""
