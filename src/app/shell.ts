/** The app element, <attn-scope>. A placeholder until the labs stand: it shows the product's name. */
import { html, LitElement } from 'lit';

export class AttnScope extends LitElement {
  override render() {
    return html`<h1>${document.title}</h1>`;
  }
}

customElements.define('attn-scope', AttnScope);
