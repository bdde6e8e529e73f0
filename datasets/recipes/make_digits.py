#!/usr/bin/env python3
"""Make datasets/digits.h5: the UCI optical digits of scikit-learn in Spikewatt's layout.

The images come from scikit-learn's installed package (``load_digits``), so no
download takes place.  The result depends only on the versions of h5py and of
the HDF5 library in it: the same versions give the same bytes.

    python3 datasets/recipes/make_digits.py --out datasets/digits.h5
"""

import argparse
import hashlib
from pathlib import Path

import h5py
import numpy as np
from sklearn.datasets import load_digits

TRAIN = 1437  # the first 1,437 images are for training, the last 360 for testing

ATTRIBUTES = {
    "title": "Optical digits 8x8 (UCI, test part, as in scikit-learn)",
    "licence": "CC BY 4.0",
    "source": (
        "UCI Machine Learning Repository, Optical Recognition of Handwritten Digits, "
        "E. Alpaydin and C. Kaynak, 1998, https://doi.org/10.24432/C50P49; "
        "through scikit-learn's load_digits"
    ),
    "citation": (
        "Alpaydin, E. and Kaynak, C. (1998). Optical Recognition of Handwritten Digits "
        "[Dataset]. UCI Machine Learning Repository. https://doi.org/10.24432/C50P49"
    ),
}


def write_digits(path):
    """Write the data set to `path` and return (images, labels, split)."""
    digits = load_digits()
    images = digits.images
    frames = images.astype(np.uint8)
    assert frames.shape == (1797, 8, 8) and np.array_equal(frames, images)
    assert frames.min() == 0 and frames.max() == 16
    labels = digits.target.astype(np.int64)
    split = np.zeros(len(labels), dtype=np.uint8)
    split[TRAIN:] = 1

    text = h5py.string_dtype("utf-8")
    with h5py.File(path, "w", libver="earliest") as f:
        f.attrs["spikewatt_dataset"] = np.int64(1)
        for key, value in ATTRIBUTES.items():
            f.attrs.create(key, value, dtype=text)

        opts = {"track_times": False}
        packed = {"compression": "gzip", "compression_opts": 9, **opts}
        d = f.create_dataset("frames", data=frames, chunks=(599, 8, 8), **packed)
        d.attrs["scale"] = np.float64(1.0 / 16.0)
        d.attrs.create("axes", "sample,y,x", dtype=text)
        f.create_dataset("labels", data=labels, chunks=(1797,), **packed)
        d = f.create_dataset("split", data=split, chunks=(1797,), **packed)
        d.attrs.create("names", "train,test", dtype=text)
        extra = f.create_group("extra")
        keys = np.array([str(k) for k in range(10)], dtype=object)
        extra.create_dataset("keys", data=keys, dtype=text, **opts)
    return frames, labels, split


def main():
    """Parse the arguments, write the file, print what was written."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    default = Path(__file__).resolve().parent.parent / "digits.h5"
    parser.add_argument("--out", type=Path, default=default, help="file to write")
    args = parser.parse_args()

    frames, labels, split = write_digits(args.out)
    data = args.out.read_bytes()
    print(f"{args.out.name}: {len(data):,} bytes, sha256 {hashlib.sha256(data).hexdigest()}")
    print(f"images {len(labels)}, train {int((split == 0).sum())}, test {int((split == 1).sum())}")
    print(f"pixels above zero per image: {float((frames > 0).sum()) / len(labels):.2f} of 64")
    print(f"images per class: {np.bincount(labels).tolist()}")


if __name__ == "__main__":
    main()
