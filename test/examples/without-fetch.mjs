// Loaded into the main job by its test: the system that workflows call is out of reach.
globalThis.fetch = async () => {
  throw new TypeError("fetch failed");
};
