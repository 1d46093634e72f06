"""What the page of the format `html` does: filters that hold together, folding, keys.

Nothing of a project is in it. The page is whole without it: filters are shown by the script only.
"""

from __future__ import annotations

SCRIPT = """
"use strict";
(() => {
  const byId = (id) => document.getElementById(id);
  const form = byId("filters");
  const search = byId("search");
  const choices = {rule: byId("by-rule"), severity: byId("by-severity"), fix: byId("by-fix"), file: byId("by-file")};
  const format = new Intl.NumberFormat("en");
  const articles = [...document.querySelectorAll("article")];
  const texts = new Map();
  const files = [...document.querySelectorAll("main section.file")].map((section) => ({
    section,
    details: section.querySelector("details"),
    count: section.querySelector("summary small"),
    own: [...section.querySelectorAll("article")],
  }));
  const fileOf = new Map();
  for (const file of files) {
    for (const article of file.own) fileOf.set(article, file);
  }
  let current = null;

  const textOf = (article) => {
    let text = texts.get(article);
    if (text === undefined) {
      text = `${fileOf.get(article).section.dataset.path} ${article.textContent}`.toLowerCase();
      texts.set(article, text);
    }
    return text;
  };

  const fits = (article, words) => {
    const {rule, concept, severity, fix} = article.dataset;
    const {rule: byRule, severity: bySeverity, fix: byFix, file: byFile} = choices;
    return (!byRule.value || byRule.value === rule || byRule.value === concept)
      && (!bySeverity.value || bySeverity.value === severity)
      && (!byFix.value || byFix.value === fix)
      && (!byFile.value || byFile.value === fileOf.get(article).section.id)
      && words.every((word) => textOf(article).includes(word));
  };

  const remember = () => {
    const state = new URLSearchParams();
    if (search.value.trim()) state.set("text", search.value.trim());
    for (const [name, choice] of Object.entries(choices)) {
      if (choice.value) state.set(name, choice.value);
    }
    if (current) state.set("at", current.id);
    try {
      history.replaceState(null, "", `#${state}`);
    } catch {
      // A page that has no address of its own.
    }
  };

  const apply = () => {
    const words = search.value.toLowerCase().split(/\\\\s+/).filter(Boolean);
    let shown = 0;
    for (const file of files) {
      let own = 0;
      for (const article of file.own) {
        article.hidden = !fits(article, words);
        own += article.hidden ? 0 : 1;
      }
      file.section.hidden = !own;
      file.count.textContent = format.format(own);
      shown += own;
    }
    for (const about of document.querySelectorAll(".about")) {
      about.classList.toggle("chosen", about.dataset.group === choices.rule.value);
    }
    for (const link of document.querySelectorAll("nav a[data-group]")) {
      link.classList.toggle("chosen", link.dataset.group === choices.rule.value);
    }
    for (const link of document.querySelectorAll("nav a[data-file]")) {
      link.classList.toggle("chosen", link.dataset.file === choices.file.value);
    }
    byId("shown").textContent = shown === articles.length
      ? `all ${format.format(shown)} shown`
      : `${format.format(shown)} of ${format.format(articles.length)} shown`;
    remember();
  };

  const go = (article) => {
    if (current) current.classList.remove("current");
    current = article;
    if (article) {
      article.classList.add("current");
      fileOf.get(article).details.open = true;
      article.scrollIntoView({block: "start"});
      article.querySelector("h3 a").focus({preventScroll: true});
    }
    remember();
  };

  const step = (by) => {
    const visible = articles.filter((article) => !article.hidden);
    const at = visible.indexOf(current);
    const next = visible[at < 0 ? (by > 0 ? 0 : visible.length - 1) : at + by];
    if (next) go(next);
  };

  const foldAll = (open) => {
    for (const file of files) file.details.open = open;
  };

  const clear = () => {
    search.value = "";
    for (const choice of Object.values(choices)) choice.value = "";
    apply();
  };

  const choose = (choice, value) => {
    choice.value = choice.value === value ? "" : value;
    apply();
  };

  let waiting = 0;
  search.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(apply, 80);
  });
  for (const choice of Object.values(choices)) choice.addEventListener("change", apply);
  form.addEventListener("submit", (event) => event.preventDefault());
  byId("fold").addEventListener("click", () => foldAll(false));
  byId("unfold").addEventListener("click", () => foldAll(true));
  byId("clear").addEventListener("click", clear);

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (link.dataset.group !== undefined) choose(choices.rule, link.dataset.group);
    else if (link.dataset.file !== undefined) choose(choices.file, link.dataset.file);
    else if (link.closest("h3")) go(link.closest("article"));
    else return;
    event.preventDefault();
  });

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape" && event.target === search) {
      search.blur();
      return;
    }
    if (event.target.matches("input, select")) {
      if (event.key === "Enter" && event.target === search) {
        search.blur();
        step(1);
      }
      return;
    }
    const actions = {
      "/": () => search.focus(),
      j: () => step(1),
      k: () => step(-1),
      o: () => {
        const file = current && fileOf.get(current);
        if (file) file.details.open = !file.details.open;
      },
      "0": clear,
    };
    const action = actions[event.key];
    if (action) {
      action();
      event.preventDefault();
    }
  });

  const restore = () => {
    if (!location.hash.includes("=")) return;
    const state = new URLSearchParams(location.hash.slice(1));
    search.value = state.get("text") || "";
    for (const [name, choice] of Object.entries(choices)) {
      choice.value = state.get(name) || "";
      if (choice.selectedIndex < 0) choice.value = "";
    }
    const at = byId(state.get("at") || "");
    if (at && fileOf.has(at)) current = at;
    apply();
    if (current) go(current);
  };

  form.hidden = false;
  document.body.classList.add("alive");
  if (location.hash.includes("=")) restore();
  else apply();
})();
""".replace("\\\\", "\\")
