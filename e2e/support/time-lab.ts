/** What the specs of the Time lab share: opening it, its table, its files, and a result file. */
import { readFileSync } from 'node:fs';
import type { Download, Locator, Page } from '@playwright/test';
import { pointOf, reportOf } from '../../src/bench/testing/reports';
import { expect } from './fixtures';

export const TINY = 'lab=time&t.n=16.24&t.heads=1&t.d=8&t.s=1';
const NO_GPU = () => Object.defineProperty(Navigator.prototype, 'gpu', { get: () => undefined, configurable: true });

/** Opens the lab without a GPU: there is nothing to wait for but the lab itself. */
export async function visit(page: Page, fragment: string): Promise<void> {
  await page.addInitScript(NO_GPU);
  await page.goto(`/#${fragment}`);
  await expect(page.locator('.time-lab .plan')).toBeVisible();
}

export const rows = (page: Page): Locator => page.locator('table.points tbody tr');
export const finished = (page: Page): Promise<void> =>
  page.locator('.start-bar.running').waitFor({ state: 'detached', timeout: 50_000 });
export const fileOf = async (page: Page, act: () => Promise<void>): Promise<{ name: string; bytes: Buffer }> => {
  const waiting: Promise<Download> = page.waitForEvent('download');
  await act();
  const download = await waiting;
  return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) };
};

const rounds = (ms: number): number[] => Array.from({ length: 8 }, () => ms);
/** A result file: slower at 64, no difference at 128, faster from 256 on. */
export const stored = {
  name: 'times.json',
  mimeType: 'application/json',
  buffer: Buffer.from(
    JSON.stringify(
      reportOf([
        pointOf(64, rounds(1), rounds(2)),
        pointOf(128, rounds(4), [2, 8, 2, 8, 2, 8, 2, 8]),
        pointOf(256, rounds(16), rounds(8)),
        pointOf(512, rounds(64), rounds(16)),
      ]),
    ),
  ),
};
