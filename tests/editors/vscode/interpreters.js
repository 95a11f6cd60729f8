// Which Python runs torchlint, in a workspace that is not trusted at first, beside extensions that manage environments.

const assert = require('node:assert');
const fs = require('node:fs');
const path = require('node:path');
const vscode = require('vscode');
const { folder, found, run, session, test, ui, until } = require('./host');

const NAMES = ['setting', 'environments', 'extension', 'path', 'old', 'bare'];
const python = (name) => path.join(session, 'pythons', name, 'python3');
const runs = (name) => (fs.existsSync(`${python(name)}.ran`) ? fs.readFileSync(`${python(name)}.ran`, 'utf8').split('\n').slice(0, -1) : []);
const servers = (name) => runs(name).filter((args) => args === '-m torchlint server').length;
const settings = () => vscode.workspace.getConfiguration('torchlint', folder);
const exportsOf = (id) => vscode.extensions.getExtension(id).exports;
const choose = (id, name) => exportsOf(id).choose(name && python(name));
const ENVIRONMENTS = 'ms-python.vscode-python-envs';
const PYTHON = 'ms-python.python';

let model;

/** What `change` does starts a server with the Python of that name and no other, and it finds the mistake. */
async function serves(name, change) {
  const before = Object.fromEntries(NAMES.map((other) => [other, servers(other)]));
  await change();
  const started = () => NAMES.filter((other) => servers(other) > before[other]).join();
  await until(() => `a server of ${name}, not of ${started()}`, () => servers(name) > before[name]);
  assert.equal(started(), name);
  await until('the finding', () => found(model.uri, 'TL108').length);
}

/** Where a message stands among the notifications, which are opened for that: toasts are not shown to a browser without a head. */
async function message(text) {
  await vscode.commands.executeCommand('notifications.showList');
  return `.notifications-center .notification-list-item:has-text("${text}")`;
}

test('in a workspace that is not trusted, the Python is the one on PATH, whatever its settings say', async () => {
  assert.equal(vscode.workspace.isTrusted, false);
  await serves('path', async () => {
    model = await vscode.workspace.openTextDocument(vscode.Uri.joinPath(folder, 'model.py'));
    await vscode.window.showTextDocument(model);
  });
  for (const name of ['setting', 'environments', 'extension']) assert.deepEqual(runs(name), []);
});

test('there a model is not run', async () => {
  const refused = vscode.commands.executeCommand('torchlint.execute', model.uri, 'Digits');
  assert.match(await ui('text', await message('which is not trusted')), /Running a model runs the code of this workspace/);
  await vscode.commands.executeCommand('notifications.clearAll');
  await refused;
  for (const name of NAMES) assert(!runs(name).some((args) => args.includes('--execute')));
});

test('when the workspace is trusted, the Python is that of the setting', async () => {
  await serves('setting', async () => {
    await vscode.commands.executeCommand('workbench.trust.manage');
    await ui('click', '.workspace-trust-editor .monaco-button:has-text("Trust"):not(:has-text("Don"))');
    await until('trust', () => vscode.workspace.isTrusted);
  });
  await ui('press', 'Escape');
});

test('without a setting it is the one that is chosen in Python Environments', async () => {
  for (const id of [ENVIRONMENTS, PYTHON]) await vscode.extensions.getExtension(id).activate();
  choose(ENVIRONMENTS, 'environments');
  choose(PYTHON, 'extension');
  await serves('environments', () => settings().update('interpreter', undefined, vscode.ConfigurationTarget.Workspace));
});

test('what is chosen in an extension that is not asked restarts nothing', async () => {
  const before = servers('environments');
  choose(PYTHON, 'setting');
  choose(PYTHON, 'extension');
  await vscode.commands.executeCommand('torchlint.restart'); // the one after these, were there any
  assert.equal(servers('environments'), before + 1);
});

test('else the one that is chosen in the Python extension', async () => {
  await serves('extension', () => choose(ENVIRONMENTS, ''));
});

test('else the one on PATH', async () => {
  await serves('path', () => choose(PYTHON, ''));
});

test('another choice restarts the server with it', async () => {
  await serves('extension', () => choose(PYTHON, 'extension'));
});

test('that a Python is too old is said once', async () => {
  choose(PYTHON, 'old');
  const said = await message('needs Python 3.10');
  assert.match(await ui('text', said), /pythons\/old\/python3, from the extension ms-python\.python, is Python 3\.9/);
  await vscode.commands.executeCommand('torchlint.restart');
  assert.equal(await ui('count', said), 1);
  await vscode.commands.executeCommand('notifications.clearAll');
});

test('that torchlint is missing is said, with what can be done', async () => {
  choose(PYTHON, 'bare');
  const said = await ui('text', await message('torchlint is not installed'));
  assert.match(said, /pythons\/bare\/python3/);
  for (const action of ['Install torchlint', 'Choose Interpreter', 'Show Output']) assert(said.includes(action), said);
});

exports.run = run;
