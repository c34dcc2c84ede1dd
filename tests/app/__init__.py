"""Tests of where everything meets: wiring, imports on the real store, printing, the program itself."""
