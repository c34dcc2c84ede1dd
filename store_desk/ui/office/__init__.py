"""Administration pages of head office's own staff: outcomes, conditions, numbers, stores, desks, people."""
