// The backward pass as the forward one is drawn: what is given left and above, the weights and their gradient in the
// middle as they come and go tile by tile, the three gradients right and below.
import { speak } from '../../words';
import { phaseName } from '../shared/phases.words';
import { mountMatrices, touchedText } from '../shared/matrices/matrices';
import css from '../shared/matrices/matrices.css?inline';
import type { View } from '../view';
import { backwardWords } from './attention-backward.words';
import { planOf } from './plan';

export const attentionBackward: View = {
  id: 'attention-backward',
  title: { en: 'The gradients and the live tile', zh: '梯度与当前分块' },
  css,
  describe(frame, language) {
    const { queries, keys, dim } = frame.trace.header.run.shape;
    const words = speak(backwardWords, language);
    const phase = phaseName(frame.phase.name, language);
    return words.describe(phase, queries, keys, dim) + touchedText(frame, language);
  },
  mount: (host, view) =>
    mountMatrices(host, 'view-attention-backward', {
      view,
      plan: planOf,
      given: speak(backwardWords, view.language).given,
    }),
};
