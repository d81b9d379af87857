// Loaded into the main job by its test: the caller's worker cannot start.
if (process.argv[1]?.endsWith("caller-worker.js")) process.exit(3);
