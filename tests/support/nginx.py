"""nginx in front of the site, set up as docs/proxies/nginx.conf says."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.support import debian

if TYPE_CHECKING:
    from collections.abc import Iterator

NAME = "record.example.org"
CONF = Path(__file__).parents[2] / "docs" / "proxies" / "nginx.conf"
HELP = "no nginx and no way to install one: install it, or put it on PATH"
PLACES = "/usr/sbin:/usr/local/sbin:/opt/homebrew/bin"
USER = "user {};"
"""Root, else what root starts may not write into the folder of a test."""

AROUND = """
daemon off;
{main}
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections {connections}; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    {site}
}}
"""


class Front(NamedTuple):
    """The ports of nginx, and the file of its certificate."""

    https: int
    http: int
    certificate: Path


def find() -> str | None:
    """Return the path of an installed nginx."""
    return shutil.which("nginx") or shutil.which("nginx", path=PLACES)


def provide() -> str | None:
    """Return the path of an nginx, after installing one if there is none."""
    if find() is None:
        debian.install("nginx-light")
    return find()


@contextmanager
def in_front_of(address: str, folder: Path) -> Iterator[Front]:
    """Run nginx before a site; raises `FileNotFoundError` where there is none."""
    program = find()
    if program is None:
        raise FileNotFoundError(HELP)
    front = Front(free_port(), free_port(), certified(folder))
    site = site_conf(CONF.read_text("utf-8"), address, front)
    with running(program, folder, site) as server:
        wait_for(front.https, server)
        wait_for(front.http, server)
        yield front


@contextmanager
def running(
    program: str,
    folder: Path,
    site: str,
    *,
    main: str = "",
    user: str = "root",
    connections: int = 4_096,
) -> Iterator[subprocess.Popen[bytes]]:
    """Run nginx with a configuration of sites; ``main`` stands outside of what is about HTTP.

    Root runs it as the ``user``, as the one that it chooses itself where none is named.
    """
    conf = folder / "nginx.conf"
    main += USER.format(user) if user and os.geteuid() == 0 else ""
    conf.write_text(AROUND.format(main=main, connections=connections, folder=folder, site=site))
    command = [program, "-p", str(folder), "-c", str(conf)]
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE) as server:
        try:
            yield server
        finally:
            server.terminate()


def site_conf(documented_site: str, address: str, front: Front) -> str:
    """Return a documented configuration with the ports and files of a test."""
    folder = front.certificate.parent
    changed = {
        "443 ssl": f"127.0.0.1:{front.https} ssl",
        "listen 80;": f"listen 127.0.0.1:{front.http};",
        "http://127.0.0.1:8000": address,
        f"/etc/letsencrypt/live/{NAME}": str(folder),
        "/var/lib/nginx": str(folder),
    }
    lines = [line for line in documented_site.splitlines() if "[::]" not in line]
    text = "\n".join(lines)
    for documented, here in changed.items():
        assert text.count(documented) >= 1, documented
        text = text.replace(documented, here)
    return text


def certified(folder: Path) -> Path:
    """Write a key and a certificate that it signs itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    (folder / "privkey.pem").write_bytes(key.private_bytes(pem, *plain))
    (folder / "fullchain.pem").write_bytes(certificate.public_bytes(pem))
    return folder / "fullchain.pem"


def free_port() -> int:
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        return int(server.getsockname()[1])


def wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    """Wait until a server listens; raises `RuntimeError` with what it says if it ends instead."""
    while server.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            continue
        return
    raise RuntimeError(server.stderr.read().decode() if server.stderr else "nginx ended")


if __name__ == "__main__":
    sys.exit(None if provide() else f"tests: {HELP}")
