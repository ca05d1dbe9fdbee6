#!/usr/bin/env bash
# An OME-TIFF stack may be written as a set of files, and each file names the others. Where one file of the set is opened
# without the others (copied alone, as people do), tifffile hands out the whole stack with the absent slices as zeros,
# and raises nothing; it only writes to its log. Who counts grey values or pores gets a wrong answer.
# A way round: a handler on `tifffile.logger()` that raises on "Missing data".
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

import numpy as np
import tifffile

lines = []
handler = logging.Handler()
handler.emit = lambda record: lines.append(record.getMessage())
tifffile.logger().addHandler(handler)
tifffile.logger().propagate = False

stack = np.full((1, 30, 40), 7, np.uint8)
tifffile.imwrite("b.ome.tif", stack, ome=True, metadata={"axes": "ZYX"})
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

seen = (absent.shape, absent.mean(axis=(1, 2)).tolist() if absent.ndim == 3 else None)
print("tifffile", tifffile.__version__)
print("an OME stack whose second slice is in a file that is not there:", *seen)
print("the log says:", *lines, sep="\n  ")
sys.exit(int(seen != ((2, 30, 40), [7.0, 0.0]) or not lines))
PYTHON
