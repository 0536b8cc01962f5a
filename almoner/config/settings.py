"""All settings, from the environment only; `almoner doctor` explains what is missing.

Nothing here is secret: a first run keeps its generated key under ``var/``.
"""

import os
import secrets
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from csp.constants import NONCE, NONE, SELF
from django.utils.translation import gettext_lazy as _

from almoner.config import embedded

ROOT = Path(__file__).resolve().parent.parent.parent
VAR = Path(os.environ.get("ALMONER_VAR") or ROOT / "var")
DEMO = os.environ.get("ALMONER_DEMO", "") == "1"
DEBUG = False


def _secret_key() -> str:
    """The key of this installation: the environment's, or one made once and kept under ``var/``."""
    if given := os.environ.get("ALMONER_SECRET_KEY"):
        return given
    kept = VAR / "secret.key"
    if not kept.exists():
        VAR.mkdir(parents=True, exist_ok=True)
        fresh = VAR / f"secret.key.{os.getpid()}"
        fresh.write_text(secrets.token_urlsafe(50))
        fresh.chmod(0o600)
        try:
            os.link(
                fresh, kept
            )  # the first process to get here wins; the others read what it wrote
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return kept.read_text()


def _database(url: str) -> dict[str, object]:
    parts = urlsplit(url)
    options = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", parts.hostname or ""),
        "PORT": parts.port or "",
        "CONN_MAX_AGE": None,
        # Values go beside the statement, not in it: no log of the database can quote a patient, and
        # a statement asked often is planned once.
        "OPTIONS": {"server_side_binding": True, "prepare_threshold": 3} | options,
        "TEST": {"NAME": "test_almoner"},
    }


SECRET_KEY = _secret_key()
ALLOWED_HOSTS = os.environ.get("ALMONER_HOSTS", "127.0.0.1,localhost").split(",")
DATABASE_URL = os.environ.get("DATABASE_URL") or embedded.cluster(VAR).url()
DATABASES = {"default": _database(DATABASE_URL)}
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "almoner.ground",  # first: its pages stand before those the set-up would bring
    "almoner.config.apps.SetUp",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",  # templates of the widgets, for our own form renderer
    "procrastinate.contrib.django",
    "almoner.facility",
    "almoner.access",
    "almoner.patients",
    "almoner.ledger",
    "almoner.coverage",
    "almoner.scheduling",
    "almoner.relations",
    "almoner.records",
    "almoner.arrivals",
    "almoner.billing",
    "almoner.telehealth",
    "almoner.surveys",
    "almoner.privacy",
    "almoner.portal",
    "almoner.outreach",
    "allauth",  # after access, whose sign-in pages stand before its own
    "allauth.account",
    "axes",
    *(["almoner.demo"] if DEMO else []),
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "almoner.config.policy.ContentPolicy",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "almoner.access.middleware.SignedIn",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "almoner.access.middleware.SessionDeadline",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "almoner.config.urls"
WSGI_APPLICATION = None
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "almoner.ground.shell.context",
            ],
            "builtins": ["almoner.ground.templatetags.desk"],
        },
    }
]

FORM_RENDERER = "almoner.ground.forms.DeskRenderer"
# What was just done waits in the browser for the next page: in the session it would cost every act
# one more write, and two pages at once could lose one another's.
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"

AUTH_USER_MODEL = "access.Officer"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
    )
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_FORMS = {"login": "almoner.access.forms.SignIn"}
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
# Wrong passwords of one name are axes' to count, so that an administrator can open the door again;
# this keeps out who tries many names from one place.
ACCOUNT_RATE_LIMITS = {"login_failed": "20/m/ip"}
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_RESET_ON_SUCCESS = True  # five in a row, not five since ever
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_ENABLE_ADMIN = False
AXES_LOCKOUT_TEMPLATE = "access/shut_out.html"

SESSION_ENGINE = "almoner.access.sessions"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = os.environ.get("ALMONER_HTTPS", "") == "1"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "worker-src": [SELF],  # the kiosk's, of one address alone: static/portal/kiosk.js
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "require-trusted-types-for": ["'script'"],
        "trusted-types": ["htmx", "kiosk"],
    }
}

# Staff read English until a catalogue of theirs is whole; patients are written to in their own.
LANGUAGE_CODE = "en-us"
LANGUAGES = [("en", _("English")), ("es", _("Spanish"))]
USE_TZ = True
TIME_ZONE = os.environ.get("ALMONER_TIME_ZONE") or "America/Chicago"

STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "almoner.config.statics.HashedNames"},
}

ADDRESS = os.environ.get("ALMONER_ADDRESS", "")  # as patients reach it; empty: no links in texts

# The system by which others name our record numbers (FHIR identifiers of the type MR).
MRN_SYSTEM = os.environ.get("ALMONER_MRN_SYSTEM") or "urn:almoner:mrn"

# Where the partners are. In the demo these are processes of our own that speak the same protocols.
CLEARINGHOUSE_URL = os.environ.get("ALMONER_CLEARINGHOUSE_URL", "")
CLEARINGHOUSE_ID = os.environ.get("ALMONER_CLEARINGHOUSE_ID") or "CLEARINGHOUSE"
CLEARINGHOUSE_SENDER = os.environ.get("ALMONER_CLEARINGHOUSE_SENDER", "")
CARD_PROCESSOR_URL = os.environ.get("ALMONER_CARD_PROCESSOR_URL", "")
CARD_PROCESSOR_TOKEN = os.environ.get("ALMONER_CARD_PROCESSOR_TOKEN", "")
CARD_ANSWER_SECONDS = float(os.environ.get("ALMONER_CARD_ANSWER_SECONDS") or "10")
CARD_WEBHOOK_URL = os.environ.get("ALMONER_CARD_WEBHOOK_URL", "")  # as the processor knows it
CARD_WEBHOOK_SECRET = os.environ.get("ALMONER_CARD_WEBHOOK_SECRET", "")
SMS_URL = os.environ.get("ALMONER_SMS_URL", "")
SMS_ACCOUNT = os.environ.get("ALMONER_SMS_ACCOUNT", "")
SMS_TOKEN = os.environ.get("ALMONER_SMS_TOKEN", "")
SMS_SENDER = os.environ.get("ALMONER_SMS_SENDER", "")
SMS_MEDIA_HOST = os.environ.get("ALMONER_SMS_MEDIA_HOST", "")  # where it sends us on for files
SMS_WEBHOOK_URL = os.environ.get("ALMONER_SMS_WEBHOOK_URL", "")  # as the carrier knows it
# Calls by a machine: none without an address. Who we are there is as for texts, if unsaid.
VOICE_URL = os.environ.get("ALMONER_VOICE_URL", "")
VOICE_ACCOUNT = os.environ.get("ALMONER_VOICE_ACCOUNT") or SMS_ACCOUNT
VOICE_TOKEN = os.environ.get("ALMONER_VOICE_TOKEN") or SMS_TOKEN
VOICE_SENDER = os.environ.get("ALMONER_VOICE_SENDER") or SMS_SENDER
VOICE_WEBHOOK_URL = os.environ.get("ALMONER_VOICE_WEBHOOK_URL", "")  # as the carrier knows it
# Minutes after which a call that nobody took is tried again, like 45,180; empty: it is not.
_MINUTES = os.environ.get("ALMONER_CALL_AGAIN", "45,180").split(",")
CALL_AGAIN = tuple(int(minutes) for minutes in _MINUTES if minutes.strip())
_FIRST_HOUR, _LAST_HOUR = (os.environ.get("ALMONER_TEXT_HOURS") or "8-20").split("-")
TEXT_HOURS = (int(_FIRST_HOUR), int(_LAST_HOUR))  # of the recipient's day
_LIMITS = (
    f"care=1/3 billing=1/3 marketing=1/3 survey=1/3 {os.environ.get('ALMONER_TEXT_LIMITS', '')}"
)
TEXT_LIMITS = {  # of each purpose to one number: in a day of the recipient's, and in seven days
    purpose: (int(limit.partition("/")[0]), int(limit.partition("/")[2]))
    for purpose, limit in (each.split("=") for each in _LIMITS.split())
}
# Hours before a visit at which its patient is reminded, like 72,24; empty: nobody is.
_HOURS = os.environ.get("ALMONER_REMIND_HOURS", "72,24").split(",")
REMIND_HOURS = tuple(int(hours) for hours in _HOURS if hours.strip())
# How long a place that came free is kept for whoever waits and was offered it.
OFFER_MINUTES = int(os.environ.get("ALMONER_OFFER_MINUTES") or 20)
# Days before a visit from which its patient can prepare it by link.
CHECK_IN_DAYS = int(os.environ.get("ALMONER_CHECK_IN_DAYS") or 3)

# smtps://user:password@host:port; empty sends no mail (the outbox says so). TLS from the first byte
# on port 465, after STARTTLS on others.
SMTPS = 465
EMAIL_URL = urlsplit(os.environ.get("ALMONER_EMAIL_URL", ""))
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = EMAIL_URL.hostname or ""
EMAIL_PORT = EMAIL_URL.port or (SMTPS if EMAIL_URL.scheme == "smtps" else 25)
EMAIL_HOST_USER = unquote(EMAIL_URL.username or "")
EMAIL_HOST_PASSWORD = unquote(EMAIL_URL.password or "")
EMAIL_USE_SSL = EMAIL_URL.scheme == "smtps" and EMAIL_PORT == SMTPS
EMAIL_USE_TLS = EMAIL_URL.scheme == "smtps" and EMAIL_PORT != SMTPS
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = os.environ.get("ALMONER_EMAIL_SENDER", "desk@clinic.example")
# Where answers to e-mails go, each with a mark of its own after the name, and how they reach us.
EMAIL_REPLY = (
    os.environ.get("ALMONER_EMAIL_REPLY") or f"reply@{DEFAULT_FROM_EMAIL.rpartition('@')[2]}"
)
EMAIL_WEBHOOK_URL = os.environ.get("ALMONER_EMAIL_WEBHOOK_URL", "")
EMAIL_WEBHOOK_SECRET = os.environ.get("ALMONER_EMAIL_WEBHOOK_SECRET", "")

# The relay of calls that two networks do not let through, as browsers are told it (several are
# written apart by commas), and the secret we share with it (coturn's static-auth-secret).
TURN_URLS = tuple(filter(None, os.environ.get("ALMONER_TURN_URL", "").split(",")))
TURN_SECRET = os.environ.get("ALMONER_TURN_SECRET", "")
TURN_ONLY = os.environ.get("ALMONER_TURN_ONLY", "") == "1"  # nobody learns another's address

# The gateway of calls of five and more (Janus, its REST interface), the secret we share with it
# (its api_secret), and the key that its video room asks of whoever makes rooms, if it does.
JANUS_URL = os.environ.get("ALMONER_JANUS_URL", "").rstrip("/")
JANUS_SECRET = os.environ.get("ALMONER_JANUS_SECRET", "")
JANUS_ADMIN_KEY = os.environ.get("ALMONER_JANUS_ADMIN_KEY", "")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    # It writes whole addresses, and that of a look at the gateway's events holds the secret.
    "loggers": {"httpx": {"level": "WARNING"}},
    "root": {"handlers": ["console"], "level": os.environ.get("ALMONER_LOG_LEVEL") or "WARNING"},
}
