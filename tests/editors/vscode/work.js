// The second session: all that is done with ghost text, edits and the chat.

const accepting = require('./accepting');
const { chatting } = require('./chatting');
const { editing } = require('./editing');
const long = require('./long');
const looking = require('./looking');
const { start } = require('./screen');

async function work() {
  await start();
  await accepting();
  await long();
  await editing();
  await chatting();
  await looking();
}

module.exports = work;
