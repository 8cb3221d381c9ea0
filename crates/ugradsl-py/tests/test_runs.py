"""Networks learn and forget, with the same weights as by the command line."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import ugradsl
from conftest import EPOCHS
from ugradsl import Dataset, Network, events

FORGET: Any = ugradsl.classes(3)


def cli(*arguments: str) -> dict[str, Any]:
    """What the command prints as JSON."""
    command = [sys.executable, "-m", "ugradsl", *arguments, "--json"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode in (0, 1), done.stderr
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


DATA = ("--data", "mnist-subset", "--limit-train", "300", "--limit-test", "100", "--device", "cpu", "--seed", "1")
TRAINING = ("--set", "training.epochs=4", "--set", "training.learning_rate=0.1")


def test_the_same_seed_gives_the_weights_of_the_command_line(
    tmp_path: Path, trained: ugradsl.Trained, digits: Dataset
) -> None:
    model, forgotten = str(tmp_path / "model.safetensors"), str(tmp_path / "forgotten.safetensors")
    by_cli = cli("train", *DATA, *TRAINING, "--architecture", "mlp", "--out", model)
    assert by_cli["weights"] == trained.weights == trained.network.digest
    network = Network.load(model)
    assert network.digest == trained.weights
    by_cli = cli("unlearn", *DATA, *TRAINING, "--model", model, "--forget", "class:3", "--out", forgotten)
    ours = ugradsl.unlearn(network, digits, forget="class:3", seed=1, device="cpu", training=EPOCHS)
    assert ours.weights_after == by_cli["weights_after"] == Network.load(forgotten).digest
    assert ours.measures.ua == by_cli["after"]["ua"]
    assert ours.forget == by_cli["forget"] == "class:3"


def test_events_come_one_by_one(network: Network, digits: Dataset) -> None:
    session = ugradsl.Session(network, digits, forget=FORGET, seed=1, device="cpu", training=EPOCHS)
    before = session.state_dict()
    seen = list(session)
    assert isinstance(seen[0], events.Started) and seen[0].method == "ugradsl-plus"
    assert seen[0].device.kind == "cpu" == session.device.kind
    match seen[-1]:
        case events.Finished(stopped_by=why, finding=ugradsl.Finding(verdict=verdict)):
            assert (why, verdict) == ("target", "reached")
        case other:
            raise AssertionError(other)
    done = session.result()
    assert done.outcome == seen[-1].finding and done.is_fulfilled and done.outcome.is_fulfilled
    assert session.result() is done and list(session) == []
    changed = [name for name, value in done.state_dict().items() if (value != before[name]).any()]
    assert changed, "no weight has moved"
    assert done.measures.ua > done.before.ua
    assert "reached" in str(done) and "reached" in done._repr_html_()
    assert "Session" not in session._repr_html_() and "over" in session._repr_html_()


def test_a_result_is_there_only_at_the_end(network: Network, digits: Dataset) -> None:
    session = ugradsl.Session(network, digits, forget=FORGET, device="cpu")
    next(session)
    with pytest.raises(ugradsl.RunError, match="not over"):
        session.result()
    next(session)


def test_the_network_remembers_what_it_forgot(network: Network, digits: Dataset, tmp_path: Path) -> None:
    first = ugradsl.unlearn(network, digits, forget=ugradsl.rows(range(10)), device="cpu", training=EPOCHS)
    assert [entry["rows"] for entry in first.network.ledger] == [list(range(10))]
    first.network.save(tmp_path / "forgotten.safetensors")
    again = Network.load(tmp_path / "forgotten.safetensors")
    # Measured figures come back from text within their last digit.
    known = [
        [{key: entry[key] for key in ("request", "rows", "digest", "data", "contents")} for entry in network.ledger]
        for network in (again, first.network)
    ]
    assert known[0] == known[1] and again.digest == first.weights_after
    second = ugradsl.unlearn(again, digits, forget=ugradsl.rows(range(5, 15)), device="cpu", training=EPOCHS)
    assert second.so_far.forgotten_rows == 15 and second.so_far.drift.requests == 2
    with pytest.raises(ugradsl.NetworkError, match="teach it again"):
        ugradsl.train(first.network, digits, device="cpu")


def test_a_deletion_has_a_record(network: Network, digits: Dataset, tmp_path: Path) -> None:
    done = ugradsl.unlearn(network, digits, forget=ugradsl.rows(3), device="cpu", training=EPOCHS)
    page = done.report.to_html(tmp_path / "record.html", file="net.safetensors", asked_by="Ann", number="17")
    assert (tmp_path / "record.html").read_text() == page and "Ann" in page and "17" in page
    done.network.save(tmp_path / "net.safetensors")
    done.report.to_json(tmp_path / "record.json", file="net.safetensors")
    command = [sys.executable, "-m", "ugradsl", "verify", "record.json"]
    checked = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert checked.returncode == 0, checked.stderr + checked.stdout
    assert "<img" in done.report.to_html(pictures=True) and "<img" not in page
    assert done.report.to_dict()["rows"] and done.report.to_markdown().startswith("# ")
    assert "iframe" in done.report._repr_html_()
    with pytest.raises(TypeError, match="asked_by"):
        done.report.to_html(asked_for="Ann")
    with pytest.raises(ugradsl.SettingError, match="private=True"):
        done.report.to_html(private=True, pictures=True)
    with pytest.raises(TypeError, match="no 'pictures'"):
        done.report.to_json(pictures=True)
    with pytest.raises(ugradsl.StorageError, match="cannot be written"):
        done.report.to_html(tmp_path / "missing" / "record.html")


def test_settings_are_those_of_recipes(network: Network, digits: Dataset) -> None:
    def refused(**how: Any) -> str:
        with pytest.raises(ugradsl.SettingError) as error:
            ugradsl.Session(network, digits, forget=FORGET, device="cpu", **how)
        return str(error.value)

    assert "unknown key" in refused(settings={"q": 0.5})
    assert 'did you mean "training.epochs"' in refused(training={"epoch": 3})
    assert "unknown method" in refused(method="forgetting")
    assert "the seed is -1" in refused(seed=-1)
    assert "training.learning_rate cannot be nan" in refused(training={"learning_rate": float("nan")})
    assert ugradsl.defaults()["training"]["epochs"] == 12
    with pytest.raises(ugradsl.DeviceError, match="choose from auto, cpu, gpu"):
        ugradsl.Session(network, digits, forget=FORGET, device="cuda")  # type: ignore[arg-type]
    with pytest.raises(ugradsl.SettingError, match="checkpoint="):
        ugradsl.Session(network, digits, forget=FORGET, device="cpu", resume=True)


def test_what_does_not_fit_is_refused(network: Network, digits: Dataset) -> None:
    other = Dataset.open("mnist-subset", limit_train=299, limit_test=100)
    with pytest.raises(ugradsl.DataError, match="allow_other_data=True"):
        ugradsl.Session(network, other, forget=FORGET, device="cpu")
    wide = np.zeros((10, 5, 5), np.uint8)
    wide[:, 0] = 9
    small = Dataset(train=(wide, range(10)), test=(wide, range(10)))
    with pytest.raises(ugradsl.NetworkError, match=r"\[1, 5, 5\]"):
        ugradsl.Session(network, small, forget=FORGET, device="cpu")
    with pytest.raises(ugradsl.NetworkError, match="unknown architecture"):
        ugradsl.train("lenett", digits, device="cpu")
    fresh = ugradsl.train("mlp", digits, device="cpu", training={"epochs": 1, "learning_rate": 1e-9}).network
    with pytest.raises(ugradsl.NetworkError, match="allow_chance=True"):
        list(ugradsl.Session(fresh, digits, forget=FORGET, device="cpu"))
    with pytest.raises(ugradsl.DataError, match=r"str, not a Dataset.*Dataset\.open"):
        ugradsl.Session(network, "mnist-subset", forget=FORGET)  # type: ignore[arg-type]
    with pytest.raises(ugradsl.NetworkError, match="not a Network"):
        ugradsl.Session("mlp", digits, forget=FORGET)  # type: ignore[arg-type]


def test_weights_come_back_under_their_names(network: Network, digits: Dataset) -> None:
    state = {f"module.{name}": value for name, value in network.state_dict().items()}
    assert all(value.dtype == np.float32 for value in state.values())
    given = Network.from_state_dict(state, "mlp", normalisation=([0.1307], [0.3081]))
    assert "known only with data" in repr(given)
    fitted = given.fitted(digits)
    assert fitted.digest == network.digest
    assert list(fitted.state_dict()) == list(state)
    assert (ugradsl.predict(fitted, digits, device="cpu") == ugradsl.predict(network, digits, device="cpu")).all()
    double = Network.from_state_dict({name: value.astype(np.float64) for name, value in state.items()}, "mlp")
    assert all(value.dtype == np.float64 for value in double.fitted(digits).state_dict().values())
    with pytest.raises(ugradsl.NetworkError, match="mlp"):
        Network.from_state_dict(state, "lenet").fitted(digits)
    with pytest.raises(ugradsl.NetworkError, match="fitted"):
        given.save("nowhere")
