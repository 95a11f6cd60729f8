// What the server says, as VS Code shows it.

const assert = require('node:assert');
const vscode = require('vscode');
const { ask, folder, found, placeOf, run, test, until } = require('./host');

const tabs = () => vscode.window.tabGroups.all.flatMap((group) => group.tabs.map((tab) => tab.label)).join();
const textOf = (hovers) => hovers.flatMap((hover) => hover.contents.map((part) => part.value ?? part)).join('\n');

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
  assert.match(one.code.target.path, /view-noncontiguous\.md$/);
});

test('an action opens the page of the rule, as what it says', async () => {
  const [one] = found(model.uri, 'TL108');
  const actions = await ask('CodeAction', model.uri, one.range);
  const { command } = actions.find((action) => /page of view-noncontiguous/.test(action.title));
  await vscode.commands.executeCommand(command.command, ...command.arguments);
  await until(() => `a preview among ${tabs()}`, () => /Preview.*view-noncontiguous\.md/.test(tabs()));
  await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
  await vscode.window.showTextDocument(model);
});

test('hovering a layer shows its parameters with their arithmetic', async () => {
  const text = () => ask('Hover', model.uri, placeOf(model, 'Linear(784').translate(0, 2)).then(textOf);
  await until('the count', async () => /7,850/.test(await text())); // answers come soon after the findings
});

test('hovering a variable of forward shows its shape', async () => {
  const text = () => ask('Hover', model.uri, placeOf(model, 'x = self.pool')).then(textOf);
  await until('the shape', async () => /\[N, 16, 7, 7\]/.test(await text()));
});

test('inlay hints show shapes and counts', async () => {
  const labels = async () => {
    const hints = await ask('InlayHint', model.uri, new vscode.Range(0, 0, model.lineCount, 0));
    return hints.map((hint) => (typeof hint.label === 'string' ? hint.label : hint.label.map((part) => part.value).join(''))).join(' ');
  };
  await until(labels, async () => (await labels()).includes('[N, 16, 28, 28]') && (await labels()).includes('7,850'));
});

test('a code lens sums a model up, and its command opens the summary of that model', async () => {
  const lensOf = async (title) => (await ask('CodeLens', model.uri, 10)).find((lens) => lens.command?.title.includes(title))?.command;
  for (const [title, name] of [['4*channels parameters', 'Residual'], ['12,938 parameters', 'Digits']]) {
    const command = await until(`the lens of ${name}`, () => lensOf(title));
    assert.deepEqual(command.arguments, [{ uri: model.uri.toString(), class: name }]);
    await vscode.commands.executeCommand(command.command, ...command.arguments);
    await until(() => `the view of ${name} among ${tabs()}`, () => tabs().includes(`Summary: ${name}`));
  }
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

async function retype(before, after) {
  const edit = new vscode.WorkspaceEdit();
  const at = placeOf(model, before);
  edit.replace(model.uri, new vscode.Range(at, at.translate(0, before.length)), after);
  assert(await vscode.workspace.applyEdit(edit));
}

test('findings follow what is typed', async () => {
  await retype('784, 10', '785, 10');
  await until('the new finding', () => found(model.uri, 'TL101').length);
  await retype('785, 10', '784, 10');
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
  await retype('784, 10', '785, 10');
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

exports.run = run;
