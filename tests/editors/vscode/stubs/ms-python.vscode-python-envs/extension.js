// The Python Environments extension as others see it: `choose` stands for its picker.

const vscode = require('vscode');

exports.activate = () => {
  const changed = new vscode.EventEmitter();
  let path = '';
  return {
    choose(chosen) {
      path = chosen;
      changed.fire({ uri: undefined, old: undefined, new: undefined });
    },
    getEnvironment: async () => (path ? { environmentPath: vscode.Uri.file(path), execInfo: { run: { executable: '/usr/bin/env', args: [path] } } } : undefined),
    onDidChangeEnvironment: changed.event,
  };
};
