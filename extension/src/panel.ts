// The panel of the summary view: it follows a file through its edits, and does what the view asks for.

import { randomBytes } from 'node:crypto';
import { isAbsolute, resolve } from 'node:path';
import * as vscode from 'vscode';
import type { FromView, ToView } from './messages';
import type { Server } from './server';
import { executed, NoSummary, summariesOf } from './source';
import { PLACE, type Place, type Summary } from './summary';

const QUIET_MILLISECONDS = 250;
const TYPE = 'torchlint.summary';
const FILTERS = { svg: ['SVG image', 'svg'], md: ['Markdown', 'md'], csv: ['CSV', 'csv'] } as const;

export class SummaryPanels implements vscode.WebviewPanelSerializer {
  private panel: SummaryPanel | undefined;

  constructor(
    private readonly context: vscode.ExtensionContext,
    private readonly server: Server,
  ) {}

  register(): vscode.Disposable {
    return vscode.window.registerWebviewPanelSerializer(TYPE, this);
  }

  /** Show a file's models, the named one first; one panel serves every file. */
  show(uri: vscode.Uri, name: string | undefined): void {
    if (!this.panel) {
      const column = { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true };
      this.take(vscode.window.createWebviewPanel(TYPE, 'Model Summary', column, this.options()));
    }
    this.panel!.follow(uri, name);
  }

  async run(uri: vscode.Uri, name: string | undefined): Promise<void> {
    if (!this.panel) this.show(uri, name);
    await this.panel!.run(uri, name);
  }

  async deserializeWebviewPanel(panel: vscode.WebviewPanel, state: { uri?: string; class?: string } | undefined): Promise<void> {
    if (this.panel || !state?.uri) return panel.dispose();
    panel.webview.options = this.options();
    this.take(panel).follow(vscode.Uri.parse(state.uri), state.class);
  }

  private options(): vscode.WebviewPanelOptions & vscode.WebviewOptions {
    return { enableScripts: true, localResourceRoots: [vscode.Uri.joinPath(this.context.extensionUri, 'dist')], retainContextWhenHidden: true };
  }

  private take(panel: vscode.WebviewPanel): SummaryPanel {
    const made = (this.panel = new SummaryPanel(panel, this.context, this.server));
    panel.onDidDispose(() => (this.panel = undefined));
    return made;
  }
}

class SummaryPanel {
  private uri: vscode.Uri | undefined;
  /** The model that is asked for (all of the file, if none is), and the one that is seen. */
  private name: string | undefined;
  private seen: string | undefined;
  /** What came of a run stays until the next edit. */
  private isRun = false;
  private timer: NodeJS.Timeout | undefined;
  private asked = 0;
  private isAsking = false;
  private isReady = false;
  private waiting: ToView | undefined;

  constructor(
    private readonly panel: vscode.WebviewPanel,
    context: vscode.ExtensionContext,
    private readonly server: Server,
  ) {
    const dist = vscode.Uri.joinPath(context.extensionUri, 'dist');
    panel.webview.html = page(panel.webview, dist);
    const follows = [
      panel.webview.onDidReceiveMessage((message: FromView) => this.receive(message)),
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => this.edited(document, contentChanges.length > 0)),
      vscode.workspace.onDidSaveTextDocument((document) => this.edited(document, false)),
      vscode.window.onDidChangeTextEditorSelection(({ textEditor, kind }) => this.cursor(textEditor, kind)),
      server.onReady(() => this.later()),
      server.onAnswers((uri) => uri.toString() === this.uri?.toString() && this.later()),
    ];
    panel.onDidDispose(() => {
      clearTimeout(this.timer);
      vscode.Disposable.from(...follows).dispose();
    });
  }

  follow(uri: vscode.Uri, name: string | undefined): void {
    this.uri = uri;
    this.name = this.seen = name;
    this.panel.reveal(undefined, true);
    void this.refresh();
  }

  async run(uri: vscode.Uri, name: string | undefined): Promise<void> {
    this.uri = uri;
    this.name = this.seen = name;
    this.panel.reveal(undefined, true);
    const abort = new AbortController();
    const title = `Running ${name ?? 'the models'} of ${vscode.workspace.asRelativePath(uri)}`;
    await vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title, cancellable: true }, (_, token) => {
      token.onCancellationRequested(() => abort.abort());
      return this.ask(() => executed(this.server, uri, name, abort.signal), true);
    });
  }

  private async refresh(): Promise<void> {
    const { uri, name } = this;
    if (uri) await this.ask(() => summariesOf(this.server, uri, name));
  }

  /** Send what comes of it, unless something else was asked for meanwhile. */
  private async ask(get: () => Promise<Summary[]>, isRun = false): Promise<void> {
    this.isRun = isRun;
    clearTimeout(this.timer);
    const number = ++this.asked;
    const uri = this.uri!.toString();
    this.isAsking = true;
    this.send({ type: 'busy' });
    try {
      const summaries = (await get()).map((summary) => ({ ...summary, notes: summary.notes.map((note) => this.shortened(note)) }));
      if (number !== this.asked) return;
      if (!summaries.some((one) => one.class === this.seen)) this.seen = summaries[0]?.class;
      this.entitle();
      const problem = summaries.length ? undefined : 'There is no model in this file.';
      this.send({ type: 'summaries', uri, class: this.name, summaries, problem });
    } catch (error) {
      if (!(error instanceof NoSummary)) throw error;
      if (number === this.asked) this.send({ type: 'summaries', uri, class: this.name, summaries: [], problem: error.message });
    } finally {
      if (number === this.asked) this.isAsking = false;
    }
  }

  private entitle(): void {
    this.panel.title = this.seen ? `${this.isRun ? 'Run' : 'Summary'}: ${this.seen}` : 'Model Summary';
  }

  private later(): void {
    if (this.isRun) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.refresh(), QUIET_MILLISECONDS);
  }

  private edited(document: vscode.TextDocument, isOther: boolean): void {
    if (document.languageId !== 'python' || !this.uri) return;
    if (isOther && !this.isAsking) this.isRun = false;
    this.later();
  }

  private cursor(editor: vscode.TextEditor, kind: vscode.TextEditorSelectionChangeKind | undefined): void {
    if (kind === undefined || kind === vscode.TextEditorSelectionChangeKind.Command) return;
    if (editor.document.uri.toString() !== this.uri?.toString()) return;
    this.send({ type: 'cursor', place: { filename: editor.document.uri.fsPath, row: editor.selection.active.line + 1 } });
  }

  private send(message: ToView): void {
    if (this.isReady) void this.panel.webview.postMessage(message);
    else if (message.type === 'summaries') this.waiting = message;
  }

  private async receive(message: FromView): Promise<void> {
    if (message.type === 'ready') {
      this.isReady = true;
      if (this.waiting) this.send(this.waiting);
    } else if (message.type === 'open') await this.open(message.place);
    else if (message.type === 'class') {
      this.seen = message.name;
      this.entitle();
    } else if (message.type === 'execute') await vscode.commands.executeCommand('torchlint.execute', this.uri, this.seen);
    else if (message.type === 'read') await this.refresh();
    else await this.save(message);
  }

  private async save({ format, content, name }: Extract<FromView, { type: 'export' }>): Promise<void> {
    const [title, extension] = FILTERS[format];
    const folder = this.uri?.scheme === 'file' ? vscode.Uri.joinPath(this.uri, '..') : vscode.workspace.workspaceFolders?.[0]?.uri;
    const defaultUri = folder && vscode.Uri.joinPath(folder, `${name}.${extension}`);
    const target = await vscode.window.showSaveDialog({ defaultUri, filters: { [title]: [extension] } });
    if (target) await vscode.workspace.fs.writeFile(target, Buffer.from(content, 'utf8'));
  }

  /** A note that ends with a place, as people know its file: by its path in the workspace. */
  private shortened(note: string): string {
    return note.replace(PLACE, (_, path: string, row: string) => {
      const whole = resolve(this.server.launcher?.cwd ?? '', path);
      return `(${vscode.workspace.asRelativePath(whole)}:${row})`;
    });
  }

  /** Show the line beside the view, in the editor that has the file where there is one. */
  private async open({ filename, row }: Place): Promise<void> {
    const folder = this.uri && vscode.workspace.getWorkspaceFolder(this.uri);
    const uri = isAbsolute(filename) || !folder ? vscode.Uri.file(filename) : vscode.Uri.joinPath(folder.uri, filename);
    const shown = vscode.window.visibleTextEditors.find((editor) => editor.document.uri.fsPath === uri.fsPath);
    const viewColumn = shown?.viewColumn ?? vscode.ViewColumn.One;
    const line = new vscode.Range(row - 1, 0, row - 1, 0);
    const editor = await vscode.window.showTextDocument(uri, { viewColumn, selection: line, preserveFocus: true });
    editor.revealRange(line, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
  }
}

/** The page: nothing of it comes from elsewhere, and only the script with the nonce runs. */
function page(webview: vscode.Webview, dist: vscode.Uri): string {
  const nonce = randomBytes(16).toString('base64');
  const link = (file: string) => webview.asWebviewUri(vscode.Uri.joinPath(dist, file)).toString();
  const policy = `default-src 'none'; script-src 'nonce-${nonce}'; style-src 'nonce-${nonce}'`;
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="UTF-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>Model Summary</title>
<link rel="stylesheet" nonce="${nonce}" href="${link('view.css')}">
</head>
<body data-parts="both">
<div id="progress" role="progressbar" aria-label="Reading the model"></div>
<p id="problem" role="status" hidden></p>
<p id="empty">Reading the model …</p>
<div id="content" hidden>
<header>
<div class="title"><h1><span id="one"></span><select id="class" aria-label="Model" hidden></select></h1><span id="input"></span><span id="accepts"></span></div>
<dl id="tiles"></dl>
<div id="failure" role="alert" hidden></div>
<ul id="notes" aria-label="Notes" hidden></ul>
<details id="output" hidden><summary>Printed by the code</summary><pre></pre></details>
</header>
<div class="toolbar" role="toolbar" aria-label="Summary">
<input id="filter" type="search" placeholder="Filter layers ( / )" aria-label="Filter layers by name or type">
<span class="group of-pass" role="group" aria-label="What is shown"><button id="show-both" aria-pressed="true">Both</button><button id="show-picture" aria-pressed="false">Picture</button><button id="show-table" aria-pressed="false">Table</button></span>
<span class="group of-picture" role="group" aria-label="Size of the picture"><button id="zoom-out" title="Smaller (-)" aria-label="Smaller">−</button><button id="zoom-fit" title="Fit the width (0)">Fit</button><button id="zoom-in" title="Larger (+)" aria-label="Larger">+</button></span>
<span class="group of-picture" role="group" aria-label="Modules in the picture"><button id="open-all">Expand all</button><button id="close-all">Collapse all</button></span>
<span class="deeds"><button id="read" title="Show what reading the code gives" hidden>Back to Reading</button>
<button id="execute" title="Import the file and run a real forward pass on tensors without data">Run …</button>
<details id="export"><summary>Export ▾</summary><div class="menu"><button id="export-svg" class="of-pass">Picture as SVG</button><button id="export-md">Table as Markdown</button><button id="export-csv">Table as CSV</button></div></details></span>
</div>
<main>
<section id="canvas" aria-label="The steps of a forward pass"></section>
<section id="layers" aria-label="Layers"><table id="table" role="treegrid" aria-label="Layers"></table></section>
</main>
</div>
<script nonce="${nonce}" src="${link('view.js')}"></script>
</body>
</html>`;
}
