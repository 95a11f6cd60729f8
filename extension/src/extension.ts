// torchlint in VS Code: finds a Python, starts the language server, and shows summaries of models.

import * as vscode from 'vscode';
import { chooseContext } from './contexts';
import { SummaryPanels } from './panel';
import { onEnvironmentChange } from './python';
import { SELECTOR, Server, type Health } from './server';

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const log = vscode.window.createOutputChannel('torchlint', { log: true });
  const server = new Server(context, log);
  const panels = new SummaryPanels(context, server);
  const command = (name: string, run: (...args: any[]) => unknown) => vscode.commands.registerCommand(`torchlint.${name}`, run);
  context.subscriptions.push(
    log,
    server,
    status(server),
    panels.register(),
    command('restart', () => server.restart()),
    command('showOutput', () => log.show()),
    command('showSummary', (uri?: Given, name?: string) => {
      const target = targetOf(uri, name);
      if (target) panels.show(target.uri, target.name);
    }),
    command('execute', async (uri?: Given, name?: string) => {
      const target = targetOf(uri, name);
      if (target && (await mayRun(target.uri))) await panels.run(target.uri, target.name);
    }),
    command('chooseContext', (lens?: { uri: string; class: string }) => chooseContext(server, lens)),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration('torchlint.importStrategy')) void server.restart();
      else if (event.affectsConfiguration('torchlint.interpreter')) void server.reconsider();
    }),
    vscode.workspace.onDidGrantWorkspaceTrust(() => void server.reconsider()),
  );
  await server.restart();
  context.subscriptions.push(onEnvironmentChange(() => void server.reconsider()));
}

/** How a command is told what it is about: by a file, or by what a code lens of the server says. */
type Given = string | vscode.Uri | { uri: string; class: string };

/** What a command is about: what it is given, else the class in which the cursor stands. */
function targetOf(given: Given | undefined, name: string | undefined): { uri: vscode.Uri; name?: string } | undefined {
  if (typeof given === 'string') return { uri: vscode.Uri.parse(given), name };
  if (given instanceof vscode.Uri) return { uri: given, name };
  if (given) return { uri: vscode.Uri.parse(given.uri), name: given.class };
  const editor = vscode.window.activeTextEditor;
  if (editor?.document.languageId !== 'python') return undefined;
  for (let line = editor.selection.active.line; line >= 0; line--) {
    const { text } = editor.document.lineAt(line);
    const found = /^class\s+(\w+)[^:]*Module/.exec(text);
    if (found) return { uri: editor.document.uri, name: found[1] };
    if (/^[^\s#)\]}]/.test(text) && line !== editor.selection.active.line) break;
  }
  return { uri: editor.document.uri };
}

/** Running a model imports its file: only in a trusted workspace, and only when the answer is yes. */
async function mayRun(uri: vscode.Uri): Promise<boolean> {
  if (!vscode.workspace.isTrusted) {
    const manage = 'Manage Workspace Trust';
    const message = 'Running a model runs the code of this workspace, which is not trusted.';
    if ((await vscode.window.showWarningMessage(message, manage)) === manage) await vscode.commands.executeCommand('workbench.trust.manage');
    return false;
  }
  const detail = 'The file is imported and the model is called once, on tensors without data, in a process of its own. This runs your code.';
  const message = `Run ${vscode.workspace.asRelativePath(uri)}?`;
  if ((await vscode.window.showWarningMessage(message, { modal: true, detail }, 'Run')) !== 'Run') return false;
  await vscode.workspace.textDocuments.find((document) => document.uri.toString() === uri.toString())?.save();
  return true;
}

/** The language status item: whether the server runs, and with which Python. */
function status(server: Server): vscode.Disposable {
  const item = vscode.languages.createLanguageStatusItem('torchlint', SELECTOR);
  item.name = 'torchlint';
  const show = ({ severity, text, detail }: Health) => {
    item.text = text;
    item.detail = detail;
    item.busy = severity === 'starting';
    item.severity = severity === 'problem' ? vscode.LanguageStatusSeverity.Error : vscode.LanguageStatusSeverity.Information;
    item.command =
      severity === 'problem' ? { title: 'Restart', command: 'torchlint.restart' } : { title: 'Show Output', command: 'torchlint.showOutput' };
  };
  show({ severity: 'starting', text: 'torchlint', detail: 'starting' });
  return vscode.Disposable.from(item, server.onHealth(show));
}
