"""Phone calls by a machine, by the HTTP interface and the XML Twilio documents and others imitate.

``POST {base}/2010-04-01/Accounts/{account}/Calls.json`` as for texts (`almoner.edges.sms`), with
``Url``: the carrier asks there, signed, what to say once somebody answers, and hears whether that
is a machine (``AnsweredBy``). The answer is TwiML: words, and how many digits are waited for; these
are posted, signed, to the address it names. What becomes of the call is posted to its
``StatusCallback``: ``CallSid`` and ``CallStatus``.
"""

from dataclasses import dataclass
from xml.etree.ElementTree import Element, SubElement, tostring

from almoner.edges import sms

RINGS = 25  # seconds, before most voicemail of a mobile network answers
_PATIENCE = 8  # seconds for a key after the last word
_AFTER_DIGIT = 5
_LANGUAGES = {"en": "en-US", "es": "es-MX"}
_CONTROL = dict.fromkeys(each for each in range(32) if each not in (9, 10, 13))


@dataclass(frozen=True, slots=True)
class Words:
    """What is said, in which language, and what for: ``digits`` are posted to ``then``; 0: an end.

    A key pressed while something is said counts, so nobody has to hear it out.
    """

    language: str
    says: tuple[str, ...]
    digits: int = 0
    then: str = ""


def place(carrier: sms.Carrier, *, to: str, words_at: str, report_to: str) -> str:
    """Call an E.164 number; the carrier's name for the call.

    Raises what `sms.ask` raises.
    """
    form = {
        "To": to,
        "From": carrier.sender,
        "Url": words_at,
        "Method": "POST",
        "StatusCallback": report_to,
        "StatusCallbackMethod": "POST",
        # A machine is left its message after the tone, so we are asked when it is silent.
        "MachineDetection": "DetectMessageEnd",
        "Timeout": str(RINGS),
    }
    return sms.ask(carrier, "Calls", form)


def twiml(words: Words) -> bytes:
    """The answer that says the words, and waits for digits or hangs up."""
    response = Element("Response")
    if words.digits:
        attributes = {
            "input": "dtmf", "action": words.then, "method": "POST",
            "numDigits": str(words.digits), "actionOnEmptyResult": "true",
            "timeout": str(_PATIENCE if words.digits == 1 else _AFTER_DIGIT * 2),
        }  # fmt: skip
        _say(SubElement(response, "Gather", attributes), words)
    else:
        _say(response, words)
        SubElement(response, "Hangup")
    return bytes(tostring(response, encoding="utf-8", xml_declaration=True))


def _say(where: Element, words: Words) -> None:
    for each in words.says:
        said = SubElement(where, "Say", {"language": _LANGUAGES[words.language]})
        said.text = each.translate(_CONTROL)  # XML 1.0 has no place for them
