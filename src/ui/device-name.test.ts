/** The text in place of a device's name, with and without a name, in both languages. */
import { expect, test } from 'vitest';
import { deviceInSentence, deviceName, namesOf } from './device-name';

const none = { vendor: '', architecture: '', description: '' };
const agent = 'Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0';

test('a name is said once each, whoever shows it', () => {
  const names = { vendor: 'google', architecture: 'swiftshader', description: 'swiftshader' };
  expect(deviceName(names, 'en', agent)).toBe('google swiftshader');
  expect(deviceInSentence(names, 'zh')).toBe('google swiftshader');
  expect(namesOf(names, ' · ')).toBe('google · swiftshader');
});

test('no name: the browser that gives none is named, as a user agent or a report has it', () => {
  expect(deviceName(none, 'en', agent)).toBe('Firefox does not name the device');
  expect(deviceName(none, 'zh', 'Firefox 153')).toBe('Firefox 不提供设备名称');
  expect(deviceName(none, 'en', 'something else')).toBe('the browser does not name the device');
  expect(deviceInSentence(none, 'en', 'Firefox 153')).toBe('a device that Firefox does not name');
  expect(deviceInSentence(none, 'zh')).toBe('浏览器 未给出名称的设备');
});
