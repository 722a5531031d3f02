// Which element stands for which kind of field.
import { make } from "/assets/parts.js";
import "/assets/inputs.js";
import "/assets/choices.js";
import "/assets/files.js";

const TAGS = {
  textarea: "rp-textarea",
  combobox: "rp-combobox",
  select: "rp-select",
  radio: "rp-radio",
  checks: "rp-checks",
  check: "rp-check",
  file: "rp-file",
  calc: "rp-output",
};

export const controlFor = (spec) => make(spec.prefill ? "rp-output" : TAGS[spec.kind] || "rp-input");
