import assert from 'node:assert/strict';
import { test } from 'node:test';
import { applied, moved } from '../../../../editors/vscode/src/edits';

/** `text` has what is selected between brackets, and each piece as {old|new}. */
function drawn(text) {
  const pieces = [];
  const ends = [];
  let plain = '';
  for (const part of text.split(/(\[|\]|\{[^}]*\})/)) {
    if (part === '[' || part === ']') {
      ends.push(plain.length);
    } else if (part.startsWith('{')) {
      const [old, own] = part.slice(1, -1).split('|');
      pieces.push({ start: plain.length, end: plain.length + old.length, text: own });
      plain += old;
    } else {
      plain += part;
    }
  }
  const after = applied(plain, pieces);
  const { start, end } = moved({ start: ends[0], end: ends[1] }, pieces);
  return `${after.slice(0, start)}[${after.slice(start, end)}]${after.slice(end)}`;
}

for (const [before, after] of [
  ['a[b{c|C}d]e', 'a[bCd]e'],
  ['{a|long}[b]{c|}', 'long[b]'],
  ['{|x}[a{|*}]', '[xa*]'],
  ['[a{b|bb}]{|.}c', '[abb.]c'],
  ['a{b|12}c[]d', 'a12c[]d'],
  ['[a]b{c|CC}', '[a]bCC'],
]) {
  test(`${before} becomes ${after}`, () => assert.equal(drawn(before), after));
}

test('an end within a piece takes all of it', () => {
  const pieces = [{ start: 0, end: 4, text: 'new' }];
  assert.deepEqual(moved({ start: 2, end: 3 }, pieces), { start: 0, end: 3 });
});
