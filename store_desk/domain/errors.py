"""Every refusal the program can give, each a class with a stable code, its facts and a sentence to act on."""

from __future__ import annotations

from enum import Enum
from typing import ClassVar

Fact = str | int | bool | None | tuple[str, ...]


class Family(Enum):
    """What kind of failure it is; decides the exit status and the tone of the message."""

    REFUSED = "refused"
    WRONG_USE = "wrong_use"
    ENVIRONMENT = "environment"


class DomainError(Exception):
    """A refusal with a `code` that never changes, `facts`, and a sentence in English as `str()`.

    The sentence in the clerk's own language comes from `store_desk.words`, by code and facts.
    """

    code: ClassVar[str] = "refused"
    sentence: ClassVar[str] = "This cannot be done."
    family: ClassVar[Family] = Family.REFUSED

    def __init__(self, **facts: Fact) -> None:
        super().__init__(facts)
        self.facts = facts

    def __str__(self) -> str:
        try:
            return self.sentence.format(**self.facts)
        except (KeyError, IndexError):
            return self.sentence

    def __reduce__(self) -> tuple[object, ...]:
        return (_rebuild, (type(self), self.facts))


def _rebuild(kind: type[DomainError], facts: dict[str, Fact]) -> DomainError:
    return kind(**facts)


class OutsideFailure(DomainError):
    """Something outside the rules failed: disk, file, printer, network."""

    family = Family.ENVIRONMENT
    code = "environment"
    sentence = "Something outside Store Desk failed: {detail}."


# --- finding -----------------------------------------------------------------------------------------------


class TicketNotFound(DomainError):
    """No ticket bears this number here."""

    code = "ticket_not_found"
    sentence = "No ticket {number} at this desk. Check the number, or search by telephone or name."


class NumberAmbiguous(DomainError):
    """More than one ticket bears this number (numbers of foreign systems repeat per store)."""

    code = "number_ambiguous"
    sentence = "{count} tickets bear the number {number}. Find the right one by name or telephone and use its key."


class SlipNotFound(DomainError):
    """No slip bears this number, or the ticket has none."""

    code = "slip_not_found"
    sentence = "There is no slip for {number} at this desk."


# --- ticket and case ---------------------------------------------------------------------------------------


class TicketAlreadyCancelled(DomainError):
    """The ticket has a confirmed case."""

    code = "ticket_already_cancelled"
    sentence = "Ticket {number} is cancelled already. Print its slip again, or reopen the ticket."


class TicketDone(DomainError):
    """The work ladder says done."""

    code = "ticket_done"
    sentence = "Ticket {number} is finished and cannot be cancelled. Reopen it if the problem is back."


class TicketRejected(DomainError):
    """The review ladder says rejected."""

    code = "ticket_rejected"
    sentence = "The request of ticket {number} was rejected, there is nothing to cancel. The customer may object."


class CaseAlreadyOpen(DomainError):
    """The ticket has a case that waits for its end."""

    code = "case_already_open"
    sentence = "A cancellation of ticket {number} is under way already. Open it, or withdraw it first."


class NoCaseToWithdraw(DomainError):
    """Nothing can be taken back on this ticket."""

    code = "no_case_to_withdraw"
    sentence = "Ticket {number} has no cancellation that could be taken back."


class UndoWindowOver(DomainError):
    """The undo window has closed; only reopening is left."""

    code = "undo_window_over"
    sentence = "The {minutes} minutes for taking the cancellation of {number} back are over. Reopen the ticket instead."


class TicketNotCancelled(DomainError):
    """Only a cancelled or finished ticket is reopened."""

    code = "ticket_not_cancelled"
    sentence = "Ticket {number} is still open, so there is nothing to reopen."


class AlreadyReopened(DomainError):
    """The ticket was made again already, and that one is still open."""

    code = "already_reopened"
    sentence = "Ticket {number} is reopened already, as {reopened}, which is still open. Go on with {reopened}."


class NoteMissing(DomainError):
    """A ticket is not reopened without a word about why."""

    code = "note_missing"
    sentence = "Write in one line why the ticket is reopened."


class TicketMoved(DomainError):
    """The ticket changed between looking and acting."""

    code = "ticket_moved"
    sentence = "Ticket {number} changed meanwhile. Look at the plan again and confirm it."


class MoveNotAllowed(DomainError):
    """The ladder has no such step."""

    code = "move_not_allowed"
    sentence = "A ticket cannot go from {before} to {after}."


# --- reason, evidence, identity, consent, approval ---------------------------------------------------------


class ReasonMissing(DomainError):
    """No reason was given; there is no default."""

    code = "reason_missing"
    sentence = "Choose the reason first. Every cancellation needs one."


class ReasonUnknown(DomainError):
    """The reason's code is not in the catalogue."""

    code = "reason_unknown"
    sentence = "There is no reason {reason}. Known: {known}."


class ReasonNotAllowed(DomainError):
    """The conditions in force do not allow this reason here."""

    code = "reason_not_allowed"
    sentence = "The conditions in force do not allow the reason {reason} for this ticket. Choose another one."


class EvidenceMissing(DomainError):
    """The reason asks for something that was not given."""

    code = "evidence_missing"
    sentence = "The reason {reason} still needs: {fields}."


class EvidenceInvalid(DomainError):
    """A piece of evidence cannot be right."""

    code = "evidence_invalid"
    sentence = "{field}: {value} cannot be right. Check it and enter it again."


class IdentityMissing(DomainError):
    """The customer has not been identified as the channel asks."""

    code = "identity_missing"
    sentence = "Check who is asking: {needed} needed, {given} matched."


class IdentityMismatch(DomainError):
    """What the customer said does not match the ticket."""

    code = "identity_mismatch"
    sentence = "This does not match the ticket ({kind}). Ask again, or call a supervisor."


class ConsentMissing(DomainError):
    """The consent that this level and channel ask for is not there."""

    code = "consent_missing"
    sentence = "The customer's consent is missing. Accepted here: {accepted}."


class WitnessInvalid(DomainError):
    """A refused signature needs a second member of staff."""

    code = "witness_invalid"
    sentence = "The witness must be another member of staff; {witness} is not."


class RightsNotAcknowledged(DomainError):
    """The rights at stake were not acknowledged."""

    code = "rights_not_acknowledged"
    sentence = "Tell the customer what is at stake and tick it before you confirm."


class ApprovalNeeded(DomainError):
    """A supervisor must approve first."""

    code = "approval_needed"
    sentence = "A supervisor must approve this: {because}."


class ApproverIsRequester(DomainError):
    """Nobody approves their own request."""

    code = "approver_is_requester"
    sentence = "You cannot approve your own request. Ask another supervisor."


class ApproverRightMissing(DomainError):
    """The approver's role cannot approve."""

    code = "approver_right_missing"
    sentence = "{approver} is not a supervisor or manager and cannot approve."


# --- people ------------------------------------------------------------------------------------------------


class RightMissing(DomainError):
    """The person's role lacks the right."""

    code = "right_missing"
    sentence = "This needs the right to {right}; {who} ({role}) does not have it. Ask a manager."


class WrongPin(DomainError):
    """The PIN is wrong."""

    code = "wrong_pin"
    sentence = "Wrong PIN. {left} tries left."


class LockedOut(DomainError):
    """Too many wrong PINs."""

    code = "locked_out"
    sentence = "{who} is locked until {until}. A manager can unlock."


class PinMustChange(DomainError):
    """A first PIN has to be changed before anything else."""

    code = "pin_must_change"
    sentence = "{who}: choose your own PIN before you go on."


class PinNotAcceptable(DomainError):
    """A PIN has six digits and is not a trivial row."""

    code = "pin_not_acceptable"
    sentence = "A PIN has {digits} digits, and not all the same or in a row."


class StaffNotFound(DomainError):
    """No such person."""

    code = "staff_not_found"
    sentence = "Nobody here has the number {who}."


class StaffExists(DomainError):
    """The staff number is taken."""

    code = "staff_exists"
    sentence = "The number {who} is taken already."


class StaffDisabled(DomainError):
    """The account is switched off."""

    code = "staff_disabled"
    sentence = "The account {who} is switched off. A manager can add a new one."


class StaffIdInvalid(DomainError):
    """The staff number is not usable."""

    code = "staff_id_invalid"
    sentence = "A staff number has 1 to 20 letters or digits."


class LastManager(DomainError):
    """The last manager cannot be taken away."""

    code = "last_manager"
    sentence = "{who} is the last manager. Make another one first."


class RevealQuotaUsed(DomainError):
    """The day's number of revealed telephones is used up."""

    code = "reveal_quota_used"
    sentence = "You have shown {limit} full numbers today, which is the limit. Ask a supervisor."


# --- setting up and the database ---------------------------------------------------------------------------


class NotSetUp(DomainError):
    """There is no store in this data folder."""

    code = "not_set_up"
    family = Family.ENVIRONMENT
    sentence = "There is no store in {folder}. Run set-up first."


class AlreadySetUp(DomainError):
    """The data folder holds a store already."""

    code = "already_set_up"
    sentence = "There is a store in {folder} already. Nothing was changed."


class SetUpInvalid(DomainError):
    """A set-up answer cannot be used."""

    code = "setup_invalid"
    sentence = "{field}: {value} cannot be used. {hint}"


class SettingInvalid(DomainError):
    """A setting's value cannot be used."""

    code = "setting_invalid"
    sentence = "{name}: {value} cannot be used."


class DatabaseNewer(DomainError):
    """The database was written by a newer program."""

    code = "database_newer"
    family = Family.ENVIRONMENT
    sentence = "The data was written by a newer Store Desk. Install the newer version; nothing was changed."


class DatabaseDamaged(DomainError):
    """The database does not check out."""

    code = "database_damaged"
    family = Family.ENVIRONMENT
    sentence = "The data file is damaged ({detail}). Nothing was written. Restore the last backup: {backup}."


class WorkLost(DomainError):
    """The database lacks work that was committed: its log is missing or damaged. `kept` is a copy of the files.

    `entries` of the journal are missing, all after `since` (ISO, '' when none is left).
    """

    code = "work_lost"
    family = Family.ENVIRONMENT
    sentence = (
        "The last {entries} entries of the journal, after {since}, are missing: the database's log is lost or damaged."
        " A copy of the files is in {kept}. Compare the slips printed since and enter again what is missing."
    )


class DatabaseLocked(DomainError):
    """Another process holds the database for too long."""

    code = "database_busy"
    family = Family.ENVIRONMENT
    sentence = "Another program is using the data. Close it and try again."


class KeyMissing(DomainError):
    """The database's key is gone or wrong."""

    code = "key_missing"
    family = Family.ENVIRONMENT
    sentence = "The key for the data in {folder} is missing or wrong. Restore it from the recovery sheet or a backup."


class DiskFull(DomainError):
    """No room left; nothing was half saved."""

    code = "disk_full"
    family = Family.ENVIRONMENT
    sentence = "The disk is full. Nothing was half saved. Make room and do it again."


class DiskFailed(DomainError):
    """Reading or writing failed."""

    code = "disk_failed"
    family = Family.ENVIRONMENT
    sentence = "The disk could not be read or written: {detail}. Nothing was half saved."


class CertificateUnreadable(DomainError):
    """A certificate or its key cannot be used; `why` is a code."""

    code = "certificate_unreadable"
    sentence = "This certificate cannot be used ({why}). Files are signed with the one before it."


class FileNotSigned(OutsideFailure):
    """The file's signature could not be made; the file itself is sound."""

    code = "file_not_signed"
    sentence = "The file could not be signed: {detail}. It is whole, but carries no signature."


class JournalBroken(DomainError):
    """The journal's chain does not hold."""

    code = "journal_broken"
    sentence = "The journal does not hold from entry {entry} on. Call support and keep this computer as it is."


class PassphraseWrong(DomainError):
    """The passphrase does not open the backup."""

    code = "passphrase_wrong"
    sentence = "This passphrase does not open the backup. Check it and try again."


class PassphraseTooShort(DomainError):
    """A passphrase needs some length."""

    code = "passphrase_too_short"
    sentence = "A passphrase needs at least {length} characters."


class BackupUnreadable(DomainError):
    """The backup file is not one, or is damaged."""

    code = "backup_unreadable"
    family = Family.ENVIRONMENT
    sentence = "{file} is not a readable backup: {detail}."


class SecondInstance(DomainError):
    """Store Desk runs already in this data folder."""

    code = "already_running"
    family = Family.ENVIRONMENT
    sentence = "Store Desk is open already on this computer."


# --- files -------------------------------------------------------------------------------------------------


class FileUnreadable(DomainError):
    """A file cannot be read as what it should be."""

    code = "file_unreadable"
    family = Family.ENVIRONMENT
    sentence = "{file} cannot be read: {detail}."


class SlipNotGenuine(DomainError):
    """A check of a slip did not end with `genuine`; `verdict` is the answer, `changed` names facts."""

    code = "slip_not_genuine"
    sentence = "This slip was not found genuine: {verdict}."


class FileTooLarge(DomainError):
    """A file is larger than the limit."""

    code = "file_too_large"
    sentence = "{file} is larger than {limit} MiB. Export it in parts."


class NothingToStop(DomainError):
    """No visit or work of the ticket is left to be stopped."""

    code = "nothing_to_stop"
    sentence = "{number} has no visit or work that is still to be stopped."


class NoProof(DomainError):
    """The desk has no key to sign with."""

    code = "no_proof"
    family = Family.ENVIRONMENT
    sentence = "This desk has no signing key. Evidence leaves it only signed."


class AttachmentUnsuitable(DomainError):
    """The file is no photo, recording or PDF, or not of the kind that was said."""

    code = "attachment_unsuitable"
    sentence = "{file} is no photo, sound recording or PDF of the kind named. Nothing was attached."


class AttachmentMissing(DomainError):
    """No such attachment, or its content does not hold."""

    code = "attachment_missing"
    sentence = "The attachment {name} is not here whole. Restore it from a backup."


class FileNotWritten(DomainError):
    """A file could not be written."""

    code = "file_not_written"
    family = Family.ENVIRONMENT
    sentence = "{file} could not be written: {detail}."


class IntoDataFolder(DomainError):
    """A file was to be written into the data folder, where it could replace the program's own."""

    code = "into_data_folder"
    sentence = "{file} is within the data folder and could damage it. Choose another folder."


class FileEncrypted(DomainError):
    """The file is protected with a password."""

    code = "file_encrypted"
    sentence = "{file} is protected with a password. Save it without one and try again."


class FileEmpty(DomainError):
    """The file holds no rows."""

    code = "file_empty"
    sentence = "{file} holds no rows under its headings."


class NotATicketExport(DomainError):
    """Rows that are no tickets outnumber those that are, beyond the limit; nothing of the file was taken.

    `line` is the one that the first of them stands on, `kept` names the file that tells of the first ones, if any.
    """

    code = "not_a_ticket_export"
    sentence = (
        "{file} does not look like a ticket export: {refused} rows are no tickets (from line {line} on),"
        " {rows} are. Nothing was imported. Check the file, and which column is which."
    )


class MappingIncomplete(DomainError):
    """A field that every ticket needs has no column."""

    code = "mapping_incomplete"
    sentence = "Say which column holds: {fields}."


class MappingInvalid(DomainError):
    """A mapping names a field or heading that is not there."""

    code = "mapping_invalid"
    family = Family.WRONG_USE
    sentence = "{what} cannot be mapped. Known: {known}."


class ValuesUnknown(DomainError):
    """The file holds words for states or types that nobody has explained yet."""

    code = "values_unknown"
    sentence = "What do these mean? {field}: {values}. Say it once, it will be remembered."


class BatchNotFound(DomainError):
    """No import has this number."""

    code = "batch_not_found"
    sentence = "There is no import {batch}."


class BatchTooOld(DomainError):
    """The time for taking an import back is over."""

    code = "batch_too_old"
    sentence = "Import {batch} is older than {hours} hours and cannot be taken back as a whole."


class ImportStopped(DomainError):
    """The import was stopped; nothing of it stays."""

    code = "import_stopped"
    sentence = "The import was stopped. Nothing of it was kept."


class ImportRunning(DomainError):
    """One import at a time."""

    code = "import_running"
    sentence = "Another import is running. Wait for its end, or stop it."


# --- printing ----------------------------------------------------------------------------------------------


class PrinterUnavailable(DomainError):
    """The printer did not take the slip; the slip stays owed."""

    code = "printer_unavailable"
    family = Family.ENVIRONMENT
    sentence = "Not printed: {detail}. The slip is kept and listed; nothing is lost."


class NoPrinter(DomainError):
    """No printer is set."""

    code = "no_printer"
    family = Family.ENVIRONMENT
    sentence = "No printer is chosen. Choose one in the settings, or save the slip as a file."


class WrongUse(DomainError):
    """The command was called with words that do not fit."""

    code = "wrong_use"
    family = Family.WRONG_USE
    sentence = "{detail}"


def all_errors() -> tuple[type[DomainError], ...]:
    """Every concrete refusal, for the tests that ask that each has its words."""
    found: list[type[DomainError]] = []
    queue = list(DomainError.__subclasses__())
    while queue:
        kind = queue.pop()
        queue.extend(kind.__subclasses__())
        found.append(kind)
    return tuple(sorted(found, key=lambda kind: kind.code))
