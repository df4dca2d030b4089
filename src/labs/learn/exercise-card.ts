// The exercise: one control, what it leads to, and whether that is what was asked.
import { html, nothing, type TemplateResult } from 'lit';
import { sentence, type ProseEnv } from './prose';

export function exerciseCard(env: ProseEnv, n: number): TemplateResult {
  const { words, language, exercise, lesson } = env;
  const { of } = exercise;
  const active = env.at() === n;
  const facts = active ? env.facts(n) : undefined;
  const passed = exercise.passed(facts);
  const hints = of.hints.slice(0, exercise.hints.value);
  const place = exercise.place.value;
  return html`<section class="step-card exercise ${active ? 'active' : ''}" data-place=${n} tabindex="-1" aria-current=${active ? 'step' : 'false'} aria-label=${words.exercise} @click=${() => active || env.goTo(n)}>
    <h3>${words.exercise} ${env.mark()?.exercise ? html`<span class="star" aria-hidden="true">★</span>` : nothing}</h3>
    <p>${of.ask[language]}</p>
    ${active ? control(env) : nothing}
    ${active && of.say ? html`<p class="now">${sentence(env, of, facts)}</p>` : nothing}
    ${active ? html`<p role="status" class="verdict">${passed === undefined ? words.running : passed ? html`<b class="right">★ ${of.passed[language]}</b>` : env.mark()?.exercise ? words.notNow : words.notYet}</p>` : nothing}
    ${hints.map((hint) => html`<p class="hint">${hint[language]}</p>`)}
    ${
      active
        ? html`<p class="ways">
            ${!passed && hints.length < of.hints.length ? html`<button class="plain" @click=${exercise.hint}>${words.hint}</button>` : nothing}
            <a href=${env.hrefOf(place, lesson.steps.length + 1)} @click=${(event: MouseEvent) => inLab(event, env, n)}>${words.openInLab}</a>
          </p>`
        : nothing
    }
  </section>`;
}

function inLab(event: MouseEvent, env: ProseEnv, n: number): void {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  env.inLab(env.exercise.place.peek(), n);
}

function control({ exercise, language }: ProseEnv): TemplateResult {
  const { of } = exercise;
  const { control: by } = of;
  const value = exercise.value.value;
  const label = by.label[language];
  const typed = (event: Event): void => exercise.set((event.currentTarget as HTMLInputElement).value);
  if (by.kind === 'pick')
    return html`<p class="control"><span id="exercise-label">${label}</span>
      <span class="segmented" role="group" aria-labelledby="exercise-label">${by.values.map((one) => html`<button aria-pressed=${one === value} @click=${() => exercise.set(one)}>${of.name?.(one) ?? one}</button>`)}</span></p>`;
  if (by.kind === 'whole')
    return html`<p class="control"><label>${label} <input type="number" class="num" min=${by.from} max=${by.to} step="1" .value=${value} @change=${(event: Event) => exercise.set(whole(event, by.from, by.to))} /></label></p>`;
  if (by.kind === 'text')
    return html`<p class="control"><label>${label} <input type="text" class="words" maxlength=${by.limit} spellcheck="false" autocomplete="off" .value=${by.read(value)} @input=${(event: Event) => exercise.set(by.write((event.currentTarget as HTMLInputElement).value))} /></label></p>`;
  return html`<p class="control"><label>${label} <input type="text" inputmode="decimal" class="num" .value=${value} @input=${typed} /></label></p>`;
}

/** What was typed, within its bounds. */
function whole(event: Event, from: number, to: number): string {
  const input = event.currentTarget as HTMLInputElement;
  const n = Math.max(from, Math.min(to, Math.round(Number(input.value)) || from));
  input.value = String(n);
  return input.value;
}
