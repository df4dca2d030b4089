// The app element, <attn-scope>: one shadow root with header, messages and the lab. It holds no state of its own; it
// shows app/state.
import { batch, effect } from '@preact/signals-core';
import { html, LitElement, nothing, unsafeCSS } from 'lit';
import { asAttnError } from '../errors';
import stepCss from '../labs/step/step.css?inline';
import { LABS } from '../labs';
import type { LabEnv, LabId, MountedLab, MountLab } from '../labs/lab';
import { racedRuns } from '../labs/step/lab';
import { createRace, type Race } from '../labs/shared/race';
import { opOf } from '../kernels';
import { VIEWS, viewsOf } from '../views';
import { createKeyboard } from '../ui/dom/keyboard';
import { markCss, mountMarks } from '../ui/dom/mark';
import { stripCss } from '../views/strip/strip';
import themeCss from '../ui/theme.css?inline';
import controlsCss from './controls.css?inline';
import { exposeAutomation } from './automation/automation';
import { createEngine, type Engine } from './engine/engine';
import { header } from './header';
import heroCss from './welcome/hero.css?inline';
import { createFiles, type Files } from './files';
import type * as KeyMap from './keymap';
import { clearLink, dismiss, tell } from './messages/messages';
import { markFirstPicture, markOwnCapture } from './marks';
import type * as Notices from './messages/notices';
import reachCss from './reach.css?inline';
import shellCss from './shell.css?inline';
import type { Theme } from '../ui/palette';
import { speak, type Language } from '../words';
import { shellWords } from './shell.words';
import { createState, languageOf, located, relocate, themeOf, type State } from './state';
import { parseFragment } from './link/fragment';
import type * as BackChip from '../labs/learn/back';
import { followLocation, linkTo, readLocation } from './link/url';
import { createWelcome, type Welcome } from './welcome/welcome';

export class AttnScope extends LitElement {
  static override styles = [themeCss, controlsCss, shellCss, stepCss, markCss, stripCss, heroCss, reachCss].map((css) =>
    unsafeCSS(css),
  );

  readonly #state: State;
  readonly #engine: Engine;
  readonly #race: Race;
  readonly #keyboard = createKeyboard();
  #ends: (() => void)[] = [];
  /** Loaded with the first message. */
  #notices: typeof Notices | undefined;
  /** Loaded when it is first opened, or says that the page works offline. */
  #keyMap: typeof KeyMap | undefined;
  /** `mounted` is missing while the lab is being loaded. */
  #lab: { mounted?: MountedLab; key: string } | undefined;
  /** Loaded where a lab was opened from a lesson. */
  #back: typeof BackChip | undefined;
  /** Whether the Page lab has been open. */
  #paged = false;
  /** What labs made once, see LabEnv.keep. */
  readonly #kept = new Map<string, unknown>();
  readonly #sheets = new Set<string>();
  #copied: 'no' | 'yes' | 'failed' = 'no';
  /** Every file of this build is kept in this browser. */
  #offline = false;
  readonly #welcome: Welcome;
  readonly #files: Files;

  constructor() {
    super();
    const { located: to, problems } = readLocation();
    this.#state = createState(to);
    for (const problem of problems) tell(this.#state.messages, { kind: 'link', problem });
    this.#engine = createEngine(this.#state);
    const { compare, report } = this.#engine.actions;
    this.#race = createRace({ runs: racedRuns(this.#state), compare, onError: report });
    this.#welcome = createWelcome({
      state: this.#state,
      actions: this.#engine.actions,
      root: () => this.renderRoot,
      rendered: () => this.updateComplete,
      lab: () => this.#lab?.mounted,
      adopt: (css) => this.#adopt(css),
    });
    this.#files = createFiles(this.#state, this.#engine, {
      // What is timed is the run before.
      shows: () => this.#race.cancel(),
      drop: () => this.#lab?.mounted?.drop,
    });
    exposeAutomation(this.#state, this.#engine, () => this.#lab?.mounted?.stage);
    const onWhole = (): void => {
      this.#offline = true;
      void this.#loadKeyMap();
    };
    void import('./offline').then(({ startOffline }) =>
      startOffline({ ready: this.#engine.ready, report, onWhole }, import.meta.url),
    );
  }

  override connectedCallback(): void {
    super.connectedCallback();
    const scheme = matchMedia('(prefers-color-scheme: light)');
    const onScheme = (): void => this.requestUpdate();
    scheme.addEventListener('change', onScheme);
    const paper = matchMedia('print');
    paper.addEventListener('change', onScheme);
    this.#ends = [
      this.#welcome.follow(),
      followLocation(this.#state, {
        left: () => clearLink(this.#state.messages),
        report: (problems) => {
          for (const problem of problems) tell(this.#state.messages, { kind: 'link', problem });
        },
      }),
      effect(() => {
        const { lab, theme, language, choice, file, trace, captures, device, messages, progress, from } = this.#state;
        // What render() shows: read here, so that a change of any asks for an update.
        void [
          lab.value,
          theme.value,
          language.value,
          choice.value.kernel,
          file.value,
          trace.value,
          // Raised when the untouched text was held against the instrumented one.
          captures.value,
          device.value,
          messages.value,
          progress.value,
          from.value,
          this.#welcome.shown.value,
          this.#welcome.saving.value,
        ];
        this.requestUpdate();
        if (from.value !== undefined && !this.#back) void this.#loadBack();
        if (messages.value.length > 0 || trace.value?.header.warnings) void this.#loadNotices();
      }),
      effect(() => {
        void this.#state.lab.value;
        this.#state.playing.value = false;
      }),
      () => [scheme, paper].forEach((media) => media.removeEventListener('change', onScheme)),
    ];
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    for (const end of this.#ends) end();
    this.#welcome.leave();
    this.#lab?.mounted?.dispose();
    this.#lab = undefined;
  }

  /** What f32 could not hold of the run on screen. Where two stand side by side, each says it for itself. */
  #limits(language: Language) {
    const shown = this.#state.trace.value?.header;
    return shown?.warnings && this.#state.lab.value === 'step' ? this.#notices?.limitLines(shown, language) : nothing;
  }

  override render() {
    const state = this.#state;
    const language = languageOf(state.language.value);
    const theme = themeOf(state.theme.value);
    const words = speak(shellWords, language);
    const welcome = this.#welcome.shown.value;
    return html`<a class="skip" href=${`#lab=${state.lab.value}`} @click=${this.#welcome.skip}>${state.lab.value === 'learn' ? words.skipToLesson : words.skip}</a>
      ${header(
        {
          welcome,
          lab: state.lab.value,
          language,
          theme,
          kernel: (state.file.value !== undefined && state.trace.value?.header.run.kernel) || state.choice.value.kernel,
          trace: state.trace.value,
          device: state.device.value,
          copied: this.#copied,
          progress: state.progress.value,
        },
        {
          home: this.#welcome.home,
          lab: (lab) => this.#open(lab, language),
          kernel: (kernel) => this.#engine.actions.choose({ kernel }),
          theme: () => (state.theme.value = theme === 'dark' ? 'light' : 'dark'),
          language: () => (state.language.value = language === 'en' ? 'zh' : 'en'),
          help: () => void this.#help(),
          share: () => void this.#share(),
          exportTrace: () => void this.#files.exportTrace(),
          cancel: this.#engine.actions.cancel,
          importTrace: (file) => void this.#files.importTrace(file),
        },
      )}
      ${state.lab.value === 'learn' ? nothing : this.#back?.backChip(state.from.value, language, () => this.#open('learn', language))}
      <div class="messages" role="region" aria-label=${words.messages} aria-live="polite">${this.#notices?.notices(state.messages.value, language, (ids) => dismiss(state.messages, ids))}${this.#limits(language)}</div>
      ${welcome ? this.#welcome.hero(language) : nothing}
      <main class="lab"></main>
      <div class="tour-host"></div>
      ${this.#keyMap?.keyMapDialog(language, this.#offline)}`;
  }

  protected override firstUpdated(): void {
    this.renderRoot.addEventListener('dragover', (event) => event.preventDefault());
    this.renderRoot.addEventListener('drop', (event) => this.#files.drop(event as DragEvent));
    if (this.renderRoot instanceof ShadowRoot && this.renderRoot.firstElementChild instanceof HTMLElement) {
      this.#ends.push(mountMarks(this.renderRoot.firstElementChild));
    }
  }

  /** The lab is mounted anew when lab, language or theme change, or the op that the Step lab shows: views take all as given. */
  protected override updated(): void {
    const language = languageOf(this.#state.language.peek());
    // Paper is light: figures are painted anew for it.
    const theme = matchMedia('print').matches ? 'light' : themeOf(this.#state.theme.peek());
    const id = this.#state.lab.peek();
    this.dataset['theme'] = theme;
    this.toggleAttribute('data-welcome', this.#welcome.shown.peek());
    document.documentElement.dataset['theme'] = theme;
    document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
    const host = this.renderRoot.querySelector<HTMLElement>('main.lab');
    const op = this.#state.trace.peek()?.header.op ?? opOf(this.#state.choice.peek()).id;
    const key = `${id} ${language} ${theme}${id === 'step' ? ` ${op}` : ''}`;
    const entry = LABS.find((lab) => lab.id === id);
    if (!host || !entry || this.#lab?.key === key) return;
    // Another lab is read from its top.
    if (this.#lab && !this.#lab.key.startsWith(`${id} `)) scrollTo({ top: 0, behavior: 'instant' });
    this.#lab?.mounted?.dispose();
    this.#lab = { key };
    const mount = (lab: MountLab): void => {
      // Another lab may have been chosen while this one was on its way.
      if (this.#lab?.key === key) this.#lab.mounted = lab(host, this.#labEnv(host, language, theme, op));
    };
    if ('mount' in entry.lab) mount(entry.lab.mount);
    else entry.lab.load().then(mount, this.#engine.actions.report);
  }

  /**
   * Another lab, from the bar. Where the Page lab was not open yet, and no link spoke of it, it tells its story in the
   * visitor's language; the link then says so.
   */
  #open(lab: LabId, language: Language): void {
    const state = this.#state;
    batch(() => {
      if (lab === 'page' && !this.#paged && state.lab.peek() !== 'page' && language === 'zh')
        state.page.value ||= 'story-zh';
      if (lab === 'learn') state.from.value = undefined;
      this.#paged ||= lab === 'page' || state.lab.peek() === 'page';
      state.lab.value = lab;
    });
  }

  #labEnv(host: HTMLElement, language: Language, theme: Theme, op: string): LabEnv {
    return {
      state: this.#state,
      actions: this.#engine.actions,
      race: this.#race,
      views: this.#state.lab.peek() === 'step' ? viewsOf(op) : VIEWS,
      language,
      theme,
      model: this.#engine.model,
      session: this.#engine.session,
      machine: this.#engine.machine,
      ready: this.#engine.ready,
      unread: (key, value) => tell(this.#state.messages, { kind: 'link', problem: { kind: 'bad-value', key, value } }),
      link: () => linkTo(this.#state),
      parse: (fragment) => parseFragment(fragment).located,
      open: (fragment, from) => {
        const { theme: looks, language: speaks, lesson, lessonStep } = located(this.#state);
        const { located: to } = parseFragment(fragment);
        relocate(this.#state, { ...to, theme: looks, language: speaks, lesson, lessonStep, from });
      },
      keep: (name, make) => {
        if (!this.#kept.has(name)) this.#kept.set(name, make());
        return this.#kept.get(name) as ReturnType<typeof make>;
      },
      adopt: (css) => this.#adopt(css),
      keyboard: this.#keyboard,
      help: () => void this.#help(),
      onward: (lab) => this.#open(lab, language),
      drawn: () => {
        markFirstPicture(host);
        if (this.#state.trace.peek()?.header.provenance === 'this-device') markOwnCapture();
      },
    };
  }

  async #loadBack(): Promise<void> {
    this.#back = await import('../labs/learn/back');
    this.requestUpdate();
  }

  async #loadNotices(): Promise<void> {
    this.#notices ??= await import('./messages/notices');
    this.requestUpdate();
  }

  #adopt(css: string): void {
    if (this.#sheets.has(css) || !(this.renderRoot instanceof ShadowRoot)) return;
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    this.#sheets.add(css);
    this.renderRoot.adoptedStyleSheets.push(sheet);
  }

  async #loadKeyMap(): Promise<void> {
    this.#keyMap ??= await import('./keymap');
    this.requestUpdate();
    await this.updateComplete;
  }

  async #help(): Promise<void> {
    try {
      await this.#loadKeyMap();
    } catch (thrown) {
      return this.#engine.actions.report(asAttnError(thrown));
    }
    this.renderRoot.querySelector<HTMLDialogElement>('dialog.keymap')?.showModal();
  }

  async #share(): Promise<void> {
    try {
      await navigator.clipboard.writeText(linkTo(this.#state));
      this.#copied = 'yes';
    } catch {
      this.#copied = 'failed';
    }
    this.requestUpdate();
    setTimeout(() => {
      this.#copied = 'no';
      this.requestUpdate();
    }, 3000);
  }
}

customElements.define('attn-scope', AttnScope);
