// The question before its answer: a guess, then what the reader's own run says.
import { html, nothing, type TemplateResult } from 'lit';
import type { ProseEnv } from './prose';

export function predictCard(env: ProseEnv): TemplateResult {
  const { words, language, lesson } = env;
  const { predict } = lesson;
  const { guess } = env.mark() ?? {};
  const asking = guess === undefined;
  return html`<section class="step-card predict ${asking && env.at() >= predict.before ? 'asking' : ''}" aria-label=${words.guess}>
    <h3>${words.guess}</h3>
    <p>${predict.ask[language]}</p>
    ${asking ? choices(env) : answered(env, guess)}
  </section>`;
}

function choices({ words, language, lesson, guess }: ProseEnv): TemplateResult {
  return html`<p class="choices">
    ${lesson.predict.choices.map(({ id, label }) => html`<button @click=${() => guess(id)}>${label[language]}</button>`)}
    <button class="plain" @click=${() => guess('')}>${words.look}</button>
  </p>`;
}

function answered(env: ProseEnv, guess: string): TemplateResult {
  const { words, language, lesson } = env;
  const { predict } = lesson;
  const facts = env.asked();
  const truth = facts && predict.truth(facts);
  const labelOf = (id: string): string => predict.choices.find((one) => one.id === id)?.label[language] ?? '';
  const mine = guess ? html`${words.guessed(labelOf(guess))} ` : nothing;
  if (truth === undefined) return html`<p role="status">${mine}${words.running}</p>`;
  const right = predict.right(truth);
  const verdict =
    guess === ''
      ? nothing
      : html`<b class=${right === guess ? 'right' : 'not'}>${right === guess ? words.right : words.wrong}</b> `;
  return html`<p role="status">${mine}${verdict}${words.truth(predict.tell(truth))} ${right === guess ? nothing : words.rightWas(labelOf(right))}</p>
    <p>${predict.after[language]}</p>`;
}
