"""The cancel sheet: who asks, why, what will happen, who approves, and the customer's consent, on one surface."""
