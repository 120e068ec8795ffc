import * as vscode from 'vscode';
import { LanguageClient } from 'vscode-languageclient/node';

/** Extensions with inline completions of their own; `off` is the setting that ends these. */
const KNOWN: { id: string; name: string; off?: string }[] = [
  { id: 'github.copilot', name: 'GitHub Copilot', off: 'github.copilot.enable' },
  { id: 'github.copilot-chat', name: 'GitHub Copilot', off: 'github.copilot.enable' },
  { id: 'continue.continue', name: 'Continue', off: 'continue.enableTabAutocomplete' },
  { id: 'codeium.codeium', name: 'Windsurf', off: 'codeium.enableConfig' },
  { id: 'tabnine.tabnine-vscode', name: 'Tabnine' },
  { id: 'tabbyml.vscode-tabby', name: 'Tabby' },
  { id: 'supermaven.supermaven', name: 'Supermaven' },
  { id: 'ggml-org.llama-vscode', name: 'llama.vscode' },
  { id: 'sourcegraph.cody-ai', name: 'Cody' },
  { id: 'amazonwebservices.amazon-q-vscode', name: 'Amazon Q' },
  { id: 'google.geminicodeassist', name: 'Gemini Code Assist' },
];

const told = new WeakMap<LanguageClient, string>();

/** A server that was started again knows nothing. */
export function forgetTold(client: LanguageClient): void {
  told.delete(client);
}

/** Tell the server which other extensions offer completions, if it does not know. */
export async function tellOthers(client: LanguageClient | undefined): Promise<void> {
  const providers = otherProviders();
  const news = JSON.stringify(providers);
  if (client?.isRunning() && told.get(client) !== news) {
    told.set(client, news);
    await client.sendNotification('inglenook/otherProviders', { providers });
  }
}

function otherProviders(): string[] {
  const active = vscode.extensions.all.filter((each) => each.isActive);
  const ids = active.map((each) => each.id.toLowerCase());
  const others = KNOWN.filter((each) => ids.includes(each.id) && !isOff(each.off));
  return [...new Set(others.map((each) => each.name))];
}

/** Whether a setting is false, or an object by language that is false for all of them. */
function isOff(setting: string | undefined): boolean {
  const value: unknown = setting && vscode.workspace.getConfiguration().get(setting);
  if (typeof value !== 'object' || value === null) {
    return value === false;
  }
  return '*' in value && !Object.values(value).includes(true);
}
