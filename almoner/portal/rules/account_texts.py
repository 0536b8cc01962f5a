"""Texts about an account: by text or e-mail, with our phone; each fact they name is needed."""

from collections.abc import Mapping

from almoner.relations.rules import TextKind

_SAMPLES: Mapping[str, Mapping[str, str]] = {}


def about_account(
    code: str,
    name: str,
    *,
    facts: tuple[str, ...] = (),
    samples: Mapping[str, Mapping[str, str]] = _SAMPLES,
    **shipped: tuple[str, str],
) -> TextKind:
    """A text that is sent by itself; ``shipped`` are subject and body in each language."""
    return TextKind(
        code=code,
        name=name,
        channels=("sms", "email"),
        fields=("clinic", "phone", *facts),
        needed=("phone", *facts),
        samples=samples,
        shipped=shipped,
    )
