// Query heads above, KV heads below, and lines from each query head to the KV head it reads: MHA, GQA and MQA at a
// glance.
import { html, svg, type TemplateResult } from 'lit';
import { headSharing, type CacheShape } from '../../../paging';

const WIDTH = 330;
const HEAD = 13;
const HEIGHT = 62;

/**
 * The shapes of one model under MHA, GQA and MQA, its own one among them. No GQA where neither 8 nor 4 divides the
 * heads.
 */
export function variantsOf(
  shape: CacheShape,
): readonly { sharing: 'MHA' | 'GQA' | 'MQA'; kvHeads: number; published: boolean }[] {
  const own = headSharing(shape);
  const group = [8, 4].find((size) => shape.heads % size === 0 && shape.heads > size);
  const kvHeads = { MHA: shape.heads, GQA: own === 'GQA' ? shape.kvHeads : group && shape.heads / group, MQA: 1 };
  return (['MHA', 'GQA', 'MQA'] as const).flatMap((sharing) => {
    const count = kvHeads[sharing];
    return count === undefined ? [] : [{ sharing, kvHeads: count, published: sharing === own }];
  });
}

/** @param name the label for screen readers */
export function headsPicture({ heads, kvHeads }: CacheShape, name: string): TemplateResult {
  const step = WIDTH / heads;
  const size = Math.min(HEAD, step - 1);
  const middle = (at: number, of: number): number => ((at + 0.5) * WIDTH) / of;
  const query = (head: number): TemplateResult => {
    const group = Math.floor((head * kvHeads) / heads);
    const x = middle(head, heads);
    return svg`<path class="link g${group % 2}" d="M${x} ${HEAD + 1}L${middle(group, kvHeads)} ${HEIGHT - HEAD - 1}" />
      <rect class="query g${group % 2}" x=${x - size / 2} y="1" width=${size} height=${HEAD - 1} rx="1.5" />`;
  };
  const kvSize = Math.min(HEAD * 1.6, WIDTH / kvHeads - 1);
  const shared = (head: number): TemplateResult =>
    svg`<rect class="kv g${head % 2}" x=${middle(head, kvHeads) - kvSize / 2} y=${HEIGHT - HEAD} width=${kvSize} height=${HEAD - 1} rx="1.5" />`;
  return html`<svg class="heads" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label=${name}>
    ${Array.from({ length: heads }, (_, head) => query(head))} ${Array.from({ length: kvHeads }, (_, head) => shared(head))}
  </svg>`;
}
