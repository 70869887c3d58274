"""Pictures are written whole or not at all, by their suffix, the same every time."""

import os

import pytest
from matplotlib import image, pyplot

from flowsheet import InputError
from flowsheet.pictures.style import (
    COLOURS,
    LINES,
    broken,
    check_picture_file,
    house_style,
    new_figure,
    save,
    separate_thousands,
)
from tests.pictures.texts import svg_texts


@pytest.fixture
def figure():
    return drawn()


def drawn():
    with house_style():
        figure = new_figure(4.0, 3.0)
        axes = figure.add_subplot()
        axes.plot([0.0, 12000.0], [0.0, 0.5])
        axes.set_xlabel("a label with $ and _ in it, t/yr")
        separate_thousands(axes, x=True, y=True)
    return figure


def test_a_png_opens_and_has_150_dots_per_inch(figure, tmp_path):
    path = save(figure, tmp_path / "a.png")
    assert image.imread(path).shape[:2] == (450, 600)


def test_an_svg_keeps_its_letters(figure, tmp_path):
    found = svg_texts(save(figure, tmp_path / "a.svg"))
    assert {"a label with $ and _ in it, t/yr", "12,000"} <= found


def test_a_pdf(figure, tmp_path):
    assert save(figure, tmp_path / "a.PDF").read_bytes().startswith(b"%PDF-")


@pytest.mark.parametrize("name", ["a.png", "a.svg", "a.pdf"])
def test_a_figure_built_anew_gives_the_same_file(tmp_path, name):
    first = save(drawn(), tmp_path / name).read_bytes()
    assert save(drawn(), tmp_path / name).read_bytes() == first
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert (tmp_path / name).stat().st_mode & 0o777 == 0o666 & ~umask()


def umask():
    mask = os.umask(0)
    os.umask(mask)
    return mask


def test_what_others_draw_stays_as_it_was(figure, tmp_path):
    before = dict(pyplot.rcParams)
    save(figure, tmp_path / "a.png")
    assert dict(pyplot.rcParams) == before
    assert pyplot.get_fignums() == []


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("a.gif", "a.gif: cannot be written, '.gif' is no kind of picture known here; give .png,"),
        ("picture", "picture: cannot be written, it has no suffix known here; give .png, .svg or"),
        ("no/a.png", "a.png: cannot be written, there is no folder '"),
        ("folder.png", "folder.png: cannot be written, it is a folder; give .png, .svg or .pdf"),
    ],
)
def test_what_cannot_be_written(figure, tmp_path, name, message):
    (tmp_path / "folder.png").mkdir()
    for refuse in (check_picture_file, lambda path: save(figure, path)):
        with pytest.raises(InputError) as refused:
            refuse(tmp_path / name)
        assert message in str(refused.value)
        assert "\n" not in str(refused.value)
    assert [path.name for path in tmp_path.iterdir()] == ["folder.png"]


def test_a_protected_folder(figure, tmp_path, monkeypatch):
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    with pytest.raises(InputError, match="cannot be written, it is protected; choose another"):
        save(figure, tmp_path / "a.png")


def test_a_full_disk_leaves_the_old_picture(figure, tmp_path, monkeypatch):
    path = save(figure, tmp_path / "a.svg")
    old = path.read_bytes()
    figure.axes[0].set_title("another")

    def full(handle, mode):
        os.close(handle)
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fdopen", full)
    with pytest.raises(InputError, match=r"a\.svg: cannot be written, No space left on device"):
        save(figure, path)
    assert path.read_bytes() == old
    assert [each.name for each in tmp_path.iterdir()] == ["a.svg"]


def test_numbers_of_an_axis_have_as_many_decimals_as_its_steps(figure):
    figure.canvas.draw()
    axes = figure.axes[0]
    assert [text.get_text() for text in axes.get_xticklabels()][1:4] == ["0", "2,000", "4,000"]
    assert [text.get_text() for text in axes.get_yticklabels()][1:4] == ["0.0", "0.1", "0.2"]


def test_a_long_heading_is_broken_before_its_unit():
    assert broken("Sb recovery, %") == "Sb recovery, %"
    assert (
        broken("refining capacity installed, Sb, t/yr") == "refining capacity installed, Sb,\nt/yr"
    )


def test_the_colours_are_those_of_okabe_and_ito():
    """As published: https://jfly.uni-koeln.de/color/ (2008). Yellow is too pale for a line."""
    published = ["000000", "E69F00", "56B4E9", "009E73", "F0E442", "0072B2", "D55E00", "CC79A7"]
    assert {*COLOURS, "#F0E442"} == {f"#{each}" for each in published}
    assert len(LINES) == len(set(LINES)) == len(COLOURS)
