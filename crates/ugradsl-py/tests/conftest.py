"""What the tests share: a small network that has learnt digits."""

from __future__ import annotations

from pathlib import Path

import pytest
import ugradsl

ROOT = Path(__file__).resolve().parents[3]
EPOCHS = {"epochs": 4, "learning_rate": 0.1}


@pytest.fixture(scope="session")
def digits() -> ugradsl.Dataset:
    """300 digits to train on and 100 to test on."""
    return ugradsl.Dataset.open("mnist-subset", limit_train=300, limit_test=100)


@pytest.fixture(scope="session")
def trained(digits: ugradsl.Dataset) -> ugradsl.Trained:
    """A perceptron that has learnt them."""
    return ugradsl.train("mlp", digits, seed=1, device="cpu", training=EPOCHS)


@pytest.fixture(scope="session")
def network(trained: ugradsl.Trained) -> ugradsl.Network:
    """The same."""
    return trained.network
