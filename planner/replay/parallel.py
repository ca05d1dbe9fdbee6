"""Many runs in several processes, with a progress bar."""

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from multiprocessing import get_context

from rich.console import Console
from rich.progress import MofNCompleteColumn, Progress, TimeElapsedColumn, TimeRemainingColumn
from threadpoolctl import threadpool_limits


def progress_bar(shown: bool) -> Progress:
    """With the number of runs, the time so far and the time left, on standard error: standard
    output is for the report."""
    columns = (*Progress.get_default_columns()[:2], MofNCompleteColumn(), TimeElapsedColumn(),
               TimeRemainingColumn())  # fmt: skip
    return Progress(*columns, console=Console(stderr=True), disable=not shown, transient=True)


def finished[T, R](
    run: Callable[[T], R], tasks: Sequence[tuple[int, T]], workers: int
) -> Iterator[tuple[int, R]]:
    """Results as they are finished, by the number of their task; one thread for each process."""
    with _one_thread():
        if workers == 1 or len(tasks) < 2:
            yield from ((i, run(task)) for i, task in tasks)
            return
        with ProcessPoolExecutor(min(workers, len(tasks)), get_context("spawn")) as processes:
            running = {processes.submit(run, task): i for i, task in tasks}
            try:
                for future in as_completed(running):
                    yield running[future], future.result()
            finally:
                processes.shutdown(cancel_futures=True)


@contextmanager
def _one_thread() -> Iterator[None]:
    """New processes compute with one thread each, and so does this one, also in libraries that are
    loaded already; two that share the cores would only be slower."""
    before = os.environ.get("OMP_NUM_THREADS")
    os.environ["OMP_NUM_THREADS"] = "1"
    try:
        with threadpool_limits(1):
            yield
    finally:
        if before is None:
            del os.environ["OMP_NUM_THREADS"]
        else:
            os.environ["OMP_NUM_THREADS"] = before
