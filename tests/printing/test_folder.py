"""The folder in place of a printer: whole files, never one over another."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from store_desk.domain.errors import DiskFull, FileNotWritten, NoPrinter
from store_desk.domain.slip import Paper
from store_desk.printing.choose import printer_at
from store_desk.printing.folder import FilePrinter
from store_desk.printing.ipp import IppPrinter
from store_desk.printing.system import SystemPrinter


def save(folder: Path, title: str = "slip", pdf: bytes = b"%PDF") -> Path:
    return Path(FilePrinter(folder).print_pdf(pdf, title=title, paper=Paper.A5, copies=1).where)


def test_a_slip_lies_in_the_folder_under_its_title(tmp_path: Path) -> None:
    place = save(tmp_path / "new" / "slips", "撤销单 XH2-26-S000457-K")
    assert place.name == "撤销单 XH2-26-S000457-K.pdf"
    assert place.read_bytes() == b"%PDF"


def test_a_second_slip_of_the_same_title_does_not_replace_the_first(tmp_path: Path) -> None:
    first, second = save(tmp_path, pdf=b"one"), save(tmp_path, pdf=b"two")
    assert first.read_bytes() == b"one"
    assert second.read_bytes() == b"two"


@pytest.mark.parametrize("title", ["../../etc/x", "a/b\\c:d*?", "", "...", "\x00\n", "名" * 300])
def test_no_title_leads_out_of_the_folder_or_stops_the_slip(tmp_path: Path, title: str) -> None:
    assert save(tmp_path, title).parent == tmp_path


def test_a_folder_that_cannot_be_made_is_refused_with_its_name(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(FileNotWritten) as refusal:
        save(tmp_path / "file" / "slips")
    assert "slips" in str(refusal.value)
    assert not FilePrinter(tmp_path / "file" / "slips").status().ready
    assert FilePrinter(tmp_path).status().ready


@pytest.mark.skipif(not Path("/dev/full").exists() or os.name == "nt", reason="needs a file size limit")
def test_a_full_disk_leaves_no_half_file(tmp_path: Path) -> None:
    script = (
        "import errno, os, sys\n"
        "from pathlib import Path\n"
        "from store_desk.printing.folder import FilePrinter, _failure\n"
        "from store_desk.domain.slip import Paper\n"
        "import resource, signal\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))\n"
        "try:\n"
        "    FilePrinter(Path(sys.argv[1])).print_pdf(b'x' * 9000, title='t', paper=Paper.A5, copies=1)\n"
        "except Exception as error:\n"
        "    print(type(error).__name__)\n"
    )
    done = subprocess.run([sys.executable, "-c", script, str(tmp_path)], capture_output=True, text=True, check=True)
    assert done.stdout.strip() in (FileNotWritten.__name__, DiskFull.__name__)
    assert list(tmp_path.iterdir()) == []


def test_an_address_leads_to_its_printer() -> None:
    assert isinstance(printer_at("ipp://office/ipp/print"), IppPrinter)
    assert isinstance(printer_at("system:Office"), SystemPrinter)
    assert isinstance(printer_at("folder:/slips"), FilePrinter)


@pytest.mark.parametrize("address", ["", "office", "system:", "folder:", "http://x"])
def test_no_printer_is_said_to_be_none(address: str) -> None:
    with pytest.raises(NoPrinter):
        printer_at(address)
