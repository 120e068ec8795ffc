"""Orders and deliveries of a small tea shop."""

from dataclasses import dataclass

from inventory import Inventory, restock


@dataclass
class OrderLine:
    sku: str
    units: int


@dataclass
class Order:
    customer: str
    lines: list[OrderLine]


@dataclass
class Delivery:
    supplier: str
    lines: list[OrderLine]


def receive(delivery: Delivery, inventory: Inventory) -> None:
    """Put everything that a delivery holds on the shelves."""
    for line in delivery.lines:
        restock(inventory, line.sku, line.units)


def cancel(order: Order, inventory: Inventory) -> None:
    """Take a cancelled order back: restock every line of it."""


def total_cents(order: Order, inventory: Inventory) -> int:
    """What an order costs, in cents."""


def largest(orders: list[Order]) -> Order:
    """The order with the most units; ValueError if there are none."""
    return max(orders, key=lambda order: sum(line.units for line in order.lines))
