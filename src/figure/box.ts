// The element that a figure is: it can have the focus, and has a place for each of its views.
import { element } from '../ui/dom/element';
import type { Place } from './pictures';

export interface Box {
  root: HTMLElement;
  place(id: string): Place | undefined;
}

/** Adds a figure's element to `host`, with places for views of these ids, in this order. */
export function boxIn(host: HTMLElement, kind: string, ids: readonly string[], label?: string): Box {
  const root = element('div', `figure figure-${kind}`);
  root.role = 'group';
  root.tabIndex = 0;
  if (label !== undefined) root.ariaLabel = label;
  const places = new Map<string, Place>();
  for (const id of ids) {
    const pane = element('div', `figure-pane pane-${id}`);
    const place = {
      title: element('h3', 'figure-title'),
      words: element('p', 'sr-only'),
      host: element('div', 'host'),
    };
    pane.append(place.title, place.words, place.host);
    root.append(pane);
    places.set(id, place);
  }
  host.append(root);
  return { root, place: (id) => places.get(id) };
}
