"""Words of the evidence pack: what it is and how a stranger checks it."""

from __future__ import annotations

from typing import Final

WORDS: Final[dict[str, tuple[str, str]]] = {
    "readme": (
        "售后工单证据包\n\n"
        "工单：{ticket}\n门店与柜台：{store}\n导出时间：{at}\n柜台公钥指纹：{fingerprint}\n\n"
        "内容\n"
        "slips/: 每一张单据：原始数据（JSON，即计入柜台单据链的原文）和可打印的文件（PDF，带文件签名）\n"
        "cases/: 每一次撤销：原因、结果、批准、条件版本、未了事项；向顾客复述的原文；顾客的笔迹（JSON 与 SVG）\n"
        "attachments/: 照片、录音和文件，附 SHA-256\n"
        "journal.json: 本柜台日志中关于此工单的条目，每条含前一条的哈希\n"
        "ticket.json: 工单\n"
        "manifest.json: 清单：以上每个文件的 SHA-256，以及导出时日志链的末端\n"
        "manifest.sig: 柜台密钥对 manifest.json 的 Ed25519 签名（十六进制）\n\n"
        "如何核验\n"
        "1. store-desk verify 本文件 --trust 门店的密钥文件\n"
        "2. 没有本程序时：逐个计算文件的 SHA-256 与 manifest.json 比对；\n"
        " 再用 manifest.json 中的 key（Ed25519 公钥）核验 manifest.sig 对 manifest.json 全部字节的签名；\n"
        " 最后向门店核对公钥指纹（公钥 SHA-256 的前 16 字节）。\n"
        "3. 单据 PDF 上的二维码和文件签名可以各自独立核验。",
        "Evidence of an after-sales ticket\n\n"
        "Ticket: {ticket}\nStore and desk: {store}\nExported: {at}\nFingerprint of the desk's key: {fingerprint}\n\n"
        "What is in it\n"
        "slips/: every slip: its data (JSON, the very text in the desk's chain of slips) and the printable file\n"
        " (PDF with a file signature)\n"
        "cases/: every cancellation: reason, outcome, approval, version of the conditions, obligations;\n"
        " the text that was read back to the customer; the customer's strokes (JSON and SVG)\n"
        "attachments/: photos, recordings and documents, with their SHA-256\n"
        "journal.json: the desk's journal about this ticket, each entry with the hash of the one before it\n"
        "ticket.json: the ticket\n"
        "manifest.json: the list: SHA-256 of every file above, and where the journal's chain ended\n"
        "manifest.sig: the desk key's Ed25519 signature of manifest.json (hex)\n\n"
        "How to check it\n"
        "1. store-desk verify THIS-FILE --trust KEY-FILE-OF-THE-STORE\n"
        "2. Without the program: compare the SHA-256 of each file with manifest.json; verify manifest.sig over all\n"
        " bytes of manifest.json with the key named there (an Ed25519 public key); compare the key's fingerprint\n"
        " (the first 16 bytes of its SHA-256) with the store.\n"
        "3. The QR and the file signature of each slip's PDF can be checked on their own.",
    ),
}
