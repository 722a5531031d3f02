// Text inputs with masks, text areas with counters, read-only values.
import { Control, freshId, make } from "/assets/parts.js";

const plain = { typed: (text) => text, show: (value) => value, settled: (text) => text };

const digitsOnly = (text, signed) => (signed ? /^-?[0-9]*$/ : /^[0-9]*$/).test(text);

function number(spec, separated) {
  return {
    // What is not a number at all is not taken; the old text stays.
    typed: (text) => {
      const bare = text.replaceAll(",", "");
      return digitsOnly(bare, spec.signed) ? bare : null;
    },
    settled: (text) => text.replace(/^(-?)0+(?=[0-9])/, "$1").replace(/^-$/, ""),
    show: (value) => (separated ? value.replace(/\B(?=([0-9]{3})+$)/g, ",") : value),
  };
}

const postal = {
  typed: (text) => {
    if (!/^[0-9]{0,3}-?[0-9]{0,4}$/.test(text)) return null;
    const digits = text.replace("-", "");
    return digits.length > 3 ? `${digits.slice(0, 3)}-${digits.slice(3)}` : digits;
  },
  settled: (text) => text,
  show: (value) => value,
  wrong: (value) => (/^[0-9]{3}-[0-9]{4}$/.test(value) ? "" : "郵便番号は「123-4567」の形で入力してください。"),
};

const tel = {
  typed: (text) => (/^[0-9-]{0,13}$/.test(text) ? text : null),
  settled: (text) => text,
  show: (value) => value,
  wrong: (value) =>
    /^0[0-9]{1,4}-[0-9]{1,4}-[0-9]{3,4}$/.test(value) ? "" : "電話番号はハイフンを入れて半角数字で入力してください。",
};

const date = {
  // 20261124 becomes 2026/11/24 while it is typed; other separators are not taken.
  typed: (text) => {
    const digits = text.replaceAll("/", "");
    if (!/^[0-9]{0,8}$/.test(digits)) return null;
    return [digits.slice(0, 4), digits.slice(4, 6), digits.slice(6)].filter(Boolean).join("/");
  },
  settled: (text) => text,
  show: (value) => value,
  wrong: (value) => {
    const found = /^([0-9]{4})\/([0-9]{2})\/([0-9]{2})$/.exec(value);
    const [, year, month, day] = (found || []).map(Number);
    const made = found && new Date(Date.UTC(year, month - 1, day));
    const good = made && made.getUTCMonth() === month - 1 && made.getUTCDate() === day;
    return good ? "" : "日付は「2026/11/24」の形で入力してください。";
  },
};

const percent = { ...plain, typed: (text) => (/^[0-9]{0,3}(\.[0-9]{0,2})?$/.test(text) ? text : null) };

const kana = {
  ...plain,
  wrong: (value) => (/^[ァ-ヴー・　]+$/.test(value) ? "" : "全角カタカナで入力してください。"),
};

const maskOf = (spec) =>
  ({ postal, tel, date, percent, kana, yen: number(spec, true), int: number(spec, false) })[spec.kind] || plain;

const HINTS = { postal: "123-4567", tel: "03-1234-5678", date: "YYYY/MM/DD" };

export class RpInput extends Control {
  build() {
    const id = freshId("input");
    this.mask = maskOf(this.spec);
    this.masked = this.mask !== plain;
    this.input = make("input", {
      id,
      name: this.spec.name,
      type: this.spec.kind === "email" ? "email" : "text",
      inputmode: ["yen", "int", "postal", "tel"].includes(this.spec.kind) ? "numeric" : undefined,
      placeholder: HINTS[this.spec.kind],
      maxlength: this.spec.max || undefined,
      "aria-required": this.spec.required ? "true" : undefined,
      autocomplete: "off",
    });
    this.text = this.committed || "";
    this.committed = this.text;
    this.input.value = this.mask.show(this.text);
    this.input.addEventListener("input", () => this.typed());
    this.input.addEventListener("change", () => this.settle());
    this.input.addEventListener("blur", () => this.settle());
    this.input.addEventListener("focus", () => (this.input.value = this.text));
    const line = make("div", { class: "control" }, this.input);
    if (this.spec.kind === "yen") line.append(make("span", { class: "unit" }, "円"));
    this.shadowRoot.append(this.title("label", { for: id }), line);
  }

  typed() {
    const taken = this.mask.typed(this.input.value);
    if (taken !== null) this.text = taken;
    if (this.input.value !== this.text) this.input.value = this.text;
    if (!this.masked) this.commit(this.text);
  }

  // A masked value counts only when the field is left or the change is told.
  settle() {
    this.text = this.mask.settled(this.text);
    const message = this.text && this.mask.wrong ? this.mask.wrong(this.text) : "";
    if (message && this.spec.kind === "date") this.text = "";
    this.commit(this.text);
    this.input.value = this.mask.show(this.text);
    if (message) this.complain(message);
  }

  redraw() {
    if (this.shadowRoot.activeElement !== this.input) this.input.value = this.mask.show(this.text);
  }
}

export class RpTextarea extends Control {
  build() {
    const id = freshId("textarea");
    this.area = make("textarea", { id, name: this.spec.name, maxlength: this.spec.max, rows: "5" });
    this.committed = this.committed || "";
    this.area.value = this.committed;
    this.counter = make("div", { class: "counter", "aria-live": "polite" });
    this.area.addEventListener("input", () => {
      this.commit(this.area.value);
      this.count();
    });
    this.shadowRoot.append(this.title("label", { for: id }), this.area, this.counter);
    this.count();
  }

  count() {
    this.counter.textContent = `${[...this.committed].length} / ${this.spec.max}文字`;
  }

  redraw() {
    if (this.area.value !== this.committed) this.area.value = this.committed;
  }
}

export class RpOutput extends Control {
  build() {
    const id = freshId("output");
    this.input = make("input", { id, name: this.spec.name, readonly: true, tabindex: "-1" });
    this.shadowRoot.append(this.title("label", { for: id }), make("div", { class: "control" }, this.input));
    this.show(this.committed || "");
  }

  show(text) {
    this.committed = text;
    const amount = this.spec.kind === "calc" && /^-?[0-9]+$/.test(text);
    this.input.value = amount ? text.replace(/\B(?=([0-9]{3})+$)/g, ",") : text;
  }
}

customElements.define("rp-input", RpInput);
customElements.define("rp-textarea", RpTextarea);
customElements.define("rp-output", RpOutput);
