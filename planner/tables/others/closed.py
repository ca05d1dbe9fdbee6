"""Files that are not opened: each is called by its name, with the way out.

A pickle can run any code when it is loaded; databases and binary arrays say nothing about what
their columns are.
"""

from collections.abc import Sequence

_LOOKED_AT = 200_000
"""Bytes from the start in which names of programs are looked for."""
_PICKLE = tuple(b"\x80" + bytes([version]) for version in (2, 3, 4, 5))
_WAYS = {
    b"skopt": ("scikit-optimize", "pd.DataFrame(result.x_iters, columns="
               "result.space.dimension_names).assign(func_val=result.func_vals)"
               ".to_csv('runs.csv', index=False)"),
    b"nevergrad": ("Nevergrad", "register nevergrad.callbacks.ParametersLogger('runs.json') on "
                   "'tell' before the run; its file is read"),
    b"pymoo": ("pymoo", "a table with columns X1, X2, ..., F1, ... and G1, ... of "
               "result.pop.get('X'), get('F') and get('G'), by pandas' to_csv"),
    b"optuna": ("Optuna", "study.trials_dataframe().to_csv('trials.csv', index=False)"),
    b"baybe": ("BayBE", "campaign.measurements.to_csv('measurements.csv', index=False)"),
    b"summit": ("Summit", "strategy.prev_param or the DataSet by .to_csv('runs.csv')"),
}  # fmt: skip


def why_closed(raw: bytes) -> str:
    """Why the bytes of a file are not read, and the way out; empty where they may be a table."""
    start = raw[:_LOOKED_AT]
    if raw.startswith(_PICKLE):
        return _pickle(start)
    if raw.startswith(b"SQLite format 3"):
        return _database(start)
    if raw.startswith(b"\x93NUMPY"):
        return "is an array of NumPy without names of columns; " + _arrays()
    if raw.startswith(b"\x89HDF\r\n"):
        return "is an HDF5 file; export its table as .csv"
    if raw.startswith((b"PAR1", b"ARROW1")):
        return "is a table in Parquet or Arrow; write it as .csv: pandas.read_parquet(...).to_csv"
    if raw.startswith((b"\x1f\x8b", b"x\x9c", b"x\x01", b"x\xda", b"BZh")):
        return (
            "is compressed; unpack it first, if it is a table. A dump of scikit-optimize "
            f"(.gz, .pkl.gz) is a pickle and is never opened; export there: {_WAYS[b'skopt'][1]}"
        )
    return ""


def why_closed_archive(names: Sequence[str]) -> str:
    """The same of an archive, by the names of its parts."""
    if names and all(name.endswith(".npy") for name in names):
        return (
            f"holds arrays of NumPy ({', '.join(names[:6])}) without names of columns; {_arrays()}"
        )
    return ""


def _pickle(start: bytes) -> str:
    program, way = next((v for mark, v in _WAYS.items() if mark in start.lower()), ("", ""))
    of = f" of {program}" if program else ""
    way = way or "export the table there as .csv"
    return f"is a pickle{of}, which can run any code, so it is not opened; export there: {way}"


def _database(start: bytes) -> str:
    if b"trial_params" in start and b"studies" in start:
        return f"is a database of Optuna; export one study there: {_WAYS[b'optuna'][1]}"
    if b"experiment_v2" in start or b"generator_run" in start:
        return "is a database of Ax; export there: client.save_to_json_file('ax.json')"
    return "is a database; export the table as .csv"


def _arrays() -> str:
    return f"of pymoo, write {_WAYS[b'pymoo'][1]}"
