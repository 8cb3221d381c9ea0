#!/usr/bin/env python3
"""Cut a small balanced subset out of the original MNIST or Fashion-MNIST idx files.

    python3 scripts/cut_subset.py ORIGINALS OUT

ORIGINALS holds the four original files, with or without `.gz`. OUT receives four gzipped idx files
with the usual names: 1,000 training and 200 test images per class by default, rows shuffled.

The draw is fixed. One numpy Generator(PCG64(SEED)) chooses the rows of class 0, 1, .. 9 without replacement,
and then the order of all rows, first for the training files and then for the test files.
The gzip headers carry no time and no name, so the same zlib writes the same bytes.
Needs numpy and nothing else.
"""

import argparse
import gzip
import hashlib
import pathlib
import struct
import sys

import numpy as np

SEED = 20260501
CLASSES = 10

# MD5 of the unpacked originals; the keys are the file names.
ORIGINALS = {
    "MNIST": {
        "train-images-idx3-ubyte": "6bbc9ace898e44ae57da46a324031adb",
        "train-labels-idx1-ubyte": "a25bea736e30d166cdddb491f175f624",
        "t10k-images-idx3-ubyte": "2646ac647ad5339dbf082846283269ea",
        "t10k-labels-idx1-ubyte": "27ae3e4e09519cfbb04c329615203637",
    },
    "Fashion-MNIST": {
        "train-images-idx3-ubyte": "f4a8712d7a061bf5bd6d2ca38dc4d50a",
        "train-labels-idx1-ubyte": "9018921c3c673c538a1fc5bad174d6f9",
        "t10k-images-idx3-ubyte": "8181f5470baa50b63fa0f6fddb340f0a",
        "t10k-labels-idx1-ubyte": "15d484375f8d13e6eb1aabb0c3f46965",
    },
}


def unpacked(folder: pathlib.Path, name: str) -> bytes:
    """The bytes of an idx file that lies in the folder as it is or gzipped."""
    plain, packed = folder / name, folder / f"{name}.gz"
    if plain.is_file():
        return plain.read_bytes()
    if packed.is_file():
        return gzip.decompress(packed.read_bytes())
    sys.exit(f"neither {plain} nor {packed} exists")


def recognise(files: dict[str, bytes]) -> str:
    """The name of the set whose checksums all four files have; anything else ends the script."""
    sums = {name: hashlib.md5(data).hexdigest() for name, data in files.items()}
    for title, expected in ORIGINALS.items():
        if sums == expected:
            return title
    lines = "\n".join(f"  {digest}  {name}" for name, digest in sums.items())
    sys.exit(f"these are not the originals of {' or '.join(ORIGINALS)}; unpacked MD5 found:\n{lines}")


def parse(data: bytes) -> np.ndarray:
    """An idx file of unsigned bytes as an array."""
    dims = struct.unpack_from(f">{data[3]}I", data, 4)
    return np.frombuffer(data, np.uint8, offset=4 + 4 * len(dims)).reshape(dims)


def write(path: pathlib.Path, array: np.ndarray) -> None:
    """An array of unsigned bytes as a gzipped idx file, byte for byte repeatable."""
    header = bytes([0, 0, 0x08, array.ndim]) + struct.pack(f">{array.ndim}I", *array.shape)
    path.write_bytes(gzip.compress(header + array.tobytes(), compresslevel=9, mtime=0))
    print(f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("originals", type=pathlib.Path, help="folder with the four original files")
    parser.add_argument("out", type=pathlib.Path, help="folder for the four cut files")
    parser.add_argument("--train", type=int, default=1000, help="training images per class")
    parser.add_argument("--test", type=int, default=200, help="test images per class")
    args = parser.parse_args()

    names = ORIGINALS["MNIST"]
    files = {name: unpacked(args.originals, name) for name in names}
    title = recognise(files)
    args.out.mkdir(parents=True, exist_ok=True)

    rng = np.random.Generator(np.random.PCG64(SEED))
    for part, count in {"train": args.train, "t10k": args.test}.items():
        images = parse(files[f"{part}-images-idx3-ubyte"])
        labels = parse(files[f"{part}-labels-idx1-ubyte"])
        rows = [rng.choice(np.flatnonzero(labels == c), count, replace=False) for c in range(CLASSES)]
        rows = rng.permutation(np.concatenate(rows))
        write(args.out / f"{part}-images-idx3-ubyte.gz", images[rows])
        write(args.out / f"{part}-labels-idx1-ubyte.gz", labels[rows])
    print(f"cut from {title}, seed {SEED}", file=sys.stderr)


if __name__ == "__main__":
    main()
