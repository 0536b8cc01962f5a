"""Pure decisions of the access duty. No database, no clock."""

from almoner.access.rules.roles import (
    EVERY_PERMISSION,
    PERMISSIONS,
    SIGNED_IN,
    Grade,
    Purpose,
    Role,
    grade,
    permits,
)

__all__ = [
    "EVERY_PERMISSION",
    "PERMISSIONS",
    "SIGNED_IN",
    "Grade",
    "Purpose",
    "Role",
    "grade",
    "permits",
]
