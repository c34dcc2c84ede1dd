"""Words of the page that checks a slip."""

from typing import Final

WORDS: Final[dict[str, tuple[str, str]]] = {
    "title": ("核验撤销单", "Verify a slip"),
    "about": (
        "不联网。核验 PDF、照片或扫描件，或直接扫描纸上的二维码。",
        "Works without a network: a PDF, a photograph or scan of the paper, or the paper's QR itself.",
    ),
    "drop": ("把 PDF 或图片拖到这里", "Drop a PDF or a picture here"),
    "formats": ("PDF、PNG、JPEG，最大 64 MB", "PDF, PNG, JPEG, up to 64 MB"),
    "choose": ("选择文件", "Choose a file"),
    "dialog": ("选择撤销单", "Choose a slip"),
    "files": ("撤销单", "Slips"),
    "text": ("或粘贴二维码文字，也可直接扫码", "Or paste the text of the QR, or scan it"),
    "text.name": ("二维码文字", "Text of the QR"),
    "check": ("核验", "Check"),
    "checking": ("正在核验…", "Checking…"),
    "none": ("还没有核验", "Nothing checked yet"),
    "none.text": ("结果会显示在这里。", "The verdict appears here."),
    "source.text": ("二维码文字", "Text of a QR"),
    "changed": ("被改动：{what}", "Changed: {what}"),
    "hint.open": ("选择文件", "Choose a file"),
    "hint.check": ("核验", "Check"),
    "hint.back": ("返回", "Back"),
}
