"""Words that patients read and a clinic writes in its set-up: one writes them, another signs."""

from typing import ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.fields.json import KT
from django.utils.translation import gettext_lazy as _


class SignedWords(models.Model):
    """A row of the set-up whose ``WORDS`` patients read once somebody else has signed them.

    ``signed`` keeps the words that count, by the names of their columns, whatever is written in
    the columns meanwhile; None: none count yet. ``authors`` are all who wrote in what waits, and
    none of them signs it (trigger). Nobody signed what came with the house, or stood here before
    words were signed; it counts.
    """

    WORDS: ClassVar[tuple[str, ...]]

    authors = ArrayField(
        models.BigIntegerField(), default=list, editable=False, verbose_name=_("who wrote them")
    )
    signed = models.JSONField(_("words that count"), null=True, editable=False)
    signed_at = models.DateTimeField(_("signed at"), null=True, editable=False)
    signed_by_id = models.BigIntegerField(_("signed by"), null=True, editable=False)

    class Meta:
        abstract = True

    @property
    def words(self) -> dict[str, str]:
        """What stands in the columns now, signed or not."""
        return {name: getattr(self, name) for name in self.WORDS}

    @property
    def waits(self) -> bool:
        """Whether what stands here is still to be signed."""
        return self.words != self.signed

    def said(self, name: str) -> str:
        """The words that count; empty when none were signed."""
        return str(self.signed[name]) if self.signed else ""

    def written_by(self, officer_id: int) -> None:
        """Keep among the authors who is about to change the words; to be called before saving."""
        before = type(self)._default_manager.filter(pk=self.pk).first()
        if before is None:
            self.authors = [officer_id]
        elif before.words != self.words:
            earlier = before.authors if before.waits else []
            self.authors = sorted({*earlier, officer_id})

    @classmethod
    def waiting(cls) -> "models.QuerySet[Self]":
        """The rows whose words are still to be signed, by their ids."""
        count = {f"signed_{name}": KT(f"signed__{name}") for name in cls.WORDS}
        same = Q(signed__isnull=False)
        for name in cls.WORDS:
            same &= Q(**{f"signed_{name}": models.F(name)})
        rows: models.QuerySet[Self] = cls._default_manager.alias(**count)
        return rows.exclude(same).order_by("pk")

    @property
    def languages(self) -> dict[str, str]:
        """The language of each column of words: what its name ends in, unless the row tells it."""
        return {name: name.rpartition("_")[2] for name in self.WORDS}
