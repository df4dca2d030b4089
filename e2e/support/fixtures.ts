/**
 * The `test` that every spec imports. It fails a test on what must never happen: an uncaught error, an error on the
 * console, a violation of the content policy, a request to another host.
 */
import { test as base, expect as plain } from '@playwright/test';
import type { BrowserContext } from '@playwright/test';

/** Polls the page ten times a second: Playwright's own intervals grow to a second, which a spec would lose. */
export const expect = new Proxy(plain, {
  get(target, name, receiver) {
    if (name !== 'poll') return Reflect.get(target, name, receiver) as unknown;
    const poll: typeof plain.poll = (actual, options) =>
      target.poll(actual, { intervals: [50, 100], ...(typeof options === 'string' ? { message: options } : options) });
    return poll;
  },
});

/** What went wrong in a browser context while it was watched. */
export interface Incidents {
  /** Uncaught errors and errors on the console. */
  errors: string[];
  /** Violations of the content policy. */
  violations: string[];
  /** Requests to another origin than the page's. */
  foreign: string[];
}

/** Watches all pages of a context. `home` is the origin that pages may talk to. */
export async function watch(context: BrowserContext, home: string): Promise<Incidents> {
  const incidents: Incidents = { errors: [], violations: [], foreign: [] };
  context.on('weberror', (error) => incidents.errors.push(`uncaught: ${error.error().stack ?? error.error().message}`));
  context.on('console', (message) => {
    if (message.type() !== 'error') return;
    const text = message.text();
    if (/content security policy|content policy violated/i.test(text)) incidents.violations.push(text);
    else incidents.errors.push(`console: ${text} (${message.location().url})`);
  });
  context.on('request', (request) => {
    const { protocol, origin } = new URL(request.url());
    if (!['data:', 'blob:'].includes(protocol) && origin !== home) incidents.foreign.push(request.url());
  });
  await context.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) =>
      console.error(`content policy violated: ${event.violatedDirective} by ${event.blockedURI || event.sourceFile}`),
    );
  });
  return incidents;
}

interface Guard {
  /**
   * Errors that a test provokes on purpose: `test.use({ allowedErrors: [/device lost/] })`. The other incidents are
   * never allowed.
   */
  allowedErrors: RegExp[];
  guard: void;
}

export const test = base.extend<Guard>({
  allowedErrors: [[], { option: true }],
  guard: [
    async ({ context, baseURL, allowedErrors }, use) => {
      const { errors, violations, foreign } = await watch(context, new URL(baseURL!).origin);
      await use();
      // Requests that a test delays or changes may still be open when it ends: that is no failure of the next test.
      await Promise.all(context.pages().map((page) => page.unrouteAll({ behavior: 'ignoreErrors' })));
      expect(violations, 'violations of the content policy').toEqual([]);
      expect(foreign, 'requests to another host').toEqual([]);
      const unexpected = errors.filter((text) => !allowedErrors.some((allowed) => allowed.test(text)));
      expect(unexpected, 'errors nobody expected').toEqual([]);
    },
    { auto: true },
  ],
});
