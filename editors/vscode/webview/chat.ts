import type { FormState, FromPage, ToPage, Turn } from '../src/chat/messages';
import { button, byId, element } from './elements';
import { drawTurn } from './turns';

interface Kept {
  draft: string; // while the page is not there, which is made anew each time it is shown
}

declare function acquireVsCodeApi(): {
  postMessage(message: FromPage): void;
  getState(): Kept | undefined;
  setState(kept: Kept): void;
};

const editor = acquireVsCodeApi();
const post = (message: FromPage) => editor.postMessage(message);
const turns = byId('turns', HTMLElement);
const form = byId('form', HTMLFormElement);
const question = byId('question', HTMLTextAreaElement);
const [stop, send] = [byId('stop', HTMLButtonElement), byId('send', HTMLButtonElement)];
const [prompts, files] = [byId('prompts', HTMLUListElement), byId('files', HTMLUListElement)];

let said: Turn[] = [];
let state: FormState = { about: '', files: [], prompts: [], model: '' };
let drawing = 0;

window.addEventListener('message', ({ data }: MessageEvent<ToPage>) => heard(data));

form.addEventListener('submit', (event) => {
  event.preventDefault();
  ask();
});
question.addEventListener('keydown', (event) => {
  if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    ask();
  } else if (event.key === 'Tab' && !event.shiftKey && takeFirstPrompt()) {
    event.preventDefault();
  }
});
document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape' && isAnswering()) {
    post({ type: 'stop' });
  }
});
question.addEventListener('input', drafted);
stop.addEventListener('click', () => post({ type: 'stop' }));
byId('attach', HTMLButtonElement).addEventListener('click', () => post({ type: 'attach' }));
byId('model', HTMLButtonElement).addEventListener('click', () => post({ type: 'model' }));
write(editor.getState()?.draft ?? '');
post({ type: 'ready' });

function heard(message: ToPage): void {
  switch (message.type) {
    case 'focus':
      question.focus();
      break;
    case 'form':
      state = message.form;
      drawForm();
      break;
    case 'turns': {
      const asked = message.turns.length > said.length;
      said = message.turns;
      drawForm();
      drawTurns(asked);
      break;
    }
    case 'accepted':
      if (question.value.trim() === message.question) {
        write('');
      }
      break;
    case 'piece':
      grow(message.text, message.reasoning);
  }
}

function grow(text: string, reasoning: string): void {
  const last = said[said.length - 1];
  if (last) {
    last.text += text;
    last.reasoning += reasoning;
    drawing ||= requestAnimationFrame(() => drawLast(last));
  }
}

function ask(): void {
  const text = question.value.trim();
  if (text && !isAnswering()) {
    post({ type: 'ask', question: text }); // and it stays until it is accepted
  }
}

function write(text: string): void {
  question.value = text;
  drafted();
}

function drafted(): void {
  editor.setState({ draft: question.value });
  drawPrompts();
}

function isAnswering(): boolean {
  return said.some((turn) => turn.state === 'asking');
}

function drawTurns(asked: boolean): void {
  cancelAnimationFrame(drawing);
  drawing = 0;
  const follows = asked || isAtEnd();
  const folds = openFolds();
  turns.replaceChildren(...said.map((turn) => drawTurn(turn, post)));
  openAgain(folds);
  follow(follows);
}

/** While an answer comes in only its own turn is drawn anew. */
function drawLast(turn: Turn): void {
  drawing = 0;
  const follows = isAtEnd();
  const folds = openFolds();
  turns.lastElementChild?.replaceWith(drawTurn(turn, post));
  openAgain(folds);
  follow(follows);
}

/** What the user has unfolded stays so, and the focus stays where it was. */
function openFolds(): { open: boolean[]; focus: number } {
  const all = [...turns.querySelectorAll('details')];
  const stops = [...turns.querySelectorAll<HTMLElement>('button, summary, pre')];
  const focus = stops.findIndex((each) => each === document.activeElement);
  return { open: all.map((each) => each.open), focus };
}

function openAgain({ open, focus }: { open: boolean[]; focus: number }): void {
  turns.querySelectorAll('details').forEach((each, number) => (each.open = open[number] ?? false));
  if (focus >= 0) {
    turns.querySelectorAll<HTMLElement>('button, summary, pre')[focus]?.focus();
  }
}

function isAtEnd(): boolean {
  return turns.scrollHeight - turns.scrollTop - turns.clientHeight < 40;
}

function follow(follows: boolean): void {
  if (follows) {
    turns.scrollTop = turns.scrollHeight;
  }
}

function drawForm(): void {
  const focused = document.activeElement;
  const about = state.about ? `About ${state.about}` : 'Open a file to ask about it.';
  byId('about', HTMLElement).textContent = about;
  byId('model', HTMLButtonElement).title = state.model;
  stop.hidden = !isAnswering();
  send.disabled = isAnswering();
  files.replaceChildren(...state.files.map(drawFile));
  drawPrompts();
  keepFocus(focused);
}

/** Whoever goes by keys would begin again at the top if what had the focus is gone. */
function keepFocus(focused: Element | null): void {
  if (!focused || (focused.isConnected && !(focused === stop && stop.hidden))) {
    return;
  }
  const label = focused.getAttribute('aria-label');
  const same = [...files.querySelectorAll('button')].find(
    (each) => each.getAttribute('aria-label') === label,
  );
  (same ?? question).focus();
}

function drawFile(file: string): HTMLElement {
  const made = element('li');
  const remove = button(`${file} ✕`, () => post({ type: 'detach', file }), `Do not send ${file}`);
  made.append(remove);
  return made;
}

/** The prompts that what was typed may become. */
function matching(): FormState['prompts'] {
  const typed = /^\/(\S*)$/.exec(question.value)?.[1];
  if (typed === undefined) {
    return [];
  }
  return state.prompts.filter(({ name }) => name.startsWith(typed));
}

function drawPrompts(): void {
  prompts.replaceChildren(
    ...matching().map(({ name, description }) => {
      const made = element('li');
      made.append(button(`/${name}`, () => takePrompt(name)), element('span', { text: description }));
      return made;
    }),
  );
}

function takePrompt(name: string): void {
  write(`/${name} `);
  question.focus();
}

function takeFirstPrompt(): boolean {
  const [first] = matching();
  if (first) {
    takePrompt(first.name);
  }
  return first !== undefined;
}
