"""Store Desk: the counter program for taking back after-sales tickets."""

__version__ = "0.1.0"
