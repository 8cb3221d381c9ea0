#!/usr/bin/env python3
"""Logits of published architectures, for the tests of the built-in ones.

    python3 scripts/golden_architectures.py [OUT]

Writes to OUT (default: crates/ugradsl/tests/golden/architectures.json), for torchvision's residual networks and
vgg16_bn, timm's VisionTransformer and the networks of PyTorch's tutorial and example, each in the variant that
models/ describes, for images of 32 pixels: names and shapes of all float tensors, and the logits of two images in
inference mode. Weights and images follow a rule that the test repeats: see `weights` and `images`.

Needs PyTorch, torchvision and timm.
"""

import argparse
import json
import pathlib

import torch
from timm.models.vision_transformer import VisionTransformer
from torch import nn
from torch.nn import functional as F
from torchvision.models import resnet18, resnet34, resnet50, vgg16_bn

CLASSES = 10


def wave(count, step, start, period):
    """`count` numbers from -1 to 1."""
    half = (period - 1) // 2
    return (((torch.arange(count) * step + start) % period - half).double() / half).float()


def weights(network):
    """Tensor number t, by name, is a wave; its scale keeps what passes through a layer of order one."""
    state = {name: data for name, data in network.state_dict().items() if data.is_floating_point()}
    for t, (name, data) in enumerate(sorted(state.items())):
        value = wave(data.numel(), 31, 17 * t, 97).reshape(data.shape)
        if name.endswith("running_var"):
            value = 1 + value.abs() / 2
        elif name.endswith("bn3.weight"):
            value = (1 + value / 8) / 4  # or each of the many blocks doubles what passes through
        elif data.dim() == 1 and name.endswith("weight"):
            value = 1 + value / 8
        elif data.dim() in (1, 3):
            value = value / 8
        else:
            value = value * (6 / data[0].numel()) ** 0.5
        state[name] = value
    return state


def images():
    return wave(2 * 3 * 32 * 32, 13, 0, 101).reshape(2, 3, 32, 32)


class CifarNet(nn.Module):
    """Of the tutorial "Training a Classifier", whose trained weights are `cifar_net.pth`."""

    def __init__(self):
        super().__init__()
        self.conv1, self.pool, self.conv2 = nn.Conv2d(3, 6, 5), nn.MaxPool2d(2, 2), nn.Conv2d(6, 16, 5)
        self.fc1, self.fc2, self.fc3 = nn.Linear(16 * 5 * 5, 120), nn.Linear(120, 84), nn.Linear(84, CLASSES)

    def forward(self, x):
        x = self.pool(F.relu(self.conv1(x)))
        x = torch.flatten(self.pool(F.relu(self.conv2(x))), 1)
        return self.fc3(F.relu(self.fc2(F.relu(self.fc1(x)))))


class MnistCnn(nn.Module):
    """Of pytorch/examples, mnist/main.py, whose trained weights are `mnist_cnn.pt`; for 3 channels and 32 pixels, and
    without the log_softmax at its end."""

    def __init__(self):
        super().__init__()
        self.conv1, self.conv2 = nn.Conv2d(3, 32, 3, 1), nn.Conv2d(32, 64, 3, 1)
        self.dropout1, self.dropout2 = nn.Dropout(0.25), nn.Dropout(0.5)
        self.fc1, self.fc2 = nn.Linear(64 * 14 * 14, 128), nn.Linear(128, CLASSES)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv2(F.relu(self.conv1(x)))), 2)
        return self.fc2(self.dropout2(F.relu(self.fc1(torch.flatten(self.dropout1(x), 1)))))


def networks():
    resnet = resnet18(num_classes=CLASSES)
    resnet.conv1, resnet.maxpool = nn.Conv2d(3, 64, 3, padding=1, bias=False), nn.Identity()
    vgg = vgg16_bn(num_classes=CLASSES)
    vgg.avgpool = nn.AdaptiveAvgPool2d(1)
    vgg.classifier[0], vgg.classifier[3] = nn.Linear(512, 512), nn.Linear(512, 512)
    vgg.classifier[6] = nn.Linear(512, CLASSES)
    vit = VisionTransformer(img_size=32, patch_size=4, embed_dim=128, depth=6, num_heads=4, num_classes=CLASSES)
    large = {"resnet18": resnet18, "resnet34": resnet34, "resnet50": resnet50}
    large = {f"{name}-imagenet": make(num_classes=CLASSES) for name, make in large.items()}
    tutorials = {"cifar-net": CifarNet(), "mnist-cnn": MnistCnn()}
    return {"resnet18": resnet, **large, "vgg16-bn": vgg, "vit": vit, **tutorials}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    default = pathlib.Path(__file__).parent.parent / "crates/ugradsl/tests/golden/architectures.json"
    parser.add_argument("out", nargs="?", type=pathlib.Path, default=default)
    cases = []
    for name, network in networks().items():
        state = weights(network)
        network.load_state_dict(state, strict=False)
        with torch.no_grad():
            logits = network.eval()(images())
        shapes = {key: list(data.shape) for key, data in sorted(state.items())}
        cases.append({"architecture": name, "tensors": shapes, "logits": logits.flatten().tolist()})
    parser.parse_args().out.write_text(json.dumps(cases, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
