// The confirmation page and the receipt.
import { freshId, make, styled, wait } from "/assets/parts.js";
import { get, post } from "/assets/wire.js";

const list = (pairs) =>
  make("dl", {}, ...pairs.flatMap(([name, value]) => [make("dt", {}, name), make("dd", {}, value || "―")]));

class RpConfirm extends HTMLElement {
  async connectedCallback() {
    this.attachShadow({ mode: "open" });
    this.base = `/api/applications/${this.dataset.application}`;
    this.toast = make("div", { class: "toast", role: "status" });
    this.shadowRoot.append(make("link", { rel: "stylesheet", href: "/assets/control.css" }), this.toast);
    try {
      await styled;
      const told = await get(`${this.base}/confirm`);
      await wait(told.wait);
      for (const page of told.pages) this.shadowRoot.append(this.section(page));
      if (this.dataset.mode === "confirm") this.offer(told);
    } catch (refused) {
      this.say(refused.message);
    }
  }

  say(text) {
    this.toast.textContent = text;
    this.toast.setAttribute("role", "alert");
    this.toast.classList.add("bad");
  }

  section(page) {
    const section = make("section", { "data-page": page.key }, make("h2", {}, page.title));
    if (page.faults.length) {
      const lines = page.faults.map((fault) => make("li", {}, fault));
      const link = make("a", { href: page.path }, "このページを修正する");
      section.append(make("ul", { class: "error" }, ...lines), link);
    }
    section.append(list(page.lines));
    return section;
  }

  offer(told) {
    const id = freshId("checkbox");
    const box = make("input", { type: "checkbox", id, name: "Confirmed__c" });
    const button = make("button", { type: "button", disabled: true }, "申請する");
    const back = make("button", { type: "button", class: "quiet" }, "戻る");
    back.addEventListener("click", () => location.assign(told.back));
    box.addEventListener("change", () => (button.disabled = !(box.checked && told.ready)));
    button.addEventListener("click", () => this.submit(button));
    const text = make("label", { for: id }, "上記の内容を確認しました");
    const bar = make("div", { class: "bar" }, back, button);
    this.shadowRoot.append(make("p", { class: "choice" }, box, text), bar);
    if (!told.ready) this.say("入力が済んでいない項目があります。修正してから申請してください。");
  }

  async submit(button) {
    button.disabled = true;
    try {
      location.assign((await post(`${this.base}/submit`, { confirmed: true })).next);
    } catch (refused) {
      this.say(refused.message);
      button.disabled = false;
    }
  }
}

class RpReceipt extends HTMLElement {
  async connectedCallback() {
    this.attachShadow({ mode: "open" });
    this.shadowRoot.append(make("link", { rel: "stylesheet", href: "/assets/control.css" }));
    try {
      await styled;
      const told = await get(`/api/applications/${this.dataset.application}/receipt`);
      await wait(told.wait);
      this.shadowRoot.append(make("p", { role: "status" }, "申請を受け付けました。"), list(told.lines));
    } catch (refused) {
      this.shadowRoot.append(make("p", { class: "error", role: "alert" }, refused.message));
    }
  }
}

customElements.define("rp-confirm", RpConfirm);
customElements.define("rp-receipt", RpReceipt);
