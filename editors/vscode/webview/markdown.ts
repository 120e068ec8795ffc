import MarkdownIt, { type Token } from 'markdown-it';
import { element } from './elements';

const markdown = new MarkdownIt('commonmark', { html: false, linkify: false }).enable([
  'table',
  'strikethrough',
]);

// What may become an element. Everything else is shown as the text that it is.
const TAGS = new Set(
  ['p', 'em', 'strong', 's', 'ul', 'ol', 'li', 'blockquote', 'hr', 'br', 'table', 'thead', 'tbody']
    .concat(['tr', 'th', 'td', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6']),
);
const LOWEST = 6; // of headings; those of an answer stand below the question's

/** The text as elements; `actions` makes what stands over a block of code. */
export function rendered(text: string, actions: (code: string) => HTMLElement): DocumentFragment {
  const root = document.createDocumentFragment();
  append(root, markdown.parse(text, {}), actions);
  return root;
}

function append(root: Node, tokens: Token[], actions: (code: string) => HTMLElement): void {
  const open: Node[] = [root];
  for (const token of tokens) {
    const parent = open[open.length - 1] ?? root;
    if (token.type === 'inline') {
      append(parent, token.children ?? [], actions);
    } else if (token.type === 'fence' || token.type === 'code_block') {
      parent.appendChild(block(token, actions));
    } else if (token.type === 'code_inline') {
      parent.appendChild(element('code', { text: token.content }));
    } else if (token.type === 'softbreak') {
      parent.appendChild(document.createTextNode('\n'));
    } else if (token.type === 'image') {
      parent.appendChild(document.createTextNode(token.content)); // its description
    } else if (token.nesting === 1) {
      const made = container(token);
      parent.appendChild(made);
      open.push(made);
    } else if (token.nesting === -1) {
      open.pop();
      if (token.type === 'link_close') {
        parent.parentNode?.appendChild(document.createTextNode(targetOf(parent)));
      }
    } else if (TAGS.has(token.tag)) {
      parent.appendChild(element(token.tag));
    } else {
      parent.appendChild(document.createTextNode(token.content));
    }
  }
}

/** A link leads nowhere here: what it is called and, behind it, where it would lead. */
function container(token: Token): HTMLElement {
  if (token.type === 'link_open') {
    const made = element('span');
    made.dataset.target = String(token.attrGet('href') ?? '');
    return made;
  }
  const made = element(TAGS.has(token.tag) ? lower(token.tag) : 'span');
  if (token.tag === 'ol' && token.attrGet('start')) {
    made.setAttribute('start', String(token.attrGet('start')));
  }
  return made;
}

function targetOf(link: Node): string {
  const target = link instanceof HTMLElement ? link.dataset.target : '';
  return target && target !== link.textContent ? ` (${target})` : '';
}

/** The headings of an answer come after `h2`, which is the question. */
function lower(tag: string): string {
  const level = /^h([1-6])$/.exec(tag)?.[1];
  return level ? `h${Math.min(Number(level) + 2, LOWEST)}` : tag;
}

function block(token: Token, actions: (code: string) => HTMLElement): HTMLElement {
  const language = token.info.trim().split(/\s+/)[0] ?? '';
  const pre = element('pre', { label: `Code${language && `, ${language}`}` });
  pre.tabIndex = 0; // so that it can be scrolled by keys
  pre.setAttribute('role', 'group');
  pre.appendChild(element('code', { text: token.content }));
  const made = element('div', { kind: 'block' });
  made.append(pre, actions(token.content));
  return made;
}
