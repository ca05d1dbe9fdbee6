#!/usr/bin/env bash
# Of an image stack in TIFF that lost slices, tifffile hands out what it finds and raises nothing; it only writes to its log:
#   * an ImageJ stack of five slices that was cut in half (a broken transfer) is one slice;
#   * an OME stack whose second slice lies in a file that is not there has that slice, of zeros.
# Who counts grey values or pores gets a wrong answer, and `imread` looks the same as ever.
# A way round: a handler on `tifffile.logger()` that raises on "page offset" and "Missing data", or a comparison of the
# shape with what the metadata promise (`imagej_metadata["images"]`, SizeZ).
#
# Seen with tifffile 2026.11.8 on 2026-11-27.
# Exits 0 while that is so, and 1 when it has changed. Needs uv and Python 3.12; takes some seconds.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
uv venv --quiet --python "${PYTHON:-python3.12}" "$folder/env"
uv pip install --quiet --python "$folder/env/bin/python" tifffile==2026.11.8 numpy==2.5.1
cd "$folder"
"$folder/env/bin/python" - <<'PYTHON'
import logging
import sys
from pathlib import Path

import numpy as np
import tifffile

lines = []
handler = logging.Handler()
handler.emit = lambda record: lines.append(record.getMessage())
tifffile.logger().addHandler(handler)
tifffile.logger().propagate = False

stack = np.full((5, 30, 40), 7, np.uint8)
tifffile.imwrite("a.tif", stack, imagej=True, metadata={"axes": "ZYX"})
whole = Path("a.tif").read_bytes()
Path("a.tif").write_bytes(whole[: len(whole) // 2])
cut = tifffile.imread("a.tif")

tifffile.imwrite("b.ome.tif", stack[:1], ome=True, metadata={"axes": "ZYX"})
with tifffile.TiffFile("b.ome.tif") as file:
    text = file.ome_metadata
identity = "urn:uuid:00000000-0000-0000-0000-000000000001"
text = text.replace('SizeZ="1"', 'SizeZ="2"').replace(
    '<TiffData IFD="0" PlaneCount="1"/>',
    '<TiffData IFD="0" PlaneCount="1"/><TiffData IFD="0" FirstZ="1" PlaneCount="1">'
    f'<UUID FileName="c.ome.tif">{identity}</UUID></TiffData>',
)
tifffile.tiffcomment("b.ome.tif", text.encode())
absent = tifffile.imread("b.ome.tif")

seen = (cut.shape, absent.shape, absent.mean(axis=(1, 2)).tolist() if absent.ndim == 3 else None)
print("tifffile", tifffile.__version__)
print("an ImageJ stack of 5 slices, cut in half:", cut.shape)
print("an OME stack whose second slice is not there:", absent.shape, "mean greys", seen[2])
print("the log says:", *lines, sep="\n  ")
sys.exit(int(seen != ((30, 40), (2, 30, 40), [7.0, 0.0]) or not lines))
PYTHON
