"""`python -m store_desk` and the `store-desk` command: a verb does its work without a window, none opens the window."""

from __future__ import annotations

import sys


def main() -> int:
    """Runs what the command line asks for and answers the exit status."""
    argv = sys.argv[1:]
    if argv[:1] == ["--import-child"]:
        from store_desk.app.import_child import main as read_file

        return read_file()
    from store_desk import cli

    # Who asks for JSON is a script: it is told what is missing, and no window opens.
    if cli.first_word(argv) or {"-h", "--help", "--version", "--json"} & set(argv):
        return cli.main(argv)
    from store_desk.app.main import run_window

    return run_window(argv)


if __name__ == "__main__":
    sys.exit(main())
