import * as vscode from 'vscode';
import { Diagnostic, LanguageClient, ProgressType } from 'vscode-languageclient/node';
import { placeOf } from '../editing';
import { reasonOf } from '../reason';
import { Turn } from './messages';

interface Piece {
  text: string;
  reasoning: string;
}

/** What `inglenook/chat` answers. */
interface Answer extends Piece {
  used: { path: string; what: string }[];
  model: string;
  notices: string[];
}

const PIECES = new ProgressType<Piece>();
let count = 0;

export interface Question {
  text: string;
  editor: vscode.TextEditor;
  conversation: string;
  files: vscode.Uri[];
}

/** A turn that has just begun. */
export function begun(question: Question): Turn {
  return {
    question: question.text,
    about: placeOf(question.editor),
    text: '',
    reasoning: '',
    state: 'asking',
    error: '',
    model: '',
    used: [],
    notices: [],
  };
}

/** Ask, tell of each piece, and complete the turn, however it ends. */
export async function ask(
  client: LanguageClient,
  question: Question,
  turn: Turn,
  token: vscode.CancellationToken,
  onPiece: (piece: Piece) => void,
): Promise<void> {
  const partialResultToken = `inglenook/chat/${++count}`;
  const pieces = client.onProgress(PIECES, partialResultToken, (piece) => {
    turn.text += piece.text;
    turn.reasoning += piece.reasoning;
    onPiece(piece);
  });
  try {
    const params = { ...(await paramsOf(client, question)), partialResultToken };
    const answer = await client.sendRequest<Answer>('inglenook/chat', params, token);
    const { text, reasoning, used, model, notices } = answer;
    Object.assign(turn, { text, reasoning, used, model, notices, state: 'done' });
  } catch (error) {
    turn.state = token.isCancellationRequested ? 'stopped' : 'failed';
    turn.error = turn.state === 'failed' ? reasonOf(error) : '';
  } finally {
    pieces.dispose();
  }
}

async function paramsOf(client: LanguageClient, question: Question): Promise<object> {
  const { document, selection } = question.editor;
  const convert = client.code2ProtocolConverter;
  return {
    textDocument: convert.asTextDocumentIdentifier(document),
    range: convert.asRange(selection),
    question: question.text,
    conversation: question.conversation,
    diagnostics: await troubles(client, question.editor),
    files: question.files.map((uri) => convert.asUri(uri)),
  };
}

/** What the editor complains of in the selection. */
async function troubles(
  client: LanguageClient,
  { document, selection }: vscode.TextEditor,
): Promise<Diagnostic[]> {
  const found = vscode.languages.getDiagnostics(document.uri);
  const inside = selection.isEmpty ? [] : found.filter((each) => selection.intersection(each.range));
  return client.code2ProtocolConverter.asDiagnostics(inside);
}
