"""Pure decisions of the access duty. No database, no clock."""

from almoner.access.rules.roles import (
    EVERY_PERMISSION,
    ONE_TIME_HOURS,
    PERMISSIONS,
    SIGNED_IN,
    Grade,
    Purpose,
    Role,
    grade,
    one_time_password,
    permits,
)

__all__ = [
    "EVERY_PERMISSION",
    "ONE_TIME_HOURS",
    "PERMISSIONS",
    "SIGNED_IN",
    "Grade",
    "Purpose",
    "Role",
    "grade",
    "one_time_password",
    "permits",
]
