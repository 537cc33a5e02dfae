// Between check-in and exam.
import {h} from "../dom.js";
import {icon} from "../icons.js";
import {number, say, word} from "../texts.js";

const STATE = {
  not_yet: ["wait", "still"], taken: ["wait", "still"], sent: ["send", "still"], asked_again: ["look", "look"], approved: ["check", "fine"], skipped: ["check", "still"], declined: ["person", "still"],
};

export function waiting(view) {
  return [
    view.place && h("p", {key: "place", id: "place", class: "with-icon strong", role: "status"}, icon("line"), h("span", {}, say(view.place))),
    view.steps.length > 0 && h("ul", {key: "steps", class: "steps"}, view.steps.map((entry) => {
      const [mark, tone] = STATE[entry.state] || STATE.not_yet;
      return h("li", {key: entry.id}, icon(entry.id), h("span", {class: "grow strong"}, word(`waiting.step.${entry.id}`)),
        h("span", {class: `verdict ${tone}`}, icon(mark), h("span", {}, word(`waiting.state.${entry.state}`))));
    })),
    h("p", {key: "watched", class: "with-icon muted"}, icon("person"), h("span", {}, word(view.watched ? "waiting.watched" : "waiting.nobody"))),
    h("p", {key: "time", class: "with-icon muted"}, icon("clock"), h("span", {}, say(view.time))),
    h("section", {key: "next", class: "box"}, h("h2", {}, word("waiting.next.title")),
      h("ol", {class: "tips"}, [1, 2, 3].map((place) => h("li", {key: String(place)}, h("span", {class: "dot"}, number(place)), h("span", {}, word(`waiting.next.${place}`)))))),
  ];
}
