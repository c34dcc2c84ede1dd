"""Files in and out: ticket exports of other systems read row by row, and tickets written as files.

Everything here only reads or writes files and knows no database, so that it can run in a child process.
"""
