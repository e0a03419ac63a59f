"""The image, built once for all of its tests."""

import tempfile
from pathlib import Path

import pytest

from tests.image.base import DOCKERFILE, base_for
from tests.image.engine import Engine
from tests.image.secrets import write_secrets
from tests.needs import missing, needs_container_engine


@pytest.fixture(scope="session")
def engine() -> Engine:
    """The engine that has the image."""
    engine = Engine(needs_container_engine())
    base = base_for(engine)
    trial = engine.run("true", image=base)
    if trial.returncode:
        missing(f"containers can't run here ({trial.stderr.strip()}): run this as root, or with Docker")
    with tempfile.TemporaryDirectory() as folder:
        engine.build(DOCKERFILE.parent, base, write_secrets(Path(folder)))
    return engine
