// What every control shares: an open shadow root with the portal's style, a label, an error line.
const sheet = new CSSStyleSheet();
export const styled = fetch("/assets/control.css")
  .then((response) => response.text())
  .then((text) => sheet.replaceSync(text));

// As in Lightning, ids are numbered anew on each load: nobody can rely on them.
let serial = 100 + Math.floor(Math.random() * 900);
export const freshId = (kind) => `${kind}-${(serial += 1)}`;

export const wait = (ms) => new Promise((done) => setTimeout(done, ms));

export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

export class Control extends HTMLElement {
  constructor() {
    super();
    this.attachShadow({ mode: "open" });
    this.shadowRoot.adoptedStyleSheets = [sheet];
    this.committed = undefined;
  }

  // `choices` gives the options that are open now; most controls need none.
  start(spec, value, choices) {
    this.spec = spec;
    this.committed = value;
    this.choices = choices || (() => spec.options);
    this.errorId = freshId("error");
    this.error = make("div", { class: "error", id: this.errorId, role: "alert" });
    this.build();
    if (spec.help) this.shadowRoot.append(make("div", { class: "help" }, spec.help));
    this.shadowRoot.append(this.error);
    return this;
  }

  title(tag, attributes = {}) {
    const label = make(tag, { class: "label", ...attributes });
    if (this.spec.required) label.append(make("abbr", { title: "必須" }, "*"));
    label.append(this.spec.label);
    return label;
  }

  get value() {
    return this.committed;
  }

  commit(value) {
    if (JSON.stringify(value) === JSON.stringify(this.committed)) return;
    this.committed = value;
    this.complain("");
    this.dispatchEvent(new CustomEvent("rpchange", { bubbles: true, composed: true }));
  }

  complain(message) {
    this.error.textContent = message;
    this.classList.toggle("wrong", !!message);
    for (const input of this.shadowRoot.querySelectorAll("input,textarea,select,[role=combobox]")) {
      if (message) {
        input.setAttribute("aria-invalid", "true");
        input.setAttribute("aria-describedby", this.errorId);
      } else {
        input.removeAttribute("aria-invalid");
        input.removeAttribute("aria-describedby");
      }
    }
  }

  // Shows again what the portal knows: a value put in without events does not stay.
  redraw() {}
}
