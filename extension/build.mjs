// Bundles the extension (for Node) and the summary view (for its webview) into dist/.
import { copyFileSync, mkdirSync } from 'node:fs';
import { build } from 'esbuild';

const common = { bundle: true, minify: process.argv.includes('--minify'), sourcemap: process.argv.includes('--minify') ? false : 'linked' };
mkdirSync('dist', { recursive: true });
copyFileSync('../LICENSE', 'LICENSE');
await build({
  ...common,
  entryPoints: ['src/extension.ts'],
  outfile: 'dist/extension.js',
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  external: ['vscode'],
  mainFields: ['module', 'main'],
});
await build({ ...common, entryPoints: ['src/view/main.ts'], outfile: 'dist/view.js', format: 'iife', target: 'es2022' });
await build({ ...common, entryPoints: ['src/view/view.css'], outfile: 'dist/view.css', sourcemap: false });
