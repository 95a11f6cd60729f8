// For tests inside VS Code's extension host: what is found goes, test by test, to a file beside the workspace, where drive.mjs reads it.
// What the API of extensions cannot do, `ui` asks of the browser in the same way.

const fs = require('node:fs');
const path = require('node:path');
const vscode = require('vscode');

const folder = vscode.workspace.workspaceFolders[0].uri;
const session = path.dirname(folder.fsPath);
const tests = [];
const sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

exports.folder = folder;
exports.session = session;
exports.test = (name, run) => tests.push([name, run]);

/** What `ask` answers as soon as that is true; `what` says what is waited for, or asks what there is instead. */
exports.until = async (what, ask, milliseconds = 60_000) => {
  const start = Date.now();
  for (;;) {
    const answer = await ask();
    if (answer) return answer;
    if (Date.now() - start > milliseconds) throw new Error(`in vain waited for ${typeof what === 'string' ? what : await what()}`);
    await sleep(50);
  }
};

/** Lets the browser do something: see `deeds` in drive.mjs. */
let asked = 0;
exports.ui = async (deed, ...args) => {
  const file = path.join(session, `ui-${++asked}`);
  write(`${file}.asked`, { deed, args });
  const { answer, problem } = await exports.until(`${deed} ${args.join(' ')}`, () => read(`${file}.answer`), 90_000);
  if (problem) throw new Error(problem);
  return answer;
};

exports.ask = (provider, ...args) => vscode.commands.executeCommand(`vscode.execute${provider}Provider`, ...args);
exports.found = (uri, code) => vscode.languages.getDiagnostics(uri).filter((one) => JSON.stringify(one.code).includes(code));
exports.placeOf = (document, text) => {
  const offset = document.getText().indexOf(text);
  if (offset < 0) throw new Error(`there is no ${text}`);
  return document.positionAt(offset);
};

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
    write(path.join(session, 'results'), { results, done: results.length === tests.length });
  }
};

function write(file, value) {
  fs.writeFileSync(`${file}.part`, JSON.stringify(value));
  fs.renameSync(`${file}.part`, file);
}

function read(file) {
  return fs.existsSync(file) && JSON.parse(fs.readFileSync(file, 'utf8'));
}
