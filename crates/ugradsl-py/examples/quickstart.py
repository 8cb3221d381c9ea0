"""Train a network on digits, make it forget a class, watch it, and save the network and its record."""

from __future__ import annotations

import ugradsl
from ugradsl import events

data = ugradsl.Dataset.open("mnist-subset", limit_train=2000, limit_test=500)
trained = ugradsl.train("mlp", data, seed=1, device="cpu", training={"epochs": 4})
print(f"right on {trained.test_accuracy:.1f} % of the test set")

session = ugradsl.Session(trained.network, data, forget=ugradsl.classes(3), seed=1, device="cpu")
for event in session:
    match event:
        case events.GuardCheck(step=step, forget_accuracy=known):
            print(f"step {step}: {100 * known:.0f} % of the forget set known")
        case events.Finished(stopped_by=why):
            print(f"ended by {why}")

done = session.result()
print(done)
done.network.save("forgotten.safetensors")
done.report.to_html("record.html", file="forgotten.safetensors")
