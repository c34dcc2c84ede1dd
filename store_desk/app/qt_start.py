"""What must be right before Qt starts: system libraries, a display, and what would break it."""

from __future__ import annotations

import ctypes
import gc
import os
import sys

# Library -> Debian package, for the libraries that a bare system lacks; Qt itself would only abort.
LIBRARIES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libfontconfig.so.1": "libfontconfig1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libxkbcommon.so.0": "libxkbcommon0",
}
X11_LIBRARIES = {
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
}


def missing_packages() -> list[str]:
    """Debian packages of the libraries that Qt needs here and does not find; empty off Linux."""
    if not sys.platform.startswith("linux"):
        return []
    wanted = dict(LIBRARIES)
    platform = os.environ.get("QT_QPA_PLATFORM", "")
    if not platform or platform.startswith("xcb"):
        wanted |= X11_LIBRARIES
    return [package for library, package in wanted.items() if not _loads(library)]


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def has_display() -> bool:
    """Whether there is a screen to open a window on."""
    if not sys.platform.startswith("linux") or os.environ.get("QT_QPA_PLATFORM"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def why_not() -> str:
    """Why no window can be opened, in both languages, or an empty text."""
    lacking = missing_packages()
    if lacking:
        names = " ".join(sorted(set(lacking)))
        return (
            f"缺少系统软件包，窗口无法打开。请安装 / Qt needs system packages that are missing. Install them:\n"
            f"    sudo apt-get install {names}"
        )
    if not has_display():
        return (
            "没有显示器（DISPLAY 未设置），窗口无法打开。\n"
            "There is no display (DISPLAY is not set), so no window can be opened."
        )
    return ""


def work_around() -> None:
    """Mends what PySide6 and Chinese desktops would break; to be called once before QApplication is made."""
    # What is imported from here on lives to the end; ui/collecting.py takes over once there is a window.
    gc.disable()
    from store_desk.ui.look.lasting import keep_constants

    keep_constants()
    if os.environ.get("QT_IM_MODULE") in ("fcitx", "fcitx5"):
        # The wheels hold no fcitx plugin; fcitx answers the ibus protocol as well.
        os.environ["QT_IM_MODULE"] = "ibus"
