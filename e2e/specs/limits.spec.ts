/**
 * What f32 cannot represent is reported beside the result in both languages, and a correct result at large logits is
 * shown with its error.
 */
import type { Page } from '@playwright/test';
import { floats, npyBytes } from '../../src/tensors/testing/write';
import { expect, test } from '../support/fixtures';
import { captured, stateOf } from '../support/lab';

const [rows, dim] = [19, 8];
const numbers = (phase: number): number[] =>
  Array.from({ length: rows * dim }, (_, i) => Math.fround(1.5 * Math.sin(0.7 * i + phase) + Math.cos(0.013 * i * i)));

/** Channel 0 of a matrix as an outlier channel. */
const outlier = (values: readonly number[], x: number): number[] => values.map((old, i) => (i % dim === 0 ? x : old));

async function openTensors(page: Page, tensors: Record<'q' | 'k' | 'v', readonly number[]>): Promise<void> {
  await page.getByRole('button', { name: 'Tensors', exact: true }).click();
  await page.locator('input[name=tensors]').setInputFiles(
    Object.entries(tensors).map(([role, data]) => ({
      name: `${role}.npy`,
      mimeType: 'application/octet-stream',
      buffer: Buffer.from(npyBytes({ shape: [rows, dim], data: floats(data) })),
    })),
  );
  await captured(page, { queries: rows, keys: rows, dim, mask: 'causal' });
}

test.beforeEach(() => test.setTimeout(120_000));

test('outlier channels are shown, with the error of plain f32 beside the kernel’s', async ({ page }) => {
  await page.goto('/#kernel=flash2&input=seed&n=16&mask=causal&lang=en');
  await openTensors(page, { q: outlier(numbers(1), 448), k: outlier(numbers(2), -540), v: numbers(3) });
  const { maxOracle, maxF32, warnings } = (await stateOf(page)).trace!;
  expect(maxF32).toBeGreaterThan(1e-4);
  expect(maxOracle).toBeLessThanOrEqual(2 * maxF32! + 2e-5);
  expect(warnings?.map(({ code }) => code)).toEqual(['lost-precision']);
  const chip = page.locator('.chip', { hasText: 'error vs f64' });
  await expect(chip).toHaveAttribute('data-mark', /Error vs f64: [\d.]+ \(plain f32: [\d.]+/);
  await expect(page.locator('[data-warning="lost-precision"]')).toContainText('That is f32, not the kernel.');
  await expect(page.locator('.message[data-code="check-failed"]')).toHaveCount(0);
  await page.locator('button.language').click();
  await expect(page.locator('[data-warning="lost-precision"]')).toContainText('这是 f32 的限制，不是 kernel 的错。');
  // In the Compare lab each run reports it for itself.
  await page.locator('nav a[href*="lab=compare"]').click();
  for (const side of [0, 1])
    await expect(page.locator(`.side-${side} [data-warning="lost-precision"]`)).toContainText('这是 f32 的限制', {
      timeout: 45_000,
    });
  await expect(page.locator('[data-warning="lost-precision"]')).toHaveCount(2);
});

test('sums of V that overflow are told in words as long as their picture stands', async ({ page }) => {
  await page.goto('/#kernel=flash2&input=seed&n=16&mask=causal&lang=en');
  await openTensors(page, { q: numbers(1), k: numbers(2), v: numbers(3).map(() => 3e38) });
  await expect(page.locator('[data-warning="value-overflow"]')).toContainText('p · V overflows');
  await expect(page.locator('[data-warning="not-finite"]')).toContainText('came out infinite or as NaN');
  await page.goto('/#kernel=flash2&input=seed&n=16&mask=causal&lang=en');
  await captured(page, { keys: 16 });
  await expect(page.locator('.message.limits')).toHaveCount(0);
});
