// The panel of the summary view: it follows a file through its edits, and does what the view asks for.

import { randomBytes } from 'node:crypto';
import { sep } from 'node:path';
import * as vscode from 'vscode';
import type { FromView, ToView } from './messages';
import type { Server } from './server';
import { executed, NoSummary, summariesOf } from './source';
import type { Place } from './summary';

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
  private name: string | undefined;
  private timer: NodeJS.Timeout | undefined;
  private asked = 0;
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
      vscode.workspace.onDidChangeTextDocument(({ document }) => this.edited(document)),
      vscode.workspace.onDidSaveTextDocument((document) => this.edited(document)),
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
    this.name = name;
    this.panel.reveal(undefined, true);
    void this.refresh();
  }

  async run(uri: vscode.Uri, name: string | undefined): Promise<void> {
    this.uri = uri;
    this.name = name;
    await this.ask(() => executed(this.server, uri, name));
  }

  private async refresh(): Promise<void> {
    const { uri, name } = this;
    if (uri) await this.ask(() => summariesOf(this.server, uri, name));
  }

  /** Send what comes of it, unless something else was asked for meanwhile. */
  private async ask(get: () => ReturnType<typeof summariesOf>): Promise<void> {
    const number = ++this.asked;
    const uri = this.uri!.toString();
    this.send({ type: 'busy' });
    try {
      const summaries = (await get()).map((summary) => ({ ...summary, notes: summary.notes.map(shortened) }));
      if (number !== this.asked) return;
      const problem = summaries.length ? undefined : 'There is no model in this file.';
      this.panel.title = summaries.length ? `Summary: ${this.name ?? summaries[0]!.class}` : 'Model Summary';
      this.send({ type: 'summaries', uri, class: this.name, summaries, problem });
    } catch (error) {
      if (!(error instanceof NoSummary)) throw error;
      if (number === this.asked) this.send({ type: 'summaries', uri, class: this.name, summaries: [], problem: error.message });
    }
  }

  private later(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.refresh(), QUIET_MILLISECONDS);
  }

  private edited(document: vscode.TextDocument): void {
    if (document.languageId === 'python' && this.uri) this.later();
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
    } else if (message.type === 'open') await reveal(message.place);
    else if (message.type === 'class') {
      this.panel.title = `Summary: ${message.name}`;
    } else if (message.type === 'execute') await vscode.commands.executeCommand('torchlint.execute', this.uri, this.name);
    else await this.save(message);
  }

  private async save({ format, content, name }: Extract<FromView, { type: 'export' }>): Promise<void> {
    const [title, extension] = FILTERS[format];
    const folder = this.uri?.scheme === 'file' ? vscode.Uri.joinPath(this.uri, '..') : vscode.workspace.workspaceFolders?.[0]?.uri;
    const defaultUri = folder && vscode.Uri.joinPath(folder, `${name}.${extension}`);
    const target = await vscode.window.showSaveDialog({ defaultUri, filters: { [title]: [extension] } });
    if (target) await vscode.workspace.fs.writeFile(target, Buffer.from(content, 'utf8'));
  }
}

/** With the paths of files in the workspace as people know them. */
function shortened(note: string): string {
  const folders = vscode.workspace.workspaceFolders ?? [];
  return folders.reduce((text, folder) => text.replaceAll(folder.uri.fsPath + sep, ''), note);
}

/** Show the line beside the view, in the editor that has the file where there is one. */
async function reveal(place: Place): Promise<void> {
  const uri = vscode.Uri.file(place.filename);
  const shown = vscode.window.visibleTextEditors.find((editor) => editor.document.uri.fsPath === uri.fsPath);
  const viewColumn = shown?.viewColumn ?? vscode.ViewColumn.One;
  const line = new vscode.Range(place.row - 1, 0, place.row - 1, 0);
  const editor = await vscode.window.showTextDocument(uri, { viewColumn, selection: line, preserveFocus: true });
  editor.revealRange(line, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
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
<ul id="notes" aria-label="Notes" hidden></ul>
</header>
<div class="toolbar" role="toolbar" aria-label="Summary">
<input id="filter" type="search" placeholder="Filter layers ( / )" aria-label="Filter layers by name or type">
<span class="group" role="group" aria-label="What is shown"><button id="show-both" aria-pressed="true">Both</button><button id="show-picture" aria-pressed="false">Picture</button><button id="show-table" aria-pressed="false">Table</button></span>
<span class="group of-picture" role="group" aria-label="Size of the picture"><button id="zoom-out" title="Smaller (-)" aria-label="Smaller">−</button><button id="zoom-fit" title="Fit the width (0)">Fit</button><button id="zoom-in" title="Larger (+)" aria-label="Larger">+</button></span>
<span class="group of-picture" role="group" aria-label="Modules in the picture"><button id="open-all">Expand all</button><button id="close-all">Collapse all</button></span>
<span class="space"></span>
<button id="execute" title="Import the file and run a real forward pass on tensors without data">Run …</button>
<details id="export"><summary>Export ▾</summary><div class="menu"><button id="export-svg">Picture as SVG</button><button id="export-md">Table as Markdown</button><button id="export-csv">Table as CSV</button></div></details>
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
