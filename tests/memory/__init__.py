"""A desk's store in memory, for histories that are played by the ten thousand."""
