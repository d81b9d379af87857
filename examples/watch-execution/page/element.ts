/** The element of the page with this id. */
export function element(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`expected an element with the id ${id}`);
  return found;
}

/** Sets the text unless it is the same: what is written again is read aloud again. */
export function setText(target: Element, text: string): void {
  if (target.textContent !== text) target.textContent = text;
}
