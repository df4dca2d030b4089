/** Properties of the project as a whole, beside what the linter can see: what the build may load, and what no file may name. */
import { expect, test } from 'vitest';
import { contentSecurityPolicy } from '../vite.config';

test('the policy lets the page load itself and nothing else', () => {
  const sources = contentSecurityPolicy.split('; ').flatMap((directive) => directive.split(' ').slice(1));
  expect(new Set(sources)).toEqual(new Set(["'none'", "'self'", 'blob:']));
});
