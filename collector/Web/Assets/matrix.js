"use strict";
// Arrow keys, Home and End go from cell to cell of a matrix. Without this Tab goes through all of them, as it still does.
const steps = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0], Home: [0, -Infinity], End: [0, Infinity] };

for (const table of document.querySelectorAll("table.matrix"))
  table.addEventListener("keydown", event => {
    const step = steps[event.key];
    const cell = event.target.closest("td, th");
    if (!step || !cell || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey)
      return;
    const next = found(table, cell, step);
    if (!next)
      return;
    event.preventDefault();
    next.focus();
  });

// The next cell on the way that has a link; cells without one are passed over.
function found(table, cell, [down, right]) {
  const far = !Number.isFinite(right);
  let row = cell.parentElement.rowIndex;
  let column = far ? (right < 0 ? -1 : cell.parentElement.cells.length) : cell.cellIndex;
  const way = far ? -Math.sign(right) : right;
  for (;;) {
    row += down;
    column += way;
    const next = table.rows[row]?.cells[column];
    if (!next)
      return null;
    const link = next.querySelector("a");
    if (link)
      return link;
  }
}
