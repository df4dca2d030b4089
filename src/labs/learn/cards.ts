// The text of a lesson: a card a step, the question before its answer, the exercise, and what is said at the end.
import { html, nothing, type TemplateResult } from 'lit';
import type { Step } from '../../lessons/lesson';
import { exerciseCard } from './exercise-card';
import { predictCard } from './predict-card';
import { onto, sentence, type ProseEnv } from './prose';

export function lessonProse(env: ProseEnv): TemplateResult {
  const { card, lesson, language, words } = env;
  const { steps, predict } = lesson;
  return html`<header class="lesson-head">
      <p class="crumbs"><a href="#learn" @click=${onto(env.map)}>${words.course}</a> · ${words.number(card.number)} · ${words.minutes(card.minutes)}</p>
      <h2>${card.title[language]}</h2>
      <p class="kills"><span>${words.kills}</span> ${lesson.kills[language]}</p>
    </header>
    <ol class="lesson-steps">
      ${steps.map((step, i) => html`${predict.before === i + 1 ? html`<li class="between">${predictCard(env)}</li>` : nothing}<li>${stepCard(env, step, i + 1)}</li>`)}
      <li>${exerciseCard(env, steps.length + 1)}</li>
      <li>${answersCard(env, steps.length + 2)}</li>
    </ol>
    ${walk(env, steps.length + 2)}`;
}

function stepCard(env: ProseEnv, step: Step, n: number): TemplateResult {
  const { words, lesson } = env;
  const { predict, steps } = lesson;
  const active = env.at() === n;
  const veil = new Set(n >= predict.before && env.mark()?.guess === undefined ? predict.veil : []);
  const error = active && env.facts(n) === undefined ? env.error(n) : undefined;
  return html`<section class="step-card ${active ? 'active' : ''}" data-place=${n} tabindex="-1" aria-current=${active ? 'step' : 'false'} aria-label=${words.step(n, steps.length)} @click=${() => active || env.goTo(n)}>
    <p class="place num" aria-hidden="true">${n}</p>
    <p class="say" aria-live=${active ? 'polite' : 'off'}>${sentence(env, step, env.facts(n), veil)}</p>
    ${error ? html`<p class="muted">${words.cannot(error)}</p>` : nothing}
    ${
      active
        ? html`<p class="ways">
            <a href=${env.hrefOf(step, n)} @click=${onto(() => env.inLab(step, n))}>${words.openInLab}</a>
            ${step.also ? html`<a href="#${step.also.state}" @click=${onto(() => env.inLab({ state: step.also!.state, show: [] }, n))}>${step.also.label[env.language]}</a>` : nothing}
            <button class="plain copy" aria-label=${words.copyStep} title=${words.copyStep} @click=${() => env.copy(n)}>${env.copied() === n ? words.copied : '¶'}</button>
          </p>`
        : nothing
    }
  </section>`;
}

function answersCard(env: ProseEnv, n: number): TemplateResult {
  const { words, language, lesson, next } = env;
  const active = env.at() === n;
  const open_ = env.mark()?.said ?? false;
  return html`<section class="step-card answers ${active ? 'active' : ''}" data-place=${n} tabindex="-1" aria-current=${active ? 'step' : 'false'} aria-label=${words.answers} @click=${() => active || env.goTo(n)}>
    <h3>${words.answers}</h3>
    ${lesson.answers.map(
      ({ question, answer, wrong }) => html`<h4>${question[language]}</h4>
        ${
          open_
            ? html`<blockquote>${answer[language]}</blockquote>
                ${wrong ? html`<p class="wrong"><b>${words.corrected}</b> ${wrong[language]}</p>` : nothing}`
            : nothing
        }`,
    )}
    ${open_ ? nothing : html`<p>${words.sayFirst}</p><button class="primary" @click=${env.reveal}>${words.reveal}</button>`}
    <h4>${words.sources}</h4>
    <ul class="sources">${lesson.sources.map(({ authors, year, title, section }) => html`<li>${authors} ${year}. <cite>${title}</cite>. ${section}</li>`)}</ul>
    <p class="not-shown muted">${lesson.notShown[language]}</p>
    ${next ? html`<p class="ways"><a href="#lesson=${next.id}" @click=${onto(() => env.open(next.id))}>${words.nextLesson(next.title[language])}</a></p>` : nothing}
  </section>`;
}

/** Back, a dot a place, on: over the page on small screens. */
function walk(env: ProseEnv, last: number): TemplateResult {
  const { words } = env;
  const at = env.at();
  const name = (n: number): string =>
    n === last ? words.answers : n === last - 1 ? words.exercise : words.step(n, last - 2);
  const dot = (n: number): TemplateResult =>
    html`<button class="dot" aria-label=${name(n)} aria-current=${n === at ? 'step' : 'false'} @click=${() => env.goTo(n)}><i>${n === last ? '”' : n === last - 1 ? '✎' : ''}</i></button>`;
  return html`<nav class="lesson-walk" aria-label=${words.steps}>
    <button class="icon" aria-label=${words.previous} title=${words.previous} ?disabled=${at <= 1} @click=${() => env.goTo(at - 1)}>‹</button>
    ${Array.from({ length: last }, (_, i) => dot(i + 1))}
    <button class="icon" aria-label=${words.next} title=${words.next} ?disabled=${at >= last} @click=${() => env.goTo(at + 1)}>›</button>
  </nav>`;
}
