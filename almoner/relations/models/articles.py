from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from almoner.access.models import Officer
from almoner.access.rules import Role
from almoner.relations.models.desks import DESKS, KINDS

_WORDS = r"[^[:space:]]"


class Article(models.Model):
    """Something officers look up while they answer: what it is about, and who may read it.

    Its words are in versions, each of one language. An empty kind, desk or list of roles is any.
    """

    kind = models.TextField(_("kind of case"), blank=True, default="", choices=KINDS)
    desk = models.TextField(_("desk"), blank=True, default="", choices=DESKS)
    roles = ArrayField(
        models.TextField(choices=[(role.value, role.value) for role in Role]),
        default=list,
        blank=True,
    )
    begun_at = models.DateTimeField()
    begun_by_id = models.BigIntegerField()
    retired_at = models.DateTimeField(null=True)


class ArticleVersion(models.Model):
    """The words of an article in one language: a draft until somebody else has published them.

    ``body`` is for officers, ``passage`` is what a patient can be told in that language. Once
    published nothing of it changes (trigger), and none of ``written_by`` can have published it
    (constraint). The newest published of a language holds; of a translation only while the English
    has not been published anew since. From ``review_on`` on somebody must look it over.
    The database keeps a column of its words beside these, to be searched by.
    """

    article = models.ForeignKey(Article, models.PROTECT, related_name="versions")
    language = models.CharField(max_length=2)
    number = models.PositiveIntegerField()
    title = models.TextField()
    body = models.TextField()
    passage = models.TextField(blank=True, default="")
    written_at = models.DateTimeField()
    written_by = ArrayField(models.BigIntegerField())
    published_at = models.DateTimeField(null=True)
    published_by = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+")
    review_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="article_language_known", condition=Q(language__in=["en", "es"])
            ),
            models.CheckConstraint(
                name="article_has_words",
                condition=Q(title__regex=_WORDS, body__regex=_WORDS, written_by__len__gt=0),
            ),
            models.CheckConstraint(
                name="article_published_whole",
                condition=Q(published_at=None, published_by=None, review_on=None)
                | Q(
                    published_at__isnull=False,
                    published_by__isnull=False,
                    review_on__isnull=False,
                ),
            ),
            models.UniqueConstraint(
                fields=["article", "language", "number"], name="article_version_once"
            ),
            models.UniqueConstraint(
                fields=["article", "language"],
                condition=Q(published_at=None),
                name="article_one_draft",
            ),
        ]
        indexes = [
            models.Index(
                fields=["review_on"],
                condition=Q(published_at__isnull=False),
                name="article_to_look_over",
            ),
        ]


class ArticleVote(models.Model):
    """Whether a version helped somebody: their last word counts."""

    version = models.ForeignKey(ArticleVersion, models.PROTECT, related_name="votes")
    officer = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    useful = models.BooleanField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "officer"], name="article_vote_once"),
        ]
