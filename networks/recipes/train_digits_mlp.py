#!/usr/bin/env python3
"""Train a dense network on the 8x8 digits with PyTorch and export it to ONNX.

Gemm 64 -> hidden, Relu, Gemm hidden -> 10, on pixels/16: the same widths, images
and augmentation as the spiking network of train_digits_snn.py.

    python3 networks/recipes/train_digits_mlp.py --out networks/digits-mlp.onnx
    python3 networks/recipes/train_digits_mlp.py --validate      # no file: 5-fold cross-validation
"""

import argparse
import json
import time
from collections import OrderedDict
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
import torch.nn.functional as F

import digits_common as common


def make_net(hidden):
    """Two dense layers with a ReLU between them."""
    return torch.nn.Sequential(
        OrderedDict(
            fc1=torch.nn.Linear(64, hidden),
            relu=torch.nn.ReLU(),
            fc2=torch.nn.Linear(hidden, 10),
        )
    )


def inputs(levels):
    """Grey levels 0..16 to network inputs 0..1, flat."""
    return levels.reshape(len(levels), 64) / 16.0


def train(levels, labels, args):
    """Train on the given images and return the averaged network."""
    common.seed_everything(args.seed)
    gen = torch.Generator().manual_seed(args.seed + 1)
    net = make_net(args.hidden)
    optimiser = torch.optim.AdamW(net.parameters(), lr=args.lr, weight_decay=args.decay)
    mean = common.Average(net, args.average)
    per_epoch = (len(levels) + args.batch - 1) // args.batch
    total = per_epoch * args.epochs
    done = 0
    for _ in range(args.epochs):
        order = torch.randperm(len(levels), generator=gen)
        images = inputs(common.augment(levels[order], gen, args.strength))
        truth = labels[order]
        for start in range(0, len(order), args.batch):
            for group in optimiser.param_groups:
                group["lr"] = common.learning_rate(done, total, args.lr)
            logits = net(images[start : start + args.batch])
            y = truth[start : start + args.batch]
            loss = F.cross_entropy(logits, y, label_smoothing=args.smooth)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            done += 1
            mean.update(net)
    return mean.net.eval()


@torch.no_grad()
def evaluate(net, levels, labels):
    """Return logits, predictions, the number of right answers and the share of active hidden units."""
    x = inputs(levels)
    logits = net(x).numpy()
    predictions = logits.argmax(1)
    active = float((net.relu(net.fc1(x)) > 0).float().mean())
    return logits, predictions, int((predictions == labels.numpy()).sum()), active


def export(net, path):
    """Write the network as ONNX, opset 17, with a free batch axis, and describe it in the file."""
    torch.onnx.export(
        net,
        (torch.zeros(1, 64),),
        str(path),
        dynamo=False,
        opset_version=17,
        input_names=["input"],
        output_names=["logits"],
        dynamic_axes={"input": {0: "batch"}, "logits": {0: "batch"}},
    )
    model = onnx.load(str(path))
    model.doc_string = (
        "Dense classifier of 8x8 digits: input = pixels/16, flat, 64 values in 0..1. "
        "Trained on the first 1,437 images of datasets/digits.h5 (UCI optical digits, CC BY 4.0) "
        "by networks/recipes/train_digits_mlp.py. Licence: MIT OR Apache-2.0."
    )
    onnx.checker.check_model(model)
    onnx.save(model, str(path))
    return [node.op_type for node in model.graph.node]


def parse():
    """Command line."""
    p = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    p.add_argument("--data", type=Path, default=common.ROOT / "datasets" / "digits.h5")
    p.add_argument("--out", type=Path, default=common.ROOT / "networks" / "digits-mlp.onnx")
    p.add_argument("--expected", type=Path, help="JSON file whose entry 'mlp' to write")
    p.add_argument("--logits", type=Path, help="numpy file for the logits of the test images")
    p.add_argument("--validate", action="store_true", help="cross-validate on the training images, write nothing")
    p.add_argument("--hidden", type=int, default=256)
    p.add_argument("--epochs", type=int, default=300)
    p.add_argument("--batch", type=int, default=64)
    p.add_argument("--lr", type=float, default=3e-3)
    p.add_argument("--decay", type=float, default=1e-2, help="weight decay")
    p.add_argument("--smooth", type=float, default=0.05, help="label smoothing")
    p.add_argument("--strength", type=float, default=0.5, help="strength of the augmentation")
    p.add_argument("--average", type=float, default=0.998, help="decay of the parameter average")
    p.add_argument("--seed", type=int, default=1)
    return p.parse_args()


def main():
    """Train, export, run the export in ONNX Runtime, print the figures."""
    args = parse()
    train_x, train_y, test_x, test_y = common.load(args.data)
    begin = time.time()
    if args.validate:
        correct = 0
        for kept, held in common.folds(len(train_y)):
            net = train(train_x[kept], train_y[kept], args)
            correct += evaluate(net, train_x[held], train_y[held])[2]
        print(f"cross-validation: {correct}/{len(train_y)} = {correct / len(train_y):.4f}")
        print(f"training time {time.time() - begin:.0f} s")
        return

    net = train(train_x, train_y, args)
    print(f"training time {time.time() - begin:.0f} s")
    correct = evaluate(net, train_x, train_y)[2]
    print(f"training images: {correct}/{len(train_y)} = {correct / len(train_y):.4f}")
    logits, predictions, correct, active = evaluate(net, test_x, test_y)
    n = len(test_y)
    print(f"test images: {correct}/{n} = {correct / n:.4f}, active hidden units {active:.3f}")
    ops = export(net, args.out)

    session = onnxruntime.InferenceSession(str(args.out), providers=["CPUExecutionProvider"])
    again = session.run(None, {"input": inputs(test_x).numpy()})[0]
    assert np.array_equal(again.argmax(1), predictions), "the exported network answers differently"
    print(f"{args.out.name}: {', '.join(ops)}; ONNX Runtime differs by {np.abs(again - logits).max():.1e} at most")
    print(f"{args.out.name}: {args.out.stat().st_size:,} bytes, sha256 {common.sha256(args.out)}")
    if args.logits:
        np.save(args.logits, logits.astype(np.float32))
    if args.expected:
        whole = json.loads(args.expected.read_text()) if args.expected.exists() else {}
        whole["mlp"] = {
            "correct": correct,
            "n_test": n,
            "accuracy": correct / n,
            "predictions": predictions.tolist(),
        }
        args.expected.write_text(json.dumps(whole) + "\n")


if __name__ == "__main__":
    main()
