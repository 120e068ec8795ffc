export interface Money {
  amount: number;
  currency: 'EUR' | 'USD';
}

const SIGNS: Record<Money['currency'], string> = { EUR: '€', USD: '$' };

export function formatMoney(money: Money): string {
  const sign = SIGNS[money.currency];
  const whole = Math.floor(money.amount / 100);
  const cents = String(money.amount % 100).padStart(2, '0');
  return `${whole}.${cents} ${sign}`;
}

export function parseMoney(text: string): Money | undefined {
  const match = /^(\d+)(?:\.(\d{1,2}))?\s*([€$])$/.exec(text.trim());
  if (!match) {
    return undefined;
  }
  const [, whole, cents = '0', sign] = match;
  const amount = Number(whole) * 100 + Number(cents.padEnd(2, '0'));
  return { amount, currency: sign === '€' ? 'EUR' : 'USD' };
}

export function add(one: Money, other: Money): Money {
  if (one.currency !== other.currency) {
    throw new Error('the currencies differ');
  }
  const amount = one.amount + other.amount;
  return { ...one, amount };
}

export function split(money: Money, parts: number): Money[] {
  const each = Math.trunc(money.amount / parts);
  let rest = money.amount - each * parts;
  const shares: Money[] = [];
  while (shares.length < parts) {
    const more = rest > 0 ? 1 : 0;
    rest -= more;
    shares.push({ amount: each + more, currency: money.currency });
  }
  return shares;
}

export function largest(all: Money[]): Money | null {
  let best: Money | null = null;
  for (const money of all) {
    if (best === null || money.amount > best.amount) {
      best = money;
    }
  }
  return best;
}
