// The page: a rule is edited, and counted a moment later. Everything shown is put in as text, never as markup.

const TEXTS = {
  ko: {
    skip: "결과로 건너뛰기", lead: "규칙을 고치면, 몇 명인지 바로 정확히 셉니다.", rule: "규칙", example: "예시에서 시작하기",
    json: "규칙 (JSON)", asOf: "기준일 (비우면 지금)", now: "지금", answer: "결과", nodes: "조건마다", node: "조건",
    users: "고객 수", share: "비율", facets: "구성",
    facetsAbout: "이 규칙의 고객이 필터마다 어떻게 나뉘는지. 괄호는 전체 고객.",
    people: (n) => `${n}명`, about: (base, share, at) => `전체 ${base}명의 ${share} · 기준 ${at}`,
    notJson: "JSON을 읽을 수 없습니다", offline: "서버에 닿지 않습니다", fresh: (at) => `데이터 기준: ${at}.`, unknown: "데이터 없음.",
    own: "직접 쓴 규칙", all: "모두", any: "하나라도", not: "제외", at_least: (k) => `${k}개 이상`,
  },
  en: {
    skip: "Skip to the answer", lead: "Edit the rule and see exactly how many people that is.", rule: "Rule", example: "Begin with an example",
    json: "Rule (JSON)", asOf: "As of (empty: now)", now: "Now", answer: "Answer", nodes: "Each condition", node: "Condition",
    users: "Users", share: "Share", facets: "Who they are",
    facetsAbout: "How this rule's users split over each filter. In brackets: everybody.",
    people: (n) => `${n} users`, about: (base, share, at) => `${share} of everybody (${base}) · as of ${at}`,
    notJson: "This is not JSON", offline: "The server cannot be reached", fresh: (at) => `Data as of ${at}.`, unknown: "No data.",
    own: "A rule of your own", all: "All of", any: "Any of", not: "Not", at_least: (k) => `At least ${k} of`,
  },
};
const WAIT_MS = 250;
const RETRY_MS = 2000;

const at = (id) => document.getElementById(id);
const number = (n) => n.toLocaleString(language);
const share = (n, base) => (base ? `${((100 * n) / base).toFixed(1)}%` : "–");
const moment = (text) =>
  new Date(text).toLocaleString(language, { timeZone: "Asia/Seoul", dateStyle: "medium", timeStyle: "short" });

const preferred = navigator.languages.map((each) => each.slice(0, 2)).find((each) => each in TEXTS);
let language = localStorage.getItem("language") ?? preferred ?? document.documentElement.lang;
let examples = [];
let filters = new Map();
let shown = null; // the last answer, to be shown again in another language
let asked = 0; // questions so far: only the answer to the last one is shown
let timer = 0;

const text = (key, ...values) => {
  const found = TEXTS[language][key];
  return typeof found === "function" ? found(...values) : found;
};

function element(name, content, attributes = {}) {
  const made = document.createElement(name);
  if (content !== undefined) made.textContent = content;
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

async function request(path, body) {
  const options = body ? { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) } : {};
  const answer = await fetch(`/api/v1${path}`, options);
  const said = await answer.json();
  if (!answer.ok) throw Object.assign(new Error(said.detail), { problem: said });
  return said;
}

function speak() {
  document.documentElement.lang = language;
  for (const each of document.querySelectorAll("[data-text]")) each.textContent = text(each.dataset.text);
  for (const each of document.querySelectorAll("[data-language]")) {
    each.setAttribute("aria-pressed", String(each.dataset.language === language));
  }
  const chosen = at("example").value;
  at("example").replaceChildren(
    element("option", text("own"), { value: "" }),
    ...examples.map((each) => element("option", each[language], { value: each.key })),
  );
  at("example").value = chosen;
  if (shown) show(shown);
}

function tell(problems) {
  at("rule").setAttribute("aria-invalid", String(problems.length > 0));
  at("problems").replaceChildren(
    ...problems.map(({ pointer, detail, fix }) => {
      const line = element("li");
      if (pointer) line.append(element("code", pointer), " ");
      line.append([detail, fix].filter(Boolean).join(" · "));
      return line;
    }),
  );
}

function show({ rule, count, facets }) {
  at("total").textContent = text("people", number(count.count));
  at("about").textContent = text("about", number(count.base), share(count.count, count.base), moment(count.as_of));
  at("fresh").textContent = count.fresh_as_of ? text("fresh", moment(count.fresh_as_of)) : text("unknown");
  at("nodes").replaceChildren(...rows(rule.root, count, 0));
  const open = new Set([...document.querySelectorAll("details[open]")].map((each) => each.dataset.filter));
  at("facets").replaceChildren(...facets.map((facet) => split(facet, count.count, open)));
}

function rows(node, count, depth) {
  const size = count.nodes[node.id];
  const row = element("tr");
  const name = element("th", "\u00a0".repeat(4 * depth) + named(node), { scope: "row" });
  row.append(name, element("td", number(size), { class: "number" }), element("td", share(size, count.base), { class: "number" }));
  const below = node.type === "not" ? [node.child] : (node.children ?? []);
  return [row, ...below.flatMap((child) => rows(child, count, depth + 1))];
}

function named(node) {
  if (node.type !== "condition") return text(node.type, node.k);
  const filter = filters.get(node.filter);
  const value = node.value === undefined ? "" : typeof node.value === "object" ? JSON.stringify(node.value) : node.value;
  return `${filter ? filter[language] : node.filter} ${node.operator} ${value}`;
}

function split(facet, total, open) {
  const filter = filters.get(facet.filter);
  const most = [...facet.lines].sort((a, b) => b.count - a.count)[0];
  const summary = element("summary", filter ? filter[language] : facet.filter);
  if (most?.count) summary.append(" ", element("small", `${most[language]} ${share(most.count, total)}`));
  const body = element("tbody");
  body.append(
    ...facet.lines.map((line) => {
      const row = element("tr");
      const bar = element("td");
      bar.append(element("meter", share(line.count, total), { min: 0, max: Math.max(total, 1), value: line.count, "aria-hidden": "true" }));
      row.append(
        element("th", line[language], { scope: "row" }), bar,
        element("td", `${number(line.count)} (${number(line.base)})`, { class: "number" }),
      );
      return row;
    }),
  );
  const table = element("table");
  table.append(body);
  const found = element("details", undefined, { "data-filter": facet.filter });
  found.open = open.has(facet.filter);
  found.append(summary, table);
  return found;
}

function later() {
  clearTimeout(timer);
  timer = setTimeout(count, WAIT_MS);
}

async function count() {
  const mine = ++asked;
  let rule;
  try {
    rule = JSON.parse(at("rule").value);
  } catch (error) {
    return tell([{ detail: text("notJson"), fix: error.message }]);
  }
  const asOf = at("as-of").value;
  const question = asOf ? { rule, as_of: asOf } : { rule };
  at("answer").setAttribute("aria-busy", "true");
  try {
    const said = await request("/rule/validate", { rule });
    if (!said.valid) throw Object.assign(new Error(), { problem: said });
    const [counted, split] = await Promise.all([request("/count", { ...question, rule: said.rule }), request("/facets", question)]);
    if (mine !== asked) return;
    shown = { rule: said.rule, count: counted, facets: split.facets };
    tell([]);
    show(shown);
  } catch (error) {
    if (mine !== asked) return;
    const problem = error.problem ?? { detail: text("offline") };
    tell(problem.problems?.length ? problem.problems : [problem]);
    if (problem.code === "busy") timer = setTimeout(count, RETRY_MS);
  } finally {
    if (mine === asked) at("answer").removeAttribute("aria-busy");
  }
}

function choose(key) {
  const example = examples.find((each) => each.key === key);
  if (!example) return;
  at("rule").value = JSON.stringify(example.rule, null, 2);
  count();
}

async function begin() {
  for (const each of document.querySelectorAll("[data-language]")) {
    each.addEventListener("click", () => {
      language = each.dataset.language;
      localStorage.setItem("language", language);
      speak();
    });
  }
  at("example").addEventListener("change", (event) => choose(event.target.value));
  at("rule").addEventListener("input", () => {
    at("example").value = "";
    later();
  });
  at("as-of").addEventListener("change", later);
  at("now").addEventListener("click", () => {
    at("as-of").value = "";
    later();
  });
  speak();
  const [found, catalog] = await Promise.all([request("/rule/examples"), request("/catalog")]);
  examples = found;
  filters = new Map(catalog.filters.map((each) => [each.key, each]));
  speak();
  at("example").value = examples[0].key;
  choose(examples[0].key);
}

begin();
