"""Who must mend a thing."""

from enum import StrEnum


class Desk(StrEnum):
    """The desk whose move it is; every finding and every denial names one."""

    FRONT = "front desk"
    BILLING = "billing"
    CLINICIAN = "clinician"
    SETUP = "set-up"
    PAYER = "payer"
