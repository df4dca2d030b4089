// Above the Step lab at a first visit: what this page is, and three ways on. Gone for good once one was used, or it was
// closed; the logo brings it back.
import { html, type TemplateResult } from 'lit';
import { speak, type Language } from '../../words';
import { heroWords } from './hero.words';

/** The ways on. */
export interface HeroDoors {
  learn(): void;
  tour(): void;
  explore(): void;
  measure(): void;
  close(): void;
}

/** What the words depend on. */
export interface HeroFacts {
  /** Whether no GPU is at work here, behind WebGPU or in its place. */
  software: boolean;
  /** What tiling saves in the run on screen, once that is known. */
  saving: TemplateResult | undefined;
}

export function hero(language: Language, doors: HeroDoors, { software, saving }: HeroFacts): TemplateResult {
  const words = speak(heroWords, language);
  const door = (
    name: keyof HeroDoors & ('learn' | 'tour' | 'explore' | 'measure'),
    title: string,
    is: string,
  ): TemplateResult =>
    html`<button class="door ${name}" @click=${doors[name]}><b>${title}</b><span class="is">${is}</span></button>`;
  const onKey = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape') return;
    event.preventDefault();
    doors.close();
  };
  return html`<section class="hero" aria-label=${words.welcome} @keydown=${onKey}>
    <div class="said">
      <h1 tabindex="-1">${software ? words.onCpu : words.headline}</h1>
      <p>${words.sentence}${words.space}${saving ?? words.why}</p>
    </div>
    <div class="doors">
      ${door('learn', words.learn, words.learnIs)} ${door('tour', words.tour, words.tourIs)} ${door('explore', words.explore, words.exploreIs)}
      ${door('measure', software ? words.measureHere : words.measure, words.measureIs)}
    </div>
    <button class="icon close" aria-label=${words.close} title=${words.close} @click=${doors.close}>×</button>
  </section>`;
}
