// One page of the wizard: fetches its description, shows the controls late, saves, goes on.
import { make, styled, wait } from "/assets/parts.js";
import { controlFor } from "/assets/kinds.js";
import "/assets/rows.js";
import { get, post } from "/assets/wire.js";
import { setTraps } from "/assets/traps.js";

class RpRecordForm extends HTMLElement {
  async connectedCallback() {
    this.attachShadow({ mode: "open" });
    this.base = `/api/applications/${this.dataset.application}`;
    this.page = this.dataset.page;
    this.controls = new Map();
    this.toast = make("div", { class: "toast", role: "status", "aria-live": "polite" });
    this.shadowRoot.append(this.toast, make("p", { class: "loading" }, "読み込み中です…"));
    try {
      await styled;
      this.told = await get(`${this.base}/pages/${this.page}`);
    } catch (refused) {
      this.say(refused.message, true);
      return;
    }
    this.values = this.told.values;
    this.build();
  }

  say(text, wrong = false) {
    this.toast.textContent = text;
    this.toast.setAttribute("role", wrong ? "alert" : "status");
    this.toast.classList.toggle("bad", wrong);
  }

  build() {
    const style = make("link", { rel: "stylesheet", href: "/assets/control.css" });
    const body = make("div", { class: "form" });
    for (const block of this.told.blocks) body.append(this.section(block));
    this.shadowRoot.replaceChildren(style, this.toast, body, this.buttons());
    this.shadowRoot.addEventListener("rpchange", (event) => this.changed(event));
    // Not at once: a click on a box comes before its `change`.
    for (const kind of ["focusin", "focusout", "click"]) {
      this.shadowRoot.addEventListener(kind, () => setTimeout(() => this.redraw()));
    }
    setTraps(this.told.attacks, this.shadowRoot, body);
  }

  section(block) {
    const section = make("section", {}, make("h2", {}, block.title));
    if (block.rows) {
      const spec = { ...block.rows, columns: block.fields };
      this.slot(section, spec, () => make("rp-rows"), block.rows.wait);
    } else {
      for (const spec of block.fields) this.slot(section, spec, () => controlFor(spec), spec.wait);
    }
    return section;
  }

  // A comment keeps the place of a control that comes later, or only after another one is chosen.
  slot(section, spec, element, ms) {
    const place = document.createComment("");
    section.append(place);
    const held = { spec, element, place, control: null, wanted: false };
    this.controls.set(spec.name, held);
    if (this.shown(spec)) this.appear(held, ms);
  }

  async appear(held, ms) {
    held.wanted = true;
    await wait(ms);
    if (!held.wanted || held.control) return;
    const { spec } = held;
    const control = held.element();
    control.base = this.base;
    const choices = () => (spec.options_map ? spec.options_map[this.values[spec.options_by]] || [] : spec.options);
    control.start(spec, this.initial(spec), choices);
    held.control = control;
    held.place.after(control);
  }

  initial(spec) {
    if (spec.kind === "file") return this.told.files[spec.name];
    if (spec.prefill) return this.told.prefilled[spec.name];
    if (spec.kind === "calc") return this.told.sums[spec.name];
    return this.values[spec.name];
  }

  shown(spec) {
    if (!spec.when) return true;
    const given = this.values[spec.when.field];
    if (spec.when.has) return Array.isArray(given) && given.includes(spec.when.has);
    return spec.when.is.includes(given);
  }

  changed(event) {
    const control = event.target;
    const held = this.controls.get(control.spec.name);
    if (!held || held.control !== control) return;
    this.values[control.spec.name] = control.value;
    this.reconsider();
    this.sumLater();
  }

  reconsider() {
    for (const held of this.controls.values()) {
      const shown = this.shown(held.spec);
      if (shown && !held.wanted) this.appear(held, held.spec.wait);
      else if (!shown && held.wanted) {
        held.wanted = false;
        held.control?.remove();
        held.control = null;
        delete this.values[held.spec.name];
      }
      const by = held.spec.options_by;
      if (by && held.control?.value && !held.control.choices().includes(held.control.value)) {
        held.control.commit("");
        held.control.redraw();
      }
    }
  }

  sumLater() {
    if (!Object.keys(this.told.sums).length) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(async () => {
      try {
        const { sums } = await post(`${this.base}/sums/${this.page}`, { values: this.given() });
        for (const [name, text] of Object.entries(sums)) {
          this.told.sums[name] = text;
          this.controls.get(name)?.control?.show(text);
        }
      } catch {
        // The sums are made again when the page is saved.
      }
    }, 250);
  }

  redraw() {
    for (const { control } of this.controls.values()) control?.redraw();
  }

  given() {
    const sent = {};
    for (const [name, { spec }] of this.controls) {
      const written = !spec.prefill && spec.kind !== "calc" && spec.kind !== "file";
      const value = this.values[name];
      if (written && value !== undefined && value !== "" && this.shown(spec)) sent[name] = value;
    }
    return sent;
  }

  buttons() {
    const bar = make("div", { class: "bar" });
    const press = (text, style, call) => {
      const button = make("button", { type: "button", class: style }, text);
      button.addEventListener("click", call);
      bar.append(button);
    };
    if (this.told.back) press("戻る", "quiet", () => location.assign(this.told.back));
    press("一時保存", "quiet", () => this.save("save"));
    press("次へ", "", () => this.save("next"));
    return bar;
  }

  async save(action) {
    this.redraw();
    for (const { control } of this.controls.values()) control?.calm ? control.calm() : control?.complain("");
    this.say("処理中です…");
    try {
      const done = await post(`${this.base}/pages/${this.page}`, { action, values: this.given() });
      if (done.next) location.assign(done.next);
      else this.say(`一時保存しました（${done.saved_at}）。`);
    } catch (refused) {
      this.say(refused.message, true);
      for (const fault of refused.body?.errors || []) this.complain(fault);
    }
  }

  complain(fault) {
    const control = this.controls.get(fault.table || fault.name)?.control;
    if (!control) this.say(`${this.toast.textContent}${fault.message}`, true);
    else if (fault.table) control.complainAt(fault);
    else control.complain(fault.message);
  }
}

customElements.define("rp-record-form", RpRecordForm);
