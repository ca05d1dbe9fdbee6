"""The boundary law from bicrystals: critical angle and decay by a change point in ln J.

    ln J = a_k - b max(theta - theta_c, 0) + e

a_k belongs to one condition (field and temperature) each; theta_c and b = 1 / theta_0 to all of
them. For a given theta_c it is linear, so theta_c is found along a line, and what is likely follows
from how the residuals grow away from the best (profile likelihood).
"""

from dataclasses import dataclass, field

import numpy as np

from models.arrays import Floats, Integers
from models.network.law import BoundaryLaw

GRID = 600
"""Critical angles that are tried, from 0 to the largest angle measured."""
DRAWS = 4000
COVER = 0.95
FLAT = 1e-9
"""A smaller fall of ln J over all angles is rounding."""
DOUBT = 0.01
"""Told standard deviations are believed unless residuals so large have a smaller probability."""


@dataclass(frozen=True, eq=False)
class Bicrystals:
    """Measured boundaries, (n,) each."""

    angle: Floats
    """Degrees."""
    current_density: Floats
    """A/m^2."""
    relative_sd: Floats | None = None
    """Standard deviation of each over its value, where they were told."""
    condition: Integers | None = None
    """A number from 0 for each condition of field and temperature."""

    def __post_init__(self) -> None:
        n = len(self.angle)
        if not (np.isfinite(self.angle) & (self.angle >= 0) & (self.angle <= 180)).all():
            raise ValueError("angles must be 0 to 180 degrees")
        if not (np.isfinite(self.current_density) & (self.current_density > 0)).all():
            raise ValueError("current densities must be above 0")
        told = self.relative_sd
        if told is not None and not (np.isfinite(told) & (told > 0)).all():
            raise ValueError("standard deviations must be above 0")
        if n < self.parameters + 1:
            raise ValueError(
                f"{n} boundaries say too little for {self.parameters} unknowns; "
                f"{self.parameters + 1} are needed at least"
            )
        if len(np.unique(self.angle)) < 4:
            raise ValueError("fewer than 4 different angles show no change point")

    @property
    def conditions(self) -> int:
        return 1 if self.condition is None else int(self.condition.max()) + 1

    @property
    def parameters(self) -> int:
        """Unknowns: a plateau for each condition, critical angle, decay."""
        return self.conditions + 2


@dataclass(frozen=True, eq=False)
class BicrystalFit:
    """The law as the boundaries show it."""

    laws: tuple[BoundaryLaw, ...]
    """One for each condition; they differ in the plateau alone."""
    critical_angle: tuple[float, float]
    """Ends of the 95 % interval in degrees."""
    decay: tuple[float, float]
    """Degrees."""
    plateau: tuple[tuple[float, float], ...]
    """A/m^2, for each condition."""
    scatter: float
    """Standard deviation of ln J about the law."""
    draws: Floats = field(repr=False)
    """(ln J0 of the first condition, theta_c, ln theta_0), (n, 3)."""
    notes: tuple[str, ...] = ()


def fit(data: Bicrystals) -> BicrystalFit:
    """The law with its intervals. ValueError where J does not fall with the angle at all."""
    profile = _Profile(data)
    if profile.best_slope * float(np.ptp(data.angle)) <= FLAT:
        raise ValueError("the current density does not fall with the angle: there is no such law")
    low, high = profile.interval()
    draws = profile.draws(np.random.default_rng(0))
    log_decay = -np.log(draws[:, -1])
    ends = [(1 - COVER) / 2 * 100, (1 + COVER) / 2 * 100]
    plateaus = tuple(tuple(np.exp(np.percentile(draws[:, 1 + k], ends)).tolist())
                     for k in range(data.conditions))  # fmt: skip
    beta = profile.beta[profile.best]
    laws = []
    for k in range(data.conditions):
        columns = np.stack([draws[:, 1 + k], draws[:, 0], log_decay], axis=1)
        law = BoundaryLaw(
            float(np.exp(beta[k])), profile.critical, float(1 / beta[-1]), _covariance(columns)
        )
        laws.append(law)
    return BicrystalFit(
        tuple(laws),
        (low, high),
        tuple(np.exp(np.percentile(log_decay, ends)).tolist()),
        plateaus,
        profile.scatter,
        np.stack([draws[:, 1], draws[:, 0], log_decay], axis=1),
        _notes(data, profile.doubted, low, high),
    )


class _Profile:
    """The best fit at every critical angle of the grid."""

    def __init__(self, data: Bicrystals) -> None:
        self.data = data
        self.y = np.log(data.current_density)
        told = data.relative_sd
        self.weight = np.ones(len(self.y)) if told is None else 1 / told
        self.grid = np.unique(np.r_[np.linspace(0, data.angle.max(), GRID + 1), data.angle])[:-1]
        fits = [self._at(c) for c in self.grid]
        self.beta = np.array([f[0] for f in fits])
        self.squares = np.maximum(np.array([f[1] for f in fits]), 1e-12)
        self.best = int(self.squares.argmin())
        self.freedom = len(self.y) - data.parameters
        self.doubted = told is not None and self._scatters_more()
        self.known = told is not None and not self.doubted
        free = float(self.squares[self.best]) / self.freedom
        self.variance = 1.0 if self.known else free
        """Of a residual of weight 1: known where standard deviations were told."""

    @property
    def critical(self) -> float:
        """The middle of where the fit is best: below the smallest angle it is all the same."""
        near = self.squares <= self.squares[self.best] * (1 + 1e-9) + 1e-12
        return float(self.grid[near].mean())

    @property
    def best_slope(self) -> float:
        return float(self.beta[self.best, -1])

    @property
    def scatter(self) -> float:
        rows = self.y - self._design(self.grid[self.best]) @ self.beta[self.best]
        return float(np.sqrt((rows**2).sum() / self.freedom))

    def _scatters_more(self) -> bool:
        """Whether chance would not scatter J so much, were the told deviations true."""
        from scipy import stats

        return bool(stats.chi2.sf(self.squares[self.best], self.freedom) < DOUBT)

    def _design(self, critical: float) -> Floats:
        of = self.data.condition if self.data.condition is not None else np.zeros(len(self.y), int)
        plateaus = np.eye(self.data.conditions)[of]
        return np.column_stack([plateaus, -np.maximum(self.data.angle - critical, 0)])

    def _at(self, critical: float) -> tuple[Floats, float]:
        x = self._design(critical) * self.weight[:, None]
        beta = np.linalg.lstsq(x, self.y * self.weight, rcond=None)[0]
        if beta[-1] < 0:  # it would rise: a plateau all the way is the best that is allowed
            flat = np.linalg.lstsq(x[:, :-1], self.y * self.weight, rcond=None)[0]
            beta = np.append(flat, 0.0)
        return beta, float(((self.y * self.weight - x @ beta) ** 2).sum())

    def _ratio(self) -> Floats:
        """How much worse than the best, in variances: F with 1 and ``freedom``, or chi square."""
        return np.asarray((self.squares - self.squares[self.best]) / self.variance)

    def interval(self) -> tuple[float, float]:
        from scipy import stats

        limit = stats.chi2.ppf(COVER, 1) if self.known else stats.f.ppf(COVER, 1, self.freedom)
        likely = self.grid[self._ratio() <= limit]
        return float(likely.min()), float(likely.max())

    def draws(self, random: np.random.Generator) -> Floats:
        """Rows (theta_c, plateaus ..., b): theta_c by its profile, the others given it."""
        ratio = self._ratio()
        weight = (
            np.exp(-ratio / 2)
            if self.known
            else (1 + ratio / self.freedom) ** (-(self.freedom + 1) / 2)
        )
        weight *= np.gradient(self.grid)
        picks = random.choice(len(self.grid), size=DRAWS, p=weight / weight.sum())
        rows = []
        for i, count in zip(*np.unique(picks, return_counts=True), strict=True):
            x = self._design(self.grid[i]) * self.weight[:, None]
            root = np.linalg.pinv(np.linalg.cholesky(x.T @ x + 1e-12 * np.eye(x.shape[1]))).T
            spread = np.sqrt(self.variance)
            if not self.known:
                spread = spread * np.sqrt(self.freedom / random.chisquare(self.freedom, count))
            noise = random.normal(size=(count, x.shape[1])) @ root.T
            rows.append(
                np.column_stack(
                    [
                        np.full(count, self.grid[i]),
                        self.beta[i] + np.asarray(spread).reshape(-1, 1) * noise,
                    ]
                )
            )
        drawn = np.vstack(rows)
        return drawn[drawn[:, -1] > 1e-6]


def _covariance(columns: Floats) -> Floats:
    """Of columns (n, 3), their outermost 1 % on each side pulled in."""
    return np.cov(np.clip(columns, *np.percentile(columns, [1, 99], axis=0)), rowvar=False)


def _notes(data: Bicrystals, doubted: bool, low: float, high: float) -> tuple[str, ...]:
    angles = np.unique(data.angle)
    notes = []
    if doubted:
        notes.append(
            "single boundaries scatter more than the told standard deviations: those count as "
            "weights alone"
        )
    if low <= angles[0]:
        notes.append("the plateau is not resolved: the critical angle may lie below all angles")
    if high >= angles[-2]:
        notes.append("the fall is not resolved: the critical angle may lie at the largest angles")
    return tuple(notes)
