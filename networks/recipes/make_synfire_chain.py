#!/usr/bin/env python3
"""Write a synfire chain in the style of Diesmann, Gewaltig & Aertsen (Nature 402:529, 1999) as a network file.

    python3 networks/recipes/make_synfire_chain.py > networks/05-synfire-chain.toml
"""

import random

GROUPS, SIZE, DELAY = 10, 100, 5.0
# 20,000 inputs, 88 % of them excitatory, of 2 and 12.55 Hz: their means nearly cancel.
EXCITATION, INHIBITION = 17600 * 2.0, 2400 * 12.55
WEIGHT = 44.7  # pA: a potential of 0.14 mV
PACKETS = [("strong packet", 50.0, 85, 1.0), ("weak packet", 250.0, 45, 4.0)]  # name, ms, spikes, sd in ms


def main():
    print(HEAD)
    for g in range(1, GROUPS + 1):
        print(f'\n[[population]]\nname = "g{g}"\nsize = {SIZE}\nmodel = "lif_alpha"')
        print('params = { tau_m = "10 ms", c_m = "250 pF", v_rest = "-70 mV", v_th = "-55 mV", v_reset = "-70 mV", t_ref = "1 ms", tau_syn_ex = "0.325 ms", tau_syn_in = "0.325 ms" }')
        print('init = { v = { uniform = ["-70 mV", "-55 mV"] } }')
    print("\n# The rest of cortex, as each neuron hears it.")
    for g in range(1, GROUPS + 1):
        for name, rate, sign in [("excitation", EXCITATION, ""), ("inhibition", INHIBITION, "-")]:
            print(f'\n[[stimulus]]\nname = "{name} g{g}"\nkind = "poisson"\nto = "g{g}"\nrate = "{rate:g} Hz"\nweight = "{sign}{WEIGHT} pA"\ndelay = "0.1 ms"')
    print("\n# Volleys into the first group: each of its neurons hears every spike.")
    draw = random.Random(1999)
    for name, centre, spikes, sd in PACKETS:
        times = sorted(round(draw.gauss(centre, sd), 1) for _ in range(spikes))
        lines = [", ".join(f'"{t} ms"' for t in times[at : at + 12]) for at in range(0, spikes, 12)]
        print(f'\n[[stimulus]]\nname = "{name}" # {spikes} spikes within {sd:g} ms (standard deviation)\nkind = "spikes"\nto = "g1"\nweight = "{WEIGHT} pA"\ndelay = "0.1 ms"')
        print("times = [\n  " + ",\n  ".join(lines) + ",\n]")
    print("\n# The chain: every neuron to every neuron of the next group.")
    for g in range(1, GROUPS):
        print(f'\n[[projection]]\nname = "g{g} to g{g + 1}"\nfrom = "g{g}"\nto = "g{g + 1}"\nconnect = "all_to_all"\nweight = "{WEIGHT} pA"\ndelay = "{DELAY:g} ms"')
    names = ", ".join(f'"g{g}"' for g in range(1, GROUPS + 1))
    print(f"\n[record]\nspikes = [{names}]")


HEAD = """\
# 5. A synfire chain
#
# Ten groups of a hundred neurons, each group connected to all of the next. Every neuron sits in noise below its threshold and by itself spikes
# now and then. A volley of spikes that is strong and tight enough wakes nearly all of a group at once, whose volley wakes the next: it travels to
# the end and gets tighter on its way. A weak and wide one is lost after a group or two. In between lies a border, so that the chain answers
# yes or no: a code that is exact to a millisecond, made of neurons that are not.
#
#     Diesmann, Gewaltig & Aertsen, Nature 402:529, 1999: groups of 100, tau_m 10 ms, threshold 15 mV above rest, potentials of 0.14 mV (alpha
#     currents with tau 0.325 ms), refractory for 1 ms; inputs: 20,000 from cortex, 88 % excitatory of 2 Hz, the others of 12.55 Hz
#
# Written by recipes/make_synfire_chain.py.
#
#     spikewatt run networks/05-synfire-chain.toml
#
# Expect: the volley of 85 spikes (sd 1 ms) at 50 ms passes all groups, one every 5.6 ms; it wakes 83 neurons of the first, and from the third
# on nearly all, within less than a millisecond. The volley of 45 spikes (sd 4 ms) at 250 ms is gone at the third group. In between, about
# 2 Hz.
#
# Try: --set "projection.g5 to g6.weight=20pA" (a weak link); other seeds; and find the border: take spikes away from the strong packet.

name = "synfire chain"
dt = "0.1 ms"
duration = "400 ms"
seed = 1"""


if __name__ == "__main__":
    main()
