"""The first run: founding a store, or restoring one."""
