// Three questions after the exam. What is chosen lives here until it is sent; a new view from the program takes nothing away.
import {h} from "../dom.js";
import {icon} from "../icons.js";
import {word} from "../texts.js";

const chosen = {ease: 0, understood: 0, words: ""};

export function survey(view, tools) {
  return [h("form", {key: "survey", id: "survey", class: "survey", onsubmit: (event) => { event.preventDefault(); send(tools); }},
    view.questions.map((question) => rating(question, tools)),
    h("div", {key: "words", class: "question"},
      h("label", {for: "survey-words", class: "strong"}, word("survey.words")),
      h("textarea", {id: "survey-words", rows: "3", maxlength: String(view.max_words), dir: "auto", oninput: (event) => { chosen.words = event.target.value; }})),
    h("p", {key: "apart", class: "small muted"}, word("survey.apart")),
    h("div", {key: "buttons", class: "row"},
      h("button", {id: "survey-skip", type: "button", class: "quiet", onclick: () => tools.act("survey", {})}, word("survey.skip")),
      h("button", {id: "survey-send", type: "submit", class: "primary"}, word("survey.send"))))];
}

// Buttons and no radio buttons: a second press takes the answer back, so that a question can still be left out.
function rating(question, tools) {
  const {id, ratings} = question;
  const press = (value) => { chosen[id] = chosen[id] === value ? 0 : value; tools.set({}); };
  return h("div", {key: id, class: "question", role: "group", "aria-labelledby": `survey-${id}`},
    h("p", {id: `survey-${id}`, class: "strong"}, word(`survey.${id}`)),
    h("div", {class: "ratings"}, ratings.map((value) => h("button", {
      id: `survey-${id}-${value}`, type: "button", class: "rating", "aria-pressed": String(chosen[id] === value), onclick: () => press(value),
    }, h("span", {}, String(value)), value === ratings[0] && h("span", {class: "small"}, word(`survey.${id}.low`)), value === ratings.at(-1) && h("span", {class: "small"}, word(`survey.${id}.high`)), chosen[id] === value && icon("check")))));
}

function send(tools) {
  tools.act("survey", {ease: chosen.ease, understood: chosen.understood, words: chosen.words.trim()});
}
