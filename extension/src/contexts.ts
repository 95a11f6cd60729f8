// The command that chooses in which of its contexts a class is shown: on its own, or as one of its users builds it.

import * as vscode from 'vscode';
import type { Server } from './server';

interface Contexts {
  class: string;
  contexts: { key: string; label: string; detail: string; isShown: boolean }[];
}

/** Let the user pick the context of the class that a code lens names, or in which the cursor stands. */
export async function chooseContext(server: Server, given: { uri: string; class: string } | undefined): Promise<void> {
  const editor = vscode.window.activeTextEditor;
  const uri = given?.uri ?? editor?.document.uri.toString();
  const client = server.running;
  if (!client || !uri) return;
  const textDocument = { uri };
  const position = given || !editor ? undefined : client.code2ProtocolConverter.asPosition(editor.selection.active);
  const found: Contexts | null = await client.sendRequest('torchlint/contexts', { textDocument, position, class: given?.class });
  if (!found) {
    void vscode.window.showInformationMessage('There is no model at the cursor.');
    return;
  }
  const items = found.contexts.map(({ key, label, detail, isShown }) => ({
    key,
    label: plain(label),
    description: isShown ? 'shown' : undefined,
    detail: plain(detail),
  }));
  const chosen = await vscode.window.showQuickPick(items, { title: `Context of ${found.class}`, placeHolder: 'What hints and hovers show' });
  if (chosen) await client.sendRequest('torchlint/chooseContext', { textDocument, class: found.class, key: chosen.key });
}

/** Without the marks that make code of words in Markdown. */
function plain(text: string): string {
  return text.replaceAll('`', '');
}
