#!/usr/bin/env python3
"""Networks of others as ONNX files, with what onnxruntime and PyTorch make of them.

    python3 scripts/export_networks.py OUT [--only NAME ...] [--tiny] [--list]

Writes to OUT, for each network of `networks()` (with --tiny: of `tiny_networks()`, a few KB each):

NAME.EXPORTER.onnx    the file, by each exporter of `EXPORTERS` that can export the network; the batch size is free
NAME.safetensors      `input.0`, `input.1`, .. and `logits.EXPORTER`, which onnxruntime computes from them; and, for one
                      step of plain SGD on `step.input.0`, .. and `step.labels`, by how much PyTorch changes each
                      parameter and statistic in f32 (`step32.PARAMETER`) and in f64 (`step64.PARAMETER`, rounded at the end)
networks.json         an index of all of them: files, shapes, names, opsets, the number of BatchNormalization nodes, and
                      the loss and rate of the step

Large networks come in a small configuration. Weights are random, from a fixed seed, but no file looks untrained: scales
are not 1, shifts are not 0, and BatchNorm has seen data. In the step, BatchNorm uses the statistics of the batch, and
nothing else is in training mode: no dropout. `logits.EXPORTER` are the graph's output whatever it is, a softmax's too.

crates/ugradsl/tests/golden/onnx is what --tiny writes. It exports each network by one exporter or by all, and of what
an exporter notes beside the nodes it keeps the names of modules only: the rest names folders of the machine that exports.

Made with torch 2.15.0, torchvision 0.29.2, timm 1.0.31, transformers 5.24.0, onnx 1.23.2, onnxscript 0.7.2 and
onnxruntime 1.32.0. The networks of Keras need tensorflow-cpu 2.21.0 and tf2onnx 1.17.0 and are left out without these.
"""

import argparse
import contextlib
import copy
import io
import json
import logging
import pathlib
import time
import warnings

import numpy as np
import onnx
import onnxruntime
import torch
from safetensors.numpy import save
from torch import nn

from golden_architectures import CifarNet

SEED, CLASSES, RATE = 20260501, 10, 0.01
EXPORTERS = {
    "dynamo": {"dynamo": True},
    "dynamo-plain": {"dynamo": True, "optimize": False},
    "legacy": {"dynamo": False, "do_constant_folding": False, "opset_version": 17},
}
# Rows of the example, of the logits and of the step. They differ, so that a fixed batch size is noticed.
EXAMPLE, ROWS, STEP = 2, 3, 8
MASKS = ("attention_mask", "token_type_ids", "position_ids")


def images(side, channels=3):
    return lambda rows: {"images": torch.randn(rows, channels, side, side)}


def features(width):
    return lambda rows: {"features": torch.randn(rows, width)}


def texts(length, vocabulary, names=(), padding=0, first_position=0):
    """Token ids, each row with less padding than the one before, and the inputs that go with them."""

    def make(rows):
        ids = torch.randint(padding + 1, vocabulary, (rows, length))
        for row in range(rows):
            ids[row, max(3, length - rows + row + 1) :] = padding
        mask = (ids != padding).long()
        others = {
            "attention_mask": mask,
            "token_type_ids": torch.zeros_like(ids),
            "position_ids": torch.arange(length).expand(rows, length) + first_position,
        }
        return {"input_ids": ids, **{name: others[name] for name in names}}

    return make


# Networks that are written here


class MnistNet(nn.Module):
    """Of pytorch/examples, mnist/main.py; it ends in a log_softmax."""

    def __init__(self):
        super().__init__()
        self.conv1, self.conv2 = nn.Conv2d(1, 32, 3, 1), nn.Conv2d(32, 64, 3, 1)
        self.dropout1, self.dropout2 = nn.Dropout(0.25), nn.Dropout(0.5)
        self.fc1, self.fc2 = nn.Linear(9216, 128), nn.Linear(128, CLASSES)

    def forward(self, x):
        x = torch.relu(self.conv2(torch.relu(self.conv1(x))))
        x = torch.flatten(self.dropout1(nn.functional.max_pool2d(x, 2)), 1)
        return nn.functional.log_softmax(self.fc2(self.dropout2(torch.relu(self.fc1(x)))), dim=1)


class Recurrent(nn.Module):
    """Tokens through an LSTM or GRU; the last state, or all of them averaged, decides."""

    def __init__(self, kind, vocabulary=100, width=32, classes=4, last=True, **options):
        super().__init__()
        self.embedding, self.last = nn.Embedding(vocabulary, width), last
        self.layers = kind(width, width, batch_first=True, **options)
        self.output = nn.Linear(width * (2 if options.get("bidirectional") else 1), classes)

    def forward(self, input_ids):
        states = self.layers(self.embedding(input_ids))[0]
        return self.output(states[:, -1] if self.last else states.mean(1))


class TextCnn(nn.Module):
    """Kim, Convolutional Neural Networks for Sentence Classification (2014)."""

    def __init__(self, vocabulary=100, width=16, classes=4):
        super().__init__()
        self.embedding = nn.Embedding(vocabulary, width)
        self.convs = nn.ModuleList(nn.Conv1d(width, 8, size) for size in (3, 4, 5))
        self.output = nn.Linear(24, classes)

    def forward(self, input_ids):
        x = self.embedding(input_ids).transpose(1, 2)
        return self.output(torch.cat([torch.relu(conv(x)).amax(2) for conv in self.convs], 1))


class Encoder(nn.Module):
    """PyTorch's own encoder of a transformer, with a mask for padding."""

    def __init__(self, vocabulary=100, width=32, length=16, classes=4):
        super().__init__()
        self.embedding, self.position = nn.Embedding(vocabulary, width), nn.Parameter(torch.randn(length, width))
        layer = nn.TransformerEncoderLayer(width, 4, 2 * width, batch_first=True, norm_first=True)
        self.layers, self.output = nn.TransformerEncoder(layer, 2, enable_nested_tensor=False), nn.Linear(width, classes)

    def forward(self, input_ids, attention_mask):
        x = self.layers(self.embedding(input_ids) + self.position, src_key_padding_mask=attention_mask == 0)
        mask = attention_mask.unsqueeze(2).to(x.dtype)
        return self.output((x * mask).sum(1) / mask.sum(1))


class Residual(nn.Module):
    def __init__(self, channels, norm):
        super().__init__()
        self.conv, self.norm = nn.Conv2d(channels, channels, 3, padding=1, bias=False), norm(channels)

    def forward(self, x):
        return torch.relu(x + self.norm(self.conv(x)))


class Squeeze(nn.Module):
    """Depthwise, with squeeze and excitation and hard activations, as mobile networks have them."""

    def __init__(self, channels):
        super().__init__()
        self.depth = nn.Conv2d(channels, channels, 3, 2, 1, groups=channels, bias=False)
        self.norm, self.act = nn.BatchNorm2d(channels), nn.Hardswish()
        self.fc1, self.fc2 = nn.Conv2d(channels, 4, 1), nn.Conv2d(4, channels, 1)

    def forward(self, x):
        x = self.act(self.norm(self.depth(x)))
        scale = self.fc2(torch.relu(self.fc1(nn.functional.adaptive_avg_pool2d(x, 1))))
        return x * nn.functional.hardsigmoid(scale)


def cnn(channels=3, width=16, classes=CLASSES, end=()):
    layers = [nn.Conv2d(channels, width, 3, padding=1), nn.BatchNorm2d(width), nn.ReLU(), nn.MaxPool2d(2)]
    layers += [nn.Conv2d(width, 2 * width, 3, padding=1), nn.BatchNorm2d(2 * width), nn.ReLU()]
    layers += [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Dropout(0.1), nn.Linear(2 * width, classes), *end]
    return nn.Sequential(*layers)


def mlp(inputs, hidden, classes=CLASSES, act=nn.ReLU):
    return nn.Sequential(nn.Flatten(), nn.Linear(inputs, hidden), act(), nn.Dropout(0.1), nn.Linear(hidden, classes))


def vgg(layers, width):
    from torchvision.models.vgg import VGG, make_layers

    network = VGG(make_layers(layers, batch_norm=True), num_classes=CLASSES, init_weights=False)
    network.avgpool = nn.AdaptiveAvgPool2d(1)
    hidden = [nn.Linear(width, 64), nn.ReLU(True), nn.Dropout(), nn.Linear(64, 64), nn.ReLU(True), nn.Dropout()]
    network.classifier = nn.Sequential(*hidden, nn.Linear(64, CLASSES))
    return network


def swin(width, depths, heads, version=1, patch=4, window=4):
    from torchvision.models.swin_transformer import PatchMergingV2, SwinTransformer, SwinTransformerBlockV2

    other = {"block": SwinTransformerBlockV2, "downsample_layer": PatchMergingV2} if version == 2 else {}
    return SwinTransformer([patch] * 2, width, depths, heads, [window] * 2, num_classes=CLASSES, **other)


def vision_transformer(side, patch, width, layers):
    from torchvision.models.vision_transformer import VisionTransformer

    return VisionTransformer(side, patch, layers, 4, width, 2 * width, num_classes=CLASSES)


def without_fused_attention(name, **options):
    """For networks that an exporter fails at where attention is one operation of PyTorch's."""
    import timm.layers

    timm.layers.set_fused_attn(False)
    network = timm.create_model(name, num_classes=CLASSES, **options)
    timm.layers.set_fused_attn(True)
    return network


def hugging_face(kind, **options):
    import transformers

    config = getattr(transformers, f"{kind}Config")
    classifier = getattr(transformers, f"{kind}ForSequenceClassification")
    return classifier(config(num_labels=4, **options))


def networks():
    """Name: (what makes it, what makes its inputs). The first ones cover most kinds of layers."""
    import timm.layers
    from timm.models.mlp_mixer import MlpMixer
    from torchvision import models as tv
    from torchvision.models.convnext import CNBlockConfig, ConvNeXt
    from torchvision.models.resnet import Bottleneck

    of = lambda make: lambda: make(num_classes=CLASSES)
    from_timm = lambda name, **options: lambda: timm.create_model(name, num_classes=CLASSES, **options)
    small = {"vocab_size": 200, "hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 4}
    small |= {"intermediate_size": 64, "max_position_embeddings": 40}
    blocks = [CNBlockConfig(16, 32, 1), CNBlockConfig(32, 64, 1), CNBlockConfig(64, None, 1)]
    convnext = lambda: ConvNeXt(blocks, num_classes=CLASSES)
    distilbert = {"vocab_size": 200, "dim": 32, "n_layers": 2, "n_heads": 4, "hidden_dim": 64}
    eva = {"img_size": 56, "depth": 2, "embed_dim": 48, "num_heads": 4}
    beit = {"img_size": 32, "patch_size": 8, "depth": 2, "embed_dim": 48, "num_heads": 3}
    return {
        "mlp": (lambda: mlp(784, 64), images(28, 1)),
        "features-mlp": (lambda: mlp(30, 32, 3, nn.Tanh), features(30)),
        "pytorch-cifar-net": (CifarNet, images(32)),
        "pytorch-mnist-net": (MnistNet, images(28, 1)),
        "cnn": (cnn, images(32)),
        "one-logit": (lambda: cnn(classes=1), images(32)),
        "softmax-end": (lambda: cnn(end=[nn.Softmax(1)]), images(32)),
        "torchvision-resnet18": (of(tv.resnet18), images(64)),
        "torchvision-mobilenet-v2": (lambda: tv.mobilenet_v2(num_classes=CLASSES, width_mult=0.35), images(64)),
        "torchvision-convnext": (convnext, images(64)),
        "torchvision-vit": (lambda: vision_transformer(32, 8, 64, 2), images(32)),
        "torchvision-swin": (lambda: swin(24, [2, 2], [2, 4]), images(64)),
        "distilbert": (lambda: hugging_face("DistilBert", **distilbert), texts(16, 200, MASKS[:1])),
        "lstm": (lambda: Recurrent(nn.LSTM), texts(16, 100)),
        "gru": (lambda: Recurrent(nn.GRU), texts(16, 100)),
        # The rest of the families
        "torchvision-bottleneck": (lambda: tv.ResNet(Bottleneck, [1, 1, 1, 1], num_classes=CLASSES), images(64)),
        "torchvision-mobilenet-v3": (of(tv.mobilenet_v3_small), images(64)),
        "torchvision-efficientnet": (of(tv.efficientnet_b0), images(64)),
        "torchvision-shufflenet": (of(tv.shufflenet_v2_x0_5), images(64)),
        "torchvision-densenet": (lambda: tv.DenseNet(8, (2, 2, 2), 16, num_classes=CLASSES), images(64)),
        "torchvision-swin-v2": (lambda: swin(24, [2, 2], [2, 4], version=2), images(64)),
        "torchvision-regnet": (of(tv.regnet_x_400mf), images(64)),
        "torchvision-vgg11-bn": (lambda: vgg([16, "M", 32, "M", 64, 64, "M", 64, 64, "M"], 64), images(32)),
        "torchvision-squeezenet": (of(tv.squeezenet1_1), images(64)),
        "torchvision-mnasnet": (of(tv.mnasnet0_5), images(64)),
        "torchvision-googlenet": (
            lambda: tv.GoogLeNet(num_classes=CLASSES, aux_logits=False, init_weights=False),
            images(64),
        ),
        "torchvision-maxvit": (
            lambda: tv.MaxVit((64, 64), 16, 2, [16, 32], [1, 1], 8, 0.0, num_classes=CLASSES),
            images(64),
        ),
        "timm-convnext": (from_timm("convnext_atto", depths=(1, 1, 2, 1), dims=(16, 24, 32, 48)), images(64)),
        "timm-convnextv2": (from_timm("convnextv2_atto", depths=(1, 1, 2, 1), dims=(16, 24, 32, 48)), images(64)),
        "timm-vit": (from_timm("vit_tiny_patch16_224", img_size=32, patch_size=8, depth=2), images(32)),
        "timm-swin": (
            from_timm("swin_tiny_patch4_window7_224", img_size=56, depths=(2, 2), embed_dim=24, num_heads=(2, 4)),
            images(56),
        ),
        "timm-resnet10t": (from_timm("resnet10t"), images(64)),
        "timm-efficientnet-lite": (from_timm("efficientnet_lite0"), images(64)),
        "timm-mixer": (lambda: MlpMixer(CLASSES, 64, patch_size=16, num_blocks=2, embed_dim=64), images(64)),
        "timm-mobilevit": (from_timm("mobilevit_xxs"), images(64)),
        "timm-mobilenet-v4": (from_timm("mobilenetv4_conv_small"), images(64)),
        "timm-eva02": (lambda: without_fused_attention("eva02_tiny_patch14_224", **eva), images(56)),
        "timm-beit": (lambda: without_fused_attention("beit_base_patch16_224", **beit), images(32)),
        "timm-regnety": (from_timm("regnety_002"), images(64)),
        "timm-ghostnet": (from_timm("ghostnet_050"), images(64)),
        "timm-nfnet": (from_timm("nf_resnet26"), images(64)),
        "bert": (lambda: hugging_face("Bert", **small), texts(16, 200, MASKS[:2])),
        "roberta": (lambda: hugging_face("Roberta", pad_token_id=1, **small), texts(16, 200, MASKS[:1], 1)),
        "albert": (lambda: hugging_face("Albert", embedding_size=16, **small), texts(16, 200, MASKS)),
        "electra": (lambda: hugging_face("Electra", embedding_size=16, **small), texts(16, 200, MASKS[:2])),
        "lstm-both-ways": (
            lambda: Recurrent(nn.LSTM, num_layers=2, bidirectional=True, last=False),
            texts(16, 100),
        ),
        "gru-both-ways": (
            lambda: Recurrent(nn.GRU, num_layers=2, bidirectional=True, last=False),
            texts(16, 100),
        ),
        "text-cnn": (TextCnn, texts(16, 100)),
        "encoder": (Encoder, texts(16, 100, MASKS[:1])),
    }


def tiny_networks():
    small = {"vocab_size": 30, "dim": 8, "n_layers": 1, "n_heads": 2, "hidden_dim": 16, "max_position_embeddings": 8}
    head = lambda channels: [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(channels, 3)]
    stem = lambda channels: nn.Conv2d(3, channels, 3, 2, 1)
    groups = lambda channels: nn.GroupNorm(2, channels)
    residual = lambda: nn.Sequential(stem(6), Residual(6, groups), Residual(6, nn.BatchNorm2d), *head(6))
    every, plain, legacy, default = tuple(EXPORTERS), ("dynamo-plain",), ("legacy",), ("dynamo",)
    return {
        "mlp": (lambda: mlp(6, 8, 3, nn.GELU), features(6), default),
        "cnn": (lambda: cnn(width=4, classes=3), images(8), every),
        "mobile": (lambda: nn.Sequential(stem(6), Squeeze(6), *head(6)), images(12), legacy),
        "residual": (residual, images(8), plain),
        "one-logit": (lambda: cnn(1, 3, 1), images(8, 1), plain),
        "softmax-end": (lambda: cnn(1, 3, 3, [nn.Softmax(1)]), images(8, 1), legacy),
        "vit": (lambda: vision_transformer(8, 4, 8, 1), images(8), legacy),
        "swin": (lambda: swin(8, [2], [2], patch=2, window=2), images(8), default),
        "distilbert": (lambda: hugging_face("DistilBert", **small), texts(8, 30, MASKS[:1]), default),
        "lstm": (lambda: Recurrent(nn.LSTM, 20, 6, 3), texts(5, 20), legacy),
        "gru": (lambda: Recurrent(nn.GRU, 20, 6, 3, bidirectional=True), texts(5, 20), default),
        "text-cnn": (lambda: TextCnn(20, 6, 3), texts(8, 20), plain),
    }


def norms(network):
    return [layer for layer in network.modules() if isinstance(layer, nn.modules.batchnorm._BatchNorm)]


@torch.no_grad()
def as_if_trained(network, inputs):
    """No scale is 1 and no shift is 0; then BatchNorm takes the statistics of some data."""
    for value in network.parameters():
        spread = float(value.std(correction=0)) / 8 if value.numel() > 1 else 0.0
        value.add_(torch.randn_like(value) * (spread or 0.05))
    network.eval()
    for norm in norms(network):
        norm.reset_running_stats()
        norm.rest, norm.momentum = norm.momentum, None  # a plain average
        norm.train()
    for _ in range(3):
        network(*inputs(STEP).values())
    for norm in norms(network):
        norm.momentum = norm.rest
        norm.running_mean += 0.05 * torch.randn_like(norm.running_mean) * norm.running_var.sqrt()
        norm.running_var *= 1 + 0.2 * torch.rand_like(norm.running_var)
    return network.eval()


def logits_of(output):
    return output if isinstance(output, torch.Tensor) else output.logits


def step(network, inputs, labels, kind):
    """Loss of one step of SGD, and by how much it changes each parameter and each statistic of BatchNorm."""
    network = copy.deepcopy(network).to(kind)
    for norm in norms(network):
        norm.train()
    before = {name: value.clone() for name, value in network.named_buffers() if value.is_floating_point()}
    cast = {name: value.to(kind) if value.is_floating_point() else value for name, value in inputs.items()}
    out = logits_of(network(*cast.values()))
    if out.shape[1] == 1:
        loss = nn.functional.binary_cross_entropy_with_logits(out[:, 0], labels.to(kind))
    elif bool((out >= 0).all()) and torch.allclose(out.sum(1), torch.ones((), dtype=kind)):
        loss = nn.functional.nll_loss(out.log(), labels)  # a softmax's probabilities
    else:
        loss = nn.functional.cross_entropy(out, labels)  # nothing changes for logarithms of probabilities
    loss.backward()
    # What the optimizer subtracts, before it is rounded to what the parameter can hold.
    changes = {name: -RATE * p.grad for name, p in network.named_parameters() if p.grad is not None}
    changes |= {name: value - before[name] for name, value in network.named_buffers() if name in before}
    return float(loss.detach()), {name: change.detach().float().numpy() for name, change in changes.items()}


def export(network, example, path, options):
    free = {name: {0: "n"} for name in example}
    if options["dynamo"]:
        shapes = tuple({0: torch.export.Dim.DYNAMIC} for _ in example)
        more = {"dynamic_shapes": shapes, "external_data": False, "verbose": False}
    else:
        more = {"dynamic_axes": {**free, "logits": {0: "n"}}, "verbose": False}
    hidden = io.StringIO()
    with contextlib.redirect_stdout(hidden), contextlib.redirect_stderr(hidden):
        torch.onnx.export(
            network,
            tuple(example.values()),
            str(path),
            input_names=list(example),
            output_names=["logits"],
            **more,
            **options,
        )


def without_traces(path):
    """Of what the exporter noted beside the nodes only the names of PyTorch's modules stay."""
    model = onnx.load(path)
    graph = model.graph
    for part in [*graph.node, *(node for function in model.functions for node in function.node)]:
        kept = [entry for entry in part.metadata_props if "name_scopes" in entry.key]
        del part.metadata_props[:]
        part.metadata_props.extend(kept)
        part.doc_string = ""
    for part in [graph, *graph.value_info, *graph.initializer, *graph.input, *graph.output]:
        del part.metadata_props[:]
    del graph.value_info[:]
    onnx.save(model, path)


def run(path, inputs):
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    known = [given.name for given in session.get_inputs()]
    feed = {name: value for name, value in inputs.items() if name in known}
    return session.run(None, feed)[0], known


def described(path, inputs):
    model = onnx.load(path)
    onnx.checker.check_model(model)
    return {
        "file": path.name,
        "inputs": inputs,
        "opset": max(entry.version for entry in model.opset_import if entry.domain in ("", "ai.onnx")),
        "batch_norms": sum(node.op_type == "BatchNormalization" for node in model.graph.node),
        "initializers": sum(value.data_type == onnx.TensorProto.FLOAT for value in model.graph.initializer),
    }


def store(tensors, path):
    path.write_bytes(save({name: np.ascontiguousarray(value) for name, value in tensors.items()}))


def write(name, make, inputs, exporters, out, tiny):
    torch.manual_seed(SEED)
    network = as_if_trained(make(), inputs)
    example, given, batch = inputs(EXAMPLE), inputs(ROWS), inputs(STEP)
    with torch.no_grad():
        expected = logits_of(network(*given.values())).numpy()
    tensors = {f"input.{at}": value.numpy() for at, value in enumerate(given.values())}
    entry = {"name": name, "inputs": list(given), "classes": expected.shape[1], "files": {}}
    for exporter in exporters:
        path = out / f"{name}.{exporter}.onnx"
        try:
            export(network, example, path, EXPORTERS[exporter])
            if tiny:
                without_traces(path)
            logits, known = run(path, {key: value.numpy() for key, value in given.items()})
            worst = float(np.abs(logits - expected).max() / np.abs(expected).max())
            if worst > 1e-3:
                raise ValueError(f"onnxruntime differs from PyTorch by {worst:.1e} of the largest logit")
            entry["files"][exporter] = {**described(path, known), "differs_from_pytorch": worst}
            tensors[f"logits.{exporter}"] = logits
        except Exception as error:  # which exporter cannot export what is part of the result
            path.unlink(missing_ok=True)
            why = str(error).strip() or repr(error)
            entry["files"][exporter] = {"error": why.splitlines()[0][:200]}
    labels = torch.arange(STEP) % max(2, expected.shape[1])
    loss, changes = step(network, batch, labels, torch.float32)
    exact, precise = step(network, batch, labels, torch.float64)
    tensors |= {f"step.input.{at}": value.numpy() for at, value in enumerate(batch.values())}
    tensors |= {"step.labels": labels.numpy()}
    tensors |= {f"step32.{key}": value for key, value in changes.items()}
    tensors |= {f"step64.{key}": value for key, value in precise.items()}
    entry["step"] = {"rate": RATE, "loss32": loss, "loss64": exact, "batch_norm": bool(norms(network))}
    store(tensors, out / f"{name}.safetensors")
    return entry


def keras_networks():
    """Images as `[n, height, width, channels]`, a softmax at the end, dropout and BatchNorm, by tf2onnx."""
    import keras
    import tensorflow  # noqa: F401
    import tf2onnx  # noqa: F401
    from keras import layers

    def cnn(side, width, classes):
        block = lambda width: [layers.Conv2D(width, 3, padding="same"), layers.BatchNormalization(), layers.ReLU()]
        body = [*block(width), layers.MaxPooling2D(), *block(2 * width), layers.GlobalAveragePooling2D()]
        return keras.Sequential([layers.Input((side, side, 3)), *body, layers.Dropout(0.2), layers.Dense(classes, "softmax")])

    mobile = lambda: keras.applications.MobileNetV2((64, 64, 3), alpha=0.35, weights=None, classes=CLASSES)
    return {"keras-cnn": lambda: cnn(32, 16, CLASSES), "keras-mobilenet-v2": mobile}, {"keras-cnn": lambda: cnn(8, 4, 3)}


def write_keras(name, make, out):
    import keras
    import tensorflow
    import tf2onnx

    keras.utils.set_random_seed(SEED)
    generator = np.random.default_rng(SEED)
    network = make()
    for value in network.weights:
        shift = generator.standard_normal(value.shape).astype(np.float32)
        spread = float(np.std(value.numpy())) / 8 or 0.05
        value.assign(value.numpy() + (np.abs(shift) / 4 if "variance" in value.name else spread * shift))
    shape = network.input_shape[1:]
    given = generator.standard_normal((ROWS, *shape)).astype(np.float32)
    path = out / f"{name}.tf2onnx.onnx"
    signature = [tensorflow.TensorSpec((None, *shape), tensorflow.float32, name="images")]
    function = tensorflow.function(lambda images: network(images, training=False), input_signature=signature)
    hidden = io.StringIO()
    with contextlib.redirect_stdout(hidden), contextlib.redirect_stderr(hidden):
        tf2onnx.convert.from_function(function, signature, opset=17, output_path=str(path))
    logits, known = run(path, {"images": given})
    worst = float(np.abs(logits - network(given, training=False).numpy()).max() / np.abs(logits).max())
    store({"input.0": given, "logits.tf2onnx": logits}, out / f"{name}.safetensors")
    files = {"tf2onnx": {**described(path, known), "differs_from_keras": worst}}
    return {"name": name, "inputs": ["images"], "classes": int(logits.shape[1]), "files": files}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("--only", nargs="+", metavar="NAME", help="these networks, beside those that OUT has already")
    parser.add_argument("--tiny", action="store_true", help="the networks of a few KB")
    parser.add_argument("--list", action="store_true", help="print the names and end")
    args = parser.parse_args()
    warnings.filterwarnings("ignore")
    logging.disable(logging.WARNING)

    todo = tiny_networks() if args.tiny else networks()
    try:
        keras, names = keras_networks()[args.tiny], []
    except ImportError as missing:
        keras, names = {}, [f"without those of Keras: {missing}"]
    if args.list:
        print("\n".join([*todo, *keras, *names]))
        return
    args.out.mkdir(parents=True, exist_ok=True)
    index = args.out / "networks.json"
    entries = {entry["name"]: entry for entry in json.loads(index.read_text())} if index.exists() else {}
    for name in args.only or [*todo, *keras]:
        started = time.monotonic()
        if name in todo:
            make, inputs, *exporters = todo[name]
            entry = write(name, make, inputs, *(exporters or [tuple(EXPORTERS)]), args.out, args.tiny)
        else:
            entry = write_keras(name, keras[name], args.out)
        entries[name] = entry
        index.write_text(json.dumps(list(entries.values()), indent=1) + "\n")
        said = [f"{exporter} {file.get('error', 'ok')}" for exporter, file in entry["files"].items()]
        print(f"{name}: {', '.join(said)} ({time.monotonic() - started:.0f} s)", flush=True)
    for line in names:
        print(line)


if __name__ == "__main__":
    main()
