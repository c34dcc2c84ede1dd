"""Words of the page that opens when the data cannot be opened."""

from typing import Final

WORDS: Final[dict[str, tuple[str, str]]] = {
    "title": ("数据打不开", "The data cannot be opened"),
    "title.lost": ("数据里缺少最近的操作", "The latest work is missing from the data"),
    "safe": (
        "什么都没有被删除或改写。下面的每条路都会先把现在的文件完整移到一旁。",
        "Nothing was deleted or written. Each way below first moves the present files aside, whole.",
    ),
    "again": ("再试一次", "Try again"),
    "again.text": ("关闭其他正在使用数据的程序后再试。", "After closing whatever else uses the data."),
    "again.lost": ("以现有数据继续", "Go on with what is there"),
    "again.lost.text": (
        "店长核对后，运行 store-desk doctor --mend 结束这个提示。",
        "Once a manager has compared, store-desk doctor --mend ends this notice.",
    ),
    "copies": ("本机保留的副本", "Copies kept on this computer"),
    "copy": ("恢复 {when} 的副本", "Restore the copy of {when}"),
    "copy.text": ("之后的操作会缺失，按日志补做。", "What came after it is missing and must be done again."),
    "no_copies": ("本机没有保留副本。", "There are no copies on this computer."),
    "file": ("从备份文件恢复…", "Restore from a backup file…"),
    "file.text": ("需要备份时设定的口令。", "Needs the passphrase of that backup."),
    "sheet": ("输入恢复表…", "Enter the recovery sheet…"),
    "sheet.text": ("密钥缺失时，用初始设置时打印的恢复表。", "When the key is missing: the sheet from set-up."),
    "sheet.placeholder": ("逐行输入恢复表", "The recovery sheet, line by line"),
    "sheet.go": ("用恢复表打开", "Open with the sheet"),
    "passphrase": ("备份的口令", "The backup's passphrase"),
    "passphrase.go": ("恢复", "Restore"),
    "choose": ("选择备份文件", "Choose a backup file"),
    "quit": ("退出", "Quit"),
    "working": ("正在恢复…", "Restoring…"),
    "backup_filter": ("备份文件 (*)", "Backup files (*)"),
}
