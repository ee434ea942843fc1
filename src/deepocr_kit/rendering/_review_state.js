// What the reader decided about the fields, and how it is saved and read again.
const byId = (id) => document.getElementById(id);
const data = JSON.parse(byId("data").textContent);
const fields = data.fields.map((given, at) => fieldFrom(given, at));
const fieldOf = new Map(fields.map((field) => [field.id, field]));
let unsaved = false;

const same = (left, right) => left.length === right.length && left.every((item, at) => item === right[at]);
const isChanged = (field) => field.now !== field.value || !same(field.from, field.regions);
const isOut = (element) => element.closest("tr.out") !== null;
const isTouched = (field) => field.confirmed || isChanged(field) || isOut(field.element);
const isToCheck = (field) => field.state !== "proved" && field.state !== "added" && !isTouched(field);

function fieldFrom(given, at) {
  const element = byId(given.id);
  return {
    ...given, given, at, element, now: given.value, from: given.regions, confirmed: false,
    pick: element.querySelector(".pick"), shown: element.querySelector(".value"), sign: element.querySelector(".state"),
    grade: element.querySelector(".grade"), graded: element.querySelector(".grade").textContent,
  };
}

let silence = 0;
function say(text) {
  byId("status").textContent = text;
  clearTimeout(silence);
  silence = setTimeout(() => { byId("status").textContent = ""; }, 4000);
}

function corrections() {
  const changed = lists.map((list) => ({ path: list.path, rows: rowsOf(list) })).filter(({ rows }, at) => !same(rows, lists[at].were));
  return {
    format: data.format,
    document: data.document,
    fields: fields.filter((field) => isTouched(field) && isKept(field)).map((field) => ({
      path: field.path, old: field.value || null, new: field.now || null, region_ids: field.from, confirmed: field.confirmed,
    })),
    ...(changed.length && { lists: changed }),
  };
}

const asJson = () => JSON.stringify(corrections(), null, 2) + "\n";

function save() {
  const name = data.document.name.replace(/\.[^.]*$/, "").replace(/[^\p{L}\p{N}._-]+/gu, "_").replace(/^[._]+/, "");
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([asJson()], { type: "application/json" }));
  link.download = (name || "document") + ".corrections.json";
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  unsaved = false;
  say(`Saved ${link.download}`);
}

async function copy() {
  try {
    await navigator.clipboard.writeText(asJson());
    say("Copied the corrections as JSON");
  } catch {
    byId("json").value = asJson();
    byId("by-hand").showModal();
    byId("json").select();
  }
}

// Why the text cannot be used; empty when it can.
function refusal(read) {
  if (read === null || typeof read !== "object" || read.format !== data.format || !Array.isArray(read.fields)) {
    return "This file does not hold corrections of this kind";
  }
  const digest = read.document && read.document.sha256;
  if (digest && data.document.sha256 && digest !== data.document.sha256) return "These corrections belong to another document";
  return "";
}

async function load(file) {
  let read = null;
  try {
    read = JSON.parse(await file.text());
  } catch {
    // told below, as any other file that holds no corrections
  }
  const wrong = refusal(read);
  if (wrong) return say(wrong);
  if (Array.isArray(read.lists)) for (const given of read.lists) arrangeRows(given);
  let count = 0;
  for (const given of read.fields) {
    const field = fields.find((one) => given && one.path === given.path);
    if (!field) continue;
    const ids = Array.isArray(given.region_ids) ? given.region_ids.filter((id) => typeof id === "string") : field.regions;
    change(field, { now: typeof given.new === "string" ? given.new : "", from: ids, confirmed: given.confirmed === true });
    count += 1;
  }
  unsaved = false;
  say(`Opened ${count} of ${read.fields.length} ${read.fields.length === 1 ? "correction" : "corrections"}`);
}
