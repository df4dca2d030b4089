// The legend of the pool.
import { speak, type Language } from '../../../words';
import { element } from '../../../ui/dom/element';
import { poolWords } from '../shared/pool.words';

/** Closed at first: the pool itself needs the room. */
export function keyOf(language: Language): HTMLElement {
  const words = speak(poolWords, language);
  const details = element('details', 'key');
  const list = element('ul', '');
  details.append(element('summary', '', words.key), list);
  const items = [
    ['held', words.keyHeld],
    ['shared', words.keyShared],
    ['faint', words.keyFree],
    ['empty', words.keyEmpty],
    ['written', words.keyWritten],
    ['way', words.keyPath],
    ['move', words.keyMove],
    ['ring taken', words.keyTaken],
    ['ring hit', words.keyHit],
    ['ring freed', words.keyFreed],
    ['ring evicted', words.keyEvicted],
  ] as const;
  for (const [kind, text] of items) {
    const item = element('li', kind);
    const sign = element('i', '');
    sign.ariaHidden = 'true';
    item.append(sign, text);
    list.append(item);
  }
  list.append(element('li', 'hash', words.keyHash), element('li', 'place', words.keyPlace));
  return details;
}
