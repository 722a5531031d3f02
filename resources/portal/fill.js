// Fills the controls of a portal's page, in a world of its own that the page cannot see or call.
// It looks for a control as a person does (visible words), refuses what a person cannot see,
// never touches a password, a hidden control or a button that sends, and reads every value back.
// Given: nothing. Leaves `ichido` in its own world with look(), fill(plan), told() and beside(words).
"use strict";
globalThis.ichido ??= (() => {
  const PATIENCE = 8000, LATE = 3000, FIRST_ROW = 2500, CALM = 600, STEP = 50, MOST_ASKED = 200;
  const NEVER = new Set(["password", "hidden", "submit", "button", "image", "reset"]);
  const SECRET = /password|one-time-code|cc-/;
  const wait = (ms) => new Promise((done) => setTimeout(done, ms));

  const plain = (text) => (text || "").normalize("NFKC").replace(/[\s\u200b*※:：]+/g, "");
  const bare = (text) => plain(text).replace(/^[(\[]?(必須|任意)[)\]]?/, "").replace(/[(\[]?(必須|任意)[)\]]?$/, "");
  const alike = (told, wanted) => plain(told) === plain(wanted) || bare(told) === bare(wanted);

  // --- the page as one tree, open shadow roots included

  function* walk(root) {
    for (const element of root.querySelectorAll("*")) {
      yield element;
      if (element.shadowRoot) yield* walk(element.shadowRoot);
    }
  }
  const above = (node) => node.assignedSlot || node.parentElement || (node.getRootNode() instanceof ShadowRoot ? node.getRootNode().host : null);
  function* ancestors(node) { for (let at = above(node); at; at = above(at)) yield at; }
  const inside = (node, outer) => { for (const at of [node, ...ancestors(node)]) if (at === outer) return true; return false; };
  const words = (element) => (element ? element.innerText ?? element.textContent ?? "" : "");
  const byIds = (element, attribute) => (element.getAttribute(attribute) || "").split(/\s+/).filter(Boolean)
    .map((id) => words(element.getRootNode().getElementById?.(id))).join("");

  // --- what a control is called

  function* namesOf(element) {
    yield element.getAttribute("aria-label");
    yield byIds(element, "aria-labelledby");
    for (const label of element.labels || []) yield ownWords(label);
    const cell = element.closest("td, dd");
    if (cell?.tagName === "DD") yield words(previous(cell, "DT"));
    if (cell?.tagName === "TD") {
      yield words(cell.parentElement.querySelector("th"));
      const table = cell.closest("table");
      yield words(table?.tHead?.rows[0]?.cells[cell.cellIndex]);
    }
    // The words of a component may stand on its host, or beside the control in its shadow tree.
    let host = element.getRootNode().host;
    for (const beside of element.getRootNode() instanceof ShadowRoot ? element.getRootNode().querySelectorAll("label, .label, legend") : []) {
      if (!beside.htmlFor) yield ownWords(beside);
    }
    for (let depth = 0; host && depth < 3; depth += 1, host = host.getRootNode().host) {
      yield host.getAttribute("label");
      yield host.getAttribute("aria-label");
      yield byIds(host, "aria-labelledby");
      for (const label of host.getRootNode().querySelectorAll("label")) if (label.htmlFor && label.htmlFor === host.id) yield words(label);
    }
  }
  // The words of a label without those of the control it wraps (the options of a select).
  function ownWords(label) {
    const copy = label.cloneNode(true);
    for (const part of copy.querySelectorAll("select, textarea, button, option")) part.remove();
    return copy.textContent;
  }
  function previous(element, tag) {
    let at = element.previousElementSibling;
    while (at && at.tagName !== tag) at = at.previousElementSibling;
    return at;
  }
  const called = (element, name) => { for (const told of namesOf(element)) if (told && alike(told, name)) return true; return false; };

  function* headsOf(element) {
    yield element.getAttribute("aria-label");
    yield byIds(element, "aria-labelledby");
    for (const name of ["heading", "label", "title"]) yield element.getAttribute(name);
    for (const root of [element, element.shadowRoot]) {
      // The heading of an inner group is not the heading of the outer one.
      for (const head of root?.querySelectorAll("legend, h1, h2, h3, h4, h5, header") || []) {
        const group = head.parentElement?.closest(GROUP);
        if (!group || group === element || !root.contains(group) || root === element.shadowRoot && group.contains(element)) { yield words(head); break; }
      }
    }
  }
  const GROUP = "fieldset, section, article, [role=group], [role=radiogroup], [role=region], table";
  function within(element, heading) {
    if (!heading) return true;
    for (const at of ancestors(element)) {
      if (!at.matches(GROUP) && !at.shadowRoot) continue;
      for (const told of headsOf(at)) if (told && alike(told, heading)) return true;
    }
    return false;
  }

  // --- what a person can see and reach

  function hit(x, y) {
    let at = document.elementFromPoint(x, y);
    while (at?.shadowRoot) {
      const deeper = at.shadowRoot.elementFromPoint(x, y);
      if (!deeper || deeper === at) break;
      at = deeper;
    }
    return at;
  }
  function shown(element) {
    const box = element.getBoundingClientRect();
    if (box.width < 4 || box.height < 4) return false;
    for (const at of [element, ...ancestors(element)]) {
      const style = getComputedStyle(at);
      if (style.visibility !== "visible" && at === element) return false;
      if (style.display === "none" || Number(style.opacity) < 0.1) return false;
      if (/^(inset\((50|100)%|circle\(0)/.test(style.clipPath)) return false;
    }
    return true;
  }
  // Small boxes are often drawn by their label; then the label is what a person sees.
  const SMALL = "input[type=radio], input[type=checkbox], input[type=file]";
  const face = (element) => shown(element) ? element : element.matches(SMALL) && [...(element.labels || [])].find(shown) || null;
  function reachable(element) {
    const seen = face(element);
    if (!seen) return "見えない欄なので入れません";
    seen.scrollIntoView({ block: "center", inline: "nearest", behavior: "instant" });
    const box = seen.getBoundingClientRect();
    const x = box.left + Math.min(box.width / 2, 40), y = box.top + box.height / 2;
    if (x < 0 || y < 0 || x > innerWidth || y > innerHeight) return "画面の外にある欄なので入れません";
    const top = hit(x, y);
    if (!top) return "見えない欄なので入れません";
    if (inside(top, seen) || inside(top, element) || [...(element.labels || [])].some((l) => inside(top, l))) return "";
    return "ほかのものに覆われている欄なので入れません";
  }
  function forbidden(element) {
    const kind = (element.type || "").toLowerCase();
    if (NEVER.has(kind) && !element.matches("[role=combobox], [aria-haspopup=listbox]")) return "この種類の欄には入れません";
    if (SECRET.test(element.autocomplete || "")) return "合言葉や番号を入れる欄には入れません";
    if (element.disabled || element.readOnly || element.getAttribute("aria-disabled") === "true") return "書き込めない欄です";
    return "";
  }

  // --- finding

  const KINDS = {
    text: (e) => e.matches("input, textarea") && !["radio", "checkbox", "file", ...NEVER].includes(e.type),
    choice: (e) => e.matches("select, [role=combobox], [aria-haspopup=listbox]"),
    radio: (e) => e.matches("input[type=radio], [role=radio]"),
    checkbox: (e) => e.matches("input[type=checkbox], [role=checkbox], [role=switch]"),
    file: (e) => e.matches("input[type=file]"),
    read: (e) => e.matches("input, textarea, output") && !NEVER.has(e.type),
  };
  function found(entry) {
    const all = [...walk(document)].filter((e) => KINDS[entry.kind](e) && e.ownerDocument === document);
    const named = entry.kind === "radio" ? (e) => radioGroup(e, entry.label) : (e) => called(e, entry.label);
    const mine = entry.selector ? all.filter((e) => e.matches(entry.selector)) : all.filter(named);
    const placed = mine.filter((e) => within(e, entry.within));
    // A component may hold a control in a control (a combobox in its host): the inner one is meant.
    return placed.filter((e) => !placed.some((other) => other !== e && inside(other, e)));
  }
  function radioGroup(element, name) {
    for (const at of ancestors(element)) {
      if (!at.matches("fieldset, [role=radiogroup], [role=group], td, dd") && !at.shadowRoot) continue;
      for (const told of [...headsOf(at), ...namesOf(at)]) if (told && alike(told, name)) return true;
    }
    return false;
  }
  async function locate(entry, until) {
    for (;;) {
      const all = found(entry);
      const seen = all.filter((e) => face(e));
      if (entry.kind === "radio") {
        const one = seen.filter((e) => called(e, entry.text) || alike(e.value, entry.text));
        if (one.length > 1 && !entry.nth) return "同じ名前の欄がいくつもあります";
        if (one.length) return pick(one, (entry.nth || 1) + entry.row) ?? "この名前の欄がこのページにありません";
        if (seen.length && Date.now() > until) return `選択肢に「${entry.text}」がありません`;
      } else if (entry.nth + entry.row > 0 ? seen.length >= (entry.nth || 1) + entry.row : seen.length) {
        if (!entry.nth && !entry.row && seen.length > 1) return "同じ名前の欄がいくつもあります";
        return pick(seen, (entry.nth || 1) + entry.row);
      }
      if (Date.now() > until) return all.length ? "見えない欄なので入れません" : "この名前の欄がこのページにありません";
      await wait(STEP);
    }
  }
  const pick = (list, nth) => list[Math.max(0, nth - 1)];

  // --- writing, as a keyboard would

  const native = (element, property) => {
    for (let at = Object.getPrototypeOf(element); at; at = Object.getPrototypeOf(at)) {
      const found = Object.getOwnPropertyDescriptor(at, property);
      if (found?.set) return found.set;
    }
    return null;
  };
  const tell = (element, ...names) => { for (const name of names) element.dispatchEvent(new Event(name, { bubbles: true, composed: true })); };
  const shape = (text) => plain(text).replace(/[,，¥￥]/g, "");
  const digits = (text) => shape(text).replace(/[-‐−/年月日.円]/g, " ").trim().split(/\s+/).map((p) => p.replace(/^0+(?=\d)/, "")).join("");
  function same(now, wanted) {
    if (shape(now) === shape(wanted)) return true;
    const number = /^[\d\s,，¥￥/.年月日円-]+$/;
    if (!number.test(plain(now)) || !number.test(plain(wanted))) return false;
    return digits(now) === digits(wanted) || shape(now).replace(/\D/g, "") === shape(wanted).replace(/\D/g, "");
  }
  // Nothing is ever cut: what is longer than the control takes stays out, so that the page asks for it.
  async function writeText(element, text) {
    const most = element.maxLength ?? -1;
    const letters = text.replace(/\r\n/g, "\n").length;
    if (most >= 0 && letters > most) return `相手の欄は ${most}字までで、これは ${letters}字あるので、入れていません`;
    element.focus();
    if (element.value !== text) {
      const plainSetter = ["date", "month", "time", "number", "range", "color"].includes(element.type);
      if (!plainSetter) {
        element.select?.();
        document.execCommand("insertText", false, text);
        await wait(0);
      }
      if (plainSetter || !same(element.value, text) && !element.value) {
        native(element, "value").call(element, text);
        tell(element, "input");
      }
      tell(element, "change");
    }
    element.blur();
    await wait(STEP);
    if (same(element.value, text)) return "";
    if (!element.value) return "書いても受け取られませんでした";
    if (!plain(text).startsWith(plain(element.value))) return "書いたものと違う値になりました";
    const held = element.value.length;
    native(element, "value").call(element, "");
    tell(element, "input", "change");
    return `相手の欄は ${held}字までしか受け取らず、これは ${letters}字あるので、入れていません`;
  }
  async function writeChoice(element, text) {
    if (element.tagName === "SELECT") {
      const option = [...element.options].find((o) => alike(o.text, text)) || [...element.options].find((o) => o.value === text);
      if (!option || option.disabled) return `選択肢に「${text}」がありません`;
      element.focus();
      native(element, "value").call(element, option.value);
      tell(element, "input", "change");
      element.blur();
      return element.selectedOptions[0] === option ? "" : "選んでも受け取られませんでした";
    }
    const holds = () => alike(element.value || words(element), text);
    if (holds()) return "";
    element.focus();
    press(element);
    const until = Date.now() + 3000;
    let option;
    while (!(option = [...walk(document)].find((e) => e.matches("[role=option]") && shown(e) && alike(words(e) || e.getAttribute("aria-label"), text)))) {
      if (Date.now() > until) { press(element); return `選択肢に「${text}」がありません`; }
      await wait(STEP);
    }
    option.scrollIntoView({ block: "nearest", behavior: "instant" });
    press(option);
    while (!holds() && Date.now() < until + 1000) await wait(STEP);
    return holds() ? "" : "選んでも受け取られませんでした";
  }
  function press(element) {
    for (const name of ["pointerdown", "mousedown", "pointerup", "mouseup"]) {
      const kind = name.startsWith("pointer") ? PointerEvent : MouseEvent;
      element.dispatchEvent(new kind(name, { bubbles: true, composed: true, cancelable: true, view: window, button: 0 }));
    }
    element.click();
  }
  const isOn = (element) => element.checked ?? element.getAttribute("aria-checked") === "true";
  // A component may draw itself anew when it is pressed: then the new control is asked.
  async function writeOn(entry, element, on) {
    if (isOn(element) !== on) element.click();
    for (const until = Date.now() + 1000; Date.now() < until;) {
      await wait(STEP);
      const now = element.isConnected ? element : await locate(entry, until);
      if (typeof now !== "string" && isOn(now) === on) return "";
    }
    return "選んでも受け取られませんでした";
  }
  async function writeFile(element, files) {
    const given = new DataTransfer();
    for (const one of files) {
      const bytes = Uint8Array.from(atob(one.data), (c) => c.charCodeAt(0));
      given.items.add(new File([bytes], one.name, { type: one.type }));
    }
    if (given.files.length > 1 && !element.multiple) return "ファイルを一つしか受け取らない欄です";
    element.files = given.files;
    tell(element, "input", "change");
    await wait(STEP);
    return "";
  }

  // --- one entry, one page

  const sends = (button) => (button.type || "").toLowerCase() === "submit" && button.closest("form") !== null;
  async function addRow(entry) {
    const buttons = [...walk(document)].filter((e) => e.matches("button, [role=button], input[type=button]") && face(e))
      .filter((e) => alike(words(e) || e.value, entry.add) && within(e, entry.addWithin));
    if (buttons.length !== 1) return buttons.length ? "行を足すボタンがいくつもあります" : "行を足すボタンがありません";
    if (sends(buttons[0])) return "行を足すボタンが送信ボタンなので押しません";
    const covered = reachable(buttons[0]);
    if (covered) return covered;
    const before = found(entry).length;
    buttons[0].click();
    for (const until = Date.now() + 3000; found(entry).length <= before && Date.now() < until;) await wait(STEP);
    return found(entry).length > before ? "" : "行を足せませんでした";
  }
  async function one(entry, until) {
    if (entry.add) {
      // A portal may begin with no row at all; what comes late is waited for before a row is added.
      await locate({ ...entry, row: 0 }, entry.row > 0 ? until : Math.min(until, Date.now() + FIRST_ROW));
      for (let left = entry.row + 2; found(entry).filter(face).length <= entry.row && left > 0; left -= 1) {
        const why = await addRow(entry);
        if (why) return { why };
      }
    }
    const element = await locate(entry, until);
    if (typeof element === "string") return { why: element };
    claimed.add(element);
    if (entry.kind === "read") return { why: await compare(element, entry.text) };
    const no = forbidden(element) || reachable(element);
    if (no) return { why: no };
    let why = "";
    if (entry.kind === "text") why = await writeText(element, entry.text);
    if (entry.kind === "choice") why = await writeChoice(element, entry.text);
    if (entry.kind === "radio") why = await writeOn(entry, element, true);
    if (entry.kind === "checkbox") why = await writeOn(entry, element, entry.on);
    if (entry.kind === "file") why = await writeFile(element, entry.files);
    claimed.add(element);
    if (!why && entry.last) why = leftOver(entry);
    const seen = face(element) || element;
    seen.style.setProperty("outline", why ? "2px dashed #b45309" : "2px solid #2563eb", "important");
    seen.style.setProperty("outline-offset", "1px");
    return { why };
  }
  // What the portal fills by itself is never written; sums come a moment after their amounts.
  async function compare(element, text) {
    for (const until = Date.now() + LATE; Date.now() < until; await wait(STEP)) {
      if (same(element.value ?? words(element), text)) return "";
    }
    return `相手の画面では「${element.value ?? words(element)}」です`;
  }
  // Rows of an earlier filling that this application no longer has.
  function leftOver(entry) {
    const more = found(entry).filter(face).slice(entry.row + 1).filter((e) => e.value).length;
    return more ? `入りましたが、相手の画面に、この申請にない行が ${more}行あります` : "";
  }

  // --- what the page asks beside

  let claimed = new Set();
  const ASIDE = "header, nav, footer, [role=search], [role=navigation], [role=banner], [role=contentinfo]";
  const WRITABLE = ["text", "choice", "radio", "checkbox", "file"];
  function asked(element) {
    if (!WRITABLE.some((kind) => KINDS[kind](element)) || forbidden(element)) return false;
    if (element.type === "search" || element.getAttribute("role") === "searchbox" || !face(element)) return false;
    for (const at of ancestors(element)) if (at.matches(ASIDE)) return false;
    return true;
  }
  const isRadio = (e) => KINDS.radio(e);
  function groupOf(element) {
    for (const at of ancestors(element)) if (at.matches("fieldset, [role=radiogroup], [role=group]")) return at;
    return element.getRootNode();
  }
  const mates = (element) => [...walk(groupOf(element))].filter((e) => KINDS[isRadio(element) ? "radio" : "checkbox"](e));
  function emptyNow(element) {
    if (isRadio(element)) return !mates(element).some(isOn);
    if (KINDS.checkbox(element)) return !isOn(element);
    if (element.type === "file") return !element.files.length && !element.getRootNode().querySelector?.(".file-name");
    if (element.tagName === "SELECT") return !element.value;
    if (KINDS.choice(element)) return /^(|-+|選択してください.*|選んでください.*|未選択)$/.test(plain(element.value || words(element)));
    return !element.value;
  }
  // As the page writes it, with its marks: 「*」, 必須.
  function* wordings(element) {
    if (isRadio(element)) {
      for (const at of [groupOf(element), ...ancestors(groupOf(element))]) {
        for (const told of at.matches ? [...headsOf(at)] : []) if (told) yield told;
        if (at.matches?.(GROUP)) return;
      }
      return;
    }
    for (const told of namesOf(element)) if (told) yield told;
  }
  const must = (element, told) => element.required || element.getAttribute("aria-required") === "true" ||
    /[*＊※]|必須/.test(told) || isRadio(element) && groupOf(element).getAttribute?.("aria-required") === "true";
  // {n} and {row} in a name stand for any words.
  const named = (told, name) => {
    const parts = name.split(/\{n\}|\{row\}/);
    return parts.length === 1 ? alike(told, name) : bare(told).startsWith(bare(parts[0])) && bare(told).endsWith(bare(parts.at(-1)));
  };
  function beside(known) {
    const told = new Map();
    for (const element of walk(document)) {
      if (!asked(element) || claimed.has(element) || !emptyNow(element)) continue;
      const all = [...wordings(element)];
      const name = bare(all[0] || element.placeholder || element.name || "");
      if (!name || told.has(name)) continue;
      const mine = known.some((k) => all.some((t) => k.label ? named(t, k.label) : element.matches(k.selector)));
      const needed = must(element, all[0] || "");
      if (mine && !needed) continue;
      told.set(name, { name: name.slice(0, 120), needed, known: mine });
      if (told.size >= MOST_ASKED) break;
    }
    return [...told.values()];
  }
  // Controls come late: looked at once their number has stood still.
  async function settled() {
    let count = -1, still = 0;
    for (const until = Date.now() + LATE; still < CALM && Date.now() < until;) {
      const now = [...walk(document)].filter(asked).length;
      still = now === count ? still + STEP : 0;
      count = now;
      await wait(STEP);
    }
  }

  let state = { running: false, done: [], total: 0, beside: [] };
  async function run(plan) {
    const until = Date.now() + PATIENCE;
    for (const entry of plan.entries) {
      if (location.origin !== plan.origin || window.top !== window) break;
      let told;
      try { told = await one(entry, Math.max(until, Date.now() + LATE)); } catch { told = { why: "この欄の作りが読めませんでした" }; }
      state.done.push({ key: entry.key, why: told.why });
      if (entry.guard && told.why) {
        for (const other of plan.entries) {
          if (!state.done.some((d) => d.key === other.key)) state.done.push({ key: other.key, why: "別の会社の画面かもしれないので、入れませんでした" });
        }
        break;
      }
    }
    if (location.origin === plan.origin) {
      try { await settled(); state.beside = beside(plan.known); } catch { state.beside = []; }
    }
    state.running = false;
  }

  return {
    look() {
      const heads = [...walk(document)].filter((e) => e.matches("h1, h2, h3, [role=heading]") && shown(e)).map((e) => plain(words(e)));
      return JSON.stringify({ origin: location.origin, path: location.pathname, heads, top: window.top === window, ready: document.readyState });
    },
    fill(plan) {
      if (state.running) return "running";
      if (location.origin !== plan.origin || window.top !== window) return "elsewhere";
      state = { running: true, done: [], total: plan.entries.length, beside: [] };
      claimed = new Set();
      run(plan);
      return "begun";
    },
    told() { return JSON.stringify(state); },
    beside(name) {
      for (const e of walk(document)) {
        if (!e.matches("dt, th, label, .label, span, strong, p") || !shown(e)) continue;
        if (alike(words(e), name)) {
          const next = e.matches("dt, th") ? e.nextElementSibling : e.nextElementSibling || above(e)?.nextElementSibling;
          if (next && words(next).trim()) return words(next).trim();
        }
        const told = plain(words(e));
        if (e.children.length === 0 && told.startsWith(plain(name)) && told.length > plain(name).length) return told.slice(plain(name).length);
      }
      return "";
    },
  };
})();
