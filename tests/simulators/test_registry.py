"""The simulators are those of the product's platforms and providers, by the same names."""

from __future__ import annotations

from local.simulators import registry
from local.simulators.serve import create_world
from noillusion.catalog import platforms, providers


def test_every_platform_and_provider_has_a_simulator() -> None:
    assert set(registry.PLATFORMS) == set(platforms.NAMES)
    assert set(registry.PROVIDERS) == set(providers.NAMES)


def test_a_simulator_has_the_name_that_it_is_registered_under() -> None:
    simulators = create_world("http://127.0.0.1:1").simulators
    assert list(simulators) == list(registry.MODULES)
    assert {simulator.name for simulator in simulators.values()} == set(registry.MODULES)


def test_a_simulator_serves_the_host_of_its_base_url() -> None:
    for simulator in create_world("http://127.0.0.1:1").simulators.values():
        assert simulator.base_host in simulator.hosts
