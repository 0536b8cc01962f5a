"""One thing the doctor looked at."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at; ``advice`` is empty when it is well."""

    what: str
    found: str
    advice: str = ""

    def __str__(self) -> str:
        mark = "ok  " if not self.advice else "LOOK"
        return f"{mark}  {self.what}: {self.found}{f'. {self.advice}' if self.advice else ''}"
