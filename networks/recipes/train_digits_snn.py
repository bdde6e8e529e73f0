#!/usr/bin/env python3
"""Train a spiking network on the 8x8 digits with snnTorch and export it to NIR.

Input 64 -> Affine -> LIF (hidden) -> Affine -> LIF (10) -> Output, latency code,
17 steps; the class is the output neuron with most spikes, the lowest index on a tie.

    python3 networks/recipes/train_digits_snn.py --out networks/digits.nir
    python3 networks/recipes/train_digits_snn.py --validate      # no file: 5-fold cross-validation
"""

import argparse
import json
import time
from collections import OrderedDict
from pathlib import Path

import nir
import numpy as np
import snntorch as snn
import torch
import torch.nn.functional as F
from snntorch import surrogate
from snntorch.export_nir import export_to_nir

import digits_common as common

DT = 1e-4  # the time step snnTorch's exporter writes for


def make_net(hidden, beta, slope, spread, ramp):
    """The network as a torch Sequential of snnTorch modules, membranes kept inside."""

    def leaky(n, last=False):
        return snn.Leaky(
            beta=torch.full((n,), beta),
            threshold=torch.ones(n),
            learn_beta=True,
            reset_mechanism="zero",
            reset_delay=False,
            init_hidden=True,
            output=last,
            spike_grad=surrogate.atan(alpha=slope),
        )

    net = torch.nn.Sequential(
        OrderedDict(
            fc1=torch.nn.Linear(64, hidden),
            lif1=leaky(hidden),
            fc2=torch.nn.Linear(hidden, 10),
            lif2=leaky(10, last=True),
        )
    )
    with torch.no_grad():
        net.fc1.weight.normal_(0.0, 0.35)
        net.fc1.bias.uniform_(-ramp, ramp)
        net.lif1.beta.uniform_(beta - spread, min(beta + spread, 0.99))
        net.fc2.weight.normal_(0.0, 2.0 / hidden**0.5)
        net.fc2.bias.zero_()
    return net


def run(net, spikes):
    """Run `spikes` (steps, n, 64); return the hidden and the output spikes, (steps, n, units)."""
    net.lif1.reset_mem()
    net.lif2.reset_mem()
    hidden, output = [], []
    for x in spikes:
        h = net.lif1(net.fc1(x))
        o, _ = net.lif2(net.fc2(h))
        hidden.append(h)
        output.append(o)
    return torch.stack(hidden), torch.stack(output)


def layer(lif, current):
    """One LIF layer over all steps: what `lif` does step by step, only faster in training."""
    v = torch.zeros_like(current[0])
    beta = lif.beta.clamp(0, 1)
    spikes = []
    for x in current:
        v = beta * v + x
        z = lif.fire(v)
        v = v - z * v
        spikes.append(z)
    return torch.stack(spikes)


def run_for_training(net, spikes):
    """As `run`, each layer over all steps at once; also returns the output layer's summed input."""
    hidden = layer(net.lif1, net.fc1(spikes))
    current = net.fc2(hidden)
    return hidden, layer(net.lif2, current), current.sum(0)


def clamp_betas(net):
    """Keep every decay factor in a range whose time constant is finite and not tiny."""
    with torch.no_grad():
        for lif in (net.lif1, net.lif2):
            lif.beta.clamp_(0.3, 0.995)


def train(levels, labels, args):
    """Train on the given images and return the averaged network."""
    common.seed_everything(args.seed)
    gen = torch.Generator().manual_seed(args.seed + 1)
    net = make_net(args.hidden, args.beta, args.slope, args.spread, args.ramp)
    betas = [net.lif1.beta, net.lif2.beta]
    others = [net.fc1.weight, net.fc1.bias, net.fc2.weight, net.fc2.bias]
    optimiser = torch.optim.AdamW(
        [
            {"params": others, "weight_decay": args.decay, "factor": 1.0},
            {"params": betas, "weight_decay": 0.0, "factor": 0.5},
        ],
        lr=args.lr,
    )
    mean = common.Average(net, args.average)
    per_epoch = (len(levels) + args.batch - 1) // args.batch
    total = per_epoch * args.epochs
    done = 0
    for epoch in range(args.epochs):
        order = torch.randperm(len(levels), generator=gen)
        images = common.augment(levels[order], gen, args.strength)
        truth = labels[order]
        for start in range(0, len(order), args.batch):
            for group in optimiser.param_groups:
                group["lr"] = group["factor"] * common.learning_rate(done, total, args.lr)
            y = truth[start : start + args.batch]
            hidden, output, charge = run_for_training(net, common.latency(images[start : start + args.batch]))
            counts = output.sum(0)
            loss = F.cross_entropy(counts * args.gain, y, label_smoothing=args.smooth)
            loss = loss + args.charge * F.cross_entropy(charge * args.gain, y, label_smoothing=args.smooth)
            # few spikes: the ramp lets the network first learn, then economise
            ramp = min(1.0, 2.0 * done / total)
            loss = loss + ramp * args.reg_hidden * hidden.sum(0).mean()
            loss = loss + ramp * args.reg_output * counts.mean()
            optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(net.parameters(), 5.0)
            optimiser.step()
            clamp_betas(net)
            done += 1
            mean.update(net)
        if args.verbose and (epoch + 1) % 20 == 0:
            print(f"epoch {epoch + 1}: loss {loss.item():.4f}", flush=True)
    return mean.net


@torch.no_grad()
def evaluate(net, levels, labels):
    """Run the network on the images; return a dictionary of predictions and spike statistics."""
    spikes = common.latency(levels)
    hidden, output = run(net, spikes)
    counts = output.sum(0).long().numpy()
    predictions = counts.argmax(1)  # numpy takes the lowest index on a tie
    best = counts.max(1, keepdims=True)
    events = spikes.sum((0, 2)).numpy() * hidden.shape[2] + hidden.sum((0, 2)).numpy() * 10
    return {
        "predictions": predictions,
        "correct": int((predictions == labels.numpy()).sum()),
        "ties": int(((counts == best).sum(1) > 1).sum()),
        "input": spikes.sum((0, 2)).long().numpy(),
        "hidden": hidden.sum((0, 2)).long().numpy(),
        "output": output.sum((0, 2)).long().numpy(),
        "synapses": hidden.shape[2] * (64 + 10),
        "events": events,
        "hidden_spikes": hidden.numpy(),
        "output_spikes": output.numpy(),
    }


def report(title, r, n):
    """Print accuracy and spike statistics of one evaluation."""
    print(f"{title}: {r['correct']}/{n} = {r['correct'] / n:.4f}, ties {r['ties']}")
    print(
        f"  spikes per image: input {r['input'].mean():.2f}, hidden {r['hidden'].mean():.2f}, "
        f"output {r['output'].mean():.2f}; synaptic events per synapse and inference "
        f"{r['events'].mean() / r['synapses']:.4f}"
    )


def to_nir(net, hidden):
    """Export through snnTorch's exporter; put the edges in order and add the hints for Spikewatt."""
    net.lif1.reset_mem()
    net.lif2.reset_mem()
    graph = export_to_nir(net, torch.zeros(1, 64), ignore_dims=[0])
    metadata = {
        "spikewatt_encode": "latency",
        "spikewatt_steps": common.STEPS,
        "spikewatt_dt": DT,
        "spikewatt_semantics": "snntorch",
        "spikewatt_decode": "count",
        "licence": "MIT OR Apache-2.0",
        "recipe": "networks/recipes/train_digits_snn.py",
        "trained_on": (
            "UCI optical digits 8x8 (Alpaydin and Kaynak 1998, CC BY 4.0) through scikit-learn: "
            "the first 1,437 of the 1,797 images of datasets/digits.h5"
        ),
    }
    # The exporter lists the edges in an order that is not fixed.
    return nir.NIRGraph(nodes=graph.nodes, edges=sorted(graph.edges), metadata=metadata)


def simulate_nir(graph, spikes):
    """Float64 Euler run of an exported graph, independent of torch.

    v <- (1 - dt/tau) v + (dt/tau) r (W x + b);  z = v > threshold;  v <- 0 where z.
    `spikes` is (steps, n, 64).  Returns hidden and output spikes and the smallest
    distance of any membrane from its threshold.
    """
    nodes = graph.nodes
    after = dict(graph.edges)
    name = next(k for k, n in nodes.items() if isinstance(n, nir.Input))
    x = np.asarray(spikes, dtype=np.float64)
    recorded, margin = [], np.inf
    while not isinstance(nodes[after[name]], nir.Output):
        affine, lif = nodes[after[name]], nodes[after[after[name]]]
        name = after[after[name]]
        w, b = affine.weight.astype(np.float64), affine.bias.astype(np.float64)
        tau, r = lif.tau.astype(np.float64), lif.r.astype(np.float64)
        theta = lif.v_threshold.astype(np.float64)
        v = np.zeros((x.shape[1], w.shape[0]))
        z = np.zeros((x.shape[0],) + v.shape)
        for t in range(x.shape[0]):
            v = (1 - DT / tau) * v + (DT / tau) * r * (x[t] @ w.T + b)
            margin = min(margin, float(np.abs(v - theta).min()))
            z[t] = v > theta
            v = np.where(z[t] > 0, 0.0, v)
        recorded.append(z)
        x = z
    return recorded[0], recorded[1], margin


def expected(r, labels):
    """The figures of the test images in a form for JSON."""
    n = len(labels)
    return {
        "steps": common.STEPS,
        "dt": DT,
        "correct": r["correct"],
        "n_test": n,
        "accuracy": r["correct"] / n,
        "ties": r["ties"],
        "input_spikes_total": int(r["input"].sum()),
        "hidden_spikes_total": int(r["hidden"].sum()),
        "output_spikes_total": int(r["output"].sum()),
        "synaptic_events_total": int(r["events"].sum()),
        "synapses": r["synapses"],
        "predictions": r["predictions"].tolist(),
        "input_spikes": r["input"].tolist(),
        "hidden_spikes": r["hidden"].tolist(),
        "output_spikes": r["output"].tolist(),
    }


def parse():
    """Command line."""
    p = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    p.add_argument("--data", type=Path, default=common.ROOT / "datasets" / "digits.h5")
    p.add_argument("--out", type=Path, default=common.ROOT / "networks" / "digits.nir")
    p.add_argument("--expected", type=Path, help="JSON file whose entry 'snn' to write")
    p.add_argument("--validate", action="store_true", help="cross-validate on the training images, write nothing")
    p.add_argument("--hidden", type=int, default=256)
    p.add_argument("--epochs", type=int, default=400)
    p.add_argument("--batch", type=int, default=64)
    p.add_argument("--lr", type=float, default=2e-2)
    p.add_argument("--decay", type=float, default=1e-3, help="weight decay")
    p.add_argument("--beta", type=float, default=0.95, help="initial decay factor of the membranes")
    p.add_argument("--spread", type=float, default=0.0, help="hidden decay factors start at beta +- this")
    p.add_argument("--ramp", type=float, default=0.0, help="hidden biases start within +- this")
    p.add_argument("--charge", type=float, default=1.0, help="weight of the loss on the output's summed input")
    p.add_argument("--slope", type=float, default=1.0, help="steepness of the surrogate gradient")
    p.add_argument("--gain", type=float, default=0.3, help="logit per output spike")
    p.add_argument("--smooth", type=float, default=0.05, help="label smoothing")
    p.add_argument("--reg-hidden", type=float, default=0.1, help="cost of a spike per hidden neuron")
    p.add_argument("--reg-output", type=float, default=0.0, help="cost of a spike per output neuron")
    p.add_argument("--strength", type=float, default=0.5, help="strength of the augmentation")
    p.add_argument("--average", type=float, default=0.995, help="decay of the parameter average")
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--verbose", action="store_true")
    return p.parse_args()


def main():
    """Train, export, run the export again in float64, print the figures."""
    args = parse()
    train_x, train_y, test_x, test_y = common.load(args.data)
    begin = time.time()
    if args.validate:
        correct = ties = total = 0
        for kept, held in common.folds(len(train_y)):
            net = train(train_x[kept], train_y[kept], args)
            r = evaluate(net, train_x[held], train_y[held])
            report("held-out block", r, len(held))
            correct, ties, total = correct + r["correct"], ties + r["ties"], total + len(held)
        print(f"cross-validation: {correct}/{total} = {correct / total:.4f}, ties {ties}")
        print(f"training time {time.time() - begin:.0f} s")
        return

    net = train(train_x, train_y, args)
    print(f"training time {time.time() - begin:.0f} s")
    report("training images", evaluate(net, train_x, train_y), len(train_y))
    r = evaluate(net, test_x, test_y)
    report("test images", r, len(test_y))
    nir.write(args.out, to_nir(net, args.hidden))

    graph = nir.read(args.out)
    hidden, output, margin = simulate_nir(graph, common.latency(test_x).numpy())
    differ = int((hidden != r["hidden_spikes"]).sum() + (output != r["output_spikes"]).sum())
    print(f"{args.out.name} in float64: {differ} spikes differ, nearest threshold distance {margin:.2e}")
    print(f"{args.out.name}: {args.out.stat().st_size:,} bytes, sha256 {common.sha256(args.out)}")
    assert differ == 0, "the exported network does not spike as the trained one"
    if args.expected:
        whole = json.loads(args.expected.read_text()) if args.expected.exists() else {}
        whole["snn"] = expected(r, test_y)
        args.expected.write_text(json.dumps(whole) + "\n")


if __name__ == "__main__":
    main()
