// Rows of lists: added, removed, and named in the corrections by the numbers that they had at first.
const lists = data.lists.map((given, at) => {
  const body = document.querySelector(`.table[data-list="${at}"] tbody`);
  return { ...given, body, were: [...body.rows].map(numberOf) };
});

function numberOf(row) {
  return Number(row.dataset.row);
}

const rowOf = (field) => field.element.closest("tr");
const listOf = (row) => lists.find((list) => list.body === row.parentElement);
const isNew = (row) => row.classList.contains("new");
const fieldsIn = (row) => [...row.querySelectorAll(".field")].map((cell) => fieldOf.get(cell.id));
// A row in which nothing was written is not there.
const isBlank = (row) => isNew(row) && !fieldsIn(row).some((field) => field.now);
const isKept = (field) => !isOut(field.element) && !(rowOf(field) && isBlank(rowOf(field)));
const rowsOf = (list) => [...list.body.rows].filter((row) => !isOut(row) && !isBlank(row)).map(numberOf);

function make(tag, names, ...inside) {
  const element = document.createElement(tag);
  element.className = names;
  element.append(...inside);
  return element;
}

function newCell(id) {
  const sign = make("span", "sign", "+");
  sign.setAttribute("aria-hidden", "true");
  const value = make("span", "value none", "No value");
  value.dir = "auto";
  const pick = make("a", "pick", make("span", "state", sign, make("span", "unseen", "Added: ")), value, make("span", "grade", "added"));
  pick.href = "#" + id;
  pick.tabIndex = -1;
  const cell = make("td", "field cell added", pick, make("div", "more"));
  cell.id = id;
  return cell;
}

// Puts an empty row behind another one, or first.
function addRow(list, before, number = Math.max(-1, ...[...list.body.rows].map(numberOf), ...list.were) + 1) {
  const row = make("tr", "new"), head = make("th", "", "+");
  row.dataset.row = number;
  head.scope = "row";
  head.title = "New row";
  row.append(head);
  if (before) before.after(row);
  else list.body.prepend(row);
  for (const [key, name] of list.columns) {
    const path = `${list.path}/${number}${key}`, id = "f=" + path.split("/").map(encodeURIComponent).join("/");
    row.append(newCell(id));
    const given = { id, path, name: `${list.name} › New › ${name}`, value: "", state: "added", regions: [], places: [], boxes: [] };
    const field = fieldFrom(given);
    fields.push(field);
    fieldOf.set(id, field);
  }
  return row;
}

// To be called when rows have come, gone or moved: fields stand in the order of the page.
function afterRows() {
  fields.sort((one, other) => (one.element.compareDocumentPosition(other.element) & Node.DOCUMENT_POSITION_FOLLOWING ? -1 : 1));
  fields.forEach((field, at) => { field.at = at; });
  unsaved = true;
  count();
}

function startRow(list, before = [...list.body.rows].at(-1)) {
  keep();
  const row = addRow(list, before);
  afterRows();
  choose(fieldsIn(row)[0]);
  edit();
}

function addBelow() {
  const row = chosen && rowOf(chosen);
  if (row) startRow(listOf(row), row);
}

function toggleRow() {
  const row = chosen && rowOf(chosen);
  if (!row) return;
  keep();
  if (isNew(row)) {
    const near = row.nextElementSibling || row.previousElementSibling;
    dropRow(row);
    afterRows();
    const next = near ? fieldsIn(near)[0] : fields[0];
    if (next) choose(next);
    else byId("dock").hidden = true;
  } else {
    setOut(row, !isOut(row));
    afterRows();
    freshDock(chosen);
  }
}

function setOut(row, out) {
  row.classList.toggle("out", out);
  fieldsIn(row).forEach(redraw);
}

function dropRow(row) {
  for (const field of fieldsIn(row)) {
    fields.splice(fields.indexOf(field), 1);
    fieldOf.delete(field.id);
    if (field === chosen) chosen = null;
  }
  row.remove();
}

// Makes the rows of a list what opened corrections say.
function arrangeRows(given) {
  const list = lists.find((one) => given && one.path === given.path), rows = list && given.rows;
  if (!Array.isArray(rows) || new Set(rows).size < rows.length || !rows.every((row) => Number.isInteger(row) && row >= 0)) return;
  [...list.body.rows].filter(isNew).forEach(dropRow);
  const old = new Map([...list.body.rows].map((row) => [numberOf(row), row]));
  for (const [number, row] of old) setOut(row, !rows.includes(number));
  let last = null;
  for (const number of rows) {
    const row = old.get(number) || addRow(list, last, number);
    let next = last ? last.nextElementSibling : list.body.firstElementChild;
    while (next && isOut(next)) next = next.nextElementSibling;
    if (next !== row && last) last.after(row);
    else if (next !== row) list.body.prepend(row);
    last = row;
  }
  afterRows();
}
