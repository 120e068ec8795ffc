// Many keys at a model that is slower than they are, while ghosts come and go.

const { say } = require('./model');
const { ghost, open, page, press, save, seen, settled, shot, task } = require('./screen');

async function long() {
  await say({ text: 'value_{n}', first_token_ms: 300 });
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
