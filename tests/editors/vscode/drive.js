// Drives one session of VS Code in a browser and prints what it saw, as JSON, for
// test_vscode.py to judge. Its one argument is JSON: { part, playwright, chromium, port, folder,
// shots }, and for the part "again" also { received, variants }.

const fs = require('fs');
const path = require('path');
const task = JSON.parse(process.argv[2]);
const { chromium } = require(path.join(task.playwright, 'playwright-core'));

const PATIENCE = 20000; // milliseconds until what should happen counts as not happening
const KEY = 40; // milliseconds between keys
const EDITOR = '.monaco-editor.focused'; // a file's, or that of a notebook's cell
const STATUS = '.statusbar-item [aria-label^="Inglenook: idle"]';
const PICKER = '.quick-input-widget';
const CELL = '.notebook-editor .code-cell-row';
const seen = { blocked: [] };
let page;

async function main() {
  const profile = path.join(task.shots, 'profile');
  const browser = await chromium.launchPersistentContext(profile, {
    executablePath: task.chromium,
    headless: true,
    viewport: { width: 1200, height: 700 },
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
  try {
    await { first, again }[task.part]();
  } catch (error) {
    seen.error = String(error.stack).slice(0, 2000);
    await shot('failed');
  }
  await browser.close();
  console.log(JSON.stringify(seen));
}

async function first() {
  await start();
  await accepting();
  await typingOn();
  await midLine();
  await popup();
  await notebook();
  await prompt();
  await picking();
}

/** After a restart, with settings of the workspace that want what they may not have. */
async function again() {
  await start();
  await open('again.py', 2);
  await type('return ');
  seen.remembered = await until(ghost, anyone);
  await variants();
  await pickForLanguage();
}

async function start() {
  await page.goto(`http://127.0.0.1:${task.port}/?folder=${encodeURIComponent(task.folder)}`);
  await page.waitForSelector('.explorer-folders-view .monaco-list-row', { timeout: 60000 });
  const item = page.locator(STATUS);
  await item.first().waitFor({ timeout: PATIENCE });
  seen.status = await item.first().getAttribute('aria-label');
}

async function accepting() {
  await open('accepted.py', 2);
  await type('return ');
  seen.ghost = await until(ghost, offered);
  seen.lineWithGhost = await cursorLine();
  await shot('ghost');
  await accept(seen.ghost);
  seen.lineAccepted = await cursorLine();
  await save();
}

async function typingOn() {
  await open('typed.py', 2);
  await type('return ');
  seen.offered = await until(ghost, offered);
  await type('val');
  await until(cursorLine, (line) => line.startsWith('    return val'));
  // What is on the screen once the answers to these keys are in, not in between.
  seen.kept = await settled(ghost);
  await shot('kept');
  await type('x');
  await until(cursorLine, (line) => line.startsWith('    return valx'));
  seen.dropped = await until(ghost, (text) => text !== seen.kept && text !== seen.kept.slice(1));
  seen.dropped = await settled(ghost);
  await shot('dropped');
  await press('Escape');
  await save();
}

async function midLine() {
  await open('middle.py', 1, 11);
  await type(' ');
  seen.middle = await until(ghost, offered);
  seen.middleLine = await cursorLine();
  await shot('middle');
  await accept(seen.middle);
  await save();
}

async function popup() {
  await open('popup.py', 3);
  await type('return vol');
  await press('Control+Space');
  const row = page.locator('.suggest-widget.visible .monaco-list-row.focused');
  await row.first().waitFor({ timeout: PATIENCE });
  seen.selected = plain(await row.first().locator('.label-name').first().textContent());
  seen.besidePopup = await settled(cursorLine);
  await shot('popup');
  await press('Tab');
  await page.locator('.suggest-widget.visible').waitFor({ state: 'hidden', timeout: PATIENCE });
  await settled(ghost);
  await shot('popup-accepted');
  await press('Escape');
  await save();
}

async function notebook() {
  await show('circles.ipynb');
  await page.locator(`${CELL} .view-line`, { hasText: 'small' }).first().click();
  await press('Control+End');
  await type('a');
  seen.cellGhost = await until(ghost, offered);
  seen.cellLine = await cursorLine();
  await shot('cell');
  await press('Tab');
  await until(ghost, (text) => text !== seen.cellGhost);
  // Above the note it is completed too.
  await until(editedCellsAfterEscape, (count) => count === 0);
  await press('Alt+ArrowUp');
  await press('Enter');
  await until(editedCells, (count) => count === 1);
  await press('Control+End');
  await type('\nlarge = a');
  seen.movedGhost = await until(ghost, offered);
  await shot('cell-moved');
  await press('Tab');
  await until(ghost, (text) => text !== seen.movedGhost);
  await press('Escape');
  await save();
}

/** The document that says why the last prompt was as it was. */
async function prompt() {
  await press('F1');
  await type('Inglenook: Show Last Prompt');
  await press('Enter');
  await page.locator('.tab.active', { hasText: 'prompt' }).waitFor({ timeout: PATIENCE });
  await until(firstLine, (line) => line.startsWith('The prompt for'));
  seen.promptLine = await firstLine();
  await type('zorblat');
  await page.waitForTimeout(300);
  seen.promptTyped = await firstLine();
  await shot('prompt');
}

/** A click on the status bar lists the models; one that cannot be used cannot be chosen. */
async function picking() {
  await open('picked.py', 2);
  await page.locator(STATUS).first().click();
  seen.models = await until(rows, (all) => all.length >= 4);
  await shot('models');
  await type('Gone');
  await until(rows, (all) => all.length === 1);
  await press('Enter');
  await page.waitForTimeout(300);
  seen.refusedStays = await rows();
  await press('Control+a');
  await choose('Second');
  await open('picked.py', 2); // the status bar has the focus again
  await type('return ');
  seen.picked = await until(ghost, anyone);
  await shot('picked');
  seen.statusPicked = await page.locator(STATUS).first().getAttribute('aria-label');
}

async function variants() {
  for (const [marker, settings] of Object.entries(task.variants)) {
    fs.writeFileSync(path.join(task.folder, '.vscode/settings.json'), JSON.stringify(settings));
    const told = () => fs.readFileSync(task.received, 'utf8').includes(`"${marker}"`);
    await until(async () => told(), (was) => was);
  }
}

/** Another model for Python alone; what the list holds is what the server has looked for. */
async function pickForLanguage() {
  await press('Escape');
  await press('F1');
  await type('Inglenook: Select Model');
  await press('Enter');
  seen.modelsAgain = await until(rows, (all) => all.length >= 3);
  await choose('For python files');
  await until(rows, (all) => all.some((row) => row.includes('As for other files')));
  await choose('fake');
  await open('spoken.py', 2);
  await type('return ');
  seen.spoken = await until(ghost, anyone);
  await shot('spoken');
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
  await row.first().dblclick();
  // A document that was opened beside may leave two groups, and the file be active in both.
  await page.locator('.tab.active', { hasText: name }).first().waitFor({ timeout: PATIENCE });
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

/** What `read` gives once it is `right`; after PATIENCE whatever it gives then. */
async function until(read, right) {
  const end = Date.now() + PATIENCE;
  let value = await read();
  while (!right(value)) {
    if (Date.now() > end) throw new Error(`still ${JSON.stringify(value)} in ${read.name}`);
    await page.waitForTimeout(20);
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

main();
