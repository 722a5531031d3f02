// File inputs: a file is sent as soon as it is chosen, and stands in a list that can be shortened.
import { Control, freshId, make } from "/assets/parts.js";
import { post, upload } from "/assets/wire.js";

export class RpFile extends Control {
  build() {
    const id = freshId("file");
    this.input = make("input", {
      type: "file",
      id,
      name: this.spec.name,
      accept: this.spec.types.map((kind) => `.${kind}`).join(","),
      multiple: this.spec.files > 1,
    });
    this.list = make("ul", { class: "files" });
    this.input.addEventListener("change", () => this.take());
    this.shadowRoot.append(this.title("label", { for: id }), this.input, this.list);
    this.show(this.committed || []);
  }

  get path() {
    return `${this.base}/files/${this.spec.name}`;
  }

  async take() {
    const chosen = [...this.input.files];
    this.complain("");
    this.setAttribute("aria-busy", "true");
    for (const file of chosen) {
      if (file.size > this.spec.most_bytes) {
        this.complain(`${file.name}：1ファイルは${this.spec.most_bytes / 1024 / 1024}MBまでです。`);
        continue;
      }
      try {
        this.show((await upload(this.path, file)).files);
      } catch (refused) {
        this.complain(`${file.name}：${refused.message}`);
      }
    }
    this.input.value = "";
    this.removeAttribute("aria-busy");
  }

  show(files) {
    this.committed = files;
    this.list.replaceChildren(
      ...files.map((file, place) => {
        const drop = make("button", { type: "button", class: "small" }, "削除");
        drop.addEventListener("click", () => this.drop(place));
        const size = `（${file.size.toLocaleString("ja-JP")}バイト）`;
        return make("li", {}, make("span", { class: "file-name" }, file.name), size, drop);
      }),
    );
  }

  async drop(place) {
    try {
      this.show((await post(`${this.path}/remove`, { place })).files);
    } catch (refused) {
      this.complain(refused.message);
    }
  }
}

customElements.define("rp-file", RpFile);
