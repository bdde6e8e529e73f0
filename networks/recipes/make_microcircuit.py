#!/usr/bin/env python3
"""Write the cortical microcircuit of Potjans & Diesmann (2014) as a network file.

The tables are those of the paper (Cereb. Cortex 24:785, tables 4 and 5). What is not in the paper is marked: the mean rates that
scaling needs, the initial membranes, and the mean delay of inhibition.

    python3 networks/recipes/make_microcircuit.py > networks/10-microcircuit.toml
"""

import math

NAMES = ["L23E", "L23I", "L4E", "L4I", "L5E", "L5I", "L6E", "L6I"]

# Table 5: population sizes and external in-degrees.
SIZES = [20683, 5834, 21915, 5479, 4850, 1065, 14395, 2948]
EXTERNAL = [1600, 1500, 2100, 1900, 2000, 1900, 2900, 2100]

# Table 5: connection probabilities, a row for each target, a column for each source.
PROBABILITIES = [
    [0.1009, 0.1689, 0.0437, 0.0818, 0.0323, 0.0000, 0.0076, 0.0000],
    [0.1346, 0.1371, 0.0316, 0.0515, 0.0755, 0.0000, 0.0042, 0.0000],
    [0.0077, 0.0059, 0.0497, 0.1350, 0.0067, 0.0003, 0.0453, 0.0000],
    [0.0691, 0.0029, 0.0794, 0.1597, 0.0033, 0.0000, 0.1057, 0.0000],
    [0.1004, 0.0622, 0.0505, 0.0057, 0.0831, 0.3726, 0.0204, 0.0000],
    [0.0548, 0.0269, 0.0257, 0.0022, 0.0600, 0.3158, 0.0086, 0.0000],
    [0.0156, 0.0066, 0.0211, 0.0166, 0.0572, 0.0197, 0.0396, 0.2252],
    [0.0364, 0.0010, 0.0034, 0.0005, 0.0277, 0.0080, 0.0658, 0.1443],
]

# Spikes per second at full scale, and initial membranes (mean, sd in mV) that shorten the burst at the start: from NEST's example of
# the microcircuit (PyNEST, examples/Potjans_2014, "full_mean_rates" and "V0_type optimized").
RATES = [0.903, 2.965, 4.414, 5.876, 7.569, 8.633, 1.105, 7.829]
V0 = [(-68.28, 5.36), (-63.16, 4.57), (-63.33, 4.74), (-63.45, 4.94), (-63.11, 4.94), (-61.66, 4.55), (-66.72, 5.46), (-61.43, 4.48)]

# Table 5: synapses and neurons.
PSP, G, WEIGHT_SD = 0.15, -4.0, 0.1  # mV, relative, relative
DELAY_E, DELAY_I, DELAY_SD = 1.5, 0.75, 0.5  # ms, ms, relative
C_M, TAU_M, TAU_SYN, T_REF = 250.0, 10.0, 0.5, 2.0  # pF, ms, ms, ms
BACKGROUND_HZ = 8.0


def current_of(psp):
    """The current (pA) whose exponential synapse has a postsynaptic potential of this height (mV).

    v(t) = w / C  tau_m tau_s / (tau_m - tau_s)  (e^(-t/tau_m) - e^(-t/tau_s)), highest at
    t = tau_m tau_s / (tau_m - tau_s)  ln(tau_m / tau_s).
    """
    t = TAU_M * TAU_SYN / (TAU_M - TAU_SYN) * math.log(TAU_M / TAU_SYN)
    height = TAU_M * TAU_SYN / (TAU_M - TAU_SYN) / C_M * (math.exp(-t / TAU_M) - math.exp(-t / TAU_SYN))
    return psp / height


def synapses(target, source):
    """The number of synapses that connect a pair with probability p: p = 1 - (1 - 1/pairs)^K (eq. 1 of the paper)."""
    p, pairs = PROBABILITIES[target][source], SIZES[target] * SIZES[source]
    return round(math.log(1.0 - p) / math.log(1.0 - 1.0 / pairs)) if p > 0.0 else 0


def main():
    total = sum(synapses(t, s) for t in range(8) for s in range(8))
    weight = current_of(PSP)
    print(HEAD.format(neurons=f"{sum(SIZES):,}", synapses=f"{total / 1e6:.1f}"))
    for name, size, rate, (mean, sd) in zip(NAMES, SIZES, RATES, V0):
        print(f'\n[[population]]\nname = "{name}"\nsize = {size}\nmodel = "lif_exp"')
        print(f'params = {{ tau_m = "{TAU_M:g} ms", c_m = "{C_M:g} pF", v_rest = "-65 mV", v_th = "-50 mV", v_reset = "-65 mV", t_ref = "{T_REF:g} ms", tau_syn_ex = "{TAU_SYN:g} ms", tau_syn_in = "{TAU_SYN:g} ms" }}')
        print(f'init = {{ v = {{ normal = ["{mean:g} mV", "{sd:g} mV"] }} }}')
        print(f'mean_rate = "{rate:g} Hz"')
    print(DRIVE.rstrip())
    for name, inputs in zip(NAMES, EXTERNAL):
        print(f'\n[[stimulus]]\nname = "background {name}"\nkind = "poisson"\nto = "{name}"\nrate = "{inputs * BACKGROUND_HZ:g} Hz" # {inputs} inputs of {BACKGROUND_HZ:g} Hz')
        print(f'weight = "{weight:.2f} pA"\ndelay = "{DELAY_E:g} ms"')
    print(CONNECTIONS.rstrip())
    for t, to in enumerate(NAMES):
        for s, source in enumerate(NAMES):
            number = synapses(t, s)
            if number == 0:
                continue
            excites = source.endswith("E")
            # The synapses from layer 4 to layer 2/3 are twice as strong (table 5).
            mean = weight * (1.0 if excites else G) * (2.0 if (source, to) == ("L4E", "L23E") else 1.0)
            limit = 'min = "0 pA"' if excites else 'max = "0 pA"'
            delay = DELAY_E if excites else DELAY_I
            print(f'\n[[projection]]\nname = "{source} to {to}"\nfrom = "{source}"\nto = "{to}"')
            print(f'connect = {{ rule = "fixed_total", total = {number} }} # p = {PROBABILITIES[t][s]:g}')
            print(f'weight = {{ normal = ["{mean:.2f} pA", "{abs(mean) * WEIGHT_SD:.3f} pA"], {limit} }}')
            print(f'delay = {{ normal = ["{delay:g} ms", "{delay * DELAY_SD:g} ms"] }}')
    names = ", ".join(f'"{name}"' for name in NAMES)
    print(f"\n[record]\nspikes = [{names}]")


HEAD = """\
# 10. A cortical microcircuit
#
# What lies under a square millimetre of sensory cortex: {neurons} neurons in four layers, each with excitatory (E) and inhibitory (I) ones,
# joined by {synapses} million synapses as anatomy and physiology found them. Nothing is tuned to make it active as cortex is, and it is.
# It is the measuring stick of large simulators and of neuromorphic machines, in speed and in energy per synaptic event.
#
#     Potjans & Diesmann, Cereb. Cortex 24:785, 2014: sizes, probabilities, weights, delays (tables 4 and 5), model (fig. 1)
#     van Albada, Helias & Diesmann, PLoS Comput. Biol. 11:e1004490, 2015: what scaling keeps and what it cannot
#     van Albada et al., Front. Neurosci. 12:291, 2018: the same circuit on SpiNNaker and in NEST, with its energy
#
# A projection has as many synapses as make two neurons connected with the probability p of table 5, K = ln(1 - p) / ln(1 - 1/(N M)), drawn with
# replacement. A weight of 87.81 pA lifts the membrane by 0.15 mV. Written by recipes/make_microcircuit.py.
#
# Its full size takes some GB and minutes. `scale` makes it small: a tenth of the neurons with a tenth of the inputs, each stronger by
# 1/sqrt(0.1), and a constant current for the mean input that is lost, from the rates under `mean_rate`. That keeps the mean and the variance of
# the input, not its correlations, so that the rates move a little.
#
#     spikewatt run networks/10-microcircuit.toml --set scale=0.1
#
# Expect, at scale 0.1, in Hz:   L23E 0.5  L23I 2.1  L4E 4.0  L4I 5.0  L5E 6.7  L5I 7.8  L6E 0.8  L6I 7.0
# and at full scale:             L23E 0.9  L23I 3.0  L4E 4.4  L4I 5.9  L5E 7.7  L5I 8.6  L6E 1.1  L6I 7.8
# Irregular (CV of intervals 0.8), hardly correlated, and fewer spikes in excitatory neurons than in inhibitory ones in each layer.
#
# Try: --set scale=0.05 and see which layer moves first; --set "stimulus.background L4E.rate=20kHz" (a thalamic volley, if you give it
# start and stop); --set "projection.L4E to L23E.weight=87.81pA" (layer 2/3 without its strong input).
#
# Not in the paper: `mean_rate` and the initial membranes (from NEST's example of the circuit), and the mean delay of inhibition, 0.75 ms there
# and here, 0.8 ms in table 5.

name = "cortical microcircuit"
dt = "0.1 ms"
duration = "1 s"
seed = 1
scale = 1.0"""

DRIVE = """
# Inputs from the rest of the brain: to each neuron its number of independent Poisson trains, summed to one."""

CONNECTIONS = """
# Connections. Weights of the wrong sign and delays of less than a tick are drawn again."""


if __name__ == "__main__":
    main()
