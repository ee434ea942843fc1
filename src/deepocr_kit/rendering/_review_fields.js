// The right side: the selected field, its value, and which fields are listed.
const list = byId("fields"), box = byId("value");
const NARROW = 800;
let chosen = null, filter = "all";

const filters = { all: () => true, check: isToCheck, changed: isTouched };
const listed = () => fields.filter((field) => !field.element.closest("[hidden]") && (filters[filter](field) || field === chosen));

function clearChosen() {
  if (!chosen) return;
  chosen.element.classList.remove("chosen");
  chosen.pick.removeAttribute("aria-current");
}

function choose(field, { focus = true, showBox = true, begin = false } = {}) {
  if (field !== chosen) {
    keep();
    clearChosen();
    leaveRegion();
    chosen = field;
    field.element.classList.add("chosen");
    field.pick.setAttribute("aria-current", "true");
    for (const one of list.querySelectorAll('.pick[tabindex="0"]')) one.tabIndex = -1;
    field.pick.tabIndex = 0;
    fillDock(field);
    mark(field.boxes, field.state, "held");
    if (!begin) history.replaceState(null, "", "#" + field.id);
  }
  if (field.element.closest("[hidden]")) applyFilter("all");
  if (!begin || innerWidth > NARROW) field.element.scrollIntoView({ block: "nearest", inline: "nearest" });
  if (focus) field.pick.focus({ preventScroll: true });
  if (showBox && field.boxes.length) reveal(field.boxes[0]);
}

function fillDock(field) {
  byId("dock").hidden = false;
  byId("dock-name").textContent = field.name;
  byId("dock-count").textContent = `${field.at + 1} of ${fields.length}`;
  byId("dock-more").replaceChildren(field.element.querySelector(":scope > .more").cloneNode(true));
  byId("dock-quote").replaceChildren(...[...field.element.querySelectorAll(".pick .quote")].map((quote) => quote.cloneNode(true)));
  box.value = field.now;
  freshDock(field);
}

function freshDock(field) {
  byId("was").hidden = byId("undo").hidden = !isChanged(field);
  byId("was").textContent = field.now === field.value ? `Now from ${field.from.join(", ")}` : `Was: ${field.value || "no value"}`;
  const row = rowOf(field), out = isOut(field.element);
  byId("row-add").hidden = byId("row-out").hidden = !row;
  byId("row-out").textContent = out ? "Put row back" : "Remove row";
  box.disabled = byId("confirm").disabled = out;
  byId("show").disabled = !field.boxes.length && !field.places.length;
  byId("confirm").setAttribute("aria-pressed", String(field.confirmed));
  byId("confirm").textContent = field.confirmed ? "✓ Confirmed" : "Confirm";
}

// Every change of a field goes through here, so that list, dock, marks and counts always agree.
function change(field, { now = field.now, from = field.from, confirmed = field.confirmed }) {
  const moved = !same(from, field.from);
  Object.assign(field, { now, from, confirmed });
  if (moved) Object.assign(field, same(from, field.regions) ? { places: field.given.places, boxes: field.given.boxes } : placesOf(from));
  unsaved = true;
  redraw(field);
  if (field === chosen) {
    box.value = now;
    if (moved) mark(field.boxes, field.state, "held");
    freshDock(field);
  }
  count();
}

function redraw(field) {
  field.shown.textContent = field.now || "No value";
  field.shown.classList.toggle("none", !field.now);
  field.element.classList.toggle("changed", isChanged(field));
  field.element.classList.toggle("done", isTouched(field));
  const decided = isOut(field.element) ? "out" : field.confirmed ? "confirmed" : "corrected";
  const [sign, word] = SIGNS[isTouched(field) ? decided : field.state];
  field.sign.firstElementChild.textContent = sign;
  field.sign.lastElementChild.textContent = word + ": ";
  field.grade.textContent = isTouched(field) ? word.toLowerCase() : field.graded;
}

const SIGNS = {
  proved: ["✓", "Proved"], doubtful: ["?", "Doubtful"], unsupported: ["!", "Unsupported"], missing: ["∅", "Missing"],
  added: ["+", "Added"], confirmed: ["✓", "Confirmed"], corrected: ["✎", "Corrected"], out: ["✕", "Removed"],
};

// Takes over what was typed.
function keep() {
  const typed = box.value.trim();
  if (chosen && typed !== chosen.now.trim()) change(chosen, { now: typed });
}

function edit() {
  if (!chosen || box.disabled) return;
  box.focus();
  box.select();
}

function undo() {
  if (chosen && isChanged(chosen)) change(chosen, { now: chosen.value, from: chosen.regions });
}

function confirmChosen() {
  if (!chosen || isOut(chosen.element)) return;
  keep();
  const field = chosen;
  const next = listed().find((one) => one.at > field.at);
  change(field, { confirmed: !field.confirmed });
  if (field.confirmed && next) choose(next);
  if (filter !== "all") applyFilter(filter);
}

function useRegion() {
  const entry = entryOf(region), text = entry.querySelector(".said").textContent.trim();
  change(chosen, { now: text, from: [entry.dataset.region] });
  say(`${chosen.name} is now “${text}”`);
  chosen.pick.focus();
}

function step(by) {
  const all = listed(), at = chosen ? all.indexOf(chosen) + by : by > 0 ? 0 : all.length - 1;
  if (all[at]) choose(all[at]);
}

function count() {
  const left = fields.filter(isToCheck).length, touched = fields.filter(isTouched).length;
  for (const button of document.querySelectorAll("[data-filter]")) {
    button.querySelector("b").textContent = fields.filter(filters[button.dataset.filter]).length;
  }
  byId("progress").textContent = left ? `${left} to check` : "Nothing left to check";
  byId("progress").classList.toggle("done", !left);
  for (const id of ["save", "copy"]) byId(id).disabled = !touched;
}

function applyFilter(name) {
  filter = name;
  for (const button of document.querySelectorAll("[data-filter]")) {
    button.setAttribute("aria-pressed", String(button.dataset.filter === name));
  }
  const wanted = new Set(fields.filter(filters[name]).map((field) => field.element));
  for (const card of list.querySelectorAll(".card")) card.hidden = !wanted.has(card);
  for (const row of list.querySelectorAll(".table tbody tr")) {
    row.hidden = ![...row.querySelectorAll(".field")].some((cell) => wanted.has(cell));
  }
  for (const part of list.querySelectorAll(".part")) part.hidden = ![...part.querySelectorAll(".field")].some((field) => wanted.has(field));
  byId("nothing").hidden = wanted.size > 0 || !fields.length;
  byId("nothing").textContent = name === "check" ? "Nothing left to check. Every value is proved, corrected or confirmed." : "Nothing was changed or confirmed yet.";
}

// From the field to its place on the scan.
function toBox() {
  if (!chosen) return;
  const place = chosen.places.map(byId).find(Boolean);
  // in a narrow window the panel of the region would lie over that of the field
  if (place) chooseRegion(place, { inspect: innerWidth > NARROW });
  else if (chosen.boxes.length) goToPage(pages.findIndex((page) => Number(page.dataset.index) === chosen.boxes[0][0]), { focus: true });
  if (chosen.boxes.length) reveal(chosen.boxes[0]);
}

function toField() {
  leaveRegion();
  if (chosen) choose(chosen, { showBox: false });
  else fields[0]?.pick.focus();
}

list.addEventListener("pointerover", (event) => {
  const field = fieldOf.get(event.target.closest(".field")?.id);
  if (field && field !== chosen) mark(field.boxes, field.state, "hint");
  else clearMarks("hint");
});
list.addEventListener("pointerleave", () => clearMarks("hint"));
list.addEventListener("focusin", (event) => {
  const field = fieldOf.get(event.target.closest(".pick")?.parentElement.id);
  if (field && field !== chosen) choose(field, { focus: false });
});
viewer.addEventListener("pointerover", (event) => {
  const id = event.target.closest(".r")?.id;
  for (const field of fields) field.element.classList.toggle("lit", id !== undefined && field.places.includes(id));
});
box.addEventListener("change", keep);
