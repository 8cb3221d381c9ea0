"""Networks are measured, asked and compared."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import ugradsl
from conftest import EPOCHS
from ugradsl import Dataset, Network


def test_evaluate_measures_and_attacks(network: Network, digits: Dataset) -> None:
    done = ugradsl.unlearn(network, digits, forget="class:3", device="cpu", seed=1, training=EPOCHS)
    retrained = ugradsl.unlearn(network, digits, forget="class:3", method="retrain", device="cpu", training=EPOCHS)
    assert retrained.outcome is None
    found = ugradsl.evaluate(
        done.network,
        digits,
        forget="class:3",
        retrained=retrained.network,
        original=network,
        relearn=(4, 10),
        probe=True,
        device="cpu",
        seed=1,
    )
    assert found.measures == done.measures and found.weights == done.weights_after
    assert found.gap is not None and 0 <= found.gap <= 100
    assert set(found.figures["relearn"]) == {"original", "unlearned", "retrained"}
    assert "average gap" in str(found) and "UA" in found._repr_html_()
    with pytest.raises(ugradsl.NetworkError, match="the very one"):
        ugradsl.unlearn(network, digits, forget="class:3", retrained=network, device="cpu")


def test_predict_answers_for_data_and_for_arrays(network: Network, digits: Dataset) -> None:
    logits = ugradsl.predict(network, digits, device="cpu")
    assert logits.shape == (100, 10) and logits.dtype == np.float32
    assert (logits.argmax(1) == digits.labels("test")).mean() > 0.5
    assert ugradsl.predict(network, digits, part="train", device="cpu").shape == (300, 10)
    pictures = np.random.default_rng(0).integers(0, 256, (5, 28, 28), dtype=np.uint8)
    one = ugradsl.predict(network, pictures, device="cpu")
    set_of_five = Dataset(train=(pictures, [0] * 5), test=(pictures, [0] * 5), classes=range(10))
    assert (one == ugradsl.predict(network, set_of_five, device="cpu")).all()
    # A picture of one colour has no deviation by which it could be normalised.
    assert ugradsl.predict(network, np.zeros((2, 28, 28), np.uint8), device="cpu").shape == (2, 10)


def test_advise_estimates_costs(network: Network, digits: Dataset) -> None:
    advised = ugradsl.advise(network, digits, forget="class:3", steps=1, device="cpu")
    assert [cost["method"] for cost in advised["costs"]] == ["ugradsl", "ugradsl-plus", "retrain"]
    assert advised["advice"]["reason"]


RECIPE: dict[str, Any] = {
    "architecture": "mlp",
    "methods": ["ugradsl-plus", "ft"],
    "seeds": [0, 1],
    "training": {"epochs": 2},
    "ft": {"epochs": 1},
}


def test_compare_over_seeds(digits: Dataset, tmp_path: Path) -> None:
    out = tmp_path / "results"
    report = ugradsl.compare(RECIPE, digits, forget=[ugradsl.classes(3)], out=out, device="cpu")
    assert len(report.runs) == 2 * 4 and report.passed
    assert {row["method"] for row in report.summary} == {"original", "retrain", "ugradsl-plus", "ft"}
    assert json.loads((out / "report.json").read_text())["digest"] == report.to_dict()["digest"]
    again = ugradsl.compare(RECIPE, digits, forget="class:3", out=out, device="cpu", resume=True)
    made = [
        [(run["method"], run["weights"], round(run["seconds"], 6)) for run in each.runs] for each in (report, again)
    ]
    assert made[0] == made[1], "computed anew"
    assert ugradsl.Report.load(out / "report.json").to_markdown() == report.to_markdown()
    for text, begins in [
        (report.to_html(tmp_path / "r.html"), "<!"),
        (report.to_csv(), "method,seed"),
        (report.to_latex(), "%"),
    ]:
        assert text.lstrip().lower().startswith(begins) or "tabular" in text
    assert "iframe" in report._repr_html_()
    pandas = pytest.importorskip("pandas")
    table = report.to_pandas()
    assert isinstance(table, pandas.DataFrame) and len(table) == 8


def test_recipes_are_toml_too(tmp_path: Path, network: Network, digits: Dataset) -> None:
    recipe = tmp_path / "recipe.toml"
    recipe.write_text(
        'data = "mnist-subset"\nlimit_train = 300\nlimit_test = 100\n'
        'architecture = "mlp"\nmethods = ["ugradsl"]\ntraining.epochs = 1\n'
    )
    comparison = ugradsl.Comparison(recipe, device="cpu")
    assert comparison.remaining == 3
    first = next(comparison)
    assert isinstance(first, ugradsl.events.Started)
    report = ugradsl.compare({"methods": ["ugradsl"], "retrain": False}, digits, original=network, device="cpu")
    assert [run["method"] for run in report.runs] == ["original", "ugradsl"]
    with pytest.raises(ugradsl.SettingError, match='did you mean "methods"'):
        ugradsl.compare({"method": ["ft"], "metods": ["ft"]}, digits)
    with pytest.raises(ugradsl.StorageError, match="cannot be read"):
        ugradsl.compare(tmp_path / "missing.toml")
    with pytest.raises(ugradsl.SettingError, match="limit_train says how data are opened"):
        ugradsl.compare({**RECIPE, "limit_train": 100}, digits)
    with pytest.raises(ugradsl.SettingError, match=r"validation is 0\.25 in the recipe, and 0\.5 in the data"):
        ugradsl.compare({**RECIPE, "validation": 0.25}, digits)
    twice = {**RECIPE, "original": {"file": "net.safetensors"}}
    with pytest.raises(ugradsl.SettingError, match="the original is given twice"):
        ugradsl.compare(twice, digits, original=network)
    with pytest.raises(ugradsl.SettingError, match="needs the folder"):
        ugradsl.compare(recipe, resume=True)
    with pytest.raises(ugradsl.RunError, match=r"recipe\.toml: "):
        ugradsl.Report.load(recipe)
    with pytest.raises(ugradsl.RequestError, match="class"):
        ugradsl.compare(RECIPE, digits, forget="class:11", device="cpu")


def test_progress_is_shown(
    network: Network, digits: Dataset, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "tqdm.auto", None)
    ugradsl.train("mlp", digits, device="cpu", training={"epochs": 1}, progress=True)
    lines = capsys.readouterr().err.splitlines()
    assert lines[0].startswith("original, seed 0: up to 3 steps") and "ended by plan" in lines[-1]
    monkeypatch.undo()
    with pytest.warns(UserWarning, match="ordinary label smoothing") as noted:
        ugradsl.unlearn(network, digits, forget="class:3", device="cpu", training=EPOCHS, settings={"alpha": 0.5})
    assert {Path(each.filename).name for each in noted} == {Path(__file__).name}, "they name the caller's line"
    pytest.importorskip("tqdm")
    ugradsl.train("mlp", digits, device="cpu", training={"epochs": 1}, progress=True)
    assert "3/3" in capsys.readouterr().err
