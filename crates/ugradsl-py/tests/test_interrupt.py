"""Control-C, checkpoints, threads and processes."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import ugradsl
from conftest import EPOCHS
from ugradsl import Dataset, Network

FORGET: Any = ugradsl.classes(3)


def test_a_run_goes_on_from_its_checkpoint(network: Network, digits: Dataset, tmp_path: Path) -> None:
    how: dict[str, Any] = {"forget": FORGET, "seed": 2, "device": "cpu", "training": EPOCHS}
    whole = ugradsl.unlearn(network, digits, **how)
    place = tmp_path / "run.checkpoint"
    session = ugradsl.Session(network, digits, checkpoint=place, **how)
    assert not session.save(), "nothing has begun"
    for event in session:
        if isinstance(event, ugradsl.events.GuardCheck):
            break
    assert session.save() and place.exists()
    del session
    resumed = ugradsl.Session(network, digits, checkpoint=place, resume=True, **how)
    first = next(resumed)
    assert isinstance(first, ugradsl.events.Started) and first.resumed_at > 0
    list(resumed)
    assert place.exists(), "the result is not taken yet"
    assert resumed.result().weights_after == whole.weights_after
    assert not place.exists(), "it has served"
    session = ugradsl.Session(network, digits, checkpoint=place, **how)
    next(session)
    session.save()
    with pytest.raises(ugradsl.RunError, match="seed.* without resume=True"):
        ugradsl.Session(network, digits, checkpoint=place, resume=True, **{**how, "seed": 3})


# A shell that starts the tests in the background makes their children ignore Ctrl-C.
CHILD = """
import signal, sys, ugradsl
signal.signal(signal.SIGINT, signal.default_int_handler)
digits = ugradsl.Dataset.open("mnist-subset", limit_train=600, limit_test=100)
print("ready", flush=True)
ugradsl.train("lenet", digits, device="cpu", training={"epochs": 2000}, checkpoint=sys.argv[1])
"""


def test_control_c_arrives_between_two_events_and_keeps_the_state(tmp_path: Path) -> None:
    place = tmp_path / "run.checkpoint"
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, str(place)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    assert child.stdout.readline() == "ready\n"
    time.sleep(2)
    child.send_signal(signal.SIGINT)
    _, errors = child.communicate(timeout=60)
    assert child.returncode != 0 and errors.rstrip().endswith("KeyboardInterrupt")
    assert place.exists()


def test_other_threads_run_while_it_computes(network: Network, digits: Dataset) -> None:
    turns, over = 0, threading.Event()

    def count() -> None:
        nonlocal turns
        while not over.wait(0.001):
            turns += 1

    counter = threading.Thread(target=count)
    counter.start()
    start = time.perf_counter()
    ugradsl.train("lenet", digits, device="cpu", training={"epochs": 3})
    took = time.perf_counter() - start
    over.set()
    counter.join()
    assert turns > 20 * took, f"{turns} turns in {took:.2f} s"


def test_two_sessions_run_at_once(network: Network, digits: Dataset) -> None:
    found: list[str] = []

    def run() -> None:
        done = ugradsl.unlearn(network, digits, forget=FORGET, seed=1, device="cpu", training=EPOCHS)
        found.append(done.weights_after)

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(found)) == 1 and len(found) == 2


DATA = ugradsl.Dataset(train=(np.zeros((8, 3)), [0, 1] * 4), test=(np.zeros((4, 3)), [0, 1] * 2))
CALLS: dict[str, Callable[[], object]] = {
    "describe_device": lambda: ugradsl.describe_device("cpu"),
    "taken": lambda: DATA.taken(ugradsl.rows(1)),
    "overview": DATA._repr_html_,
}


def in_fork(queue: Any, call: str) -> None:
    """What a process says that was forked after something was computed."""
    try:
        CALLS[call]()
        queue.put("computed")
    except Exception as error:  # whatever it is
        queue.put(f"{type(error).__name__}: {error}")


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("before", CALLS)
def test_a_fork_is_refused_with_advice(before: str, call: str) -> None:
    CALLS[before]()
    context = multiprocessing.get_context("fork")
    queue = context.Queue()
    child = context.Process(target=in_fork, args=(queue, call))
    child.start()
    answer = queue.get(timeout=30)
    child.join()
    assert answer.startswith("ForkError") and 'set_start_method("spawn")' in answer


def test_threads_are_set_before_anything_is_computed() -> None:
    code = (
        "import ugradsl; ugradsl.set_num_threads(1); print(ugradsl.describe_device('cpu').threads)\n"
        "try: ugradsl.set_num_threads(3)\n"
        "except ValueError as error: print(error)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    first, second = done.stdout.splitlines()
    assert first == "1" and second.startswith("1 threads are running already")
