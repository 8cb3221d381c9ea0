"""Writes ONNX's own test cases of operators as files that the conformance test of `ugradsl::onnx` reads.

    pip install onnx==1.23.2
    python scripts/onnx_node_tests.py target/onnx-tests

For each case there are NAME.onnx and NAME.safetensors, which holds the inputs in0, in1, ... and the expected outputs
out0, out1, ... as 64-bit floats. Left out are cases whose inputs or outputs are not tensors of numbers (sequences,
optional values, text) or have types of fewer than 8 bits or of 8-bit floats: no classifier's graph has them.
"""

import json
import struct
import sys
import warnings
from pathlib import Path

import numpy as np
import onnx
from onnx import numpy_helper
from onnx.backend.test.case.node import collect_testcases
from onnx.backend.test.loader import load_model_tests

# float, uint8, int8, uint16, int16, int32, int64, bool, float16, double, uint32, uint64
TYPES = {1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 12, 13}


def save(path, tensors):
    """Safetensors of 64-bit floats."""
    header, data = {}, b""
    for name, array in tensors.items():
        raw = np.ascontiguousarray(array, dtype="<f8").tobytes()
        shape = list(np.shape(array))
        header[name] = {"dtype": "F64", "shape": shape, "data_offsets": [len(data), len(data) + len(raw)]}
        data += raw
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)


def numbers(model):
    """Whether all inputs and outputs are tensors of numbers."""
    values = list(model.graph.input) + list(model.graph.output)
    return all(v.type.HasField("tensor_type") and v.type.tensor_type.elem_type in TYPES for v in values)


def node_cases():
    for case in collect_testcases(None):
        for inputs, outputs in (case.data_sets or [])[:1]:
            yield case.name, case.model, inputs, outputs


def stored_cases():
    """Cases that come as files: small networks of PyTorch's, and their operators."""
    for kind in ["pytorch-operator", "pytorch-converted", "simple"]:
        for case in load_model_tests(kind=kind):
            folder = Path(case.model_dir)
            model = onnx.load(folder / "model.onnx")
            for data in sorted(folder.glob("test_data_set_*"))[:1]:
                read = lambda pattern: [
                    numpy_helper.to_array(onnx.load_tensor(file))
                    for file in sorted(data.glob(pattern), key=lambda file: int(file.stem.split("_")[1]))
                ]
                try:
                    yield case.name, model, read("input_*.pb"), read("output_*.pb")
                except Exception as error:  # sequences are not tensors
                    print(f"{case.name}: {error}")


def main(out):
    warnings.filterwarnings("ignore")
    out.mkdir(parents=True, exist_ok=True)
    written = left = 0
    for cases in (node_cases(), stored_cases()):
        for name, model, inputs, outputs in cases:
            arrays = list(inputs) + list(outputs)
            plain = all(isinstance(array, (np.ndarray, np.generic)) for array in arrays)
            if not plain or not numbers(model) or any(array.dtype.kind not in "fiub" for array in arrays):
                left += 1
                continue
            tensors = {f"in{k}": array for k, array in enumerate(inputs)}
            tensors |= {f"out{k}": array for k, array in enumerate(outputs)}
            (out / f"{name}.onnx").write_bytes(model.SerializeToString())
            save(out / f"{name}.safetensors", tensors)
            written += 1
    print(f"{written} cases of onnx {onnx.__version__} in {out}; {left} left out")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "target/onnx-tests"))
