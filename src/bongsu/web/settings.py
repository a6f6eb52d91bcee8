"""Django's settings, from the configuration of the installation."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import dj_database_url
from django.utils.translation import gettext_lazy as _

from bongsu.web.configuration import site_configuration, site_folder, site_key
from bongsu.web.pages import page_apps

CONFIG = site_configuration()
SITE = CONFIG.site
FOLDER = site_folder(CONFIG)
HERE = Path(__file__).parent

SECRET_KEY = site_key(FOLDER)
DEBUG = False
ALLOWED_HOSTS = [SITE.host_asked_for, *(["localhost"] if SITE.is_local else []), *SITE.hosts]
ROOT_URLCONF = "bongsu.web.urls"
WSGI_APPLICATION = "bongsu.web.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TEST_RUNNER = "django.test.runner.DiscoverRunner"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "bongsu.web",
    "bongsu.web.accounts",
    "bongsu.web.record",
    *page_apps(),
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "bongsu.web.policy.ContentPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "bongsu.web.accounts.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "bongsu.web.record.refusals.RefusedAccessMiddleware",
    "bongsu.web.accounts.middleware.AddressMiddleware",
    "bongsu.web.accounts.middleware.ReaderMiddleware",
]

TEMPLATES: list[dict[str, Any]] = [  # Any: as Django reads it
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [HERE / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "bongsu.web.context.house",
            ],
            "builtins": ["bongsu.web.templatetags.bongsu"],
        },
    }
]

# SQLite under eight writers at once loses nothing with these, and 650 of 1,200 writes without (measured).
_SQLITE = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
    "PRAGMA cache_size=-65536;",  # 64 MiB
}
DATABASES: dict[str, dict[str, Any]] = {  # Any: as Django reads it
    "default": dict(dj_database_url.parse(SITE.database, conn_max_age=60, conn_health_checks=True))
    if SITE.database
    else {"ENGINE": "django.db.backends.sqlite3", "NAME": FOLDER / "site.sqlite3", "OPTIONS": _SQLITE}
}
# The rate limits of sign-in count in the database, so that all processes of the site count together.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "site_cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},  # of Django's 300, a flood of addresses would push the counters out
    }
}

AUTH_USER_MODEL = "accounts.Person"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "CommonPasswordValidator", "NumericPasswordValidator")
] + [{"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}}]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "bongsu.web.accounts.adapter.Accounts"
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_PREVENT_ENUMERATION = True
# The key of `login_failed` is an address and a user name, that of the next the user name alone: who would keep someone
# out has to knock from ten addresses for an hour, and whoever guesses from many has 600 guesses an hour.
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/5m/key",
    "login_failed_anywhere": "600/h/key",
}
ACCOUNT_FORMS = {
    "login": "bongsu.web.accounts.forms.SignInForm",
    "reauthenticate": "bongsu.web.accounts.forms.PasswordAgainForm",
    "change_password": "bongsu.web.accounts.forms.NewPasswordForm",
}
SECOND_STEP_REQUIRED = SITE.mfa_required
MFA_ADAPTER = "bongsu.web.accounts.adapter.SecondStep"
MFA_FORMS = {
    "authenticate": "bongsu.web.accounts.forms.CodeForm",
    "reauthenticate": "bongsu.web.accounts.forms.CodeAgainForm",
    "activate_totp": "bongsu.web.accounts.forms.FirstCodeForm",
}
MFA_TOTP_TOLERANCE = 1  # one step before and after, for slow fingers and slow clocks (RFC 6238, section 5.2)
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_ISSUER = "Bongsu"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = SITE.is_local and not SITE.https
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"

# The tones of the site's messages, by what Django calls them.
MESSAGE_TAGS = {20: "info", 25: "good", 30: "warn", 40: "bad"}

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("ko", _("Korean")), ("ja", _("Japanese")), ("fr", _("French"))]
LOCALE_PATHS = [FOLDER / "locale"]  # made from the catalogues of all pages, see `bongsu.web.catalogues`
FORMAT_MODULE_PATH = ["bongsu.web.formats"]
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "static/"
STATIC_ROOT = FOLDER / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "bongsu.web.policy.HashedStaticFiles"},
}
WHITENOISE_USE_FINDERS = False

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SITE.https
CSRF_FAILURE_VIEW = "bongsu.web.refusals.without_token"
CSRF_COOKIE_SAMESITE = "Strict"
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in SITE.hosts] if SITE.https else []
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = SITE.https
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if SITE.https else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SITE.https
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SITE.behind_proxy else None
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if SITE.behind_proxy else 0
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 2**20
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
FILE_UPLOAD_MAX_MEMORY_SIZE = 2**20

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"without_secrets": {"()": "bongsu.web.logs.WithoutSecrets"}},
    "handlers": {
        "terminal": {"class": "logging.StreamHandler", "level": "WARNING", "filters": ["without_secrets"]},
    },
    "root": {"handlers": ["terminal"], "level": "WARNING"},
}
