"""Where a scan goes: to the sheet that is open, to the check of a slip, or to the search from anywhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store_desk.domain.proof import PREFIX as PROOF

if TYPE_CHECKING:
    from store_desk.ui.shell.window import MainWindow


def take_scan(window: MainWindow, text: str) -> None:
    """Hands the scan on; nothing while nobody is signed in."""
    if window.bench.session.actor is None or not text:
        return
    window.close_overlay()
    take = getattr(window.sheets.current, "take_scan", None)
    if take is not None:
        take(text)
        return
    verify = window.verify_page()
    verifying = verify is not None and window.pages.currentWidget() is verify
    if window.sheets.current is None and (verifying or text.startswith(PROOF)):
        window.go_verify()
        window.verify_page().take_scan(text)
        return
    if window.sheets.current is not None:
        # The customer before is done with: a scan means the next one.
        window.sheets.close()
        window.next_customer()
    if window.is_importing():
        window.top.say(window.bench.language.say("ui_shell.finish_first", text=text))
        return
    if window.pages.currentWidget() is not window.desk:
        window.go_desk()
    window.top.search.blockSignals(True)
    window.top.search.setText(text)
    window.top.search.blockSignals(False)
    window.desk.scanned(text)
