"""Routes are found by name, cases of one's own by their files; what is wrong there has a place."""

import sys
from pathlib import Path

import pytest

from flowsheet import InputError
from flowsheet.load import load_route, route_names
from tests.small_case import CASE, PLANT, changed, write


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """The folder to work in; modules imported from it are forgotten afterwards."""
    monkeypatch.chdir(tmp_path)
    yield tmp_path
    for name, module in list(sys.modules.items()):
        place = getattr(module, "__file__", None)
        if place and Path(place).is_relative_to(tmp_path):
            del sys.modules[name]


def load(tmp_path, case=CASE, plant=PLANT):
    return load_route(str(write(tmp_path, case, plant)))


def refused(complaint):
    return pytest.raises(InputError, match=complaint)


def antimony(result, stream):
    return result.solution[stream].element("Sb", "t/yr").magnitude


def test_teaching_cases_can_be_left_out():
    assert set(route_names()) - set(route_names(teaching=False)) == {"gravity_plant"}


def test_the_built_in_routes_are_found_by_name():
    names = route_names()
    assert {"high_purity", "stibnite_idaho", "us_antimony_thompson_falls"} <= set(names)
    assert names == sorted(names)


def test_a_built_in_route_needs_a_source_and_a_basis_for_every_number(folder, monkeypatch):
    package = folder / "routes_to_try"
    package.mkdir()
    (package / "__init__.py").touch()
    monkeypatch.syspath_prepend(folder)
    monkeypatch.setattr("flowsheet.load.CASES", package.name)
    case = changed(CASE, '"5000 t/yr"', sourced("5000 t/yr"))
    case = changed(case, '"4 %"', sourced("4 %"))
    write(package, case)
    assert route_names() == ["mine"]
    with refused(
        r"^mine\.toml: rougher\.fraction\.Sb2S3: has no source and basis; a number in "
        r"routes_to_try/ needs both$"
    ):
        load_route("mine")
    for number in ("0.9", "0.05", "0.1"):
        case = case.replace(f"= {number}\n", f"= {sourced(number)}\n")
    write(package, case)
    assert antimony(load_route("mine").solve(), "concentrate") == pytest.approx(5000.0, rel=1e-9)


def sourced(number):
    return f'{{ value = "{number}", basis = "assumed", source = "a test" }}'


def test_the_toml_and_the_python_file_both_name_the_case(tmp_path):
    path = write(tmp_path)
    for named in (path, path.with_suffix(".py")):
        route = load_route(str(named))
        assert route.name == "mine"
        assert antimony(route.solve(), "concentrate") == pytest.approx(5000.0, rel=1e-9)


def test_a_section_that_belongs_to_no_unit(tmp_path):
    with refused(
        r"^mine\.toml: \[units\.scavenger\] belongs to no unit of the flowsheet; did you mean "
        r"'cleaner'\?$"
    ):
        load(tmp_path, CASE + "\n[units.scavenger]\nfraction = 0.5\n")


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ('["Sb2S3", "SiO2"]', '["Sb2S3", SiO2]', r"^mine\.py line 8: NameError: name 'SiO2' is not "
                                                 r"defined$"),
        ('["Sb2S3", "SiO2"],', '["Sb2S3", "SiO2",', r"^mine\.py line \d+: SyntaxError: "),
        ("def build(data):", "raise SystemExit(3)\n\n\ndef build(data):",
         r"^mine\.py line 6: SystemExit: 3$"),
        ("from flowsheet import Flowsheet", "from flowsheet import Flowsheat",
         r"^mine\.py line 1: ImportError: cannot import name 'Flowsheat'"),
        ("def build(data):", "ratio = 1 / 0\n\n\ndef build(data):",
         r"^mine\.py line 6: ZeroDivisionError: division by zero$"),
        ("    return Flowsheet(", "    import json\n    json.loads('[')\n    return Flowsheet(",
         r"^mine\.py line 8: JSONDecodeError: "),
        ('data.unit("cleaner")', 'data["cleaner"]', r"^mine\.py line 21: TypeError: "),
        ("def build(data):", "def make(data):", r"^mine\.py: needs a function build\(data\) that "
                                                r"returns a Flowsheet$"),
        ("    return Flowsheet(", "    return dict(", r"^mine\.py: build\(data\) must return a "),
        ('"cleaner": Splitter(', '"rougher": Splitter(', r"^mine\.py line 17: two units or entries "
                                                         r"are named 'rougher'; give one of them"),
        ('data.unit("rougher")', 'data.unit("roughr")', r"^mine\.toml: needs a section \[units\."
                                                        r"roughr\]; did you mean 'rougher'\?$"),
        ('"cleaner_tailings"]', '"cleaner_tials"]', r"^stream 'cleaner_tials' enters 'rougher' but "
                                                    r"no unit makes it; .* 'cleaner_tailings'\?$"),
        ('product="rougher_concentrate"', 'produkt="rougher_concentrate"',
         r"^mine\.toml: rougher\.produkt: there is no such parameter; did you mean 'product'\? "
         r"\(and 1 more\)$"),
    ],
)  # fmt: skip
def test_a_mistake_in_the_python_file(tmp_path, old, new, complaint):
    with refused(complaint) as caught:
        load(tmp_path, plant=changed(PLANT, old, new))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("named", ["mine.toml", "./mine.py"])
def test_a_line_is_named_for_a_case_by_a_relative_path_too(folder, named):
    write(folder, plant=PLANT + "\nx = nothere\n")
    with refused(r"^mine\.py line 27: NameError: name 'nothere' is not defined$"):
        load_route(named)


def test_a_case_imports_what_stands_beside_it(folder, monkeypatch):
    (folder / "tailings_pond.py").write_text('NAME = "pond"\n', encoding="utf-8")
    plant, line = changed(PLANT, '"tailings"', "NAME"), "from tailings_pond import NAME\n"
    write(folder, plant=line + plant)
    late = changed(plant, "def build(data):\n", f"def build(data):\n    {line}")
    write(folder, plant=late, name="late")
    # With -P, or as an installed program, Python itself does not look there.
    before = [place for place in sys.path if place not in ("", str(folder))]
    monkeypatch.setattr(sys, "path", list(before))
    for name in ("late.toml", "mine.toml"):
        assert load_route(name).flowsheet.residues == ("pond",)
        assert sys.path == before


def test_two_cases_with_a_module_of_the_same_name_beside_each(folder):
    plant = "from tailings_pond import NAME\n" + changed(PLANT, '"tailings"', "NAME")
    for name in ("pond", "lake"):
        (folder / name).mkdir()
        (folder / name / "tailings_pond.py").write_text(f'NAME = "{name}"\n', encoding="utf-8")
        write(folder / name, plant=plant)
    for name in ("pond", "lake", "pond"):
        assert load_route(f"{name}/mine.toml").flowsheet.residues == (name,)


def test_a_mistake_in_a_module_beside_the_case_is_said_with_its_line(folder):
    (folder / "tailings_pond.py").write_text("\nx = 1 / 0\n", encoding="utf-8")
    write(folder, plant="import tailings_pond\n" + PLANT)
    with refused(r"^tailings_pond\.py line 2: ZeroDivisionError: division by zero$"):
        load_route("mine.toml")


def test_a_module_that_is_not_beside_the_case(folder):
    write(folder, plant="import tailings_pool\n" + PLANT)
    before = list(sys.path)
    with refused(r"^mine\.py line 1: ModuleNotFoundError: No module named 'tailings_pool'$"):
        load_route("mine.toml")
    assert sys.path == before


def test_a_build_that_returns_nothing(tmp_path):
    with refused(r"^mine\.py: build\(data\) must return a Flowsheet$"):
        load(tmp_path, plant="def build(data):\n    pass\n")


def test_a_name_or_file_that_does_not_exist(tmp_path):
    with refused(r"^there is no route 'stibnite_idho'; did you mean 'stibnite_idaho'\? \(or give"):
        load_route("stibnite_idho")
    with refused(r"^there is no route 'mine\.tml'"):
        load_route("mine.tml")
    for name in ("nowhere.toml", "nowhere.py"):
        with refused(rf"nowhere\.{name.split('.')[1]}: there is no such file$"):
            load_route(str(tmp_path / name))


def test_a_python_file_without_its_case_file(tmp_path):
    (tmp_path / "mine.py").write_text(PLANT, encoding="utf-8")
    with refused(r"mine\.toml: there is no such file$"):
        load_route(str(tmp_path / "mine.py"))


def test_a_case_without_a_flowsheet(tmp_path):
    with refused(
        r"^mine\.toml: needs mine\.py beside it, or route\.plant naming a plant "
        r"\(.*ore_smelter.*\) or a built-in route \('flowsheet list'\)$"
    ):
        load(tmp_path, plant=None)
    with refused(
        r"^mine\.toml: route: there is no built-in route or plant 'stibnite'; "
        r"did you mean 'stibnite_\w+'\?$"
    ):
        load(tmp_path, changed(CASE, "title =", 'plant = "stibnite"\ntitle ='), plant=None)


def test_a_case_has_one_flowsheet(tmp_path):
    named = changed(CASE, "title =", 'plant = "stibnite_idaho"\ntitle =')
    with refused(
        r"^mine\.toml: route\.plant names a built-in route, but mine\.py stands beside the file; "
        r"remove one of them$"
    ):
        load(tmp_path, named)


def test_a_case_may_use_the_flowsheet_of_a_built_in_route(tmp_path):
    original = load_route("stibnite_idaho")
    case = original.data.path.read_text(encoding="utf-8")
    case = changed(case, "[route]", '[route]\nplant = "stibnite_idaho"')
    as_written = f'flow = {{ value = "{original.target.flow}"'
    route = load(tmp_path, changed(case, as_written, 'flow = { value = "6500 t/yr"'), plant=None)
    assert route.name == "mine"
    assert list(route.flowsheet.units) == list(original.flowsheet.units)
    assert antimony(route.solve(), "antimony_metal") == pytest.approx(6500.0, rel=1e-9)


def test_a_copy_of_a_built_in_case_file_keeps_its_flowsheet(tmp_path):
    original = load_route("stibnite_idaho")
    case = original.data.path.read_text(encoding="utf-8")
    case = changed(case, f'title = "{original.data.header.title}"', 'title = "A copy"')
    route = load_route(str(write(tmp_path, case, None, "stibnite_idaho")))
    assert route.data.header.title == "A copy"
    assert list(route.flowsheet.units) == list(original.flowsheet.units)


def test_a_python_file_that_a_windows_editor_saved(tmp_path):
    path = write(tmp_path)
    path.with_suffix(".py").write_text(PLANT, encoding="utf-8-sig")
    assert list(load_route(str(path)).flowsheet.units) == ["ore", "rougher", "cleaner"]


def test_a_name_that_lacks_its_ending(folder):
    write(folder)
    with refused(r"^there is no route 'mine'; did you mean mine\.toml\?$"):
        load_route("mine")


CHOOSING = changed(PLANT, "def build(data):", 'def build(data, *, mill="ball", wet=True):')


@pytest.mark.parametrize(
    ("option", "complaint"),
    [
        ("mill = 5", r"options\.mill: needs text, got 5$"),
        ("wet = 1", r"options\.wet: needs true or false, got 1$"),
        ('wet = "yes"', r"options\.wet: needs true or false, got 'yes'$"),
        ("mil = 5", r"options\.mil: this plant has no such option; did you mean 'mill'\?$"),
    ],
)
def test_an_option_of_another_kind(tmp_path, option, complaint):
    with refused(rf"^mine\.toml: {complaint}"):
        load(tmp_path, changed(CASE, "[route]\n", f"[route]\noptions.{option}\n"), CHOOSING)
