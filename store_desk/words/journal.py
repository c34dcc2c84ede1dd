"""What each kind of journal entry tells, for whoever reads the journal as a list; a ticket's own events say more."""

from __future__ import annotations

from typing import Final

WORDS: Final[dict[str, tuple[str, str]]] = {
    # a ticket and its cancellation
    "ticket_cancelled": ("工单已撤销", "ticket cancelled"),
    "cancellation_requested": ("已登记撤销申请", "cancellation requested"),
    "cancellation_sent_for_approval": ("撤销已送批准", "cancellation sent for approval"),
    "case_approved": ("撤销已批准", "cancellation approved"),
    "case_declined": ("撤销未获批准", "cancellation declined"),
    "case_withdrawn": ("撤销已撤回", "cancellation taken back"),
    "case_expired": ("总部未在时限内答复", "no answer from head office in time"),
    "outcome_told": ("撤销有了结果", "outcome of a cancellation"),
    "outcome_overruled": ("总部改判了结果", "outcome overruled by head office"),
    "head_office_asked": ("请总部复核", "head office asked to look again"),
    "answer_handled": ("总部的答复已处理", "answer of head office dealt with"),
    "approver_calls": ("批准人先致电柜台", "approver calls the desk first"),
    "exception_handled": ("例外已处理", "exception dealt with"),
    "ticket_reopened": ("工单由旧单重开", "ticket made by reopening another"),
    "ticket_reopened_as": ("工单已重开", "ticket reopened"),
    "ticket_recreated": ("工单按更正信息重建", "ticket made again with corrections"),
    "recreated_ticket_dropped": ("重建的工单作废", "ticket made again is closed"),
    "duplicate_merged": ("重复工单已并入", "duplicate merged"),
    "offered_in_conflict": ("工单与总部不一致", "ticket differs from head office’s"),
    "file_attached": ("加了附件", "file attached"),
    "phone_revealed": ("查看了完整号码", "full telephone number shown"),
    "event": ("演示中的一件事", "an event of the demonstration"),
    # paper and files
    "slip_printed": ("撤销单已打印", "slip printed"),
    "slip_reprinted": ("撤销单补打", "slip printed again"),
    "slip_not_printed": ("撤销单没有打印出来", "slip not printed"),
    "slip_not_signed": ("撤销单文件没有签名", "slip’s file not signed"),
    "slip_not_stamped": ("撤销单文件没有时间戳", "slip’s file without a time stamp"),
    "slip_not_long_term": ("撤销单文件不能长期核对", "slip’s file cannot be checked for long"),
    "stop_sheet_written": ("写了停止作业单", "stop sheet written"),
    "evidence_exported": ("导出了证据包", "evidence pack exported"),
    "tickets_exported": ("导出了工单", "tickets exported"),
    "keys_exported": ("导出了公钥", "public keys exported"),
    "journal_exported": ("导出了日志", "journal exported"),
    "import_done": ("导入完成", "import done"),
    "import_undone": ("导入已撤回", "import taken back"),
    # people
    "set_up": ("门店已建立", "store set up"),
    "pin_right": ("PIN 正确", "right PIN"),
    "pin_wrong": ("PIN 错误", "wrong PIN"),
    "pin_locked": ("PIN 已锁定", "PIN locked"),
    "pin_changed": ("改了 PIN", "PIN changed"),
    "pin_reset": ("重设了 PIN", "PIN reset"),
    "first_pin_used": ("首次 PIN 已使用", "first PIN used"),
    "staff_added": ("新增人员", "person added"),
    "staff_role": ("改了角色", "role changed"),
    "staff_disabled": ("停用人员", "person switched off"),
    "staff_unlocked": ("解锁人员", "person unlocked"),
    "manager_recovered": ("用恢复单找回店长", "manager recovered by the recovery sheet"),
    # this desk
    "setting_changed": ("改了设置", "setting changed"),
    "certificate_changed": ("换了签名证书", "signing certificate changed"),
    "backup_made": ("做了备份", "backup made"),
    "backup_restored": ("从备份恢复", "restored from a backup"),
    "mended": ("修好了数据", "data mended"),
    # head office
    "head_office_joined": ("加入了总部", "joined head office"),
    "head_office_restored": ("总部恢复了较早的数据，已重新发送", "head office was restored; sent again what it lost"),
    "desk_copy_found": ("本柜台换了新的序号", "this desk goes on under new numbers"),
    "rules_published": ("收到总部发布的规则", "rules of head office received"),
}
