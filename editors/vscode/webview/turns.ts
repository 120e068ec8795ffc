import type { FromPage, Turn } from '../src/chat/messages';
import { button, element } from './elements';
import { rendered } from './markdown';

type Post = (message: FromPage) => void;

/** What was asked, what the model said, and what it was shown for that. */
export function drawTurn(turn: Turn, post: Post): HTMLElement {
  const made = element('article', { kind: 'turn', label: `Question: ${turn.question}` });
  made.setAttribute('aria-busy', String(turn.state === 'asking'));
  const head = element('div', { kind: 'asked' });
  head.append(element('h2', { text: turn.question }), element('p', { kind: 'about', text: turn.about }));
  made.append(head);
  if (turn.reasoning) {
    made.append(reasoning(turn));
  }
  const answer = element('div', { kind: 'answer' });
  answer.append(rendered(turn.text, (code) => actions(code, post)));
  made.append(answer);
  if (turn.state !== 'done') {
    made.append(element('p', { kind: `note ${turn.state}`, text: noted(turn) }));
  }
  for (const notice of turn.notices) {
    made.append(element('p', { kind: 'note', text: notice }));
  }
  if (turn.used.length) {
    made.append(used(turn));
  }
  return made;
}

function noted(turn: Turn): string {
  switch (turn.state) {
    case 'asking':
      return turn.text ? 'Writing…' : turn.reasoning ? 'Thinking…' : 'Reading…';
    case 'stopped':
      return 'Stopped.';
    default:
      return turn.error;
  }
}

/** Folded, and so is not read unless it is wanted. */
function reasoning(turn: Turn): HTMLElement {
  const made = element('details', { kind: 'reasoning' });
  made.append(element('summary', { text: 'Reasoning' }));
  made.append(rendered(turn.reasoning, () => element('span')));
  return made;
}

function used(turn: Turn): HTMLElement {
  const made = element('details', { kind: 'used' });
  const files = new Set(turn.used.map((each) => each.path)).size;
  const from = turn.model && ` to ${turn.model}`;
  const what = files === 1 ? '1 file' : `${files} files`;
  made.append(element('summary', { text: `Sent${from}: parts of ${what}` }));
  const list = element('ul');
  for (const { path, what: part } of turn.used) {
    list.append(element('li', { text: `${path} (${part})` }));
  }
  made.append(list);
  return made;
}

function actions(code: string, post: Post): HTMLElement {
  const made = element('div', { kind: 'actions' });
  made.append(
    button('Copy', () => post({ type: 'copy', text: code }), 'Copy the code'),
    button('Insert', () => post({ type: 'insert', text: code }), 'Insert the code at the cursor'),
    button(
      'Replace…',
      () => post({ type: 'replace', text: code }),
      'Replace the selection by the code, after a look at the difference',
    ),
  );
  return made;
}
