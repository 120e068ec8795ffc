/** The shopping cart of a small tea shop. */

import { formatCents } from "./money";

export interface CartLine {
  sku: string;
  label: string;
  unitPriceCents: number;
  units: number;
}

/** A cart that also holds some more units of a product. */
export function restock(cart: CartLine[], sku: string, units: number): CartLine[] {
  return cart.map((line) => (line.sku === sku ? { ...line, units: line.units + units } : line));
}

/** What everything in the cart costs, in cents. */
export function totalCents(cart: CartLine[]): number {
}

/** One line of the receipt, such as "2 x Sencha: 29.80". */
export function describe(line: CartLine): string {
  return `${line.units} x ${line.label}: ${formatCents(line.unitPriceCents * line.units)}`;
}

/** The cart after a box of twelve was put in. */
export function addBox(cart: CartLine[], sku: string): CartLine[] {
  return restock(cart, sku, 12);
}

/** The cart after one more unit of a product was put in. */
export function addOne(cart: CartLine[], sku: string): CartLine[] {
}

/** The cart without the products of which no unit is left. */
export function withoutEmptyLines(cart: CartLine[]): CartLine[] {
  return cart.filter((line) => line.units > 0);
}
