"""What a professional claim (837P, 005010X222A1) demands beyond structure.

Sources: public companion guides of payers, CMS's claim processing manual chapter 26 (places of
service), 45 CFR 162.406 (NPI) and 162.1002 (ICD-10-CM from 2015-10-01), in our own words.
"""

from collections.abc import Callable
from datetime import date

from almoner.edges.x12 import codes
from almoner.edges.x12.amounts import day as calendar_date
from almoner.edges.x12.amounts import perhaps_cents
from almoner.edges.x12.guides.coordination import Coordination
from almoner.edges.x12.guides.hierarchy import Hierarchy
from almoner.edges.x12.syntax import Delimiters, Fault, Segment, Severity
from almoner.ground.words import gettext_noop, saying

ICD10_BEGINS = date(2015, 10, 1)
SELF = "18"
REPLACES = frozenset("78")
FREQUENCIES = frozenset("1678")
LEVELS = {"20": "", "22": "20", "23": "22"}
# Providers' own addresses carry the full ZIP; a patient's may have five digits.
FULL_ZIP_LOOPS = frozenset({"2010AA", "2310C", "2420C"})
US_LOOPS = frozenset({"", "US", "USA"})


class _Claim:
    """What must be remembered of one claim until it is over."""

    def __init__(self, segment: Segment, position: int) -> None:
        self.segment = segment
        self.position = position
        self.charge = perhaps_cents(segment[2])
        self.lines_charge: int | None = 0
        self.line = 0
        self.diagnoses = 0
        self.icd9: list[tuple[Segment, int, int]] = []
        self.served_on: date | None = None
        self.has_payer_number = False


class ProfessionalRules:
    def __init__(self, delimiters: Delimiters, report: Callable[[Fault], None]) -> None:
        self._component = delimiters.component
        self._report = report
        self._hierarchy = Hierarchy(LEVELS, self._fault)
        self._claim: _Claim | None = None
        self._coordination: Coordination | None = None
        self._sent_on: date | None = None
        self._subscriber: tuple[Segment, int] | None = None
        self._subscriber_is_patient = False
        self._subscriber_born: date | None = None
        self._subscriber_described = False
        self._patient_born: date | None = None
        self._seen_claims: set[str] = set()
        self._handlers: dict[str, Callable[[Segment, int, str], None]] = {
            "BHT": self._bht, "HL": self._hl, "SBR": self._sbr, "DMG": self._dmg,
            "NM1": self._nm1, "N4": self._n4, "PRV": self._prv, "REF": self._ref,
            "CLM": self._clm, "HI": self._hi, "LX": self._lx, "SV1": self._sv1, "DTP": self._dtp,
            "AMT": self._to_coordination, "CAS": self._to_coordination,
            "SVD": self._to_coordination,
        }  # fmt: skip

    def see(self, segment: Segment, position: int, loop: str) -> None:
        handler = self._handlers.get(segment.elements[0])
        if handler:
            handler(segment, position, loop)

    def finish(self, segment: Segment, position: int) -> None:
        del segment, position
        self._end_claim()
        self._end_subscriber()
        self._hierarchy.finish()

    def _fault(
        self,
        code: str,
        message: str,
        place: tuple[Segment, int, str],
        *,
        element: int = 0,
        component: int = 0,
        severity: Severity = Severity.ERROR,
    ) -> None:
        segment, position, loop = place
        value = segment[element] if element else ""
        if component:
            value = [*value.split(self._component), *[""] * component][component - 1]
        self._report(
            Fault(
                code,
                message,
                severity=severity,
                tag=segment.tag,
                ordinal=segment.ordinal,
                position=position,
                element=element,
                component=component,
                offset=segment.offset,
                loop=loop,
                value=value,
            )
        )

    def _bht(self, segment: Segment, position: int, loop: str) -> None:
        del position, loop
        self._sent_on = calendar_date(segment[4])

    def _hl(self, segment: Segment, position: int, loop: str) -> None:
        self._end_claim()
        if segment[3] != "23":
            self._end_subscriber()
        self._patient_born = None
        self._hierarchy.see(segment, position, loop)

    def _sbr(self, segment: Segment, position: int, loop: str) -> None:
        if loop == "2000B":
            self._subscriber = (segment, position)
            self._subscriber_is_patient = segment[2] == SELF
        elif self._coordination:
            self._coordination.other_payer(segment, position, loop)

    def _end_subscriber(self) -> None:
        """A subscriber who is the patient must be described as a patient is."""
        subscriber, self._subscriber = self._subscriber, None
        if subscriber and self._subscriber_is_patient and not self._subscriber_described:
            message = gettext_noop(
                "The subscriber is the patient, so a birth date and sex (DMG) must be given."
            )
            self._fault("subscriber-undescribed", message, (*subscriber, "2010BA"), element=2)
        self._subscriber_described = False
        self._subscriber_born = None

    def _dmg(self, segment: Segment, position: int, loop: str) -> None:
        born = calendar_date(segment[2])
        if loop == "2010BA":
            self._subscriber_described = True
            self._subscriber_born = born
        elif loop == "2010CA":
            self._patient_born = born
        if born and self._sent_on and born > self._sent_on:
            message = gettext_noop("The birth date is later than the day the claim was written.")
            self._fault("birth-future", message, (segment, position, loop), element=2)

    def _nm1(self, segment: Segment, position: int, loop: str) -> None:
        if segment[8] == "XX" and segment[9] and not codes.is_npi(segment[9]):
            message = gettext_noop(
                "This is not an NPI; it must be ten digits with a right check digit."
            )
            self._fault("npi-invalid", message, (segment, position, loop), element=9)
        if loop == "2330B" and self._coordination:
            self._coordination.name_payer(segment)

    def _n4(self, segment: Segment, position: int, loop: str) -> None:
        if segment[4] not in US_LOOPS:
            return
        place = (segment, position, loop)
        if segment[2] not in codes.STATES:
            message = gettext_noop("This is not the code of a state.")
            self._fault("state-unknown", message, place, element=2)
        code = segment[3]
        if not (code.isascii() and code.isdigit() and len(code) in (5, 9)):
            if not (len(code) == 6 and code.isalnum()):  # a Canadian code under a province
                self._fault(
                    "zip-shape", gettext_noop("A ZIP code has 5 or 9 digits."), place, element=3
                )
        elif len(code) == 5 and loop in FULL_ZIP_LOOPS:
            message = gettext_noop("A provider's address needs the full ZIP code of nine digits.")
            self._fault("zip-short", message, place, element=3)

    def _prv(self, segment: Segment, position: int, loop: str) -> None:
        if segment[3] and not codes.is_taxonomy(segment[3]):
            message = gettext_noop("A taxonomy code has ten characters and ends in X.")
            self._fault("taxonomy-shape", message, (segment, position, loop), element=3)

    def _ref(self, segment: Segment, position: int, loop: str) -> None:
        if segment[1] == "F8" and loop == "2300" and self._claim:
            self._claim.has_payer_number = True
        if segment[1] in ("EI", "SY") and loop in ("2010AA", "2010AC", "2010BA", "2010CA"):
            digits = segment[2].replace("-", "")
            if not (len(digits) == 9 and digits.isascii() and digits.isdigit()):
                message = gettext_noop("A tax number or social security number has nine digits.")
                self._fault("tax-id-shape", message, (segment, position, loop), element=2)

    def _clm(self, segment: Segment, position: int, loop: str) -> None:
        self._end_claim()
        claim = self._claim = _Claim(segment, position)
        place = (segment, position, loop)
        self._coordination = Coordination(claim.charge, self._subscriber, self._fault)
        if claim.charge is not None and claim.charge < 0:
            message = gettext_noop("A claim cannot charge less than nothing.")
            self._fault("amount-negative", message, place, element=2)
        if segment[1] in self._seen_claims:
            message = gettext_noop("An earlier claim of this transaction set has the same number.")
            self._fault(
                "claim-number-repeated", message, place, element=1, severity=Severity.WARNING
            )
        self._seen_claims.add(segment[1])
        if self._hierarchy.level == "22" and not self._subscriber_is_patient:
            message = gettext_noop(
                "The claim stands under a subscriber who is not said to be the patient (18)."
            )
            self._fault("claim-misplaced", message, place)
        elif self._hierarchy.level == "23" and self._subscriber_is_patient:
            message = gettext_noop(
                "The claim stands under a dependant, yet the subscriber is the patient (18)."
            )
            self._fault("claim-misplaced", message, place)

    def _hi(self, segment: Segment, position: int, loop: str) -> None:
        claim = self._claim
        if claim is None or loop != "2300":
            return
        for element in range(1, len(segment)):
            qualifier, _, code = segment[element].partition(self._component)
            code = code.split(self._component)[0]
            if qualifier in ("ABK", "ABF", "BK", "BF"):
                claim.diagnoses += 1
            if qualifier in ("ABK", "ABF") and not codes.is_icd10cm(code):
                message = gettext_noop(
                    "This does not have the shape of an ICD-10-CM code (written without dot)."
                )
                place = (segment, position, loop)
                self._fault("diagnosis-shape", message, place, element=element, component=2)
            elif qualifier in ("BK", "BF"):
                claim.icd9.append((segment, position, element))

    def _lx(self, segment: Segment, position: int, loop: str) -> None:
        claim = self._claim
        if claim is None:
            return
        claim.line += 1
        if self._coordination:
            self._coordination.end_line()
        if segment[1] != str(claim.line):
            message = saying(
                gettext_noop("This is line %(line)s of the claim, and is numbered otherwise."),
                line=claim.line,
            )
            self._fault("line-number", message, (segment, position, loop), element=1)

    def _sv1(self, segment: Segment, position: int, loop: str) -> None:
        claim = self._claim
        if claim is None:
            return
        place = (segment, position, loop)
        charge = perhaps_cents(segment[2])
        if charge is None or claim.lines_charge is None:
            claim.lines_charge = None
        else:
            claim.lines_charge += charge
            if charge < 0:
                message = gettext_noop("A line cannot charge less than nothing.")
                self._fault("amount-negative", message, place, element=2)
        if self._coordination:
            self._coordination.begin_line(charge)
        qualifier, _, rest = segment[1].partition(self._component)
        if qualifier == "HC" and not codes.is_procedure(rest.split(self._component)[0]):
            message = gettext_noop("A procedure code has five characters.")
            self._fault("procedure-shape", message, place, element=1, component=2)
        for number, pointer in enumerate(segment[7].split(self._component), 1):
            if pointer.isascii() and pointer.isdigit() and not 0 < int(pointer) <= claim.diagnoses:
                message = saying(
                    gettext_noop(
                        "The claim has %(diagnoses)s diagnoses; this points to none of them."
                    ),
                    diagnoses=claim.diagnoses,
                )
                self._fault("pointer-dangling", message, place, element=7, component=number)

    def _dtp(self, segment: Segment, position: int, loop: str) -> None:
        if segment[1] != "472" or self._claim is None:
            return
        place = (segment, position, loop)
        first, last = calendar_date(segment[3][:8]), calendar_date(segment[3][-8:])
        if first is None or last is None:
            return
        claim = self._claim
        claim.served_on = min(first, claim.served_on or first)
        if self._sent_on and last > self._sent_on:
            message = gettext_noop("The service is later than the day the claim was written.")
            self._fault("service-future", message, place, element=3)
        born = self._subscriber_born if self._subscriber_is_patient else self._patient_born
        if born and first < born:
            message = gettext_noop("The service is earlier than the patient's birth.")
            self._fault("service-before-birth", message, place, element=3)

    def _to_coordination(self, segment: Segment, position: int, loop: str) -> None:
        if self._coordination:
            self._coordination.see(segment, position, loop)

    def _end_claim(self) -> None:
        claim, self._claim = self._claim, None
        if claim is None:
            return
        place = (claim.segment, claim.position, "2300")
        if claim.charge is not None and claim.lines_charge is not None and claim.line:
            difference = claim.charge - claim.lines_charge
            if difference:
                message = saying(
                    gettext_noop(
                        "The claim's charge and the sum of its lines differ by "
                        "%(difference)s cents."
                    ),
                    difference=difference,
                )
                self._fault("charge-unbalanced", message, place, element=2)
        parts = claim.segment[5].split(self._component)
        frequency = parts[2] if len(parts) > 2 else ""
        if frequency and frequency not in FREQUENCIES:
            message = gettext_noop(
                "A professional claim is original (1), corrected (6, 7) or void (8)."
            )
            self._fault("frequency-unknown", message, place, element=5, component=3)
        if frequency in REPLACES and not claim.has_payer_number:
            message = gettext_noop(
                "A corrected or void claim must name the payer's claim number (REF*F8)."
            )
            self._fault("payer-number-missing", message, place, element=5, component=3)
        self._check_icd9(claim)
        if self._coordination:
            self._coordination.finish()
            self._coordination = None

    def _check_icd9(self, claim: _Claim) -> None:
        for segment, position, element in claim.icd9:
            code = segment[element].split(self._component)[1:2]
            place = (segment, position, "2300")
            if claim.served_on and claim.served_on >= ICD10_BEGINS:
                message = gettext_noop(
                    "ICD-9-CM ended with services of 2015-09-30; this claim is later."
                )
                self._fault("diagnosis-outdated", message, place, element=element, component=1)
            elif not code or not codes.is_icd9cm(code[0]):
                message = gettext_noop(
                    "This does not have the shape of an ICD-9-CM code (written without dot)."
                )
                self._fault("diagnosis-shape", message, place, element=element, component=2)
