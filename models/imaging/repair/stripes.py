"""Curtains: stripes along the beam, where it went through pores and phases of other hardness."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from models.arrays import Floats
from models.imaging.repair.repaired import Numbers
from models.imaging.volume import Greys

DARK = 0.05
"""Greys and gains below this are no base for a ratio."""


@dataclass(frozen=True)
class Destriping:
    """Stripes along y are taken from where they are: from the details of a wavelet transform
    across them, at frequencies near 0 along them.

    Muench, Trtik, Marone, Stampanoni, Optics Express 17, 8567 (2009): exp(-k^2 / 2 width^2) of the
    details is stripe, k periods along y. Points far from the usual grey (pores, impurities) are set
    to it first, so that they are not smeared along y. What differs from column to column in the
    specimen itself goes with the stripes: weak, wide ones are better left.
    """

    levels: int = 4
    """Of the transform: stripes up to 2^levels pixels wide are damped."""
    width: float = 2.0
    """Periods along y; larger takes stripes that change along y, and more of the specimen."""
    usual: float = 3.5
    """Robust standard deviations from the median grey, beyond which a point does not count."""
    wavelet: str = "db4"
    name: ClassVar[str] = "destriping"

    def measured(self, grey: Greys) -> Numbers:
        """``stripes``: their standard deviation in each slice (z,), in greys."""
        return {"stripes": np.array([self._stripes(slice_).std() for slice_ in grey], float)}

    def applied(self, grey: Greys, numbers: Numbers) -> Greys:
        """The stack without stripes."""
        return np.stack([self._without(slice_) for slice_ in grey])

    def told(self, numbers: Numbers) -> str:
        """How strong the stripes were."""
        return f"stripes along y taken out: {numbers['stripes'].mean():.3f} of white on average"

    def _without(self, slice_: Greys) -> Greys:
        """One slice divided by its stripes: they change how bright a point is, not how dark."""
        bright = max(float(np.median(slice_)), DARK)
        gain = 1 + self._stripes(slice_) / bright
        return np.asarray(slice_ / np.maximum(gain, DARK), np.float32)

    def _stripes(self, slice_: Greys) -> Greys:
        """What is stripe in one slice (y, x), at the usual grey."""
        import pywt

        levels = min(self.levels, pywt.dwt_max_level(min(slice_.shape), self.wavelet))
        if levels < 1:
            raise ValueError(
                f"a picture of {slice_.shape} points is too small to see stripes in it"
            )
        calm, share = self._calm(slice_)
        coarse, *details = pywt.wavedec2(calm, self.wavelet, level=levels)
        flat = [(0 * along, self._along(across), 0 * both) for along, across, both in details]
        whole = pywt.waverec2([0 * coarse, *flat], self.wavelet)
        high, wide = slice_.shape
        return np.asarray(whole[:high, :wide] / share, np.float32)

    def _along(self, across: Floats) -> Floats:
        """Of details across the stripes, what hardly changes along y."""
        periods = np.fft.rfftfreq(len(across), 1 / len(across))
        keep = np.exp(-(periods**2) / (2 * self.width**2))
        return np.fft.irfft(np.fft.rfft(across, axis=0) * keep[:, None], len(across), axis=0)

    def _calm(self, slice_: Greys) -> tuple[Floats, float]:
        """The slice with its unusual greys at the median, and the share of the others, which alone
        tell of the stripes."""
        exact = slice_.astype(np.float64)
        median = np.median(exact)
        spread = 1.4826 * np.median(np.abs(exact - median))
        unusual = np.abs(exact - median) > self.usual * spread
        return np.where(unusual, median, exact), 1 - float(unusual.mean())
