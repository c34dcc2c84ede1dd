"""Kill tests: the desk dies, or its disk fails, at every step of what it writes."""
