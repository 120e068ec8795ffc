// VS Code as it comes, with a chat of its own: the keys that always work, and edits one at a time.

const { chat } = require('./chatting');
const { BETTER, diff, text, wish, withoutDiff } = require('./editing');
const { asked, say } = require('./model');
const {
  CELL, EDITOR, PATIENCE, answer, command, find, notice, page, plain, press, save, seen, shot, show, start, status, type,
  until,
} = require('./screen');

async function stock() {
  await start();
  await lookedAt();
  await oneAtATime();
  await stopped();
  await drafted();
  await hidden();
  await elsewhere();
  await inCell();
}

/** A file in a tab that a single click gave it, which the next file would take. */
async function lookedAt() {
  await say({ text: BETTER });
  const row = page().locator('.explorer-folders-view .monaco-list-row', { hasText: 'looked.py' });
  await row.first().click();
  await page().locator('.tab.active', { hasText: 'looked.py' }).waitFor({ timeout: PATIENCE });
  seen.isPreview = await page().locator('.tab.active .monaco-icon-label.italic').count();
  await page().locator('.monaco-editor .view-line').first().click();
  await selectLoop();
  seen.selected = await selection();
  await wish('g');
  await diff();
  await press('Escape');
  await withoutDiff();
  seen.discarded = [await tabs(), await selection()];
  await wish('g');
  await diff();
  await shot('stock-edit');
}

/** The edit that is shown is decided on by its own keys, in its own diff, before there is another. */
async function oneAtATime() {
  await find('other.py');
  await selectLoop();
  await command('Compare Active File with Clipboard');
  await page().locator('.tab.active', { hasText: 'Clipboard' }).waitFor({ timeout: PATIENCE });
  await page().locator('.monaco-diff-editor .modified .focused').first().waitFor({ timeout: PATIENCE });
  seen.otherDiff = await tabs();
  await press('Control+Enter');
  await press('Escape');
  await press('Control+w');
  await until(tabs, (all) => !all.some((tab) => tab.includes('Clipboard')));
  seen.keptByOtherDiff = await tabs();
  await find('other.py');
  await press('Control+k');
  await press('g');
  seen.isShown = await notice('shown already');
  await answer('shown already', 'Show It');
  await page().locator('.monaco-diff-editor .modified .focused').first().waitFor({ timeout: PATIENCE });
  seen.shownAgain = await diff();
  await press('Control+Enter');
  await withoutDiff();
  seen.accepted = [await tabs(), await selection()];
  await save();
}

/** While an edit is being written, it is stopped by the next one and by a button. */
async function stopped() {
  await say({ text: BETTER, first_token_ms: 600000 });
  await find('first.py');
  await selectLoop();
  const before = await asked();
  await wish('g');
  seen.progress = await notice('writing an edit of first.py');
  await until(asked, (count) => count > before); // the model is what it waits for
  await say({ text: BETTER });
  await find('second.py');
  await selectLoop();
  await wish('g');
  await notice('to make room');
  seen.second = await diff();
  seen.tabs = await tabs();
  await press('Control+Enter');
  await withoutDiff();
  await save();
  await say({ text: BETTER, first_token_ms: 600000 });
  await find('third.py');
  await selectLoop();
  await wish('g');
  await notice('writing an edit of third.py');
  await answer('writing an edit of third.py', 'Cancel');
  await withoutProgress();
  seen.cancelled = await tabs();
  await say({ text: BETTER });
  await press('Control+k');
  await press('a');
  await chat().locator('#question').waitFor({ timeout: PATIENCE });
  seen.about = await until(about, (words) => words.includes('third.py'));
  await shot('stock-chat');
}

async function withoutProgress() {
  const toasts = page().locator('.notifications-toasts .notification-list-item');
  const progress = toasts.filter({ hasText: 'writing an edit' });
  await progress.first().waitFor({ state: 'hidden', timeout: PATIENCE });
}

/** What is being written stays while the view is away, and while it cannot be asked. */
async function drafted() {
  await chat().locator('#question').focus();
  await type('What is');
  await press('Control+Shift+e');
  await page().locator('iframe.webview').first().waitFor({ state: 'hidden', timeout: PATIENCE });
  await press('Control+k');
  await press('a');
  seen.draft = await until(draft, (text) => text !== '');
  await until(focused, (id) => id === 'question');
  await press('End');
  await say({ text: '```python\ninserted = 1\n```\n' });
  seen.turns = [await ask(' this?')];
  seen.draftAsked = await draft();
}

/** Code goes into the file that was asked about, also if something else is in front of it. */
async function hidden() {
  await press('Control+,');
  await page().locator('.settings-editor').first().waitFor({ timeout: PATIENCE });
  await chat().getByRole('button', { name: 'Insert the code' }).last().focus();
  await press('Enter');
  await page().locator('.tab.active', { hasText: 'third.py' }).waitFor({ timeout: PATIENCE });
  seen.insertedHidden = await until(text, (lines) => lines.includes('inserted = 1'));
  await save();
}

/** What of the conversation is sent with a question about another file, and about the first again. */
async function elsewhere() {
  await find('first.py');
  seen.turns.push(await ask('And this?'));
  await find('third.py');
  seen.turns.push(await ask('And that?'));
  await command('Inglenook: Restart Server');
  await until(status, (words) => !words.startsWith('Inglenook: idle'));
  await until(status, (words) => words.startsWith('Inglenook: idle'));
  seen.turns.push(await ask('And now?'));
  await shot('stock-turns');
}

/** A cell is not edited by a model, which is said; code of the chat goes into it. */
async function inCell() {
  await show('circles.ipynb');
  await press('Control+k');
  await press('a');
  await chat().locator('#question').waitFor({ timeout: PATIENCE });
  await selectInCell();
  await wish('g');
  seen.cellRefused = await notice('Cells of a notebook');
  await withoutProgress();
  await selectInCell();
  await press('Control+End');
  await until(about, (words) => !words.includes('lines 3 to 4'));
  await chat().getByRole('button', { name: 'Insert the code' }).last().focus();
  await press('Enter');
  seen.cellInserted = await until(cell, (text) => text.includes('inserted = 1'));
  await shot('stock-cell');
}

const cell = async () => plain(await page().locator(`${CELL} .view-lines`).first().innerText());

/** The status bar says nothing of it, and the chat does. */
async function selectInCell() {
  await page().locator(`${CELL} .view-line`).first().click();
  await selectLoop(() => until(about, (words) => /^About circles.ipynb.*, lines 3 to 4/.test(words)));
}

/** Ask, wait for the end of the answer, and give what the turn says of what it is about. */
async function ask(words) {
  const turns = chat().locator('article');
  const count = await turns.count();
  await chat().locator('#question').focus();
  await type(words);
  await press('Enter');
  await until(() => turns.count(), (now) => now === count + 1);
  await until(() => turns.last().getAttribute('aria-busy'), (is) => is === 'false');
  return plain(await turns.last().locator('.asked .about').innerText());
}

const about = async () => plain(await chat().locator('#about').innerText());
const draft = () => chat().locator('#question').inputValue();
const focused = () => chat().locator(':focus').getAttribute('id', { timeout: PATIENCE });

/** The third and fourth line, from the keyboard. */
async function selectLoop(isSelected = () => until(selection, (words) => words.includes('selected'))) {
  await page().locator(`${EDITOR} .view-line`).first().waitFor({ timeout: PATIENCE });
  await press('Control+Home');
  await press('ArrowDown');
  await press('ArrowDown');
  await press('Shift+ArrowDown');
  await press('Shift+End');
  await isSelected();
}

/** What the status bar says of it. */
async function selection() {
  const item = page().locator('[id="status.editor.selection"]');
  return (await item.count()) ? plain(await item.innerText()) : '';
}

const tabs = async () => (await page().locator('.tab').allInnerTexts()).map((text) => plain(text).replaceAll('\n', ''));

module.exports = stock;
