"""Opening a day sheet in Python, as its page does in a browser."""

import base64
import json
import re

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC


def parts(page):
    """Header and sealed bytes of a page."""
    found = json.loads(re.search(r'id="sealed">(.+?)</script>', page)[1])
    return base64.b64decode(found["header"]), base64.b64decode(found["body"])


def opened(header, body, passphrase):
    """What is sealed. Everything it needs besides the passphrase stands in the header."""
    said = json.loads(header)
    salt = base64.b64decode(said["salt"])
    kdf = PBKDF2HMAC(SHA256(), 32, salt, said["iterations"])
    key = kdf.derive(passphrase.replace("-", "").encode())
    return AESGCM(key).decrypt(body[:12], body[12:], header).decode()
