#!/usr/bin/env python3
"""How long does an epoch of training take, compared with PyTorch on the same cores?

    python3 scripts/epoch_beside_pytorch.py --ugradsl target/release/ugradsl --data DATA --networks resnet20,lenet --runs 5

Trains for one epoch, in turns by `ugradsl train` and by PyTorch: the same network and shapes, batches of 128, SGD with
momentum, float32, as many threads; PyTorch also with `channels_last`. DATA is a folder with `cifar-10-batches-bin`; LeNet, small-cnn
and the vision transformer need none, as they train on the digits that the program has inside. Prints medians, each run, and the
ratio of medians as Markdown. What comes before and after the steps is not counted on either side. Exit code 77: skipped,
because PyTorch or numpy is absent.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time

try:
    import torch
    import torch.nn.functional as F
except ImportError as missing:
    print(f"skipped: {missing}")
    sys.exit(77)

from torch import nn

from check_pytorch import ResNet20

BATCH, RATE, MOMENTUM, DECAY = 128, 0.05, 0.9, 5e-4


class LeNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1, self.conv2 = nn.Conv2d(1, 6, 5, padding=2), nn.Conv2d(6, 16, 5)
        self.fc1, self.fc2, self.fc3 = nn.Linear(400, 120), nn.Linear(120, 84), nn.Linear(84, 10)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2).flatten(1)
        return self.fc3(F.relu(self.fc2(F.relu(self.fc1(x)))))


class SmallCnn(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1, self.conv2 = nn.Conv2d(1, 8, 3, padding=1, bias=False), nn.Conv2d(8, 16, 3, padding=1, bias=False)
        self.norm1, self.norm2 = nn.BatchNorm2d(8), nn.BatchNorm2d(16)
        self.fc1, self.fc2 = nn.Linear(784, 128), nn.Linear(128, 10)

    def forward(self, x):
        x = F.relu(self.norm1(F.max_pool2d(self.conv1(x), 2)))
        x = F.relu(self.norm2(F.max_pool2d(self.conv2(x), 2))).flatten(1)
        return self.fc2(F.relu(self.fc1(x)))


class Block(nn.Module):
    def __init__(self, width=128, heads=4):
        super().__init__()
        self.norm1, self.norm2 = nn.LayerNorm(width, 1e-6), nn.LayerNorm(width, 1e-6)
        self.qkv, self.proj = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.fc1, self.fc2 = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)
        self.heads = heads

    def forward(self, x):
        n, tokens, width = x.shape
        parts = self.qkv(self.norm1(x)).reshape(n, tokens, 3, self.heads, width // self.heads).permute(2, 0, 3, 1, 4)
        attended = F.scaled_dot_product_attention(*parts).transpose(1, 2).reshape(n, tokens, width)
        x = x + self.proj(attended)
        return x + self.fc2(F.gelu(self.fc1(self.norm2(x))))


class Vit(nn.Module):
    def __init__(self):
        super().__init__()
        self.proj = nn.Conv2d(1, 128, 4, 4)
        self.token, self.places = nn.Parameter(torch.zeros(1, 1, 128)), nn.Parameter(torch.zeros(1, 50, 128))
        self.blocks = nn.Sequential(*(Block() for _ in range(6)))
        self.norm, self.head = nn.LayerNorm(128, 1e-6), nn.Linear(128, 10)

    def forward(self, x):
        patches = self.proj(x).flatten(2).transpose(1, 2)
        x = torch.cat([self.token.expand(len(x), -1, -1), patches], 1) + self.places
        return self.head(self.norm(self.blocks(x))[:, 0])


# Data set, rows of an epoch, shape of an image, network.
NETWORKS = {
    "resnet20": ("cifar10", 2560, [3, 32, 32], ResNet20),
    "lenet": ("mnist-subset", 3840, [1, 28, 28], LeNet),
    "small-cnn": ("mnist-subset", 3840, [1, 28, 28], SmallCnn),
    "vit": ("mnist-subset", 1280, [1, 28, 28], Vit),
}


def ours(args, name, threads):
    data, rows, _, _ = NETWORKS[name]
    with tempfile.TemporaryDirectory() as folder:
        words = [args.ugradsl, "train", "--json", "--device=cpu", f"--architecture={name}", f"--data={data}"]
        words += [f"--data-root={args.data}"] if args.data else []
        words += [f"--limit-train={rows}", "--limit-test=100", f"--out={folder}/model"]
        words += ["--set=training.epochs=1", f"--set=training.batch_size={BATCH}", f"--set=training.learning_rate={RATE}"]
        environment = {**os.environ, "RAYON_NUM_THREADS": str(threads)}
        done = subprocess.run(words, check=True, capture_output=True, env=environment)
    return json.loads(done.stdout)["seconds"]


def theirs(name, threads, layout):
    torch.set_num_threads(threads)
    torch.manual_seed(0)
    _, rows, shape, network = NETWORKS[name]
    images, labels = torch.randn(rows, *shape), torch.randint(10, (rows,))
    model = network().train().to(memory_format=layout)
    images = images.to(memory_format=layout)
    optimizer = torch.optim.SGD(model.parameters(), RATE, MOMENTUM, weight_decay=DECAY)
    start = time.perf_counter()
    for chosen in torch.randperm(rows).split(BATCH):
        optimizer.zero_grad()
        F.cross_entropy(model(images[chosen]), labels[chosen]).backward()
        optimizer.step()
    return time.perf_counter() - start


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--ugradsl", required=True, help="the binary, of a release build")
    parser.add_argument("--data", help="folder with cifar-10-batches-bin")
    parser.add_argument("--networks", default="resnet20", help=f"some of {', '.join(NETWORKS)}")
    parser.add_argument("--runs", type=int, default=3)
    args = parser.parse_args()

    threads = len(os.sched_getaffinity(0))
    print(f"{threads} threads, PyTorch {torch.__version__}; seconds of an epoch, median of {args.runs} (each run)\n")
    print("| network | rows | ugradsl | PyTorch | ratio | PyTorch, channels_last | ratio |\n|---|---|---|---|---|---|---|")
    for name in args.networks.split(","):
        rounds = []
        for _ in range(args.runs):
            layouts = [theirs(name, threads, layout) for layout in (torch.contiguous_format, torch.channels_last)]
            rounds.append((ours(args, name, threads), *layouts))
        cells = [
            f"{statistics.median(seconds):.2f} ({', '.join(f'{value:.2f}' for value in seconds)})" for seconds in zip(*rounds)
        ]
        ratios = [statistics.median(mine / row[at] for mine, *row in rounds) for at in (0, 1)]
        print(f"| {name} | {NETWORKS[name][1]} | {cells[0]} | {cells[1]} | {ratios[0]:.2f} | {cells[2]} | {ratios[1]:.2f} |")
    return 0


if __name__ == "__main__":
    sys.exit(main())
