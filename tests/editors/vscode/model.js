// What the fake model says from now on; see tests/support/fake_backend.py for the fields.

const { task } = require('./screen');

async function say(fields) {
  const body = JSON.stringify({ first_token_ms: 0, token_ms: 0, chunk: 0, endless: false, ...fields });
  const answer = await fetch(`${task.backend}/_control`, { method: 'POST', body });
  if (!answer.ok) throw new Error(`the model refuses ${body}`);
}

/** How many answers it was asked for. */
async function asked() {
  const answer = await fetch(`${task.backend}/_control?bodies=0`);
  return (await answer.json()).requests.filter(({ number }) => number).length;
}

/** What answer number `number` had to begin with: what was typed of its last word. */
async function begun(number) {
  const answer = await fetch(`${task.backend}/_control`);
  const { requests } = await answer.json();
  const { body } = requests.find((each) => each.number === number);
  return /^root ::= "([^"]*)"/.exec(JSON.parse(body).grammar ?? '')?.[1] ?? '';
}

/** What it was shown for the last answer. */
async function lastBody() {
  const answer = await fetch(`${task.backend}/_control`);
  const { requests } = await answer.json();
  return requests[requests.length - 1].body;
}

module.exports = { asked, begun, lastBody, say };
