"""What guides demand whose rules beyond structure are their levels and their NPIs."""

from collections.abc import Callable

from almoner.edges.x12.codes import is_npi
from almoner.edges.x12.guides.hierarchy import Hierarchy
from almoner.edges.x12.syntax import Delimiters, Fault, Segment
from almoner.ground.words import gettext_noop


class _LevelRules:
    LEVELS: dict[str, str] = {}
    # An answer repeats the NPI it was asked with, wrong or right; only an asker must get it right.
    ASKS = False

    def __init__(self, delimiters: Delimiters, report: Callable[[Fault], None]) -> None:
        del delimiters
        self._report = report
        self._hierarchy = Hierarchy(self.LEVELS, self._fault)

    def see(self, segment: Segment, position: int, loop: str) -> None:
        if segment.tag == "HL":
            self._hierarchy.see(segment, position, loop)
        elif self.ASKS and segment.tag == "NM1" and segment[8] == "XX" and not is_npi(segment[9]):
            message = gettext_noop(
                "This is not an NPI; it must be ten digits with a right check digit."
            )
            self._fault("npi-invalid", message, (segment, position, loop), element=9)

    def finish(self, segment: Segment, position: int) -> None:
        del segment, position
        self._hierarchy.finish()

    def _fault(
        self, code: str, message: str, place: tuple[Segment, int, str], *, element: int
    ) -> None:
        segment, position, loop = place
        self._report(
            Fault(
                code,
                message,
                tag=segment.tag,
                ordinal=segment.ordinal,
                position=position,
                element=element,
                offset=segment.offset,
                loop=loop,
                value=segment[element],
            )
        )


class EligibilityAnswerRules(_LevelRules):
    """271: source, receiver, subscriber, dependant."""

    LEVELS = {"20": "", "21": "20", "22": "21", "23": "22"}


class EligibilityInquiryRules(EligibilityAnswerRules):
    """270: the same levels as its answer."""

    ASKS = True


class ClaimAcknowledgmentRules(_LevelRules):
    """277CA: source, receiver, provider, patient."""

    LEVELS = {"20": "", "21": "20", "19": "21", "PT": "19"}
