"""Pictures of a few colours: the browser counts them, and a PNG with a palette holds them.

The formats of chunks and palettes are those of PNG, third edition (W3C), sections 5 and 11.
"""

from __future__ import annotations

import struct
import zlib
from base64 import b64decode, b64encode
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page

SIGNATURE = b"\x89PNG\r\n\x1a\n"
PALETTE = """async (encoded) => {
  const image = new Image();
  image.src = "data:image/png;base64," + encoded;
  await image.decode();
  const { width, height } = image;
  const canvas = new OffscreenCanvas(width, height).getContext("2d");
  canvas.drawImage(image, 0, 0);
  const { data } = canvas.getImageData(0, 0, width, height);
  const colour = (at) => (data[at] << 16) | (data[at + 1] << 8) | data[at + 2];
  const seen = new Map();
  for (let at = 0; at < data.length; at += 4)
    seen.set(colour(at), (seen.get(colour(at)) || 0) + 1);
  const often = [...seen].sort((a, b) => b[1] - a[1]).map(([one]) => one);
  const hues = new Map();
  for (const one of often) hues.set(one & 0xe0e0e0, hues.get(one & 0xe0e0e0) ?? one);
  const palette = [...new Set([...[...hues.values()].slice(0, 160), ...often])].slice(0, 256);
  const apart = (a, b, by) => ((a >> by & 255) - (b >> by & 255)) ** 2;
  const far = (a, b) => apart(a, b, 16) + apart(a, b, 8) + apart(a, b, 0);
  const place = new Map();
  for (const one of seen.keys()) {
    const distances = palette.map((other) => far(one, other));
    place.set(one, distances.indexOf(Math.min(...distances)));
  }
  const indexes = new Uint8Array(width * height);
  for (let at = 0; at < indexes.length; at++) indexes[at] = place.get(colour(at * 4));
  let text = "";
  for (let at = 0; at < indexes.length; at += 8192)
    text += String.fromCharCode(...indexes.subarray(at, at + 8192));
  return { width, height, palette, pixels: btoa(text) };
}"""


def indexed(page: Page, png: bytes) -> bytes:
    """Return a picture in 256 colours: the most frequent of every hue, then of all.

    A page does the counting, since it sees pixels.
    """
    found = page.evaluate(PALETTE, b64encode(png).decode())
    width, height, pixels = found["width"], found["height"], b64decode(found["pixels"])
    rows = (pixels[at : at + width] for at in range(0, len(pixels), width))
    head = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    colours = b"".join(one.to_bytes(3, "big") for one in found["palette"])
    body = zlib.compress(b"".join(b"\0" + row for row in rows), 9)
    chunks = [(b"IHDR", head), (b"PLTE", colours), (b"IDAT", body), (b"IEND", b"")]
    return SIGNATURE + b"".join(_chunk(*chunk) for chunk in chunks)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
