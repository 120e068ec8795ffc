// A machine without a model, and a workspace that is not trusted: the first run.

const fs = require('fs');
const path = require('path');
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
}

async function getting() {
  seen.prompt = await notice('Get the 491 MB model?');
  await shot('prompt');
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

module.exports = fresh;
