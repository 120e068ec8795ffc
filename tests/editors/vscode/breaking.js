// A server that is killed comes back by itself, and ghost text with it.

const fs = require('fs');
const path = require('path');
const { say } = require('./model');
const { ghost, open, press, save, seen, shot, status, task, type, until } = require('./screen');

async function breaking() {
  await say({ text: 'value_{n}' });
  process.kill(Number(fs.readFileSync(path.join(task.server, 'run0/pid'), 'utf8')), 'SIGKILL');
  const again = () => fs.existsSync(path.join(task.server, 'run1/pid'));
  await until(async () => again(), (is) => is);
  seen.back = await until(status, (text) => text.startsWith('Inglenook: idle'));
  await open('back.py', 2);
  await type('return ');
  seen.ghostIsBack = await until(ghost, (text) => text.startsWith('value_'));
  await shot('back');
  await press('Escape');
  await save();
}

module.exports = breaking;
