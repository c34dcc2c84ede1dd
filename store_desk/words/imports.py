"""Words of imports: the fields of a ticket, the refusals of rows, and the headings of their file."""

from __future__ import annotations

from typing import Final

WORDS: Final[dict[str, tuple[str, str]]] = {
    "refused.number_missing": ("缺少单号，请在文件中补上。", "The number is missing. Add it in the file."),
    "refused.number_twice": (
        "单号“{value}”在文件中出现多次且内容不同，请只保留正确的一行。",
        "The number {value} stands in the file more than once with different contents. Keep the right row only.",
    ),
    "refused.value_unknown": (
        "不认识“{value}”，请说明它的含义后再导入。",
        "Nobody has said what “{value}” means. Say it and import again.",
    ),
    "refused.currency_other": (
        "“{value}”不是本店的货币，每家门店只使用一种货币。",
        "“{value}” is not this store's currency. A store keeps one currency.",
    ),
    "refused.too_long": ("内容太长，请缩短后再导入。", "This is too long. Shorten it and import again."),
    "refused.row_broken": (
        "这一行的格式已损坏：引号、列数或字符不对，请在原系统中重新导出。",
        "The row is broken: its quotes, its number of cells or its characters are wrong. Export it again.",
    ),
    "refused.time_unreadable": ("“{value}”不是可以识别的时间。", "“{value}” cannot be read as a time."),
    "refused.amount_unreadable": ("“{value}”不是可以识别的金额。", "“{value}” cannot be read as an amount."),
    "refused.control_characters": (
        "“{value}”中含有不可见的控制字符，请删除后再导入。",
        "“{value}” holds invisible control characters. Remove them and import again.",
    ),
    "refused.digits_lost": (
        "电子表格把单号变成了“{value}”，末尾数字已丢失，请将该列设为文本后重新导出。",
        "A spreadsheet turned the number into {value} and lost its last digits. Export the column as text.",
    ),
    "refused.conflict_case": (
        "该工单在本店已有撤销记录，保留本店的状态。",
        "The ticket has a cancellation case here and keeps its state.",
    ),
    "heading.line": ("行号", "Line"),
    "heading.field": ("字段", "Field"),
    "heading.value": ("值", "Value"),
    "heading.reason_zh": ("原因", "原因"),
    "heading.reason_en": ("Reason", "Reason"),
    "heading.code": ("代码", "Code"),
    "field.number": ("单号", "Number"),
    "field.order_number": ("订单号", "Order number"),
    "field.customer": ("客户姓名", "Customer"),
    "field.phone": ("联系电话", "Phone"),
    "field.store": ("门店", "Store"),
    "field.category": ("商品类别", "Category"),
    "field.product": ("商品名称", "Product"),
    "field.brand": ("品牌", "Brand"),
    "field.serial": ("序列号", "Serial number"),
    "field.problem_type": ("问题类型", "Problem type"),
    "field.description": ("问题描述", "Description"),
    "field.type": ("工单类型", "Ticket type"),
    "field.state": ("状态", "State"),
    "field.review": ("审核状态", "Review"),
    "field.work": ("处理进度", "Work"),
    "field.cancel_reason": ("撤销原因", "Cancel reason"),
    "field.amount": ("订单金额", "Amount"),
    "field.compensation": ("补偿金额", "Compensation"),
    "field.currency": ("币种", "Currency"),
    "field.created_at": ("创建时间", "Created"),
    "field.created_time": ("创建时刻", "Time of creation"),
    "field.updated_at": ("更新时间", "Updated"),
    "field.due_at": ("截止时间", "Due"),
    "field.closed_at": ("完成时间", "Closed"),
    "field.assignee": ("处理人", "Assignee"),
    "field.channel": ("来源渠道", "Channel"),
    "field.warranty_until": ("保修到期", "Warranty until"),
    "field.purchased_on": ("购买日期", "Purchased on"),
    "field.waybill": ("运单号", "Waybill"),
    "field.carrier": ("快递公司", "Carrier"),
    "field.source_key": ("来源编号", "Source key"),
}
