"""Evidence packs as files: collected by the service, slips drawn and signed, written in one step."""

from __future__ import annotations

from pathlib import Path

from store_desk.app.printing import BOTH_COPIES, draw_slip, write_whole
from store_desk.app.signing import DeskSigning
from store_desk.app.wiring import OpenDesk
from store_desk.domain.slip import Paper
from store_desk.domain.staff import Actor
from store_desk.services.evidence_pack import EvidencePack, collect_evidence
from store_desk.services.slips import SlipToPrint
from store_desk.slips.evidence_file import pack_bytes
from store_desk.store.files import refuse_own


def save_evidence(opened: OpenDesk, actor: Actor, *, number: str, path: Path) -> EvidencePack:
    """Writes the ticket's pack, in whole or not at all; slips are drawn on A5 whatever paper they went out on.

    Blocks for seconds where there are many slips: belongs on the printer lane. Raises as `collect_evidence`, and
    IntoDataFolder, FileNotWritten, DiskFull or FileTooLarge.
    """
    refuse_own(opened.folder, path)
    signing = DeskSigning(opened.desk, opened.store.keys)

    def slip_file(slip: SlipToPrint) -> bytes:
        drawn = draw_slip(slip.data, Paper.A5, BOTH_COPIES, slip.reprint, False, whole=slip.data)
        return signing.signed(drawn, slip.data, actor, ticket_id=slip.row.ticket_id)

    pack = collect_evidence(opened.desk, actor, number=number, slip_file=slip_file)
    write_whole(path, pack_bytes(pack.members))
    return pack
