"""Data sets with requests that are not a whole class of ordinary rows: arrays, texts, and lists of rows for `ugradsl`.

    python3 scripts/odd_requests.py FOLDER OUT [--first 0] [--seed 7] [--news FOLDER]     (needs numpy)

FOLDER holds images as idx files (Fashion-MNIST, MNIST). Each folder of OUT holds 5,000 training images from row `--first` on
and 2,000 test images, unless said otherwise, and lists of rows:

- `plain`: labels are right. `most-a`, `most-b`: 90 % of classes 6 and 8; `most-c`: 80 % of class 2; `half`: half of class 4;
  `fifty`, `five` and `one-0` to `one-9`: rows drawn at random;
- `mislabelled/ids.txt`: 200 rows drawn at random have a wrong label, drawn at random;
- `flipped/ids.txt`: the first 200 rows of class 2 have the label 7;
- `outliers`: 5 rows drawn at random are replaced by noise (`ids.txt`);
- `group/ids.txt`: 90 rows of classes 2, 7 and 8, 30 of each, are turned by a quarter, as pictures by one person may be;
- `persons`: forty people have taken 100 pictures each, each with a camera of their own (contrast, brightness, a pattern, a
  shift by a pixel); those of the test set are ten others. `groups.txt` names them;
- `imbalanced`: of 1,000 rows 950 are of class 1; `rare`: class 3 has 20 rows;
- `speakers`: not images but 40 features of 12 words, 25 times each, by ten speakers with a voice each (`speakers/train.csv`);
- `texts` (with `--news`, 20 Newsgroups as it is unpacked): 600 training and 400 test texts of five newsgroups, with lists of
  rows `random`, and `thread`: all texts about one subject.
"""

import argparse
import csv
import gzip
import pathlib
import re
import struct
import zlib

import numpy as np

TRAIN, TEST = 5000, 2000
NEWS = ["rec.autos", "rec.sport.hockey", "sci.crypt", "sci.space", "talk.politics.mideast"]


def read(path: pathlib.Path) -> np.ndarray:
    """An idx file of bytes, compressed or not."""
    packed = path.with_name(path.name + ".gz")
    data = gzip.open(packed).read() if packed.exists() else path.read_bytes()
    dimensions = struct.unpack(">I", data[:4])[0] & 255
    shape = struct.unpack(f">{dimensions}I", data[4 : 4 + 4 * dimensions])
    return np.frombuffer(data, np.uint8, offset=4 + 4 * dimensions).reshape(shape)


def save(folder: pathlib.Path, train, test, lists: dict[str, np.ndarray], groups=None) -> None:
    """Two pairs of images and labels, the lists of rows, and the name of each training row's group."""
    folder.mkdir(parents=True, exist_ok=True)
    arrays = {"x_train": train[0], "y_train": train[1], "x_test": test[0], "y_test": test[1]}
    for file, array in arrays.items():
        np.save(folder / f"{file}.npy", array)
    for file, rows in lists.items():
        (folder / f"{file}.txt").write_text("".join(f"{row}\n" for row in sorted(rows)))
    if groups is not None:
        (folder / "groups.txt").write_text("".join(f"{group}\n" for group in groups))


def images(source: pathlib.Path, out: pathlib.Path, first: int, chance: np.random.Generator) -> None:
    all_images, all_labels = (read(source / f"train-{kind}-ubyte") for kind in ("images-idx3", "labels-idx1"))
    pixels, labels = all_images[first : first + TRAIN], all_labels[first : first + TRAIN]
    test = tuple(read(source / f"t10k-{kind}-ubyte")[:TEST] for kind in ("images-idx3", "labels-idx1"))

    def part(of: int, share: float) -> np.ndarray:
        rows = np.flatnonzero(labels == of)
        return rows[: int(len(rows) * share)]

    rows = chance.choice(TRAIN, 200, replace=False)
    wrong = labels.copy()
    wrong[rows] = (wrong[rows] + chance.integers(1, 10, 200)) % 10
    save(out / "mislabelled", (pixels, wrong), test, {"ids": rows})

    rows = np.flatnonzero(labels == 2)[:200]
    flipped = labels.copy()
    flipped[rows] = 7
    save(out / "flipped", (pixels, flipped), test, {"ids": rows})

    rows = np.concatenate([np.flatnonzero(labels == of)[:30] for of in (2, 7, 8)])
    turned = pixels.copy()
    turned[rows] = np.rot90(pixels[rows], axes=(1, 2))
    save(out / "group", (turned, labels), test, {"ids": rows})

    drawn = {"fifty": chance.choice(TRAIN, 50, replace=False), "five": chance.choice(TRAIN, 5, replace=False)}
    ones = {f"one-{at}": [row] for at, row in enumerate(chance.choice(TRAIN, 10, replace=False))}
    parts = {"most-a": part(6, 0.9), "most-b": part(8, 0.9), "most-c": part(2, 0.8), "half": part(4, 0.5)}
    save(out / "plain", (pixels, labels), test, parts | drawn | ones)

    noisy = pixels.copy()
    noisy[drawn["five"]] = chance.integers(0, 256, (5, *pixels.shape[1:]))
    save(out / "outliers", (noisy, labels), test, {"ids": drawn["five"]})

    persons(out / "persons", (pixels[:4000], labels[:4000]), test, chance)

    majority = np.flatnonzero(all_labels == 1)[:950]
    others = np.flatnonzero((all_labels != 1) & (all_labels < 5))[:50]
    rows = chance.permutation(np.concatenate([majority, others]))
    small = test[1] < 5
    save(out / "imbalanced", (all_images[rows], all_labels[rows]), (test[0][small], test[1][small]), {})

    keep = np.ones(TRAIN, bool)
    keep[np.flatnonzero(labels == 3)[20:]] = False
    save(out / "rare", (pixels[keep], labels[keep]), test, {})


def persons(folder: pathlib.Path, train, test, chance: np.random.Generator) -> None:
    """Pictures by forty people for training and by ten others for testing."""

    def taken(pixels: np.ndarray) -> np.ndarray:
        pattern = chance.normal(0, 1, pixels.shape[1:]).cumsum(0).cumsum(1)
        pattern *= 30 / np.abs(pattern).max()
        contrast, brightness = chance.uniform(0.6, 1.2), chance.uniform(0, 40)
        moved = np.roll(pixels, tuple(chance.integers(-1, 2, 2)), (1, 2))
        return np.clip(moved * contrast + brightness + pattern, 0, 255).astype(np.uint8)

    def by(pixels: np.ndarray, people: int) -> np.ndarray:
        return np.concatenate([taken(part) for part in np.array_split(pixels, people)])

    names = np.repeat([f"person-{at:02}" for at in range(40)], len(train[0]) // 40)
    save(folder, (by(train[0], 40), train[1]), (by(test[0], 10), test[1]), {}, names)


def speakers(folder: pathlib.Path, chance: np.random.Generator) -> None:
    """A table of ten speakers for training and one of four others for testing."""
    words = chance.normal(0, 1, (12, 40))
    folder.mkdir(parents=True, exist_ok=True)

    def table(file: str, names: list[str]) -> None:
        with (folder / file).open("w", newline="") as to:
            out = csv.writer(to)
            out.writerow([f"f{at}" for at in range(40)] + ["speaker", "label"])
            for name in names:
                voice = chance.normal(0, 0.8, 40), chance.normal(0, 0.7, (12, 40))
                for word in range(12):
                    for said in words[word] + voice[0] + voice[1][word] + chance.normal(0, 0.9, (25, 40)):
                        out.writerow([f"{value:.4f}" for value in said] + [name, f"word-{word:02}"])

    table("train.csv", [f"speaker-{at}" for at in range(10)])
    table("test.csv", [f"other-{at}" for at in range(4)])


def texts(source: pathlib.Path, folder: pathlib.Path, chance: np.random.Generator) -> None:
    """Texts of five newsgroups, without what names them; rows are in the order of their paths."""
    rows, subjects = 0, {}
    for kind, each in (("train", 120), ("test", 80)):
        for group in NEWS:
            (folder / kind / group).mkdir(parents=True, exist_ok=True)
            for path in sorted((source / f"20news-bydate-{kind}" / group).iterdir())[:each]:
                head, _, body = path.read_text("latin-1").partition("\n\n")
                (folder / kind / group / path.name).write_text(body)
                if kind == "train":
                    subject = re.search(r"^Subject: (?:Re: ?)*(.*)$", head, re.M | re.I)
                    subjects.setdefault(subject.group(1).strip(), []).append(rows)
                    rows += 1
    thread = max(subjects.values(), key=len)
    for name, listed in {"random": chance.choice(rows, rows // 10, replace=False), "thread": thread}.items():
        (folder / f"{name}.txt").write_text("".join(f"{row}\n" for row in sorted(listed)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", type=pathlib.Path)
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--news", type=pathlib.Path)
    given = parser.parse_args()

    def chance(name: str) -> np.random.Generator:
        return np.random.default_rng([given.seed, zlib.crc32(name.encode())])

    images(given.source, given.out, given.first, chance("images"))
    speakers(given.out / "speakers", chance("speakers"))
    if given.news is not None:
        texts(given.news, given.out / "texts", chance("texts"))


if __name__ == "__main__":
    main()
