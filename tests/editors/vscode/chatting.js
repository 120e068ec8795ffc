// The chat in the side bar: asked, streamed, stopped, and its code put to use.

const { lastBody, say } = require('./model');
const { diff, selectLoop, text, withoutDiff } = require('./editing');
const {
  PATIENCE, PICKER, choose, find, page, plain, press, rows, save, seen, settled, shot, type, until,
} = require('./screen');

const ANSWER =
  '<think>First the price.</think>It **adds** up the prices, [see](https://evil.example/).\n\n' +
  '```python\nfor item in items:\n    net += item.price * item.count\n```\n\n<img src=x>\n';

async function chatting() {
  await asking();
  await prompts();
  await using();
  await attaching();
  await stopping();
}

/** The page of the chat, which stands in two frames. */
function chat() {
  return page().frameLocator('iframe.webview').first().frameLocator('#active-frame');
}

async function asking() {
  await say({ text: ANSWER, chunk: 4, token_ms: 30 });
  await selectLoop('chatted.py');
  await press('Control+Alt+i');
  await chat().locator('#question').waitFor({ timeout: PATIENCE });
  seen.about = await until(about, (words) => words.includes('chatted.py'));
  await until(focused, (id) => id === 'question');
  await type('What is this?');
  const frame = await watched();
  await press('Enter');
  await until(answer, (words) => words.includes('It adds'));
  await shot('chat-streaming');
  await until(busy, (is) => is === 'false');
  seen.lengths = await frame.evaluate(() => [...globalThis.lengths]);
  seen.answer = await answer();
  seen.reasoningIsFolded = !(await chat().locator('details.reasoning p').first().isVisible());
  await chat().locator('details.reasoning summary').click();
  seen.reasoning = await chat().locator('details.reasoning p').first().innerText();
  await chat().locator('details.used summary').click();
  seen.used = await chat().locator('details.used li').allInnerTexts();
  seen.links = await chat().locator('article a, article img').count();
  await shot('chat');
}

/** The frame of the page, in which every length is kept that the conversation has. */
async function watched() {
  const frame = await (await chat().locator('body').elementHandle()).ownerFrame();
  await frame.evaluate(() => {
    const turns = document.getElementById('turns');
    globalThis.lengths = new Set();
    const look = () => globalThis.lengths.add(turns.textContent.length);
    new MutationObserver(look).observe(turns, { childList: true, subtree: true });
  });
  return frame;
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

/** Another file is sent with one question, and not with the next; by keys alone. */
async function attaching() {
  await say({ text: 'Both of them.' });
  await attach('words.py');
  seen.attached = await until(files, (all) => all.length > 0);
  await until(() => page().locator(PICKER).first().isVisible(), (is) => !is);
  await chat().getByRole('button', { name: 'Do not send words.py' }).focus();
  await press('Enter');
  seen.detached = await until(files, (all) => all.length === 0);
  seen.focusAfterDetaching = await until(focused, (id) => id === 'question');
  await attach('words.py');
  await until(files, (all) => all.length > 0);
  await chat().locator('#question').focus();
  await type('And this?');
  await press('Enter');
  await until(answer, (words) => words === 'Both of them.');
  await until(busy, (is) => is === 'false');
  seen.attachedUsed = await chat().locator('article').last().locator('details.used li').allTextContents();
  seen.attachedSent = (await lastBody()).includes('alpha(beta, gamma)');
  seen.filesAfterwards = await files();
  await shot('chat-attached');
}

async function attach(name) {
  await chat().getByRole('button', { name: 'Add File…' }).focus();
  await press('Enter');
  await until(rows, (all) => all.some((row) => row.includes(name)));
  await choose(name);
}

async function stopping() {
  await say({ text: 'on and ', chunk: 7, token_ms: 30, endless: true });
  await chat().locator('#question').focus();
  await type('Go on?');
  await press('Enter');
  await until(answer, (words) => words.includes('on and on'));
  await press('Escape');
  seen.stopped = await until(note, isStopped);
  await chat().locator('#question').focus();
  await type('Again?');
  await press('Enter');
  await until(answer, (words) => words.includes('on and on'));
  await chat().getByRole('button', { name: 'Stop' }).focus();
  await press('Enter');
  await until(note, isStopped);
  seen.focusAfterStopping = await until(focused, (id) => id === 'question');
  await say({ text: 'value_{n}' });
  seen.quiet = (await settled(answer)).length > 0;
  await shot('chat-stopped');
}

const about = async () => plain(await chat().locator('#about').innerText());
const answer = async () => {
  const last = chat().locator('article').last().locator('.answer');
  return (await last.count()) ? plain(await last.innerText()) : '';
};
const note = () => chat().locator('article').last().locator('.note').first().innerText();
const isStopped = (words) => words === 'Stopped.';
const files = () => chat().locator('#files li').allInnerTexts();
const busy = () => chat().locator('article').last().getAttribute('aria-busy');
const focused = () => chat().locator(':focus').getAttribute('id', { timeout: PATIENCE });

module.exports = { chatting, chat };
