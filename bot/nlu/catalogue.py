"""The names of the shop's products, read from the catalogue."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from bot.nlu.text import fold


class CatalogueError(Exception):
    """The catalogue cannot be read."""


@dataclass(frozen=True)
class Product:
    """A product's name in its parts: brand `Aurora`, model `P50`."""

    name: str
    kind: str

    @property
    def brand(self) -> str:
        """All but the last word, folded."""
        return fold(" ".join(self.name.split()[:-1]))

    @property
    def model(self) -> str:
        """The last word, folded."""
        return fold(self.name.split()[-1])


def read_catalogue(path: Path) -> tuple[Product, ...]:
    """The products of a CSV with the columns `name` and `kind`."""
    if not path.is_file():
        raise CatalogueError(f"No catalogue at {path}: config.yml names it for ShopEntityExtractor.")
    with path.open(encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.DictReader(lines))
    if not rows or not {"name", "kind"} <= rows[0].keys():
        raise CatalogueError(f"{path} needs the columns name and kind, and at least one product.")
    return tuple(Product(row["name"].strip(), row["kind"].strip()) for row in rows if row["name"].strip())


def save_products(products: Iterable[Product], folder: Path) -> None:
    """Write the names into a trained model."""
    listed = [{"name": product.name, "kind": product.kind} for product in products]
    (folder / "products.json").write_text(json.dumps(listed, ensure_ascii=False), encoding="utf-8")


def load_products(folder: Path) -> tuple[Product, ...]:
    """The names that a trained model knows."""
    listed = json.loads((folder / "products.json").read_text(encoding="utf-8"))
    return tuple(Product(one["name"], one["kind"]) for one in listed)
