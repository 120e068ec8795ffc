"""Tests of the orders of a small tea shop."""

from inventory import Inventory, Product, restock
from orders import Delivery, Order, OrderLine, cancel, receive


def shop() -> Inventory:
    inventory = Inventory()
    inventory.add(Product("assam", "Assam, second flush", 1250, 100, in_stock=10))
    inventory.add(Product("sencha", "Sencha", 1490, 80, in_stock=4))
    return inventory


def test_a_cancelled_order_returns_to_the_shelves() -> None:
    inventory = shop()
    cancel(Order("Ada", [OrderLine("assam", 3)]), inventory)
    assert inventory.product_of("assam").in_stock == 13


def test_a_delivery_reaches_the_shelves() -> None:
    inventory = shop()
    receive(Delivery("Uji Tea", [OrderLine("sencha", 20)]), inventory)
    assert inventory.product_of("sencha").in_stock == 24


def test_restock_adds_to_what_is_there() -> None:
    inventory = shop()
    product = restock(inventory, "sencha", 6)
    assert product.in_stock == 10


def test_restock_returns_the_product() -> None:
    """What comes back is the product itself."""
