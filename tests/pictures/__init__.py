"""Pictures of every screen and slip, taken from the running program: `python -m tests.pictures OUT_DIR`."""
