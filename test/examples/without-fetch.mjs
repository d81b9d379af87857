// Loaded into the main job by its test: the system that workflows call is out of reach, and the error
// quotes what was sent, as some of fetch's own do.
globalThis.fetch = async (_, init) => {
  throw new TypeError(`fetch failed: ${JSON.stringify(init)}`);
};
