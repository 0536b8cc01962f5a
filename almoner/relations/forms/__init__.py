"""What an officer types into conversations and cases."""

from almoner.relations.forms.articles import Article, NewArticle, Publishing
from almoner.relations.forms.cases import (
    Completing,
    Due,
    Opening,
    Posted,
    Proof,
    Questions,
    Saving,
    Snoozing,
    Splitting,
)
from almoner.relations.forms.talk import DISPOSITIONS, Calling, Writing

__all__ = [
    "DISPOSITIONS",
    "Article",
    "Calling",
    "Completing",
    "Due",
    "NewArticle",
    "Opening",
    "Posted",
    "Proof",
    "Publishing",
    "Questions",
    "Saving",
    "Snoozing",
    "Splitting",
    "Writing",
]
