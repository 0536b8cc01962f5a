"""Languages by their own names: whoever looks for theirs reads it."""

TONGUES = {
    "en": "English", "es": "Español", "am": "አማርኛ", "ar": "العربية",
    "ase": "American Sign Language", "bn": "বাংলা", "de": "Deutsch",
    "el": "Ελληνικά", "fa": "فارسی", "fi": "Suomi", "fr": "Français",
    "gu": "ગુજરાતી", "he": "עברית", "hi": "हिन्दी", "hmn": "Hmoob",
    "ht": "Kreyòl ayisyen", "it": "Italiano", "ja": "日本語", "km": "ខ្មែរ",
    "ko": "한국어", "lo": "ລາວ", "my": "မြန်မာ", "ne": "नेपाली", "nl": "Nederlands",
    "pa": "ਪੰਜਾਬੀ", "pl": "Polski", "ps": "پښتو", "pt": "Português", "ru": "Русский",
    "so": "Soomaali", "sw": "Kiswahili", "th": "ไทย", "tl": "Tagalog",
    "tr": "Türkçe", "uk": "Українська", "ur": "اردو", "vi": "Tiếng Việt",
    "zh": "中文",
}  # fmt: skip


def tongue(code: str) -> str:
    """The language's own name; a code that has none here stands for itself."""
    return TONGUES.get(code, code)
