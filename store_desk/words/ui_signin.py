"""The words of the sign-in and lock screen."""

from __future__ import annotations

from typing import Final

WORDS: Final[dict[str, tuple[str, str]]] = {
    "title": ("谁在柜台？", "Who is at the desk?"),
    "store_line": ("{name} · 柜台 {desk}", "{name} · desk {desk}"),
    "person": ("{id} · {role}", "{id} · {role}"),
    "person.locked": ("{id} · 已锁定到 {until}", "{id} · locked until {until}"),
    "people": ("店员", "Clerks"),
    "chosen": ("已选择", "chosen"),
    "move": ("选择店员", "Choose a clerk"),
    "nobody": ("还没有可以登录的店员。", "There is nobody here who may sign in."),
    "demo": ("演示 DEMO", "演示 DEMO"),
    "demo.caption": ("练习用的门店，不会影响真实工单", "A practice store; no real ticket is touched"),
    "demo.pin": ("PIN {pin}", "PIN {pin}"),
    # PIN
    "pin": ("输入 PIN", "Enter your PIN"),
    "pin.of": ("{name} 的 PIN", "PIN of {name}"),
    "pin.caption": ("6 位数字，键盘或触屏", "6 digits, keyboard or touch"),
    "pin.clear": ("清除", "Clear"),
    "pin.forgot": ("忘记 PIN", "Forgot PIN"),
    "pin.waiting": ("正在打开门店数据…", "Opening the store's data…"),
    "pin.checking": ("正在核对…", "Checking…"),
    "wrong": ("PIN 不对，还可试 {left} 次", "Wrong PIN. {left} tries left"),
    "wrong.last": ("PIN 不对，再错一次将锁定", "Wrong PIN. One try left before it locks"),
    "locked_out": ("已锁定到 {until}，店长可以解锁", "Locked until {until}. A manager can unlock"),
    "disabled": ("此账号已停用，请找店长", "This account is switched off. Ask a manager"),
    "failed": ("程序出错，没有登录。请再试一次", "Something went wrong. Please try again"),
    # first PIN
    "new": ("设定自己的 PIN", "Choose your own PIN"),
    "new.caption": (
        "现在的 PIN 由店长给定，只用一次。\n新 PIN 为 6 位数字，不能全部相同、不能连号，也不能与原来相同。",
        "The first PIN is for one sign-in only.\nThe new one: 6 digits, not all the same, not in a row,"
        " and not the first one.",
    ),
    "new.recovered": (
        "恢复表正确。新 PIN 为 6 位数字，不能全部相同，不能连号。",
        "The recovery sheet is right. The new PIN: 6 digits, not all the same, not in a row.",
    ),
    "repeat": ("再输入一次", "Once more"),
    "repeat.caption": ("输入同一个新 PIN，以免记错", "The same new PIN, so that no slip is kept"),
    "new.leave": ("返回", "Back"),
    "new.trivial": ("太简单或与原来相同，请另选", "Too simple or the old one. Choose another"),
    "new.differ": ("两次不一样，请重新设定", "The two differ. Choose again"),
    "new.saving": ("正在保存…", "Saving…"),
    # forgotten
    "help": ("忘记 PIN", "Forgot your PIN"),
    "help.manager": (
        "请店长登录，在“设置 → 人员”里为您重设。店长会给您一个首次 PIN，登录时换成自己的。",
        "Ask a manager to sign in and reset it under Settings → Staff. You get a first PIN, which you replace"
        " with your own when you sign in.",
    ),
    "help.managers": ("可以帮您的人：{names}", "Who can help: {names}"),
    "help.last": (
        "如果您就是唯一的店长：请取出建店时保存的恢复表。",
        "If you are the only manager: fetch the recovery sheet that was kept when the store was set up.",
    ),
    "help.recover": ("用恢复表重设…", "Use the recovery sheet…"),
    "help.back": ("返回", "Back"),
    "help.opening": ("正在打开门店数据，稍后可用", "The store's data is being opened; available in a moment"),
    # recovery
    "recover": ("用恢复表重设 PIN", "Reset with the recovery sheet"),
    "recover.caption": (
        "按恢复表逐行输入，包括每行最后两个字符。大小写和空格不限。",
        "Type the sheet line by line, with the last two characters of each. Case and spaces do not matter.",
    ),
    "recover.who": ("店长", "Manager"),
    "recover.sheet": ("恢复表", "Recovery sheet"),
    "recover.go": ("下一步", "Next"),
    "recover.checking": ("正在核对恢复表…", "Checking the sheet…"),
    "recover.line": ("第 {n} 行与恢复表不符，请核对这一行", "Line {n} does not agree with the sheet. Compare it"),
    "recover.lines": ("行数不全，请核对恢复表", "A line is missing. Compare with the sheet"),
    "recover.other": ("这是另一家店的恢复表", "This is another store's sheet"),
    # lock
    "lock": ("已锁定", "Locked"),
    "lock.line": ("{name} · {time}", "{name} · {time}"),
    "lock.draft": ("{number} 的撤销还没有完成", "Cancelling {number} is not finished"),
    "lock.draft.caption": ("草稿已保存，解锁后继续", "Draft kept, continues after unlocking"),
    "lock.switch": ("换人登录", "Switch clerk"),
    # bottom line
    "language": ("语言", "Language"),
    "zh": ("中文", "中文"),
    "en": ("English", "English"),
    "dark": ("深色外观", "Dark look"),
    "light": ("浅色外观", "Light look"),
}
