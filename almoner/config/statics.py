"""Style sheets and scripts under names that carry a hash, so that browsers keep them for a year."""

from typing import Any

from django.contrib.staticfiles.storage import ManifestStaticFilesStorage
from django.core.files import File


class HashedNames(ManifestStaticFilesStorage):
    """Hashed names where the files were collected; their own names elsewhere (tests)."""

    manifest_strict = False
    support_js_module_import_aggregation = True  # our scripts import one another

    def hashed_name(
        self, name: str, content: "File[Any] | None" = None, filename: str | None = None
    ) -> str:
        try:
            hashed: str = super().hashed_name(name, content, filename)
        except ValueError:  # not collected
            return name
        return hashed
