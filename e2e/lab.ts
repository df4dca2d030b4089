/** What the specs of the Step lab share: opening a link, waiting for a picture, reading the page's state. */
import type { Page } from '@playwright/test';
import type { Attnscope } from '../src/app/automation';
import { expect } from './fixtures';

/** A small problem, so that a test waits for the browser and not for arithmetic. */
export const SMALL = 'input=seed&n=48&d=16&heads=2&seed=3&mask=causal';

/** What the page says of itself. */
export const stateOf = (page: Page): Promise<ReturnType<Attnscope['state']>> => page.evaluate(() => window.attnscope.state());

/** Opens a link and waits until its own capture, or the stated fallback, is drawn. */
export async function open(page: Page, fragment: string): Promise<void> {
  await page.goto(`/#${fragment}`);
  await page.evaluate(() => window.attnscope.ready);
}

/** Waits until this device's capture of a run that fits `wanted` is on screen. */
export async function captured(page: Page, wanted: Record<string, unknown> = {}): Promise<void> {
  const flat = async () => {
    const { trace } = await stateOf(page);
    return { provenance: trace?.provenance, kernel: trace?.run.kernel, ...trace?.run.shape, ...trace?.run.tile };
  };
  await expect.poll(flat, { timeout: 45_000 }).toMatchObject({ provenance: 'this-device', ...wanted });
}

/** The cursor as the address bar has it. */
export const at = async (page: Page): Promise<string | null> => new URLSearchParams(new URL(page.url()).hash.slice(1)).get('at');
