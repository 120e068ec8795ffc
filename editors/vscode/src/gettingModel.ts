import * as vscode from 'vscode';
import { Offered } from './models';
import { reasonOf } from './reason';
import { Progress, run } from './running';
import { Server } from './server';

const ASKED = 'inglenook.declinedModel';
const LATER = 1500; // milliseconds in which a backend may still be found

/** What `inglenook/catalogue` answers. */
interface Catalogue {
  models: Entry[];
  modelsDir: string;
  engine: { isThere: boolean; python: string; requirement: string; hasPip: boolean };
}

interface Entry {
  name: string;
  sizeBytes: number;
  licence: string;
  about: string;
  source: string;
  isThere: boolean;
}

/** Offers a model to whom has none: once by itself, and whenever it is asked for. */
export class GettingModel {
  private timer: NodeJS.Timeout | undefined;
  private isBusy = false; // with what the user chose
  private offers = 0; // of which only the last counts
  private isOpen = false; // the last one waits for an answer

  constructor(
    private readonly server: Server,
    private readonly memory: vscode.Memento,
    private readonly log: vscode.LogOutputChannel,
  ) {}

  /** The status changed: ask if nothing is there, and the user was not asked before. */
  onStatus(state: string): void {
    clearTimeout(this.timer);
    if (state === 'offline' && this.mayAsk()) {
      this.timer = setTimeout(() => void this.offerOnce(), LATER);
    }
  }

  dispose(): void {
    clearTimeout(this.timer);
  }

  private mayAsk(): boolean {
    return !this.isBusy && !this.isOpen && !this.memory.get<boolean>(ASKED);
  }

  private async offerOnce(): Promise<void> {
    const asked = this.server.client?.sendRequest<Offered>('inglenook/models');
    const offered = await asked?.catch(() => undefined); // another status will come
    // Who has configured models or runs a server knows better what is missing.
    const isBare = offered?.models.every((each) => each.refused && each.backend === 'embedded');
    if (isBare && this.mayAsk()) {
      await this.offer();
    }
  }

  /** Say what can be had and where it comes from, and get what is chosen. */
  async offer(): Promise<void> {
    const client = this.server.client;
    if (!client) {
      return;
    }
    if (this.isBusy) {
      void vscode.window.showInformationMessage('Inglenook: The model is being fetched already.');
      return;
    }
    try {
      const found = await client.sendRequest<Catalogue>('inglenook/catalogue');
      const [entry] = found.models;
      if (entry) {
        await this.ask(entry, found);
      }
    } catch (error) {
      void vscode.window.showErrorMessage(`Inglenook: ${reasonOf(error)}`);
    }
  }

  private async ask(entry: Entry, found: Catalogue): Promise<void> {
    const { engine } = found;
    const canRun = engine.isThere || engine.hasPip;
    const get = entry.isThere ? 'Install Engine' : 'Get It';
    const buttons = [...(canRun ? [get] : []), 'Use Ollama…', 'Not Now'];
    const offer = ++this.offers;
    this.isOpen = true;
    const choice = await vscode.window.showInformationMessage(said(entry, found), ...buttons);
    if (this.isBusy || (!choice && offer !== this.offers)) {
      return; // it was offered again: VS Code takes away the older of two that say the same
    }
    this.isOpen = false;
    await this.memory.update(ASKED, true); // who closes it has answered too
    if (choice === get) {
      this.isBusy = true;
      await this.get(entry, found).finally(() => (this.isBusy = false));
    } else if (choice === 'Use Ollama…') {
      await useOllama();
    }
  }

  private async get(entry: Entry, found: Catalogue): Promise<void> {
    const engine = found.engine.isThere || (await this.installEngine(found));
    if (!engine || !(entry.isThere || (await this.download(entry, found)))) {
      return;
    }
    if (!found.engine.isThere) {
      await this.server.restart(); // it must find the engine
    }
    await this.server.client?.sendRequest('inglenook/catalogue'); // and it looks for the model
    const done = `Inglenook: ${entry.name} is there. Type, and accept ghost text with Tab.`;
    void vscode.window.showInformationMessage(done);
  }

  private async installEngine({ engine }: Catalogue): Promise<boolean> {
    const pip = ['-m', 'pip', 'install', '--disable-pip-version-check', '--no-input'];
    const outcome = await run(
      {
        title: `Inglenook: installing ${engine.requirement}`,
        program: engine.python,
        args: [...pip, engine.requirement],
        line: (text, progress) => progress.report({ message: text.slice(0, 80) }),
      },
      this.log,
    );
    return outcome.ok || tellWhy('The engine was not installed', outcome);
  }

  private async download(entry: Entry, found: Catalogue): Promise<boolean> {
    let there = 0;
    const line = (text: string, progress: Progress) => {
      const bytes = bytesOf(text);
      if (bytes !== undefined) {
        const increment = ((bytes - there) / entry.sizeBytes) * 100;
        there = bytes;
        progress.report({ message: `${megabytes(there)} of ${megabytes(entry.sizeBytes)}`, increment });
      }
    };
    const outcome = await run(
      {
        title: `Inglenook: getting ${entry.name}`,
        program: this.server.program ?? 'inglenook',
        args: ['models', 'get', entry.name, '--json'],
        env: { INGLENOOK_MODELS_DIR: found.modelsDir },
        line,
      },
      this.log,
    );
    return outcome.ok || tellWhy(`${entry.name} was not fetched`, outcome);
  }
}

function said(entry: Entry, { engine }: Catalogue): string {
  const size = megabytes(entry.sizeBytes);
  const words = entry.isThere
    ? [`Inglenook: ${entry.name} is there, and the engine that runs it is not. Install it?`]
    : [
        `Inglenook: No model was found on this machine. Get the ${size} model?`,
        `${entry.name} (${entry.licence}) comes from ${entry.source}: ${entry.about}.`,
      ];
  if (!engine.isThere && engine.hasPip) {
    words.push(`The engine, ${engine.requirement}, is installed by pip beside the server.`);
  } else if (!engine.isThere) {
    words.push(
      `It would need the engine ${engine.requirement} beside the server's Python, which has no pip ` +
        'of its own: install that there first, or use Ollama.',
    );
  }
  words.push('Or run Ollama with a model of your choice.');
  return words.join(' ');
}

async function useOllama(): Promise<void> {
  const command = 'ollama pull qwen2.5-coder:1.5b-base';
  const told =
    'Inglenook: Install Ollama from ollama.com, and have it get a model that can fill in the ' +
    `middle: ${command}. Inglenook finds it by itself as soon as it is there.`;
  if ((await vscode.window.showInformationMessage(told, 'Copy Command')) === 'Copy Command') {
    await vscode.env.clipboard.writeText(command);
  }
}

function tellWhy(what: string, outcome: { ok: boolean; why?: string; stopped?: boolean }): false {
  const why = outcome.why ? `: ${outcome.why}` : '.';
  if (outcome.stopped) {
    void vscode.window.showInformationMessage(`Inglenook: ${what}${why}`);
  } else {
    void vscode.window.showErrorMessage(`Inglenook: ${what}${why}`);
  }
  return false;
}

/** What a line of progress says is there; a program may print other lines too. */
function bytesOf(line: string): number | undefined {
  try {
    const told: unknown = JSON.parse(line);
    const bytes = told !== null && typeof told === 'object' && 'bytes' in told && told.bytes;
    return typeof bytes === 'number' ? bytes : undefined;
  } catch {
    return undefined;
  }
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1e6)} MB`;
}
