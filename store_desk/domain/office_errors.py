"""Refusals and failures between a desk and head office."""

from __future__ import annotations

from store_desk.domain.errors import DomainError, Family


class SignerMissing(DomainError):
    """A desk with head office must sign what it sends."""

    code = "signer_missing"
    sentence = (
        "This desk’s key is missing, so nothing can be sent to head office. Restore the key with the recovery sheet."
    )
    family = Family.ENVIRONMENT


class TicketOfOtherStore(DomainError):
    """A desk with head office cancels only its own store's tickets (rulings, 7)."""

    code = "ticket_of_other_store"
    sentence = "{number} belongs to store {store}. Please refer the customer to that store."


class ImportAtHeadOffice(DomainError):
    """Where there is a head office, it brings tickets in."""

    code = "import_at_head_office"
    sentence = "This desk belongs to a head office, which brings tickets in. Send the file there."


class NotEnrolled(DomainError):
    """There is no head office to talk to."""

    code = "not_enrolled"
    sentence = "This desk has no head office. Join one in Settings with the address and a one-time code."


class AlreadyEnrolled(DomainError):
    """A desk joins once."""

    code = "already_enrolled"
    sentence = "This desk belongs to the head office at {url} already."


class EnrolmentRefused(DomainError):
    """The one-time code was wrong, used or too old."""

    code = "enrolment_refused"
    sentence = "Head office did not take the code. Ask for a new one; codes work once, for ten minutes."


class EnrolledElsewhere(DomainError):
    """The code is for another store or desk than this one."""

    code = "enrolled_elsewhere"
    sentence = "This code is for store {store}, desk {desk}; this computer is store {own_store}, desk {own_desk}."


class HubUnreachable(DomainError):
    """No answer from head office; `detail` says how far it got."""

    code = "hub_unreachable"
    sentence = (
        "Head office cannot be reached ({detail}). Work goes on; everything is sent when it can be reached again."
    )
    family = Family.ENVIRONMENT


class HubNotGenuine(DomainError):
    """Something answered that is not our head office: a portal, a proxy, a wrong certificate."""

    code = "hub_not_genuine"
    sentence = "What answered at {url} is not head office ({detail}). Nothing was sent. Check the network sign-in page."
    family = Family.ENVIRONMENT


class HubTooOld(DomainError):
    """Head office runs a version that does not know what this desk says, or the other way round."""

    code = "hub_upgrade_needed"
    sentence = (
        "Head office and this desk run versions that do not fit ({detail}). Update the older one; nothing is lost."
    )
    family = Family.ENVIRONMENT


class DeskRevoked(DomainError):
    """Head office has revoked this desk."""

    code = "desk_revoked"
    sentence = "Head office has revoked this desk. Call head office; what waits here is kept."


class DeskUnknown(DeskRevoked):
    """Head office does not know this desk any more: it was restored from before the desk joined."""

    code = "desk_unknown"
    sentence = (
        "Head office does not know this desk any more. Join again with a new code; what waits here is kept and sent."
    )


class HubRefused(DomainError):
    """Head office refused a request for a reason of its own."""

    code = "hub_refused"
    sentence = "Head office refused: {detail}."


class PublishedMeanwhile(DomainError):
    """Somebody else published a newer version of the same rules."""

    code = "published_meanwhile"
    sentence = "Somebody published version {version} of this meanwhile. Look at it and publish again."


class FeedBroken(DomainError):
    """Head office's changes do not follow on one another; nothing of them was taken."""

    code = "feed_broken"
    sentence = (
        "Head office’s changes have a gap at number {seq}. Nothing was taken over; a fresh copy is being fetched."
    )
    family = Family.ENVIRONMENT


class CaseNotWaiting(DomainError):
    """Somebody has decided on this case already."""

    code = "case_not_waiting"
    sentence = "This request no longer waits for approval; it was decided meanwhile."


class NothingToAsk(DomainError):
    """Head office is asked only about what it refused."""

    code = "nothing_to_ask"
    sentence = "Head office has not refused this, so there is nothing to ask."


class ReasonForOverrulingMissing(DomainError):
    """Overruling needs a reason that the store reads."""

    code = "overruling_reason_missing"
    sentence = "Write in one line why; the store reads it."


class RehearsalFailed(DomainError):
    """A rehearsal of head office ended with books that do not agree."""

    code = "rehearsal_failed"
    sentence = "The rehearsal did not hold: {lost} operations lost, {doubled} doubled, {unequal} differences."
