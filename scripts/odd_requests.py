"""Data sets with rows that are unlike their class, made from Fashion-MNIST: arrays and lists of rows for `ugradsl`.

    python3 scripts/odd_requests.py FOLDER_WITH_FASHION_MNIST OUT     (needs numpy)

Each folder of OUT holds the first 5,000 training and 2,000 test images, and lists of rows:

- `mislabelled/ids.txt`: 200 rows drawn at random have a wrong label, drawn at random;
- `flipped/ids.txt`: the first 200 rows of class 2 have the label 7;
- `group/ids.txt`: 90 rows of classes 2, 7 and 8, 30 of each, are turned by a quarter, as pictures by one person may be;
- `plain`: labels are right. `shirts.txt` and `bags.txt` are 90 % of classes 6 and 8, `pullovers.txt` 80 % of class 2,
  `coats.txt` half of class 4; `fifty.txt`, `five.txt` and `one.txt` are rows drawn at random.
"""

import gzip
import pathlib
import struct
import sys

import numpy as np


def read(path: pathlib.Path) -> np.ndarray:
    """An idx file of bytes, compressed or not."""
    packed = path.with_name(path.name + ".gz")
    data = gzip.open(packed).read() if packed.exists() else path.read_bytes()
    dimensions = struct.unpack(">I", data[:4])[0] & 255
    shape = struct.unpack(f">{dimensions}I", data[4 : 4 + 4 * dimensions])
    return np.frombuffer(data, np.uint8, offset=4 + 4 * dimensions).reshape(shape)


def main(source: pathlib.Path, out: pathlib.Path) -> None:
    images = read(source / "train-images-idx3-ubyte")[:5000]
    labels = read(source / "train-labels-idx1-ubyte")[:5000]
    test = {
        "x_test": read(source / "t10k-images-idx3-ubyte")[:2000],
        "y_test": read(source / "t10k-labels-idx1-ubyte")[:2000],
    }

    def save(name: str, labels: np.ndarray, lists: dict[str, np.ndarray], pixels: np.ndarray = images) -> None:
        folder = out / name
        folder.mkdir(parents=True, exist_ok=True)
        for file, array in {"x_train": pixels, "y_train": labels, **test}.items():
            np.save(folder / f"{file}.npy", array)
        for file, rows in lists.items():
            (folder / f"{file}.txt").write_text("".join(f"{row}\n" for row in sorted(rows)))

    def part(of: int, share: float) -> np.ndarray:
        rows = np.flatnonzero(labels == of)
        return rows[: int(len(rows) * share)]

    chance = np.random.default_rng(7)
    rows = chance.choice(5000, 200, replace=False)
    wrong = labels.copy()
    wrong[rows] = (wrong[rows] + chance.integers(1, 10, 200)) % 10
    save("mislabelled", wrong, {"ids": rows})

    rows = np.flatnonzero(labels == 2)[:200]
    flipped = labels.copy()
    flipped[rows] = 7
    save("flipped", flipped, {"ids": rows})

    rows = np.concatenate([np.flatnonzero(labels == of)[:30] for of in (2, 7, 8)])
    turned = images.copy()
    turned[rows] = np.rot90(images[rows], axes=(1, 2))
    save("group", labels, {"ids": rows}, turned)

    parts = {"shirts": part(6, 0.9), "bags": part(8, 0.9), "pullovers": part(2, 0.8), "coats": part(4, 0.5)}
    few = {name: chance.choice(5000, count, replace=False) for name, count in [("fifty", 50), ("five", 5), ("one", 1)]}
    save("plain", labels, parts | few)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]))
