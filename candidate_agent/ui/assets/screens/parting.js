// Three questions after the exam. What is chosen lives here until it is sent; a new view from the program takes nothing away.
import {h} from "../dom.js";
import {word} from "../texts.js";

const chosen = {ease: 0, understood: 0, words: ""};

export function survey(view, tools) {
  return [h("form", {key: "survey", id: "survey", class: "survey", onsubmit: (event) => { event.preventDefault(); send(tools); }},
    view.questions.map(rating),
    h("div", {key: "words", class: "question"},
      h("label", {for: "survey-words", class: "strong"}, word("survey.words")),
      h("textarea", {id: "survey-words", rows: "3", maxlength: String(view.max_words), dir: "auto", oninput: (event) => { chosen.words = event.target.value; }})),
    h("p", {key: "apart", class: "small muted"}, word("survey.apart")),
    h("div", {key: "buttons", class: "row"},
      h("button", {id: "survey-skip", type: "button", class: "quiet", onclick: () => tools.act("survey", {})}, word("survey.skip")),
      h("button", {id: "survey-send", type: "submit", class: "primary"}, word("survey.send"))))];
}

function rating(question) {
  const {id, ratings} = question;
  return h("fieldset", {key: id, class: "question"},
    h("legend", {class: "strong"}, word(`survey.${id}`)),
    h("div", {class: "ratings"}, ratings.map((value) => h("label", {key: `${id}-${value}`, class: "rating"},
      h("input", {id: `survey-${id}-${value}`, type: "radio", name: `survey-${id}`, value: String(value), onchange: () => { chosen[id] = value; }}),
      h("span", {}, String(value), value === ratings[0] && h("span", {class: "small muted"}, word(`survey.${id}.low`)), value === ratings.at(-1) && h("span", {class: "small muted"}, word(`survey.${id}.high`)))))));
}

function send(tools) {
  tools.act("survey", {ease: chosen.ease, understood: chosen.understood, words: chosen.words.trim()});
}
