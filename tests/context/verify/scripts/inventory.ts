import { readFile } from 'node:fs/promises';
import * as path from 'node:path';
import { formatMoney, type Money } from './money';

export interface Item {
  id: string;
  name: string;
  price: Money;
  tags?: string[];
}

export type Filter = (item: Item) => boolean;

const LIMIT = 100;
let loaded = 0;

/** Reads the items of a file; throws what `JSON.parse` throws. */
export async function load(file: string, encoding: BufferEncoding = 'utf8'): Promise<Item[]> {
  const text = await readFile(path.resolve(file), encoding);
  const rows: unknown = JSON.parse(text);
  if (!Array.isArray(rows)) {
    throw new TypeError(`${file} holds no list`);
  }
  loaded += rows.length;
  return rows.slice(0, LIMIT) as Item[];
}

export function search(items: readonly Item[], words: string, limit = 10): Item[] {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  const found: Item[] = [];
  for (const item of items) {
    const text = `${item.name} ${(item.tags ?? []).join(' ')}`.toLowerCase();
    if (wanted.every((word) => text.includes(word))) {
      found.push(item);
    }
    if (found.length >= limit) {
      break;
    }
  }
  return found;
}

export function total(items: Iterable<Item>, accept?: Filter): number {
  let sum = 0;
  for (const item of items) {
    if (accept && !accept(item)) {
      continue;
    }
    sum += item.price.amount;
  }
  return sum;
}

function byName(one: Item, other: Item): number {
  const left = one.name.toLowerCase();
  const right = other.name.toLowerCase();
  if (left === right) {
    return 0;
  }
  return left < right ? -1 : 1;
}

export function grouped(items: Item[]): Map<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of [...items].sort(byName)) {
    for (const tag of item.tags ?? ['other']) {
      const group = groups.get(tag);
      if (group) {
        group.push(item);
      } else {
        groups.set(tag, [item]);
      }
    }
  }
  return groups;
}

export function describe(item: Item, { long = false }: { long?: boolean } = {}): string {
  const head = `${item.name}: ${formatMoney(item.price)}`;
  if (!long || !item.tags?.length) {
    return head;
  }
  const tags = item.tags.map((tag) => `#${tag}`).join(', ');
  return `${head} (${tags})`;
}

export function counted(): string {
  // What was read since the program began.
  const word = loaded === 1 ? 'item' : 'items';
  const text = `${loaded} ${word}`;
  return text;
}
