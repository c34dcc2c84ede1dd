"""Before Qt starts: what is missing is named with its package, instead of an abort."""

from __future__ import annotations

import sys

import pytest

from store_desk.app import main, qt_start

LINUX = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="packages are named on Debian")


@LINUX
def test_missing_libraries_are_named_by_their_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(qt_start.LIBRARIES, "libnowhere.so.9", "libnowhere9")
    monkeypatch.setitem(qt_start.X11_LIBRARIES, "libxcb-nowhere.so.0", "libxcb-nowhere0")
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    assert qt_start.missing_packages() == ["libnowhere9"]
    assert "sudo apt-get install libnowhere9" in qt_start.why_not()
    monkeypatch.setenv("QT_QPA_PLATFORM", "xcb")
    assert {"libnowhere9", "libxcb-nowhere0"} <= set(qt_start.missing_packages())


@LINUX
def test_no_display_is_said_in_both_languages(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(qt_start, "X11_LIBRARIES", {})
    monkeypatch.setattr(qt_start, "LIBRARIES", {})
    assert main.run_window([]) == main.ENVIRONMENT
    said = capsys.readouterr().err
    assert "没有显示器" in said and "There is no display" in said


def test_here_nothing_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    assert qt_start.why_not() == ""


@pytest.mark.parametrize("method", ["fcitx", "fcitx5"])
def test_the_input_method_that_the_wheels_lack_is_reached_another_way(
    monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    monkeypatch.setenv("QT_IM_MODULE", method)
    qt_start.work_around()
    assert qt_start.os.environ["QT_IM_MODULE"] == "ibus"


@pytest.mark.parametrize(
    ("value", "wanted"), [("en_US.UTF-8", "en"), ("zh_CN.UTF-8", "zh"), ("C", "zh"), ("de_DE", "zh")]
)
def test_the_language_is_chinese_unless_the_system_says_english(
    monkeypatch: pytest.MonkeyPatch, value: str, wanted: str
) -> None:
    monkeypatch.setenv("LC_ALL", value)
    assert main.system_language() == wanted


def test_the_practice_store_has_a_folder_of_its_own(monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> None:
    monkeypatch.setenv("STORE_DESK_DATA", str(tmp_path))
    usual, practice = main.folder_of(main.parse([])), main.folder_of(main.parse(["--demo"]))
    assert str(usual) == str(tmp_path) and practice != usual and practice.parent == usual.parent
