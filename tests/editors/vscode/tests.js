// Tests of the extension inside VS Code's extension host, with the real server. `RESULTS` names the file for what they find.

const assert = require('node:assert');
const fs = require('node:fs');
const vscode = require('vscode');

const folder = vscode.workspace.workspaceFolders[0].uri;
const tests = [];
const test = (name, run) => tests.push([name, run]);
const sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

async function until(what, ask, milliseconds = 20_000) {
  const start = Date.now();
  for (;;) {
    const answer = await ask();
    if (answer) return answer;
    if (Date.now() - start > milliseconds) throw new Error(`in vain waited for ${typeof what === 'string' ? what : what()}`);
    await sleep(50);
  }
}

const ask = (provider, ...args) => vscode.commands.executeCommand(`vscode.execute${provider}Provider`, ...args);
const found = (uri, name) => vscode.languages.getDiagnostics(uri).filter((one) => JSON.stringify(one.code).includes(name));
const textOf = (hovers) => hovers.flatMap((hover) => hover.contents.map((part) => part.value ?? part)).join('\n');

function placeOf(document, text) {
  const offset = document.getText().indexOf(text);
  assert(offset >= 0, `there is no ${text}`);
  return document.positionAt(offset);
}

let model;

test('a Python file activates the extension', async () => {
  model = await vscode.workspace.openTextDocument(vscode.Uri.joinPath(folder, 'model.py'));
  await vscode.window.showTextDocument(model);
  const extension = vscode.extensions.getExtension('torchlint.torchlint');
  await until('activation', () => extension.isActive);
});

test('a mistake is reported where it is, with its page', async () => {
  const [one] = await until('the finding', () => found(model.uri, 'TL108').length && found(model.uri, 'TL108'));
  assert.equal(one.range.start.line, placeOf(model, 'x.view').line);
  assert.equal(one.source, 'torchlint');
  assert.equal(one.severity, vscode.DiagnosticSeverity.Error);
});

test('hovering a layer shows its parameters with their arithmetic', async () => {
  const text = () => ask('Hover', model.uri, placeOf(model, 'Linear(784').translate(0, 2)).then(textOf);
  await until('the count', async () => /7,850/.test(await text())); // answers come soon after the findings
});

test('hovering a variable of forward shows its shape', async () => {
  const text = textOf(await ask('Hover', model.uri, placeOf(model, 'x = self.pool')));
  assert.match(text, /\[N, 16, 7, 7\]/);
});

test('inlay hints show shapes and counts', async () => {
  const hints = await ask('InlayHint', model.uri, new vscode.Range(0, 0, model.lineCount, 0));
  const labels = hints.map((hint) => (typeof hint.label === 'string' ? hint.label : hint.label.map((part) => part.value).join('')));
  assert(labels.some((label) => label.includes('[N, 16, 28, 28]')), labels.join(' '));
  assert(labels.some((label) => /7,850/.test(label)), labels.join(' '));
});

test('a code lens sums the model up', async () => {
  const lenses = await ask('CodeLens', model.uri, 10);
  const titles = lenses.map((lens) => lens.command?.title ?? '');
  assert(titles.some((title) => /12,938 parameters/.test(title)), titles.join(' '));
});

test('the lens opens the summary view', async () => {
  const lenses = await ask('CodeLens', model.uri, 10);
  const { command } = lenses.find((lens) => /12,938 parameters/.test(lens.command?.title ?? ''));
  await vscode.commands.executeCommand(command.command, ...command.arguments);
  const tabs = () => vscode.window.tabGroups.all.flatMap((group) => group.tabs.map((tab) => tab.label));
  await until(() => `the view among ${tabs()}`, () => tabs().includes('Summary: Digits'));
});

test('a quick fix mends the line, and the finding goes', async () => {
  const [one] = found(model.uri, 'TL108');
  const actions = await ask('CodeAction', model.uri, one.range);
  const fix = actions.find((action) => action.edit && action.kind?.value.startsWith('quickfix') && /reshape/.test(JSON.stringify(action.edit.entries())));
  assert(fix, actions.map((action) => action.title).join('; '));
  assert(await vscode.workspace.applyEdit(fix.edit));
  assert.match(model.getText(), /x\.reshape\(-1, 784\)/);
  await until('the finding to go', () => !found(model.uri, 'TL108').length);
});

test('findings follow what is typed', async () => {
  const edit = new vscode.WorkspaceEdit();
  const at = placeOf(model, '784, 10');
  edit.replace(model.uri, new vscode.Range(at, at.translate(0, 3)), '785');
  await vscode.workspace.applyEdit(edit);
  await until('the new finding', () => found(model.uri, 'TL101').length);
  await vscode.commands.executeCommand('undo');
  await until('it to go', () => !found(model.uri, 'TL101').length);
});

test('a notebook is one program, and its cells have findings', async () => {
  const notebook = await vscode.workspace.openNotebookDocument(vscode.Uri.joinPath(folder, 'notebook.ipynb'));
  await vscode.window.showNotebookDocument(notebook);
  const cells = notebook.getCells().map((cell) => cell.document.uri);
  await until('the finding', () => cells.some((uri) => found(uri, 'TL101').length));
});

test('after a restart the findings come back', async () => {
  await vscode.window.showTextDocument(model);
  const at = placeOf(model, '784, 10');
  const edit = new vscode.WorkspaceEdit();
  edit.replace(model.uri, new vscode.Range(at, at.translate(0, 3)), '785');
  await vscode.workspace.applyEdit(edit);
  await until('the finding', () => found(model.uri, 'TL101').length);
  await vscode.commands.executeCommand('torchlint.restart');
  await until('the finding again', () => found(model.uri, 'TL101').length);
});

test('an interpreter that does not exist is no crash, and mending the setting is enough', async () => {
  const settings = vscode.workspace.getConfiguration('torchlint', folder);
  const before = settings.get('interpreter');
  await settings.update('interpreter', '/nowhere/python', vscode.ConfigurationTarget.Workspace);
  await until('the findings to go', () => !found(model.uri, 'TL101').length);
  await settings.update('interpreter', before, vscode.ConfigurationTarget.Workspace);
  await until('the finding again', () => found(model.uri, 'TL101').length);
});

exports.run = async () => {
  const results = [];
  for (const [name, run] of tests) {
    const start = Date.now();
    let problem = null;
    try {
      await run();
    } catch (error) {
      problem = error?.message || String(error);
    }
    results.push({ name, problem, milliseconds: Date.now() - start });
    fs.writeFileSync(`${process.env.TORCHLINT_RESULTS}.part`, JSON.stringify(results));
  }
  fs.renameSync(`${process.env.TORCHLINT_RESULTS}.part`, process.env.TORCHLINT_RESULTS);
};
