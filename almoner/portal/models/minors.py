from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from almoner.portal.rules.accounts import Part


class MinorTerms(models.Model):
    """What a parent or guardian may still see of a child of an age; in force from a day on.

    States differ, and change (45 CFR 164.502(g)(3) leaves it to them): `queries.laws` says whose
    law a child is under. A row without a state holds where that one has none. The row of the
    highest ``age`` the child has reached counts.
    """

    state = models.CharField(_("state"), max_length=2, blank=True, default="")
    age = models.PositiveSmallIntegerField(_("from the age of"))
    parts = ArrayField(
        models.TextField(choices=[(part.value, part.value) for part in Part]),
        blank=True,
        default=list,
        verbose_name=_("what they may see"),
        help_text=_(
            "visits, forms, documents, bills, messages, results, looks; separated by"
            " commas; nothing when empty"
        ),
    )
    starts = models.DateField(_("in force from"))

    class Meta:
        verbose_name = _("what parents may see")
        verbose_name_plural = _("what parents may see")
        constraints = [
            models.UniqueConstraint(fields=["state", "age", "starts"], name="minor_terms_once"),
        ]

    def __str__(self) -> str:
        return gettext("from the age of %(age)s, from %(day)s on") % {
            "age": self.age,
            "day": self.starts,
        }
