"""Programs that tests need and Python does not bring: installed where Debian has them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

DEBIAN = Path("/etc/debian_version")


def install(package: str) -> None:
    """Install a package of Debian, if this is one and we may."""
    if not (DEBIAN.exists() and shutil.which("apt-get")):
        return
    root = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if root and not shutil.which("sudo"):
        return
    attempt([*root, "apt-get", "-qq", "update"])
    attempt([*root, "apt-get", "-qq", "install", "-y", "--no-install-recommends", package])


def unpack(package: str, folder: Path) -> bool:
    """Unpack a package of Debian into a folder, and install nothing; tell whether that worked."""
    if not (DEBIAN.exists() and shutil.which("apt-get")):
        return False
    command = ["apt-get", "-qq", "download", package]
    print("fetching:", *command, file=sys.stderr, flush=True)  # noqa: T201 - it takes a while
    subprocess.run(command, cwd=folder, check=False, stdin=subprocess.DEVNULL, stdout=sys.stderr)
    for path in folder.glob(f"{package}_*.deb"):
        attempt(["dpkg-deb", "-x", str(path), str(folder)])
        return True
    return False


def attempt(command: list[str]) -> None:
    """Run a command that may fail, and say so before."""
    print("installing:", *command, file=sys.stderr, flush=True)  # noqa: T201 - it takes a while
    env = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(command, check=False, env=env, stdin=subprocess.DEVNULL, stdout=sys.stderr)
