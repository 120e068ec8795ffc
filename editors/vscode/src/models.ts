import { realpath } from 'fs/promises';
import * as path from 'path';
import * as vscode from 'vscode';
import { LanguageClient } from 'vscode-languageclient/node';
import { documentInFront, folderInUse } from './place';
import { reasonOf } from './reason';

/** What a model is chosen for: ghost text, or chats and the edits that follow them. */
export type Role = 'autocomplete' | 'chat';

const WORK: Record<Role, string> = { autocomplete: 'completions', chat: 'chats and edits' };

/** What `inglenook/models` answers; sizes and speeds are null while they are not known. */
export interface Offered {
  models: Model[];
  chosen: { folder: string; role: string; language: string; name: string; why: string }[];
}

export interface Model {
  name: string;
  model: string;
  backend: string;
  roles: string[];
  sizeBytes: number | null;
  loaded: boolean;
  locality: string;
  refused: string;
  configured: boolean;
  speed: {
    firstTokenSeconds: number | null;
    predictedTokensPerSecond: number | null;
  } | null;
}

/** `name` goes to the server; an item with `language` leads to the list for that language. */
interface Item extends vscode.QuickPickItem {
  name?: string;
  language?: string;
}

/** Let the user choose the model of the folder in use, or of one language in it. */
export async function selectModel(client: LanguageClient, role: Role): Promise<void> {
  const folder = await folderInUse();
  if (folder === null) {
    return;
  }
  try {
    await selectIn(client, role, folder, '');
  } catch (error) {
    void vscode.window.showErrorMessage(`Inglenook: ${reasonOf(error)}`);
  }
}

async function selectIn(
  client: LanguageClient,
  role: Role,
  folder: vscode.WorkspaceFolder | undefined,
  language: string,
): Promise<void> {
  const title = `Model for ${WORK[role]}${language && ` in ${language} files`}`;
  const list = async () => {
    const offered = await client.sendRequest<Offered>('inglenook/models');
    return items(offered, await pathOf(folder), role, language);
  };
  const item = await pick(folder ? `${title} in ${folder.name}` : title, list);
  if (item?.language) {
    await selectIn(client, role, folder, item.language);
  } else if (item) {
    const document = documentInFront(); // that is in no folder
    const where = folder ? { folder: `${folder.uri}` } : document && { uri: `${document.uri}` };
    const wish = { name: item.name, role, language, ...where };
    const { text } = await client.sendRequest<{ text: string }>('inglenook/selectModel', wish);
    if (text) {
      void vscode.window.showWarningMessage(`Inglenook: ${text}`);
    }
  }
}

/** The server knows folders by their real paths; none is empty. */
async function pathOf(folder: vscode.WorkspaceFolder | undefined): Promise<string> {
  const name = folder?.uri.fsPath ?? '';
  return name && (await realpath(name).catch(() => name));
}

function items(
  { models, chosen }: Offered,
  folder: string,
  role: Role,
  language: string,
): Item[] {
  // An empty path is no folder, and would be taken for the directory in which this runs.
  const isHere = (other: string) =>
    other && folder ? path.relative(other, folder) === '' : other === folder;
  const here = chosen.filter((each) => each.role === role && isHere(each.folder));
  const inForce = here.find((each) => each.language === language);
  const mark = (name: string) => (name === (inForce?.name ?? '') ? '$(check) ' : '');
  const automatic = language ? 'As for other files' : 'Automatic';
  const first: Item = {
    label: mark('') + automatic,
    description: language ? '' : 'what the configuration says, else the best that is found',
    name: '',
  };
  const rest = models.filter((each) => each.roles.includes(role)).map((each) => ({
    label: `${each.refused ? '$(circle-slash) ' : mark(each.name)}${each.name}`,
    description: each.refused ? '' : described(each),
    detail: each.refused || (mark(each.name) && inForce?.why),
    name: each.refused ? undefined : each.name,
  }));
  const spoken = documentInFront()?.languageId;
  const other = { label: `For ${spoken} files only…`, language: spoken };
  return [first, ...rest, ...(spoken && !language ? [other] : [])];
}

function described(model: Model): string {
  const { firstTokenSeconds: first, predictedTokensPerSecond: speed } = model.speed ?? {};
  const words = [
    model.model !== model.name && model.model,
    model.backend,
    model.sizeBytes && `${(model.sizeBytes / 1e9).toFixed(1)} GB`,
    model.locality,
    model.loaded && 'loaded',
    first && `${first.toFixed(2)} s to the first token`,
    speed && `${speed.toFixed(0)} tokens/s`,
  ];
  return words.filter(Boolean).join(' · ');
}

/** The item that the user chose from `list`; those that lead nowhere cannot be chosen. */
async function pick(title: string, list: () => Promise<Item[]>): Promise<Item | undefined> {
  const box = vscode.window.createQuickPick<Item>();
  box.title = `Inglenook: ${title}`;
  box.matchOnDescription = true;
  box.busy = true;
  box.show();
  const chosen = new Promise<Item | undefined>((resolve) => {
    box.onDidAccept(() => {
      const [item] = box.selectedItems;
      if (item?.name !== undefined || item?.language) {
        resolve(item);
        box.hide();
      }
    });
    box.onDidHide(() => resolve(undefined));
  });
  try {
    box.items = await list();
    box.busy = false;
    return await chosen;
  } finally {
    box.dispose();
  }
}
