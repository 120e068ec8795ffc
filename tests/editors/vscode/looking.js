// The chat as it is for those who see little or nothing: axe, 200 % zoom, high contrast.

const fs = require('fs');
const path = require('path');
const { chat } = require('./chatting');
const { choose, page, press, rows, seen, shot, task, until } = require('./screen');

async function looking() {
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
