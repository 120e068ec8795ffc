// The chat as it is for those who see little or nothing: axe, 200 % zoom, high contrast.

const fs = require('fs');
const path = require('path');
const { chat } = require('./chatting');
const { choose, page, press, rows, seen, shot, task, until } = require('./screen');

const HOSTILE =
  '# <script>zorblat</script>\n\n[a](javascript:alert(1)) ![b](https://evil.example/b.png)\n\n' +
  '<https://evil.example/> <img src=x onerror=alert(1)> `<b>`\n\n' +
  '| a | b |\n|---|---|\n| <iframe src=x> | [c](command:x) |\n\n```"><img src=x>\n<a href=x>\n```\n';

async function looking() {
  await hostile();
  seen.violations = await violations();
  await theme('Dark High Contrast');
  seen.violationsInContrast = await violations();
  await shot('chat-contrast');
  await page().setViewportSize({ width: 600, height: 500 }); // 1200 pixels at 200 %
  seen.overflow = await chat()
    .locator('body')
    .evaluate((body) => body.scrollWidth - body.clientWidth);
  seen.sendIsVisible = await chat().locator('#send').isVisible();
  await shot('chat-zoomed');
  await page().setViewportSize({ width: 1200, height: 700 });
  await theme('Dark Modern');
}

/** Text in which the server would have left nothing active, given to the page as it is. */
async function hostile() {
  const turn = {
    question: '<img src=x>', about: '<b>', text: HOSTILE, reasoning: HOSTILE, state: 'done',
    error: '', model: '<i>', used: [{ path: '<u>', what: 'file' }], notices: ['<s>'],
  };
  const form = { about: '<b>', files: ['<b>'], prompts: [], model: '' };
  const frame = await (await chat().locator('body').elementHandle()).ownerFrame();
  seen.hostile = await frame.evaluate((messages) => {
    for (const data of messages) window.dispatchEvent(new MessageEvent('message', { data }));
    const active = 'a, img, iframe, i, u, s, #turns script, #turns b, [onerror], [href]:not(link)';
    const found = [...document.querySelectorAll(active)].map((one) => one.outerHTML);
    const shown = document.getElementById('turns').textContent;
    try {
      document.createElement('p').innerHTML = '<b>';
      found.push('innerHTML');
    } catch {
      // refused, as it should be
    }
    return { found, isShown: shown.includes('<script>zorblat</script>') };
  }, [{ type: 'form', form }, { type: 'turns', turns: [turn] }]);
  await shot('chat-hostile');
}

/** What axe finds wrong, and how bad that is. */
async function violations() {
  const axe = fs.readFileSync(path.join(task.axe, 'axe-core/axe.min.js'), 'utf8');
  const found = await (await chat().locator('body').elementHandle()).ownerFrame();
  await found.evaluate(axe);
  const told = await found.evaluate(() => globalThis.axe.run());
  seen.rules = told.passes.length;
  return told.violations.map(({ id, impact, nodes }) => [impact, id, nodes[0].html.slice(0, 200)]);
}

async function theme(name) {
  await press('Control+k');
  await press('Control+t');
  await until(rows, (all) => all.length > 3);
  await choose(name);
  await page().waitForTimeout(500);
}

module.exports = looking;
