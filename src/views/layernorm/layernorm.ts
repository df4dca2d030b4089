// LayerNorm, row beside row: X, its mean and rstd, and Y, with gamma and beta above it.
import { speak } from '../../words';
import { phaseName } from '../shared/phases.words';
import { mountMatrices, touchedText } from '../shared/matrices/matrices';
import css from '../shared/matrices/matrices.css?inline';
import type { View } from '../view';
import { layernormWords } from './layernorm.words';
import { planOf } from './plan';

export const layernorm: View = {
  id: 'layernorm',
  title: { en: 'Rows in and out', zh: '逐行归一化' },
  css,
  describe(frame, language) {
    const { queries, dim } = frame.trace.header.run.shape;
    const words = speak(layernormWords, language);
    const { r0, r1 } = frame.block;
    return words.describe(phaseName(frame.phase.name, language), queries, dim, r0, r1) + touchedText(frame, language);
  },
  mount: (host, view) =>
    mountMatrices(host, 'view-layernorm', { view, plan: planOf, given: speak(layernormWords, view.language).given }),
};
