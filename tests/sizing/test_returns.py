"""Streams that close a loop, of plants whose loops are known from the drawing."""

from flowsheet import Flowsheet
from flowsheet.sizing.returns import returns
from unitops.streams.feed import Feed
from unitops.streams.splitter import Splitter


def plant(**units):
    def splitter(feed, product, remainder):
        return Splitter(feed=feed, product=product, remainder=remainder, fraction=0.5)

    ore = Feed(outlet="ore", flow="1 t/h", composition={"SiO2": 1.0})
    return Flowsheet(
        ["SiO2"], {"mine": ore, **{name: splitter(*ends) for name, ends in units.items()}}
    )


def test_a_recycle_and_one_inside_it():
    found = returns(
        plant(
            rougher=(["ore", "middlings"], "froth", "tailings"),
            cleaner=(["froth", "dirt"], "clean", "middlings"),
            recleaner=("clean", "concentrate", "dirt"),
        )
    )
    assert found == ("middlings", "dirt")


def test_a_stream_that_returns_to_its_own_unit():
    assert returns(plant(mill=(["ore", "coarse"], "fine", "coarse"))) == ("coarse",)


def test_a_stream_to_an_earlier_line_that_does_not_come_back_closes_nothing():
    """The bagging plant stands above the mill in the file; nothing leads from it to the mill."""
    found = returns(plant(bagging=("fine", "bags", "spill"), mill=("ore", "fine", "coarse")))
    assert found == ()


def test_no_loop_at_all():
    assert returns(plant(mill=("ore", "fine", "coarse"))) == ()
