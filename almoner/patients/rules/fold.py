"""How names are made comparable: folded letters, sounds, nicknames, and what is no name at all."""

import unicodedata

# Letters that Unicode does not take apart into a plain letter and a mark.
_PLAIN = str.maketrans(
    {
        "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ł": "l",
        "ħ": "h", "\u0131": "i", "ŋ": "n", "ŧ": "t",
        "-": " ", "_": " ", "/": " ", ",": " ", ".": " ", "\t": " ", "|": " ",
    }
)  # fmt: skip
_DROPPED = str.maketrans("", "", "'`´ʻʼ‘’\"“”()")  # noqa: RUF001 (the marks people type in names)


def fold(text: str) -> str:
    """Lower-case letters and digits without accents, words parted by one space.

    ``O'Brien-Núñez`` becomes ``obrien nunez``. Letters of other scripts stay as they are.
    """
    for _twice in range(2):  # taken apart, a letter may be a capital; made small, composed again
        text = unicodedata.normalize("NFKD", text.casefold())
    plain = text.translate(_PLAIN).translate(_DROPPED)
    kept = (
        letter if letter.isalnum() else " " for letter in plain if not unicodedata.combining(letter)
    )
    return " ".join("".join(kept).split())


SOUND_LENGTH = 4
_CLASSES = {
    **dict.fromkeys("bfpv", "1"),
    **dict.fromkeys("cgjkqsxz", "2"),
    **dict.fromkeys("dt", "3"),
    "l": "4",
    **dict.fromkeys("mn", "5"),
    "r": "6",
}
_STARTS = (
    ("ph", "f"), ("kn", "n"), ("gn", "n"), ("pn", "n"), ("wr", "r"), ("ps", "s"), ("rh", "r"),
    ("wh", "w"), ("sch", "s"), ("cz", "s"), ("ch", "k"), ("c", "k"), ("q", "k"), ("z", "s"),
    ("x", "s"), ("j", "g"), ("v", "w"), ("y", "i"), ("e", "i"), ("a", "a"),
)  # fmt: skip


def sound(word: str) -> str:
    """What a folded word sounds like: the soundex classes after a first letter made regular.

    Catherine and Kathryn, Philip and Filip, Schmidt and Smith sound alike. Words of other scripts
    are their own sound.
    """
    if not word.isascii():
        return word
    start = word
    for written, spoken in _STARTS:
        if word.startswith(written):
            start = spoken + word[len(written) :]
            break
    code, last = start[:1], _CLASSES.get(start[:1], "")
    for letter in start[1:]:
        kind = _CLASSES.get(letter, "")
        if kind and kind != last:
            code += kind
        if letter not in "hw":  # soundex: h and w do not part two equal sounds
            last = kind
        if len(code) == SOUND_LENGTH:
            break
    return code


_NO_NAMES = frozenset(
    {
        "baby", "babyboy", "babygirl", "newborn", "infant", "boy", "girl", "male", "female",
        "unknown", "unk", "unidentified", "test", "patient", "anonymous", "none", "na", "nfn",
        "nln", "fnu", "lnu", "noname", "doe", "xxx", "xx", "zz", "zzz", "refused", "trauma",
    }
)  # fmt: skip


def is_name(folded: str) -> bool:
    """Whether this is a name at all, and not what people type when they know none.

    ``Baby Girl``, ``Unknown``, ``Test``, a run of one letter: they identify nobody.
    """
    words = folded.split()
    return bool(words) and not all(
        word in _NO_NAMES or word.isdigit() or (len(word) > 1 and len(set(word)) == 1)
        for word in words
    )
