"""Streams that go round inside a plant: from a unit back to one that is written before it."""

from flowsheet.model import Flowsheet


def returns(plant: Flowsheet) -> tuple[str, ...]:
    """Return the streams that close the loops of a plant, in the order they are made.

    A stream closes a loop where its unit is written no earlier than the one that takes it, and
    what that one makes finds its way back. Every loop has at least one such stream, since units
    are written in the order of the process.
    """
    place = {unit: number for number, unit in enumerate(plant.units)}
    after = {unit: _reached(plant, unit) for unit in plant.units}
    found = []
    for stream, maker in plant.made_by.items():
        taker = plant.taken_by.get(stream)
        if taker is None or place[maker.unit] < place[taker.unit]:
            continue
        if maker.unit == taker.unit or maker.unit in after[taker.unit]:
            found.append(stream)
    return tuple(found)


def _reached(plant: Flowsheet, start: str) -> set[str]:
    """Units that what a unit makes can come to."""
    reached: set[str] = set()
    waiting = [start]
    while waiting:
        unit = plant.units[waiting.pop()]
        for names in unit.streams("outlet").values():
            for stream in names:
                taker = plant.taken_by.get(stream)
                if taker is not None and taker.unit not in reached:
                    reached.add(taker.unit)
                    waiting.append(taker.unit)
    return reached
