"""Django's settings for one practice, read from the environment that the command set.

RAPPORT_PRACTICE    the practice's folder (keys.json, practice.db, files/, backups/)
RAPPORT_MODE        serve (default), demo or test
RAPPORT_PASSPHRASE  opens a practice whose keys are wrapped by a passphrase
DATABASE_URL        a PostgreSQL address; without it the encrypted file in the folder
RAPPORT_DAY_SHEETS  a folder into which everybody's sealed day sheet is written every night
RAPPORT_ORIGINS     the https addresses the practice is reached under, comma-separated
"""

import os
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from psycopg.conninfo import conninfo_to_dict

from rapport.config import languages
from rapport.core import keys, practice
from rapport.web.headers import *  # noqa: F403
from rapport.web.signin.settings import *  # noqa: F403

BASE = Path(__file__).resolve().parent.parent
FOLDER = Path(os.environ["RAPPORT_PRACTICE"])
MODE = os.environ.get("RAPPORT_MODE", "serve")
_passphrase = os.environ.get("RAPPORT_PASSPHRASE")
_keyring = keys.open(FOLDER, keys.PassphraseProvider(_passphrase) if _passphrase else None)
practice.install(practice.Practice(FOLDER, _keyring, MODE))  # type: ignore[arg-type]

DEBUG = False
KIT = MODE in {"demo", "test"}  # the living page of the interface kit is reachable
SECRET_KEY = _keyring.derive("signing").hex()
ORIGINS = [o.strip() for o in os.environ.get("RAPPORT_ORIGINS", "").split(",") if o.strip()]
OVER_TLS = any(origin.startswith("https://") for origin in ORIGINS)
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", *(urlsplit(o).hostname or "" for o in ORIGINS)]
CSRF_TRUSTED_ORIGINS = ORIGINS

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "rapport.core",
    "rapport.people",
    "rapport.meeting",
    "rapport.progress",
    "rapport.record",
    "rapport.contact",
    "rapport.web",
]

MIDDLEWARE = [
    "rapport.web.headers.HeadersMiddleware",
    "csp.middleware.CSPMiddleware",
    "rapport.web.doors.DoorMiddleware",
    "rapport.web.doors.CsrfMiddleware",
    "rapport.web.doors.AccountMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "rapport.web.furniture.LanguageMiddleware",
    "rapport.web.furniture.TimeZoneMiddleware",
    "rapport.web.refusals.WrongMethodMiddleware",
    "rapport.web.doors.ClosedDoorMiddleware",
]

ROOT_URLCONF = "rapport.web.public.urls"
WSGI_APPLICATION = None
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "rapport.web.furniture.furniture",
            ],
            "builtins": ["django.templatetags.i18n", "rapport.web.templatetags.ui"],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.DjangoTemplates"

_options = {
    "key": lambda: practice.current().keyring.database_key,
    "transaction_mode": "IMMEDIATE",
    "timeout": 10,
    "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous="
    + ("OFF" if os.environ.get("RAPPORT_FAST") else "FULL")
    + ";"
    "PRAGMA cache_size=-20000;PRAGMA temp_store=MEMORY",
}
DATABASES: dict[str, dict[str, Any]]
if os.environ.get("DATABASE_URL"):
    _url = conninfo_to_dict(os.environ["DATABASE_URL"])
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": _url.pop("dbname", "rapport"),
            "USER": _url.pop("user", ""),
            "PASSWORD": _url.pop("password", ""),
            "HOST": _url.pop("host", ""),
            "PORT": _url.pop("port", ""),
            # What is asked again is planned once for each connection (docs/decisions/0006).
            "OPTIONS": _url | {"server_side_binding": True, "prepare_threshold": 2},
            "CONN_HEALTH_CHECKS": True,
        }
    }
else:
    DATABASES = {
        "default": {
            "ENGINE": "rapport.core.sqlcipher",
            "NAME": str(FOLDER / "practice.db"),
            "OPTIONS": _options,
        }
    }
DATABASES["default"]["CONN_MAX_AGE"] = None  # a bounded thread pool keeps its connections

AUTH_USER_MODEL = "people.Account"
SESSION_ENGINE = "rapport.people.accounts.sessions"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

LANGUAGE_CODE = "en"
LANGUAGES = languages.LANGUAGES
LOCALE_PATHS = [BASE / "locale"]
USE_I18N = True
FORMAT_MODULE_PATH = ["rapport.config.formats"]
USE_TZ = True
TIME_ZONE = "UTC"

DAY_SHEETS = os.environ.get("RAPPORT_DAY_SHEETS", "")

STATIC_URL = "/static/"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATA_UPLOAD_MAX_MEMORY_SIZE = 10_000_000  # a pasted megabyte is answered with words
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
FILE_UPLOAD_MAX_MEMORY_SIZE = 20 * 1024 * 1024  # what is handed in never lies in a temporary file

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "filters": {"no_tokens": {"()": "rapport.web.signin.quiet.NoTokens"}},
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "plain",
            "filters": ["no_tokens"],
        }
    },
    "root": {"handlers": ["console"], "level": "WARNING"},
}
