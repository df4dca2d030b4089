// What tiling saves in the run on screen, by the papers' IO model: the one number of a first visit. It comes late,
// after the first picture.
import { html, type TemplateResult } from 'lit';
import type { Run } from '../../ops/run';
import { both } from '../../ops/costs';
import { ioModel, materialises, standardModel } from '../../kernels/io-model';
import { bytes } from '../../ui/format';
import { markText } from '../../ui/dom/mark';
import { speak, type Language } from '../../words';
import { savingWords } from './hero-saving.words';

/** Whether the same run on twice the tokens spares a larger share. */
function grows(run: Run): boolean {
  const { shape } = run;
  if (shape.pages) return false;
  const longer = { ...run, shape: { ...shape, queries: 2 * shape.queries, keys: 2 * shape.keys } };
  const share = (of: Run): number => both(ioModel(of)) / both(standardModel(of));
  return share(longer) < share(run);
}

/**
 * The sentence with its mark; undefined where the run writes S and P, or where its tiles are so small that nothing is
 * saved.
 */
export function saving(run: Run, language: Language): TemplateResult | undefined {
  const [standard, tiled] = [both(standardModel(run)), both(ioModel(run))];
  if (materialises(run) || tiled >= standard) return undefined;
  const words = speak(savingWords, language);
  const { batch, heads, queries, keys } = run.shape;
  const mark = markText({ kind: 'computed', note: words.note(bytes(standard), bytes(tiled)) }, language);
  const said = words.saves(bytes(2 * 4 * batch * heads * queries * keys), bytes(standard), bytes(tiled), grows(run));
  return html`<span class="saving" tabindex="0" role="group" data-mark=${mark} aria-description=${mark}>${said}</span>`;
}
