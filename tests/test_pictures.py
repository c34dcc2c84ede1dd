"""The command that takes the pictures: it makes a picture of the real program, and something is on it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtGui import QImage

ROOT = Path(__file__).resolve().parents[1]
LONG_S = 240
# A window of one colour has one; the darkest and plainest screen has many more.
COLOURS_MIN = 32


def take(out: Path, only: str) -> subprocess.CompletedProcess[str]:
    """Runs the command as a person does."""
    command = [sys.executable, "-m", "tests.pictures", str(out), "--only", only]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=LONG_S, check=False)


def colours(file: Path) -> int:
    """How many colours a coarse grid over the picture meets."""
    picture = QImage(str(file))
    across = [(x, y) for x in range(0, picture.width(), 3) for y in range(0, picture.height(), 3)]
    return len({picture.pixel(x, y) for x, y in across})


@pytest.mark.parametrize(
    ("only", "files"),
    [
        (
            "09-sign-in",
            {
                "09-sign-in-zh.png": (1440, 900),
                "09-sign-in-en-1366.png": (1366, 768),
                "09-sign-in-dark-zh-1366.png": (1366, 768),
                "09-sign-in-dark-en.png": (1440, 900),
            },
        ),
        (
            "14-verify-genuine",
            {
                "14-verify-genuine-zh.png": (1440, 900),
                "14-verify-genuine-en-1366.png": (1366, 768),
                "14-verify-genuine-dark-zh-1366.png": (1366, 768),
                "14-verify-genuine-dark-en.png": (1440, 900),
            },
        ),
        ("13-slip-80mm-void", {"13-slip-80mm-void.png": None}),
    ],
)
def test_pictures_are_taken_from_the_program_and_are_not_blank(
    tmp_path: Path, only: str, files: dict[str, tuple[int, int] | None]
) -> None:
    done = take(tmp_path, only)

    assert done.returncode == 0, done.stderr
    assert {file.name for file in tmp_path.iterdir()} == set(files)
    for name, size in files.items():
        picture = QImage(str(tmp_path / name))
        assert size is None or (picture.width(), picture.height()) == size
        assert colours(tmp_path / name) > COLOURS_MIN


def test_a_name_that_fits_no_picture_is_said_by_the_exit_status(tmp_path: Path) -> None:
    done = take(tmp_path, "99-nothing")

    assert done.returncode == 1
    assert not list(tmp_path.iterdir())
