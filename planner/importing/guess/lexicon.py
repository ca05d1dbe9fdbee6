"""Words in the names of columns, and units, that speak for a role. Data without a rule; spelt as
``names`` normalises them (NFKC: a Greek mu for micro)."""

SPREAD = {"sd", "std", "stdev", "stddev", "dev", "sigma", "deviation", "stderr", "sem", "se",
          "error", "err", "uncertainty", "標準偏差", "標準誤差", "誤差", "偏差"}  # fmt: skip
OTHERWISE = {"se", "sigma", "error", "err", "dev"}
"""Words of spreads that mean something else as often, unless their result stands beside."""
STANDARD_ERROR = {"sem", "se", "stderr", "標準誤差"}
COUNT = {"n", "count", "counts", "replicates", "measurements", "repeats", "測定数", "回数"}
MEAN = {"mean", "average", "avg", "平均", "median"}
FILLING = {"st", "#", "of", "the", "in", "at", "for", "standard", "value", "の"}
ORDER = {"run", "index", "order", "row", "no", "nr", "number", "trial", "experiment", "exp", "id",
         "sample", "iteration", "iter", "step", "name", "unnamed", "stdorder", "runorder", "entry",
         "device", "cell", "film", "build", "specimen", "coupon", "wafer",
         "番号", "実験番号", "順番", "試料番号"}  # fmt: skip
TIME = {"date", "datetime", "timestamp", "day", "started", "日付", "日時", "実験日"}
BATCH = {"batch", "batchnr", "iteration", "iter", "round", "generation", "gen", "バッチ",
         "ラウンド"}  # fmt: skip
ARM = {"arm", "phase", "dataset", "campaign", "strategy", "algorithm", "acquisition", "arms",
       "split"}  # fmt: skip
ARM_VALUES = {"random", "rand", "grid", "bo", "mobo", "train", "test", "initial", "sobol", "lhs",
              "ai", "bayes", "bayesian", "model", "ei", "ucb", "human", "manual", "doe", "baseline",
              "exploration", "exploitation"}  # fmt: skip
STATUS = {"status", "state", "outcome_status", "状態", "結果"}
STATUS_VALUES = {"completed", "complete", "done", "failed", "failure", "pending", "abandoned",
                 "running", "evaluated", "unevaluated", "ok", "success", "error",
                 "planned"}  # fmt: skip
AWAITED = {"pending", "tbd", "todo", "未測定", "未"}
"""Cells of results that are still to come."""
REPLICATE = {"replicate", "rep", "repeat", "repetition", "繰返し", "繰り返し"}
CONTEXT = {"operator", "humidity", "ambient", "weather", "room", "lot", "comment", "comments",
           "note", "notes", "remark", "remarks", "備考", "作業者", "湿度", "担当", "instrument",
           "failure_reason", "reason", "priority", "realized", "realised", "actual", "predicted",
           "expected", "variance", "acquisition",
           "装置"}  # fmt: skip
PROGRESS = {"pareto", "hypervolume", "best", "cumulative", "incumbent", "regret"}
AGE = {"time", "age", "day", "days", "hours", "hour", "h", "d", "month", "week", "経過", "材齢"}
GOAL = {"yield", "yld", "ton", "tof", "turnover", "selectivity", "ee", "purity", "pce", "eqe",
    "efficiency", "toughness", "cost", "price", "gwp", "loss", "score", "objective", "obj", "merit",
    "fom", "zt", "jc", "jsc", "ff", "target", "performance", "収率", "コスト", "目的変数",
    "臨界電流密度"}  # fmt: skip
"""What is a result also where it is computed from others."""
OUTCOME = GOAL | {
    "conversion", "conv", "strength", "hardness", "hv", "modulus", "ys", "uts", "ucs",
    "conductivity", "resistivity", "resistance", "mobility", "coverage", "isc", "voc",
    "overpotential", "tafel", "capacity", "life", "lifetime", "degradation", "stability",
    "instability", "decay", "drift", "co2", "emission", "density", "porosity", "grain",
    "crystallite", "seebeck", "sigma", "kappa", "roughness", "viscosity", "tc", "ic", "onset",
    "critical", "transition", "remanence", "retention", "coercivity", "magnetization", "rrr",
    "hysteresis", "absorbance", "peak", "signal", "fwhm", "linewidth", "elongation", "fatigue",
    "fracture", "failure", "output", "result", "response", "quality", "measured", "observed",
    "residual", "photo", "product", "overlap", "bandgap", "band", "homo", "lumo", "rho",
    "dielectric", "refractive", "mean", "average", "avg", "median", "slump", "rank", "uniformity",
    "transmittance", "reflectance", "crystallinity", "dispersity", "pdi", "mn", "mw", "ra", "rq",
    "sa", "rz", "tg", "tm", "plqy", "qy", "rmse", "mae", "swelling", "permeability", "flux",
    "rejection", "recovery", "impurity", "sty", "throughput", "productivity", "titer", "titre",
    "viability", "growth", "potency", "wear", "friction", "corrosion", "leak", "leakage", "noise",
    "susceptibility", "moment", "absorbed", "adhesion", "polydispersity", "shrinkage", "warpage",
    "defects", "crack", "cracks", "void", "voids", "luminance", "brightness", "contrast", "haze",
    "gloss", "wetting", "contact", "absorption", "adsorption", "uptake", "gain", "survival",
    "sensitivity", "emissivity", "shielding", "swollen", "pinning", "creep", "κ", "σ", "ρ", "η",
    "強度", "密度", "導電率", "電気伝導率", "伝導率", "硬さ", "硬度", "臨界", "臨界電流", "損失",
    "粒径", "捕捉磁場", "磁場", "相対密度", "抵抗率"
}  # fmt: skip
PARAMETER = {
    "hold", "holding", "conc", "concentration", "equiv", "equivalents", "dose", "molarity",
    "molality", "applied", "bias", "theta", "cooling", "heating", "ramp", "solvent", "ligand",
    "base", "catalyst", "reagent", "residence", "setting", "composition", "q", "milling", "rpm",
    "cement", "water", "ash", "slag", "aggregate", "smiles", "additive", "precursor", "sand",
    "spin", "anneal", "annealing", "aging", "ageing", "sintering", "calcination", "calcining",
    "curing", "drying", "freezing", "firing", "hardening", "tempering", "quench", "quenching",
    "deposition", "reaction", "spray", "plasma", "pulse", "purge", "fluence", "duty", "infill",
    "offset", "delay", "hatch", "layer", "nozzle", "blade", "stage", "beam", "feed", "ph",
    "stirring", "dopant", "doping", "substrate", "space", "ghsv", "whsv", "gas", "sccm",
    "initiator", "monomer", "crosslinker", "linker", "modulator", "solids", "set", "setpoint",
    "planned", "nominal", "watts", "press", "medium", "mol", "acid", "amine", "halide",
    "equivalent", "dwell", "heat", "laser", "scan", "humidity", "powder", "filler", "binder",
    "salt", "buffer", "age", "bath", "温度", "時間", "圧力", "濃度", "組成", "流量",
    "電圧", "速度", "焼結温度", "保持時間", "昇温速度", "溶媒", "触媒", "添加量"
}  # fmt: skip
MEASURED_KINDS = {"area", "field", "intensity", "difference", "diameter", "coefficient", "index",
                  "size"}  # fmt: skip
SET_KINDS = {"temp", "temperature", "temperatures", "time", "duration", "rate", "ratio", "speed",
             "velocity", "flow", "power", "pressure", "energy", "angle", "radius", "width",
             "height", "distance", "frequency", "content", "amount", "mass", "volume", "load",
             "loading", "step", "cycles", "gap"}  # fmt: skip
"""Kinds of quantity. What stands beside says whether it was set: a heating rate was, a growth rate
was not. Alone they are usually measured, or set."""
LOOSE_KINDS = {"ratio", "gap", "load", "loading", "width", "content", "energy", "size", "volume"}
"""Kinds of quantity that are measured about as often as set where an unknown word says of what."""
OPEN_KINDS = {("energy", "density"), ("current", "density"), ("power", "density")}
"""Quantities of two words that are set as often as they are measured."""
TERMS = {("power", "factor"): 1}
"""Terms of two words of which no word says what they are: 1 for a result."""
CONDITIONS = {"at", "after", "before", "under", "in", "with", "from", "for", "during", "vs", "of",
              "per", "to"}  # fmt: skip
"""What follows these words says where or when; what stands before them says what it is."""
SHARES = {"content", "fraction", "frac", "pct", "percent", "at", "wt", "mol", "x", "w", "amount",
          "conc", "concentration", "ratio", "share"}  # fmt: skip
"""Words beside the name of a substance that say how much of it."""
SHARE_UNITS = {"", "%", "at%", "at.%", "wt%", "wt.%", "mol%", "vol%", "[mol%]", "[vol%]", "[wt%]",
               "ppm", "g", "mg", "mol", "mmol", "mol/kg", "mol/L", "M", "[M]", "mM", "g/L", "mg/mL",
               "sccm", "kg/m3"}  # fmt: skip
TOTALS = {"total", "sum"}
COMPUTED = TOTALS | {"porosity", "ratio", "balance", "rest", "remaining", "specific", "per",
    "ved", "rate", "difference", "delta", "binder"}  # fmt: skip
"""What is usually computed from the others, where columns follow from each other."""
SET_UNITS = {"rpm", "sccm", "mL/min", "ml/min", "uL/min", "μL/min", "L/min", "mol%", "[mol%]",
    "equiv", "eq", "K/min", "°C/min", "C/min", "mTorr", "Torr", "degC", "°C", "℃", "C", "h", "min",
    "[M]", "M", "mM", "mol/L", "mol/kg", "g/L", "mg/mL", "W", "vol%", "[vol%]", "bar", "mm/s",
    "m/min"}  # fmt: skip
MEASURED_UNITS = {"HV", "HRC", "HB", "S/cm", "S/m", "mS/cm", "mAh/g", "Wh/kg", "ohm cm", "Ω cm",
    "uV/K", "μV/K", "W/mK", "emu/g", "MPa m^0.5", "cd/A", "dB", "m2/g", "mV/dec"}  # fmt: skip
OFTEN_MEASURED = {"A/cm2", "mA/cm2", "eV", "counts", "psi", "g/mol", "cP", "Pa s", "mPa s", "T",
                  "kJ/m3", "g/cm3"}  # fmt: skip
ELEMENTS = frozenset(
    """Li Be Na Mg Al Si Cl Ca Sc Ti Cr Mn Fe Co Ni Cu Zn Ga Ge As Se Br Rb Sr Zr Nb Mo Ru Rh Pd Ag
    Cd Sn Sb Te Cs Ba La Ce Pr Nd Sm Eu Gd Tb Dy Ho Er Tm Yb Lu Hf Ta Re Os Ir Pt Au Hg Tl Pb
    Bi""".split()  # noqa: SIM905, as a table is read
)
LETTERS = frozenset("BCFHIKNOPSVWYU")
"""Elements of one letter, which are no element unless others stand beside."""
COMPANY = 3
"""Elements from which on letters beside them are elements too."""
EFFICIENCIES = {"CE", "FE", "IQE", "IPCE", "LCE"}
"""Coulombic, faradaic, quantum and conversion efficiency, as their tables write them."""
JUDGED = {"score", "quality", "result", "rating", "observation", "appearance", "outcome",
    "visual"}  # fmt: skip
"""What people judge in words: a result that cannot be planned for."""
NOMINAL = {"no", "number", "code", "type", "id", "kind", "solvent", "catalyst", "ligand", "base",
           "additive", "source", "material", "precursor", "class", "category", "grade", "route",
           "method", "種類", "溶媒", "触媒", "番号"}  # fmt: skip
SMALL = {"loss", "cost", "price", "gwp", "co2", "emission", "instability", "overpotential", "error",
         "degradation", "decay", "drift", "roughness", "resistivity", "resistance", "porosity",
         "impurity", "損失", "コスト", "viscosity", "transition", "fwhm", "抵抗率", "difference",
         "wear", "corrosion", "leakage", "noise", "shrinkage", "warpage", "defects", "cracks",
         "rmse", "mae", "ra", "rq"}  # fmt: skip
"""What is usually to become small."""

SAMPLES = 6
"""Texts from which a column called sample, name or number holds names of samples."""
FEW_TEXTS = 12
"""Texts up to which a column is a list of kinds, even if nearly each row has its own."""
FIRST = ("run", "runorder", "batch", "batchnr", "round", "trial", "experiment", "exp",
         "iteration", "generation")  # fmt: skip
"""Of several columns that count, the one that is believed."""
