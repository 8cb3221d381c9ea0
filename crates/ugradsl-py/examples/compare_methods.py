"""Methods side by side over two seeds, against retraining."""

from __future__ import annotations

import ugradsl

data = ugradsl.Dataset.open("mnist-subset", limit_train=1000, limit_test=300)
recipe = {"architecture": "mlp", "methods": ["ugradsl", "ugradsl-plus"], "seeds": [0, 1], "training": {"epochs": 3}}
report = ugradsl.compare(recipe, data, forget="class:3", out="results", device="cpu")
for row in report.summary:
    print(row["method"], row.get("gap"))
report.to_html("report.html")
