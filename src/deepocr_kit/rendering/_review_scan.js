// The left side: zoom, pan, pages, boxes and the inspector of a region.
const viewer = byId("viewer");
const pages = [...viewer.querySelectorAll(".page")];
const calm = matchMedia("(prefers-reduced-motion: reduce)");
const SVG = "http://www.w3.org/2000/svg";
const ZOOM_STEP = 1.25, ZOOM_MIN = 0.2, ZOOM_MAX = 8, PAN_STARTS = 4, ROOM = 60;
let zoom = 1, pageNow = 0, region = null;

const sheetOf = (index) => viewer.querySelector(`.page[data-index="${index}"] .sheet`);
const clamp = (value, low, high) => Math.min(Math.max(value, low), high);

function middle() {
  const box = viewer.getBoundingClientRect();
  return { x: box.left + viewer.clientWidth / 2, y: box.top + viewer.clientHeight / 2 };
}

// Changes the size of the sheets and keeps what is under the point where it is.
function resize(apply, point = middle()) {
  const sheets = pages.map((page) => page.querySelector(".sheet")).filter(Boolean);
  const near = sheets.find((sheet) => sheet.getBoundingClientRect().bottom >= point.y) || sheets.at(-1);
  if (!near) return;
  const before = near.getBoundingClientRect();
  const x = (point.x - before.left) / before.width, y = (point.y - before.top) / before.height;
  apply(before);
  const after = near.getBoundingClientRect();
  viewer.scrollBy({ left: after.left + x * after.width - point.x, top: after.top + y * after.height - point.y, behavior: "instant" });
  viewer.style.setProperty("--zoom", zoom);
  byId("zoom").textContent = `${Math.round(100 * shownZoom())} %`;
  byId("fit-width").setAttribute("aria-pressed", String(zoom === 1 && !fitsPage()));
  byId("fit-page").setAttribute("aria-pressed", String(fitsPage()));
}

const fitsPage = () => viewer.classList.contains("fit-page");

function shownZoom() {
  const sheet = pages[pageNow] && pages[pageNow].querySelector(".sheet");
  return sheet ? sheet.getBoundingClientRect().width / pages[pageNow].clientWidth : zoom;
}

function zoomTo(value, point) {
  resize(() => {
    zoom = clamp(value, ZOOM_MIN, ZOOM_MAX);
    viewer.classList.remove("fit-page");
    viewer.style.setProperty("--zoom", zoom);
  }, point);
}

const zoomBy = (factor, point) => zoomTo(shownZoom() * factor, point);
const fitWidth = () => zoomTo(1);
const fitPage = () => {
  resize(() => { viewer.classList.add("fit-page"); });
  goToPage(pageNow);
};

function goToPage(at, { focus = false } = {}) {
  const page = pages[clamp(at, 0, pages.length - 1)];
  if (!page) return;
  viewer.scrollTo({ top: page.offsetTop, behavior: "instant" });
  if (focus) page.focus({ preventScroll: true });
}

function notePage(at) {
  pageNow = at;
  if (document.activeElement !== byId("page-now")) byId("page-now").value = at + 1;
  byId("page-back").disabled = at <= 0;
  byId("page-on").disabled = at >= pages.length - 1;
}

// Brings a box (page, then left, top, right, bottom as shares of it) into sight.
function reveal([index, x0, y0, x1, y1]) {
  const sheet = sheetOf(index);
  if (!sheet) return goToPage(pages.findIndex((page) => Number(page.dataset.index) === index));
  const frame = viewer.getBoundingClientRect(), place = sheet.getBoundingClientRect();
  const left = place.left - frame.left + x0 * place.width, right = place.left - frame.left + x1 * place.width;
  const top = place.top - frame.top + y0 * place.height, bottom = place.top - frame.top + y1 * place.height;
  const by = (low, high, room) => (low >= ROOM && high <= room - ROOM ? 0 : Math.min((low + high - room) / 2, low - 8));
  const down = by(top, bottom, viewer.clientHeight), along = left >= 0 && right <= viewer.clientWidth ? 0 : by(left, right, viewer.clientWidth);
  if (!down && !along) return;
  const near = Math.abs(down) < 3 * viewer.clientHeight && !calm.matches;
  viewer.scrollBy({ top: down, left: along, behavior: near ? "smooth" : "instant" });
}

function clearMarks(kind) {
  for (const group of viewer.querySelectorAll(`.marks.${kind}`)) group.remove();
}

// Lights boxes up: kind "held" for the selected field, "hint" under the pointer.
function mark(boxes, state, kind) {
  clearMarks(kind);
  for (const [index, x0, y0, x1, y1] of boxes) {
    const svg = sheetOf(index)?.querySelector("svg");
    if (!svg) continue;
    const { width, height } = svg.viewBox.baseVal;
    const group = svg.insertBefore(document.createElementNS(SVG, "g"), svg.querySelector(".flags"));
    group.setAttribute("class", `marks ${kind}`);
    for (const name of ["halo", `mark ${state} ${kind} fresh`]) {
      const rect = group.appendChild(document.createElementNS(SVG, "rect"));
      rect.setAttribute("class", name);
      rect.setAttribute("x", x0 * width);
      rect.setAttribute("y", y0 * height);
      rect.setAttribute("width", (x1 - x0) * width);
      rect.setAttribute("height", (y1 - y0) * height);
    }
  }
}

// The list entry of a region: the one place that holds its words.
function entryOf(element) {
  const link = element.closest(".page").querySelector(`.words a[href="#${CSS.escape(element.id)}"]`);
  return link.closest("li");
}

function boxesOf(element) {
  const { width, height } = element.ownerSVGElement.viewBox.baseVal, index = Number(element.closest(".page").dataset.index);
  return [...element.querySelectorAll("rect")].map((rect) => {
    const [x, y, w, h] = ["x", "y", "width", "height"].map((name) => Number(rect.getAttribute(name)));
    return [index, x / width, y / height, (x + w) / width, (y + h) / height];
  });
}

// Where regions are, for a field whose value comes from others now than at first.
function placesOf(ids) {
  const links = ids.map((id) => viewer.querySelector(`.words li[data-region="${CSS.escape(id)}"] a`)).filter(Boolean);
  const elements = links.map((link) => byId(link.getAttribute("href").slice(1)));
  return { places: elements.map((one) => one.id), boxes: elements.filter((one) => one.matches(".r")).flatMap(boxesOf) };
}

function leaveRegion() {
  if (!region) return;
  region.classList.remove("chosen");
  byId("inspector").hidden = true;
  region = null;
}

function makeStop(element) {
  const entry = entryOf(element);
  viewer.querySelector('.r[tabindex="0"]')?.removeAttribute("tabindex");
  element.setAttribute("tabindex", "0");
  element.setAttribute("role", "button");
  element.setAttribute("aria-label", `Region ${entry.dataset.region}: ${entry.querySelector(".said").textContent}`);
}

function chooseRegion(element, { focus = true, inspect = true } = {}) {
  leaveRegion();
  region = element;
  element.classList.add("chosen");
  if (element.matches(".r")) {
    makeStop(element);
    if (focus) element.focus({ preventScroll: true });
    reveal(boxesOf(element)[0]);
  } else {
    element.closest("details").open = true;
    element.scrollIntoView({ block: "nearest" });
    if (focus) element.querySelector("a").focus();
  }
  if (inspect) inspectRegion(element);
}

function inspectRegion(element) {
  const entry = entryOf(element), page = element.closest(".page"), name = entry.dataset.region;
  byId("region-name").textContent = name;
  byId("region-kind").textContent = entry.querySelector(".kind").textContent;
  byId("region-sure").textContent = entry.dataset.confidence ? `confidence ${entry.dataset.confidence}` : "";
  byId("region-text").textContent = entry.querySelector(".said").textContent || "No text.";
  const about = [...page.querySelectorAll(":scope > .issues > li")].filter((item) => item.querySelector(`a[href="#${CSS.escape(element.id)}"]`));
  byId("region-issues").replaceChildren(...about.map((item) => item.cloneNode(true)));
  const cited = fields.filter((field) => field.places.includes(element.id));
  byId("region-fields").replaceChildren(...(cited.length ? ["Proves ", ...cited.flatMap((field, at) => [at ? ", " : "", linkTo(field)])] : []));
  byId("region-use").hidden = !chosen || isOut(chosen.element);
  byId("region-use").textContent = chosen ? `Use as ${chosen.name}` : "";
  byId("inspector").hidden = false;
}

function linkTo(field) {
  const link = document.createElement("a");
  link.href = "#" + field.id;
  link.textContent = field.name;
  return link;
}

// From box to box in the order of reading; regions without a box are in the list only.
function nextRegion(step) {
  const page = region.closest(".page"), entries = [...page.querySelectorAll(".words li")];
  for (let at = entries.indexOf(entryOf(region)) + step; at >= 0 && at < entries.length; at += step) {
    const element = byId(entries[at].querySelector("a").getAttribute("href").slice(1));
    if (element?.matches(".r")) return chooseRegion(element);
  }
}

let pan = null;
viewer.addEventListener("pointerdown", (event) => {
  if (event.button !== 0 || event.pointerType === "touch" || !event.target.closest(".sheet")) return;
  pan = { x: event.clientX, y: event.clientY, left: viewer.scrollLeft, top: viewer.scrollTop, moved: false };
});
addEventListener("pointermove", (event) => {
  if (!pan) return;
  const x = event.clientX - pan.x, y = event.clientY - pan.y;
  pan.moved ||= Math.hypot(x, y) > PAN_STARTS;
  viewer.classList.toggle("panning", pan.moved);
  if (pan.moved) viewer.scrollTo({ left: pan.left - x, top: pan.top - y, behavior: "instant" });
});
addEventListener("pointerup", () => {
  viewer.classList.remove("panning");
  // the click that ends a pan comes after this, and chooses nothing
  if (pan) setTimeout(() => { pan = null; });
});
viewer.addEventListener("wheel", (event) => {
  if (!event.ctrlKey && !event.metaKey) return;
  event.preventDefault();
  zoomBy(Math.exp(-clamp(event.deltaY, -100, 100) / 300), { x: event.clientX, y: event.clientY });
}, { passive: false });

const watcher = new IntersectionObserver((seen) => {
  for (const entry of seen) if (entry.isIntersecting) notePage(pages.indexOf(entry.target));
}, { root: viewer, rootMargin: "-30% 0px -69% 0px" });
pages.forEach((page) => watcher.observe(page));
