"""The sign-in's settings: constants that ``config.settings`` takes over."""

ACCOUNT_ADAPTER = "rapport.web.signin.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = False  # our own words, in web/signin/notices.py
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGIN_TIMEOUT = 600  # seconds between password and second factor
ACCOUNT_LOGIN_BY_CODE_ENABLED = False
ACCOUNT_LOGIN_BY_CODE_REQUIRED = False  # the adapter decides per person
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 600
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 5
ACCOUNT_RATE_LIMITS = False  # our own buckets, in people/accounts/throttle.py
ACCOUNT_USER_DISPLAY = "rapport.web.signin.adapter.shown_as"

MFA_ADAPTER = "rapport.web.signin.adapter.FactorAdapter"
MFA_SUPPORTED_TYPES = ["webauthn", "totp", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_PASSKEY_SIGNUP_ENABLED = False
MFA_WEBAUTHN_USER_VERIFICATION = "required"  # so that a passkey is two factors in one
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = False  # http://localhost is accepted without it
MFA_ALLOW_UNVERIFIED_EMAIL = True  # addresses come from an invitation, not from a sign-up
MFA_RECOVERY_CODE_COUNT = 10
MFA_RECOVERY_CODE_DIGITS = 10
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_PERIOD = 30
MFA_TOTP_DIGITS = 6
MFA_TOTP_ISSUER = "Rapport"
MFA_RATE_LIMITS = False

AUTHENTICATION_BACKENDS = ["rapport.people.accounts.backend.AccountBackend"]
PASSWORD_HASHERS = ["rapport.people.accounts.hashing.Argon2id"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "rapport.people.accounts.hashing.NotTooLong"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email",)},
    },
]

LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/desk/"
SESSION_SAVE_EVERY_REQUEST = False
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "rapport.web.signin.views.refused.stale_form"
