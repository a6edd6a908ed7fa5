"""The certificate that phones see: made at first use, for this computer alone, and kept with the user's data."""

from __future__ import annotations

import ipaddress
import os
import socket
from datetime import datetime, timedelta, timezone
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from posturecam.errors import OutputError

DAYS = 397
"""Browsers refuse certificates that are good for longer."""
RENEW_DAYS = 14


def lan_address() -> str:
    """This computer's address in its network; the loopback address where it has none."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            # nothing is sent: this only asks which way a packet to an address kept for documents would leave
            probe.connect(("192.0.2.1", 9))
            return str(probe.getsockname()[0])
        except OSError:
            return "127.0.0.1"


def certificate(folder: Path, address: str) -> tuple[Path, Path, str]:
    """The files of certificate and key for this address, and the certificate's SHA-256; made again when need be.

    Raises OutputError.
    """
    path, key = folder / "lan-certificate.pem", folder / "lan-key.pem"
    found = _usable(path, key, address)
    if found is None:
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            found = _make(path, key, address)
        except OSError as error:
            raise OutputError(f"No certificate can be kept in {folder} ({error.strerror or error}).") from error
    return path, key, fingerprint(found)


def fingerprint(found: x509.Certificate) -> str:
    """The SHA-256 as browsers show it."""
    return ":".join(f"{byte:02X}" for byte in found.fingerprint(hashes.SHA256()))


def _usable(path: Path, key: Path, address: str) -> x509.Certificate | None:
    try:
        found = x509.load_pem_x509_certificate(path.read_bytes())
        names = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        fits = ipaddress.ip_address(address) in names.get_values_for_type(x509.IPAddress)
        lasts = found.not_valid_after_utc > datetime.now(timezone.utc) + timedelta(days=RENEW_DAYS)
        private = serialization.load_pem_private_key(key.read_bytes(), None)
        belongs = private.public_key() == found.public_key()
    except (OSError, ValueError, TypeError, x509.ExtensionNotFound):
        return None
    return found if fits and lasts and belongs else None


def _make(path: Path, key: Path, address: str) -> x509.Certificate:
    private = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"posturecam on {address}")])
    now = datetime.now(timezone.utc)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=DAYS))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(address))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .sign(private, hashes.SHA256())
    )
    secret = private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    _write_private(key, secret)
    _write_private(path, made.public_bytes(serialization.Encoding.PEM))
    return made


def _write_private(path: Path, content: bytes) -> None:
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
