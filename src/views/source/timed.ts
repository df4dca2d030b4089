// The text that is compiled and timed, where it is not the text shown: marked loops written out. Saved as a file, for
// it is thousands of lines.
import type { Frame } from '../../frame/frame-types';
import { constantsOf, expand } from '../../wgsl/expand';
import type { speak } from '../../words';
import { element } from '../../ui/dom/element';
import type { sourceWords } from './source.words';

/**
 * The compiled text of the frame's pass; undefined where it is the shown one, and where a file's text has a mark that
 * cannot be followed.
 */
export function timedText({ pass }: Frame): string | undefined {
  try {
    const { code } = expand(pass.text, constantsOf(pass.text));
    return code === pass.text ? undefined : code;
  } catch {
    return undefined;
  }
}

function save(name: string, text: string): void {
  const anchor = document.createElement('a');
  anchor.href = URL.createObjectURL(new Blob([text], { type: 'text/plain' }));
  anchor.download = name;
  anchor.click();
  setTimeout(() => URL.revokeObjectURL(anchor.href), 1000);
}

/** A button that saves the compiled text; hidden where there is nothing else than the shown one. */
export function timedButton(words: ReturnType<typeof speak<typeof sourceWords>>) {
  const button = element('button', 'timed');
  let shown: { pass: Frame['pass']; text: string | undefined; name: string } | undefined;
  button.hidden = true;
  button.addEventListener('click', () => {
    if (shown?.text !== undefined) save(shown.name, shown.text);
  });
  const draw = (frame: Frame): void => {
    if (shown?.pass === frame.pass) return;
    const text = timedText(frame);
    const { kernel, tile } = frame.trace.header.run;
    shown = { pass: frame.pass, text, name: `${kernel}-${tile.br}x${tile.bc}.wgsl` };
    button.hidden = text === undefined;
    button.textContent = words.timed(text?.split('\n').length ?? 0);
    button.title = words.timedTip;
  };
  return { button, draw };
}
