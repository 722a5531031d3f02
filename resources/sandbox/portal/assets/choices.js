// Choices: the portal's own combobox, native selects, radio pairs, checkboxes.
import { Control, freshId, make, wait } from "/assets/parts.js";

const NONE = "選択してください";

export class RpCombobox extends Control {
  build() {
    const id = freshId("combobox");
    const labelId = freshId("label");
    this.committed = this.committed || "";
    this.listId = freshId("dropdown");
    this.button = make("button", {
      type: "button",
      id,
      name: this.spec.name,
      role: "combobox",
      "aria-haspopup": "listbox",
      "aria-expanded": "false",
      "aria-controls": this.listId,
      "aria-labelledby": `${labelId} ${id}`,
      class: "combobox",
    });
    this.box = make("div", { class: "combo" }, this.button);
    this.button.addEventListener("click", () => (this.list ? this.close() : this.open()));
    this.button.addEventListener("keydown", (event) => this.key(event));
    this.button.addEventListener("blur", () => setTimeout(() => this.close(), 200));
    this.shadowRoot.append(this.title("label", { id: labelId, for: id }), this.box);
    this.redraw();
  }

  // The options do not exist until the list is opened, and come a moment later.
  async open() {
    this.button.setAttribute("aria-expanded", "true");
    this.list = make("div", { role: "listbox", id: this.listId, class: "listbox" });
    this.box.append(this.list);
    const list = this.list;
    await wait(150);
    if (this.list !== list) return;
    this.active = -1;
    for (const option of this.choices(this.spec)) {
      const chosen = option === this.committed;
      const item = make(
        "div",
        { role: "option", id: freshId("option"), "data-value": option, "aria-selected": String(chosen) },
        option,
      );
      item.addEventListener("mousedown", (event) => event.preventDefault());
      item.addEventListener("click", () => this.choose(option));
      list.append(item);
    }
    if (!list.children.length) list.append(make("div", { class: "help" }, "選択肢がありません"));
  }

  close() {
    this.list?.remove();
    this.list = null;
    this.button.setAttribute("aria-expanded", "false");
    this.button.removeAttribute("aria-activedescendant");
  }

  choose(option) {
    this.close();
    this.commit(option);
    this.redraw();
  }

  key(event) {
    const options = this.list ? [...this.list.querySelectorAll("[role=option]")] : [];
    if (event.key === "Escape") this.close();
    else if (event.key === "ArrowDown" && !this.list) this.open();
    else if (["ArrowDown", "ArrowUp"].includes(event.key) && options.length) {
      const step = event.key === "ArrowDown" ? 1 : -1;
      this.active = Math.max(0, Math.min(options.length - 1, this.active + step));
      options.forEach((item, place) => item.classList.toggle("active", place === this.active));
      this.button.setAttribute("aria-activedescendant", options[this.active].id);
      options[this.active].scrollIntoView({ block: "nearest" });
    } else if (event.key === "Enter" && this.list && this.active >= 0) {
      this.choose(options[this.active].dataset.value);
    } else return;
    event.preventDefault();
  }

  redraw() {
    this.button.textContent = this.committed || NONE;
  }
}

export class RpSelect extends Control {
  build() {
    const id = freshId("select");
    this.select = make("select", { id, name: this.spec.name }, make("option", { value: "" }, NONE));
    for (const option of this.choices(this.spec)) this.select.append(make("option", { value: option }, option));
    this.committed = this.committed || "";
    this.select.value = this.committed;
    this.select.addEventListener("change", () => this.commit(this.select.value));
    this.shadowRoot.append(this.title("label", { for: id }), this.select);
  }

  redraw() {
    this.select.value = this.committed;
  }
}

class Group extends Control {
  build() {
    this.boxes = this.spec.options.map((option) => {
      const id = freshId(this.type);
      const box = make("input", { type: this.type, id, name: this.spec.name, value: option });
      box.addEventListener("change", () => this.gather());
      return { box, line: make("span", { class: "choice" }, box, make("label", { for: id }, option)) };
    });
    const group = make("fieldset", { role: this.type === "radio" ? "radiogroup" : "group" }, this.title("legend"));
    group.append(...this.boxes.map((item) => item.line));
    this.shadowRoot.append(group);
    this.redraw();
  }
}

export class RpRadio extends Group {
  get type() {
    return "radio";
  }

  gather() {
    this.commit(this.boxes.find((item) => item.box.checked)?.box.value || "");
  }

  redraw() {
    for (const { box } of this.boxes) box.checked = box.value === this.committed;
  }
}

export class RpChecks extends Group {
  get type() {
    return "checkbox";
  }

  gather() {
    this.commit(this.boxes.filter((item) => item.box.checked).map((item) => item.box.value));
  }

  redraw() {
    this.committed = this.committed || [];
    for (const { box } of this.boxes) box.checked = this.committed.includes(box.value);
  }
}

export class RpCheck extends Control {
  build() {
    const id = freshId("checkbox");
    this.box = make("input", { type: "checkbox", id, name: this.spec.name });
    this.committed = this.committed === true;
    this.box.addEventListener("change", () => this.commit(this.box.checked));
    this.shadowRoot.append(make("span", { class: "choice" }, this.box, this.title("label", { for: id })));
    this.redraw();
  }

  redraw() {
    this.box.checked = this.committed;
  }
}

customElements.define("rp-combobox", RpCombobox);
customElements.define("rp-select", RpSelect);
customElements.define("rp-radio", RpRadio);
customElements.define("rp-checks", RpChecks);
customElements.define("rp-check", RpCheck);
