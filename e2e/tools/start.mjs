// @ts-check
/** `npm start`: installs what is missing, builds the page, serves it with cross-origin isolation and opens it. */
import process from 'node:process';
import { run } from './run.mjs';
import { installPackages, requireNode } from './setup.mjs';

requireNode();
await installPackages();

const vite = 'node_modules/vite/bin/vite.js';
const built = await run(process.execPath, [vite, 'build', '--logLevel', 'warn']);
if (built.code !== 0) process.exit(built.code);

const display = process.platform !== 'linux' || process.env['DISPLAY'] || process.env['WAYLAND_DISPLAY'];
const open = display && !process.env['CI'] ? ['--open'] : [];
// A port in use is no error: vite takes the next one and prints it.
const served = await run(process.execPath, [vite, 'preview', ...open]);
process.exit(served.code);
