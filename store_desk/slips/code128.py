"""Code 128 bars (ISO/IEC 15417): the widths of bars and gaps for printable ASCII."""

from __future__ import annotations

_START_B, _START_C, _TO_C, _TO_B, _STOP = 104, 105, 99, 100, 106
QUIET_MODULES = 10
# A run of digits pays for changing into set C and back from this length on (at an end of the text: from 4 on).
_DIGITS_INSIDE, _DIGITS_AT_END = 6, 4

# Widths of bar, gap, bar, gap, bar, gap of each symbol, as one number per symbol (ISO/IEC 15417 table 1).
_WIDTHS = [
    "212222",
    "222122",
    "222221",
    "121223",
    "121322",
    "131222",
    "122213",
    "122312",
    "132212",
    "221213",
    "221312",
    "231212",
    "112232",
    "122132",
    "122231",
    "113222",
    "123122",
    "123221",
    "223211",
    "221132",
    "221231",
    "213212",
    "223112",
    "312131",
    "311222",
    "321122",
    "321221",
    "312212",
    "322112",
    "322211",
    "212123",
    "212321",
    "232121",
    "111323",
    "131123",
    "131321",
    "112313",
    "132113",
    "132311",
    "211313",
    "231113",
    "231311",
    "112133",
    "112331",
    "132131",
    "113123",
    "113321",
    "133121",
    "313121",
    "211331",
    "231131",
    "213113",
    "213311",
    "213131",
    "311123",
    "311321",
    "331121",
    "312113",
    "312311",
    "332111",
    "314111",
    "221411",
    "431111",
    "111224",
    "111422",
    "121124",
    "121421",
    "141122",
    "141221",
    "112214",
    "112412",
    "122114",
    "122411",
    "142112",
    "142211",
    "241211",
    "221114",
    "413111",
    "241112",
    "134111",
    "111242",
    "121142",
    "121241",
    "114212",
    "124112",
    "124211",
    "411212",
    "421112",
    "421211",
    "212141",
    "214121",
    "412121",
    "111143",
    "111341",
    "131141",
    "114113",
    "114311",
    "411113",
    "411311",
    "113141",
    "114131",
    "311141",
    "411131",
    "211412",
    "211214",
    "211232",
    "2331112",
]


def bars(text: str) -> tuple[tuple[int, int], ...]:
    """Each black bar as (start, width) in modules; empty when the text is empty or not printable ASCII."""
    if not text or not all(" " <= char <= "~" for char in text):
        return ()
    made = []
    at = 0
    for symbol in _symbols(text):
        for place, width in enumerate(map(int, _WIDTHS[symbol])):
            if place % 2 == 0:
                made.append((at, width))
            at += width
    return tuple(made)


def modules_wide(marks: tuple[tuple[int, int], ...]) -> int:
    """How many modules the bars span, without the quiet zones."""
    return marks[-1][0] + marks[-1][1] if marks else 0


def _symbols(text: str) -> list[int]:
    made: list[int] = []
    in_c = False
    at = 0
    while at < len(text):
        pairs = _digit_pairs(text, at)
        if pairs:
            if not in_c:
                made.append(_TO_C if made else _START_C)
                in_c = True
            made.extend(int(text[place : place + 2]) for place in range(at, at + 2 * pairs, 2))
            at += 2 * pairs
        else:
            if in_c or not made:
                made.append(_TO_B if made else _START_B)
                in_c = False
            made.append(ord(text[at]) - 32)
            at += 1
    check = (made[0] + sum(place * symbol for place, symbol in enumerate(made[1:], start=1))) % 103
    return [*made, check, _STOP]


def _digit_pairs(text: str, at: int) -> int:
    """How many digit pairs from here on are shorter in set C than in set B."""
    end = at
    while end < len(text) and text[end].isdigit():
        end += 1
    run = end - at
    least = _DIGITS_AT_END if at == 0 or end == len(text) else _DIGITS_INSIDE
    # An odd run leaves its first digit to set B, unless it opens the text.
    if run < least or (run % 2 and at != 0):
        return 0
    return run // 2
