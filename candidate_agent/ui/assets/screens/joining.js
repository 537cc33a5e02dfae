// Signing in.
import {h} from "../dom.js";

export function joining() {
  return [h("div", {key: "busy", class: "busy", "aria-hidden": "true"}, h("span", {}), h("span", {}), h("span", {}))];
}
