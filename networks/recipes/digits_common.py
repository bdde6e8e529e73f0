"""What the two recipes for the digits share: data, augmentation, latency code, training aids."""

import copy
import hashlib
import math
import random
from pathlib import Path

import h5py
import numpy as np
import torch
import torch.nn.functional as F

ROOT = Path(__file__).resolve().parents[2]
STEPS = 17  # time steps of one inference: 16 grey levels and a silent last step


def seed_everything(seed):
    """Fix every random source and use one thread, so that a run can be repeated."""
    random.seed(seed)
    np.random.seed(seed)
    torch.manual_seed(seed)
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)


def load(path):
    """Return (train levels, train labels, test levels, test labels); levels are 0..16, (n, 8, 8)."""
    with h5py.File(path, "r") as f:
        frames = torch.from_numpy(f["frames"][()].astype(np.float32))
        labels = torch.from_numpy(f["labels"][()])
        split = torch.from_numpy(f["split"][()].astype(np.int64))
    train, test = split == 0, split == 1
    return frames[train], labels[train], frames[test], labels[test]


def latency(levels):
    """Latency code: a pixel at level k of 16, k > 0, spikes once, at step 16 - k; level 0 never.

    `levels` is (n, 8, 8) or (n, 64); the result is float 0/1 of shape (STEPS, n, 64).
    """
    flat = levels.reshape(len(levels), 64).round().long()
    step = torch.arange(STEPS).reshape(STEPS, 1, 1)
    return ((STEPS - 1 - flat == step) & (flat > 0)).float()


def augment(levels, gen, strength=1.0):
    """Random shift, rotation, scaling, shear, stroke width and noise; grey levels stay 0..16.

    All numbers are drawn from the generator `gen`; `strength` scales every change.
    """
    n = len(levels)

    def uniform(limit, *shape):
        return (torch.rand(n, *shape, generator=gen) * 2 - 1) * limit * strength

    angle = uniform(math.radians(14))
    scale_x, scale_y = 1 + uniform(0.13), 1 + uniform(0.13)
    shear = uniform(0.18)
    shift = uniform(1.0, 2) / 4  # one pixel is 2/8 of the grid's range -1..1
    cos, sin = torch.cos(angle), torch.sin(angle)
    row_x = torch.stack([cos / scale_x, (-sin + shear) / scale_x, shift[:, 0]], dim=1)
    row_y = torch.stack([sin / scale_y, cos / scale_y, shift[:, 1]], dim=1)
    grid = F.affine_grid(torch.stack([row_x, row_y], dim=1), (n, 1, 8, 8), align_corners=False)
    moved = F.grid_sample(levels.unsqueeze(1), grid, padding_mode="zeros", align_corners=False)
    moved = moved.squeeze(1)
    gain = 1 + uniform(0.2, 1, 1)  # thinner or thicker strokes
    moved = moved * gain
    noise = torch.randn(moved.shape, generator=gen) * 0.8 * strength
    moved = torch.where(moved > 0.5, moved + noise, moved)
    return moved.round().clamp(0, 16)


def learning_rate(step, total, peak, warm=0.05):
    """Linear warm-up followed by a cosine fall to zero."""
    done = step / total
    if done < warm:
        return peak * done / warm
    return 0.5 * peak * (1 + math.cos(math.pi * (done - warm) / (1 - warm)))


def folds(n, count=5):
    """Contiguous blocks for cross-validation: pairs of (kept, held out) index tensors.

    The images of one writer stand near each other, so a block holds out writers too.
    """
    for block in torch.arange(n).tensor_split(count):
        kept = torch.ones(n, dtype=torch.bool)
        kept[block] = False
        yield torch.arange(n)[kept], block


class Average:
    """Exponential moving average of a network's parameters."""

    def __init__(self, net, decay):
        self.net = copy.deepcopy(net)
        self.decay = decay

    @torch.no_grad()
    def update(self, net):
        """Move the average a little towards the parameters of `net`."""
        for mean, now in zip(self.net.parameters(), net.parameters()):
            mean.lerp_(now, 1 - self.decay)


def sha256(path):
    """The file's SHA-256 in hexadecimal."""
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()
