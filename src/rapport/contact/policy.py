"""Who may do what to the mail that goes out. The whole answer is on this page."""

from django.utils.translation import gettext_lazy as _

from rapport.core.policy import permit

permit("mail.open", _("see the mail server's settings and what was sent"), to=("owner",))
permit("mail.set", _("set the mail server, or stop using it"), to=("owner", "system"))
permit("mail.test", _("try the mail server out"), to=("owner", "system"))
