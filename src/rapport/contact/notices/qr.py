"""A link as a picture to point a phone at, for where there is no mail."""

import base64

import qrcode
from qrcode.image.svg import SvgPathFillImage


def qr_svg(url: str) -> str:
    """``url`` as a QR code: one SVG element on white with the quiet zone it needs."""
    picture = qrcode.make(url, image_factory=SvgPathFillImage)
    return str(picture.to_string(encoding="unicode"))


def qr_data(url: str) -> str:
    """The same as ``data:`` address, for ``<img src=…>`` under a strict content policy."""
    coded = base64.b64encode(qr_svg(url).encode()).decode("ascii")
    return f"data:image/svg+xml;base64,{coded}"
