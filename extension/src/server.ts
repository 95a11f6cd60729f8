// The language server: started when its Python is known to work, and started anew when another one is chosen.

import * as vscode from 'vscode';
import { CloseAction, ErrorAction, LanguageClient, RevealOutputChannelOn, State, type LanguageClientOptions, type WindowMiddleware } from 'vscode-languageclient/node';
import { Launcher, OLDEST_PYTHON, type Check } from './launcher';
import { findPython } from './python';

export const SELECTOR = [
  { language: 'python', scheme: 'file' },
  { language: 'python', scheme: 'untitled' },
  { language: 'python', notebook: '*' },
];
const MOST_CRASHES = 4;
const CRASHES_WITHIN = 3 * 60_000;

export interface Health {
  severity: 'starting' | 'running' | 'problem';
  text: string;
  detail: string;
}

export class Server implements vscode.Disposable {
  launcher: Launcher | undefined;
  private client: LanguageClient | undefined;
  private queue: Promise<void> = Promise.resolve();
  private complained = '';
  private readonly healthChange = new vscode.EventEmitter<Health>();
  readonly onHealth = this.healthChange.event;
  private readonly ready = new vscode.EventEmitter<void>();
  readonly onReady = this.ready.event;
  private readonly answers = new vscode.EventEmitter<vscode.Uri>();
  /** The server has asked the editor to ask again, or the text has changed: there may be new answers about a file. */
  readonly onAnswers = this.answers.event;

  constructor(
    private readonly context: vscode.ExtensionContext,
    private readonly log: vscode.LogOutputChannel,
  ) {}

  get running(): LanguageClient | undefined {
    return this.client?.state === State.Running ? this.client : undefined;
  }

  restart(): Promise<void> {
    return this.next(() => this.start());
  }

  /** Start anew where another Python would be chosen now. */
  reconsider(): Promise<void> {
    return this.next(async () => {
      const python = await findPython(this.log);
      const now = this.launcher?.python;
      if (python?.path !== now?.path || python?.args.join() !== now?.args.join()) await this.start();
    });
  }

  /** One start or restart at a time, in the order in which they were asked for. */
  private next(task: () => Promise<void>): Promise<void> {
    this.queue = this.queue.then(task).catch((error) => this.log.error(String(error)));
    return this.queue;
  }

  async dispose(): Promise<void> {
    await this.stop();
  }

  private async stop(): Promise<void> {
    const client = this.client;
    this.client = undefined;
    try {
      await client?.dispose();
    } catch (error) {
      this.log.warn(`The server did not end well: ${error}`);
    }
  }

  private async start(): Promise<void> {
    await this.stop();
    this.healthChange.fire({ severity: 'starting', text: 'torchlint', detail: 'starting' });
    const python = await findPython(this.log);
    if (!python) {
      this.launcher = undefined;
      this.ready.fire();
      return this.complain(`torchlint needs Python ${OLDEST_PYTHON} or newer, and found none.`, 'no Python was found', ['Choose Interpreter']);
    }
    const launcher = (this.launcher = new Launcher(this.context, python));
    const check = await launcher.check();
    if (check.kind !== 'works') return this.cannotStart(launcher, check);
    this.log.info(`torchlint ${check.version} with ${python.path}, from ${python.source}`);
    const options: LanguageClientOptions = {
      documentSelector: SELECTOR,
      outputChannel: this.log,
      revealOutputChannelOn: RevealOutputChannelOn.Never,
      synchronize: { configurationSection: 'torchlint' },
      errorHandler: this.errorHandler(),
      initializationFailedHandler: () => false,
      middleware: {
        provideCodeLenses: async (document, token, next) => {
          const lenses = await next(document, token);
          this.answers.fire(document.uri);
          return lenses;
        },
        window: { showDocument: showPage },
      },
    };
    const run = { command: python.path, args: [...python.args, '-m', 'torchlint', 'server'], options: { cwd: launcher.cwd, env: launcher.env } };
    this.client = new LanguageClient('torchlint', 'torchlint', run, options);
    try {
      await this.client.start();
      this.healthChange.fire({ severity: 'running', text: `torchlint ${check.version}`, detail: python.path });
      this.complained = '';
    } catch (error) {
      this.log.error(String(error));
      this.client = undefined;
      this.complain(`The torchlint language server does not start with ${python.path}.`, 'the language server does not start', ['Restart']);
    }
    this.ready.fire();
  }

  /** Starts it again, unless it ends again and again. */
  private errorHandler(): LanguageClientOptions['errorHandler'] {
    const crashes: number[] = [];
    return {
      error: () => ({ action: ErrorAction.Continue, handled: true }),
      closed: () => {
        crashes.push(Date.now());
        if (crashes.filter((time) => Date.now() - time < CRASHES_WITHIN).length <= MOST_CRASHES) {
          return { action: CloseAction.Restart, handled: true };
        }
        void this.complain('The torchlint language server ended unexpectedly several times.', 'the server ended', ['Restart']);
        return { action: CloseAction.DoNotRestart, handled: true };
      },
    };
  }

  private cannotStart(launcher: Launcher, check: Exclude<Check, { kind: 'works' }>): void {
    const { path, source } = launcher.python;
    this.ready.fire();
    if (check.kind === 'noPython') {
      return this.complain(`${path}, from ${source}, is no Python that can be run.`, 'no Python was found', ['Choose Interpreter']);
    }
    if (check.kind === 'oldPython') {
      const message = `torchlint needs Python ${OLDEST_PYTHON} or newer; ${path}, from ${source}, is Python ${check.version}.`;
      return this.complain(message, `Python ${check.version} is too old`, ['Choose Interpreter']);
    }
    if (check.kind === 'fails') {
      this.log.error(check.said);
      return this.complain(`torchlint does not start with ${path}: ${check.said.split('\n').at(-1)}`, 'it does not start', ['Choose Interpreter']);
    }
    const actions = [...(vscode.workspace.isTrusted ? ['Install torchlint'] : []), ...(launcher.bundle ? ['Use the Bundled One'] : []), 'Choose Interpreter'];
    return this.complain(`torchlint is not installed in ${path}, from ${source}.`, 'torchlint is not installed', actions);
  }

  /** One message for one reason; it stays in the language status. */
  private complain(message: string, detail: string, actions: string[]): void {
    this.log.error(message);
    this.healthChange.fire({ severity: 'problem', text: 'torchlint', detail });
    if (this.complained === message) return;
    this.complained = message;
    void vscode.window.showErrorMessage(message, ...actions, 'Show Output').then((action) => this.act(action));
  }

  private async act(action: string | undefined): Promise<void> {
    if (action === 'Show Output') this.log.show();
    if (action === 'Restart') await this.restart();
    if (action === 'Install torchlint' && this.launcher) await this.install(this.launcher);
    if (action === 'Choose Interpreter') await vscode.commands.executeCommand('workbench.action.openSettings', 'torchlint.interpreter');
    if (action === 'Use the Bundled One') {
      await vscode.workspace.getConfiguration('torchlint').update('importStrategy', 'useBundled', vscode.ConfigurationTarget.Global);
    }
  }

  /** `pip install` into the environment, after a question that says so. */
  private async install(launcher: Launcher): Promise<void> {
    const { path } = launcher.python;
    const wanted = `torchlint==${this.context.extension.packageJSON.version}`;
    const detail = `This runs ${path} -m pip install ${wanted}`;
    const answer = await vscode.window.showWarningMessage('Install torchlint into this environment?', { modal: true, detail }, 'Install');
    if (answer !== 'Install') return;
    const progress = { location: vscode.ProgressLocation.Notification, title: `Installing torchlint into ${path}` };
    const problem = await vscode.window.withProgress(progress, () => launcher.install(wanted, this.log));
    this.complained = '';
    if (problem === undefined) return this.restart();
    return this.complain(`torchlint could not be installed: ${problem}`, 'it could not be installed', ['Choose Interpreter']);
  }
}

/** The server asks for pages of rules only: they are shown as what their Markdown says, where the editor can. */
const showPage: NonNullable<WindowMiddleware['showDocument']> = async (params, token, next) => {
  try {
    await vscode.commands.executeCommand('markdown.showPreview', vscode.Uri.parse(params.uri));
    return { success: true };
  } catch {
    return next(params, token);
  }
};
