/**
 * Properties of the project as a whole: what the build may load, what no file may name, and that the project's lint
 * rules see what they forbid.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { importProblem, kernelProblem, literalTexts, roleProblem } from '../e2e/tools/lint-rules.mjs';
import { contentSecurityPolicy } from '../vite.config';
import { KERNELS } from './kernels';
import { OPS } from './ops';
import { rulesOf } from './ops/rules';
import { chosenLines } from './wgsl/link';

const top = resolve(import.meta.dirname, '..');
const read = (file: string) => readFileSync(resolve(top, file), 'utf8');
const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  cwd: top,
  encoding: 'utf8',
})
  .split('\n')
  .filter((file) => file !== '' && existsSync(resolve(top, file)));

test('the policy lets the page load itself and nothing else', () => {
  const sources = contentSecurityPolicy.split('; ').flatMap((directive) => directive.split(' ').slice(1));
  expect(new Set(sources)).toEqual(new Set(["'none'", "'self'", 'blob:']));
});

test('the lockfile names packages by version and checksum, not by where they came from', () => {
  const lock = JSON.parse(read('package-lock.json')) as {
    packages: Record<string, { version: string; integrity?: string; resolved?: string }>;
  };
  const { '': root, ...packages } = lock.packages;
  expect(root).toBeDefined();
  for (const [path, { integrity, resolved }] of Object.entries(packages)) {
    expect(integrity, path).toMatch(/^sha512-/);
    expect(resolved, path).toBeUndefined();
  }
});

test('no file names a package registry or a folder of the machine it was written on', () => {
  const texts = files.filter((file) => /\.(ts|mjs|json|md|html|css|wgsl|py|svg|ya?ml)$|^\.|^LICENSE/.test(file));
  expect(texts.length).toBeGreaterThan(10);
  const forbidden = /\bregistry\.[a-z]+\.[a-z]+|(?<![\w.])\/(?:work|root|home)\/\w/;
  expect(texts.filter((file) => forbidden.test(read(file)))).toEqual([]);
});

test('a shader stays under 150 lines, as it is linked for a mask', () => {
  const lines = (file: string, header: Record<string, number>) => chosenLines(read(file), header).length;
  const long = files.filter(
    (file) => file.endsWith('.wgsl') && [{ CAUSAL: 1 }, { LEFT: 1, RIGHT: 1 }].some((of) => lines(file, of) > 150),
  );
  expect(long).toEqual([]);
});

test('the glossary has each term once, and what it names exists', () => {
  const rows = read('src/GLOSSARY.md')
    .split('\n')
    .filter((line) => line.startsWith('| ') && !/^\| (?:term|---) /.test(line))
    .map((line) => line.split(/(?<!\\)\|/).map((cell) => cell.trim()));
  const terms = rows.map(([, term]) => term);
  expect(rows.length).toBeGreaterThan(100);
  expect(terms.filter((term, i) => terms.indexOf(term) !== i)).toEqual([]);
  const named = rows.flatMap(([, , , where = '']) => [...where.matchAll(/`([^`]+)`/g)].map(([, path = '']) => path));
  const there = (path: string) => existsSync(resolve(top, 'src', path)) || existsSync(resolve(top, path));
  expect(named.filter((path) => path.includes('/') && !there(path))).toEqual([]);
});

describe('lint rules', () => {
  const from = (file: string, specifier: string) => importProblem(resolve(top, 'src', file), specifier);

  test('a folder imports from the folders before it, and app from all', () => {
    expect(from('trace/trace.ts', '../kernels')).toBeUndefined();
    expect(from('trace/trace.ts', '../ops/attention/shape')).toBeUndefined();
    expect(from('frame/scene.ts', './frame')).toBeUndefined();
    expect(from('kernels/naive.ts', '../../shaders/naive.wgsl?raw')).toBeUndefined();
    expect(from('kernels/naive.ts', 'lit')).toBeUndefined();
    expect(from('app/shell.ts', '../labs/step')).toBeUndefined();
    expect(from('main.ts', './app/shell')).toBeUndefined();
  });

  test('a folder does not import from a folder after it, however deep', () => {
    expect(from('ops/attention/shape.ts', '../../kernels')).toMatch('ops comes before kernels');
    expect(from('tensors/npy.ts', '../kernels')).toMatch('tensors comes before kernels');
    expect(from('ops/attention/shape.ts', '../../tensors/npy')).toMatch('ops comes before tensors');
    expect(from('trace/deep/trace.ts', '../../machine/gpu/run')).toMatch('trace comes before machine');
    expect(from('views/row.ts', '../app/state')).toMatch('views comes before app');
    expect(from('views/row.ts', '../main')).toMatch('entry');
    expect(from('utils/row.ts', '../attention')).toMatch('not one of');
  });

  test('frame and views know no card of a kernel: all that they draw is in the trace', () => {
    expect(from('frame/scene.ts', '../kernels')).toMatch('from the trace alone');
    expect(from('views/charts/chart.ts', '../../kernels/card')).toMatch('from the trace alone');
    expect(from('ui/kernel-mark.ts', '../kernels')).toBeUndefined();
    expect(from('labs/step/tiles.ts', '../../kernels/fit')).toBeUndefined();
  });

  test('no file beside the kernels names one', () => {
    const named = (file: string, value: string) => kernelProblem(resolve(top, 'src', file), value);
    for (const file of ['labs/step/tiles.ts', 'machine/paged.ts', 'views/story/sentence.ts', 'app/header.ts'])
      for (const { id, op } of KERNELS)
        if (id !== op) expect(named(file, id), `${file} ${id}`).toMatch('kernels/defaults.ts');
    expect(named('kernels/defaults.ts', 'naive')).toBeUndefined();
    expect(named('paging/schedule-paper.ts', 'decode')).toBeUndefined();
    expect(named('views/paging/waste/waste.ts', 'paged')).toBeUndefined();
    expect(named('labs/step/tiles.ts', 'tiles')).toBeUndefined();
  });

  test('a tensor or role is named by the op that has it, its kernels, views and words alone', () => {
    const named = (file: string, value: string) => roleProblem(resolve(top, 'src', file), value);
    const all = OPS.flatMap(({ id, tensors }) => [...Object.keys(tensors), ...Object.keys(rulesOf(id)?.roles ?? {})]);
    expect(all.length).toBeGreaterThan(30);
    for (const role of [...all, ...OPS.flatMap(({ chip = [] }) => chip)])
      for (const file of ['frame/explain.ts', 'views/shared/matrix.ts', 'labs/step/link.ts', 'app/header.ts'])
        expect(named(file, role), `${file} ${role}`).toMatch('go by axes');
    for (const file of [
      'ops/attention/rules.ts',
      'kernels/flash2.ts',
      'views/attention/cross/cross.ts',
      'model/model.ts',
    ])
      expect(named(file, 'Q')).toBeUndefined();
    expect(named('views/explain/tip.words.ts', 'S')).toBeUndefined();
    expect(named('frame/explain.ts', 'other')).toBeUndefined();
  });

  test('one view or lab does not import from another; what they share lies beside them', () => {
    expect(from('labs/compare/lab.ts', '../step/stage')).toMatch('compare and step are siblings');
    expect(from('labs/compare/lab.ts', '../shared/choice')).toBeUndefined();
    expect(from('labs/shared/timing.ts', '../step/stage')).toMatch('shared and step are siblings');
    expect(from('views/source/source.ts', '../strip/strip')).toMatch('source and strip are siblings');
    expect(from('views/attention/cross/tile.ts', '../softmax/bars')).toMatch('cross and softmax are siblings');
    expect(from('views/attention/cross/tile.ts', '../../levels/thumb')).toMatch('attention and levels are siblings');
    expect(from('views/attention/cross/tile.ts', '../../shared/label')).toBeUndefined();
    expect(from('views/paging/pool/pool.ts', '../shared/board')).toBeUndefined();
    expect(from('views/paging/pool/pool.ts', '../view')).toBeUndefined();
    expect(from('views/paging/shared/board.ts', '../pool/pool')).toMatch('shared and pool are siblings');
    expect(from('views/index.ts', './source/source')).toBeUndefined();
    expect(from('ui/dom/mark.ts', '../../views/view')).toMatch('ui comes before views');
  });

  test('literal text in a template is found, expressions, symbols and markup are not', () => {
    expect(literalTexts('<p class="some words">\0 <b>Q</b> &times; 3</p><!-- a note -->')).toEqual([]);
    expect(literalTexts('<p title=\0 aria-label="\0">\0</p>')).toEqual([]);
    expect(literalTexts('<p>l = Σ exp(s − m_old), QKᵀ</p>')).toEqual([]);
    expect(literalTexts('<p>\0 steps</p>')).toEqual(['steps']);
    expect(literalTexts('<p>max of QK row</p>')).toEqual(['max of QK row']);
    expect(literalTexts('<text>行</text>')).toEqual(['行']);
    expect(literalTexts('<button aria-label="Play" @click=\0></button>')).toEqual(['"Play"']);
  });
});
