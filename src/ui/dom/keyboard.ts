// The keys of a page with several figures: each key goes to the figure that has the focus. A page's only figure has
// them all.

/** What takes keys, and the element that it has them in. */
export interface Keyboard {
  /** Gives `take` the keys that are pressed inside `root`, until the returned function is called. */
  listen(root: Element, take: (event: KeyboardEvent) => void): () => void;
}

/** The keyboard of the page: one listener on the window, and none while nobody takes keys. */
export function createKeyboard(): Keyboard {
  const takers = new Map<EventTarget, (event: KeyboardEvent) => void>();
  const give = (event: KeyboardEvent): void => {
    const within = event.composedPath().find((one) => takers.has(one));
    const [only] = takers.size === 1 ? takers.keys() : [];
    const root = within ?? only;
    if (root) takers.get(root)?.(event);
  };
  return {
    listen(root, take) {
      if (takers.size === 0) window.addEventListener('keydown', give);
      takers.set(root, take);
      return () => {
        takers.delete(root);
        if (takers.size === 0) window.removeEventListener('keydown', give);
      };
    },
  };
}
