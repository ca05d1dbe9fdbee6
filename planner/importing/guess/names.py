"""What the name of a column says: its words, its unit, and which words speak for which role."""

import re
import unicodedata
from typing import NamedTuple

SPREAD = {"sd", "std", "stdev", "stddev", "sigma", "deviation", "stderr", "sem", "se", "error",
          "err", "uncertainty", "標準偏差", "標準誤差", "誤差", "偏差"}  # fmt: skip
STANDARD_ERROR = {"sem", "se", "stderr", "標準誤差"}
COUNT = {"n", "count", "counts", "replicates", "measurements", "repeats", "測定数", "回数"}
MEAN = {"mean", "average", "avg", "平均", "median"}
FILLING = {"of", "the", "in", "at", "for", "standard", "value", "の"}
ORDER = {"run", "index", "order", "row", "no", "nr", "number", "trial", "experiment", "exp", "id",
         "sample", "iteration", "iter", "step", "name", "unnamed",
         "番号", "実験番号", "順番", "試料番号"}  # fmt: skip
TIME = {"date", "datetime", "timestamp", "day", "started", "日付", "日時", "実験日"}
BATCH = {
    "batch",
    "batchnr",
    "iteration",
    "iter",
    "round",
    "generation",
    "gen",
    "バッチ",
    "ラウンド",
}
ARM = {
    "arm",
    "phase",
    "dataset",
    "campaign",
    "strategy",
    "algorithm",
    "acquisition",
    "arms",
    "split",
}
ARM_VALUES = {"random", "rand", "grid", "bo", "mobo", "train", "test", "initial", "sobol", "lhs",
              "ai", "bayes", "bayesian", "model", "ei", "ucb", "human", "manual", "doe", "baseline",
              "exploration", "exploitation"}  # fmt: skip
STATUS = {"status", "state", "outcome_status", "状態", "結果"}
STATUS_VALUES = {"completed", "complete", "done", "failed", "failure", "pending", "abandoned",
                 "running", "evaluated", "unevaluated", "ok", "success", "error",
                 "planned"}  # fmt: skip
REPLICATE = {"replicate", "rep", "repeat", "repetition", "繰返し", "繰り返し"}
CONTEXT = {"operator", "humidity", "ambient", "weather", "room", "lot", "comment", "comments",
           "note", "notes", "remark", "remarks", "備考", "作業者", "湿度", "担当", "instrument",
           "failure_reason", "reason", "priority", "realized", "realised", "actual",
           "装置"}  # fmt: skip
PROGRESS = {"pareto", "hypervolume", "best", "cumulative", "incumbent", "regret"}
AGE = {"time", "age", "day", "days", "hours", "hour", "h", "d", "month", "week", "経過", "材齢"}
OUTCOME = {"yield", "yld", "ton", "selectivity", "conversion", "ee", "purity", "loss", "score",
    "index", "objective", "target", "y", "strength", "toughness", "hardness", "modulus",
    "conductivity", "resistivity", "resistance", "mobility", "coverage", "efficiency", "pce", "eqe",
    "overpotential", "capacity", "life", "lifetime", "degradation", "stability", "instability",
    "decay", "drift", "cost", "price", "gwp", "co2", "emission", "density", "porosity", "grain",
    "roughness", "viscosity", "tc", "jc", "ic", "onset", "transition", "field", "remanence",
    "coercivity", "magnetization", "hysteresis", "intensity", "absorbance", "peak", "signal",
    "fwhm", "elongation", "fatigue", "fracture", "area", "output", "result", "response", "merit",
    "measured", "performance", "photo", "product", "turnover", "overlap", "gap", "dielectric",
    "fraction", "slump", "収率", "強度", "密度", "導電率", "電気伝導率", "伝導率", "硬さ", "硬度",
    "臨界電流", "臨界電流密度", "損失",
    "コスト", "粒径", "目的変数", "捕捉磁場", "磁場", "相対密度", "抵抗率"}  # fmt: skip
PARAMETER = {"temp", "temperature", "time", "hold", "speed", "conc", "concentration", "loading",
    "ratio", "equiv", "equivalents", "flow", "power", "pressure", "rate", "dose", "voltage",
    "angle", "theta", "radius", "energy", "cooling", "heating", "ramp", "solvent", "ligand", "base",
    "catalyst", "reagent", "amount", "mass", "volume", "residence", "setting", "composition",
    "content", "q", "duration", "milling", "rpm", "cement", "water", "ash", "slag", "aggregate",
    "step", "cycles", "smiles", "additive", "precursor", "温度", "時間", "圧力", "濃度", "組成",
    "流量", "電圧", "速度", "焼結温度", "保持時間", "昇温速度", "溶媒", "触媒",
    "添加量"}  # fmt: skip
NOMINAL = {"no", "number", "code", "type", "id", "kind", "solvent", "catalyst", "ligand", "base",
           "additive", "source", "material", "precursor", "class", "category", "grade", "route",
           "method", "種類", "溶媒", "触媒", "番号"}  # fmt: skip
SMALL = {"loss", "cost", "price", "gwp", "co2", "emission", "instability", "overpotential", "error",
         "degradation", "decay", "drift", "roughness", "resistivity", "resistance", "porosity",
         "impurity", "損失", "コスト", "viscosity", "transition", "fwhm", "抵抗率"}  # fmt: skip

SAMPLES = 6
"""Texts from which a column called sample, name or number holds names of samples."""
FEW_TEXTS = 12
"""Texts up to which a column is a list of kinds, even if nearly each row has its own."""

_SUFFIXES = {
    "pct": "%", "percent": "%", "mv": "mV", "v": "V", "s": "s", "h": "h", "min": "min", "c": "degC",
    "k": "K", "degc": "degC", "deg": "deg", "mm": "mm", "um": "um", "nm": "nm", "psi": "psi",
    "mpa": "MPa", "gpa": "GPa", "t": "T", "kg_m3": "kg/m3", "mm_s": "mm/s", "s_cm": "S/cm",
    "a_cm2": "A/cm2", "m": "[M]", "usd": "[USD]", "in": "inch", "j": "J", "mol_pct": "[mol%]",
    "vol_pct": "[vol%]", "wt_pct": "[wt%]", "ul_min": "uL/min", "ml_min": "mL/min", "g": "g",
    "mg": "mg", "rpm": "rpm", "mj_kg": "MJ/kg", "c_min": "delta_degC/min",
}  # fmt: skip
_IN_BRACKETS = re.compile(r"^(.*?)\s*[(\[]([^()\[\]]+)[)\]]\s*$")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Za-z])(?=\d)|(?<=\d)(?=[A-Za-z])")


class Named(NamedTuple):
    """A column's name taken apart."""

    words: tuple[str, ...]
    """In lower case, without the unit."""
    unit: str

    def has(self, words: set[str]) -> bool:
        """Whether one of the words stands in the name; Japanese words also inside others."""
        return any(
            word in words or (not word.isascii() and any(w in word for w in words if len(w) > 1))
            for word in self.words
        )


def taken_apart(name: str) -> Named:
    """``Coating speed (mm/sec)`` as its words and its unit; ``hold_min`` likewise. A number in
    brackets at the end counts columns of one name."""
    text = re.sub(r"\s\(\d+\)$", "", unicodedata.normalize("NFKC", name).strip())
    if (found := _IN_BRACKETS.match(text)) and found[1]:
        inside = found[2].strip()
        if not set(_words(inside)) & (SPREAD | MEAN):
            return Named(_words(found[1]), inside)
        return Named((*_words(found[1]), *_words(inside)), "")
    words = _words(text)
    lower = re.split(r"[_\s]+", text.lower())
    for count in (2, 1):
        suffix = "_".join(lower[-count:])
        if len(lower) > count and suffix in _SUFFIXES:
            return Named(words[: len(words) - len(_words(suffix))] or words, _SUFFIXES[suffix])
    return Named(words, "")


def _words(text: str) -> tuple[str, ...]:
    split = (part for piece in re.split(r"[^\w#]+|_", text) for part in _CAMEL.split(piece))
    return tuple(part.lower() for part in split if part)
