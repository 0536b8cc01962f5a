"""What an officer types about a patient; read, checked, never saved here."""

from almoner.patients.forms.changing import Change
from almoner.patients.forms.confidential import Confidential
from almoner.patients.forms.fields import LONGEST, read_phones
from almoner.patients.forms.opening import SAID, Opening, Picture
from almoner.patients.forms.registering import Registration, family_member
from almoner.patients.forms.rows import Rows, rows_named

__all__ = [
    "LONGEST",
    "SAID",
    "Change",
    "Confidential",
    "Opening",
    "Picture",
    "Registration",
    "Rows",
    "family_member",
    "read_phones",
    "rows_named",
]
