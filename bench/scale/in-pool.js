/**
 * @param {number} count
 * @param {number} atATime
 * @param {(index: number) => Promise<void>} act
 */
export async function inPool(count, atATime, act) {
  let next = 0;
  const worker = async () => {
    while (next < count) await act(next++);
  };
  await Promise.all(Array.from({ length: atATime }, worker));
}
