"""Modules of PyTorch go out and come back; its data sets are taken."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import ugradsl
from ugradsl import Dataset, Network, NetworkError

torch = pytest.importorskip("torch", reason="PyTorch is not installed")
onnxscript = pytest.importorskip("onnxscript", reason="PyTorch needs onnxscript to export a module")
nn = torch.nn

MEAN, STD = 0.4, 0.3
CHANCE = np.random.default_rng(0)
Y = CHANCE.integers(0, 3, 96)
# A class is a bright third of the picture.
X = CHANCE.integers(0, 120, (96, 1, 12, 12), dtype=np.uint8)
for _row, _label in enumerate(Y):
    X[_row, :, 4 * _label : 4 * _label + 4] += 100


def small() -> Any:
    """A network with BatchNorm and dropout that is not built in."""
    torch.manual_seed(0)
    return nn.Sequential(
        nn.Conv2d(1, 8, 3, padding=1),
        nn.BatchNorm2d(8),
        nn.ReLU(),
        nn.AvgPool2d(4),
        nn.Flatten(),
        nn.Dropout(0.1),
        nn.Linear(72, 3),
    )


def as_seen(pictures: np.ndarray[Any, Any]) -> Any:
    return (torch.from_numpy(pictures).float() / 255 - MEAN) / STD


def learnt(module: Any, steps: int = 60) -> Any:
    optimizer = torch.optim.Adam(module.parameters(), 0.01)
    inputs, labels = as_seen(X), torch.from_numpy(Y)
    module.train()
    for _ in range(steps):
        optimizer.zero_grad()
        nn.functional.cross_entropy(module(inputs), labels).backward()
        optimizer.step()
    return module.eval()


def answers(module: Any, pictures: np.ndarray[Any, Any] = X) -> np.ndarray[Any, Any]:
    with torch.no_grad():
        logits: np.ndarray[Any, Any] = module(as_seen(pictures)).numpy()
    return logits


@pytest.fixture(scope="module")
def data() -> Dataset:
    return Dataset(train=(X, Y), test=(X[::2], Y[::2]), name="thirds")


@pytest.fixture(scope="module")
def module() -> Any:
    return learnt(small())


@pytest.fixture(scope="module")
def network(module: Any) -> Network:
    return Network.from_torch(module, as_seen(X[:2]), normalisation=([MEAN], [STD]))


def test_logits_are_the_same_before_and_after(network: Network, module: Any, data: Dataset) -> None:
    fitted = network.fitted(data)
    ours = ugradsl.predict(fitted, data, part="train", device="cpu")
    assert np.abs(ours - answers(module)).max() < 1e-5
    assert np.abs(ugradsl.predict(fitted, X[:5], device="cpu") - answers(module, X[:5])).max() < 1e-5
    done = ugradsl.unlearn(network, data, forget=ugradsl.classes(0), seed=1, device="cpu", training={"epochs": 10})
    state = done.state_dict()
    assert list(state) == list(module.state_dict())
    assert state["1.num_batches_tracked"].dtype == torch.int64
    other = small()
    other.load_state_dict(state)
    after = ugradsl.predict(done.network, data, part="train", device="cpu")
    assert np.abs(after - answers(other.eval())).max() < 1e-5
    assert np.abs(after - ours).max() > 0.1, "nothing has changed"


def test_the_module_is_not_changed(network: Network, module: Any, data: Dataset) -> None:
    before = {name: value.clone() for name, value in module.state_dict().items()}
    module.train()
    again = Network.from_torch(module, as_seen(X[:2]), normalisation=([MEAN], [STD]))
    assert module.training
    module[1].eval()
    Network.from_torch(module, as_seen(X[:2]))
    assert module.training and not module[1].training
    module.eval()
    ugradsl.train(again, data, device="cpu", training={"epochs": 1})
    assert all((value == before[name]).all() for name, value in module.state_dict().items())


def test_tied_weights_come_back_together() -> None:
    class Tied(nn.Module):  # type: ignore[name-defined,misc]
        def __init__(self) -> None:
            super().__init__()
            self.first, self.second, self.last = nn.Linear(6, 6), nn.Linear(6, 6), nn.Linear(6, 2)
            self.second.weight = self.first.weight

        def forward(self, rows: Any) -> Any:
            return self.last(torch.relu(self.second(torch.relu(self.first(rows)))))

    torch.manual_seed(0)
    tied = Tied()
    rows = CHANCE.normal(size=(40, 6)).astype(np.float32)
    data = Dataset(train=(rows, (rows[:, 0] > 0).astype(int)), test=(rows, (rows[:, 0] > 0).astype(int)))
    trained = ugradsl.train(
        Network.from_torch(tied, torch.from_numpy(rows[:2])), data, device="cpu", training={"epochs": 5}
    )
    state = trained.state_dict()
    assert (state["first.weight"] == state["second.weight"]).all()
    assert (state["first.weight"] != tied.first.weight).any()
    tied.load_state_dict(state)
    with torch.no_grad():
        theirs = tied(torch.from_numpy(rows)).numpy()
    assert np.abs(ugradsl.predict(trained.network, data, part="train", device="cpu") - theirs).max() < 1e-5


def test_what_cannot_be_exported_is_refused(module: Any, data: Dataset) -> None:
    with pytest.raises(NetworkError, match="batch of 1"):
        Network.from_torch(module, as_seen(X[:1]))
    with pytest.raises(NetworkError, match="str, not a module of PyTorch"):
        Network.from_torch("resnet18", as_seen(X[:2]))
    with pytest.raises(NetworkError, match="must be a tensor"):
        Network.from_torch(module, X[:2])
    with pytest.raises(NetworkError, match="cannot export the module"):
        Network.from_torch(module, torch.zeros(2, 5, 12, 12))
    with pytest.raises(NetworkError, match=r"Network\.from_torch\(module, example\)"):
        ugradsl.unlearn(module, data, forget="class:1")  # type: ignore[arg-type]
    with pytest.raises(NetworkError, match="3 outputs, but .* has 2 classes"):
        few = Dataset(train=(X, Y % 2), test=(X, Y % 2))
        Network.from_torch(module, as_seen(X[:2])).fitted(few)


def test_weights_of_built_in_networks() -> None:
    torchvision = pytest.importorskip("torchvision", reason="torchvision is not installed")
    torch.manual_seed(0)
    theirs = torchvision.models.resnet18(num_classes=3).eval()
    pictures = CHANCE.integers(0, 256, (4, 3, 64, 64), dtype=np.uint8)
    data = Dataset(train=(pictures, [0, 1, 2, 0]), test=(pictures, [0, 1, 2, 0]))
    network = Network.from_state_dict(theirs.state_dict(), "resnet18-imagenet", normalisation=([MEAN] * 3, [STD] * 3))
    fitted = network.fitted(data)
    assert np.abs(ugradsl.predict(fitted, data, device="cpu") - answers(theirs, pictures)).max() < 1e-5
    theirs.load_state_dict(fitted.state_dict())


def test_tensors_data_sets_and_loaders_are_taken(data: Dataset) -> None:
    inputs, labels = torch.from_numpy(X), torch.from_numpy(Y)
    assert Dataset(train=(inputs, labels), test=(inputs[::2], labels[::2])).digest == data.digest
    pairs = torch.utils.data.TensorDataset(inputs, labels)
    half = torch.utils.data.Subset(pairs, range(0, 96, 2))
    assert Dataset(train=torch.utils.data.DataLoader(pairs, 7, shuffle=True), test=half).digest == data.digest
    assert (
        Dataset(train=((inputs.float() / 255).requires_grad_(), labels), test=(inputs[::2], labels[::2])).digest
        == data.digest
    )

    class Stream(torch.utils.data.IterableDataset):  # type: ignore[name-defined,misc]
        def __iter__(self) -> Any:
            yield from pairs

    with pytest.raises(ugradsl.DataError, match="cannot be indexed"):
        Dataset(train=torch.utils.data.DataLoader(Stream()), test=pairs)


def test_folders_of_torchvision(tmp_path: Path) -> None:
    torchvision = pytest.importorskip("torchvision", reason="torchvision is not installed")
    pil = pytest.importorskip("PIL.Image")
    for row in range(6):
        folder = tmp_path / ["cats", "dogs"][row % 2]
        folder.mkdir(exist_ok=True)
        pil.fromarray(CHANCE.integers(0, 256, (9, 9, 3), dtype=np.uint8)).save(folder / f"{row}.png")
    plain = torchvision.datasets.ImageFolder(tmp_path)
    data = Dataset(train=plain, test=plain)
    assert (data.classes, data.shape) == (("cats", "dogs"), (3, 9, 9))
    assert data.taken("file:dogs/*")["names"] == ["dogs/1.png", "dogs/3.png", "dogs/5.png"]
    tensors = torchvision.datasets.ImageFolder(tmp_path, transform=torchvision.transforms.ToTensor())
    assert Dataset(train=tensors, test=tensors).digest == data.digest


def test_data_sets_of_hugging_face() -> None:
    datasets = pytest.importorskip("datasets", reason="datasets is not installed")
    names = datasets.ClassLabel(names=["low", "high"])
    features = datasets.Features({"text": datasets.Value("string"), "label": names, "who": datasets.Value("string")})
    table = datasets.Dataset.from_dict(
        {"text": [f"words {row}" for row in range(8)], "label": [0, 1] * 4, "who": list("abcdabcd")}, features=features
    )
    data = Dataset(train=table, test=table, groups="who", vocabulary=300, length=8)
    assert (data.classes, data.kind) == (("low", "high"), "texts")
    assert data.taken(ugradsl.groups("b"))["numbers"] == [1, 5]
    pil = pytest.importorskip("PIL.Image")
    shown = datasets.Features({"image": datasets.Image(), "label": datasets.ClassLabel(num_classes=3)})
    images = [pil.fromarray(picture[0]) for picture in X[:6]]
    pictures = datasets.Dataset.from_dict({"image": images, "label": Y[:6]}, features=shown)
    ours = Dataset(train=pictures, test=pictures)
    assert ours.digest == Dataset(train=(X[:6], Y[:6]), test=(X[:6], Y[:6]), classes=range(3)).digest
