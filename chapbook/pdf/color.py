"""Reads the color spaces and colors of a content stream (ISO 32000-2, 8.6)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from chapbook.pdf.facts import Color, Space

_DEVICE = {
    "/DeviceGray": Space.GRAY,
    "/CalGray": Space.GRAY,
    "/G": Space.GRAY,
    "/DeviceRGB": Space.RGB,
    "/CalRGB": Space.RGB,
    "/RGB": Space.RGB,
    "/DeviceCMYK": Space.CMYK,
    "/CMYK": Space.CMYK,
    "/Lab": Space.OTHER,
}
_BY_COMPONENTS = {1: Space.GRAY, 3: Space.RGB, 4: Space.CMYK}
_DEEPEST = 4  # an Indexed space of a DeviceN with an ICCBased alternate needs one less


def space_of(value: Any, resources: Any, depth: int = 0) -> Space:
    """Return the kind of the color space *value*, a name or an array."""
    import pikepdf

    if depth > _DEEPEST:
        return Space.UNKNOWN
    if isinstance(value, pikepdf.Name):
        return _named(value, resources, depth)
    if isinstance(value, pikepdf.Array) and len(value) == 1:
        return _DEVICE.get(str(value[0]), Space.UNKNOWN)
    if not isinstance(value, pikepdf.Array) or len(value) < 2:
        return Space.UNKNOWN
    return _of_family(str(value[0]), value[1], resources, depth)


def _of_family(family: str, detail: Any, resources: Any, depth: int) -> Space:
    if family in _DEVICE:
        return _DEVICE[family]
    if family == "/ICCBased":
        return _BY_COMPONENTS.get(int(detail.get("/N", 0)), Space.UNKNOWN)
    if family in ("/Indexed", "/I", "/Pattern"):
        return space_of(detail, resources, depth + 1)
    if family == "/Separation":
        return Space.GRAY if str(detail) == "/Black" else Space.SPOT
    return _device_n(detail) if family == "/DeviceN" else Space.UNKNOWN


def _named(value: Any, resources: Any, depth: int) -> Space:
    name = str(value)
    if name in _DEVICE:
        return _DEVICE[name]
    defined = resources.get("/ColorSpace", {}).get(name)
    return space_of(defined, resources, depth + 1) if defined is not None else Space.UNKNOWN


def _device_n(names: Any) -> Space:
    process = {"/Cyan", "/Magenta", "/Yellow", "/Black", "/None"}
    inks = {str(name) for name in names}
    if inks <= {"/Black", "/None"}:
        return Space.GRAY
    return Space.CMYK if inks <= process else Space.SPOT


def color_of(space: Space, value: Any, numbers: list[float]) -> Color:
    """Return the color with the components *numbers* in *space*, which the file writes as *value*.

    `parts` stays empty where the numbers are not components of the space but an index into a table
    or the tint of an ink.
    """
    import pikepdf

    family = str(value[0]) if isinstance(value, pikepdf.Array) and len(value) else str(value)
    if family in ("/Separation", "/DeviceN") and space is Space.GRAY and len(numbers) == 1:
        return Color(space, (1 - numbers[0],))  # a tint of 1 is full ink, a gray of 1 is white
    if family in ("/Indexed", "/I", "/Separation", "/DeviceN", "/Pattern", "/Lab"):
        return Color(space)
    wanted = {Space.GRAY: 1, Space.RGB: 3, Space.CMYK: 4}.get(space)
    return Color(space, tuple(numbers) if len(numbers) == wanted else ())


@dataclass(frozen=True, slots=True)
class Paint:
    """A color space, the value that the file has for it (None for a device's), and its color."""

    space: Space
    value: Any
    color: Color

    def changed(self, numbers: list[float]) -> Paint:
        """Return the same space with the color of the components *numbers*."""
        return Paint(self.space, self.value, color_of(self.space, self.value, numbers))


_INITIAL = {Space.GRAY: (0.0,), Space.RGB: (0.0,) * 3, Space.CMYK: (0.0, 0.0, 0.0, 1.0)}


def initial_paint(named: Any, resources: Any) -> Paint:
    """Return the space that `cs` or `CS` selects by the name *named*, with its initial color."""
    value = resources.get("/ColorSpace", {}).get(str(named), named)
    space = space_of(value, resources)
    return Paint(space, value, color_of(space, value, list(_INITIAL.get(space, ()))))
