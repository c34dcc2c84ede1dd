"""Why a check of a slip came out as it did: the details of verdicts, which the code names in English, in words."""

from __future__ import annotations

from typing import Final

# Many faults of a QR's text mean one thing to who holds the paper.
_NO_CODE: Final = ("这不是 Store Desk 撤销单的二维码", "it is not the code of one of Store Desk's slips")
_CUT: Final = ("二维码文字不完整，请重新扫描", "the code's text is not whole; scan it again")
_ALTERED: Final = ("二维码的内容不是程序写出的形式，可能被改动", "the code does not read as the program writes it")
_NO_PDF: Final = ("这不是可读的 PDF", "it is not a PDF that can be read")
_NO_PACK: Final = ("这不是完整的证据包", "it is not a whole evidence pack")

PACK: Final = "no evidence pack"
WORDS: Final[dict[str, tuple[str, str]]] = {
    "because": ("原因：{why}。", "Because {why}."),
    # What nobody foresaw, such as the words of a library.
    "why.other": ("内容无法辨认", "its content cannot be made out"),
    # The text of a code.
    "why.no proof of Store Desk": _NO_CODE,
    "why.too long": _NO_CODE,
    "why.a character that base45 lacks": _CUT,
    "why.no base45": _CUT,
    "why.cut off": _CUT,
    "why.bytes are left over": _ALTERED,
    "why.no map": _ALTERED,
    "why.keys out of order": _ALTERED,
    "why.a number beyond 64 bits": _ALTERED,
    "why.an open or unknown length": _ALTERED,
    "why.a number in a longer form than it needs": _ALTERED,
    "why.a kind of value that no proof has": _ALTERED,
    "why.no key": _ALTERED,
    "why.a fact out of its bounds": _ALTERED,
    "why.facts that no slip has": _ALTERED,
    "why.a text is missing": _ALTERED,
    "why.a hash is missing": _ALTERED,
    "why.a number is missing": _ALTERED,
    "why.another version": (
        "由另一版本的程序写成，请更新本机程序",
        "another version of the program wrote it; update this one",
    ),
    "why.signature": ("签名不符", "the signature does not hold"),
    # Files and pictures.
    "why.too large": ("文件太大，不会是撤销单", "the file is too large for a slip"),
    "why.several slips": ("图片里有不止一张撤销单，请逐张核验", "it shows more than one slip; check them one by one"),
    "why.no qr": ("没有找到撤销单的二维码", "no code of a slip was found"),
    "why.no pdf": _NO_PDF,
    "why.damaged": ("文件已损坏", "the file is damaged"),
    "why.no slip": ("这份 PDF 里没有撤销单", "this PDF holds no slip"),
    "why.no picture": ("这不是可读的图片", "it is not a picture that can be read"),
    "why.too many pixels": ("图片太大，请缩小后再试", "the picture is too large; make it smaller and try again"),
    "why.it takes too long to read": ("读取时间过长，已停止", "it takes too long to read"),
    "why.it takes too much to read": ("读取占用过多，已停止", "it takes too much to read"),
    # The signature of a PDF, beside its content.
    "why.file changed": ("文件签名以后被改动", "the file was changed after it was signed"),
    "why.file unsigned": ("文件没有签名", "the file carries no signature"),
    "why.file broken": ("文件签名已损坏", "the file's signature is broken"),
    "why.file signer": (
        "文件不是用该柜台的证书签名的",
        "the file was signed with a certificate that is not this desk's",
    ),
    # Evidence packs.
    f"why.{PACK}": _NO_PACK,
    "why.too many or double members": ("证据包内文件过多或重名", "its files are too many, or have one name twice"),
    "why.members are packed or encrypted": ("证据包内文件被压缩或加密", "its files are packed or encrypted"),
    "why.members lie over one another": ("证据包内文件互相重叠", "its files lie over one another"),
    "why.manifest too large": ("证据包目录过大", "its list of files is too large"),
    "why.another format": ("证据包由另一种程序写成", "another program wrote the pack"),
}


def why_in_words(english: bool, why: str) -> str:
    """The detail of a verdict as a clause; what nobody foresaw is told as it is in English alone."""
    if f"why.{why}" in WORDS:
        return WORDS[f"why.{why}"][english]
    kind, _, rest = why.partition(": ")
    if kind == PACK:
        # A pack's fault may be a library's sentence, or the name of what is missing.
        return WORDS[f"why.{rest}" if f"why.{rest}" in WORDS else f"why.{PACK}"][english]
    return why if english else WORDS["why.other"][english]
