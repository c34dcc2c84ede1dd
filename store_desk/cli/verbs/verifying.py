"""`verify`: whether a slip is genuine; nobody signs in, and nothing but known keys is read."""

from __future__ import annotations

from store_desk.cli.call import Answer, Call
from store_desk.domain.errors import SlipNotGenuine
from store_desk.domain.proof import Outcome, Trust, Verdict
from store_desk.words.proof_facts import fact_lines, names_of_facts
from store_desk.words.verify import why_in_words


def verify(call: Call) -> Answer:
    """The verdict with its facts; whatever is not genuine ends as a refusal."""
    from store_desk.app.trust import check, own_trust

    trust = own_trust(call.folder)
    if call.options.trust is not None:
        from store_desk.slips.trust import read_trust

        trust = Trust((*trust.keys, *read_trust(call.options.trust).keys))
    verdict = check(call.options.what, trust)
    answer = verdict.outcome.value
    body: dict[str, object] = {"verdict": answer, "changed": list(verdict.changed), "facts": verdict.facts}
    if verdict.why:
        body["why"] = verdict.why
    genuine = verdict.outcome is Outcome.GENUINE
    failure = None if genuine else SlipNotGenuine(verdict=answer, changed=verdict.changed, why=verdict.why)
    return Answer(body, tuple(_lines(call, verdict)), failure)


def _lines(call: Call, verdict: Verdict) -> list[str]:
    lang = call.terminal.lang
    lines = [call.say(f"proof.{verdict.outcome.value}")]
    if verdict.changed:
        lines.append(call.say("cli.verify.changed", what=names_of_facts(lang, verdict.changed)))
    if verdict.why:
        lines.append(call.say("verify.because", why=why_in_words(lang == "en", verdict.why)))
    lines += [call.say("cli.verify.fact", name=name, value=value) for name, value in fact_lines(lang, verdict.facts)]
    return [*lines, call.say(f"proof.advice.{verdict.outcome.value}")]
