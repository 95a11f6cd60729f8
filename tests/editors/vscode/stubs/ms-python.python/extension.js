// The Python extension as others see it: `choose` stands for its picker.

const vscode = require('vscode');

exports.activate = () => {
  const changed = new vscode.EventEmitter();
  let path = '';
  return {
    choose(chosen) {
      path = chosen;
      changed.fire({ id: path, path, resource: undefined });
    },
    environments: {
      getActiveEnvironmentPath: () => ({ id: path || 'DEFAULT_PYTHON', path }),
      resolveEnvironment: async (environment) =>
        environment.path ? { id: path, path, executable: { uri: vscode.Uri.file(path), sysPrefix: undefined } } : undefined,
      onDidChangeActiveEnvironmentPath: changed.event,
    },
  };
};
