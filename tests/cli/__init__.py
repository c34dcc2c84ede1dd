"""The command line, run in this process and as a program of its own, on a real store."""
