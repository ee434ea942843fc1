// Links, keys and buttons; and where to begin.
function follow(fragment, { focus = true } = {}) {
  const element = byId(fragment) || byId(decoded(fragment));
  if (!element) return false;
  const field = fieldOf.get(element.id);
  if (field) choose(field, { focus });
  else if (element.id.startsWith("r=")) {
    chooseRegion(element, { focus });
    history.replaceState(null, "", "#" + element.id);
  } else if (element.matches(".page")) goToPage(pages.indexOf(element), { focus });
  else element.focus();
  return true;
}

function decoded(fragment) {
  try {
    return decodeURIComponent(fragment);
  } catch {
    return fragment;
  }
}

document.addEventListener("click", (event) => {
  const link = event.target.closest?.('a[href^="#"]');
  if (link && follow(link.getAttribute("href").slice(1))) event.preventDefault();
});
viewer.addEventListener("click", (event) => {
  const element = event.target.closest(".r");
  if (!element || pan?.moved) return;
  const cited = fields.filter((field) => field.places.includes(element.id));
  if (cited.length && !cited.includes(chosen)) choose(cited[0], { focus: false, showBox: false });
  chooseRegion(element);
});
addEventListener("hashchange", () => follow(location.hash.slice(1)));
addEventListener("beforeunload", (event) => { if (unsaved) event.preventDefault(); });

const plainKeys = {
  j: () => step(1), k: () => step(-1), c: confirmChosen, u: undo, b: () => toggleBoxes(), "?": () => byId("keys").showModal(),
  e: edit, n: addBelow, x: toggleRow,
  "+": () => zoomBy(ZOOM_STEP), "=": () => zoomBy(ZOOM_STEP), "-": () => zoomBy(1 / ZOOM_STEP), 0: fitWidth, 9: fitPage,
  "[": () => goToPage(pageNow - 1), "]": () => goToPage(pageNow + 1),
};
const listKeys = { ArrowDown: () => step(1), ArrowUp: () => step(-1), Enter: toBox };
const regionKeys = {
  ArrowDown: () => nextRegion(1), ArrowRight: () => nextRegion(1), ArrowUp: () => nextRegion(-1), ArrowLeft: () => nextRegion(-1),
  Enter: toField, " ": toField,
};
const valueKeys = {
  Enter: () => { keep(); choose(chosen); },
  Escape: () => { box.value = chosen.now; choose(chosen, { showBox: false }); },
};

function keysFor(target, key) {
  if (target === box) return valueKeys;
  if (target.matches("input, textarea")) return {};
  if (key === "Escape") return { Escape: toField };
  if (target.matches(".r") && key in regionKeys) {
    if (region !== target) chooseRegion(target, { focus: false });
    return regionKeys;
  }
  if (target.matches(".pick") && key in listKeys) return listKeys;
  return byId("single-keys").checked ? plainKeys : {};
}

document.addEventListener("keydown", (event) => {
  if (event.altKey || document.querySelector("dialog[open]")) return;
  if (event.ctrlKey || event.metaKey) {
    if (event.key === "s" && !byId("save").disabled) { event.preventDefault(); keep(); save(); }
    return;
  }
  if (event.key === "Enter" && event.shiftKey) return;
  const act = keysFor(event.target, event.key)[event.key];
  if (!act) return;
  event.preventDefault();
  act();
});

function toggleBoxes() {
  byId("all-boxes").setAttribute("aria-pressed", String(viewer.classList.toggle("all-boxes")));
}

const buttons = {
  "page-back": () => goToPage(pageNow - 1), "page-on": () => goToPage(pageNow + 1),
  "zoom-in": () => zoomBy(ZOOM_STEP), "zoom-out": () => zoomBy(1 / ZOOM_STEP), "fit-width": fitWidth, "fit-page": fitPage,
  "all-boxes": toggleBoxes, "region-close": toField, "region-use": useRegion,
  "field-back": () => step(-1), "field-on": () => step(1), confirm: confirmChosen, undo, show: toBox,
  "row-add": addBelow, "row-out": toggleRow,
  save: () => { keep(); save(); }, copy: () => { keep(); copy(); }, open: () => byId("file").click(),
  help: () => byId("keys").showModal(), "keys-close": () => byId("keys").close(), "by-hand-close": () => byId("by-hand").close(),
};
for (const [id, act] of Object.entries(buttons)) byId(id).addEventListener("click", act);
for (const button of document.querySelectorAll(".add")) {
  button.addEventListener("click", () => startRow(lists[button.dataset.list]));
}
for (const button of document.querySelectorAll("[data-filter]")) button.addEventListener("click", () => applyFilter(button.dataset.filter));
byId("page-now").addEventListener("change", (event) => goToPage(Number(event.target.value) - 1));
byId("file").addEventListener("change", async (event) => {
  if (event.target.files[0]) await load(event.target.files[0]);
  event.target.value = "";
});

document.documentElement.classList.add("live");
byId("why").open = innerWidth > NARROW;
for (const field of fields) field.pick.tabIndex = -1;
if (fields[0]) fields[0].pick.tabIndex = 0;
const firstBox = viewer.querySelector(".r");
if (firstBox) makeStop(firstBox);
for (const part of document.querySelectorAll(".progress, .right .tools")) part.hidden = !fields.length;
count();
notePage(0);
if (!follow(location.hash.slice(1), { focus: false }) && fields.length) {
  // nobody asked for this field: the address stays, and a narrow window, where all scrolls as one, begins at its top
  choose(fields.find(isToCheck) || fields[0], { focus: false, begin: true });
}
