// The window of a VS Code in a browser: what is done to it, and what is seen of it.

const path = require('path');
const task = JSON.parse(process.argv[2]);
const { chromium } = require(path.join(task.playwright, 'playwright-core'));

const PATIENCE = 60000; // milliseconds until what should happen counts as not happening
const BEGINNING = 120000; // and until all of it has started
const KEY = 40; // milliseconds between keys
const EDITOR = '.monaco-editor.focused'; // a file's, or that of a notebook's cell
const STATUS = '.statusbar-item [aria-label^="Inglenook: "]';
const PICKER = '.quick-input-widget';
const CELL = '.notebook-editor .code-cell-row';
const seen = { blocked: [] };
let page;

/** Open a browser, have `part` done in it, and tell what was seen. */
async function drive(part) {
  const browser = await chromium.launchPersistentContext(path.join(task.shots, 'profile'), {
    executablePath: task.chromium,
    headless: true,
    viewport: { width: 1200, height: 700 },
    permissions: ['clipboard-read', 'clipboard-write'],
    args: [
      ...(process.getuid() === 0 ? ['--no-sandbox'] : []),
      '--disable-gpu',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
  const outside = (url) => url.hostname !== '127.0.0.1';
  await browser.route(outside, (route) => {
    seen.blocked.push(new URL(route.request().url()).hostname);
    return route.abort();
  });
  page = browser.pages()[0];
  page.setDefaultTimeout(PATIENCE);
  try {
    await part();
  } catch (error) {
    seen.error = String(error.stack).slice(0, 2000);
    await shot('failed');
  }
  await browser.close();
  console.log(JSON.stringify(seen));
}

/** Wait for the workbench, and for a status of the server that begins so. */
async function start(state = 'idle') {
  await page.goto(`http://127.0.0.1:${task.port}/?folder=${encodeURIComponent(task.folder)}`, { timeout: BEGINNING });
  await page.waitForSelector('.explorer-folders-view .monaco-list-row', { timeout: BEGINNING });
  seen.status = await until(status, (text) => text.startsWith(`Inglenook: ${state}`), BEGINNING);
}

/** What the status bar says of the server, as it is read to who cannot see it. */
async function status() {
  const item = page.locator(STATUS).first();
  return (await item.count()) ? await item.getAttribute('aria-label') : '';
}

/** A click on the status bar, and what its menu offers under these words. */
async function menu(words) {
  await page.locator(STATUS).first().click();
  await until(rows, (all) => all.some((row) => row.includes(words)));
  await choose(words);
}

/** The text of a notification once one has these words. */
async function notice(words) {
  const toast = toastOf(words);
  await toast.waitFor({ timeout: PATIENCE });
  return plain(await toast.innerText());
}

/** Press a button of that notification. */
async function answer(words, button) {
  // At once: a notification hides itself, and a click by the mouse waits until it stands still.
  await toastOf(words).locator('.monaco-button', { hasText: button }).first().dispatchEvent('click');
}

const toastOf = (words) =>
  page.locator('.notifications-toasts .notification-list-item', { hasText: words }).first();

/** A command by its name. */
async function command(name) {
  await press('F1');
  await page.locator(`${PICKER} input`).first().waitFor({ timeout: PATIENCE });
  await type(name);
  await until(rows, (all) => all.length > 0 && all[0].includes(name));
  await press('Enter');
}

/** Take the one item of the picker that has these words. */
async function choose(words) {
  await type(words);
  await until(rows, (all) => all.length === 1 && all[0].includes(words));
  await press('Enter');
  await until(rows, (all) => !all.some((row) => row.includes(words)));
}

/** What the picker lists. */
async function rows() {
  const all = page.locator(`${PICKER} .monaco-list-row`);
  const labels = await all.evaluateAll((each) => each.map((row) => row.getAttribute('aria-label')));
  const isShown = await page.locator(PICKER).first().isVisible().catch(() => false);
  return isShown ? labels : [];
}

/** The first line of the editor that was opened last. */
async function firstLine() {
  const lines = page.locator(`${EDITOR} .view-lines .view-line`);
  const tops = await lines.evaluateAll((all) =>
    all.map((one) => [one.getBoundingClientRect().top, one.textContent]),
  );
  tops.sort((one, other) => one[0] - other[0]);
  return plain(tops.length ? tops[0][1] : '');
}

async function open(name, line, column) {
  await show(name);
  await page.locator('.monaco-editor .view-line').first().click();
  await press('Control+Home');
  for (let row = 1; row < line; row += 1) await press('ArrowDown');
  if (column) {
    for (let at = 1; at < column; at += 1) await press('ArrowRight');
  } else {
    await press('End');
  }
}

async function show(name) {
  const row = page.locator('.explorer-folders-view .monaco-list-row', { hasText: name });
  if (!(await row.first().isVisible())) await press('Control+Shift+e');
  await row.first().dblclick();
  // A document that was opened beside may leave two groups, and the file be active in both.
  await page.locator('.tab.active', { hasText: name }).first().waitFor({ timeout: PATIENCE });
}

/** Open a file and leave the side bar as it is. */
async function find(name) {
  await press('Control+p');
  await page.locator(`${PICKER} input`).first().waitFor({ timeout: PATIENCE });
  await type(name);
  await until(rows, (all) => all.length > 0 && all[0].includes(name));
  await press('Enter');
  await page.locator('.tab.active', { hasText: name }).first().waitFor({ timeout: PATIENCE });
  await page.locator(EDITOR).first().waitFor({ timeout: PATIENCE });
}

async function save() {
  await press('Control+s');
  await page.locator('.tab.active:not(.dirty)').waitFor({ timeout: PATIENCE });
}

const press = (keys) => page.keyboard.press(keys);
const type = (text) => page.keyboard.type(text, { delay: KEY });
const shot = (name) => page.screenshot({ path: path.join(task.shots, `${name}.png`) });
const plain = (text) => text.replaceAll('\u00a0', ' ').replaceAll('\u200c', '');
const anyone = (text) => /^(value|other)_\d+$/.test(text);
const offered = (text) => /^value_\d+$/.test(text);

/** How many cells of a notebook have the cursor in their text: one or none. */
const editedCells = () => page.locator(`${CELL} ${EDITOR}`).count();

/** Accept the ghost; there may be a next one at once, which is put away. */
async function accept(old) {
  await press('Tab');
  await until(ghost, (text) => text !== old);
  await settled(ghost);
  await press('Escape');
  await until(ghost, (text) => text === '');
}

/** The first Escape may be for a ghost. */
async function editedCellsAfterEscape() {
  await press('Escape');
  await page.waitForTimeout(100);
  return editedCells();
}

/** The ghost text on the screen; VS Code splits it into one element for each token. */
async function ghost() {
  const parts = page.locator(`${EDITOR} .ghost-text-decoration, ${EDITOR} .ghost-text`);
  const texts = await parts.evaluateAll((all) =>
    all.filter((one) => !one.querySelector('[class*="ghost-text"]')).map((one) => one.textContent),
  );
  return plain(texts.join(''));
}

/** The line in which the cursor stands, as it is drawn: with ghost text, if there is any. */
async function cursorLine() {
  const text = await page.evaluate((editor) => {
    const top = (element) => element.getBoundingClientRect().top;
    const cursor = document.querySelector(`${editor} .cursors-layer .cursor`);
    const lines = [...document.querySelectorAll(`${editor} .view-lines .view-line`)];
    const line = lines.find((one) => Math.abs(top(one) - top(cursor)) < 4);
    return line ? line.textContent : '';
  }, EDITOR);
  return plain(text);
}

/** What `read` gives once it is `right`; it fails if that takes too long. */
async function until(read, right, patience = PATIENCE) {
  const end = Date.now() + patience;
  let value = await read();
  while (!right(value)) {
    if (Date.now() > end) throw new Error(`still ${JSON.stringify(value)} in ${read.name}`);
    await page.waitForTimeout(50);
    value = await read();
  }
  return value;
}

/** What `read` gives when it has been the same for a while. */
async function settled(read) {
  let value = await read();
  for (let since = Date.now(); Date.now() - since < 700; ) {
    await page.waitForTimeout(50);
    const next = await read();
    if (next !== value) since = Date.now();
    value = next;
  }
  return value;
}

module.exports = {
  CELL, EDITOR, PATIENCE, PICKER, STATUS, accept, answer, anyone, choose, command, cursorLine, drive,
  editedCells, editedCellsAfterEscape, find, firstLine, ghost, menu, notice, offered, open, plain, press, rows,
  save, seen, settled, shot, show, start, status, task, type, until,
  page: () => page,
};
