"""The canvas: colours that can be told and read, and pictures as high as what was drawn."""

import threading
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from itertools import pairwise

from PIL import Image
from PIL.ImageColor import getrgb as rgb

from bot.pictures.canvas import MARGIN, TEXT, WIDTH, Canvas
from bot.pictures.model import ALT_MAX, Picture, cut_alt
from bot.pictures.palette import BAD, DELAY, INK, LETTERS, PAPER, SOFT, WELL

SHOWN = 360
"""CSS pixels of a picture on a phone."""


def opened(canvas: Canvas) -> Image.Image:
    image = Image.open(BytesIO(canvas.png()))
    assert image.format == "PNG"
    return image.convert("RGB")


def test_letters_are_large_enough_on_a_phone() -> None:
    assert TEXT * SHOWN / WIDTH >= 11


def contrast(one: str, other: str) -> float:
    """The contrast of two colours as WCAG 2 counts it: 1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def luminance(colour: str) -> float:
    red, green, blue = (
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
        for value in (part / 255 for part in rgb(colour))
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_letters_can_be_read_on_every_colour() -> None:
    assert min(contrast(letters, colour) for colour, letters in LETTERS.items()) >= 4.5
    assert min(contrast(colour, PAPER) for colour in (INK, SOFT, WELL, BAD, DELAY)) >= 4.5


def test_a_picture_has_a_background_of_its_own_and_is_as_high_as_it_must_be() -> None:
    canvas = Canvas()
    canvas.lines("Tickets", at_most=1)
    low = opened(canvas)
    canvas.box(MARGIN, canvas.y, 100, 40, BAD)
    canvas.y += 40
    high = opened(canvas)

    assert low.width == high.width == WIDTH and high.height == low.height + 40
    assert high.getpixel((WIDTH // 2, 10)) == rgb(PAPER)
    assert high.getpixel((MARGIN + 50, high.height - MARGIN - 20)) == rgb(BAD)


def test_edges_are_smooth() -> None:
    """Between paper and a colour lie mixtures of both."""
    canvas = Canvas()
    canvas.dot(100, 100, 30, INK)
    canvas.y = 140
    across = [opened(canvas).getpixel((x, 80)) for x in range(60, 100)]
    assert any(rgb(INK) < colour < rgb(PAPER) for colour in across if isinstance(colour, tuple))


def test_hatched_boxes_are_told_apart_without_colours() -> None:
    canvas = Canvas()
    canvas.box(MARGIN, 24, 200, 40, BAD, hatched=True)
    canvas.y = 64
    row = [opened(canvas).convert("L").getpixel((x, 44)) for x in range(MARGIN + 4, MARGIN + 190)]
    assert sum(left != right for left, right in pairwise(row)) > 20


def test_two_pictures_are_alike_if_they_look_and_read_alike() -> None:
    assert Picture(b"a", "x").digest == Picture(b"a", "x").digest
    assert len({Picture(b"a", "x").digest, Picture(b"b", "x").digest, Picture(b"a", "y").digest}) == 3
    assert len(cut_alt("word " * 1000)) == ALT_MAX


def test_one_thread_draws_for_all() -> None:
    """Memory that a thread drew with stays with it."""
    canvas = Canvas()
    canvas.dot(100, 100, 30, BAD)
    canvas.y = 140
    with ThreadPoolExecutor(4) as askers:
        drawn = set(askers.map(lambda _: canvas.png(), range(8)))

    assert len(drawn) == 1
    assert sum(thread.name.startswith("drawing") for thread in threading.enumerate()) == 1


def test_a_shape_over_several_bands_is_whole() -> None:
    """A tall picture is drawn in parts, which nobody sees."""
    canvas = Canvas()
    canvas.box(MARGIN, 20, 40, 500, WELL)
    canvas.line(300, 30, 300, 510, colour=BAD, width=4)
    canvas.y = 540
    image = opened(canvas)
    assert {image.getpixel((MARGIN + 20, y)) for y in range(30, 510)} == {rgb(WELL)}
    assert {image.getpixel((300, y)) for y in range(40, 500)} == {rgb(BAD)}
