// The sentences of ops other than attention: by op, pass and phase, what is done to which rows, and why.
import type { Frame } from '../../frame/frame-types';
import { speak, type Language } from '../../words';
import { opStories, opStoryWords, type PhaseStory } from './op-sentence.words';

export interface Sentence {
  what: string;
  why: string;
}

/** What a step of such an op did, with the bytes that it moved; undefined where nothing is written of its phase. */
export function opSentence(
  { trace, phase, pass }: Frame,
  rows: string,
  read: string,
  written: string,
  language: Language,
): Sentence | undefined {
  const stories: Readonly<Record<string, PhaseStory>> = opStories[trace.header.op] ?? {};
  const story = stories[`${pass.name}: ${phase.name}`] ?? stories[phase.name];
  if (!story) return undefined;
  const words = speak(opStoryWords, language);
  return { what: story.what[language](rows) + words.moved(read, written), why: story.why[language] };
}
