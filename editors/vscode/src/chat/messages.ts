/** What the chat's page and the extension say to each other; both are compiled with it. */

export interface Turn {
  question: string;
  about: string; // the place that was asked about, as it is shown
  text: string; // Markdown in which the server has left nothing active
  reasoning: string;
  state: 'asking' | 'done' | 'stopped' | 'failed';
  error: string;
  model: string;
  used: { path: string; what: string }[];
  notices: string[];
}

export interface Prompt {
  name: string;
  description: string;
}

/** What the form of the page shows; the turns are sent by themselves, being large. */
export interface FormState {
  about: string; // what would be asked about now; empty without an editor
  files: string[]; // that are sent with the next question
  prompts: Prompt[];
  model: string;
}

export type ToPage =
  | { type: 'turns'; turns: Turn[] }
  | { type: 'form'; form: FormState }
  | { type: 'piece'; text: string; reasoning: string } // of the last turn
  | { type: 'accepted'; question: string } // it is asked, and need not be kept
  | { type: 'focus' };

export type FromPage =
  | { type: 'ready' | 'stop' | 'model' | 'attach' }
  | { type: 'ask'; question: string }
  | { type: 'detach'; file: string }
  | { type: 'copy' | 'insert' | 'replace'; text: string };
