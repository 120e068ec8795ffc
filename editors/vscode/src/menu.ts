import * as vscode from 'vscode';
import { Pauses } from './pause';
import { documentInFront, folderInFront } from './place';
import { Status } from './status';

interface Entry extends vscode.QuickPickItem {
  command?: string;
}

/** What a click on the status bar offers. */
export async function showMenu(status: Status, pauses: Pauses): Promise<void> {
  const title = ['Inglenook', status.model || status.state].join(': ');
  const placeHolder = status.text || 'What is to be done?';
  const picked = await vscode.window.showQuickPick(entries(status, pauses), { title, placeHolder });
  if (picked?.command) {
    await vscode.commands.executeCommand(picked.command);
  }
}

function entries(status: Status, pauses: Pauses): Entry[] {
  const [document, folder] = [documentInFront(), folderInFront()];
  const entry = (icon: string, label: string, command: string): Entry => ({
    label: `$(${icon}) ${label}`,
    command: `inglenook.${command}`,
  });
  if (status.state === 'missing') {
    return [
      entry('cloud-download', 'Install the server…', 'installServer'),
      entry('debug-restart', 'Look for the server again', 'restart'),
      entry('output', 'Show the log', 'showLog'),
    ];
  }
  const turn = (isPaused: boolean, what: string, command: string) =>
    entry(isPaused ? 'play' : 'debug-pause', `${isPaused ? 'Resume' : 'Pause'} ${what}`, command);
  return [
    ...(status.state === 'offline' ? [entry('cloud-download', 'Get a model…', 'getModel')] : []),
    entry('server', 'Select the model for completions…', 'selectModel'),
    entry('comment-discussion', 'Select the model for chats and edits…', 'selectChatModel'),
    ...(document
      ? [turn(pauses.hasLanguage(document.languageId), `${document.languageId} files`, 'pauseLanguage')]
      : []),
    ...(folder ? [turn(pauses.hasFolder(folder), `the folder ${folder.name}`, 'pauseFolder')] : []),
    entry('question', 'Why this suggestion?', 'why'),
    entry('comment', 'Ask about the selection', 'ask'),
    entry('pulse', 'Run the doctor', 'doctor'),
    entry('debug-restart', 'Restart the server', 'restart'),
    entry('output', 'Show the log', 'showLog'),
  ];
}
