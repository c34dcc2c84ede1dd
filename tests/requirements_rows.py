"""The rows of the requirements list with a title each, and those that this version claims to do."""

from __future__ import annotations

TITLES = """
RSN-01 Solved by the customer: how, kept and printed
RSN-02 Agreement: remedy, amount and day become the store's obligation
RSN-03 Opened by mistake: allowed low without approval, counted apart
RSN-04 Needs changed: another kind of ticket offered and linked
RSN-05 Dissatisfied: what and about whom, improvement task first, reason fixed
RSN-06 The reason comes first, has no default and cannot be skipped
CND-01 Solved by the store: the record is asked, closing is offered
CND-02 Waived: the sentence is shown, read back, printed and signed
CND-03 Wrong details: cancelled and made again in one step, place kept
CND-04 Past the deadline: both agree, highest approval, counts against nobody
CND-05 Force majeure: the event, bulk cancelling by head office
CND-06 Not genuine: finding, photo, supervisor, customer told how to object
CND-07 Duplicates: one is kept, the others point to it
CND-08 Returned and refunded: references, open until the money arrived
CND-09 Another channel: evidence frozen and exported, head office told
CND-10 Conditions are versioned data, replaced by head office
STA-01 Waiting for review: two actions and it is done
STA-02 In review: the reviewer is stopped, the plan follows a result
STA-03 Approved: settled first, responsibilities on the slip
STA-04 In progress: goods and visit called back, numbers at hand
STA-05 Not assigned: cancelled directly, never assigned again
STA-06 Assigned: the assignee is told and must acknowledge
STA-07 Being worked on: what was done, can it stop, who said so
STA-08 Waiting to be confirmed: the result is asked about, better ways first
STA-09 The state is shown as a plan before anything changes
STA-10 A check runs by itself after every cancellation
CHN-01 At the counter: identified, signed, printed
CHN-02 By phone: identity questions, recording reference, no signature
CHN-03 Tickets of a platform: referred, never said to be cancelled
CHN-04 Mail and chat as an inbox of requests
CHN-05 On somebody's behalf: relation and authority
COM-01 Any of the customer's papers finds the ticket
COM-02 Code and the customer's own words are both kept
COM-03 A call script that depends on state and reason
COM-04 The read-back text is frozen, hashed and signed
COM-05 A promise with its time, printed and watched
COM-06 A suggestion may be noted and never blocks
COM-07 Phrases for waiting; looking up is quick
COM-08 Promises with their due times on the first screen
OPS-01 People with roles and PINs; cancelling is a right by level
OPS-02 One search box; name and product before the plan
OPS-03 What is typed is kept as a draft
OPS-04 Everything of a cancellation in one transaction
OPS-05 A request waits for its approver's decision
OPS-06 Notices of the result with their state
OPS-07 An action that is not allowed says why and what to do
NTF-01 Staff concerned are told at once and acknowledge
NTF-02 Any clerk sees what was cancelled today and why
NTF-03 Managers get a summary by day and week
NTF-04 Finance, purchasing and warehouse hear of what concerns them
NTF-05 The customer gets slip and message
NTF-06 A queue with a state per recipient, held until undoing is over
MON-01 Every benefit is listed to keep, return or partly return
MON-02 Costs by tariff, waived within limits
MON-03 Coupons and free items are voided
MON-04 A refund stays open until it arrived
LOG-01 Goods are called back, with waybill and state
LOG-02 Booked visits are stopped, with an alarm
LOG-03 Parts, slot and technician become free; what was wasted is recorded
EVD-01 Attachments with hash, author and time
EVD-02 Kept for years; purged only by protocol
EVD-03 The slip is the customer's proof
EVD-04 A copy for each side; reprints are marked
EVD-05 An append-only journal as a time line
EVD-06 Photos at intake and at reopening
EXC-01 A refusal has code, text, decider and a slip
EXC-02 Why a ticket still looks active, in plain words
EXC-03 Reminders and escalation at the promised time
EXC-04 A test of the connection; work goes on offline
EXC-05 Errors with a number to copy for support
EXC-06 Guided corrections with a second person
EXC-07 Incident records that fill themselves
EXC-08 Open incidents on the first screen
SUP-01 What cancelling does to this ticket, for the customer to read
SUP-02 Offers with limits per role
SUP-03 A supervisor decides on one screen
SUP-04 Attempts that end otherwise are kept and counted
STF-01 A technician may object, with the reason
STF-02 The policy is shown with the stop-notice
STF-03 Time spent is credited, the freed slot shown
STF-04 A report of who acknowledges how fast
FUP-01 Calling back after some days, with a score
FUP-02 A poor score becomes a task
FUP-03 Tags of what customers say
FUP-04 A searchable archive of it
FUP-05 Reopening with one key
FUP-06 Open promises on the customer's card
ANA-01 Shares of the reasons
ANA-02 Levels, weekdays and hours
ANA-03 The slowest step
ANA-04 Preventive measures proposed
ANA-05 Figures apart for before and after work
ANA-06 Scores after cancelling by store
REO-01 A linked new ticket with the old reason
REO-02 The former handler is proposed
REO-03 Old evidence is carried over
REO-04 Priority and a shorter time after a cancellation
REO-05 The same ladder of escalation
REO-06 The earlier solution beside the new ticket
REO-07 Last change and next promise in one line
INT-01 Type and class of the problem
INT-02 Proof of purchase and serial, missing ones flagged
INT-03 Channel and time of filing
INT-04 A description, with templates
INT-05 Evidence at filing
INT-06 A number unique over all stores, made offline
INT-07 Contact and the best time
TIM-01 Expected times by type
TIM-02 What a ticket is waiting for
DIS-01 Objections to any decision
DIS-02 Other instances, printed
DIS-03 A flag for public complaints
DIS-04 Claims of compensation
DIS-05 Records kept while in dispute
MOD-01 Change instead of cancel, early on
MOD-02 Change requests that are reviewed
MOD-03 A period for changes
MOD-04 Severity can always be changed
MOD-05 A limit of changes
MOD-06 A form to sign for a change
MOD-07 A change is read back and printed
MOD-08 The new due date before saving
WAR-01 Warranty is untouched by cancelling, and the slip says so
WAR-02 Decisions on cover with finding and photo
WAR-03 The number of requests as a fact
WAR-04 Repaired elsewhere, with the date
WAR-05 Rights with the days of this purchase
WAR-06 Rights at stake are shown, acknowledged and printed
IND-01 Profile for online trade
IND-02 Profile for restaurants
IND-03 Profile for hospitals
IND-04 Profile for banks
IMP-01 A count of customer-caused cancellations, for information
IMP-02 What it means for the customer; a fast way; place kept
IMP-03 Earlier cancellations at intake, in neutral words
OFF-01 Informal requests kept as drafts with what is missing
OFF-02 Restored by a supervisor
OFF-03 Missing steps in one list
OFF-04 Refusals with a slip
OFF-05 Facts only, no rating
OFF-06 No block: not built on purpose
OFF-07 Warnings by head office, no invented law
PRV-01 Policy at intake
PRV-02 Hints from what others solved
PRV-03 Solved without a ticket
PRV-04 Is the problem real
"""
ROWS: dict[str, str] = {f"REQ-{line[:6]}": line[7:] for line in TITLES.strip().splitlines()}

# Rows that a person at a desk without head office can carry through to the end in this version. A row that is begun
# (its obligation is made but nothing follows it up, say) has tests and is not claimed.
DONE = """
RSN-02 RSN-03 RSN-05 RSN-06 CND-02 CND-03 CND-04 CND-06 STA-01 STA-03 STA-05 STA-08 STA-09 STA-10 CHN-01 CHN-02
CHN-05 COM-01 COM-02 COM-04 OPS-01 OPS-02 OPS-03 OPS-04 EVD-03 EVD-04 EVD-05 WAR-01 WAR-05 WAR-06 IMP-01 REO-01
REO-04 INT-06 OFF-05
"""
CLAIMED = frozenset(f"REQ-{row}" for row in DONE.split())
