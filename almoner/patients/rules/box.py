"""What was typed into the search box: names, a birth date, a phone, numbers, in any order."""

import re
from dataclasses import dataclass
from datetime import date

from almoner.patients.rules.fold import fold
from almoner.patients.rules.person import MEMBER_ID, PREFIX, is_mrn, member_key

LONGEST = 100  # characters read of what was typed
MOST_WORDS = 6
TELLING_LETTERS = 3  # letters of a name that count as having given the name
AREA_NUMBER = 10
LOCAL_NUMBER = 7
LAST_FOUR = 4
YEAR_DIGITS = 4
COMPACT_DATE = 8


@dataclass(frozen=True, slots=True)
class Asked:
    """A search understood.

    ``words`` are folded beginnings of names. Each of ``facts`` is a set of keys of which the
    patient must have one. ``held`` names the identifiers the query holds without any doubt.
    """

    words: tuple[str, ...] = ()
    facts: tuple[tuple[str, ...], ...] = ()
    held: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.words or self.facts)


_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january", "feb february", "mar march", "apr april", "may", "jun june",
            "jul july", "aug august", "sep sept september", "oct october", "nov november",
            "dec december",
        ),
        1,
    )
    for name in names.split()
}  # fmt: skip
_MONTH = rf"(?P<name>{'|'.join(sorted(_MONTHS, key=len, reverse=True))})"
_DATES = (
    re.compile(r"(?<!\d)(?P<y>\d{4})[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})(?!\d)"),
    re.compile(r"(?<!\d)(?P<m>\d{1,2})[-/.](?P<d>\d{1,2})[-/.](?P<y>\d{4}|\d{2})(?!\d)"),
    re.compile(
        rf"(?i)\b{_MONTH}\.?\s+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<y>\d{{4}}|\d{{2}})\b"
    ),
    re.compile(rf"(?i)\b(?P<d>\d{{1,2}})(?:\s+|-){_MONTH}\.?(?:,?\s+|-)(?P<y>\d{{4}}|\d{{2}})\b"),
    re.compile(rf"(?i)\b{_MONTH}\.?\s+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?!\d)"),
    re.compile(r"(?<![\d-])(?P<m>\d{1,2})/(?P<d>\d{1,2})(?!\d)"),
)
_PHONE = re.compile(
    r"(?<![\w-])(?:\+?1[\s.-]*)?(?:\(\d{3}\)|\d{3})[\s.-]*\d{3}[\s.-]*\d{4}(?![\w-])"
    r"|(?<![\w-])\d{3}[\s.-]?\d{4}(?![\w-])"
)
_MRN = re.compile(r"(?<!\d)(\d{7})-?(\d)(?!\d)")


def understand(typed: str, *, today: date) -> Asked:
    """Read what was typed; ``today`` decides the century of a two-digit year.

    Dates are month first, as here; a first number above 12 is the day. Nothing typed is an error:
    what cannot be read as a date or a number is looked for as a name or a member id.
    """
    rest = typed[:LONGEST].casefold()
    facts: list[tuple[str, ...]] = []
    held: list[str] = []
    rest = _take_dates(rest, facts, held, today=today)
    rest = _take_mrns(rest, facts, held, today=today)
    rest = _take_phones(rest, facts, held)
    words: list[str] = []
    for chunk in rest.split():
        _take_word(chunk, words, facts, held)
    words = words[:MOST_WORDS]
    if any(len(word) >= TELLING_LETTERS for word in words):
        held.insert(0, "name")
    return Asked(tuple(words), tuple(facts), tuple(dict.fromkeys(held)))


def _take_dates(text: str, facts: list[tuple[str, ...]], held: list[str], *, today: date) -> str:
    keys, rest = birth_in(text, today=today)
    if keys:
        facts.append(keys)
        if keys[0].startswith("b:"):
            held.append("birth_date")
    return rest


def birth_in(text: str, *, today: date) -> tuple[tuple[str, ...], str]:
    """The keys of the first birth date written in ``text``, and the text without it."""
    for pattern in _DATES:
        match = pattern.search(text)
        keys = _date_keys(match, today=today) if match else ()
        if match and keys:
            return keys, f"{text[: match.start()]} {text[match.end() :]}"
    return (), text


def _date_keys(match: re.Match[str], *, today: date) -> tuple[str, ...]:
    parts = match.groupdict()
    named = parts.get("name")
    month = _MONTHS[named.casefold()] if named else int(parts["m"])
    day = int(parts["d"])
    return birth_keys(parts.get("y") or "", month, day, today=today)


def birth_keys(year: str, month: int, day: int, *, today: date) -> tuple[str, ...]:
    """Keys of a birth date: of both centuries it may be in, or of its day when no year was said.

    Empty when there is no such day, or it has not come yet.
    """
    if month > 12 >= day:  # noqa: PLR2004 (months)
        month, day = day, month
    years = _years(year) or (2000,)  # a leap year, so that 29 February is a day
    found = []
    for candidate in years:
        try:
            born = date(candidate, month, day)
        except ValueError:
            continue
        if not year:
            return (f"bd:{born.isoformat()[5:]}",)
        if born <= today:
            found.append(f"b:{born.isoformat()}")
    return tuple(found)


def _years(year: str) -> tuple[int, ...]:
    if len(year) == YEAR_DIGITS:
        return (int(year),)
    return (2000 + int(year), 1900 + int(year)) if year else ()


def _take_mrns(text: str, facts: list[tuple[str, ...]], held: list[str], *, today: date) -> str:
    """Eight digits are a record number, a birth date written together, or a member id."""
    match = _MRN.search(text)
    if not match:
        return text
    digits = match[1] + match[2]
    dates = compact_date_keys(digits, today=today)
    numbered = is_mrn(digits)
    keys = ((f"n:{digits}",) if numbered else ()) + dates + (f"m:{digits}",)
    facts.append(keys)
    if numbered and not dates:
        held.append("mrn")
    elif dates and not numbered:
        held.append("birth_date")
    return f"{text[: match.start()]} {text[match.end() :]}"


def compact_date_keys(digits: str, *, today: date) -> tuple[str, ...]:
    """``03041985`` or ``19850304``, whichever is a day that has come."""
    if len(digits) != COMPACT_DATE:
        return ()
    month_first = birth_keys(digits[4:], int(digits[:2]), int(digits[2:4]), today=today)
    year_first = birth_keys(digits[:4], int(digits[4:6]), int(digits[6:]), today=today)
    oldest = f"b:{today.year - 130}"
    return tuple(key for key in month_first + year_first if key > oldest)


def _take_phones(text: str, facts: list[tuple[str, ...]], held: list[str]) -> str:
    phone, rest = phone_in(text)
    if phone:
        digits = re.sub(r"\D", "", phone)[-AREA_NUMBER:]
        key = f"p:{digits}" if len(digits) == AREA_NUMBER else f"p7:{digits[-LOCAL_NUMBER:]}"
        facts.append((key, f"m:{digits}"))
        held.append("phone")
    return rest


def phone_in(text: str) -> tuple[str, str]:
    """The first phone number written in ``text``, and the text without it."""
    match = _PHONE.search(text)
    return (match[0], f"{text[: match.start()]} {text[match.end() :]}") if match else ("", text)


def _take_word(chunk: str, words: list[str], facts: list[tuple[str, ...]], held: list[str]) -> None:
    if chunk.isdigit() and len(chunk) == LAST_FOUR:
        facts.append((f"p4:{chunk}", f"by:{chunk}", f"m:{chunk}"))
    elif any(letter.isdigit() for letter in chunk):
        member = member_key(chunk)
        if len(member) >= MEMBER_ID:
            facts.append((f"m:{member}",))
            held.append("member_id")
    else:
        words.extend(fold(chunk).split())


def word_key(word: str) -> str:
    """The key of every name that begins with this word (by its first letters, when it is long)."""
    return f"w{min(len(word), PREFIX)}:{word[:PREFIX]}"
