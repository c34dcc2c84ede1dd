"""Words of head office's own verbs."""

from __future__ import annotations

from typing import Final

WORDS: Final[dict[str, tuple[str, str]]] = {
    "help.hub": (
        "总部服务：建库、运行、柜台入网与停用、导入、条件表",
        "head office: its database, service, desks and rules",
    ),
    "help.init": (
        "建立或升级总部数据库，并登记总部第一位人员",
        "make head office's database, or bring it up to date, and enter its first person",
    ),
    "help.serve": ("运行总部服务，直到收到结束信号", "run head office's service until it is told to end"),
    "help.enrol": ("给新柜台一个一次性代码", "give a one-time code for a new desk"),
    "help.revoke": ("停用一个柜台", "take a desk's right to ask head office"),
    "help.import": ("把文件中的工单导入总部", "bring tickets from a file into head office"),
    "help.conditions": ("发布或显示条件表", "publish the condition table, or show it"),
    "help.database": ("数据库地址（默认取自 SD_HUB_DATABASE）", "the database's address (default: SD_HUB_DATABASE)"),
    "help.office_code": ("总部自己的代码", "head office's own code"),
    "help.office_name": ("总部名称", "head office's name"),
    "help.person_id": ("总部人员工号", "the staff number of head office's person"),
    "help.person_name": ("总部人员姓名", "the name of head office's person"),
    "help.host": ("监听地址", "the address to listen on"),
    "help.port": ("监听端口", "the port to listen on"),
    "help.certificate": ("证书文件", "the certificate's file"),
    "help.key": ("私钥文件", "the private key's file"),
    "help.insecure": (
        "允许明文连接：前面另有加密的设备时才用",
        "allow plain connections: only where something in front of it encrypts",
    ),
    "help.pool": ("数据库连接数", "how many database connections to hold"),
    "help.store": ("门店代码", "the store's code"),
    "help.desk": ("柜台编号", "the desk's number"),
    "help.role": ("柜台、总部柜台或其他系统", "a desk, a desk of head office, or another system"),
    "help.name": ("柜台的叫法", "what the desk is called"),
    "help.store_name": ("门店名称；门店未登记时据此登记", "the store's name; enters a store that is not known yet"),
    "help.import_store": (
        "所有行都归这家门店；不写则看文件中的门店列",
        "all rows belong to this store; else the file's column tells",
    ),
    "help.conditions_file": ("条件表文件", "the file with the table"),
    "help.show": ("显示现行的条件表", "show the table in force"),
    "init.done": (
        "总部数据库已就绪（升级 {migrated} 步）。",
        "Head office's database is ready ({migrated} steps applied).",
    ),
    "init.person": ("总部人员：{store} {person}", "Head office's person: {store} {person}"),
    "serve.ended": ("总部服务已结束。", "Head office's service has ended."),
    "enrol.code": ("代码：{code}", "Code: {code}"),
    "enrol.until": (
        "只能用一次，有效到 {time}；输错五次即作废。",
        "It works once, until {time}; five wrong tries end it.",
    ),
    "enrol.store": ("已登记门店 {store}。", "Store {store} has been entered."),
    "revoke.done": ("门店 {store} 的 {desk} 号柜台已停用。", "Desk {desk} of store {store} has been revoked."),
    "import.done": (
        "共 {rows} 行：新增 {added}，更新 {updated}，未变 {unchanged}，冲突 {conflicts}，未收 {refused}。",
        "{rows} rows: {added} added, {updated} updated, {unchanged} unchanged, {conflicts} conflicts, "
        "{refused} refused.",
    ),
    "import.tried": ("仅试读，没有写入。", "Only tried; nothing was written."),
    "import.store_unknown": (
        "其中 {n} 行的门店总部没有登记。",
        "Head office does not know the store of {n} row.|Head office does not know the store of {n} rows.",
    ),
    "conditions.published": (
        "条件表已发布，版本 {version}。",
        "The condition table is published as version {version}.",
    ),
    "said.store_not_found": (
        "总部没有登记门店 {store}；加 --store-name 可以登记",
        "there is no store {store}; --store-name enters it",
    ),
    "said.code_elsewhere": (
        "该代码属于门店 {store} 柜台 {desk}，没有被用掉。",
        "This code is for store {store}, desk {desk}; it was not used up.",
    ),
    "said.desk_taken": (
        "门店 {store} 已有 {desk} 号柜台；请先停用它",
        "store {store} has a desk {desk} already; revoke it first",
    ),
    "said.desk_not_found": ("没有这个柜台", "there is no such desk"),
    "conditions.shipped": ("尚未发布过；现行的是随程序的版本。", "Nothing was published yet; the shipped table holds."),
    "wrong.conditions": ("请给出条件表文件，或用 --show。", "Give the table's file, or --show."),
    "wrong.conditions_file": ("{file} 不是条件表：{why}", "{file} is no condition table: {why}"),
    "wrong.no_database": (
        "请说明总部数据库的地址：--database postgresql://… 或环境变量 SD_HUB_DATABASE",
        "Say where head office's database is: --database postgresql://… or the variable SD_HUB_DATABASE",
    ),
    "wrong.not_installed": (
        "这里没有安装总部服务：需要 store-desk[hub]",
        "head office's part is not installed here: it takes store-desk[hub]",
    ),
}
