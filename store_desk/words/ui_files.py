"""Words of a ticket's files at the desk, and of its evidence pack."""

from typing import Final

WORDS: Final[dict[str, tuple[str, str]]] = {
    "title": ("附件", "Attachments"),
    "count": ("{n} 个", "{n} file|{n} files"),
    "kind.photo": ("照片", "Photo"),
    "kind.audio": ("录音", "Recording"),
    "kind.document": ("PDF 文件", "PDF document"),
    "facts": ("{kind} · {size} · {when} · {who}", "{kind} · {size} · {when} · {who}"),
    "open": ("打开", "Open"),
    "view": ("查看", "View"),
    "open.name": ("{do} {file}，{facts}", "{do} {file}, {facts}"),
    "opening": ("正在打开 {file}…", "Opening {file}…"),
    "opened": ("已在电脑的查看程序中打开 {file}", "{file} was opened in this computer’s viewer"),
    "no_viewer": (
        "这台电脑没有能打开 {file} 的程序。可以导出证据包，在别处查看。",
        "No program on this computer opens {file}. Export the evidence pack and look at it elsewhere.",
    ),
    "recording": ("电话录音 {number}", "Phone recording {number}"),
    "recording.facts": (
        "撤销时的录音编号 · {when} · 存于电话系统",
        "Consent by phone · {when} · kept by the telephone system",
    ),
    "preview.outside": ("用电脑的查看程序打开", "Open in this computer’s viewer"),
    "preview.close": ("关闭", "Close"),
    "preview.picture": ("照片 {file}", "Photo {file}"),
    "evidence": ("证据包…", "Evidence pack…"),
    "evidence.title": ("证据包存到哪里", "Where to save the evidence pack"),
    "evidence.saving": ("正在导出证据包…", "Writing the evidence pack…"),
    "evidence.saved": ("证据包已存为 {file}", "Evidence pack saved as {file}"),
}
