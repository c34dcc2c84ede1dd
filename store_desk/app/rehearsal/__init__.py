"""A whole head office on one machine for practice: its own PostgreSQL, services and desks, and trouble if asked for.

Nothing of it touches a store of this computer: everything lies in one temporary folder, which goes at the end.
"""
