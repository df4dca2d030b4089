// What the page has to tell its visitor, each thing once: errors, parts of a link that could not be used, and
// fallbacks.
import type { Signal } from '@preact/signals-core';
import type { AttnError } from '../../errors';
import type { LinkProblem } from '../link/fragment';

export type Content = { kind: 'error'; error: AttnError } | { kind: 'link'; problem: LinkProblem };

export interface Message {
  /** Same text, same id: a message is never there twice. */
  id: string;
  content: Content;
  /** Offers to try again, by this. */
  retry?: () => void;
}

const idOf = (content: Content): string =>
  JSON.stringify(content.kind === 'error' ? [content.error.code, content.error.details] : content.problem);

/** Adds a message, in place of an equal one. */
export function tell(messages: Signal<readonly Message[]>, content: Content, retry?: () => void): void {
  const id = idOf(content);
  const others = messages.peek().filter((message) => message.id !== id);
  messages.value = [...others, { id, content, ...(retry && { retry }) }];
}

/**
 * Another state than the link's is on screen: what was said of the link, and of the files that it names, is said no
 * more.
 */
export function clearLink(messages: Signal<readonly Message[]>): void {
  const stays = ({ content }: Message): boolean => content.kind === 'error' && content.error.code !== 'tensor-gone';
  if (!messages.peek().every(stays)) messages.value = messages.peek().filter(stays);
}

/** Takes messages away. */
export function dismiss(messages: Signal<readonly Message[]>, ids: readonly string[]): void {
  messages.value = messages.peek().filter(({ id }) => !ids.includes(id));
}

/** Files that were refused, are missing or could not be kept: a run that works changes nothing about them. */
const aboutFiles = /^(?:tensor|storage|offline)-/;

/** That there is no device stays true, whatever is computed without one. */
const aboutDevice = /^(?:no-webgpu|no-adapter|device-)/;

/** Takes away what a run that went well without a device makes untrue. */
export function clearRefusals(messages: Signal<readonly Message[]>): void {
  const stays = (code: string): boolean => aboutFiles.test(code) || aboutDevice.test(code);
  messages.value = messages.peek().filter(({ content }) => content.kind === 'link' || stays(content.error.code));
}

/**
 * Takes away the errors that a fresh start makes untrue, or those whose code begins so, but for `stays`; the link's
 * problems stay.
 */
export function clearErrors(
  messages: Signal<readonly Message[]>,
  begin?: string,
  stays?: (error: AttnError) => boolean,
): void {
  const untrue = (code: string): boolean => (begin === undefined ? !aboutFiles.test(code) : code.startsWith(begin));
  messages.value = messages
    .peek()
    .filter(({ content }) => content.kind === 'link' || !untrue(content.error.code) || stays?.(content.error) === true);
}
