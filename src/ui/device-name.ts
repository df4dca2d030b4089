// What a device is called where its name stands. Some browsers name none, to tell less about their visitors: that is
// said in its place.
import { speak, type Language } from '../words';
import { nameWords } from './device-name.words';

/** What the adapter says of itself; all of it may be empty. */
export interface DeviceNames {
  vendor: string;
  architecture: string;
  description: string;
}

/** All that the adapter says, each once; empty where it says nothing. */
export const namesOf = ({ vendor, architecture, description }: DeviceNames, separator = ' '): string =>
  [...new Set([vendor, architecture, description].filter(Boolean))].join(separator);

/** The browser's own name, without version or system. */
const familyOf = (browser: string): string | undefined => /Firefox|Safari|Edge|Edg|Chrome/.exec(browser)?.[0].replace(/^Edg$/, 'Edge');

/**
 * A device's name where a fact is told, or that its browser does not give one.
 * @param browser as a report has it, or a user agent string; the one that shows this page by default
 */
export const deviceName = (names: DeviceNames, language: Language, browser = navigator.userAgent): string =>
  namesOf(names) || unnamed(language, browser);

/** That a browser does not name the device. */
export function unnamed(language: Language, browser = navigator.userAgent): string {
  const words = speak(nameWords, language);
  return words.unnamed(familyOf(browser) ?? words.someBrowser);
}

/** The same inside of a sentence: recorded on ... */
export function deviceInSentence(names: DeviceNames, language: Language, browser = ''): string {
  const words = speak(nameWords, language);
  return namesOf(names) || words.unnamedOne(familyOf(browser) ?? words.someBrowser);
}
