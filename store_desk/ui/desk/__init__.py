"""The desk: lists, search, and one ticket with what its state demands."""
