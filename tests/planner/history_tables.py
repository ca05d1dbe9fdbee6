"""Tables as laboratories have them, each damaged in one way, and what has to be said about it.

The healthy table: 24 runs of a furnace with two settings, a route, a result and its spread.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

HEAT, HOLD = (600, 650, 700, 750), (1, 2, 4)


class Damaged(NamedTuple):
    """A file's name and bytes, the kind of finding, and words of its message."""

    name: str
    content: bytes
    code: str
    words: str


def rows(**changed: Callable[[int, dict[str, str]], str]) -> list[dict[str, str]]:
    """The healthy rows; ``changed`` gives or replaces a column from row number and row."""
    rng = np.random.default_rng(1)
    plan = [(t, h, r) for t in HEAT for h in HOLD for r in ("SPS", "HIP")]
    found = []
    for i, (heat, hold, route) in enumerate([plan[k] for k in rng.permutation(len(plan))], 1):
        strength = 90 - (heat - 690) ** 2 / 200 + 2.1 * hold + 3 * (route == "HIP")
        row = {"run": f"{i}", "heat_C": f"{heat}", "hold_h": f"{hold}", "route": route,
               "strength_MPa": f"{strength + rng.normal():.2f}",
               "strength_sd": f"{rng.uniform(0.5, 1.5):.2f}"}  # fmt: skip
        for name, make in changed.items():
            row[name] = make(i, row)
        found.append(row)
    return found


def text(table: list[dict[str, str]], between: str = ",") -> str:
    """The rows as text, with a header."""
    lines = [between.join(table[0]), *(between.join(row.values()) for row in table)]
    return "\n".join(lines) + "\n"


def file(table: list[dict[str, str]]) -> bytes:
    """As UTF-8."""
    return text(table).encode()


def replaced(old: str, new: str, count: int = 1) -> bytes:
    """The healthy file with a text replaced."""
    return text(rows()).replace(old, new, count).encode()


HEALTHY = text(rows())
LINES = HEALTHY.splitlines()
SEMICOLON = text(rows(), ";").replace(".", ",")
JAPANESE = HEALTHY.replace("heat_C", "焼結温度(℃)").replace("hold_h", "保持時間(h)").replace(
    "strength_MPa", "曲げ強度(MPa)"
).replace("strength_sd", "曲げ強度 標準偏差")  # fmt: skip
WIDE = str.maketrans("0123456789.", "０１２３４５６７８９．")


def wide(name: str) -> bytes:
    """The column in full-width digits."""
    return file(rows(**{name: lambda i, row: row[name].translate(WIDE)}))


def units_row(*units: str) -> bytes:
    """The healthy file with a second line of units."""
    return "\n".join([LINES[0], ",".join(units), *LINES[1:]]).encode()


def composed(off: float = 0.0) -> list[dict[str, str]]:
    """Three parts of 100, one row wrong by ``off``."""
    rng = np.random.default_rng(2)
    found = []
    for i in range(1, 25):
        a, b = rng.integers(5, 45, 2)
        found.append({"sample": f"S{i}", "Ba_pct": str(a), "K_pct": str(b),
                      "Fe_pct": f"{100 - a - b + (off if i == 7 else 0):g}",
                      "Tc_K": f"{30 + a / 9 + rng.normal():.2f}"})  # fmt: skip
    return found


def long() -> bytes:
    """One row for each sample and age; the last age is missing for some."""
    lines = ["sample,cement,water,age_d,strength"]
    rng = np.random.default_rng(3)
    for i in range(1, 13):
        cement, water = rng.integers(200, 400), rng.integers(100, 180)
        for age in (1, 7, 28):
            value = "" if age == 28 and i > 9 else f"{cement / 8 + age / 2 + rng.normal():.1f}"
            lines.append(f"M{i},{cement},{water},{age},{value}")
    return "\n".join(lines).encode()


def changing(column: str, at: dict[int, str]) -> bytes:
    """The healthy file with cells of a column replaced, by run."""
    return file(rows(**{column: lambda i, row: at.get(i, row[column])}))


def lagged_best() -> bytes:
    """A running best that belongs to the row before."""
    best, before = -1e9, 0.0
    table = []
    for row in rows():
        table.append({**row, "best_so_far": f"{max(before, 0):.2f}"})
        best = max(best, float(row["strength_MPa"]))
        before = best
    return file(table)


_TRUE_ENERGY = [f"{float(r['heat_C']) * float(r['hold_h']):.1f}" for r in rows()]

DAMAGED = [
    # how the text is written
    Damaged("bom.csv", b"\xef\xbb\xbf" + HEALTHY.encode(), "encoding", "byte-order mark"),
    Damaged("utf16.csv", HEALTHY.encode("utf-16"), "encoding", "UTF-16"),
    Damaged("cp932.csv", JAPANESE.encode("cp932"), "encoding", "Shift-JIS"),
    Damaged("cp932.tsv", JAPANESE.replace(",", "\t").encode("cp932"), "encoding", "Shift-JIS"),
    Damaged("eucjp.csv", JAPANESE.replace("℃", "度").encode("euc_jp"), "encoding", "EUC-JP"),
    Damaged("latin.csv", HEALTHY.replace("heat_C", "heat (°C)").encode("cp1252"), "encoding", "Western"),
    Damaged("mojibake.csv", HEALTHY.replace("heat_C", "heat (Â°C)").encode(), "damaged-characters", "row 1"),
    Damaged("lost.csv", HEALTHY.replace("heat_C", "heat (\ufffdC)").encode(), "damaged-characters", "wrong encoding"),
    # how the cells are cut and the numbers written
    Damaged("tab.txt", text(rows(), "\t").encode(), "delimiter", "tabulators"),
    Damaged("semicolon.csv", SEMICOLON.encode(), "delimiter", "semicolons"),
    Damaged("bars.csv", text(rows(), "|").encode(), "delimiter", "vertical bars"),
    Damaged("blanks.txt", text(rows(), "  ").encode(), "delimiter", "blanks"),
    Damaged("comma.csv", SEMICOLON.encode(), "decimal-comma", "decimal points"),
    Damaged("comma932.csv", JAPANESE.replace(",", ";").replace(".", ",").encode("cp932"), "decimal-comma", "decimal points"),
    Damaged("wide.csv", wide("heat_C"), "full-width", "full-width"),
    Damaged("wide932.csv", wide("strength_MPa").decode().encode("cp932"), "full-width", "rows 2 to 25"),
    Damaged("thousands.csv", file(rows(power_W=lambda i, r: f'"{1000 + 77 * i:,}"')), "ambiguous-comma", "thousands"),
    Damaged("spaced.csv", file(rows(power_W=lambda i, r: f"{1000 + 77 * i:,}".replace(",", " "))), "notation", "another notation"),
    Damaged("power.csv", file(rows(Jc=lambda i, r: f"{1 + i / 10:.1f}×10^5")), "notation", "1.1e5"),
    Damaged("minus.csv", file(rows(dose=lambda i, r: f"−{i}.5")), "full-width", "'−1.5'"),
    Damaged("unitcell.csv", file(rows(heat_C=lambda i, r: r["heat_C"] + " K")), "unit-in-cells", "'K'"),
    Damaged("halfunit.csv", file(rows(heat_C=lambda i, r: r["heat_C"] + " K" * (i > 3))), "unit-missing", "3 cells have no unit"),
    Damaged("units.csv", file(rows(heat_C=lambda i, r: r["heat_C"] + (" K" if i % 2 else " degC"))), "mixed-units", "K, degC"),
    Damaged("limit.csv", changing("strength_MPa", {4: "<50"}), "censored", "row 5"),
    Damaged("plusminus.csv", file(rows(strength_MPa=lambda i, r: f"{r['strength_MPa']} ± 0.5")), "spread-in-cell", "split them"),
    Damaged("several.csv", file(rows(strength_MPa=lambda i, r: f"{r['strength_MPa']}/71.2/70.8")), "several-in-cell", "several numbers"),
    Damaged("errors.csv", changing("strength_MPa", {5: "#DIV/0!", 9: "#VALUE!"}), "spreadsheet-error", "rows 6, 10"),
    Damaged("word.csv", changing("strength_MPa", {5: "cracked"}), "not-a-number", "'cracked'"),
    # header and lines that are no experiments
    Damaged("title.csv", ("Sintering campaign 2023,,,,,\n,,,,,\n" + HEALTHY).encode(), "title-rows", "Sintering campaign"),
    Damaged("titles.csv", ("Furnace 2\nOperator: A\n" + HEALTHY).encode(), "title-rows", "rows 1 to 2"),
    Damaged("unitrow.csv", units_row("-", "degC", "h", "-", "MPa", "MPa"), "unit-row", "row 2"),
    Damaged("unitrow2.csv", units_row("", "(°C)", "(h)", "", "(MPa)", "(MPa)"), "unit-row", "names units"),
    Damaged("summit.csv", ("NAME," + LINES[0].split(",", 1)[1] + "\nTYPE,DATA,DATA,DATA,DATA,DATA\n" + "\n".join(LINES[1:])).encode(), "type-row", "row 2"),
    Damaged("noheader.csv", "\n".join(LINES[1:]).encode(), "no-header", "no line with names"),
    Damaged("numbered.csv", ("0,1,2,3,0.1,1.1\n" + "\n".join(r.replace("SPS", "1").replace("HIP", "2") for r in LINES[1:])).encode(), "numbers-as-names", "numbers only"),
    Damaged("unnamed.csv", HEALTHY.replace("run", "", 1).encode(), "unnamed-column", "column 1 has no name"),
    Damaged("twice.csv", HEALTHY.replace("hold_h", "heat_C", 1).encode(), "doubled-name", "'heat_C' stands twice"),
    Damaged("comment.csv", ("# made with furnace 2\n" + HEALTHY).encode(), "comment-lines", "row 1"),
    Damaged("again.csv", "\n".join([*LINES[:9], LINES[0], *LINES[9:]]).encode(), "header-again", "row 10"),
    Damaged("summary.csv", (HEALTHY + "Average,675,2.3,,81.2,1.0\n").encode(), "summary-row", "row 26"),
    Damaged("ragged.csv", HEALTHY.replace(LINES[5], LINES[5] + ",7").encode(), "ragged-row", "row 6"),
    Damaged("short.csv", HEALTHY.replace(LINES[5], LINES[5].rsplit(",", 1)[0]).encode(), "ragged-row", "5 cells for 6 columns"),
    # rows
    Damaged("copied.csv", (HEALTHY + "25" + LINES[3][LINES[3].index(",") :] + "\n").encode(), "duplicate-rows", "row 26"),
    Damaged("near.csv", (HEALTHY + "25,600.4,1,SPS,55.1,1.0\n").encode(), "near-duplicates", "nearly equal"),
    Damaged("replicates.csv", file(rows() + [{**r, "run": str(24 + i), "strength_MPa": f"{float(r['strength_MPa']) + 1}"} for i, r in enumerate(rows(), 1)]), "replicates", "24 conditions was measured 2 times"),
    Damaged("unequal.csv", (HEALTHY + "25,600,1,SPS,55.1,1.0\n").encode(), "unequal-replicates", "1 of 24"),
    Damaged("noisy.csv", file(rows() + [{**r, "run": str(24 + i), "strength_MPa": f"{float(r['strength_MPa']) + 25 * (-1) ** i}"} for i, r in enumerate(rows(), 1)]), "noisy", "heavy noise"),
    Damaged("conflict.csv", file(rows(sample_id=lambda i, r: "S03" if i == 9 else f"S{i:02}")), "conflicting-sample", "'S03'"),
    Damaged("unmeasured.csv", changing("strength_MPa", {i: "" for i in range(13, 25)}), "unmeasured", "12 of 24 rows"),
    Damaged("pending.csv", changing("strength_MPa", {23: "PENDING", 24: "PENDING"}), "missing-outcome", "PENDING"),
    Damaged("nosetting.csv", changing("heat_C", {4: ""}), "missing-setting", "row 5"),
    # columns
    Damaged("constant.csv", file(rows(gas=lambda i, r: "Ar")), "constant", "always Ar"),
    Damaged("empty.csv", file(rows(remark=lambda i, r: "")), "empty-column", "holds nothing"),
    Damaged("derived.csv", file(rows(energy_kJ=lambda i, r: _TRUE_ENERGY[i - 1], kelvin=lambda i, r: f"{float(r['heat_C']) + 273.15:.2f}")), "derived", "heat_C + 273.15"),
    Damaged("wrongsum.csv", file(rows(a=lambda i, r: f"{3 * i % 7}", b=lambda i, r: f"{7 * i % 11}", total=lambda i, r: f"{3 * i % 7 + 7 * i % 11 + 10 * (i == 24):g}") * 2), "derived-disagrees", "rows 25, 49"),
    Damaged("sum.csv", file(composed()), "composition", "= 100 in every row"),
    Damaged("sumoff.csv", file(composed(8)), "sum-off", "row 8"),
    Damaged("code.csv", file(rows(solvent_no=lambda i, r: str(1 + i % 5))), "nominal-code", "1, 2, 3, 4, 5"),
    Damaged("fraction.csv", file(rows(**{"additive (%)": lambda i, r: f"{(i % 5) / 5:g}"})), "fraction-under-percent", "fractions?"),
    Damaged("above.csv", file(rows(yield_pct=lambda i, r: f"{80 + i}")), "above-100-percent", "up to 104"),
    Damaged("spelling.csv", changing("route", {2: "sps", 5: "hip "}), "spellings", "spellings"),
    Damaged("mixed.csv", changing("route", {2: "3"}), "mixed-kinds", "numbers stand among words"),
    Damaged("digits.csv", file(rows(dose=lambda i, r: repr(np.pi * i / 7))), "proposal-digits", "12 digits"),
    # outcomes
    Damaged("zeros.csv", changing("strength_MPa", {4: "0", 9: "0", 17: "0"}), "coded-failure", "== 0"),
    Damaged("minusone.csv", changing("strength_MPa", {4: "-1", 9: "-1"}), "coded-failure", "== -1"),
    Damaged("nines.csv", changing("strength_MPa", {4: "999", 9: "999"}), "coded-failure", "rows 5, 10"),
    Damaged("floor.csv", changing("strength_MPa", {4: "0.02", 9: "0.03", 11: "0.05"}), "coded-failure", "times below"),
    Damaged("code999.csv", changing("hold_h", {4: "999"}), "coded-setting", "999"),
    Damaged("sd.csv", changing("strength_sd", {4: "400", 9: "3994"}), "sd-above-mean", "rows 5, 10"),
    Damaged("sdzero.csv", changing("strength_sd", {4: "0"}), "zero-sd", "row 5"),
    Damaged("sdnegative.csv", changing("strength_sd", {4: "-0.3"}), "negative-sd", "row 5"),
    Damaged("sem.csv", HEALTHY.replace("strength_sd", "strength_sem", 1).encode(), "standard-error", "standard error"),
    Damaged("plateau.csv", changing("strength_MPa", {i: "120" for i in (3, 6, 9, 12)}), "plateau", "4 of 24"),
    Damaged("lattice.csv", file(rows(strength_MPa=lambda i, r: f"{50 + 1.5 * i:.2f}")), "lattice", "same step"),
    Damaged("grid.csv", file(rows(strength_MPa=lambda i, r: f"{50 + 2.5 * (7 * i % 24):.2f}")), "lattice", "2.5"),
    Damaged("exact.csv", file(rows(route=lambda i, r: f"{i * i % 7}", strength_MPa=lambda i, r: f"{0.1 * float(r['heat_C']) - 3 * float(r['hold_h']) + 0.7 * (i * i % 7):.3f}")), "exact-function", "exact linear function"),
    # order
    Damaged("trend.csv", file(rows(strength_MPa=lambda i, r: f"{50 + i + (i * 7 % 5)}")), "order-trend", "+0.9"),
    Damaged("drift.csv", file(rows(humidity=lambda i, r: f"{30 + i + (i * 7 % 5)}")), "context-drift", "drifts"),
    Damaged("lag.csv", file(rows(energy_kJ=lambda i, r: (["0.0", *_TRUE_ENERGY])[i - 1])), "lagged", "row before"),
    Damaged("lagbest.csv", lagged_best(), "lagged", "row before"),
    Damaged("negative.csv", file(rows(batch=lambda i, r: "-1" if i > 20 else str(i // 7))), "no-place", "rows 22 to 25"),
    Damaged("arms.csv", file(rows(arm=lambda i, r: "random" if i % 2 else "bo")), "adaptive-pool", "no random search"),
    Damaged("shared.csv", file([{**r, "arm": a} for a in ("random", "bo") for r in rows()[:9]] + [{**r, "arm": "bo"} for r in rows()[9:]]), "shared-design", "9 experiments stand in 'bo' and in 'random'"),
    Damaged("long.csv", long(), "long-table", "only age_d = 28"),
]  # fmt: skip

REFUSED = [
    ("lfs.csv", b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n", "Git-LFS pointer"),
    ("empty.csv", b"", "the table is empty"),
    ("blank.csv", b"\n \n", "the table is empty"),
    ("header.csv", b"run,heat,strength\n", "the table is empty"),
    ("old.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(64), "save it as .xlsx"),
    ("page.csv", b"<!DOCTYPE html><html></html>", "is a web page"),
    ("paper.csv", b"%PDF-1.7 \n", "is a PDF"),
    ("packed.csv", b"\x1f\x8b\x08\x00", "is compressed"),
    ("record.csv", b"SQLite format 3\0", "is a database"),
    ("binary.csv", b"a,b\n1,\x00\n", "is no text"),
    ("broken.xlsx", b"PK\x03\x04 nothing", "is damaged, or no zip file"),
    ("words.csv", b"who,what\nAki,one\nBen,two\nAki,two\n", "no column of numbers"),
    ("broken.json", b'{"a": 1}\n{"a": ', "row 2 is no JSON"),
    ("scalar.json", b"[1, 2]", "no list of objects"),
]
