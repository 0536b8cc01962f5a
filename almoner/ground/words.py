"""Sentences written where nobody reads them: by a rule, or into a row.

They are written in English, the language of the catalogues' keys, and said in the reader's
language by `in_words` where they are shown. A detail (a number, a partner's own words) stands
behind a colon, so that the sentence before it is still one that can be looked up.
"""


def gettext_noop(sentence: str) -> str:
    """Mark a sentence for the translators, whose tools know this name; it stays as it is.

    Django's own does the same; this one may be used by rules and codecs, which know no framework.
    """
    return sentence
