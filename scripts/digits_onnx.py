"""Exports the small network that the tests of the command line train: digits of 28 x 28, two convolutions with BatchNorm.

    pip install torch onnx onnxscript
    python scripts/digits_onnx.py crates/ugradsl-cli/tests/golden/digits.onnx
"""

import sys

import torch
from torch import nn

torch.manual_seed(0)
network = nn.Sequential(
    nn.Conv2d(1, 6, 3, stride=2, bias=False),
    nn.BatchNorm2d(6),
    nn.ReLU(),
    nn.Conv2d(6, 12, 3, stride=2, bias=False),
    nn.BatchNorm2d(12),
    nn.ReLU(),
    nn.Flatten(),
    nn.Linear(12 * 6 * 6, 10),
    nn.Softmax(dim=1),
).eval()
# Equal tensors would be merged, those of fresh normalisations among them, were it not for optimize=False.
program = torch.onnx.export(
    network,
    (torch.zeros(2, 1, 28, 28),),
    dynamo=True,
    optimize=False,
    dynamic_shapes=({0: torch.export.Dim.DYNAMIC},),
)
program.save(sys.argv[1])
