// The last result that was measured here, kept in the browser's local storage so that a reload does not lose it. It
// goes nowhere else.
import { readReport, ReportError, writeReport, type Report } from '../../bench/report';

const NAME = 'attnscope-times-last';

function localStorageOf(): Storage | undefined {
  try {
    return globalThis.localStorage;
  } catch {
    return undefined; // blocked by the browser
  }
}

export interface KeptReport {
  get(): Report | undefined;
  set(report: Report): void;
}

/**
 * What a full or blocked storage does not take is not kept; what cannot be read any more is as if it were not there.
 */
export function createKeptReport(storage: Storage | undefined = localStorageOf()): KeptReport {
  return {
    get() {
      try {
        const text = storage?.getItem(NAME);
        return text ? readReport(text) : undefined;
      } catch (thrown) {
        if (thrown instanceof ReportError || thrown instanceof DOMException) return undefined;
        throw thrown;
      }
    },
    set(report) {
      try {
        storage?.setItem(NAME, writeReport(report));
      } catch {
        // Full: the result is on screen, and can be saved as a file.
      }
    },
  };
}
