"""The print service by its commands: the job's end is believed only where the service says that it came out."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from store_desk.domain.errors import PrinterUnavailable
from store_desk.domain.slip import Paper
from store_desk.printing.system import SystemPrinter, list_printers

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the commands of CUPS")


class Service:
    """Commands of a print service in a folder at the front of PATH."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def says(self, command: str, script: str) -> None:
        place = self.folder / command
        place.write_text(f"#!/bin/sh\n{script}\n")
        place.chmod(0o755)

    def ends_with(self, alerts: str) -> None:
        self.says(
            "lp",
            f'cat > "{self.folder}/sent"; echo "$@" > "{self.folder}/asked"; echo "request id is Office-7 (1 file(s))"',
        )
        other = "Office-70 x 1 now\\n\\tAlerts: none\\n"
        listing = f"{other}Office-7 store 1024 now\\n\\tAlerts: {alerts}\\n\\tqueued for Office\\n"
        self.says("lpstat", f"printf '{listing}'")
        self.says("cancel", f'echo "$@" > "{self.folder}/cancelled"')


@pytest.fixture
def service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Service:
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    return Service(tmp_path)


def send(limit_s: float = 2.0) -> str:
    printer = SystemPrinter("Office", limit_s=limit_s)
    return printer.print_pdf(b"%PDF", title="撤销单 7", paper=Paper.A5, copies=2).job


def test_a_job_that_came_out_is_a_receipt(service: Service) -> None:
    service.ends_with("job-completed-successfully")
    assert send() == "Office-7"
    assert (service.folder / "sent").read_bytes() == b"%PDF"
    asked = (service.folder / "asked").read_text()
    assert "media=A5" in asked
    assert "sides=one-sided" in asked
    assert "-n 2" in asked


@pytest.mark.parametrize(
    ("alerts", "reason"), [("aborted-by-system", "aborted"), ("job-canceled-by-user", "cancelled")]
)
def test_a_job_that_is_listed_as_completed_but_was_dropped_is_refused(
    service: Service, alerts: str, reason: str
) -> None:
    service.ends_with(alerts)
    with pytest.raises(PrinterUnavailable) as refusal:
        send()
    assert refusal.value.facts["reason"] == reason


def test_a_complaint_in_the_status_is_not_taken_for_printed(service: Service) -> None:
    service.ends_with("processing-to-stop-point")
    service.says(
        "lpstat",
        "printf 'Office-7 x 1 now\\n\\tStatus: Printer cannot print with supplied options.\\n\\tAlerts: none\\n'",
    )
    with pytest.raises(PrinterUnavailable) as refusal:
        send()
    assert refusal.value.facts["reason"] == "aborted"


def test_a_job_that_never_ends_is_cancelled(service: Service) -> None:
    service.ends_with("none")
    service.says("lpstat", "echo 'printer Office now printing Office-7.'; printf '\\tAlerts: none\\n'")
    with pytest.raises(PrinterUnavailable) as refusal:
        send(limit_s=0.3)
    assert refusal.value.facts["reason"] == "timed_out"
    assert (service.folder / "cancelled").read_text().strip() == "Office-7"


def test_a_queue_that_does_not_exist_is_refused_in_the_words_of_the_service(service: Service) -> None:
    service.says("lp", "echo 'lp: The printer or class does not exist.' >&2; exit 1")
    with pytest.raises(PrinterUnavailable) as refusal:
        send()
    assert refusal.value.facts["reason"] == "refused"
    assert "does not exist" in str(refusal.value)


def test_the_printers_are_listed_with_the_default_first(service: Service) -> None:
    service.says(
        "lpstat", 'if [ "$1" = -d ]; then echo "system default destination: Till"; else printf "Office\\nTill\\n"; fi'
    )
    assert [(printer.address, printer.is_default) for printer in list_printers()] == [
        ("system:Till", True),
        ("system:Office", False),
    ]


def test_without_a_print_service_there_are_no_printers(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert list_printers() == []
    assert not SystemPrinter("Office").status().ready
    with pytest.raises(PrinterUnavailable):
        send()


def test_listing_printers_does_not_bring_in_qt() -> None:
    import subprocess

    script = (
        "import sys; from store_desk.printing.system import list_printers;"
        "list_printers(); print('PySide6' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
