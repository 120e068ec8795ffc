// The first session: ghost text as it is seen and accepted, notebooks, and choosing a model.

const {
  CELL, PATIENCE, accept, anyone, choose, command, cursorLine, editedCells, editedCellsAfterEscape,
  firstLine, ghost, menu, offered, open, page, plain, press, rows, save, seen, settled, shot, show,
  start, status, type, until,
} = require('./screen');

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
  const row = page().locator('.suggest-widget.visible .monaco-list-row.focused');
  await row.first().waitFor({ timeout: PATIENCE });
  seen.selected = plain(await row.first().locator('.label-name').first().textContent());
  seen.besidePopup = await settled(cursorLine);
  await shot('popup');
  await press('Tab');
  await page().locator('.suggest-widget.visible').waitFor({ state: 'hidden', timeout: PATIENCE });
  await settled(ghost);
  await shot('popup-accepted');
  await press('Escape');
  await save();
}

async function notebook() {
  await show('circles.ipynb');
  await page().locator(`${CELL} .view-line`, { hasText: 'small' }).first().click();
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
  await menu('Pause the folder ws');
  seen.pausedCell = await until(status, (text) => text.includes('paused'));
  await menu('Resume the folder ws');
  await until(status, (text) => !text.includes('paused'));
}

/** The document that says why the last prompt was as it was. */
async function prompt() {
  await command('Inglenook: Why This Suggestion');
  await page().locator('.tab.active', { hasText: 'prompt' }).waitFor({ timeout: PATIENCE });
  await until(firstLine, (line) => line.startsWith('The prompt for'));
  seen.promptLine = await firstLine();
  await type('zorblat');
  await page().waitForTimeout(300);
  seen.promptTyped = await firstLine();
  await shot('prompt');
}

/** The menu of the status bar lists the models; one that cannot be used cannot be chosen. */
async function picking() {
  await open('picked.py', 2);
  await menu('Select the model for completions');
  seen.models = await until(rows, (all) => all.length >= 4);
  await shot('models');
  await type('Gone');
  await until(rows, (all) => all.length === 1);
  await press('Enter');
  await page().waitForTimeout(300);
  seen.refusedStays = await rows();
  await press('Control+a');
  await choose('Second');
  await open('picked.py', 2); // the status bar has the focus again
  await type('return ');
  seen.picked = await until(ghost, anyone);
  await shot('picked');
  seen.statusPicked = await status();
}

module.exports = first;
