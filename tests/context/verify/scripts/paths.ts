const SEPARATOR = '/';

export interface Route {
  pattern: string;
  keys: string[];
  test(path: string): boolean;
}

export function normalize(path: string): string {
  const parts: string[] = [];
  for (const part of path.split(SEPARATOR)) {
    if (part === '..') {
      parts.pop();
    } else if (part !== '' && part !== '.') {
      parts.push(part);
    }
  }
  const joined = parts.join(SEPARATOR);
  return path.startsWith(SEPARATOR) ? SEPARATOR + joined : joined;
}

export function relative(from: string, to: string): string {
  const one = normalize(from).split(SEPARATOR);
  const two = normalize(to).split(SEPARATOR);
  let same = 0;
  while (same < one.length && one[same] === two[same]) {
    same += 1;
  }
  const up = one.slice(same).map(() => '..');
  return [...up, ...two.slice(same)].join(SEPARATOR);
}

export function extension(path: string, known?: Set<string>): string {
  const name = path.slice(path.lastIndexOf(SEPARATOR) + 1);
  const at = name.lastIndexOf('.');
  if (at <= 0) {
    return '';
  }
  const found = name.slice(at).toLowerCase();
  return known && !known.has(found) ? '' : found;
}

export function compile(pattern: string): Route {
  const keys: string[] = [];
  const source = pattern.replace(/:(\w+)/g, (_, key: string) => {
    keys.push(key);
    return '([^/]+)';
  });
  const expression = new RegExp(`^${source}$`);
  return { pattern, keys, test: (path) => expression.test(path) };
}

export function query(values: Record<string, string | number | undefined>): string {
  const pairs: string[] = [];
  for (const [key, value] of Object.entries(values)) {
    if (value !== undefined) {
      pairs.push(`${encodeURIComponent(key)}=${encodeURIComponent(String(value))}`);
    }
  }
  return pairs.length ? `?${pairs.join('&')}` : '';
}

export function parseQuery(text: string): Map<string, string> {
  const found = new Map<string, string>();
  const bare = text.startsWith('?') ? text.slice(1) : text;
  for (const pair of bare.split('&')) {
    const [key, value = ''] = pair.split('=', 2);
    if (key) {
      found.set(decodeURIComponent(key), decodeURIComponent(value));
    }
  }
  return found;
}

function depth(path: string): number {
  const clean = normalize(path);
  const parts = clean.split(SEPARATOR);
  return clean === '' ? 0 : parts.length;
}

export function deepest(paths: string[]): string | undefined {
  let best: string | undefined;
  let most = -1;
  for (const path of paths) {
    const levels = depth(path);
    if (levels > most) {
      most = levels;
      best = path;
    }
  }
  return best;
}

export function common(paths: string[]): string {
  if (paths.length === 0) {
    return '';
  }
  const [first, ...others] = paths.map((path) => normalize(path).split(SEPARATOR));
  let size = first.length;
  for (const parts of others) {
    let at = 0;
    while (at < size && parts[at] === first[at]) {
      at += 1;
    }
    size = at;
  }
  return first.slice(0, size).join(SEPARATOR);
}
