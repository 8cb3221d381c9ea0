"""Any module of PyTorch: exported to ONNX, made to forget, and its weights loaded again."""

from __future__ import annotations

import numpy as np
import torch
import ugradsl
from torch import nn

mean, deviation = 0.13, 0.31
digits = ugradsl.Dataset.open("mnist-subset", limit_train=1000, limit_test=300)

model = nn.Sequential(nn.Conv2d(1, 8, 5, stride=2), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(288, 10))
example = torch.zeros(2, 1, 28, 28)
network = ugradsl.Network.from_torch(model, example, normalisation=([mean], [deviation]))

# This one is trained here; a network that was trained in PyTorch can be used at once.
trained = ugradsl.train(network, digits, seed=1, device="cpu", training={"epochs": 8})
print(f"right on {trained.test_accuracy:.1f} % of the test set")

run = ugradsl.unlearn(trained.network, digits, forget=ugradsl.classes(3), seed=1, device="cpu", training={"epochs": 8})
print(run)
model.load_state_dict(run.state_dict())

with torch.no_grad():
    picture = torch.from_numpy(np.zeros((1, 1, 28, 28), np.float32))
    print(model.eval()((picture - mean) / deviation).argmax(1))
