// The chat in the side bar: asked, streamed, stopped, and its code put to use.

const { say } = require('./model');
const { diff, selectLoop, text, withoutDiff } = require('./editing');
const {
  PATIENCE, find, page, plain, press, save, seen, settled, shot, type, until,
} = require('./screen');

const ANSWER =
  '<think>First the price.</think>It **adds** up the prices, [see](https://evil.example/).\n\n' +
  '```python\nfor item in items:\n    net += item.price * item.count\n```\n\n<img src=x>\n';

async function chatting() {
  await asking();
  await prompts();
  await using();
  await stopping();
}

/** The page of the chat, which stands in two frames. */
function chat() {
  return page().frameLocator('iframe.webview').first().frameLocator('#active-frame');
}

async function asking() {
  await say({ text: ANSWER, chunk: 4, token_ms: 15 });
  await selectLoop('chatted.py');
  await press('Control+Alt+i');
  await chat().locator('#question').waitFor({ timeout: PATIENCE });
  seen.about = await until(about, (words) => words.includes('chatted.py'));
  await until(focused, (id) => id === 'question');
  await type('What is this?');
  await press('Enter');
  const lengths = new Set();
  const length = async () => {
    lengths.add((await answer()).length);
    return lengths.size;
  };
  await until(length, (count) => count > 4); // it grows
  await shot('chat-streaming');
  await until(busy, (is) => is === 'false');
  seen.answer = await answer();
  seen.reasoningIsFolded = !(await chat().locator('details.reasoning p').first().isVisible());
  await chat().locator('details.reasoning summary').click();
  seen.reasoning = await chat().locator('details.reasoning p').first().innerText();
  await chat().locator('details.used summary').click();
  seen.used = await chat().locator('details.used li').allInnerTexts();
  seen.links = await chat().locator('article a, article img').count();
  await shot('chat');
}

async function prompts() {
  await chat().locator('#question').focus();
  await type('/ex');
  const offered = chat().locator('#prompts button');
  seen.prompts = await until(() => offered.allInnerTexts(), (all) => all.length > 0);
  await press('Tab');
  seen.promptTaken = await until(
    () => chat().locator('#question').inputValue(),
    (value) => value.endsWith(' '),
  );
  await chat().locator('#question').fill('/zor'); // select-all takes its time in a frame
  seen.ownPrompts = await until(() => offered.allInnerTexts(), (all) => all[0] === '/zorblat');
  await chat().locator('#question').fill('');
}

/** By keys alone: from the question back to the code, and what it is good for. */
async function using() {
  await chat().getByRole('button', { name: 'Copy the code' }).focus();
  await press('Enter');
  seen.copied = await until(
    () => page().evaluate(() => navigator.clipboard.readText()),
    (words) => words.includes('net +='),
  );
  await chat().getByRole('button', { name: 'Replace the selection' }).focus();
  await press('Enter');
  seen.replacing = await diff();
  await shot('chat-replace');
  await page().locator('.monaco-diff-editor .modified .focused').first().waitFor({ timeout: PATIENCE });
  await press('Control+Enter');
  seen.replaced = await withoutDiff();
  await save();
  await find('inserted.py');
  await press('Control+End');
  await until(about, (words) => words.includes('inserted.py'));
  await chat().getByRole('button', { name: 'Insert the code' }).focus();
  await press('Enter');
  seen.inserted = await until(text, (lines) => lines.includes('item.count'));
  await press('Escape');
  await save();
}

async function stopping() {
  await say({ text: 'on and ', chunk: 7, token_ms: 30, endless: true });
  await chat().locator('#question').focus();
  await type('Go on?');
  await press('Enter');
  await until(answer, (words) => words.includes('on and on'));
  await press('Escape');
  const note = chat().locator('article').last().locator('.note');
  seen.stopped = await until(() => note.first().innerText(), (words) => words === 'Stopped.');
  await say({ text: 'value_{n}' });
  seen.quiet = (await settled(answer)).length > 0;
  await shot('chat-stopped');
}

const about = async () => plain(await chat().locator('#about').innerText());
const answer = async () => {
  const last = chat().locator('article').last().locator('.answer');
  return (await last.count()) ? plain(await last.innerText()) : '';
};
const busy = () => chat().locator('article').last().getAttribute('aria-busy');
const focused = () => chat().locator(':focus').getAttribute('id', { timeout: PATIENCE });

module.exports = { chatting, chat };
