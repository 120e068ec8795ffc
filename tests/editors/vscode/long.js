// Many keys at a model that is slower than they are, while ghosts come and go.

const { ghost, open, page, press, save, seen, settled, shot, start, task } = require('./screen');

async function long() {
  await start();
  await open('long.py', 1);
  await page().keyboard.type(task.keys, { delay: 60 });
  await settled(ghost);
  await shot('long');
  await press('Escape');
  await save();
  const toasts = page().locator('.notifications-toasts .notification-list-item');
  seen.toasts = await toasts.allInnerTexts();
}

module.exports = long;
