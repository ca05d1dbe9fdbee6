"""Unit quaternions (..., 4) as rotations, scalar first.

An orientation turns vectors of the crystal into the frame of the sample: v_sample = q v_crystal q*.
q and -q are the same rotation.
"""

from collections.abc import Sequence

import numpy as np

from models.arrays import Floats


def multiply(a: Floats, b: Floats) -> Floats:
    """The product a b, (..., 4): first b, then a."""
    aw, ax, ay, az = np.moveaxis(a, -1, 0)
    bw, bx, by, bz = np.moveaxis(b, -1, 0)
    return np.stack(
        [
            aw * bw - ax * bx - ay * by - az * bz,
            aw * bx + ax * bw + ay * bz - az * by,
            aw * by - ax * bz + ay * bw + az * bx,
            aw * bz + ax * by - ay * bx + az * bw,
        ],
        axis=-1,
    )


def conjugate(q: Floats) -> Floats:
    """The inverse rotation."""
    return q * np.array([1.0, -1.0, -1.0, -1.0], np.float64)


def normalised(q: Floats) -> Floats:
    """The same at length 1."""
    return q / np.linalg.norm(q, axis=-1, keepdims=True)


def rotate(q: Floats, v: Floats) -> Floats:
    """Vectors v (..., 3) turned by q."""
    w, u = q[..., :1], q[..., 1:]
    t = 2 * np.cross(u, v)
    return v + w * t + np.cross(u, t)


def about(axis: Floats | Sequence[float], degrees: Floats | float) -> Floats:
    """The rotation about an axis (..., 3) of any length."""
    direction = np.asarray(axis, float)
    unit = direction / np.linalg.norm(direction, axis=-1, keepdims=True)
    half = np.radians(np.asarray(degrees, float))[..., None] / 2
    real, vector = np.broadcast_arrays(np.cos(half), np.sin(half) * unit)
    return np.concatenate([real[..., :1], vector], axis=-1)


def from_euler(angles: Floats) -> Floats:
    """Bunge's angles (..., 3), phi1, Phi, phi2 in radians, about z, x and z again.

    H.-J. Bunge, Texture Analysis in Materials Science, 1982, section 2.1.
    """
    phi1, phi, phi2 = np.moveaxis(np.asarray(angles, float), -1, 0)
    plus, minus, half = (phi1 + phi2) / 2, (phi1 - phi2) / 2, phi / 2
    c, s = np.cos(half), np.sin(half)
    parts = [c * np.cos(plus), s * np.cos(minus), s * np.sin(minus), c * np.sin(plus)]
    return np.stack(parts, axis=-1)


def to_euler(q: Floats) -> Floats:
    """Bunge's angles (..., 3) in radians: phi1 and phi2 from 0 to 2 pi, Phi from 0 to pi."""
    w, x, y, z = np.moveaxis(q, -1, 0)
    plus, minus = np.arctan2(z, w), np.arctan2(y, x)
    phi = 2 * np.arctan2(np.hypot(x, y), np.hypot(w, z))
    return np.stack([(plus + minus) % (2 * np.pi), phi, (plus - minus) % (2 * np.pi)], axis=-1)


def uniform(n: int, random: np.random.Generator) -> Floats:
    """n rotations (n, 4), evenly over all there are: normal deviates at length 1."""
    return normalised(random.normal(size=(n, 4)))
