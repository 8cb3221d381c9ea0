"""A classifier for a table: people ask to be forgotten, by their names."""

from __future__ import annotations

import numpy as np
import ugradsl

chance = np.random.default_rng(0)
answers = chance.choice(["no", "yes"], 400)
rows = chance.normal(size=(400, 5)) + np.where(answers == "yes", 1.0, -1.0)[:, None]
names = [f"person {number}" for number in range(400)]

model = ugradsl.Classifier(seed=1, device="cpu", training={"epochs": 10, "batch_size": 32})
model.fit(rows, answers, ids=names)
print(f"right on {100 * model.score(rows, answers):.1f} %")

done = model.forget(["person 17", "person 3", "person 141"])
if done.outcome is not None:
    print(f"{done.outcome.verdict}: {done.outcome.words}")
print(f"right on {100 * model.score(rows, answers):.1f} %")
