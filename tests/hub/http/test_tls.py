"""TLS by the service itself: its own certificate, and no plain words on that port."""

from __future__ import annotations

import ipaddress
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from store_desk.hub.config import HubConfig
from store_desk.hub.enrolling import Place
from tests.hub.http.asking import Desk
from tests.hub.http.conftest import _found, running


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    """A certificate for this computer and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "hub.example")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    certificate, private = tmp_path / "hub.crt", tmp_path / "hub.key"
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return certificate, private


def test_desks_reach_head_office_over_tls_alone(conninfo: str, files: tuple[Path, Path]) -> None:
    certificate, key = files
    for made in running(HubConfig(database=conninfo, certificate=certificate, key=key)):
        made.do(_found)
        code = made.code(Place("XH", 1))
        address = f"https://127.0.0.1:{made.client.base_url.port}"
        trusting = ssl.create_default_context(cafile=str(certificate))
        with httpx.Client(base_url=address, verify=trusting, timeout=20) as client:
            assert Desk(client).enrol(code).status_code == 200
        with httpx.Client(base_url=address, timeout=20) as strange, pytest.raises(httpx.ConnectError):
            strange.get("/healthz")
        with pytest.raises(httpx.TransportError):
            made.client.get("/healthz")
