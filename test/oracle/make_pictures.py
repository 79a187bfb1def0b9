#!/usr/bin/python3
"""
Makes test/fixtures/pictures/pictures.json: PNG files with their pixels as Pillow reads them, CIFAR-10 records, transposed and
standardized images, and moved and mirrored ones, all computed with NumPy.

    /usr/bin/python3 test/oracle/make_pictures.py [--out FOLDER]

Needs NumPy and Pillow (Debian's python3-pil). All values come from NumPy's RandomState, whose stream is frozen.
"""

import argparse
import base64
import io
import json
import os
import struct
import zlib

import numpy
from PIL import Image


def text(data):
    return base64.b64encode(bytes(data)).decode()


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def plain_png(values, depth, colour, more=b"", interlace=0):
    """A PNG without filters, of rows of packed bytes."""
    height, width, rows = values
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, interlace)
    packed = zlib.compress(b"".join(b"\0" + bytes(row) for row in rows))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + more + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


def saved(image, **options):
    file = io.BytesIO()
    image.save(file, "PNG", **options)
    return file.getvalue()


def pictures():
    random = numpy.random.RandomState(5)
    height, width = 9, 11
    grey = random.randint(0, 256, (height, width)).astype(numpy.uint8)
    # Smooth values, for which Pillow chooses other filters than none.
    ramp = numpy.add.outer(numpy.arange(height) * 7, numpy.arange(width) * 5).astype(numpy.uint8)
    colour = numpy.stack([grey, ramp, 255 - ramp], axis=2)
    opaque = numpy.concatenate([colour, numpy.full((height, width, 1), 255, numpy.uint8)], axis=2)
    files = {
        "grey": saved(Image.fromarray(grey)),
        "grey, smooth": saved(Image.fromarray(ramp), optimize=True),
        "colour": saved(Image.fromarray(colour)),
        "colour, opaque alpha": saved(Image.fromarray(opaque)),
        "grey, opaque alpha": saved(Image.fromarray(numpy.stack([grey, numpy.full_like(grey, 255)], axis=2), "LA")),
        "palette": saved(Image.fromarray(colour).quantize(16)),
        "palette of 4": saved(Image.fromarray(colour).quantize(4), bits=2),
        "black and white": saved(Image.fromarray(grey > 99)),
        "with text and a profile": saved(Image.fromarray(grey), icc_profile=b"not a profile", dpi=(72, 72)),
    }
    fours = random.randint(0, 256, (height, (width + 1) // 2)).astype(numpy.uint8)
    files["grey, 4 bits"] = plain_png((height, width, fours), 4, 0)
    read = {}
    for name, file in files.items():
        image = Image.open(io.BytesIO(file))
        mode = "L" if image.mode in ("1", "L", "LA") else "RGB"
        pixels = numpy.asarray(image.convert(mode))
        read[name] = {"file": text(file), "channels": 1 if mode == "L" else 3, "pixels": text(pixels.tobytes())}
    alpha = opaque.copy()
    alpha[3, 4, 3] = 254
    wide = (height, width, random.randint(0, 256, (height, 2 * width)).astype(numpy.uint8))
    refused = {
        "transparent": saved(Image.fromarray(alpha)),
        "16 bits": plain_png(wide, 16, 0),
    }
    return {"height": height, "width": width, "read": read, "refused": {k: text(v) for k, v in refused.items()}}


def cifar():
    random = numpy.random.RandomState(6)
    records = random.randint(0, 256, (3, 3073)).astype(numpy.uint8)
    records[:, 0] = [3, 9, 0]
    images = records[:, 1:].reshape(-1, 3, 32, 32).transpose(0, 2, 3, 1)
    return {"file": text(records.tobytes()), "labels": records[:, 0].tolist(), "pixels": text(images.tobytes())}


def inputs():
    """Two small images in colour, and what becomes of them."""
    random = numpy.random.RandomState(7)
    images = random.randint(0, 256, (4, 3, 5, 3)).astype(numpy.uint8)
    values = images.astype(numpy.float64) / 255
    mean, std = values.mean((0, 1, 2)), values.std((0, 1, 2))
    black_and_white = (values >= 0.4).astype(numpy.float64)
    changed = []
    for mirrored, right, down in [(False, 1, 0), (True, 0, 0), (True, 2, -1), (False, -3, 2), (False, 5, 0)]:
        image = images[0].copy()
        if mirrored:
            image = image[:, ::-1]
        padded = numpy.pad(image, ((3, 3), (5, 5), (0, 0)))
        moved = padded[3 - down:6 - down, 5 - right:10 - right]
        change = {"mirrored": mirrored, "right": right, "down": down}
        changed.append({**change, "pixels": text(moved.tobytes())})
    return {
        "shape": {"height": 3, "width": 5, "channels": 3},
        "bytes": text(images.tobytes()),
        "transposed": text(images.transpose(0, 2, 1, 3).tobytes()),
        "mean": mean.tolist(),
        "std": std.tolist(),
        "standardized": ((values - mean) / std).ravel().tolist(),
        "binarized": black_and_white.ravel().tolist(),
        "changed": changed,
    }


def main():
    parser = argparse.ArgumentParser()
    here = os.path.dirname(os.path.abspath(__file__))
    parser.add_argument("--out", default=os.path.join(here, "..", "fixtures", "pictures"))
    options = parser.parse_args()
    fixture = {"pictures": pictures(), "cifar": cifar(), "inputs": inputs()}
    with open(os.path.join(options.out, "pictures.json"), "w", encoding="utf-8") as file:
        json.dump(fixture, file, indent=1)
        file.write("\n")


main()
