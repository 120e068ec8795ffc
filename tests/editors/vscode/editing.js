// Edits by an instruction, as a diff; refactors, of which the editor has its own preview.

const { say } = require('./model');
const {
  EDITOR, PATIENCE, notice, open, page, plain, press, save, seen, settled, shot, type, until,
} = require('./screen');

const BETTER = '```\n    for item in items:\n        net += item.price * item.count\n```';

async function editing() {
  await instructed();
  await computed();
  await written();
}

async function instructed() {
  await say({ text: BETTER });
  await selectLoop('edited.py');
  await wish();
  seen.diff = await diff();
  await shot('edit');
  await press('Escape');
  seen.discarded = await withoutDiff();
  await selectLoop('edited.py');
  await wish();
  await diff();
  await press('Control+Enter');
  seen.accepted = await withoutDiff();
  await shot('edit-accepted');
  await press('Control+z');
  seen.undone = await until(text, (lines) => !lines.includes('item.count'));
  await press('Control+y');
  await until(text, (lines) => lines.includes('item.count'));
  await save();
  await say({ text: '```\n    for item in items\n```' });
  await selectLoop('refused.py');
  await wish();
  seen.refused = await notice('fails');
  await shot('edit-refused');
}

async function selectLoop(name) {
  await open(name, 3, 1);
  await press('Home');
  await press('Shift+ArrowDown');
  await press('Shift+End');
}

/** Ask for an edit: by the key that another chat may have, or by the chord that nobody has. */
async function wish(chord) {
  await press(chord ? 'Control+k' : 'Control+i');
  if (chord) await press(chord);
  await page().locator('.quick-input-widget input').first().waitFor({ timeout: PATIENCE });
  await type('count them');
  await press('Enter');
}

/** What is drawn as going and as coming. */
async function diff() {
  const editor = page().locator('.monaco-diff-editor');
  await editor.first().waitFor({ timeout: PATIENCE });
  const read = async () => {
    const coming = page().locator('.monaco-diff-editor .modified .view-line');
    return plain((await coming.allTextContents()).join('\n'));
  };
  await until(read, (lines) => lines.includes('item.count'));
  const marks = page().locator('.monaco-diff-editor .char-insert, .monaco-diff-editor .line-insert');
  await until(() => marks.count(), (count) => count > 0);
  return read();
}

async function withoutDiff() {
  await page().locator('.monaco-diff-editor').first().waitFor({ state: 'hidden', timeout: PATIENCE });
  await page().locator(`${EDITOR} .view-line`).first().waitFor({ timeout: PATIENCE });
  return settled(text);
}

/** What the editor in front shows, in order. */
async function text() {
  const lines = page().locator(`${EDITOR} .view-lines .view-line`);
  const drawn = await lines.evaluateAll((all) =>
    all
      .map((one) => [one.getBoundingClientRect().top, one.textContent])
      .sort((one, other) => one[0] - other[0])
      .map(([, words]) => words),
  );
  return plain(drawn.join('\n'));
}

/** A refactor from the syntax tree comes without a preview, and goes in one step. */
async function computed() {
  await open('extracted.py', 2, 12);
  for (let count = 0; count < 'price * count'.length; count += 1) await press('Shift+ArrowRight');
  await action('Extract variable');
  await until(text, (lines) => lines.split('\n').length > 3);
  seen.extracted = await settled(text);
  await shot('extracted');
  await press('Escape');
  await press('Escape');
  await press('Control+z');
  await until(text, (lines) => lines.split('\n').length <= 3);
  seen.extractedUndone = await settled(text); // a line that is drawn anew is not there for a moment
}

/** What a model wrote is looked at in the editor's own preview. */
async function written() {
  await say({ text: '```\ndef f(a):\n    return bool(a)\n```' });
  await open('simplified.py', 1, 6);
  await action('Simplify');
  await confirmed('bool(a)');
  await say({ text: '```\n    return items[0]\n```' });
  await open('wrong.py', 2, 12);
  await action('Fix: itms');
  await confirmed('wrong.py');
  await open('wrong.py', 1, 1);
  await until(text, (lines) => lines.includes('return items'));
  await save();
  await open('simplified.py', 1, 1);
  await until(text, (lines) => lines.includes('bool(a)'));
  await save();
}

/** Take what the preview shows: none of it is taken by itself. */
async function confirmed(words) {
  const panel = page().locator('.bulk-edit-panel');
  const row = panel.locator('.monaco-list-row', { hasText: words }).first();
  await row.waitFor({ timeout: PATIENCE });
  await row.locator('input, .monaco-checkbox').first().click();
  await shot('preview');
  await panel.locator('.monaco-button', { hasText: 'Apply' }).first().click();
  await row.waitFor({ state: 'hidden', timeout: PATIENCE });
}

/** Take an action from the menu; it is opened again while the server is still reading the file. */
async function action(words) {
  const row = page().locator('.action-widget .monaco-list-row', { hasText: words }).first();
  for (let tries = 0; !(await row.count()) && tries < 10; tries += 1) {
    await press('Escape');
    await press('Control+.');
    await row.waitFor({ timeout: 2000 }).catch(() => undefined);
  }
  await row.click();
}

module.exports = { BETTER, editing, diff, selectLoop, text, wish, withoutDiff };
