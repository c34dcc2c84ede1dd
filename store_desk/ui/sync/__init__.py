"""Sync: what this desk told head office, what became of it, and what is left for a person to do."""
