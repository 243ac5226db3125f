"""What every answer says to the browser about safety; settings import the policy from here.

The content policy allows our own files and scripts that carry this answer's nonce, and
nothing else: no inline style, no inline handler, no eval, no other host.
"""

from collections.abc import Callable

from csp.constants import NONCE, NONE, SELF
from django.http import HttpRequest, HttpResponse

__all__ = ["CONTENT_SECURITY_POLICY", "HeadersMiddleware"]

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}

ALWAYS = {
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": (
        "accelerometer=(), autoplay=(), browsing-topics=(), camera=(), display-capture=(), "
        "encrypted-media=(), fullscreen=(self), geolocation=(), gyroscope=(), hid=(), "
        "identity-credentials-get=(), idle-detection=(), local-fonts=(), magnetometer=(), "
        "microphone=(), midi=(), payment=(), publickey-credentials-create=(self), "
        "publickey-credentials-get=(self), screen-wake-lock=(), serial=(), usb=(), "
        "xr-spatial-tracking=()"
    ),
}

HSTS = "max-age=31536000; includeSubDomains"
"""One year (ASVS v5.0.0-3.4.1). Sent over TLS only: on loopback it would lock people out."""

SIGNED_OUT = '"cache", "storage"'
"""Not "cookies": that would end the other door's visit and forget that we know this browser."""

SIGNED_OUT_WITH_DRAFTS = '"cache"'
"""Words that did not reach the server lie in the storage, sealed under their author's key."""


class HeadersMiddleware:
    """Put the safe answers on every response, errors included; a view may be stricter."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        for name, value in ALWAYS.items():
            response.headers.setdefault(name, value)
        response.headers.setdefault("Cache-Control", "no-store")
        if request.is_secure():
            response.headers.setdefault("Strict-Transport-Security", HSTS)
        return response
