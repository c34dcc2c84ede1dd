"""The shop's rules: plain values and pure functions, no clock, no files, no screen."""
