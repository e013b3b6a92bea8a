"""What the child says to its parent: one line of JSON, then the pictures' bytes."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field


class Refused(Exception):
    """Refuse the file with the end of a sentence ("The file could not be read: …") for a person."""

    def __init__(self, sentence: str, *, too_large: bool = False) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.too_large = too_large


@dataclass
class Answer:
    """Hold facts (plain JSON values) and pictures (name → WebP bytes)."""

    facts: dict
    pictures: dict[str, bytes] = field(default_factory=dict)


def write(descriptor: int, answer: Answer) -> None:
    """Write the answer to a pipe: a line of JSON that ends with the pictures' sizes, then the pictures."""
    facts = {**answer.facts, "pictures": [[name, len(content)] for name, content in answer.pictures.items()]}
    message = memoryview(json.dumps(facts).encode() + b"\n" + b"".join(answer.pictures.values()))
    while message:
        message = message[os.write(descriptor, message) :]
