// A step's sentence on a small screen: two lines of it, and a button for the rest where there is more. Opened, it stays
// open from step to step.
import { speak, type Language } from '../../words';
import { storyFoldWords } from './story-fold.words';

/** Style sheets clamp the sentence where the button may show; `host` holds both. */
export function followStoryFold(host: HTMLElement, language: Language): () => void {
  const words = speak(storyFoldWords, language);
  const [story, button] = [host.querySelector<HTMLElement>('.story'), host.querySelector<HTMLButtonElement>('.unfold')];
  if (!story || !button) return () => undefined;
  const small = matchMedia('(max-width: 799px)');
  let handle = 0;
  const show = (): void => {
    const open = host.classList.contains('open');
    const more =
      small.matches && (open || story.scrollHeight > story.clientHeight + 1) && !story.querySelector('.ending');
    if (button.hidden === more) button.hidden = !more;
    const [text, expanded] = [open ? words.less : words.more, String(open)];
    if (button.textContent !== text) button.textContent = text;
    if (button.ariaExpanded !== expanded) button.ariaExpanded = expanded;
  };
  /** Once a frame, when its text has been laid out anyway. */
  const soon = (): void => {
    cancelAnimationFrame(handle);
    handle = small.matches ? requestAnimationFrame(show) : 0;
  };
  const toggle = (event: Event): void => {
    if (!small.matches || (event.target as Element).closest('.ending')) return;
    host.classList.toggle('open');
    show();
  };
  const told = new MutationObserver(soon);
  told.observe(story, { childList: true, characterData: true, subtree: true });
  const sized = new ResizeObserver(soon);
  sized.observe(story);
  host.addEventListener('click', toggle);
  small.addEventListener('change', show);
  show();
  return () => {
    cancelAnimationFrame(handle);
    told.disconnect();
    sized.disconnect();
    host.removeEventListener('click', toggle);
    small.removeEventListener('change', show);
  };
}
