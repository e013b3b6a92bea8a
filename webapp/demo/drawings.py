"""The demo's assets, drawn and played by code: a bottle, a logo, a morning, a bicycle, two chords, a page of text."""

from __future__ import annotations

import io
import math
import struct
import wave

from PIL import Image, ImageDraw

SMOOTH = 3
"""Shapes are drawn so many times as large and scaled down: Pillow itself does not smooth edges."""


def bottle() -> bytes:
    """Draw a bottle on a transparent ground."""
    image = Image.new("RGBA", (900, 1600))
    draw = ImageDraw.Draw(image)
    draw.rounded_rectangle((330, 120, 570, 260), 30, fill="#22252e")
    draw.polygon([(350, 260), (550, 260), (690, 520), (690, 1440), (210, 1440), (210, 520)], fill="#1f7a63")
    draw.rounded_rectangle((210, 1300, 690, 1500), 90, fill="#1f7a63")
    draw.polygon([(250, 540), (300, 540), (300, 1380), (250, 1380)], fill="#3c9a80")
    draw.rounded_rectangle((210, 760, 690, 1160), 8, fill="#faf8f3")
    draw.polygon([(330, 1060), (430, 880), (500, 980), (540, 920), (620, 1060)], fill="#1f7a63")
    draw.ellipse((540, 820, 590, 870), fill="#eba23b")
    return _encoded(image, "PNG")


def bicycle() -> bytes:
    """Draw a city bicycle from the side on a transparent ground."""
    width, height = 1200, 800
    image = Image.new("RGBA", (width * SMOOTH, height * SMOOTH))
    draw = ImageDraw.Draw(image)

    def line(points: list[tuple[int, int]], thick: int, colour: str) -> None:
        large = [(x * SMOOTH, y * SMOOTH) for x, y in points]
        draw.line(large, fill=colour, width=thick * SMOOTH, joint="curve")

    def ring(x: int, y: int, radius: int, thick: int, colour: str) -> None:
        box = [(x - radius) * SMOOTH, (y - radius) * SMOOTH, (x + radius) * SMOOTH, (y + radius) * SMOOTH]
        draw.ellipse(box, outline=colour, width=thick * SMOOTH)

    for x in (300, 900):
        ring(x, 540, 210, 16, "#22252e")
        for turn in range(0, 360, 30):
            reach = (x + round(198 * math.cos(math.radians(turn))), 540 + round(198 * math.sin(math.radians(turn))))
            line([(x, 540), reach], 2, "#8d929c")
    line([(300, 540), (470, 250), (800, 250), (560, 540), (300, 540)], 22, "#28407a")
    line([(560, 540), (450, 215)], 22, "#28407a")
    line([(900, 540), (790, 190)], 20, "#28407a")
    line([(720, 160), (790, 190), (850, 170)], 16, "#22252e")
    line([(390, 210), (510, 210)], 30, "#e5673f")
    ring(560, 540, 52, 12, "#e5673f")
    line([(560, 540), (600, 630), (640, 630)], 12, "#22252e")
    return _encoded(image.resize((width, height), Image.Resampling.LANCZOS), "PNG")


def mountain() -> bytes:
    """Draw the logo: two peaks and a sun."""
    image = Image.new("RGBA", (640, 640), "#1f7a63")
    draw = ImageDraw.Draw(image)
    draw.polygon([(96, 464), (248, 208), (330, 345), (384, 272), (544, 464)], fill="#ffffff")
    draw.ellipse((424, 136, 504, 216), fill="#eba23b")
    return _encoded(image, "PNG")


def morning() -> bytes:
    """Draw a window full of early light."""
    image = Image.new("RGB", (1600, 1000))
    draw = ImageDraw.Draw(image)
    for y in range(1000):
        glow = y / 1000
        draw.line([(0, y), (1600, y)], fill=(int(250 - 30 * glow), int(214 - 60 * glow), int(160 - 50 * glow)))
    draw.ellipse((980, 420, 1240, 680), fill="#fff3d6")
    for left in (0, 510, 1060, 1560):
        draw.rectangle((left, 0, left + 40, 1000), fill="#5a4636")
    draw.rectangle((0, 480, 1600, 512), fill="#5a4636")
    draw.rectangle((0, 820, 1600, 1000), fill="#8a6a50")
    return _encoded(image, "JPEG")


def _encoded(image: Image.Image, kind: str) -> bytes:
    out = io.BytesIO()
    image.save(out, kind)
    return out.getvalue()


def chords() -> bytes:
    """Play two chords of two seconds each, 16-bit mono at 22,050 Hz."""
    rate, out = 22_050, io.BytesIO()
    frames = bytearray()
    for chord in ((261.63, 329.63, 392.0), (220.0, 261.63, 329.63)):
        for i in range(rate * 2):
            fade = min(1.0, i / 800) * math.exp(-i / rate)
            value = sum(math.sin(2 * math.pi * note * i / rate) for note in chord) / 3
            frames += struct.pack("<h", int(9000 * fade * value))
    with wave.open(out, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(rate)
        sound.writeframes(bytes(frames))
    return out.getvalue()


def voice() -> bytes:
    """Write how the brand speaks, as plain text."""
    return (
        b"Fjell speaks like a friend who has been up for an hour already.\n\n"
        b"Short sentences. No exclamation marks. We never promise, we describe.\n"
        b"We say bottle, not product; morning, not moment of consumption.\n"
    )
