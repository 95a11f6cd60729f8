// Where the summary view gets what it shows: from the language server, or from the command `torchlint summary`.

import type { ExecFileOptions } from 'node:child_process';
import * as vscode from 'vscode';
import type { Server } from './server';
import type { Summary } from './summary';

const METHOD_NOT_FOUND = -32601;
const READ_MILLISECONDS = 120_000;

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
  return command(server, uri, name, [], { timeout: READ_MILLISECONDS });
}

/** What a run of the file's models gives, or of the one that is named; this imports and runs the file. */
export async function executed(server: Server, uri: vscode.Uri, name: string | undefined, signal: AbortSignal): Promise<Summary[]> {
  const read = await summariesOf(server, uri, name).catch(() => []);
  const summaries = await command(server, uri, name, ['--execute'], { signal });
  return summaries.map((summary: Partial<Summary>) => {
    const places = new Map(read.find((one) => one.class === summary.class)?.layers.map((layer) => [layer.path, layer.location]));
    const layers = (summary.layers ?? []).map((layer) => ({ ...layer, location: layer.location ?? places.get(layer.path) ?? null }));
    return { ...UNBUILT, class: name ?? 'The file', ...summary, layers, executed: true };
  });
}

/** A model that was not even built. */
const UNBUILT: Omit<Summary, 'class'> = {
  input: [], total_params: null, trainable_params: null, buffers: null, total_mult_adds: null, layers: [], notes: [],
};

async function command(server: Server, uri: vscode.Uri, name: string | undefined, options: string[], how: ExecFileOptions): Promise<Summary[]> {
  if (!server.launcher) throw new NoSummary('No Python was found that could run torchlint.');
  if (uri.scheme !== 'file') throw new NoSummary('Only files can be summarized; save it first.');
  const target = name ? `${uri.fsPath}:${name}` : uri.fsPath;
  const ran = await server.launcher.run(['-m', 'torchlint', 'summary', target, '--format', 'json', ...options], how);
  if (ran.code === 'ABORT_ERR') throw new NoSummary('The run was cancelled.');
  try {
    return listed(JSON.parse(ran.stdout));
  } catch {
    const said = ran.stderr.split('\n').filter((line) => !line.startsWith('note: ')).join('\n').trim();
    throw new NoSummary(said.replace(/^torchlint: (error: )?/, '') || `torchlint summary ended with ${ran.code}`);
  }
}

function listed(answer: any): Summary[] {
  return Array.isArray(answer) ? answer : [answer];
}
