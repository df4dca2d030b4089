// @ts-check
/** Reads what failed from the JSON report of a test runner: the name of each failed test, and how it failed. */
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { stripVTControlCharacters } from 'node:util';

/** @typedef {{ name: string, why: string }} Failure */

/** The lines that say why, and with which seed. */
const shortened = (/** @type {string} */ message) =>
  stripVTControlCharacters(message)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('at ') && !line.startsWith('Hint:'))
    .slice(0, 6)
    .map((line) => line.slice(0, 300))
    .join('\n');

/**
 * Failures of Playwright's report: suites hold specs and suites.
 * @param {any} suite
 * @returns {Failure[]}
 */
const inSuite = (suite) => [
  ...(suite.specs ?? [])
    .filter((/** @type {any} */ spec) => !spec.ok)
    .map((/** @type {any} */ spec) => {
      const errors = spec.tests
        .flatMap((/** @type {any} */ test) => test.results)
        .flatMap((/** @type {any} */ result) => result.errors ?? []);
      return { name: `${basename(spec.file)} › ${spec.title}`, why: shortened(errors[0]?.message ?? 'no message') };
    }),
  ...(suite.suites ?? []).flatMap(inSuite),
];

/**
 * All failures in a report of vitest or Playwright. A missing report counts as one failure.
 * @param {string} file
 * @returns {Failure[]}
 */
export function failuresIn(file) {
  let report;
  try {
    report = JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return [{ name: 'the runner', why: 'left no report' }];
  }
  if ('suites' in report)
    return [
      ...report.suites.flatMap(inSuite),
      ...report.errors.map((/** @type {any} */ error) => ({
        name: 'outside of every test',
        why: shortened(error.message ?? String(error)),
      })),
    ];
  return report.testResults.flatMap((/** @type {any} */ result) => {
    const failed = result.assertionResults.filter((/** @type {any} */ one) => one.status === 'failed');
    if (failed.length === 0 && result.status === 'failed')
      return [{ name: basename(result.name), why: shortened(result.message ?? '') }];
    return failed.map((/** @type {any} */ one) => ({
      name: `${basename(result.name)} › ${one.fullName}`,
      why: shortened(one.failureMessages[0] ?? ''),
    }));
  });
}
