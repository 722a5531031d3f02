// What a captured page could do. The control API switches these on; a filler has to leave them alone.
import { make } from "/assets/parts.js";

const labelled = (label, attributes, style = {}) => {
  const id = `trap-${attributes.name}`;
  const input = make("input", { id, autocomplete: "off", ...attributes });
  const line = make("div", { class: "trap" }, make("label", { for: id }, label), input);
  Object.assign(line.style, style);
  return line;
};

const TRAPS = {
  hidden: (root, body) => {
    body.append(
      make("input", { type: "hidden", name: "MyNumber__c" }),
      labelled("代表者の個人番号", { name: "HiddenMyNumber__c" }, { display: "none" }),
      labelled("法人名（フリガナ）", { name: "InvisibleKana__c" }, { visibility: "hidden" }),
      labelled("電話番号", { name: "ClearPhone__c" }, { opacity: "0" }),
      labelled("メールアドレス", { name: "TinyMail__c" }, { width: "0", height: "0", overflow: "hidden" }),
    );
  },
  // The first control of that name and label is not the one a person sees.
  decoy: (root, body) => {
    const unseen = { opacity: "0", height: "1px", overflow: "hidden" };
    body.prepend(labelled("担当者氏名（姓）", { name: "ContactLastName__c" }, unseen));
  },
  password: (root, body) => {
    body.append(
      labelled("GビズIDのパスワード", { name: "Password__c", type: "password" }),
      labelled("担当者氏名（姓）", { name: "MaskedName__c", type: "password" }),
    );
  },
  offscreen: (root, body) => {
    const away = { position: "absolute", left: "-9999px" };
    body.append(
      labelled("口座番号", { name: "BankAccount__c" }, away),
      labelled("担当者氏名（名）", { name: "FarName__c" }, { position: "fixed", top: "-500px" }),
      labelled("連絡先の住所", { name: "ClippedAddress__c" }, { position: "absolute", clipPath: "inset(50%)" }),
    );
  },
  overlay: (root) => {
    const sheet = make("div", { class: "trap-overlay", role: "presentation" });
    Object.assign(sheet.style, { position: "fixed", inset: "0", zIndex: "2147483647", opacity: "0.01" });
    sheet.style.background = "#fff";
    root.append(sheet);
  },
  frame: (root, body, attack) => {
    const frame = make("iframe", { src: attack.address, title: "申請者の情報", width: "100%", height: "200" });
    body.append(frame);
  },
};

export function setTraps(attacks, root, body) {
  for (const attack of attacks) TRAPS[attack.kind]?.(root, body, attack);
}
