"""What a build on this machine needs to know and the image must not: mounted while packages are installed."""

import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

MARK = "# of the building machine, which the image must not know"
KEPT = ("index-url", "proxy", "trusted-host")
MOUNTED = "/run/secrets/certificates"


def write_secrets(folder: Path) -> Mapping[str, Path]:
    """Write pip's settings and certificates of this machine into `folder`, each with MARK; gives id and file."""
    listed = subprocess.run([sys.executable, "-m", "pip", "config", "list"], capture_output=True, text=True, check=True)
    pip_settings = read_settings(listed.stdout)
    lines, certificates = [MARK, "[global]"], MARK
    lines += [f"{name} = {pip_settings[name]}" for name in KEPT if name in pip_settings]
    if "cert" in pip_settings:
        lines.append(f"cert = {MOUNTED}")
        certificates += "\n" + Path(pip_settings["cert"]).read_text()
    secrets = {"pip.conf": folder / "pip.conf", "certificates": folder / "certificates"}
    secrets["pip.conf"].write_text("\n".join(lines) + "\n")
    secrets["certificates"].write_text(certificates)
    return secrets


def read_settings(listed: str) -> dict[str, str]:
    """Read `pip config list`: the environment comes first there, and wins, as in pip."""
    rows = re.findall(r"^[^.\n]+\.([\w-]+)='(.*)'$", listed, re.MULTILINE)
    return dict(reversed(rows))
