// A ghost accepted in parts, the next one, one that is put away, slow ones, and pauses.

const { asked, begun, say } = require('./model');
const {
  cursorLine, ghost, menu, open, press, save, seen, settled, shot, status, type,
  until,
} = require('./screen');

const some = (text) => text !== '';

async function accepting() {
  await inParts();
  await others();
  await slowly();
  await paused();
}

async function inParts() {
  await say({ text: 'alpha(beta, gamma)' });
  await open('words.py', 2);
  await type('return ');
  seen.whole = await until(ghost, some);
  await press('Control+ArrowRight');
  seen.afterWord = await until(ghost, (text) => text !== seen.whole);
  await shot('word');
  await press('Control+Alt+ArrowRight');
  seen.afterLine = await until(ghost, (text) => !seen.afterWord.endsWith(text) || text === '');
  seen.words = await until(cursorLine, (line) => line.includes('gamma)'));
  await press('Escape');
  await save();
}

/** There are several, through which one can go, and all can be put away. */
async function others() {
  await say({ text: 'value_{n}' });
  await open('others.py', 2);
  await type('return ');
  await until(ghost, some);
  seen.first = await settled(ghost);
  await press('Alt+]'); // asks for more, and shows the next of them
  seen.next = await until(ghost, (text) => text !== '' && text !== seen.first);
  await shot('next');
  await press('Escape');
  seen.dismissed = await until(ghost, (text) => text === '');
  await save();
}

/** Every ghost that is drawn while three keys are typed at a model that is slower than they are. */
async function slowly() {
  await say({ text: 'slow_{n}', first_token_ms: 400 });
  await open('slow.py', 2);
  const drawn = new Set();
  const look = async () => {
    drawn.add(await ghost());
    return drawn.size;
  };
  for (const key of ['a', 'b', 'c']) {
    await type(key);
    for (let times = 0; times < 3; times += 1) await look();
  }
  await until(look, (size) => size > 1);
  await settled(look);
  seen.drawn = [...drawn].filter(Boolean);
  seen.drawnFor = await begun(Number(seen.drawn[0].split('_')[1]));
  await press('Escape');
  await save();
}

async function paused() {
  await say({ text: 'value_{n}' });
  seen.pausedLanguage = await pause('paused.py', 'python files');
  seen.pausedFolder = await pause('folder.py', 'the folder ws');
}

/** Pause, type, and go on: what the status bar says, what is drawn, how much is asked. */
async function pause(name, what) {
  const told = {};
  await open(name, 2);
  await menu(`Pause ${what}`);
  told.status = await until(status, (text) => text.includes('paused'));
  await open(name, 2);
  const before = await asked();
  await type('return ');
  told.ghost = await settled(ghost);
  told.asked = (await asked()) - before;
  await shot(`paused-${name}`);
  await menu(`Resume ${what}`);
  told.resumed = await until(status, (text) => !text.includes('paused'));
  await open(name, 2);
  await type('v');
  told.after = await until(ghost, some);
  await press('Escape');
  await save();
  return told;
}

module.exports = accepting;
