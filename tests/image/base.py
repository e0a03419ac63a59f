"""What the image is built on: the base that the Dockerfile names, or a stand-in where its registry can't be reached."""

import re
import subprocess
import tempfile
from pathlib import Path

from tests.image.engine import Engine
from tests.needs import missing, needs_mmdebstrap

DOCKERFILE = Path(__file__).parents[2] / "Dockerfile"
RELEASE = "trixie"
"""Debian's release in the base that the Dockerfile names; a test holds the two equal."""
STAND_IN = "secondline-base"
PACKAGES = "python3-venv,python-is-python3,ca-certificates,passwd,libstdc++6"
"""The official image has the C++ library too, since its apt needs it; google-re2 is linked to it."""


def base_for(engine: Engine) -> str:
    """The name of an image that is on this machine when this returns."""
    base = pinned_base()
    refusal = "" if engine.has(base) else engine.pull(base)
    if not refusal:
        return base
    print(
        f"{base} can't be fetched: {refusal}\nThe image is built on {STAND_IN} instead: Debian {RELEASE} with its own"
    )
    print(f"Python, from Debian's packages. `{engine.program} rmi {STAND_IN}` has it made anew next time.", flush=True)
    if not engine.has(STAND_IN):
        _make_stand_in(engine)
    return STAND_IN


def pinned_base() -> str:
    """The Dockerfile's default of BASE."""
    [base] = re.findall(r"^ARG BASE=(\S+)$", DOCKERFILE.read_text(), re.MULTILINE)
    return str(base)


def _make_stand_in(engine: Engine) -> None:
    with tempfile.TemporaryDirectory() as folder:
        archive = Path(folder) / "base.tar"
        command = [needs_mmdebstrap(), "--variant=essential", f"--include={PACKAGES}", RELEASE, str(archive)]
        if subprocess.run(command, check=False).returncode:
            missing(
                "mmdebstrap can't make a base image here, as it says above: run this as root, with Debian's packages"
            )
        engine.import_root(archive, STAND_IN)
