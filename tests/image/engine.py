"""Docker or Podman, by the commands and options that both have."""

import asyncio
import gzip
import re
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.settings.sources import CONFIG_VARIABLE, VARIABLES
from tests.stories.bot_process import Process

IMAGE = "secondline"
CONTAINER = "secondline-tried"
# Podman raises both limits by default, which a machine may forbid to root too.
LIMITS = ("--ulimit=nofile=1024:1024", "--ulimit=nproc=1024:1024")
CONFINED = ("--read-only", "--cap-drop=ALL", "--security-opt=no-new-privileges")
GRACE_S = 20
"""What README tells operators to forbid, and to wait for when they stop the bot; a test holds it equal."""
GZIP = b"\x1f\x8b"


@dataclass(frozen=True, slots=True)
class Engine:
    """`program` is "docker" or "podman"."""

    program: str

    def has(self, image: str) -> bool:
        return not self._tried("image", "inspect", image).returncode

    def pull(self, image: str) -> str:
        """Fetch an image. Returns why not, or ""."""
        pulled = self._tried("pull", image)
        return pulled.stderr.strip().rpartition("\n")[2] if pulled.returncode else ""

    def import_root(self, archive: Path, image: str) -> None:
        """Make an image out of the archive of a root file system."""
        subprocess.run([self.program, "import", archive, image], check=True)

    def build(self, folder: Path, base: str, secrets: Mapping[str, Path]) -> None:
        """Build IMAGE of the Dockerfile in `folder` on `base`; `secrets` are mounted by their ids."""
        mounts = [f"--secret=id={name},src={path}" for name, path in secrets.items()]
        options = ("--network=host", *LIMITS, f"--build-arg=BASE={base}", *mounts, f"--tag={IMAGE}")
        subprocess.run([self.program, "build", *options, folder], check=True)

    def run(self, *words: str, image: str = IMAGE, options: Sequence[str] = ()) -> subprocess.CompletedProcess[str]:
        """Run a container without a network to its end, confined. `words` are arguments of its entry point."""
        return self._tried("run", "--rm", "--network=none", *self._confined(), *options, image, *words)

    async def launch(self, words: Sequence[str], environment: Mapping[str, str], log: Path) -> Process:
        """Start the bot from the image, confined, on this machine's network.

        The settings file is mounted where the image looks for it, and the certificates that it names where it says.
        """
        names = [f"--env={name}" for name in VARIABLES if name in environment and name != "SECONDLINE_DB"]
        settings = Path(environment[CONFIG_VARIABLE])
        [certificates] = re.findall(r'^ca_file = "(.+)"$', settings.read_text(), re.MULTILINE)
        mounts = (f"--volume={settings}:/etc/secondline.toml:ro", f"--volume={certificates}:{certificates}:ro")
        named = ("--rm", f"--name={CONTAINER}", f"--stop-timeout={GRACE_S}", "--network=host")
        with log.open("ab") as output:
            return await asyncio.create_subprocess_exec(
                *(self.program, "run", *named, *self._confined(), *mounts, *names, IMAGE, *words),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                env=dict(environment),
            )

    def stop(self) -> None:
        """Stop what `launch` started as people do: SIGTERM, and SIGKILL after GRACE_S."""
        subprocess.run([self.program, "stop", CONTAINER], check=True, capture_output=True)

    def remove(self) -> None:
        """Remove what `launch` started, running or not, with its data."""
        self._tried("rm", "--force", "--volumes", CONTAINER)

    def layers(self) -> Iterator[bytes]:
        """Everything that IMAGE is made of: an archive of files for each layer, the history, the configuration."""
        with tempfile.TemporaryDirectory() as folder:
            saved = Path(folder) / "image.tar"
            subprocess.run([self.program, "save", f"--output={saved}", IMAGE], check=True, capture_output=True)
            with tarfile.open(saved) as archive:
                for member in archive:
                    part = archive.extractfile(member) if member.isfile() else None
                    content = part.read() if part else b""
                    yield gzip.decompress(content) if content.startswith(GZIP) else content

    def _confined(self) -> tuple[str, ...]:
        # Podman would leave /tmp, /run and /var/tmp writable.
        tmpfs = ("--read-only-tmpfs=false",) if self.program == "podman" else ()
        return (*CONFINED, *tmpfs, *LIMITS)

    def _tried(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([self.program, *words], capture_output=True, text=True, check=False)
