/** What the specs of the Step lab share: opening a link, waiting for a picture, reading the page's state. */
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import type { Attnscope } from '../../src/app/automation/automation';
import { expect } from './fixtures';

/** A small problem, so that a test waits for the browser and not for arithmetic. */
export const SMALL = 'input=seed&n=48&d=16&heads=2&seed=3&mask=causal';

/** The state that the page reports. */
export const stateOf = (page: Page): Promise<ReturnType<Attnscope['state']>> =>
  page.evaluate(() => window.attnscope.state());

/**
 * For tests that need no run: the GPU never answers, and the page shows its recording. Call it before the page is
 * opened.
 */
export const silenceGpu = (page: Page): Promise<unknown> =>
  page.addInitScript(() => {
    GPU.prototype.requestAdapter = () => new Promise(() => undefined);
  });

/**
 * Runs axe over the page. Passed rules are not listed, since listing them takes longer than checking; frames are not
 * searched, since there are none.
 */
export const axe = (page: Page): AxeBuilder =>
  new AxeBuilder({ page }).options({ resultTypes: ['violations'] }).setLegacyMode();

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

/** The cursor in the address bar. */
export const at = async (page: Page): Promise<string | null> =>
  new URLSearchParams(new URL(page.url()).hash.slice(1)).get('at');

/** What scrolls sideways, is written too small, or is hard to hit. */
export const faults = (page: Page): Promise<{ sideways: number; small: string[]; tight: string[] }> =>
  page.evaluate(() => {
    const root = document.querySelector('attn-scope')!.shadowRoot!;
    const seen = (element: Element) =>
      element.checkVisibility({ visibilityProperty: true }) && !element.closest('.sr-only');
    const elements = [...root.querySelectorAll('*')].filter(seen);
    const name = (element: Element) =>
      `${element.tagName}.${element.getAttribute('class') ?? ''} ${element.textContent?.trim().slice(0, 30)}`;
    const ownText = (element: Element) =>
      [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim());
    const small = elements.filter(
      (element) => ownText(element) && parseFloat(getComputedStyle(element).fontSize) < 12.99,
    );
    const tight = elements.filter((element) => {
      if (!element.matches('button, select, summary, input:not([type=radio], [type=file])')) return false;
      const box = element.getBoundingClientRect();
      return box.width > 0 && (box.height < 23.5 || box.width < 23.5);
    });
    const sideways = Math.max(0, document.documentElement.scrollWidth - innerWidth);
    return { sideways, small: small.map(name), tight: tight.map(name) };
  });

/**
 * Waits until views have written what they write only at rest: descriptions, lists, values of sliders (400 ms after the
 * last step). Uses the page's own timers, so that a slow page waits for itself.
 */
export const atRest = (page: Page): Promise<void> =>
  page.evaluate(
    () =>
      new Promise<void>((resolve) =>
        requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(resolve, 450))),
      ),
  );
