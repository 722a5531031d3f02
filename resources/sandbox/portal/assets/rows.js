// A table of repeated rows with 「行を追加」; each cell is a control with a shadow root of its own.
import { Control, make, wait } from "/assets/parts.js";
import { controlFor } from "/assets/kinds.js";

export class RpRows extends Control {
  build() {
    this.rows = [];
    this.body = make("div", { class: "rows" });
    this.add = make("button", { type: "button", class: "small add" }, "行を追加");
    this.add.addEventListener("click", () => this.addLater());
    this.heading = make("h3", {}, this.spec.label);
    this.shadowRoot.append(this.heading, this.body, this.add);
    const given = this.committed || [];
    const count = Math.max(given.length, this.spec.least);
    for (let place = 0; place < count; place += 1) this.addRow(given[place] || {});
    this.shadowRoot.addEventListener("rpchange", () => this.gather());
    this.gather();
  }

  async addLater() {
    this.add.disabled = true;
    await wait(300);
    this.addRow({});
    this.add.disabled = false;
    this.gather();
  }

  addRow(values) {
    const cells = this.spec.columns.map((spec) => {
      const cell = controlFor(spec);
      cell.start(spec, values[spec.name]);
      return cell;
    });
    const drop = make("button", { type: "button", class: "small" }, "削除");
    const line = make("fieldset", { class: "row" }, make("legend"), ...cells, drop);
    const row = { cells, line };
    drop.addEventListener("click", () => {
      this.rows = this.rows.filter((item) => item !== row);
      line.remove();
      this.number();
      this.gather();
    });
    this.rows.push(row);
    this.body.append(line);
    this.number();
  }

  number() {
    this.rows.forEach(({ line }, place) => {
      line.dataset.row = String(place);
      line.querySelector("legend").textContent = `${this.spec.label} ${place + 1}行目`;
    });
    this.add.hidden = this.rows.length >= this.spec.most;
  }

  // A row in which nothing was written is not sent.
  gather() {
    const told = this.rows.map(({ cells }) => {
      const row = {};
      for (const cell of cells) if (cell.value !== "") row[cell.spec.name] = cell.value;
      return row;
    });
    const empty = (row) => Object.values(row).every((value) => !value || value.length === 0);
    this.places = told.flatMap((row, place) => (empty(row) ? [] : [place]));
    this.commit(told.filter((row) => !empty(row)));
  }

  complainAt(fault) {
    const row = this.rows[this.places[fault.row] ?? fault.row];
    const cell = row?.cells.find((item) => item.spec.name === fault.name);
    if (cell) cell.complain(fault.message);
    else this.complain(fault.message);
  }

  complain(message) {
    this.error.textContent = message;
  }

  calm() {
    this.complain("");
    for (const { cells } of this.rows) for (const cell of cells) cell.complain("");
  }

  redraw() {
    for (const { cells } of this.rows) for (const cell of cells) cell.redraw();
  }
}

customElements.define("rp-rows", RpRows);
