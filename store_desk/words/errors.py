"""Every refusal as a sentence that a clerk can act on, by its code."""

from __future__ import annotations

from typing import Final

from store_desk.domain.errors import DomainError, SettingInvalid, SetUpInvalid
from store_desk.words.error_details import DETAILS
from store_desk.words.office_errors import OFFICE

WORDS: Final[dict[str, tuple[str, str]]] = {
    **OFFICE,
    **DETAILS,
    "refused": ("现在不能这样做。", "This cannot be done now."),
    "environment": ("程序以外出了问题：{detail}。", "Something outside Store Desk failed: {detail}."),
    "ticket_not_found": (
        "本柜台没有工单 {number}。请核对单号，或按电话、姓名查找。",
        "No ticket {number} at this desk. Check the number, or search by telephone or name.",
    ),
    "number_ambiguous": (
        "有 {count} 张工单用同一个单号 {number}。请按姓名或电话找到那一张，用它的来源编号。",
        "{count} tickets bear the number {number}. Find the right one by name or telephone and use its source key.",
    ),
    "slip_not_found": ("本柜台没有 {number} 的撤销单。", "There is no slip for {number} at this desk."),
    "ticket_already_cancelled": (
        "工单 {number} 已经撤销。可以补打撤销单，或重开工单。",
        "Ticket {number} is cancelled already. Print its slip again, or reopen the ticket.",
    ),
    "ticket_done": (
        "工单 {number} 已完成，不能撤销。问题再次出现请重开。",
        "Ticket {number} is finished and cannot be cancelled. Reopen it if the problem is back.",
    ),
    "ticket_rejected": (
        "工单 {number} 的申请已被驳回，没有可撤销的内容。顾客可以提出异议。",
        "The request of ticket {number} was rejected, there is nothing to cancel. The customer may object.",
    ),
    "case_already_open": (
        "工单 {number} 已有一项撤销在办理。请打开它，或先撤回。",
        "A cancellation of ticket {number} is under way already. Open it, or withdraw it first.",
    ),
    "no_case_to_withdraw": (
        "工单 {number} 没有可以撤回的撤销。",
        "Ticket {number} has no cancellation that could be taken back.",
    ),
    "undo_window_over": (
        "工单 {number} 的 {minutes} 分钟撤回时间已过。请重开工单。",
        "The {minutes} minutes for taking the cancellation of {number} back are over. Reopen the ticket instead.",
    ),
    "ticket_not_cancelled": (
        "工单 {number} 还在进行中，不需要重开。",
        "Ticket {number} is still open, so there is nothing to reopen.",
    ),
    "already_reopened": (
        "工单 {number} 已重开为 {reopened}，还在进行中。请在 {reopened} 上继续办理。",
        "Ticket {number} is reopened already, as {reopened}, which is still open. Go on with {reopened}.",
    ),
    "note_missing": ("请先写一句为什么重开。", "Write in one line why the ticket is reopened."),
    "ticket_moved": (
        "工单 {number} 刚刚有变化。请再看一遍将要执行的步骤，然后确认。",
        "Ticket {number} changed meanwhile. Look at the plan again and confirm it.",
    ),
    "move_not_allowed": (
        "工单不能从“{before}”变为“{after}”。",
        "A ticket cannot go from {before} to {after}.",
    ),
    "reason_missing": ("请先选择撤销原因，每次撤销都需要。", "Choose the reason first. Every cancellation needs one."),
    "reason_unknown": ("没有原因 {reason}。可用：{known}。", "There is no reason {reason}. Known: {known}."),
    "reason_not_allowed": (
        "现行规则不允许这张工单用“{reason}”。请选其他原因。",
        "The conditions in force do not allow the reason “{reason}” for this ticket. Choose another one.",
    ),
    "evidence_missing": ("“{reason}”还需要：{fields}。", "The reason “{reason}” still needs: {fields}."),
    "evidence_invalid": (
        "{field}“{value}”不对。请核对后重新输入。",
        "{field}: “{value}” cannot be right. Check it and enter it again.",
    ),
    "identity_missing": (
        "请核对身份：需要 {needed} 项相符，现有 {given} 项。",
        "Check who is asking: {needed} needed, {given} matched.",
    ),
    "identity_mismatch": (
        "{kind}与工单不相符。请再问一次，或请主管。",
        "{kind} does not match the ticket. Ask again, or call a supervisor.",
    ),
    "consent_missing": (
        "缺少顾客的确认。这里可用：{accepted}。",
        "The customer's consent is missing. Accepted here: {accepted}.",
    ),
    "witness_invalid": (
        "见证人须是另一位在职人员，{witness} 不行。",
        "The witness must be another member of staff; {witness} is not.",
    ),
    "rights_not_acknowledged": (
        "请先向顾客说明可能失去的权益并勾选。",
        "Tell the customer what is at stake and tick it before you confirm.",
    ),
    "approval_needed": ("需要主管批准：{because}。", "A supervisor must approve this: {because}."),
    "approval_needed.manager": ("需要店长批准：{because}。", "A manager must approve this: {because}."),
    "approver_is_requester": (
        "不能批准自己的申请。请另一位主管批准。",
        "You cannot approve your own request. Ask another supervisor.",
    ),
    "approver_right_missing": (
        "{approver} 没有批准的权限。请主管或店长批准。",
        "{approver} may not approve this. Ask a supervisor or manager.",
    ),
    "right_missing": (
        "{who}（{role}）没有“{right}”的权限。请找店长。",
        "{who} ({role}) may not {right}. Ask a manager.",
    ),
    "wrong_pin": ("PIN 不对，还可试 {left} 次。", "Wrong PIN. {left} tries left."),
    "locked_out": (
        "{who} 已锁定到 {until}。店长可以解锁。",
        "{who} is locked until {until}. A manager can unlock.",
    ),
    "pin_must_change": ("{who}：请先设定自己的 PIN。", "{who}: choose your own PIN before you go on."),
    "pin_not_acceptable": (
        "PIN 须为 {digits} 位数字，不能全部相同、不能连号，也不能与原来相同。",
        "A PIN has {digits} digits, not all the same, not in a row, and not the old one.",
    ),
    "staff_not_found": ("这里没有工号 {who}。", "Nobody here has the number {who}."),
    "staff_exists": ("工号 {who} 已有人使用。", "The number {who} is taken already."),
    "staff_disabled": (
        "账号 {who} 已停用。店长可以新建账号。",
        "The account {who} is switched off. A manager can add one.",
    ),
    "staff_id_invalid": (
        "工号为 1 到 20 个字母或数字，姓名不能为空。",
        "A staff number has 1 to 20 letters or digits, and a name is needed.",
    ),
    "last_manager": ("{who} 是最后一位店长。请先设另一位。", "{who} is the last manager. Make another one first."),
    "reveal_quota_used": (
        "今天已查看 {limit} 个完整号码，达到上限。请主管处理。",
        "You have shown {limit} full numbers today, which is the limit. Ask a supervisor.",
    ),
    "not_set_up": ("{folder} 里还没有门店。请先完成初始设置。", "There is no store in {folder}. Run set-up first."),
    "already_set_up": (
        "{folder} 里已经有门店。没有改动任何内容。",
        "There is a store in {folder} already. Nothing was changed.",
    ),
    "setup_invalid": ("{field}“{value}”不能用。{hint}", "{field}: “{value}” cannot be used. {hint}"),
    "setting_invalid": ("设置 {name} 不能为 {value}。", "{name}: {value} cannot be used."),
    "database_newer": (
        "数据由更新版本的程序写成。请安装新版本；没有改动任何内容。",
        "The data was written by a newer Store Desk. Install the newer version; nothing was changed.",
    ),
    "database_damaged": (
        "数据文件已损坏（{detail}）。没有写入任何内容。请恢复最近的备份：{backup}。",
        "The data file is damaged ({detail}). Nothing was written. Restore the last backup: {backup}.",
    ),
    "work_lost": (
        "数据库里缺少最近的 {entries} 条日志记录（{since} 以后的操作）：预写日志丢失或损坏。文件副本：{kept}。"
        "请核对此后打印的撤销单，缺少的要重新办理；如果有更新的备份，请先恢复备份。",
        "The last {entries} entries of the journal (what was done after {since}) are missing from the database: its"
        " write-ahead log is lost or damaged. Copy of the files: {kept}. Compare the slips printed since then and enter"
        " again what is missing; if there is a newer backup, restore it first.",
    ),
    "database_busy": (
        "另一个程序正在使用数据。请关闭它后再试。",
        "Another program is using the data. Close it and try again.",
    ),
    "key_missing": (
        "{folder} 的密钥缺失或不对。请用恢复表或备份恢复。",
        "The key for the data in {folder} is missing or wrong. Restore it from the recovery sheet or a backup.",
    ),
    "disk_full": (
        "磁盘已满。没有只存一半的内容。请腾出空间后再做一次。",
        "The disk is full. Nothing was half saved. Make room and do it again.",
    ),
    "disk_failed": (
        "磁盘无法读写：{detail}。没有只存一半的内容。",
        "The disk could not be read or written: {detail}. Nothing was half saved.",
    ),
    "journal_broken": (
        "日志从第 {entry} 条起不完整。请联系技术支持，并保持这台电脑原样。",
        "The journal does not hold from entry {entry} on. Call support and keep this computer as it is.",
    ),
    "certificate_unreadable": (
        "这个证书不能使用：{why}。文件仍用原来的证书签名。",
        "This certificate cannot be used: {why}. Files are signed with the one before it.",
    ),
    "file_not_signed": (
        "文件没有签上名：{detail}。文件完整，只是没有签名。",
        "The file could not be signed: {detail}. It is whole, but carries no signature.",
    ),
    "passphrase_wrong": (
        "口令打不开这个备份。请核对后再试。",
        "This passphrase does not open the backup. Check it and try again.",
    ),
    "passphrase_too_short": ("口令至少 {length} 个字符。", "A passphrase needs at least {length} characters."),
    "backup_unreadable": ("{file} 不是可读的备份：{detail}。", "{file} is not a readable backup: {detail}."),
    "already_running": ("本机已经打开了 Store Desk。", "Store Desk is open already on this computer."),
    "file_unreadable": ("无法读取 {file}：{detail}。", "{file} cannot be read: {detail}."),
    "slip_not_genuine": ("这张撤销单没有通过核验（{verdict}）。", "This slip was not found genuine ({verdict})."),
    "file_too_large": (
        "{file} 超过 {limit} MiB。请分几份导出。",
        "{file} is larger than {limit} MiB. Export it in parts.",
    ),
    "file_not_written": ("无法写入 {file}：{detail}。", "{file} could not be written: {detail}."),
    "into_data_folder": (
        "{file} 在数据文件夹里，会损坏数据。请选别的文件夹。",
        "{file} is within the data folder and could damage it. Choose another folder.",
    ),
    "file_encrypted": (
        "{file} 有密码保护。请另存为无密码的文件后再试。",
        "{file} is protected with a password. Save it without one and try again.",
    ),
    "file_empty": ("{file} 的标题下没有数据行。", "{file} holds no rows under its headings."),
    "not_a_ticket_export": (
        "{file} 不像工单导出：{refused} 行不能作为工单（从第 {line} 行起），可用的只有 {rows} 行。没有导入任何内容。"
        "请检查文件和各列的对应关系。",
        "{file} does not look like a ticket export: {refused} rows are no tickets (from line {line} on), {rows} are."
        " Nothing was imported. Check the file, and which column is which.",
    ),
    "not_a_ticket_export.kept": (
        "{file} 不像工单导出：{refused} 行不能作为工单（从第 {line} 行起），可用的只有 {rows} 行。没有导入任何内容。"
        "最前面的这些行及原因已存入 {kept}。",
        "{file} does not look like a ticket export: {refused} rows are no tickets (from line {line} on), {rows} are."
        " Nothing was imported. The first refused rows are saved, each with its reason, in {kept}.",
    ),
    "mapping_incomplete": ("请指定哪一列是：{fields}。", "Say which column holds: {fields}."),
    "mapping_invalid": ("{what} 无法对应。可用：{known}。", "{what} cannot be mapped. Known: {known}."),
    "values_unknown": (
        "{field} 里的这些词是什么意思：{values}？说明一次即可，以后会记住。",
        "What do these mean in {field}: {values}? Say it once, it will be remembered.",
    ),
    "batch_not_found": ("没有编号 {batch} 的导入。", "There is no import {batch}."),
    "batch_too_old": (
        "导入 {batch} 已超过 {hours} 小时，不能整批撤回。",
        "Import {batch} is older than {hours} hours and cannot be taken back as a whole.",
    ),
    "import_stopped": ("导入已停止，没有保留任何内容。", "The import was stopped. Nothing of it was kept."),
    "import_running": (
        "另一个导入正在进行。请等它结束，或停止它。",
        "Another import is running. Wait for its end, or stop it.",
    ),
    "nothing_to_stop": (
        "{number} 没有还要停止的上门或作业。",
        "{number} has no visit or work that is still to be stopped.",
    ),
    "no_proof": (
        "本台没有签名密钥，证据须签名后才能导出。",
        "This desk has no signing key. Evidence leaves it only signed.",
    ),
    "attachment_unsuitable": (
        "{file} 不是所要的照片、录音或 PDF，没有添加。",
        "{file} is no photo, sound recording or PDF of the kind named. Nothing was attached.",
    ),
    "attachment_missing": (
        "附件 {name} 不完整或不存在。请从备份恢复。",
        "The attachment {name} is not here whole. Restore it from a backup.",
    ),
    "printer_unavailable": (
        "没有打印出来：{detail}。撤销单已保存并列入待打印，没有丢失。",
        "Not printed: {detail}. The slip is kept and listed; nothing is lost.",
    ),
    "no_printer": (
        "还没有选打印机。请在设置中选择，或把撤销单存为文件。",
        "No printer is chosen. Choose one in the settings, or save the slip as a file.",
    ),
    "hub_unreachable.waiting": ("还在等总部应答（{seconds} 秒）……", "Still waiting for head office ({seconds} s) …"),
    # Why head office's database cannot be used.
    "hub_database_unreachable.address": ("数据库地址写法不对", "its address is not written as it should be"),
    "hub_database_unreachable.name": ("找不到这台主机", "no such host"),
    "hub_database_unreachable.closed": ("那里没有运行数据库", "no database is running there"),
    "hub_database_unreachable.password": ("用户名或密码不被接受", "it does not accept this user or password"),
    "hub_database_unreachable.database": ("那里没有这个数据库", "there is no database of this name"),
    "hub_database_unreachable.no_answer": ("没有应答", "no answer"),
    "hub_database_unwritable": (
        "总部的数据库目前无法写入（{detail}），没有保存任何内容。",
        "Head office’s database takes nothing at the moment ({detail}); nothing was stored.",
    ),
    "hub_database_unwritable.full": ("它的磁盘已满", "its disk is full"),
    "hub_database_unwritable.read_only": ("它只能读取", "it may only be read"),
    "wrong_use": ("{detail}", "{detail}"),
}

# Facts that hold codes, and the prefix of their words in the trade catalogue.
_CODED: Final = {
    "reason": "reason",
    "fields": "evidence",
    "field": "evidence",
    "kind": "identity",
    "accepted": "grade",
    "because": "approval",
    "role": "role",
    "right": "right",
}


# Facts that the code names in English, with words of their own below the refusal's code.
_TOLD: Final = ("why", "detail")

# Where the rungs that MoveNotAllowed names have their words.
_LADDERS: Final = ("review", "work", "case")


def facts_in_words(lang: str, error: DomainError) -> dict[str, object]:
    """The refusal's facts with codes in words and lists joined; moments are cut to the minute in local time."""
    from datetime import datetime

    from store_desk.words import catalogue

    trade = catalogue("trade")
    english = lang == "en"

    def word(prefix: str, code: str) -> str:
        entry = trade.get(f"{prefix}.{code}")
        return entry[english] if entry else code

    shown: dict[str, object] = {}
    for name, fact in error.facts.items():
        prefix = _CODED.get(name, "")
        if name == "verdict" and f"{fact}" in catalogue("proof"):
            shown[name] = catalogue("proof")[f"{fact}"][english]
        elif error.code == SettingInvalid.code and name == "name" and f"{SetUpInvalid.code}.{fact}" in WORDS:
            shown[name] = WORDS[f"{SetUpInvalid.code}.{fact}"][english]
        elif (name in _TOLD or error.code == SetUpInvalid.code) and f"{error.code}.{fact}" in WORDS:
            shown[name] = WORDS[f"{error.code}.{fact}"][english]
        elif isinstance(fact, tuple):
            joiner = ", " if english else "、"
            shown[name] = joiner.join(word(prefix, part) if prefix else part for part in fact)
        elif name in ("before", "after") and isinstance(fact, str):
            shown[name] = next((word(p, fact) for p in _LADDERS if f"{p}.{fact}" in trade), fact)
        elif isinstance(fact, str) and prefix:
            shown[name] = word(prefix, fact)
        elif name == "since" and isinstance(fact, str) and fact[:4].isdigit():
            shown[name] = datetime.fromisoformat(fact).astimezone().strftime("%Y-%m-%d %H:%M")
        elif name in ("since", "kept") and not fact:
            shown[name] = "-"
        elif name == "until" and isinstance(fact, str) and fact:
            shown[name] = datetime.fromisoformat(fact).astimezone().strftime("%H:%M")
        else:
            shown[name] = fact
    if error.code == "printer_unavailable":
        shown["detail"] = _printer_words(english, error)
    return shown


def _printer_words(english: bool, error: DomainError) -> str:
    """Why the printer did not print; a reason that has no words yet is told as the printer's adapter said it."""
    from store_desk.words import catalogue

    words = catalogue("printers")
    reason = str(error.facts.get("reason", ""))
    if reason not in words:
        return str(error.facts.get("detail", ""))
    told = words[reason][english]
    if error.facts.get("said"):
        told = words["said"][english].format(reason=told, said=error.facts["said"])
    return words["may_still_print"][english].format(reason=told) if error.facts.get("may_still_print") else told
