"""The built wheel in an empty environment, outside the checkout: everything it needs is inside."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import sysconfig
import time
import venv
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[1]
MUST_RUN = "STORE_DESK_NO_SKIP"
COMES_UP_S = 60.0


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of an environment that holds the wheel, and the present one's libraries but not its checkout."""
    uv = shutil.which("uv")
    if uv is None:
        if os.environ.get(MUST_RUN):
            pytest.fail("uv is not on the path")
        pytest.skip("uv is not on the path")
    folder = tmp_path_factory.mktemp("wheel")
    _run([uv, "build", "--quiet", "--wheel", "--out-dir", str(folder / "dist"), str(CHECKOUT)], folder)
    (wheel,) = (folder / "dist").glob("*.whl")
    venv.create(folder / "env", with_pip=False, symlinks=os.name != "nt")
    python = folder / "env" / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    _run([uv, "pip", "install", "--quiet", "--offline", "--no-deps", "--python", str(python), str(wheel)], folder)
    site = Path(_run([str(python), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"], folder).strip())
    # Added as plain folders: the .pth files in them, which name the checkout, are not read.
    (site / "present.pth").write_text("\n".join({sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}))
    return python


def _environment(folder: Path) -> dict[str, str]:
    """Nothing that leads to the checkout."""
    kept = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV")}
    return kept | {"QT_QPA_PLATFORM": "offscreen", "STORE_DESK_DATA": str(folder / "data")}


def _run(command: list[str], folder: Path, **more: str) -> str:
    done = subprocess.run(
        command, cwd=folder, env=_environment(folder) | more, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr[-2_000:]
    return done.stdout


def test_the_package_is_the_installed_one_with_its_data(installed: Path, tmp_path: Path) -> None:
    asked = (
        "import store_desk, store_desk.resources as r, store_desk.store.search_words as w, json;"
        "print(json.dumps([store_desk.__file__, str(r.resource_root()), w.readings_of('单')]))"
    )
    package, resources, readings = json.loads(_run([str(installed), "-c", asked], tmp_path))
    assert not Path(package).is_relative_to(CHECKOUT) and not Path(resources).is_relative_to(CHECKOUT)
    assert "dan" in readings
    assert {"fonts", "icons", "licences", "sample"} <= {path.name for path in Path(resources).iterdir()}


def test_the_command_founds_a_store_imports_and_finds(installed: Path, tmp_path: Path) -> None:
    command = str(installed.parent / ("store-desk.exe" if os.name == "nt" else "store-desk"))
    (tmp_path / "export.csv").write_text("售后单号,客户姓名,联系电话,状态\nA-1,张伟,13900006021,待审核\n", "utf-8")
    founded = ("setup", "--store-code", "XH", "--store-name", "徐汇店", "--desk", "1")
    _run([command, *founded, "--manager-id", "1001", "--manager-name", "赵文"], tmp_path, STORE_DESK_PIN="100126")
    _run([command, "import", "export.csv", "--clerk", "1001"], tmp_path, STORE_DESK_PIN="100126")
    assert "A-1" in _run([command, "find", "zhangwei", "--clerk", "1001"], tmp_path, STORE_DESK_PIN="100126")


@pytest.mark.skipif(os.name != "posix", reason="ended by signal")
def test_the_window_of_the_practice_store_comes_up_and_ends(installed: Path, tmp_path: Path) -> None:
    demo = tmp_path / "demo"
    process = subprocess.Popen(
        [str(installed), "-m", "store_desk", "--demo", "--data", str(demo)],
        cwd=tmp_path,
        env=_environment(tmp_path),
        stderr=subprocess.PIPE,
        text=True,
    )
    log, until = demo / "logs" / "store-desk.log", time.monotonic() + COMES_UP_S
    try:
        while not (log.exists() and '"opened"' in log.read_text("utf-8")):
            assert time.monotonic() < until, "the window does not come up"
            try:
                process.wait(timeout=0.05)
            except subprocess.TimeoutExpired:
                continue
            break
        assert process.poll() is None, process.communicate()[1]
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=20)
        assert process.returncode == 0
    finally:
        if process.poll() is None:
            process.kill()
            process.communicate()


def test_no_file_of_the_project_was_changed_by_building(installed: Path) -> None:
    assert sys.executable != str(installed)
    assert not (CHECKOUT / "build").exists() and not list(CHECKOUT.glob("*.egg-info"))
