// The address of a server, which the tests write here.
export const server = "";
