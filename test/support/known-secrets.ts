/** What no error of the running test may show. `setup.ts` empties it after every test. */
export const knownSecrets: Uint8Array[] = [];
