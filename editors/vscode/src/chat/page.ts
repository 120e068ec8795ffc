import * as vscode from 'vscode';

/**
 * The page of the chat: two files of the extension, and nothing else may be loaded or run. Trusted
 * Types make the browser refuse text that is to become HTML, whatever wrote it.
 */
export function pageOf(webview: vscode.Webview, home: vscode.Uri): string {
  const at = (name: string) => webview.asWebviewUri(vscode.Uri.joinPath(home, name)).toString();
  const policy = [
    "default-src 'none'",
    `script-src ${webview.cspSource}`,
    `style-src ${webview.cspSource}`,
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Inglenook chat</title>
<link rel="stylesheet" href="${at('chat.css')}">
</head>
<body>
<main>
<h1 class="unseen">Inglenook chat</h1>
<section id="turns" role="log" aria-label="Conversation" tabindex="0"></section>
<form id="form" aria-label="Question">
<p id="about"></p>
<ul id="files" aria-label="Files that are sent with the question"></ul>
<ul id="prompts" aria-label="Prompts"></ul>
<label class="unseen" for="question">Question</label>
<textarea id="question" rows="3" placeholder="Ask about the selection; / for prompts"></textarea>
<div class="row">
<button type="button" id="attach">Add File…</button>
<button type="button" id="model">Model…</button>
<span class="gap"></span>
<button type="button" id="stop" hidden>Stop</button>
<button type="submit" id="send">Send</button>
</div>
</form>
</main>
<script src="${at('chat.js')}"></script>
</body>
</html>`;
}
