// Where the summary view gets what it shows: from the language server, or from the command `torchlint summary`.

import * as vscode from 'vscode';
import type { Server } from './server';
import type { Summary } from './summary';

const METHOD_NOT_FOUND = -32601;
const EXECUTE_MILLISECONDS = 120_000;

/** Why there is no summary, in words for people. */
export class NoSummary extends Error {}

/** The summaries of a file's models, or of the one that is named, as the editor has its text; of a file that is closed, or of
 * which the server knows nothing, what the command says, which names the reasons. */
export async function summariesOf(server: Server, uri: vscode.Uri, name: string | undefined): Promise<Summary[]> {
  const client = server.running;
  if (client) {
    try {
      const answer = await client.sendRequest('torchlint/summary', { textDocument: { uri: uri.toString() }, class: name });
      if (answer) return listed(answer);
    } catch (error) {
      if ((error as { code?: number }).code !== METHOD_NOT_FOUND) throw new NoSummary((error as Error).message);
    }
  }
  return command(server, uri, name, []);
}

/** What a run of the model shows; this imports and runs the file. */
export async function executed(server: Server, uri: vscode.Uri, name: string | undefined): Promise<Summary[]> {
  const summaries = await command(server, uri, name, ['--execute']);
  return summaries.map((summary) => ({ ...summary, executed: true }));
}

async function command(server: Server, uri: vscode.Uri, name: string | undefined, options: string[]): Promise<Summary[]> {
  if (!server.launcher) throw new NoSummary('No Python was found that could run torchlint.');
  if (uri.scheme !== 'file') throw new NoSummary('Only files can be summarized; save it first.');
  const target = name ? `${uri.fsPath}:${name}` : uri.fsPath;
  const ran = await server.launcher.run(['-m', 'torchlint', 'summary', target, '--format', 'json', ...options], { timeout: EXECUTE_MILLISECONDS });
  try {
    return listed(JSON.parse(ran.stdout));
  } catch {
    throw new NoSummary(ran.stderr.trim().replace(/^torchlint: (error: )?/, '') || `torchlint summary ended with ${ran.code}`);
  }
}

function listed(answer: any): Summary[] {
  return Array.isArray(answer) ? answer : [answer];
}
