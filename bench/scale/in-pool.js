const atATime = 50;

/**
 * Does something to all items, to a few at a time.
 *
 * @template Item
 * @param {readonly Item[]} items
 * @param {(item: Item) => Promise<unknown>} act
 */
export async function inPool(items, act) {
  const left = items.values();
  const actOnSome = async () => {
    for (const item of left) await act(item);
  };
  await Promise.all(Array.from({ length: atATime }, actOnSome));
}
