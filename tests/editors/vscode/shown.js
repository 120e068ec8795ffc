// A session with a real model, as a picture story: see tests/support/record_vscode.py.

const fs = require('fs');
const path = require('path');
const { chat } = require('./chatting');
const { text } = require('./editing');
const {
  EDITOR, PATIENCE, cursorLine, find, ghost, open, page, press, save, seen, settled, shot, start, status, task, type,
  until,
} = require('./screen');

const SLOW = 4 * PATIENCE; // milliseconds that a small model on a processor may take
let count = 0;

async function shown() {
  await page().setViewportSize({ width: 960, height: 540 });
  await start('');
  await patiently(status, (text) => text.startsWith('Inglenook: idle')); // its weights are read
  await open('basket.py', 14);
  await type('return sum(');
  seen.ghost = await patiently(ghost, (text) => text !== '');
  await frame('ghost');
  await press('Tab');
  await settled(ghost);
  await press('Escape');
  seen.accepted = await cursorLine();
  await frame();
  await save();
  await edited();
  await asked();
}

async function edited() {
  await select(18, 5);
  await press('Control+i');
  await page().locator('.quick-input-widget input').first().waitFor({ timeout: PATIENCE });
  await type('use a list comprehension');
  await frame();
  await press('Enter');
  await page().locator('.monaco-diff-editor').first().waitFor({ timeout: SLOW });
  await page().waitForTimeout(1500);
  await frame('edit');
  await press('Control+Enter');
  await page().locator('.monaco-diff-editor').first().waitFor({ state: 'hidden', timeout: PATIENCE });
  await page().locator(`${EDITOR} .view-line`).first().waitFor({ timeout: PATIENCE });
  await until(text, (lines) => !lines.includes('append'));
  await frame();
  await save();
}

async function asked() {
  await select(13, 2);
  await press('Control+Alt+i');
  await chat().locator('#question').waitFor({ timeout: PATIENCE });
  await type('What does this function return for an empty list?');
  await press('Enter');
  const answer = chat().locator('article .answer');
  await patiently(() => answer.innerText(), (text) => text.length > 8);
  await frame();
  const busy = () => chat().locator('article').getAttribute('aria-busy');
  await patiently(busy, (is) => is === 'false');
  seen.answer = await answer.innerText();
  await frame('chat');
}

async function select(line, lines) {
  await find('basket.py');
  await press('Control+Home');
  for (let row = 1; row < line; row += 1) await press('ArrowDown');
  for (let number = 1; number < lines; number += 1) await press('Shift+ArrowDown');
  await press('Shift+End');
}

/** WebP holds a window in a third of what PNG takes. */
async function frame(still) {
  if (still) await shot(still);
  const protocol = await page().context().newCDPSession(page());
  const how = { format: 'webp', quality: 85 };
  const { data } = await protocol.send('Page.captureScreenshot', how);
  const name = path.join(task.shots, `frame-${++count}.webp`);
  fs.writeFileSync(name, Buffer.from(data, 'base64'));
}

/** `until`, for what a model is waited for. */
const patiently = (read, right) => until(read, right, SLOW);

module.exports = shown;
