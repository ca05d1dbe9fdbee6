from pathlib import Path

import pytest

from executors.made_up.material import PACKS, Pack, read_pack


def changed(**process: object) -> Pack:
    content = read_pack("ba122").model_dump()
    content["process"] |= process
    return Pack.model_validate(content)


def test_every_number_has_a_status_and_a_source() -> None:
    """What no source gives must say that it is assumed."""
    for name, quantity in read_pack("ba122").process.items():
        if "none found" in quantity.source:
            assert quantity.status == "assumed", name


def test_the_pack_is_declared_synthetic() -> None:
    assert read_pack("ba122").synthetic


def test_units_are_converted() -> None:
    numbers = read_pack(str(PACKS / "ba122.yaml")).numbers()
    assert numbers.second_reference == pytest.approx(873.15)
    assert numbers.jc_reference == pytest.approx(6e8)
    assert numbers.second_duration == 36_000
    assert numbers.growth_rate == pytest.approx(0.004e-18 / 3600)


def test_unknown_packs_and_wrong_numbers_are_named(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="known by name: ba122"):
        read_pack("mgb3")
    with pytest.raises(ValueError, match="odd_number"):
        changed(odd_number={"value": 1, "status": "assumed", "source": "here"}).numbers()
    with pytest.raises(ValueError, match="powder_size: unit 'K'"):
        changed(
            powder_size={"value": 1, "unit": "K", "status": "assumed", "source": "here"}
        ).numbers()
    with pytest.raises(ValueError, match="source"):
        changed(powder_size={"value": 1, "unit": "m", "status": "read", "source": ""})
