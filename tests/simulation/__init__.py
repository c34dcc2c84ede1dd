"""Histories by seed: several desks, head office and a hostile network, all of the program's own rules.

One seed is one history: the same seed takes the same steps. Desks run the program's services over stores in memory,
head office its own `hub.apply`; only disk and wire are imitated: they lose, double, delay, crash and go back in time.
"""
