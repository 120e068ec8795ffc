"""What stands on the shelves of a small tea shop."""

from dataclasses import dataclass, field


@dataclass
class Product:
    sku: str
    label: str
    unit_price_cents: int
    grams_per_unit: int
    in_stock: int = 0


class OutOfStock(Exception):
    """Fewer units are on the shelf than were asked for."""


@dataclass
class Inventory:
    products: dict[str, Product] = field(default_factory=dict)

    def add(self, product: Product) -> None:
        self.products[product.sku] = product

    def product_of(self, sku: str) -> Product:
        """The product with this SKU; KeyError if the shop does not carry it."""
        return self.products[sku]

    def take(self, sku: str, units: int) -> Product:
        """Take units off the shelf; OutOfStock if there are not that many."""
        product = self.product_of(sku)
        if product.in_stock < units:
            raise OutOfStock(sku)
        product.in_stock -= units
        return product


def restock(inventory: Inventory, sku: str, units: int) -> Product:
    """Put units back on the shelf and return the product they belong to."""
    product = inventory.product_of(sku)
    product.in_stock += units
    return product
