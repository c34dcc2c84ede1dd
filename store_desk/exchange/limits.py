"""The limits of what a file may cost, each with its reason."""

from __future__ import annotations

from typing import Final

MIB: Final = 1024 * 1024

# Rulings 31: a text table is streamed, so its size costs time only; a workbook is unpacked into memory.
CSV_BYTES_MAX: Final = 512 * MIB
WORKBOOK_BYTES_MAX: Final = 64 * MIB
# A workbook is a zip: what it unpacks to, how many parts it has, how much one part may grow. Real office files with
# long columns of equal cells reach a ratio of about 30; deflate itself ends near 1,030.
UNZIPPED_BYTES_MAX: Final = 1024 * MIB
ZIP_RATIO_MAX: Final = 100
ZIP_ENTRIES_MAX: Final = 1_000
# Below this an entry may have any ratio: a few kilobytes of equal XML compress well and hurt nobody.
ZIP_RATIO_FREE_BYTES: Final = 4 * MIB
# The reader lays a sheet out as a full rectangle: one cell at the far corner would ask for 17 thousand million cells.
SHEET_CELLS_MAX: Final = 40_000_000
# The widest sheet that any spreadsheet writes (XLSX and ODS).
SHEET_COLUMNS_MAX: Final = 16_384

# One line, and one row of several lines. Longer ones are a broken quote or no table at all.
LINE_CHARACTERS_MAX: Final = 1_048_576
ROW_LINES_MAX: Final = 1_000
ROW_CHARACTERS_MAX: Final = 1_048_576

# How far down the headings are looked for, how many rows are looked at to guess, and how many are shown.
HEADING_SEARCH_ROWS: Final = 50
SAMPLE_ROWS: Final = 20
COLUMNS_MAX: Final = 500
HEADING_LENGTH_MAX: Final = 120

# What one field may hold; longer is refused, never cut. Lengths are characters.
NUMBER_LENGTH_MAX: Final = 64
NAME_LENGTH_MAX: Final = 200
WORD_LENGTH_MAX: Final = 200
# Market places put whole advertisements into the name of an article.
PRODUCT_LENGTH_MAX: Final = 500
DESCRIPTION_LENGTH_MAX: Final = 20_000
# Columns that no field fits ride along with the ticket.
OTHER_COLUMNS_MAX: Final = 20
OTHER_LENGTH_MAX: Final = 500
# Amounts above 100 thousand million are a typing error or a number that is no amount.
AMOUNT_MINOR_MAX: Final = 10**13

# How much of an unreadable value is repeated to the clerk.
VALUE_SHOWN_MAX: Final = 200
# How many different unknown words are asked about at once; more of them means the wrong column is matched.
UNKNOWN_WORDS_MAX: Final = 200
# How many rows may pass between two looks at the stop button.
STOP_EVERY_ROWS: Final = 256
# Parsed values kept by text; exports repeat dates, amounts and words.
CACHE_ENTRIES: Final = 16_384
