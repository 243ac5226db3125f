"""Mail servers that really listen, in several moods, with a certificate of our own."""

import ssl
import threading
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from rapport.contact import notices
from rapport.core.policy import System
from tests.factories import AnAccount, APractice

NOW = datetime(2030, 1, 7, 9, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def certificate(tmp_path_factory):
    """A certificate for localhost that signs itself: (chain file, key file)."""
    folder = tmp_path_factory.mktemp("tls")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    names = [x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))]
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    chain, private = folder / "chain.pem", folder / "key.pem"
    chain.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return chain, private


@pytest.fixture
def trusted(certificate, monkeypatch):
    """This process trusts our certificate."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))


class Box:
    """What arrives; ``mood`` says what the server does with it."""

    def __init__(self):
        self.mails, self.passwords, self.mood = [], [], "kind"
        self.release = threading.Event()

    def signs_in(self, server, session, envelope, mechanism, given):
        self.passwords.append((given.login.decode(), given.password.decode()))
        return AuthResult(success=given.password == b"right", handled=False)

    async def handle_EHLO(self, server, session, envelope, hostname, responses):
        session.host_name = hostname
        return responses

    async def handle_RCPT(self, server, session, envelope, address, options):
        if self.mood == "unknown":
            return "550 5.1.1 no such user"
        if self.mood == "busy":
            return "451 4.3.0 try again later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_MAIL(self, server, session, envelope, address, options):
        if self.mood == "wrong sender":
            return "550 5.7.1 not your address"
        envelope.mail_from = address
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if self.mood == "drops":
            server.transport.abort()
            return "451 gone"
        self.mails.append(envelope)
        if self.mood == "drops after":
            server.transport.abort()
        if self.mood == "refuses":
            return "554 5.7.1 we do not like it"
        return "250 taken"


class Listening(Controller):
    """aiosmtpd on a free port; knows the port it got."""

    def __init__(self, handler, **options):
        super().__init__(handler, hostname="127.0.0.1", port=0, **options)

    def _trigger_server(self):
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


class RudeQuit(SMTP):
    """Takes mail and then hangs up without a goodbye."""

    async def smtp_QUIT(self, arg):
        self.transport.abort()


class RudeListening(Listening):
    def factory(self):
        return RudeQuit(self.handler, **self.SMTP_kwargs)


@pytest.fixture
def box():
    return Box()


@pytest.fixture
def listen(certificate):
    """Start a server: ``listen(box, "STARTTLS")`` answers its port."""
    running = []

    def start(box, security="STARTTLS", *, kind=Listening, auth=True):
        options = {"data_size_limit": 10**6}
        if security != "NONE":
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*map(str, certificate))
            if security == "STARTTLS":
                options |= {"tls_context": context, "require_starttls": True}
            else:
                options |= {"ssl_context": context}
        if auth:
            needs_tls = security == "STARTTLS"
            options |= {"authenticator": box.signs_in, "auth_require_tls": needs_tls}
        one = kind(box, **options)
        one.start()
        running.append(one)
        return one.port

    yield start
    for one in running:
        one.stop()


@pytest.fixture
def setup_mail(db):
    """Set the practice's mail server: ``setup_mail(port, security="TLS")``."""

    def given(port, security="STARTTLS", password="right", username="rapport", **changes):
        settings = {
            "host": "localhost",
            "port": port,
            "security": security,
            "username": username,
            "password": password if username else "",
            "from_address": "post@practice.example",
        }
        return notices.set_server(by=System("test"), now=NOW, **(settings | changes))

    return given


@pytest.fixture
def mara(db):
    APractice(name="Praxis Dr. Seelenheil, Psychotherapie", discreet_name="", locale="en")
    return AnAccount(email="mara@home.example", realm="PORTAL")
