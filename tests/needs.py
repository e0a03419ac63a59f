"""What a machine must have for some tests: skipped with advice on a laptop, a failure in CI."""

import os
import shutil
import subprocess
from pathlib import Path
from typing import NoReturn

import pytest


def needs_chromium() -> str:
    """The path of Chromium."""
    return _program(("chromium", "chromium-browser", "google-chrome"), install="chromium")


def needs_mtr() -> str:
    """The path of mtr, the reference that our own trace is compared with."""
    return _program(("mtr",), install="mtr-tiny")


def needs_fping() -> str:
    """The path of fping."""
    return _program(("fping",), install="fping")


def needs_nft() -> str:
    """The path of nft."""
    return _program(("nft", "/usr/sbin/nft"), install="nftables")


def needs_ip() -> str:
    """The path of iproute2's `ip`."""
    return _program(("ip", "/usr/sbin/ip", "/sbin/ip"), install="iproute2")


def needs_openvpn() -> str:
    """The path of openvpn."""
    return _program(("openvpn", "/usr/sbin/openvpn"), install="openvpn")


def needs_strongswan() -> str:
    """The path of strongSwan's IKE daemon, where this process may start it."""
    charon = _program(("/usr/lib/ipsec/charon", "/usr/libexec/ipsec/charon"), install="strongswan-charon")
    if not (Path(charon).parent / "plugins" / "libstrongswan-openssl.so").exists():
        missing("strongSwan has no openssl plugin: apt install libstrongswan-standard-plugins")
    if os.geteuid():
        missing("strongSwan's daemon must be started as root")
    return charon


def needs_wireguard() -> tuple[str, str]:
    """The paths of wireguard-go and wg, where this process may make a tunnel."""
    found = _program(("wireguard-go",), install="wireguard-go"), _program(("wg",), install="wireguard-tools")
    if os.geteuid() or not os.access("/dev/net/tun", os.W_OK):
        missing("a WireGuard tunnel can't be made here: run the tests as root, with /dev/net/tun")
    return found


def needs_alertmanager() -> str:
    """The path of Alertmanager, as Debian calls it."""
    return _program(("prometheus-alertmanager", "alertmanager"), install="prometheus-alertmanager")


def needs_container_engine() -> str:
    """The name of Docker's or Podman's program, whichever answers here."""
    for name in ("docker", "podman"):
        if shutil.which(name) and not subprocess.run([name, "version"], capture_output=True, check=False).returncode:
            return name
    missing("neither Docker nor Podman answers on this machine: start Docker, or install podman and runc")


def needs_mmdebstrap() -> str:
    """The path of mmdebstrap, which makes a base image where no registry can be reached."""
    return _program(("mmdebstrap",), install="mmdebstrap, or give this machine a way to the registry of base images")


def needs_netns() -> str:
    """The path of `ip`, on a machine where this process may make network namespaces."""
    ip = needs_ip()
    probe = f"secondline-{os.getpid()}"
    made = subprocess.run([ip, "netns", "add", probe], capture_output=True, text=True, check=False)
    if made.returncode:
        missing(f"network namespaces can't be made here ({made.stderr.strip()}): run the tests as root")
    subprocess.run([ip, "netns", "delete", probe], capture_output=True, check=True)
    return ip


def missing(advice: str) -> NoReturn:
    """Skip the test with `advice`; fail it where CI=true, where nothing may be left out unseen."""
    if os.environ.get("CI", "").lower() == "true":
        pytest.fail(advice, pytrace=False)
    pytest.skip(advice)


def _program(names: tuple[str, ...], *, install: str) -> str:
    for name in names:
        if path := shutil.which(name):
            return path
    missing(f"{names[0]} is not on this machine: install {install}")
