"""Pictures of the numbers: drawn by a program of its own, and kept by what they show.

vl-convert draws (Vega-Lite as one library, without a browser). It takes 108 MB while it runs, 0.7 s of one core for the
first picture and 0.06 s for each other, so it is never in the bot, and one run draws all pictures of a page. matplotlib
took 76 MB and 0.9 s, and styles its SVG in a way that the pages' policy refuses. Nobody waits for a picture: the
numbers stand in tables.
"""

import asyncio
import hashlib
import html
import json
import logging
import zlib
from collections import OrderedDict
from collections.abc import Mapping
from pathlib import Path

from attrs import define

from bot.child_program import answer_of
from bot.loose_json import mapping, parsed
from bot.numbers.model import Asked
from bot.numbers.plots import Look, Spec, plots
from bot.numbers.service import NumbersService

logger = logging.getLogger(__name__)

CHILD = Path(__file__).with_name("drawing_child.py")
DEADLINE_S = 30.0
REST_S = 60.0
"""So long after a failure nothing is drawn: whatever it is, it does not go away by trying."""
KEPT_BYTES = 1_000_000
"""Of compressed pictures: some fifty of them."""


@define(kw_only=True, eq=False, repr=False, slots=False)
class Drawings:
    """Draws what `numbers` counts."""

    _numbers: NumbersService
    _environ: Mapping[str, str]
    _program: Path = CHILD
    _deadline_s: float = DEADLINE_S

    def __attrs_post_init__(self) -> None:
        self._kept: OrderedDict[str, bytes] = OrderedDict()
        self._drawing = asyncio.Lock()
        self._rests_until_s = 0.0

    async def picture(self, name: str, asked: Asked, look: Look) -> bytes | None:
        """An SVG. None where it can't be drawn. Raises KeyError for a name that no picture has."""
        numbers, (period, groups) = await self._numbers.numbers(asked), await self._numbers.chosen(asked)
        made = plots(numbers, period, groups, look)
        digest = await asyncio.to_thread(lambda: _digest(made[name]()))
        if digest not in self._kept:
            async with self._drawing:
                if digest not in self._kept:
                    await self._draw(await asyncio.to_thread(lambda: {each: spec() for each, spec in made.items()}))
        kept = self._kept.get(digest)
        if kept is None:
            return None
        self._kept.move_to_end(digest)
        return await asyncio.to_thread(zlib.decompress, kept)

    async def _draw(self, specs: Mapping[str, Spec]) -> None:
        """All of them that are not there yet."""
        loop = asyncio.get_running_loop()
        if loop.time() < self._rests_until_s:
            return
        missing = {digest: spec for spec in specs.values() if (digest := _digest(spec)) not in self._kept}
        asked = await asyncio.to_thread(lambda: json.dumps(missing).encode())
        drawn = await self._drawn(asked)
        for digest, svg in drawn.items():
            if digest in missing and isinstance(svg, str):
                self._kept[digest] = await asyncio.to_thread(zlib.compress, svg.encode())
        if len(drawn) < len(missing):
            logger.warning(
                "%d of %d pictures of the numbers could not be drawn", len(missing) - len(drawn), len(missing)
            )
            self._rests_until_s = loop.time() + REST_S
        while sum(map(len, self._kept.values())) > KEPT_BYTES:
            self._kept.popitem(last=False)

    async def _drawn(self, asked: bytes) -> Mapping[str, object]:
        """What the other program drew, by digest; nothing where it is not there, or takes too long."""
        try:
            answer = await answer_of(self._program, asked, self._environ, deadline_s=self._deadline_s)
            return await asyncio.to_thread(lambda: mapping(parsed(answer)))
        except (TimeoutError, OSError, ValueError):
            return {}


def _digest(spec: Spec) -> str:
    return hashlib.sha256(json.dumps(spec, sort_keys=True).encode()).hexdigest()


def instead(sentence: str, look: Look) -> bytes:
    """A picture that only says something."""
    words = html.escape(sentence)
    ink, paper = ("#eceae5", "#1f2226") if look.dark else ("#1c1d1f", "#ffffff")
    width = look.width_px
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="60" viewBox="0 0 {width} 60">'
        f'<rect width="{width}" height="60" fill="{paper}"/>'
        f'<text x="8" y="34" font-family="system-ui, sans-serif" font-size="13" fill="{ink}">{words}</text>'
        "</svg>"
    ).encode()
