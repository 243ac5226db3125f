"""An account opens one realm, a session is one browser, an invitation is a key sent once."""

import uuid
from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.core.exceptions import ObjectDoesNotExist
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from . import rules

if TYPE_CHECKING:
    from rapport.people.models import Client, Staff


class Realm(models.TextChoices):
    """The two doors that ask for a name. An account fits exactly one."""

    DESK = "DESK", _("desk")
    PORTAL = "PORTAL", _("portal")


class AccountManager(BaseUserManager["Account"]):
    def make(
        self, *, email: str, realm: str, password: str | None = None, **given: Any
    ) -> "Account":
        """A saved account; without ``password`` nothing opens it until an invitation is used."""
        account = Account(email=rules.tidy_mail(email), realm=realm, **given)
        account.set_password(password)
        account.save(using=self._db)
        return account

    def create_user(self, email: str, password: str | None = None, **given: Any) -> "Account":
        """What Django's own tools call; an account made this way still needs a realm."""
        return self.make(email=email, password=password, **given)

    def get_by_natural_key(self, username: str | None) -> "Account":
        """Find by mail address however it is typed."""
        return self.get(email=rules.tidy_mail(username or ""))

    def loaded(self) -> models.QuerySet["Account"]:
        """Accounts together with the staff member and the client behind them."""
        return self.select_related("_staff", "_client")


class Account(AbstractBaseUser):
    """What a person signs in with. It belongs to one practice and to one realm."""

    class Theme(models.TextChoices):
        SYSTEM = "system", _("as the device")
        LIGHT = "light", _("light")
        DARK = "dark", _("dark")
        CONTRAST = "contrast", _("high contrast")

    Realm = Realm

    field_classes: ClassVar = {
        "id": "id", "email": "contact", "password": "secret", "last_login": "time",
        "realm": "code", "is_active": "code", "language": "setting", "theme": "setting",
        "created_at": "time",
    }  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(max_length=254, unique=True, help_text="Lower case; where links go.")
    realm = models.CharField(max_length=6, choices=Realm)
    is_active = models.BooleanField(default=True, help_text="Off: nothing opens this account.")
    language = models.CharField(max_length=10, blank=True, help_text="Empty: the practice's.")
    theme = models.CharField(max_length=8, choices=Theme, default=Theme.SYSTEM)
    created_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["realm"]

    objects: ClassVar[AccountManager] = AccountManager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(realm__in=["DESK", "PORTAL"]), name="account_belongs_to_one_realm"
            ),
        ]

    is_system = False

    def __str__(self) -> str:
        return f"account {self.pk}"  # never a name or an address: this string reaches logs

    @property
    def staff(self) -> "Staff | None":
        """The staff member behind a desk account, or None. Uses what ``loaded()`` fetched."""
        return self._behind("_staff") if self.realm == Realm.DESK else None

    @property
    def client(self) -> "Client | None":
        """The client behind a portal account, or None. Uses what ``loaded()`` fetched."""
        return self._behind("_client") if self.realm == Realm.PORTAL else None

    def _behind(self, name: str) -> Any:
        try:
            return getattr(self, name)
        except ObjectDoesNotExist:
            return None


class Session(models.Model):
    """One browser at one door. The cookie's value is known to the browser alone."""

    field_classes: ClassVar = {
        "id": "id", "key_hash": "secret", "realm": "code", "account": "link", "data": "sealed",
        "data_version": "code", "agent": "setting", "created_at": "time", "last_seen_at": "time",
        "locked_at": "time", "stepped_up_at": "time", "handed_at": "time",
    }  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key_hash = models.CharField(max_length=64, unique=True, help_text="SHA-256 of the cookie.")
    realm = models.CharField(max_length=6, choices=Realm)
    account = models.ForeignKey(Account, models.CASCADE, null=True, related_name="sessions")
    data = models.BinaryField(help_text="Sealed JSON: what the sign-in library remembers.")
    data_version = models.PositiveIntegerField(default=1)
    agent = models.CharField(max_length=40, blank=True, help_text="Browser and system, no version.")
    created_at = models.DateTimeField(help_text="When the account signed in.")
    last_seen_at = models.DateTimeField(help_text="Written at most once a minute.")
    locked_at = models.DateTimeField(null=True)
    stepped_up_at = models.DateTimeField(null=True, help_text="The last proof of identity.")
    handed_at = models.DateTimeField(
        null=True, help_text="A client answers on this device: nothing else of the desk opens."
    )

    class Meta:
        indexes: ClassVar = [models.Index(fields=["last_seen_at"], name="session_last_seen")]

    def __str__(self) -> str:
        return f"session {self.pk}"


class Invitation(models.Model):
    """A link that works once. Only the hash of its token is kept."""

    class Purpose(models.TextChoices):
        STAFF = "STAFF", _("a colleague's first sign-in")
        CLIENT = "CLIENT", _("a client's first sign-in")
        OWNER_FIRST = "OWNER_FIRST", _("the first owner's sign-in")
        RECOVER = "RECOVER", _("a new way in for somebody locked out")
        RESET = "RESET", _("a new password")

    field_classes: ClassVar = {
        "id": "id", "token_hash": "secret", "purpose": "code", "account": "link",
        "made_by": "id", "created_at": "time", "expires_at": "time", "opened_at": "time",
        "used_at": "time", "withdrawn_at": "time",
    }  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    token_hash = models.CharField(max_length=64, unique=True)
    purpose = models.CharField(max_length=11, choices=Purpose)
    account = models.ForeignKey(Account, models.CASCADE, related_name="invitations")
    made_by = models.CharField(max_length=64, help_text="The actor's id, as in the audit trail.")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True, help_text="When somebody pressed the button.")
    used_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=models.F("created_at")),
                name="invitation_expires_after_it_is_made",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["account", "purpose"], name="invitation_account")]

    def __str__(self) -> str:
        return f"invitation {self.pk}"


class Throttle(models.Model):
    """How often something failed lately, per bucket. A bucket's name is a keyed hash."""

    field_classes: ClassVar = {
        "id": "id", "bucket": "secret", "failures": "code", "window_ends_at": "time",
    }  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    bucket = models.CharField(max_length=64, unique=True)
    failures = models.PositiveIntegerField(default=0)
    window_ends_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["window_ends_at"], name="throttle_window")]

    def __str__(self) -> str:
        return f"throttle {self.pk}"


class Pin(models.Model):
    """A few digits with which somebody takes a tablet back from a client. They open no door."""

    field_classes: ClassVar = {
        "id": "id", "account": "link", "hash": "secret", "set_at": "time",
    }  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.OneToOneField(Account, models.CASCADE, related_name="pin")
    hash = models.CharField(max_length=128)
    set_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"pin {self.pk}"


class Device(models.Model):
    """A browser from which an account has signed in before."""

    field_classes: ClassVar = {
        "id": "id", "token_hash": "secret", "account": "link", "created_at": "time",
        "last_used_at": "time",
    }  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    token_hash = models.CharField(max_length=64, unique=True)
    account = models.ForeignKey(Account, models.CASCADE, related_name="devices")
    created_at = models.DateTimeField()
    last_used_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"device {self.pk}"
