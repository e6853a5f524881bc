"""A certificate authority of the tests' own, and a certificate for ``localhost``."""

from __future__ import annotations

import datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID


class Authority:
    """``file`` is the authority; ``certificate`` and ``key`` are what a server for ``localhost`` needs."""

    def __init__(self, directory: Path) -> None:
        self.file, self.certificate, self.key = (directory / name for name in ("ca.pem", "server.pem", "server.key"))
        own, server = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
        authority = _name("Authority of the tests")
        now = datetime.datetime.now(datetime.UTC)

        def signed(subject: x509.Name, key: ec.EllipticCurvePublicKey, extension: x509.ExtensionType, critical: bool) -> bytes:
            builder = x509.CertificateBuilder(authority, subject, key, x509.random_serial_number())
            builder = builder.not_valid_before(now - datetime.timedelta(hours=1))
            builder = builder.not_valid_after(now + datetime.timedelta(days=1))
            builder = builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(key), False)
            identifier = x509.AuthorityKeyIdentifier.from_issuer_public_key(own.public_key())
            builder = builder.add_extension(identifier, False).add_extension(extension, critical)
            if critical:
                # OpenSSL's strict mode, which Python turns on, wants an authority to say what it is for.
                builder = builder.add_extension(x509.KeyUsage(*(n in (5, 6) for n in range(9))), True)
            return builder.sign(own, hashes.SHA256()).public_bytes(Encoding.PEM)

        self.file.write_bytes(signed(authority, own.public_key(), x509.BasicConstraints(True, None), True))
        names = x509.SubjectAlternativeName([x509.DNSName("localhost")])
        self.certificate.write_bytes(signed(_name("localhost"), server.public_key(), names, False))
        self.key.write_bytes(server.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])
