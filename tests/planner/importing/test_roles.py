"""Roles of columns come from names and contents, whatever the order of the columns."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from planner.importing.guess.guessing import guess_roles
from planner.importing.guess.names import taken_apart
from planner.importing.guess.profile import ColumnProfile
from planner.importing.guess.wording import says
from planner.tables.reading import read_table
from planner.tables.table import Table
from tests.planner.history_tables import DAMAGED, HEALTHY
from tests.shared import CAMPAIGNS

PUBLISHED = sorted(CAMPAIGNS.glob("*/*.[ct]sv")) if CAMPAIGNS.is_dir() else []
RNG = np.random.default_rng(7)
GRID = [(a, b) for a in (25, 40, 60, 80) for b in (0.1, 0.2, 0.5, 1.0)]


def permuted(table: Table, seed: int) -> Table:
    order = np.random.default_rng(seed).permutation(len(table.columns)).tolist()
    rows = tuple((line, tuple(cells[i] for i in order)) for line, cells in table.rows)
    columns = tuple(table.columns[i] for i in order)
    return Table(table.source, columns, rows, table.units, table.hints, table.findings)


def roles_of(table: Table) -> dict[str, str]:
    return {name: role.role for name, role in guess_roles(table).roles.items()}


def guessed(folder: Path, text: str) -> dict[str, str]:
    (folder / "t.csv").write_text(text)
    return roles_of(read_table(folder / "t.csv"))


def table(names: str, row: Callable[[int], str], rows: int = 24) -> str:
    return "\n".join([names, *(row(i) for i in range(rows))]) + "\n"


@pytest.mark.parametrize("path", PUBLISHED, ids=lambda p: f"{p.parent.name}/{p.name}")
def test_columns_of_published_tables_in_another_order_have_the_same_roles(path: Path) -> None:
    whole = read_table(path)
    assert roles_of(permuted(whole, seed=1)) == roles_of(whole)


@pytest.mark.parametrize("seed", range(8))
def test_columns_in_another_order_have_the_same_roles(tmp_path: Path, seed: int) -> None:
    made = [HEALTHY.encode(), *(d.content for d in DAMAGED if d.name in (
        "derived.csv", "sum.csv", "code.csv", "drift.csv", "arms.csv", "wrongsum.csv"))]  # fmt: skip
    for content in made:
        (tmp_path / "t.csv").write_bytes(content)
        whole = read_table(tmp_path / "t.csv")
        assert roles_of(permuted(whole, seed)) == roles_of(whole)


def test_all_parts_of_a_whole_are_settings_wherever_they_stand(tmp_path: Path) -> None:
    part = RNG.integers(5, 45, (24, 2))
    roles = guessed(tmp_path, table(
        "Ba,strength,K,heat,Fe", lambda i: f"{part[i, 0]},{80 + part[i, 0] + i % 7 / 9:.2f},"
        f"{part[i, 1]},{600 + i % 4 * 50},{100 - part[i].sum()}"))  # fmt: skip
    assert {n for n, r in roles.items() if r == "parameter"} == {"Ba", "K", "Fe", "heat"}


@pytest.mark.parametrize("gap", ["", "PENDING"])
def test_results_of_candidates_are_outcomes_though_most_are_still_to_come(
    tmp_path: Path, gap: str
) -> None:
    def row(i: int) -> str:
        a, b = GRID[i]
        results = f"{a * b + i % 3:.2f},{90 - a + i % 2:.2f}" if i % 5 == 0 else f"{gap},{gap}"
        return f"{a},{results},{b}"

    roles = guessed(tmp_path, table("bath,first,second,strength of acid", row, rows=16))
    assert [n for n, r in roles.items() if r == "outcome"] == ["first", "second"]


def test_what_differs_where_all_settings_are_equal_was_measured(tmp_path: Path) -> None:
    settings = np.round(RNG.uniform(0, 10, (8, 3)), 1).repeat(3, axis=0)
    current = np.round(settings[:, 0] + RNG.normal(0, 0.2, 24), 1)
    roles = guessed(tmp_path, table("a,b,m1,c,PCE", lambda i: f"{settings[i, 0]},{settings[i, 1]},"
                                    f"{current[i]},{settings[i, 2]},{current[i] * 2 + i % 5 / 9:.2f}"))  # fmt: skip
    assert roles == {"a": "parameter", "b": "parameter", "c": "parameter", "m1": "outcome",
                     "PCE": "outcome"}  # fmt: skip


def test_repeats_belong_to_their_mean(tmp_path: Path) -> None:
    rep = np.round(RNG.normal(50, 9, (24, 1)) + RNG.normal(0, 1, (24, 3)), 2)
    roles = guessed(tmp_path, table("Rep3,Mean,Rep1,heat,Rep2", lambda i: f"{rep[i, 2]},"
                                    f"{rep[i].mean():.3f},{rep[i, 0]},{600 + i % 4},{rep[i, 1]}"))  # fmt: skip
    assert roles == {"Mean": "outcome", "heat": "parameter", "Rep1": "replicate",
                     "Rep2": "replicate", "Rep3": "replicate"}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "of"),
    [
        ("energy_density", lambda a, b: a * b),
        ("sum", lambda a, b: a + b),
        ("w", lambda a, b: a / b),
        ("feed_2", lambda a, b: 0.0254 * a),
    ],
)
def test_what_follows_from_other_columns_is_derived(
    tmp_path: Path, name: str, of: Callable[[float, float], float]
) -> None:
    a, b = np.round(RNG.uniform(100, 190, 24), 1), np.round(RNG.uniform(3, 4, 24), 2)
    roles = guessed(tmp_path, table(f"yield,{name},feed,charge", lambda i: f"{i * 7 % 24 + 0.25},"
                                    f"{of(a[i], b[i]):.4f},{a[i]},{b[i]}"))  # fmt: skip
    assert roles[name] == "derived"


PRODUCTS = (  # columns that hang together, and which of them was computed
    (("power", "speed", "hatch", "VED"), lambda a, b, c: (a, b, c, a / (b * c)), "VED"),
    (("capacity", "voltage", "energy density", "rate"),
     lambda a, b, c: (a, b, a * b, round(c)), "energy density"),
    (("seebeck", "sigma", "power factor", "heat"),
     lambda a, b, c: (a, b, a * a * b, round(c)), "power factor"),
    (("thickness", "cycles", "growth per cycle", "heat"),
     lambda a, b, c: (round(a * b), round(b), round(round(a * b) / round(b), 3), round(c)),
     "growth per cycle"),
    (("FE (%)", "total current", "CO current", "heat"),
     lambda a, b, c: (a, b, a * b / 100, round(c)), "CO current"),
)  # fmt: skip


@pytest.mark.parametrize(("names", "of", "computed"), PRODUCTS, ids=[p[-1] for p in PRODUCTS])
def test_of_columns_that_make_a_product_the_computed_one_is_derived(
    tmp_path: Path, names: tuple[str, ...], of: Callable[..., tuple[float, ...]], computed: str
) -> None:
    a, b, c = np.round(np.random.default_rng(3).uniform((20, 3, 1), (90, 9, 5), (24, 3)), 2).T
    cells = [",".join(f"{x:.6g}" for x in of(a[i], b[i], c[i])) for i in range(24)]
    roles = guessed(tmp_path, table(",".join((*names, "yield")), lambda i: f"{cells[i]},{i * 7 % 24 + 0.25}"))  # fmt: skip
    assert [n for n, r in roles.items() if r == "derived"] == [computed]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("growth rate", 1), ("heating rate", -1), ("swelling ratio", 1), ("mixing ratio", -1),
        ("transition width (K)", 1), ("critical temperature", 1), ("annealing temperature", -1),
        ("number of cycles to failure", 1), ("retention at 100 cycles", 1), ("Rep. rate [Hz]", -1),
        ("degradation rate (mV/h)", 1), ("Br fraction", -1), ("x(Ni)", -1), ("LiPF6 (mol/kg)", -1),
        ("H2O ppm", -1), ("Y_CH4 (%)", 1), ("FE_CO (%)", 1), ("Br (T)", 0), ("Current density", 0),
        ("applied current density", -1), ("critical current density", 1), ("power factor", 1),
        ("strength of acid", 1), ("Y Offset Correction", -1), ("臨界温度", 1),
    ],
)  # fmt: skip
def test_a_kind_of_quantity_is_set_or_measured_by_what_stands_beside_it(
    name: str, said: int
) -> None:
    assert np.sign(says(ColumnProfile(name, 0, ()))) == said


def test_letters_are_elements_in_the_company_of_others(tmp_path: Path) -> None:
    shares = np.round(RNG.uniform(0.1, 2, (24, 4)), 2)
    row = lambda i: ",".join(map(str, shares[i])) + f",{i % 5 * 30 + 600},{i * 7 % 24 + 300}"  # noqa: E731
    roles = guessed(tmp_path, table("C,Si,Mn,Cr,heat,strength", row))
    assert {roles[n] for n in ("C", "Si", "Mn", "Cr")} == {"parameter"}


@pytest.mark.parametrize(
    ("name", "unit"), [("yield (run 2)", ""), ("sigma (measured)", ""), ("x(Ni)", ""), ("S (µV/K)", "μV/K")]
)  # fmt: skip
def test_brackets_hold_a_unit_or_a_remark(name: str, unit: str) -> None:
    assert taken_apart(name).unit == unit


def test_a_shielding_effectiveness_is_no_standard_error(tmp_path: Path) -> None:
    roles = guessed(tmp_path, table("SE (dB),load (%),heat", lambda i: f"{20 + i * 7 % 24 + 0.25},{i % 4},{i % 5}"))  # fmt: skip
    assert roles["SE (dB)"] == "outcome"


def test_numbers_that_go_with_a_kind_describe_it(tmp_path: Path) -> None:
    roles = guessed(tmp_path, table("ligand,pKa,heat,yield", lambda i: f"L{i % 5},{4.5 + (i % 5) ** 2},"
                                    f"{60 + i % 4},{i * 7 % 24 + 0.25}", 25))  # fmt: skip
    assert (roles["ligand"], roles["pKa"]) == ("parameter", "derived")


@pytest.mark.parametrize(
    ("name", "role"), [("CE (%)", "outcome"), ("FE (%)", "outcome"), ("Fe (at%)", "parameter")]
)
def test_an_efficiency_in_capitals_is_no_element(tmp_path: Path, name: str, role: str) -> None:
    text = table(f"T (C),{name},capacity (mAh/g)", lambda i: f"{GRID[i % 16][0]},"
                 f"{90 + i * 7 % 10 + 0.1 * (i % 7):.1f},{120 + GRID[i % 16][1] * 9 + i % 3}")  # fmt: skip
    assert guessed(tmp_path, text)[name] == role


def test_objectives_that_are_numbered_are_outcomes(tmp_path: Path) -> None:
    x = np.round(RNG.uniform(0, 1, (30, 3)), 6)
    roles = guessed(tmp_path, table("f0,x0,f1,x1,x2", lambda i: f"{x[i].sum():.6f},{x[i, 0]},"
                                    f"{x[i, 1] ** 2 + x[i, 2]:.6f},{x[i, 1]},{x[i, 2]}", 30))  # fmt: skip
    assert [n for n, r in roles.items() if r == "outcome"] == ["f0", "f1"]


@pytest.mark.parametrize(
    ("name", "unit"),
    [
        ("concentration_mM", ""), ("annealing_T", ""), ("param1_g", ""), ("trapped_field_T", "T"),
        ("mass_g", "g"), ("concentration_M", "[M]"), ("hold_h", "h"), ("heat_C", "degC"),
        ("gap_mm", "mm"), ("Jc_4p2K_A_cm2", "A/cm2"), ("Coating speed (mm/sec)", "mm/sec"),
    ],
)  # fmt: skip
def test_a_letter_is_a_unit_only_of_a_quantity_that_has_it(name: str, unit: str) -> None:
    assert taken_apart(name).unit == unit
