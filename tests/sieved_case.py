"""The small case with particles, for the tests of case files, routes and the command line.

Of 4 t/h stibnite 30 % are locked. The circuit recovers 0.9 * 0.9 / (1 - 0.9 * 0.1) = 89.01 % of
what is free and 0.5 * 0.4 / (1 - 0.5 * 0.6) = 28.57 % of the middlings: 70.88 % in all.
"""

from tests.small_case import HEADER, PLANT, changed

PARTICLES = """
[particles]
sieves = { value = ["300 um", "150 um", "75 um"], basis = "design", source = "a mill" }
minerals = ["Sb2S3", "SiO2"]

[particles.composites.middlings]
minerals.Sb2S3 = { value = "20 %", basis = "measured", source = "a microscope" }
minerals.SiO2 = "80 %"
grain_size = { value = "80 um", basis = "measured", source = "a microscope" }
"""
SIEVED_ORE = """
[units.ore]
flow = "100 t/h"
composition.Sb2S3 = "4 %"
remainder = "SiO2"
passing."150 um" = "90 %"
passing."75 um" = { value = "60 %", low = "50 %", high = "65 %" }
locked.middlings = { value = "30 %", low = "20 %", high = "40 %" }
"""
SIEVED_CIRCUIT = """
[units.rougher]
fraction.Sb2S3 = 0.9
fraction.SiO2 = 0.05
fraction.middlings = { value = 0.5, low = 0.3, high = 0.6 }

[units.cleaner]
fraction.Sb2S3 = 0.9
fraction.SiO2 = 0.1
fraction.middlings = 0.4
"""
SIEVED_CASE = HEADER + PARTICLES + SIEVED_ORE + SIEVED_CIRCUIT
SIEVED_PLANT = changed(
    PLANT.replace(
        "unitops.streams.feed import Feed", "unitops.streams.sized_feed import SizedFeed"
    ),
    '        species=["Sb2S3", "SiO2"],\n',
    '        species=["Sb2S3", "SiO2"],\n        particles=data.particles(),\n',
).replace("Feed(outlet", "SizedFeed(outlet")
RECOVERY = 0.7 * 0.81 / 0.91 + 0.3 * 0.2 / 0.7
