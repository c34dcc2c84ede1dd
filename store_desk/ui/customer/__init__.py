"""The screen that is turned to the customer: one ticket, what happens to it, and a place to sign."""
