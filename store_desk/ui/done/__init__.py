"""The sheet after a cancellation: what happened, the slip for the customer, and taking it all back."""
