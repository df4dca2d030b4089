// The name of a device. Some browsers name none, to protect their visitors: then that is said instead.
import { speak, type Language } from '../words';
import { nameWords } from './device-name.words';

/** The names that the adapter reports; each may be empty. */
export interface DeviceNames {
  vendor: string;
  architecture: string;
  description: string;
}

/** All names that the adapter reports, each once; empty when there are none. */
export const namesOf = ({ vendor, architecture, description }: DeviceNames, separator = ' '): string =>
  [...new Set([vendor, architecture, description].filter(Boolean))].join(separator);

/** The browser's own name, without version or system. */
const familyOf = (browser: string): string | undefined =>
  /Firefox|Safari|Edge|Edg|Chrome/.exec(browser)?.[0].replace(/^Edg$/, 'Edge');

/**
 * A device's name for a table or list, or that its browser gives none.
 * @param browser as a report has it, or a user agent string; this browser by default
 */
export const deviceName = (names: DeviceNames, language: Language, browser = navigator.userAgent): string =>
  namesOf(names) || unnamed(language, browser);

/** The text that says that a browser does not name the device. */
export function unnamed(language: Language, browser = navigator.userAgent): string {
  const words = speak(nameWords, language);
  return words.unnamed(familyOf(browser) ?? words.someBrowser);
}

/** The same inside a sentence: recorded on ... */
export function deviceInSentence(names: DeviceNames, language: Language, browser = ''): string {
  const words = speak(nameWords, language);
  return namesOf(names) || words.unnamedOne(familyOf(browser) ?? words.someBrowser);
}
