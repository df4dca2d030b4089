// Text that changes at a step.

/**
 * Writes text only when it changed, into the text node that is there: a new one would have to be attached and laid out
 * afresh.
 */
export function setText(node: Element, text: string): void {
  const inner = node.firstChild;
  if (inner instanceof Text && inner === node.lastChild) {
    if (inner.data !== text) inner.data = text;
  } else if (node.textContent !== text) node.textContent = text;
}
