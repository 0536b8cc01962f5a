"""What an officer types into conversations and cases."""

from almoner.relations.forms.articles import Article, NewArticle, Publishing
from almoner.relations.forms.cases import (
    AtOnce,
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
from almoner.relations.forms.consents import ReadBack, Said
from almoner.relations.forms.talk import (
    CALLERS,
    DISPOSITIONS,
    Calling,
    LetterCame,
    Moved,
    Writing,
)
from almoner.relations.forms.texts import TextWords

__all__ = [
    "CALLERS",
    "DISPOSITIONS",
    "Article",
    "AtOnce",
    "Calling",
    "Completing",
    "Due",
    "LetterCame",
    "Moved",
    "NewArticle",
    "Opening",
    "Posted",
    "Proof",
    "Publishing",
    "Questions",
    "ReadBack",
    "Said",
    "Saving",
    "Snoozing",
    "Splitting",
    "TextWords",
    "Writing",
]
