// A machine without a model, and a workspace that is not trusted: the first run.

const fs = require('fs');
const path = require('path');
const { chat } = require('./chatting');
const {
  EDITOR, PATIENCE, answer, command, ghost, menu, notice, open, page, plain, press, save, seen, shot,
  start, status, task, type, until,
} = require('./screen');

async function fresh() {
  await start('offline');
  const banner = page().locator('.statusbar-item', { hasText: 'Restricted Mode' });
  seen.isRestricted = await until(() => banner.count(), (count) => count > 0);
  await getting();
  await working();
  await doctor();
  await failing();
  await trusting();
}

async function getting() {
  seen.prompt = await notice('Get the 491 MB model?');
  await shot('prompt');
  await menu('Get a model'); // also while it is asked
  await notice('Get the 491 MB model?');
  await answer('Get the 491 MB model?', 'Get It');
  seen.progress = await notice('of 491 MB');
  await shot('progress');
  await answer('of 491 MB', 'Cancel');
  seen.cancelled = await notice('was not fetched');
  await menu('Get a model');
  await notice('Get the 491 MB model?');
  await answer('Get the 491 MB model?', 'Get It');
  seen.done = await notice('ghost text with Tab');
  await until(status, (text) => text.startsWith('Inglenook: idle'));
}

async function working() {
  await open('typed.py', 2);
  await type('return ');
  seen.ghost = await until(ghost, (text) => text !== '');
  seen.status = await status();
  await shot('ghost');
  await press('Tab');
  await press('Escape');
  await save();
  seen.prompts = await prompts((all) => all.length > 0);
}

/** The slash prompts of the chat, which may be the workspace's, once they are enough. */
async function prompts(areEnough) {
  await press('Control+k');
  await press('a');
  const question = chat().locator('#question');
  await question.waitFor({ timeout: PATIENCE });
  return until(async () => {
    await question.fill('/'); // each time: the chord's second key can reach the page late
    return chat().locator('#prompts button').allInnerTexts();
  }, areEnough);
}

async function doctor() {
  await command('Inglenook: Run Doctor');
  await page().locator('.tab.active', { hasText: 'Doctor' }).waitFor({ timeout: PATIENCE });
  const lines = page().locator(`${EDITOR} .view-line`);
  seen.doctor = await until(
    async () => plain((await lines.allTextContents()).join('\n')),
    (text) => text.includes('qwen2.5-coder'),
  );
  await shot('doctor');
}

/** A server that ends again and again is not started for ever. */
async function failing() {
  const ended = page().locator('.notifications-toasts', { hasText: 'ended too often' });
  let last = 0;
  for (seen.kills = 0; !(await ended.count()); seen.kills += 1) {
    const pid = await until(
      async () => Number(fs.readFileSync(path.join(task.server, 'pid'), 'utf8')),
      (found) => found > 0 && found !== last,
    );
    await until(status, (text) => text.startsWith('Inglenook: idle'));
    process.kill(pid, 'SIGKILL');
    last = pid;
    await until(status, (text) => !text.startsWith('Inglenook: idle'));
    await page().waitForTimeout(200);
  }
  seen.failed = await status();
  await shot('ended');
  await answer('ended too often', 'Restart');
  seen.restarted = await until(status, (text) => text.startsWith('Inglenook: idle'));
  await open('again.py', 2);
  await type('return ');
  seen.ghostAgain = await until(ghost, (text) => text !== '');
}

/** From then on the workspace counts, for a server that is started again. */
async function trusting() {
  const pid = () => fs.readFileSync(path.join(task.server, 'pid'), 'utf8');
  const before = pid();
  await press('Escape');
  await command('Workspaces: Manage Workspace Trust');
  await page().locator('.workspace-trust-editor .monaco-button', { hasText: 'Trust' }).first().click();
  await until(async () => pid(), (now) => now !== before);
  // It is a dialog, and takes no notice of Escape once trust is given.
  await page().locator('.modal-editor-action-container .codicon-close').click();
  const dialog = page().locator('.modal-editor-part');
  await until(() => dialog.count(), (count) => count === 0);
  seen.promptsTrusted = await prompts((all) => all.includes('/theirs'));
  await shot('trusted');
}

module.exports = fresh;
