"""What a network looks like: enough to build it anew, and to cut a volume into tiles for it."""

from dataclasses import dataclass

KINDS = ("2-D", "2.5-D", "3-D")


@dataclass(frozen=True)
class Architecture:
    """A U-Net by its numbers. ValueError where they make none."""

    classes: int
    kind: str = "2.5-D"
    neighbours: int = 2
    """Slices on each side that are seen beside the slice itself; of 2.5-D only."""
    width: int = 16
    """Channels at full resolution; they double with each halving."""
    halvings: int = 3

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"a network is one of {', '.join(KINDS)}, not {self.kind!r}")
        if self.classes < 2 or self.classes > 200:
            raise ValueError(f"a network tells 2 to 200 classes apart, not {self.classes}")
        if (self.kind == "2.5-D") != (self.neighbours > 0):
            raise ValueError(f"{self.kind} with {self.neighbours} neighbours: only 2.5-D has some")
        if not (0 <= self.neighbours <= 8 and 1 <= self.halvings <= 5 and 1 <= self.width <= 128):
            raise ValueError(f"no network of this size is made: {self}")

    @property
    def deep(self) -> bool:
        """Whether it works on blocks of voxels."""
        return self.kind == "3-D"

    @property
    def channels(self) -> int:
        """Grey slices that enter for one slice of classes."""
        return 2 * self.neighbours + 1

    @property
    def widths(self) -> tuple[int, ...]:
        """Channels from full resolution to the coarsest."""
        return tuple(self.width * 2**level for level in range(self.halvings + 1))

    @property
    def grain(self) -> int:
        """Rows and columns come in multiples of it, so that halvings are even."""
        return int(2**self.halvings)

    @property
    def reach(self) -> tuple[int, int, int]:
        """Voxels along z, y and x beyond which nothing changes a voxel's class.

        Two 3 x 3 convolutions at each level going down and one going up, each as wide as its level
        is coarse; halving and doubling shift by less than one grain.
        """
        going_down = 2 * (2 ** (self.halvings + 1) - 1)
        going_up = 2**self.halvings - 1
        along_z = 2 * self.halvings + 1 if self.deep else self.neighbours
        flat = going_down + going_up + self.grain
        return along_z, flat, flat
