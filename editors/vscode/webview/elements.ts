interface Looks {
  text?: string;
  kind?: string; // its class
  label?: string; // for who hears the page
}

export function element(tag: string, looks: Looks = {}): HTMLElement {
  const made = document.createElement(tag);
  if (looks.text !== undefined) {
    made.textContent = looks.text;
  }
  if (looks.kind) {
    made.className = looks.kind;
  }
  if (looks.label) {
    made.setAttribute('aria-label', looks.label);
  }
  return made;
}

export function button(text: string, act: () => void, label?: string): HTMLElement {
  const made = element('button', { text, label });
  made.setAttribute('type', 'button');
  made.addEventListener('click', act);
  return made;
}

/** An element of the page itself. */
export function byId<T extends HTMLElement>(id: string, kind: new () => T): T {
  const found = document.getElementById(id);
  if (!(found instanceof kind)) {
    throw new Error(`The page has no ${id}`);
  }
  return found;
}
