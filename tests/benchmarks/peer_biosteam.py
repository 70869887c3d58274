"""The problems in BioSTEAM: a process of its own that answers one line of JSON with another.

Run by ``compare`` with the Python of BioSTEAM's environment, in which nothing of this project is
installed; all figures come in with the requests:

    {"do": "build", "setting": NAME, "problem": "series" or "flotation", ...figures...}
    {"do": "limit", "setting": NAME, "seconds": S}     give up a solve that takes longer
    {"do": "solve", "setting": NAME}                   one solve from empty streams
    {"do": "scenarios", "setting": NAME, "count": N}   scenarios, each from the one before
    {"do": "memory"}                                   most memory held so far
    {"do": "forget"}                                   drop all plants

Answers are {"seconds": S, "products": [[t/h]]}, {"memory": MB}, or {"failed": REASON}.
"""

import itertools
import json
import os
import statistics
import sys
import time

import biosteam
import numpy as np

TIGHT = 1e-10
SETTINGS = {
    "default": ("Sequential modular", "aitken", None, "simulate"),
    "phenomena modular, converge": ("Phenomena modular", "fixed-point", TIGHT, "converge"),
    "phenomena modular, simulate": ("Phenomena modular", "fixed-point", TIGHT, "simulate"),
    "phenomena based, converge": ("Phenomena based", "fixed-point", TIGHT, "converge"),
}
for _method in ("aitken", "wegstein", "fixed-point"):
    for _tolerance in (1e-10, 1e-13):
        SETTINGS[f"{_method} {_tolerance:g}, converge"] = (
            "Sequential modular",
            _method,
            _tolerance,
            "converge",
        )
"""Name: algorithm, method, molar tolerance (absolute and relative), and what is called.

``simulate`` also looks for designs and costs, ``converge`` makes the mass balance alone.
"""


_NUMBERS = itertools.count()


class Bank(biosteam.Unit):
    """Equal cells in series with a volume, as the FlotationBank of this project."""

    _N_ins = 1
    _N_outs = 2

    def _run(self):
        feed = self.ins[0].mol.to_array()
        pulp = feed @ self.molar_volume
        if pulp == 0.0:
            recovery = np.zeros(len(feed))
        else:
            residence = self.volume * (1.0 - self.gas_holdup) / pulp
            recovery = 1.0 - (1.0 + self.rate * residence) ** -self.cells
        recovery[-1] = self.water_recovery
        self.outs[0].mol[:] = feed * recovery
        self.outs[1].mol[:] = feed * (1.0 - recovery)


class Plant:
    """A built system with the streams that are read."""

    def __init__(self, setting, request):
        algorithm, method, tolerance, self.call = SETTINGS[setting]
        names = [f"s{n}" for n in range(len(request["molar_mass"]))]
        solids = [
            biosteam.Chemical(name, search_db=False, phase="s", MW=mass, default=True)
            for name, mass in zip(names, request["molar_mass"])  # noqa: B905 (also older Pythons)
        ]
        biosteam.settings.set_thermo(biosteam.Chemicals(solids))
        biosteam.main_flowsheet.set_flowsheet(f"plant{next(_NUMBERS)}")
        self.feed = biosteam.Stream("ore", phase="s")
        self.feed.imass[names] = 1000.0 * np.array(request["feed"])
        self.request = request
        self.products = []
        self.units = []
        {"series": self._series, "flotation": self._flotation}[request["problem"]](request)
        self.system = biosteam.main_flowsheet.create_system("plant")
        self.system.set_tolerance(
            mol=tolerance,
            rmol=tolerance,
            T=tolerance and 1e-3,
            maxiter=tolerance and 100_000,
            subsystems=True,
            method=method,
            algorithm=algorithm,
        )

    def _circuit(self, number, feeds, split):
        """Three units with both returns to the first; return the tailings."""
        scavenged = biosteam.Stream(f"scavenged{number}", phase="s")
        middlings = biosteam.Stream(f"middlings{number}", phase="s")
        mixed = biosteam.Mixer(f"sump{number}", ins=[*feeds, scavenged, middlings])
        rougher = split(0, f"rougher{number}", mixed - 0, [_solid(), _solid()])
        scavenger = split(1, f"scavenger{number}", rougher - 1, [scavenged, _solid()])
        cleaner = split(2, f"cleaner{number}", rougher - 0, [_solid(), middlings])
        self.units += [rougher, scavenger, cleaner]
        self.products.append(cleaner - 0)
        return scavenger - 1

    def _series(self, request):
        def split(unit, name, feed, outs):
            return biosteam.Splitter(name, ins=feed, outs=outs, split=request["recovery"][unit])

        back = _solid()
        last = self.feed
        for number in range(request["circuits"]):
            closes = number == 0 and request["circuits"] > 1
            last = self._circuit(number, [last, back] if closes else [last], split)
        if request["circuits"] > 1:
            outs = [back, _solid()]
            last = biosteam.Splitter("return", ins=last, outs=outs, split=request["returned"]) - 1
        self.products.append(last)

    def _flotation(self, request):
        volume = np.array(request["molar_mass"]) / 1000.0 / np.array(request["density"])

        def split(unit, name, feed, outs):
            bank = Bank(name, ins=feed, outs=outs)
            bank.molar_volume = volume
            bank.rate = np.array(request["rate_constant"][unit])
            bank.volume = request["cell_volume"][unit]
            bank.cells = request["cells"][unit]
            self._vary(bank, unit, 0)
            return bank

        self._circuit(0, [self.feed], split)

    def _vary(self, unit, number, scenario):
        if isinstance(unit, Bank):
            unit.gas_holdup = self.request["gas_holdup"][scenario][number]
            unit.water_recovery = self.request["water_recovery"][scenario][number]
        else:
            unit.split = self.request["recoveries"][scenario][number]

    def solve(self):
        """Seconds of one solve from empty streams, median of a few where it is short."""
        call = getattr(self.system, self.call)
        taken = []
        while sum(taken) < 0.05:
            self.system.empty_outlet_streams()
            start = time.perf_counter()
            call()
            taken.append(time.perf_counter() - start)
        return {"seconds": statistics.median(taken), "products": self._read(self.products)}

    def scenarios(self, count):
        """Seconds of scenarios in turn, each started from what the one before left.

        So does BioSTEAM's own Model.
        """
        call = getattr(self.system, self.call)
        self.system.empty_outlet_streams()
        found = []
        start = time.perf_counter()
        for scenario in range(count):
            for number, unit in enumerate(self.units):
                self._vary(unit, number, scenario)
            call()
            found.append(self.products[0].mass.to_array())
        seconds = time.perf_counter() - start
        return {"seconds": seconds, "products": (np.array(found) / 1000.0).tolist()}

    def _read(self, streams):
        return [(stream.mass.to_array() / 1000.0).tolist() for stream in streams]


def _solid():
    return biosteam.Stream(None, phase="s")


def _memory():
    """Most memory held by this process, MB; what it was forked from is not counted."""
    with open("/proc/self/status", encoding="ascii") as status:
        line = next(line for line in status if line.startswith("VmHWM"))
    return {"memory": int(line.split()[1]) / 1024.0}


def _answer(plants, request):
    do, setting = request.pop("do"), request.pop("setting", None)
    if do == "build":
        plants[setting] = Plant(setting, request)
    elif do == "limit":
        plants[setting].system.maxtime = request["seconds"]
    elif do == "forget":
        plants.clear()
    elif do == "memory":
        return _memory()
    else:
        return getattr(plants[setting], do)(**request)
    return {}


def main():
    """Answer until the requests end; whatever BioSTEAM prints goes to the error output."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    plants = {}
    answer = {"version": biosteam.__version__, "settings": [*SETTINGS]}
    print(json.dumps(answer), file=answers, flush=True)
    for line in sys.stdin:
        try:
            answer = _answer(plants, json.loads(line))
        except Exception as error:  # noqa: BLE001 - any failure of the peer is a result
            answer = {"failed": f"{type(error).__name__}: {' '.join(str(error).split())[:120]}"}
        print(json.dumps(answer), file=answers, flush=True)


if __name__ == "__main__":
    main()
