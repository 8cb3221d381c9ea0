"""The classifier in the style of scikit-learn."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import ugradsl

CHANCE = np.random.default_rng(0)
Y = CHANCE.choice(["calm", "wild"], 240)
X = CHANCE.normal(size=(240, 4)) * [1, 100, 0.01, 1] + np.where(Y == "wild", 2, -2)[:, None] * [1, 100, 0.01, 0]
NAMES = [f"person {row}" for row in range(240)]
TRAINING = {"epochs": 20, "batch_size": 16}


@pytest.fixture(scope="module")
def model() -> ugradsl.Classifier:
    return ugradsl.Classifier(seed=1, device="cpu", training=TRAINING).fit(X, Y, ids=NAMES)


def test_it_learns_and_predicts(model: ugradsl.Classifier) -> None:
    assert model.score(X, Y) > 0.95
    shares = model.predict_proba(X[:7])
    assert shares.shape == (7, 2) and np.allclose(shares.sum(1), 1, atol=1e-6)
    assert set(model.predict(X)) == {"calm", "wild"} == set(model.classes_)
    assert model.data_.rows == (192, 48)


def test_it_forgets_by_ids(model: ugradsl.Classifier) -> None:
    known = set(model.data_.ids or ())
    asked = [name for name in NAMES[:20]]
    done = model.forget(asked)
    assert done.forgotten_rows == len(known & set(asked)) and model.outcomes_ == [done]
    assert model.network_ is done.network and len(model.network_.ledger) == 1
    held_out = next(name for name in NAMES if name not in known)
    with pytest.raises(ugradsl.DataError, match="all of them are test rows"):
        model.forget([held_out])
    with pytest.raises(ugradsl.RequestError, match="nobody"):
        model.forget(["nobody"])


def test_it_refuses_what_it_cannot_do() -> None:
    with pytest.raises(ugradsl.RunError, match="call fit"):
        ugradsl.Classifier().predict(X)
    with pytest.raises(ugradsl.DataError, match="240 rows, but y has shape"):
        ugradsl.Classifier().fit(X, Y[:3])
    with pytest.raises(ugradsl.SettingError, match="test_share is 1.5"):
        ugradsl.Classifier(test_share=1.5).fit(X, Y)


def test_it_refuses_other_columns(model: ugradsl.Classifier) -> None:
    with pytest.raises(ugradsl.DataError, match="X has 1 columns, but the classifier was fitted on 4"):
        model.predict(X[:, :1])
    with pytest.raises(ugradsl.DataError, match="no class"):
        ugradsl.Classifier().fit(X, [None, *Y[1:]])
    pandas = pytest.importorskip("pandas")
    table = pandas.DataFrame(X, columns=list("abcd"))
    fitted = ugradsl.Classifier(device="cpu", training={"epochs": 1}).fit(table, Y)
    assert (fitted.predict(table) == fitted.predict(X)).all()
    with pytest.raises(ugradsl.DataError, match="in the same order"):
        fitted.predict(table[list("abdc")])


def test_a_fit_that_fails_leaves_no_older_network() -> None:
    model = ugradsl.Classifier(device="cpu", training={"epochs": 1}).fit(X, Y)
    with pytest.raises(ugradsl.SettingError):
        model.set_params(training={"epoch": 1}).fit(X * 2, Y)
    with pytest.raises(ugradsl.RunError, match="call fit"):
        model.predict(X)


def test_scikit_learn_validates_it_in_a_pipeline() -> None:
    pytest.importorskip("sklearn")
    from sklearn.base import is_classifier
    from sklearn.model_selection import cross_val_score
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler
    from sklearn.utils.validation import check_is_fitted

    model = ugradsl.Classifier(device="cpu", training=TRAINING)
    assert is_classifier(model)
    scores = cross_val_score(make_pipeline(StandardScaler(), model), X, Y, cv=2)
    assert len(scores) == 2 and (scores > 0.9).all()
    check_is_fitted(model.fit(X, Y))


def test_scikit_learn_can_clone_it() -> None:
    sklearn: Any = pytest.importorskip("sklearn.base")
    model = ugradsl.Classifier("mlp", seed=3)
    assert sklearn.clone(model).get_params() == model.get_params()
    with pytest.raises(ValueError, match="no parameter 'depth'"):
        model.set_params(depth=3)
