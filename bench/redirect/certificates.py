"""Whom a handler trusts: the DynamoDB here, alone or beside the authorities of botocore."""

import datetime as dt
import ipaddress
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from bench.redirect import runtime


def create(file: Path) -> bytes:
    """Writes a key and its certificate for the loopback address; the certificate's PEM."""
    key = rsa.generate_private_key(public_exponent=65_537, key_size=2_048)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "bench")])
    address = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    now, day = dt.datetime.now(dt.UTC), dt.timedelta(days=1)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - day)
        .not_valid_after(now + day)
        .add_extension(x509.SubjectAlternativeName([address]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem, form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    public = certificate.public_bytes(pem)
    file.write_bytes(key.private_bytes(pem, form, serialization.NoEncryption()) + public)
    return public


def authorities() -> bytes:
    """As many as botocore trusts: to read them is a part of its every start."""
    (bundle,) = runtime.HOME.glob("lib/python*/site-packages/botocore/cacert.pem")
    return bundle.read_bytes()


def variables(bundle: Path) -> dict[str, str]:
    """As botocore and as Python itself hear of it."""
    return {"AWS_CA_BUNDLE": str(bundle), "SSL_CERT_FILE": str(bundle)}
