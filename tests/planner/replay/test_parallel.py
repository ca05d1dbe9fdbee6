from threadpoolctl import threadpool_info, threadpool_limits

from planner.replay.parallel import finished


def threads(_: int) -> int:
    import torch

    return max(torch.get_num_threads(), *(int(p["num_threads"]) for p in threadpool_info()))


def test_one_worker_computes_with_one_thread_as_many_workers_do() -> None:
    threads(0)  # loads the libraries
    with threadpool_limits(2):
        assert threads(0) == 2
        assert list(finished(threads, [(0, 0)], 1)) == [(0, 1)]
        assert {told for _, told in finished(threads, [(0, 0), (1, 1)], 2)} == {1}
        assert threads(0) == 2
